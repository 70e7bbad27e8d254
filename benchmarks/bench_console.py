"""How long a page of the console takes over a whole county, and how much of it a browser loads.

    .venv/bin/python benchmarks/bench_console.py [--villages 40] [--postgres URL --villages 3000]

Five years of every village: a month's account of 39 entries and what was due for it, loaded
straight into the tables; nothing is in the chain, which no page of the console walks. Somebody
with every post at the county opens the pages, one after another, over HTTP on the same machine;
then once more while accounts of the county are brought in and published by another process. The
yardstick is the page of one's own account, which asks for nothing but who one is.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import asyncpg
from aiohttp import ClientSession
from bench_webhook import free_port, server

from bot.commands.keys import create
from bot.config import load_config
from notifications.templates import ensure_templates
from storage import installation, schema, staff, staff_sessions
from storage.bodies import EXPENSE, INCOME, KIND, Line, Version, compose, write_down
from storage.database import Database, sqlite_path
from storage.ids import new_id
from storage.installation import Purpose
from storage.moments import to_ms
from storage.regions import VillageFacts, save_villages
from storage.staff_sessions import Stage
from workbooks.people import ROLES

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COUNTY = "990101000000"
MONTHS, ENTRIES, TOWN_VILLAGES, TIMES = 60, 39, 40, 30
BARS = {"milliseconds": 50.0, "kilobytes": 300.0}
_FORMS = 20  # of a month's account; villages share them
_AT_ONCE = 5_000
_SUBJECTS = ("公益支出-环境卫生", "公益支出-道路水利", "管理费用-办公费", "其他收入-租金")
_TABLES = {
    "disclosures": (
        "id", "village", "kind", "disclosure_class", "rhythm", "book", "period", "version", "state",
        "body", "personal", "dossier", "author", "reason", "signatures", "created_at",
        "published_at", "withdrawn_reason",
    ),
    "dues": (
        "id", "source", "village", "rhythm", "kind", "book", "title", "stage", "from_period",
        "to_period", "version", "since", "counted_from", "working_days", "due_on", "provisional",
        "state", "disclosure_id", "published_at", "overdue_at", "reminded", "made_at",
    ),
}  # fmt: skip


# --- the county -----------------------------------------------------------------------------------


def villages(count: int) -> list[str]:
    """Codes, forty to a town."""
    return [
        f"990101{100 + number // TOWN_VILLAGES:03d}{200 + number % TOWN_VILLAGES:03d}"
        for number in range(count)
    ]


def months() -> list[str]:
    """The sixty before this one, the oldest first."""
    last = 2026 * 12 + 9
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(last - MONTHS + 1, last + 1)]


def account(period: str, chance: random.Random) -> tuple[str, str]:
    """Body and personal values of a month."""
    lines = [
        Line(
            date=f"{period}-{chance.randrange(1, 29):02d}",
            voucher_no=f"{number:03d}",
            summary=f"第{number}笔",
            subject=chance.choice(_SUBJECTS),
            direction=INCOME if chance.random() < 0.1 else EXPENSE,
            amount_fen=chance.randrange(1_000, 900_000),
            payee="双泉劳务队",
            handler="庞树青",
            approver="纪广田",
            supervisors=("靳老栓",),
        )
        for number in range(ENTRIES)
    ]
    entries = tuple(write_down(line) for line in lines)
    total = sum(line.signed_fen for line in lines)
    return compose(
        Version(
            village="", book="村委会", period=period, version=1, reason="",
            opening_fen=0, closing_fen=total, entries=entries,
        )
    )  # fmt: skip


def rows(count: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """An account and a due of each village and month: one in twenty late, of the last some open."""
    chance, made = random.Random(1), to_ms(NOW)
    for period in months():
        forms = [account(period, chance) for _ in range(_FORMS)]
        year, month = int(period[:4]), int(period[5:])
        day = datetime(year + month // 12, month % 12 + 1, 10, 4, tzinfo=UTC)
        for code in villages(count):
            dice, identity = chance.random(), new_id()
            is_late, is_open = dice < 0.05, period == months()[-1] and dice < 0.02
            at = to_ms(day + timedelta(days=3 if is_late else -1))
            overdue = to_ms(day + timedelta(days=1)) if is_late else None
            state = "overdue" if is_open else "late_published" if is_late else "published"
            if not is_open:
                body, personal = forms[chance.randrange(_FORMS)]
                yield (
                    "disclosures",
                    (
                        identity, code, KIND, "财务", "每月", "村委会", period, 1, "published",
                        body, personal, "{}", "operator", "", "[]", at, at, "",
                    ),
                )  # fmt: skip
            yield (
                "dues",
                (
                    new_id(), f"{code} {period}", code, "定期", KIND, "村委会", f"{period}账目", "",
                    period, period, 0, 0, f"{period}-01", 0, day.date().isoformat(), False, state,
                    None if is_open else identity, None if is_open else at, overdue, None, made,
                ),
            )  # fmt: skip


def batches(count: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
    for table, row in rows(count):
        waiting[table].append(row)
        if len(waiting[table]) == _AT_ONCE:
            yield table, waiting[table]
            waiting[table] = []
    yield from waiting.items()


async def load(url: str, count: int) -> None:
    if path := sqlite_path(url):
        with sqlite3.connect(path) as connection:
            for table, found in batches(count):
                marks = ", ".join("?" for _ in _TABLES[table])
                names = ", ".join(_TABLES[table])
                connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", found)  # noqa: S608
            connection.execute("ANALYZE")
        return
    connection = await asyncpg.connect(url)
    for table, found in batches(count):
        await connection.copy_records_to_table(table, records=found, columns=_TABLES[table])
    await connection.execute("ANALYZE")
    await connection.close()


async def prepare(url: str, fingerprint: str, count: int) -> str:
    """The county, loaded; a token of somebody logged in who holds every post there."""
    db = await Database.open(url)
    await schema.migrate(db)
    await installation.create(db, Purpose.LIVE, fingerprint)
    await ensure_templates(db, NOW)
    await save_villages(
        db,
        [
            VillageFacts(
                code, f"第{n}村", "村", COUNTY, "明禾县", f"{code[:9]}000", f"{code[6:9]}镇"
            )
            for n, code in enumerate(villages(count))
        ],
    )
    person = new_id()
    await db.run(
        "INSERT INTO people (id, name, known, texts_answered, created_at) VALUES (?, ?, ?, ?, ?)",
        person, "覃岚", True, False, to_ms(NOW),
    )  # fmt: skip
    for role in ROLES[1:]:
        await db.run(
            "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, ?, ?, '')",
            new_id(), person, role, COUNTY,
        )  # fmt: skip
    identity = await staff.add(db, person_id=person, login="qinlan", made_by="operator", now=NOW)
    token = await staff_sessions.begin(db, identity, Stage.IN, datetime.now(UTC))
    await db.close()
    await load(url, count)
    return token


# --- what is measured -----------------------------------------------------------------------------


def pages(count: int) -> list[str]:
    town, village = f"{villages(count)[0][:9]}000", villages(count)[0]
    return [
        "/console/account", "/console/", "/console/publishing", "/console/publishing/register",
        f"/console/publishing/register/{village}", "/console/inbox", "/console/calendar",
        f"/console/calendar/{town}", f"/console/calendar/{village}", "/console/calendar/rhythms",
        "/console/overview", f"/console/overview/{town}", f"/console/overview/{village}",
        "/console/templates", "/console/templates/notice", "/console/campaigns",
        "/console/campaigns/new", "/console/staff", "/console/record",
    ]  # fmt: skip


async def measure(base: str, token: str, paths: list[str]) -> dict[str, tuple[float, float, float]]:
    """Median and first milliseconds and KB zipped of each page."""
    found: dict[str, tuple[float, float, float]] = {}
    async with ClientSession(base, cookies={"mingbai": token}) as session:
        for path in paths:
            took, size = [], 0.0
            for _ in range(TIMES):
                began = time.perf_counter()
                async with session.get(path, allow_redirects=False) as answer:
                    body = await answer.read()
                took.append((time.perf_counter() - began) * 1000)
                if answer.status != 200:
                    raise SystemExit(f"{path}: {answer.status}")
                size = len(gzip.compress(body)) / 1024
            found[path] = statistics.median(took), took[0], size
    return found


def ledger(file: Path, count: int) -> None:
    """This month's entries of as many villages."""
    lines = ["日期,区划代码,方向,科目,金额,摘要,对方,经手人,审批人,监委会审核,凭证号,余额"]
    for code in villages(count):
        rest = 100_000
        for day in range(1, 20):
            rest -= day * 100
            lines.append(
                f"2026-11-{day:02d},{code},支出,公益支出-环境卫生,{day}00.00,第{day}次清扫,双泉劳务队,"
                f"庞树青,纪广田,靳老栓,{day},{rest}.00"
            )
    file.write_text("\n".join(lines), "utf-8")


