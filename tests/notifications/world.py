"""A county with people in it, the pretend platforms on loopback, and a worker that sends."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer

from notifications.campaigns import Order, create
from notifications.carriers import Carrier, open_carriers
from notifications.catalogue import CATALOGUE
from notifications.service import Notifications
from notifications.settings import (
    DeliverySettings,
    HttpGatewaySettings,
    ScheduleSettings,
    SmsGateway,
    SmsSettings,
    TimeWindow,
    WeChatMode,
    WeChatSettings,
)
from notifications.templates import bind, ensure_templates
from notifications.terms import Terms
from simulator import Keys as SimulatorKeys
from simulator import Timing, create_app
from storage import installation, people, regions
from storage.clock import HeldClock
from storage.database import Database, Row
from storage.follows import Follow, follow
from storage.ids import new_id
from storage.installation import Purpose
from storage.moments import to_ms
from storage.regions import VillageFacts
from storage.sealing import Sealer
from tests.conftest import NOW

VILLAGE, OTHER_VILLAGE = "990101102200", "990101102201"
TOWN, COUNTY = "990101102000", "990101000000"
AWAKE = TimeWindow.parse("00:00-00:00")
KEYS = SimulatorKeys()


class RealTime:
    """Real time that a test can move ahead, so that nobody has to wait ten minutes."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def usual_terms(**changes: Any) -> Terms:
    """WeChat and Aliyun, no rest, quick leases and polls."""
    terms = Terms(
        wechat=True,
        sms_gateway="aliyun",
        sign_name=KEYS.sms.sign_name,
        price_fen=5,
        public_url="http://127.0.0.1:8080",
        wechat_per_second=1000,
        sms_per_second=1000,
        delivery=DeliverySettings(lease_seconds=4, unknown_rest_seconds=600, poll_seconds=0.05),
        schedule=ScheduleSettings(quiet_hours=AWAKE, noon_rest=AWAKE),
    )
    return replace(terms, **changes)


@dataclass
class County:
    """The database's people, by what they are needed for."""

    db: Database
    sealer: Sealer
    clock: HeldClock
    made: int = 0

    async def build(self) -> None:
        await installation.create(self.db, Purpose.LIVE, "1111-2222-3333-4444")
        await ensure_templates(self.db, NOW)
        await regions.save_villages(
            self.db,
            [self.village(VILLAGE, "听竹村"), self.village(OTHER_VILLAGE, "鹭洲村")],
        )

    @staticmethod
    def village(code: str, name: str, **more: Any) -> VillageFacts:
        facts = VillageFacts(
            code=code,
            name=name,
            kind="村",
            county_code=COUNTY,
            county="明禾县",
            town_code=TOWN,
            town="竹影镇",
            rhythm="每月",
            disclosure_day=8,
        )
        return replace(facts, **more)

    async def person(
        self,
        *,
        openid: str = "",
        phone: str = "",
        role: str = "",
        region: str = VILLAGE,
        title: str = "",
        follows: tuple[str, ...] = (),
        village: str | None = None,
        starts_on: str | None = None,
        ends_on: str | None = None,
    ) -> str:
        """A person's id. With a role or a title they hold a post in the region."""
        self.made += 1
        identity = new_id()
        await self.db.run(
            "INSERT INTO people (id, name, village, known, texts_answered, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            identity, f"许{self.made}", village, True, False, to_ms(NOW),
        )  # fmt: skip
        if openid:
            await people.add_address(self.db, self.sealer, identity, "wechat", openid, NOW)
        if phone:
            await people.add_address(self.db, self.sealer, identity, "sms", phone, NOW)
        if role or title:
            await self.db.run(
                "INSERT INTO posts (id, person_id, role, region, title, starts_on, ends_on)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                new_id(), identity, role or "干部", region, title, starts_on, ends_on,
            )  # fmt: skip
        for topic in follows:
            await follow(self.db, identity, Follow(topic=topic), NOW)
        return identity

    async def cadres(self, *, wechat: int = 0, sms: int = 0, both: int = 0) -> list[str]:
        """That many with 干部, by the channels that reach them."""
        return [
            await self.person(
                openid=openid(self.made) if n < wechat + both else "",
                phone=phone(self.made) if n >= wechat else "",
                role="干部",
            )
            for n in range(wechat + both + sms)
        ]

    async def deliveries(self, campaign_id: str | None = None) -> list[Row]:
        rows = await self.db.rows("SELECT * FROM deliveries ORDER BY id")
        return [row for row in rows if campaign_id in (None, row["campaign_id"])]

    async def states(self, campaign_id: str | None = None) -> Counter[tuple[str, str]]:
        """How many deliveries are in which state, by channel."""
        rows = await self.deliveries(campaign_id)
        return Counter((row["channel"], row["state"]) for row in rows)

    async def attempts(self) -> list[Row]:
        return await self.db.rows("SELECT * FROM attempts ORDER BY started_at, id")


