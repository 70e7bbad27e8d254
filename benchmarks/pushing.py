"""A push that is killed: people, the pretend platforms, and worker processes that come and go.

Used by `crash_push.py` and by the test of the same promise. Everything runs on loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from notifications.campaigns import Order, create, fan_out_more
from notifications.catalogue import CATALOGUE
from notifications.settings import (
    DeliverySettings,
    ScheduleSettings,
    SmsGateway,
    SmsSettings,
    TimeWindow,
    WeChatSettings,
)
from notifications.templates import bind, ensure_templates
from notifications.terms import Terms
from storage import installation, schema
from storage.database import Database
from storage.ids import new_id
from storage.installation import Purpose
from storage.keys import Keys
from storage.moments import to_ms
from storage.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
APP_ID, APP_SECRET = "wx5e1f00d0c0ffee11", "5e1f00d0c0ffee115e1f00d0c0ffee11"
KEY_ID, KEY_SECRET, SIGN = "simulatorKeyId", "simulatorKeySecret", "明禾公开"
AWAKE = TimeWindow.parse("00:00-00:00")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a worker process is told."""

    database: str
    keys: str
    platforms: str
    lease_seconds: float = 3.0
    rest_seconds: float = 2.0
    per_second: float = 400.0

    def wechat(self) -> WeChatSettings:
        return WeChatSettings(app_id=APP_ID, app_secret=APP_SECRET, api_base=self.platforms)

    def sms(self) -> SmsSettings:
        return SmsSettings(
            gateway=SmsGateway.ALIYUN,
            access_key_id=KEY_ID,
            access_key_secret=KEY_SECRET,
            endpoint=self.platforms,
            sign_name=SIGN,
        )

    def terms(self) -> Terms:
        return Terms(
            wechat=True,
            sms_gateway="aliyun",
            sign_name=SIGN,
            price_fen=5,
            wechat_per_second=self.per_second,
            sms_per_second=self.per_second,
            delivery=DeliverySettings(
                lease_seconds=self.lease_seconds,
                unknown_rest_seconds=self.rest_seconds,
                poll_seconds=0.2,
            ),
            schedule=ScheduleSettings(quiet_hours=AWAKE, noon_rest=AWAKE),
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """What a push came to, as the platforms count it."""

    reached: int
    missed: int
    twice: int


class Platforms:
    """The simulator, a process of its own."""

    def __init__(self, base: str, http: ClientSession) -> None:
        self.base = base
        self._http = http

    async def sim(self, action: str, **given: object) -> Any:
        async with self._http.post(f"{self.base}/sim/{action}", json=given) as response:
            return await response.json()

    async def counts(self) -> Counter[str]:
        """How many messages were shown to whom."""
        shown: Counter[str] = Counter()
        async with self._http.get(f"{self.base}/sim/counts") as response:
            for row in await response.json():
                shown[row["who"]] += row["shown"]
        return shown


@asynccontextmanager
async def platforms(http: ClientSession) -> AsyncIterator[Platforms]:
    """Starts the simulator, and ends it."""
    given = json.dumps(
        {
            "wechat": {"app_id": APP_ID, "app_secret": APP_SECRET},
            "sms": {"access_key_id": KEY_ID, "access_key_secret": KEY_SECRET, "sign_name": SIGN},
        }
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write(given.encode())
    process.stdin.close()
    line = (await process.stdout.readline()).decode()
    try:
        running = Platforms(line.split()[-1].rstrip("/"), http)
        await running.sim(
            "templates",
            gateway="wechat",
            id="wx-notice",
            fields={"thing1": "thing", "thing2": "thing"},
        )
        await running.sim(
            "templates", gateway="aliyun", id="SMS_notice",
            fields={"title": "others", "text": "others"}, text=CATALOGUE["notice"].sms,
        )  # fmt: skip
        yield running
    finally:
        process.terminate()
        await process.wait()


class Worker:
    """A process of the product that sends; killed without warning, or ended in order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, setting: Setting, script: str = "push_worker.py") -> Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "benchmarks" / script), cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asdict(setting)).encode())
        process.stdin.close()
        line = await process.stdout.readline()
        assert line.strip() == b"ready", line
        return cls(process)

    async def kill(self) -> None:
        """kill -9, by its own id."""
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> None:
        self._process.terminate()
        await self._process.wait()


async def build(db: Database, sealer: Sealer, keys: Keys, *, wechat: int, sms: int) -> None:
    """An empty database becomes a county of that many cadres by channel."""
    now = datetime.now(UTC)
    await schema.migrate(db)
    await installation.create(db, Purpose.LIVE, keys.fingerprint)
    await ensure_templates(db, now)
    people = [(new_id(), "wechat", f"oCrash{n:022d}") for n in range(wechat)]
    people += [(new_id(), "sms", f"1661{n:07d}") for n in range(sms)]
    async with db.transaction():
        await db.run_many(
            "INSERT INTO people (id, name, known, texts_answered, created_at)"
            " VALUES (?, '', ?, ?, ?)",
            [(person, True, False, to_ms(now)) for person, _, _ in people],
        )
        await db.run_many(
            "INSERT INTO posts (id, person_id, role, region, title)"
            " VALUES (?, ?, '干部', '990101102200', '')",
            [(new_id(), person) for person, _, _ in people],
        )
        await db.run_many(
            "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'active', ?)",
            [
                (
                    new_id(), person, channel,
                    sealer.lookup_hash("openid" if channel == "wechat" else "phone", address),
                    sealer.seal_address(address.encode()), to_ms(now),
                )
                for person, channel, address in people
            ],
        )  # fmt: skip
    wechat_fields = {"thing1": "title", "thing2": "text"}
    await bind(
        db, "notice", gateway="wechat", external_id="wx-notice", fields=wechat_fields, now=now
    )
    await bind(db, "notice", gateway="aliyun", external_id="SMS_notice", fields={}, now=now)


async def push(db: Database, setting: Setting) -> str:
    """A notice to all of them."""
    order = Order(
        template="notice", audience="role=干部", params={"title": "通知", "text": "明天开会"}
    )
    now = datetime.now(UTC)
    identity = await create(db, setting.terms(), order, now=now, actor="operator")
    while await fan_out_more(db, setting.terms(), now):
        continue
    return identity


async def open_states(db: Database) -> int:
    """How many deliveries are not settled yet."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM deliveries WHERE state IN ('new', 'sending', 'unknown')"
    )
    return int(row["n"]) if row else 0


async def killed_push(
    db: Database,
    setting: Setting,
    running: Platforms,
    *,
    kills: int,
    people: int,
    script: str = "push_worker.py",
    seconds: float = 120,
) -> Tally:
    """Kills the worker that often in the middle of the push, and lets the next one end it."""
    await push(db, setting)
    for number in range(1, kills + 1):
        worker = await Worker.start(setting, script)
        await reached(running, people * number // (kills + 2), seconds)
        await worker.kill()
    worker = await Worker.start(setting, script)
    stop = asyncio.get_running_loop().time() + seconds
    while await open_states(db) and asyncio.get_running_loop().time() < stop:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await worker.end()
    return tally(await running.counts(), people)


async def reached(running: Platforms, people: int, seconds: float) -> None:
    """Waits until that many have got it."""
    stop = asyncio.get_running_loop().time() + seconds
    while len(await running.counts()) < people:
        assert asyncio.get_running_loop().time() < stop, "nobody sends"
        await asyncio.sleep(0.02)


def tally(counts: Counter[str], people: int) -> Tally:
    return Tally(
        reached=len(counts),
        missed=people - len(counts),
        twice=sum(number > 1 for number in counts.values()),
    )
