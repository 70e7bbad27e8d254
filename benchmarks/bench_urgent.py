"""500 urgent notices trickle in while 200,000 bulk rows wait and every bulk call is under way.

    .venv/bin/python benchmarks/bench_urgent.py [--bulk 200000] [--urgent 500] [--per-second 20]
        [--postgres URL] [--only sqlite|postgres]

`rate_per_second` is 1,000, the provider (a process of its own) takes 90 ms for each call, so that
the bulk lane is full all the time. Seconds run from the trigger (before its campaign is made) to
the arrival at the provider. The yardstick is the same trickle with nothing else to send.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.bench_delivery import SETTING, Place, Provider, place, provider
from notifications.campaigns import Order, create, create_duty
from notifications.carriers import open_carriers
from notifications.channels.rate import Lane
from notifications.service import Notifications
from notifications.terms import Terms
from storage.audience import Audience, Group
from storage.clock import BEIJING, SystemClock
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.sealing import Sealer

PER_SECOND, LATENCY = 1_000, 0.09
BAR_SECONDS = 1.0
WARM_SECONDS = 3.0  # every bulk call is under way, and all rows are queued


async def main(options: argparse.Namespace) -> None:
    print(f"{'':<34}{'store':>10}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'bulk/s':>9}")
    stores = {"sqlite": "", **({"postgres": options.postgres} if options.postgres else {})}
    for store, url in stores.items():
        if options.only not in ("", store):
            continue
        for bulk in (0, options.bulk):
            name = f"{options.urgent} urgent, {bulk:,} bulk waiting"
            took, rate = await measured(bulk, options.urgent, options.per_second, url)
            at = sorted(took)
            p99 = at[len(at) * 99 // 100]
            print(
                f"{name:<34}{store:>10}"
                f"{statistics.median(at) * 1000:>9,.0f}{p99 * 1000:>9,.0f}{at[-1] * 1000:>9,.0f}"
                f"{rate:>9,.0f}{'' if p99 < BAR_SECONDS else '   over 1 s'}",
                flush=True,
            )


async def measured(
    bulk: int, urgent: int, per_second: float, postgres: str
) -> tuple[list[float], float]:
    """Seconds that each urgent notice took, and bulk messages a second meanwhile."""
    async with (
        place("wechat", max(bulk, 1), postgres) as here,
        provider(latency=LATENCY) as running,
        ClientSession(connector=TCPConnector(limit=0)) as http,
    ):
        sealer = Sealer(here.keys)
        people = await add_people(here.db, sealer, urgent)
        setting = replace(
            SETTING, platforms=running.base, per_second=PER_SECOND, lease_seconds=30.0
        )
        terms = replace(setting.terms(), wechat_per_day=10_000_000)
        carriers = open_carriers(http, setting.wechat(), setting.sms())
        service = Notifications(here.db, sealer, SystemClock(), carriers, terms, jobs=())
        await service.start()
        try:
            if bulk:
                await fill(here, terms)
            return await trickle(here.db, running, service, terms, people, per_second)
        finally:
            await service.stop()


async def fill(here: Place, terms: Terms) -> None:
    order = Order(
        template="notice",
        audience="role=干部",
        params={"title": "通知", "text": "明天开会"},
        lane=Lane.BULK,
    )
    await create(here.db, terms, order, now=datetime.now(UTC), actor="operator")
    while await here.db.row("SELECT 1 AS one FROM campaigns WHERE fanned_out = false"):  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    await asyncio.sleep(WARM_SECONDS)


async def trickle(
    db: Database,
    running: Provider,
    service: Notifications,
    terms: Terms,
    people: dict[str, str],
    per_second: float,
) -> tuple[list[float], float]:
    """One urgent notice to each, evenly spaced."""
    triggered: dict[str, float] = {}
    before, began = await running.counts(), time.time()

    async def trigger(openid: str, person: str) -> None:
        triggered[openid] = time.time()
        whom = Audience(
            groups=(Group(people=(person,)),), on=datetime.now(UTC).astimezone(BEIJING).date()
        )
        params = {"title": "急", "text": "请马上回电"}
        order = Order(
            template="notice", audience=f"person={person}", whom=whom, params=params,
            lane=Lane.URGENT,
        )  # fmt: skip
        await create_duty(db, terms, order, now=datetime.now(UTC), actor="system")
        service.wake()

    async with asyncio.TaskGroup() as triggers:
        for number, (openid, person) in enumerate(people.items()):
            await asyncio.sleep(max(0.0, began + number / per_second - time.time()))
            triggers.create_task(trigger(openid, person))
    after, ended = await running.counts(), time.time()
    rate = (after["calls"] - before["calls"] - len(people)) / (ended - began)
    await asyncio.sleep(3)
    arrivals = (await running.counts(arrivals=True))["arrivals"]
    return [arrivals[openid] - at for openid, at in triggered.items()], max(0.0, rate)


async def add_people(db: Database, sealer: Sealer, count: int) -> dict[str, str]:
    """People without a post, by openid."""
    now = to_ms(datetime.now(UTC))
    people = {f"oUrgent{number:021d}": new_id() for number in range(count)}
    await db.run_many(
        "INSERT INTO people (id, name, known, texts_answered, created_at) VALUES (?, '', ?, ?, ?)",
        [(person, True, False, now) for person in people.values()],
    )
    await db.run_many(
        "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
        " VALUES (?, ?, 'wechat', ?, ?, 'active', ?)",
        [
            (
                new_id(), person, sealer.lookup_hash("openid", openid),
                sealer.seal_address(openid.encode()), now,
            )
            for openid, person in people.items()
        ],
    )  # fmt: skip
    return people


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bulk", type=int, default=200_000)
    parser.add_argument("--urgent", type=int, default=500)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--postgres", default="", help="a server on which databases may be made")
    parser.add_argument("--only", default="", choices=["", "sqlite", "postgres"])
    uvloop.run(main(parser.parse_args()))
