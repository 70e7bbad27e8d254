"""How long a county's newsletter takes to become deliveries, and how much memory that costs.

    .venv/bin/python benchmarks/bench_fanout.py [--residents 2000000] [--store sqlite] [--keep DIR]

Of the residents, about half are chosen: by region, by a topic they follow, without those who
refused; a tenth of them has had today's message and waits for tomorrow; some share a phone. The
fan-out runs in a process of its own, as the service runs it. The yardstick beside it inserts as
many rows into the same table in one transaction, in the order of every index, with nothing to
choose. CPU is that of our process: on SQLite nearly all there is, on PostgreSQL the server's is not
in it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import asyncpg

from benchmarks.pushing import AWAKE, SIGN
from notifications.campaigns import Order, create, fan_out_more
from notifications.settings import DeliverySettings, ScheduleSettings
from notifications.templates import bind, ensure_templates
from notifications.terms import Terms
from storage import campaigns, installation, schema
from storage.database import Database, sqlite_path
from storage.ids import new_id
from storage.installation import Purpose
from storage.moments import to_ms

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ORDER = Order(
    template="notice",
    audience="region=990101,topic=FIN",
    params={"title": "通知", "text": "明天开会"},
)
COLUMNS = {
    "people": ("id", "name", "village", "known", "texts_answered", "created_at"),
    "addresses": (
        "id", "person_id", "channel", "lookup", "holder", "shared", "sealed", "state",
        "created_at",
    ),
    "follows": ("id", "person_id", "topic", "village", "rhythm", "channel", "since"),
    "opt_outs": ("id", "person_id", "notice_class", "channel", "created_at"),
    "deliveries": (
        "id", "campaign_id", "person_id", "revision", "lane", "state", "channel", "attempt_id",
        "tries", "not_before", "owner", "reason", "updated_at", "begun", "repeated",
    ),
}  # fmt: skip
_AT_ONCE = 100_000
_SPREAD = random.Random(2).getrandbits(255) * 2 + 1  # look-ups are hashes, so all over the index


def terms() -> Terms:
    return Terms(
        wechat=True,
        sms_gateway="aliyun",
        sign_name=SIGN,
        price_fen=5,
        wechat_per_day=10_000_000,
        delivery=DeliverySettings(),
        schedule=ScheduleSettings(quiet_hours=AWAKE, noon_rest=AWAKE),
    )


# --- the residents --------------------------------------------------------------------------------


def residents(count: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Rows by table, in the order in which people come: their ids are random."""
    chance, at, holders = random.Random(1), to_ms(NOW), Counter[int]()

    def name() -> str:
        return f"{chance.getrandbits(80):020x}"

    for _ in range(count):
        person, dice = name(), chance.random()
        county = "990101" if chance.random() < 0.86 else "990102"
        village = f"{county}{chance.randrange(1, 30):03d}{chance.randrange(200, 250)}"
        yield "people", (person, "", village, True, False, at)
        if dice < 0.6:
            lookup = f"{chance.getrandbits(256):064x}"
            row = (name(), person, "wechat", lookup, 0, False, bytes(60), "active", at)
            yield "addresses", row
        if dice > 0.4:
            # Two of a hundred share the phone of somebody else.
            lookup, holder, shared = f"{chance.getrandbits(256):064x}", 0, chance.random() < 0.02
            if shared:
                number = chance.randrange(count // 100)
                lookup, holder = f"{number * _SPREAD % 2**256:064x}", holders[number]
                holders[number] += 1
            row = (name(), person, "sms", lookup, holder, shared, bytes(60), "active", at)
            yield "addresses", row
        if chance.random() < 0.66:
            own = "" if chance.random() < 0.8 else village
            yield "follows", (name(), person, "FIN", own, "at_once", "", at)
        if chance.random() < 0.2:
            yield "follows", (name(), person, "PROJ.ROAD", "", "at_once", "", at)
        if chance.random() < 0.05:
            where = "" if chance.random() < 0.5 else "sms"
            yield "opt_outs", (name(), person, "news", where, at)
        if chance.random() < 0.1:
            yield (
                "deliveries",
                (name(), "earlier", person, 1, 2, "sent", "sms", "", 1, at, "", "", at, 1, False),
            )


def batches(count: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
    for table, row in residents(count):
        waiting[table].append(row)
        if len(waiting[table]) == _AT_ONCE:
            yield table, waiting[table]
            waiting[table] = []
    yield from waiting.items()


async def fill(url: str, count: int) -> None:
    """Straight into the tables."""
    if path := sqlite_path(url):
        connection = sqlite3.connect(path)
        connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        for table, rows in batches(count):
            columns = COLUMNS[table]
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                rows,
            )
        connection.commit()
        connection.execute("ANALYZE")
        connection.close()
        return
    server = await asyncpg.connect(url)
    for table, rows in batches(count):
        await server.copy_records_to_table(table, records=rows, columns=COLUMNS[table])
    await server.execute("VACUUM ANALYZE")
    await server.close()


async def build(url: str, count: int) -> None:
    """A county of so many residents, and templates that are bound."""
    db = await Database.open(url)
    try:
        await schema.migrate(db)
        await installation.create(db, Purpose.LIVE, "1111-2222-3333-4444")
        await ensure_templates(db, NOW)
        fields = {"thing1": "title", "thing2": "text"}
        await bind(db, "notice", gateway="wechat", external_id="wx", fields=fields, now=NOW)
        await bind(db, "notice", gateway="aliyun", external_id="SMS_1", fields={}, now=NOW)
        await db.run(
            "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
            " link, state, revision, planned_for, created_by, created_at)"
            " VALUES ('earlier', 'earlier', 'notice', 'news', 2, '', '{}', '{}', '', 'done', 1, ?,"
            " 'operator', ?)",
            to_ms(NOW),
            to_ms(NOW),
        )
    finally:
        await db.close()
    await fill(url, count)


@asynccontextmanager
async def county(store: Store, count: int) -> AsyncIterator[str]:
    """The URL of a county's database; where filled ones are kept it is a copy."""
    if not store.keep:
        async with store.empty() as url:
            await build(url, count)
            yield url
        return
    async with store.copy(count) as url:
        yield url


class SQLite:
    """Databases as files: the kept ones in `keep`, the others gone afterwards."""

    name = "SQLite"

    def __init__(self, keep: str) -> None:
        self.keep = keep

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        with tempfile.TemporaryDirectory(dir=self.keep or None) as folder:
            yield f"sqlite://{folder}/fanout.sqlite3"

    @asynccontextmanager
    async def copy(self, count: int) -> AsyncIterator[str]:
        kept = Path(self.keep, f"fanout-{count}.sqlite3")
        if kept.name not in os.listdir(self.keep):
            await build(f"sqlite://{kept}", count)
        async with self.empty() as url:
            shutil.copyfile(kept, url.removeprefix("sqlite://"))
            yield url


class PostgreSQL:
    """Databases of a server, the kept ones by a name of their own."""

    name = "PostgreSQL"

    def __init__(self, server: str, keep: str) -> None:
        self._server, self.keep = server, keep

    @asynccontextmanager
    async def empty(self, template: str = "template1") -> AsyncIterator[str]:
        name = f"mingbai_fanout_{new_id()}"
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        try:
            yield self._url(name)
        finally:
            await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @asynccontextmanager
    async def copy(self, count: int) -> AsyncIterator[str]:
        kept = f"mingbai_fanout_{count}"
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await self._run(f'CREATE DATABASE "{kept}"')
            await build(self._url(kept), count)
        async with self.empty(kept) as url:
            yield url

    async def _run(self, statement: str) -> None:
        server = await asyncpg.connect(self._server)
        await server.execute(statement)
        await server.close()

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))