def run(url: str, count: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder, port = Path(name), free_port()
        config = folder / "config.toml"
        config.write_text(
            f'[server]\nport = {port}\n[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n'
            f'[database]\nurl = "{url or f"sqlite://{folder}/mingbai.sqlite3"}"\n',
            "utf-8",
        )
        config.chmod(0o600)
        loaded = load_config(config)
        sqlite = sqlite_path(loaded.database.url)
        if sqlite:
            sqlite.touch()
        fingerprint = create(loaded).fingerprint
        began = time.perf_counter()
        token = asyncio.run(prepare(loaded.database.url, fingerprint, count))
        entries = count * MONTHS * ENTRIES
        seconds = time.perf_counter() - began
        print(f"{count:,} villages, {entries:,} entries, loaded in {seconds:.0f} s")
        ledger(folder / "ledger.csv", min(count, 200))
        with server(["-m", "bot", "serve"], port, folder):
            base, paths = f"http://127.0.0.1:{port}", pages(count)
            quiet = asyncio.run(measure(base, token, paths))
            words = [sys.executable, "-m", "bot", "import", "ledger", "ledger.csv", "--publish"]
            publishing = subprocess.Popen(
                words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            busy = asyncio.run(measure(base, token, paths))
            is_short = publishing.poll() is not None
            publishing.wait(600)
    print(f"{'page':38}{'first ms':>10}{'p50 ms':>9}{'publishing':>12}{'KB zipped':>11}")
    for path, (median, first, size) in quiet.items():
        print(f"{path:38}{first:10.1f}{median:9.1f}{busy[path][0]:12.1f}{size:11.1f}")
    if is_short:
        print("(the publishing ended before the last page was measured)")
    bar = BARS["milliseconds"]
    slow = [path for path in paths if max(quiet[path][0], busy[path][0]) > bar]
    print(f"over {bar:.0f} ms: {', '.join(slow) or 'none'}")
    return not slow


async def _on_server(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--postgres", default="", help="a server on loopback: postgres://...")
    arguments.add_argument("--villages", type=int, default=40)
    given = arguments.parse_args()
    if not given.postgres:
        return 0 if run("", given.villages) else 1
    name = f"mingbai_bench_{os.getpid()}"
    asyncio.run(_on_server(given.postgres, f"CREATE DATABASE {name}"))
    try:
        url = urlunsplit(urlsplit(given.postgres)._replace(path=f"/{name}"))
        return 0 if run(url, given.villages) else 1
    finally:
        asyncio.run(_on_server(given.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


if __name__ == "__main__":
    raise SystemExit(main())
