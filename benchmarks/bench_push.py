"""How fast a push goes out: fan-out, claim and finish, and whole sends to a provider on loopback.

    .venv/bin/python benchmarks/bench_push.py [--people 100000] [--sends 3000] [--postgres URL]

The yardstick beside the sends is the same session posting the same bodies with no outbox at all.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.crash_push import store
from benchmarks.naive_worker import MESSAGES
from benchmarks.pushing import Setting, build, open_states, platforms, push
from notifications.carriers import open_carriers
from notifications.channels.rate import Lane
from notifications.service import Notifications
from storage import outbox
from storage.clock import SystemClock
from storage.database import Database
from storage.keys import Keys
from storage.outbox import Finish, Worker
from storage.sealing import Sealer


async def main(people: int, sends: int, postgres: str) -> None:
    print(f"{'what':<44}{'store':>10}{'per second':>12}")
    for url in ["", *([postgres] if postgres else [])]:
        async with county(people, url) as (db, setting, _):
            name = "postgres" if url else "sqlite"
            began = time.perf_counter()
            await push(db, setting)
            show(f"fan-out to {people:,} people", name, people / (time.perf_counter() - began))
            for batch in (96, 500):
                rate = await claim_and_finish(db, batch, min(people // 3, 20_000))
                show(f"claim and finish, {batch} at once", name, rate)
        async with county(sends, url) as (db, setting, sealer):
            rate = await send_all(db, setting, sealer, sends)
            show(f"{sends:,} sends, all told", name, rate)
    show("the same posts without an outbox", "-", await bare(sends))


def show(what: str, name: str, rate: float) -> None:
    print(f"{what:<44}{name:>10}{rate:>12,.0f}", flush=True)


async def claim_and_finish(db: Database, batch: int, count: int) -> float:
    """Rows claimed and finished a second, as the worker's statements do it."""
    began, done = time.perf_counter(), 0
    while done < count:
        now = datetime.now(UTC)
        claimed = await outbox.claim(
            db,
            Worker(owner="bench", now=now, lease_until=now + timedelta(seconds=30)),
            channel="wechat",
            gateway="wechat",
            lane=Lane.NORMAL,
            limit=batch,
            now=now,
            repeat_after=now - timedelta(minutes=9),
        )
        finished = [
            Finish(claimed=row, state="sent", attempt="taken", reference="1") for row in claimed
        ]
        await outbox.finish(db, finished, now)
        done += len(claimed)
    return done / (time.perf_counter() - began)


async def send_all(db: Database, setting: Setting, sealer: Sealer, sends: int) -> float:
    """A push through the product's own loop to the simulator, a process of its own."""
    async with (
        ClientSession() as http,
        platforms(http) as running,
        ClientSession(connector=TCPConnector(limit=0)) as own,
    ):
        setting = replace(setting, platforms=running.base, per_second=100_000, lease_seconds=30)
        carriers = open_carriers(own, setting.wechat(), setting.sms())
        service = Notifications(db, sealer, SystemClock(), carriers, setting.terms(), jobs=())
        await push(db, setting)
        began = time.perf_counter()
        await service.start()
        while await open_states(db):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        took = time.perf_counter() - began
        await service.stop()
        assert len(await running.counts()) == sends
    return sends / took


async def bare(sends: int) -> float:
    """The platform's own speed: a template message after another, 96 at once."""
    async with (
        ClientSession() as http,
        platforms(http) as running,
        ClientSession(connector=TCPConnector(limit=96)) as own,
    ):
        setting = Setting(database="", keys="", platforms=running.base)
        carrier = open_carriers(own, setting.wechat(), setting.sms())["wechat"]
        await carrier.send("oFirst", MESSAGES["wechat"], "first")
        began = time.perf_counter()
        numbers = iter(range(sends))

        async def one_after_another() -> None:
            for number in numbers:
                await carrier.send(f"oBare{number}", MESSAGES["wechat"], f"bare{number}")

        await asyncio.gather(*(one_after_another() for _ in range(96)))
        return sends / (time.perf_counter() - began)


@asynccontextmanager
async def county(people: int, postgres: str) -> AsyncIterator[tuple[Database, Setting, Sealer]]:
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder:
        keys = Keys.create(Path(folder) / "keys.toml")
        async with store(folder, postgres) as url:
            db = await Database.open(url)
            try:
                sealer = Sealer(keys)
                await build(db, sealer, keys, wechat=people, sms=0)
                setting = Setting(database=url, keys="", platforms="http://127.0.0.1:9")
                yield db, setting, sealer
            finally:
                await db.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--sends", type=int, default=3_000)
    parser.add_argument("--postgres", default="", help="a server on which databases may be made")
    options = parser.parse_args()
    uvloop.run(main(options.people, options.sends, options.postgres))