Store = SQLite | PostgreSQL


# --- what is measured -----------------------------------------------------------------------------


def peak_mb() -> float:
    """The most that this process had resident; what its parent had does not count (`ru_maxrss`
    would hold that)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def fan_out(url: str) -> None:
    """Runs in a process of its own and prints what it saw."""
    db = await Database.open(url)
    began = time.perf_counter()
    campaign = await create(db, terms(), ORDER, now=NOW, actor="operator")
    weighed, longest, left = time.perf_counter(), 0.0, True
    busy = time.process_time()
    while left:
        page = time.perf_counter()
        left = await fan_out_more(db, terms(), NOW)
        longest = max(longest, time.perf_counter() - page)
    seen = {
        "create": weighed - began,
        "seconds": time.perf_counter() - weighed,
        "cpu": time.process_time() - busy,
        "longest": longest,
        "made": (await campaigns.progress(db, campaign)).total,
        "peak": peak_mb(),
    }
    await db.close()
    print(json.dumps(seen))


async def bare(url: str, rows: int) -> tuple[float, float]:
    """Seconds, and of our CPU, for as many rows of the same table without a choice."""
    db = await Database.open(url)
    began, busy = time.perf_counter(), time.process_time()
    async with db.transaction():
        await db.run(
            "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
            " attempt_id, tries, not_before, expires_at, owner, reason, updated_at, begun,"
            " repeated) SELECT id, 'bare', id, 1, 2, 'new', 'sms', '', 0, 1, 2, '', '', 3, 0, false"
            " FROM people ORDER BY id LIMIT ?",
            rows,
        )
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    await db.close()
    return seconds, cpu


async def measure(store: Store, residents_: int) -> None:
    async with county(store, residents_) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--run", url, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        seen = json.loads(output)
        yardstick, cpu = await bare(url, seen["made"])
    print(
        f"{store.name:<11}{residents_:>11,}{seen['made']:>12,}{seen['create']:>10.1f}"
        f"{seen['seconds']:>9.1f}{seen['cpu']:>8.1f}{yardstick:>9.1f}{cpu:>8.1f}"
        f"{yardstick / seen['seconds']:>8.2f}"
        f"{seen['longest']:>9.2f}{seen['peak']:>7.0f}",
        flush=True,
    )


async def main(most: int, stores: list[Store]) -> None:
    print(
        f"{'store':<11}{'residents':>11}{'deliveries':>12}{'weighed s':>10}{'s':>9}{'CPU':>8}"
        f"{'bare s':>9}{'CPU':>8}{'ratio':>8}{'page s':>9}{'MB':>7}",
        flush=True,
    )
    for store in stores:
        for count in (most // 100, most // 10, most):
            await measure(store, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=2_000_000)
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument(
        "--store", choices=("sqlite", "postgres"), default="", help="this one alone"
    )
    parser.add_argument("--keep", default="", help="a folder: filled databases serve later runs")
    parser.add_argument("--run", metavar="URL", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        asyncio.run(fan_out(given.run))
    else:
        stores: dict[str, Store] = {
            "sqlite": SQLite(given.keep),
            "postgres": PostgreSQL(given.postgres, given.keep),
        }
        chosen = [store for name, store in stores.items() if given.store in ("", name)]
        asyncio.run(main(given.residents, chosen))
