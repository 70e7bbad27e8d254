"""Eighteen months of a county, day by day: what was due is published, or an overdue record."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.calendar import months_before, next_worked
from notifications.rhythms.rules import USUAL, Rhythm
from notifications.schedules import Scheduler
from notifications.templates import ensure_templates
from notifications.triggers import disclosure_calendar, reminders
from storage import dues, holidays, installation, regions
from storage.batches import Order
from storage.clock import BEIJING, HeldClock
from storage.database import Database
from storage.dues import Due, DueState
from storage.holidays import Holiday
from storage.ids import new_id
from storage.installation import Purpose
from storage.moments import to_ms
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, RecordBatch, bring_in
from storage.regions import Region, VillageFacts
from tests.notifications.world import usual_terms
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import PROJECTS
from workbooks.villages import read_villages

SAMPLE = Path(__file__).parents[3] / "bot" / "sample"
START = date(2026, 1, 5)
TABLE_OF_2027 = date(2027, 3, 15)  # imported this late
NEXT_TABLE = [Holiday(date(2027, 5, n), "off", "劳动节") for n in range(1, 11)] + [
    Holiday(date(2027, 3, 8), "off", "")  # a Monday that has gone by
]
MISSED_WEEK = (date(2026, 8, 5), date(2026, 8, 12))
RESTART = date(2026, 11, 1)


def at(day: date, hour: int = 9, minute: int = 5) -> datetime:
    return datetime.combine(day, time(hour, minute), BEIJING)


@dataclass
class Year:
    """The county, and what each village does with what it owes.

    Every fifth village never publishes, every fifth is 2 days late, every fifth 12 days; the
    others are in time, some on the last day.
    """

    db: Database
    villages: list[Region]
    clock: HeldClock
    table: dict[date, str]
    published: Counter[str] = field(default_factory=Counter)

    async def publish_accounts(self, day: date) -> None:
        for number, village in enumerate(self.villages):
            count = 3 if village.rhythm == "每季" else 1
            for due in self._due_days(village, count, day):
                late = (0, -3, 2, 12, None)[number % 5]
                if late is not None and due + timedelta(days=late) == day:
                    this = f"{due.year:04d}-{due.month:02d}"
                    for back in range(1, count + 1):
                        await self.insert(village.code, months_before(this, back), day)

    def _due_days(self, village: Region, count: int, day: date) -> list[date]:
        found = []
        for months in (-1, 0, 1):
            number = day.year * 12 + day.month - 1 + months
            nominal = date(number // 12, number % 12 + 1, village.disclosure_day or 20)
            if count == 1 or nominal.month in (1, 4, 7, 10):
                found.append(next_worked(nominal, self.table))
        return found

    async def insert(self, village: str, period: str, day: date) -> None:
        made = await self.db.rows(
            "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
            " version, state, body, personal, dossier, author, reason, signatures, created_at,"
            " published_at, withdrawn_reason) VALUES (?, ?, 'accounts', '财务', '每月', '村委会',"
            " ?, 1, 'published', '{}', '{}', '{}', 'operator', '', '[]', ?, ?, '')"
            " ON CONFLICT (village, kind, book, period, version) DO NOTHING RETURNING id",
            new_id(), village, period, to_ms(at(day, 16)), to_ms(at(day, 16)),
        )  # fmt: skip
        self.published[village] += len(made)

    async def bring(
        self, kind: RecordKind, key: tuple[str, str], day: date, *, publish: bool, **values: Any
    ) -> None:
        rows = [BroughtRow(line_of(kind, values), "一.xlsx", "", 2)]
        batch = RecordBatch(self.villages[0].code, kind, {key: BroughtList(rows)})
        order = Order(actor="operator", now=at(day, 15), today=day, publish=publish)
        await bring_in(self.db, batch, order)


EVENTS = {
    # Ended in time, late, and never.
    date(2026, 3, 2): (
        PROJECTS,
        ("道路", "2026"),
        True,
        {"stage": "立项", "reached": "2026-02-27"},
    ),
    date(2026, 4, 1): (
        PROJECTS,
        ("道路", "2026"),
        False,
        {"stage": "招标", "reached": "2026-04-01"},
    ),
    date(2026, 4, 20): (
        PROJECTS,
        ("道路", "2026"),
        True,
        {"stage": "招标", "reached": "2026-04-01"},
    ),
    date(2026, 6, 3): (
        PROJECTS,
        ("道路", "2026"),
        False,
        {"stage": "在建", "reached": "2026-06-01"},
    ),
}


@pytest.fixture
async def year(db: Database) -> Year:
    clock = HeldClock(at(START, 8))
    await installation.create(db, Purpose.LIVE, "1111-2222-3333-4444")
    await ensure_templates(db, clock.now())
    rows = read_villages(SAMPLE / "villages.csv").accepted
    facts = [
        VillageFacts(
            code=row.code, name=row.name, kind=row.kind, county_code=row.county_code,
            county=row.county, town_code=row.town_code, town=row.town,
            rhythm=row.rhythm or "", disclosure_day=row.disclosure_day,
        )
        for row in rows
    ]  # fmt: skip
    await regions.save_villages(db, facts[:: 4 if db.dialect == "sqlite" else 8])
    told = json.loads((SAMPLE / "holidays_cn.json").read_text("utf-8"))
    table = [
        Holiday(date.fromisoformat(day), kind) for kind in ("off", "work") for day in told[kind]
    ]
    await holidays.save(db, table)
    known = {one.day: one.kind for one in table}
    return Year(db, await regions.villages(db), clock, known)


def scheduler_of(year: Year) -> Scheduler:
    terms = usual_terms()
    # Once a week is enough: whatever the calendar misses, the reminders find the next morning.
    weekly = replace(disclosure_calendar(year.db, terms), cron="20 8 * * sun")
    return Scheduler(year.db, [reminders(year.db, terms), weekly])


async def run(year: Year, days: int) -> date:
    """Lets the days pass; returns the last."""
    scheduler = scheduler_of(year)
    await scheduler.prepare(year.clock.now())
    day = START
    for number in range(days):
        day = START + timedelta(days=number)
        if day == RESTART:
            scheduler = scheduler_of(year)
            await scheduler.prepare(at(day, 8))
        if day == TABLE_OF_2027:
            await holidays.save(year.db, NEXT_TABLE)
            year.table |= {one.day: one.kind for one in NEXT_TABLE}
        if not MISSED_WEEK[0] <= day < MISSED_WEEK[1]:
            await scheduler.tick(at(day))
        await year.publish_accounts(day)
        if day in EVENTS:
            kind, key, publish, values = EVENTS[day]
            values = {"name": key[0], "started": "2026-02-27", **values}
            await year.bring(kind, key, day, publish=publish, **values)
    await scheduler.tick(at(day + timedelta(days=1)))
    return day


async def test_every_publication_that_was_due_is_out_or_on_record(year: Year) -> None:
    days = 120 if year.db.dialect == "postgres" else 545
    last = await run(year, days)

    rows = await dues.listed(year.db, limit=10_000)
    accounts: defaultdict[str, list[Due]] = defaultdict(list)
    for due in rows:
        if due.kind == "accounts":
            accounts[due.village].append(due)
    for number, village in enumerate(year.villages):
        _check_village(accounts[village.code], village, number, last)
    await _check_reminders(year, rows, last)


def _check_village(rows: list[Due], village: Region, number: int, last: date) -> None:
    past = sorted((due for due in rows if due.due_on <= last), key=lambda due: due.due_on)
    count = 3 if village.rhythm == "每季" else 1
    expected = [
        (year * 12 + month - 1)
        for year in (2026, 2027)
        for month in range(1, 13)
        if count == 1 or month in (1, 4, 7, 10)
    ]
    # Each month or quarter is there, once.
    found = [due.counted_from.year * 12 + due.counted_from.month - 1 for due in past]
    assert found == [one for one in expected if found[0] <= one <= found[-1]]
    assert past[0].due_on <= START + timedelta(days=100)
    assert last - past[-1].due_on < timedelta(days=31 * count + 10)
    for due in past:
        # One that is due at the very end may still be on its way.
        if due.due_on > last - timedelta(days=13):
            continue
        state = (
            DueState.PUBLISHED, DueState.PUBLISHED, DueState.LATE_PUBLISHED,
            DueState.LATE_PUBLISHED, DueState.OVERDUE,
        )[number % 5]  # fmt: skip
        assert due.state is state, (village.name, number, due)
        assert (due.overdue_at is None) == (state is DueState.PUBLISHED)
        if due.overdue_at:
            assert due.overdue_at == at(due.due_on + timedelta(days=1), 0, 0)


async def _check_reminders(year: Year, rows: list[Due], last: date) -> None:
    """Each stage of each row once, none after it was published."""
    found = await year.db.rows("SELECT key, created_at FROM campaigns WHERE key LIKE 'due:%'")
    keys = [row["key"] for row in found]
    assert len(keys) == len(set(keys))
    told: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in found:
        _, identity, stage = row["key"].split(":")
        told[identity][int(stage)] = row["created_at"]
    rule = USUAL[Rhythm.REGULAR]
    allowed = {*rule.stages, rule.town_stage}
    calm = [
        due
        for due in rows
        if due.kind == "accounts"
        and due.due_on < last - timedelta(days=10)
        and not (MISSED_WEEK[0] - timedelta(days=9) <= due.due_on <= MISSED_WEEK[1] + timedelta(3))
        and due.due_on > START + timedelta(days=3)
        and due.due_on.year != 2027
    ]
    for due in calm:
        stages = set(told[due.id])
        end = due.published_at or at(last)
        wanted = {stage for stage in allowed if at(due.due_on + timedelta(days=stage)) < end}
        assert stages == wanted, (due, stages, wanted)
    for due in rows:
        if due.published_at:
            assert all(ms <= to_ms(due.published_at) for ms in told[due.id].values())