def openid(number: int) -> str:
    return f"oTestCadre{number:018d}"


def phone(number: int) -> str:
    return f"1661{number:07d}"


@dataclass
class World:
    """A county, the platforms, and a worker; `notice` sends to everybody with 干部."""

    county: County
    base: str
    http: ClientSession
    carriers: Mapping[str, Carrier]
    terms: Terms
    real: RealTime = field(default_factory=RealTime)

    @property
    def db(self) -> Database:
        return self.county.db

    async def sim(self, action: str, **given: object) -> Any:
        async with self.http.post(f"{self.base}/sim/{action}", json=given) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def counts(self, channel: str = "") -> dict[str, int]:
        """How many messages reached whom, as the platforms count them."""
        async with self.http.get(f"{self.base}/sim/counts") as response:
            counted: Counter[str] = Counter()
            for row in await response.json():
                if not channel or row["channel"] == channel:
                    counted[row["who"]] += row["shown"]
            return dict(counted)

    async def screen(self, who: str) -> list[str]:
        async with self.http.get(f"{self.base}/sim/screen", params={"who": who}) as response:
            return [item["text"] for item in await response.json()]

    async def bind(self, *codes: str) -> None:
        """Has templates approved by both platforms, and binds them."""
        for code in codes:
            names = [parameter.name for parameter in CATALOGUE[code].parameters]
            things = {f"thing{n}": name for n, name in enumerate(names, 1)}
            if things:
                await self.sim(
                    "templates",
                    gateway="wechat",
                    id=f"wx-{code}",
                    fields=dict.fromkeys(things, "thing"),
                )
            text = CATALOGUE[code].sms
            kinds = {p.name: p.kind.value for p in CATALOGUE[code].parameters}
            await self.sim("templates", gateway="aliyun", id=f"SMS_{code}", fields=kinds, text=text)
            if CATALOGUE[code].wechat and things:
                await self._bind(code, "wechat", f"wx-{code}", things)
            await self._bind(code, "aliyun", f"SMS_{code}", {})

    async def _bind(self, code: str, gateway: str, identity: str, fields: dict[str, str]) -> None:
        await bind(self.db, code, gateway=gateway, external_id=identity, fields=fields, now=NOW)

    async def notice(self, text: str = "明天上午九点开会", **changes: Any) -> str:
        order = Order(
            template="notice", audience="role=干部", params={"title": "通知", "text": text}
        )
        return await create(
            self.db,
            self.terms,
            replace(order, **changes),
            now=self.county.clock.now(),
            actor="operator",
        )

    def notifications(self, **more: Any) -> Notifications:
        return Notifications(
            self.db,
            self.county.sealer,
            self.county.clock,
            self.carriers,
            self.terms,
            jobs=more.pop("jobs", ()),
            real=self.real,
            **more,
        )

    @asynccontextmanager
    async def working(self, **more: Any) -> AsyncIterator[Notifications]:
        service = self.notifications(**more)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    async def until(self, holds: Callable[[], Awaitable[object]], *, seconds: float = 10) -> None:
        """Waits until something holds; fails with what there is when it does not."""
        stop = time.monotonic() + seconds
        while not await holds():
            if time.monotonic() > stop:
                states = await self.county.states()
                raise AssertionError(f"not within {seconds} s: {states}")
            await asyncio.sleep(0.02)

    async def until_states(self, **wanted: int) -> None:
        """Waits for that many deliveries in each state, whatever the channel."""

        async def reached() -> bool:
            found = Counter(row["state"] for row in await self.county.deliveries())
            return all(found[state] == number for state, number in wanted.items())

        await self.until(reached)


@asynccontextmanager
async def open_world(county: County, terms: Terms | None = None) -> AsyncIterator[World]:
    """Starts the platforms, and what speaks to them."""
    terms = terms or usual_terms()
    app = create_app(KEYS, timing=Timing(say_settles=0.02, say_patience=0.5))
    async with (
        TestServer(app) as platform,
        ClientSession(connector=TCPConnector(limit=0)) as http,
    ):
        base = str(platform.make_url("")).rstrip("/")
        wechat = WeChatSettings(
            app_id=KEYS.wechat.app_id,
            app_secret=KEYS.wechat.app_secret,
            api_base=base,
            mode=WeChatMode.SAFE if terms.wechat else WeChatMode.OFF,
        )
        sms = SmsSettings(
            gateway=SmsGateway(terms.sms_gateway or "none"),
            access_key_id=KEYS.sms.access_key_id,
            access_key_secret=KEYS.sms.access_key_secret,
            sign_name=KEYS.sms.sign_name,
            endpoint=base,
            http=HttpGatewaySettings(
                url=f"{base}/gov/send",
                body='{"phone": "{phone}", "text": "{text}", "id": "{id}"}',
                ok_path="code",
                ok_value="0",
                id_path="data.id",
            ),
        )
        carriers = open_carriers(http, wechat, sms, timeout_seconds=1)
        yield World(county, base, http, carriers, terms)
