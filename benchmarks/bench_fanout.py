"""How long a county's newsletter takes to become deliveries, and how much memory that costs.

    .venv/bin/python benchmarks/bench_fanout.py [--residents 2000000] [--postgres URL]

Of the residents, about half are chosen: by region, by a topic they follow, without those who
refused; a tenth of them has had today's message and waits for tomorrow; some share a phone. The
fan-out runs in a process of its own, as the service runs it. The yardstick beside it inserts as
many rows into the same table, of whoever comes first, with nothing to choose.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
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
from storage.audience import RANDOM_ID
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
    "addresses": ("id", "person_id", "channel", "lookup", "sealed", "state", "created_at"),
    "follows": ("id", "person_id", "topic", "village", "rhythm", "channel", "since"),
    "opt_outs": ("id", "person_id", "notice_class", "channel", "created_at"),
    "deliveries": (
        "id", "campaign_id", "person_id", "revision", "lane", "state", "channel", "attempt_id",
        "tries", "not_before", "owner", "reason", "updated_at", "begun", "repeated",
    ),
}  # fmt: skip
_AT_ONCE = 100_000


def terms() -> Terms:
    return Terms(
        wechat=True,
        sms_gateway="aliyun",
        sign_name=SIGN,
        price_fen=5,
        delivery=DeliverySettings(),
        schedule=ScheduleSettings(quiet_hours=AWAKE, noon_rest=AWAKE),
    )


# --- the residents --------------------------------------------------------------------------------


def residents(count: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Rows by table, in the order in which people come: their ids are random."""
    chance, at = random.Random(1), to_ms(NOW)

    def name() -> str:
        return f"{chance.getrandbits(80):020x}"

    for _ in range(count):
        person, dice = name(), chance.random()
        county = "990101" if chance.random() < 0.86 else "990102"
        village = f"{county}{chance.randrange(1, 30):03d}{chance.randrange(200, 250)}"
        yield "people", (person, "", village, True, False, at)
        if dice < 0.6:
            lookup = f"{chance.getrandbits(256):064x}"
            yield "addresses", (name(), person, "wechat", lookup, bytes(60), "active", at)
        if dice > 0.4:
            # Two of a hundred share the phone of somebody else.
            number = chance.randrange(count // 100) if chance.random() < 0.02 else hash(person)
            lookup = f"{number & (1 << 255) - 1:064x}"
            yield "addresses", (name(), person, "sms", lookup, bytes(60), "active", at)
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


async def build(url: str, count: int) -> str:
    """A county of so many residents, and a campaign to them; its id."""
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
    db = await Database.open(url)
    try:
        # The campaign alone: this is about what follows it.
        return await create(db, terms(), ORDER, now=NOW, actor="operator")
    finally:
        await db.close()


# --- what is measured -----------------------------------------------------------------------------


async def fan_out(url: str, campaign: str) -> None:
    """Runs in a process of its own and prints what it saw."""
    db = await Database.open(url)
    began, longest = time.perf_counter(), 0.0
    left = True
    while left:
        page = time.perf_counter()
        left = await fan_out_more(db, terms(), NOW)
        longest = max(longest, time.perf_counter() - page)
    seconds = time.perf_counter() - began
    made = (await campaigns.progress(db, campaign)).total
    await db.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "made": made, "longest": longest, "peak": peak}))


async def bare(url: str, rows: int) -> float:
    """Seconds for as many rows of the same table without a choice."""
    db = await Database.open(url)
    began = time.perf_counter()
    async with db.transaction():
        await db.run(
            "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"  # noqa: S608
            " attempt_id, tries, not_before, expires_at, owner, reason, updated_at, begun,"
            f" repeated) SELECT {RANDOM_ID[db.dialect]}, 'bare', id, 1, 2, 'new', 'sms', '', 0,"
            " 1, 2, '', '', 3, 0, false FROM people LIMIT ?",
            rows,
        )
    seconds = time.perf_counter() - began
    await db.close()
    return seconds


async def measure(url: str, residents_: int) -> None:
    campaign = await build(url, residents_)
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--run", url, campaign, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    seen = json.loads(output)
    yardstick = await bare(url, seen["made"])
    store = "sqlite" if sqlite_path(url) else "postgres"
    print(
        f"{store:<9}{residents_:>11,}{seen['made']:>12,}{seen['seconds']:>9.1f}{yardstick:>9.1f}"
        f"{yardstick / seen['seconds']:>8.2f}{seen['longest']:>10.2f}{seen['peak']:>9.0f}",
        flush=True,
    )


async def main(most: int, postgres: str) -> None:
    print(
        f"{'store':<9}{'residents':>11}{'deliveries':>12}{'s':>9}{'bare s':>9}{'ratio':>8}"
        f"{'page s':>10}{'MB':>9}",
        flush=True,
    )
    for count in (most // 100, most):
        with tempfile.TemporaryDirectory() as folder:
            await measure(f"sqlite://{folder}/fanout.sqlite3", count)
        if not postgres:
            continue
        name = f"mingbai_fanout_{new_id()}"
        server = await asyncpg.connect(postgres)
        await server.execute(f'CREATE DATABASE "{name}"')
        try:
            await measure(urlunsplit(urlsplit(postgres)._replace(path=f"/{name}")), count)
        finally:
            await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            await server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=2_000_000)
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--run", nargs=2, metavar=("URL", "CAMPAIGN"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        asyncio.run(fan_out(*given.run))
    else:
        asyncio.run(main(given.residents, given.postgres))
