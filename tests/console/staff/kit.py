"""A console in a test: the real one, with somebody logged in, over the test's database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.console import console
from console.staff.desk import PREFIX
from console.staff.inbox.counter import Asks, Heard
from console.static_files import StaticFiles
from notifications.settings import DeliverySettings, ScheduleSettings
from notifications.terms import Terms
from storage import people, staff, staff_sessions
from storage.clock import Clock
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.sealing import Sealer
from storage.staff_sessions import Stage
from tests.conftest import NOW

COUNTY, TOWN, VILLAGE = "990101000000", "990101101000", "990101101200"
PASSWORD = "竹子开花是哪一年的事"

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    text: str
    location: str
    headers: Any


class Browser:
    """A browser with its cookies. A form gets the token that any page of the session shows."""

    def __init__(self, client: TestClient[Any, Any], person_id: str = "") -> None:
        self._client = client
        self.person_id = person_id

    async def get(self, path: str, **more: Any) -> Page:
        async with self._client.get(path, allow_redirects=False, **more) as response:
            return await _page(response)

    async def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        **more: Any,
    ) -> Page:
        if token is None:
            found = _TOKEN.search((await self.get(f"{PREFIX}/account")).text)
            token = found.group(1) if found else ""
        sent = {**(data or {}), "csrf": token}
        async with self._client.post(path, data=sent, allow_redirects=False, **more) as response:
            return await _page(response)

    async def send(self, path: str, form: Any) -> Page:
        """Sends a form that holds files; its token is the caller's."""
        async with self._client.post(path, data=form, allow_redirects=False) as response:
            return await _page(response)

    async def follow(self, page: Page) -> Page:
        """The page that a form led on to."""
        assert page.status == 303, page.text
        return await self.get(page.location)

    async def close(self) -> None:
        await self._client.close()


async def _page(response: ClientResponse) -> Page:
    text = await response.text(errors="replace")
    return Page(response.status, text, response.headers.get("Location", ""), response.headers)


class Console:
    """The application on a loopback port, and those who are logged in to it."""

    def __init__(
        self, db: Database, sealer: Sealer, clock: Clock, asks: Asks | None = None
    ) -> None:
        self.db = db
        self._sealer = sealer
        self._browsers: list[Browser] = []
        self.gate, self.pages = console(
            db,
            sealer,
            clock,
            terms(),
            is_https=False,
            address_of=lambda r: r.remote or "",
            asks=asks or _nothing_known,
        )
        app = web.Application()
        StaticFiles().add_to(app)
        app.add_subapp(PREFIX, self.pages)
        self._server = TestServer(app)

    async def start(self) -> None:
        await self._server.start_server()

    async def stop(self) -> None:
        for browser in self._browsers:
            await browser.close()
        await self._server.close()

    def url(self, path: str) -> str:
        return str(self._server.make_url(path))

    def stranger(self) -> Browser:
        """Somebody who is not logged in."""
        browser = Browser(TestClient(self._server))
        self._browsers.append(browser)
        return browser

    async def log_in(
        self, role: str, region: str = COUNTY, *, name: str = "", title: str = ""
    ) -> Browser:
        """Somebody new who holds this post, logged in."""
        person = await officer(self.db, self._sealer, role, region, name=name, title=title)
        return await self.enter(person)

    async def enter(self, person_id: str) -> Browser:
        """Logs in somebody who is there, with an account that is made for them."""
        login = f"u{person_id[:12]}"
        account = await staff.by_login(self.db, login)
        identity = (
            account.id
            if account
            else await staff.add(
                self.db, person_id=person_id, login=login, made_by="operator", now=NOW
            )
        )
        token = await staff_sessions.begin(self.db, identity, Stage.IN, datetime.now(UTC))
        client = TestClient[Any, Any](self._server, cookies={self.gate.cookie: token})
        browser = Browser(client, person_id)
        self._browsers.append(browser)
        return browser


async def _nothing_known(village: str, text: str) -> Heard:
    """At the counter of a county that has published nothing."""
    return Heard("没有公开记录。", answered=False)


async def officer(
    db: Database,
    sealer: Sealer,
    role: str | Iterable[str],
    region: str,
    *,
    name: str = "",
    title: str = "",
    phone: str = "",
) -> str:
    """A person who holds posts of these roles in a region; the id."""
    identity = new_id()
    roles = [role] if isinstance(role, str) else list(role)
    await db.run(
        "INSERT INTO people (id, name, known, texts_answered, created_at) VALUES (?, ?, ?, ?, ?)",
        identity, name or f"{roles[0]}{identity[:4]}", True, False, to_ms(NOW),
    )  # fmt: skip
    for one in roles:
        await db.run(
            "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, ?, ?, ?)",
            new_id(), identity, one, region, title,
        )  # fmt: skip
    if phone:
        await people.add_address(db, sealer, identity, "sms", phone, NOW)
    return identity


def terms() -> Terms:
    return Terms(
        wechat=True,
        sms_gateway="aliyun",
        sign_name="明禾公开",
        price_fen=5,
        delivery=DeliverySettings(),
        schedule=ScheduleSettings(),
    )
