"""What becomes due by events, what meets it, and what days off and withdrawals do to it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from notifications.rhythms import keep, missing_table, recount
from notifications.schedules import Occasion
from notifications.triggers import disclosure_calendar, remind
from storage import disclosures, dues, holidays, regions
from storage.batches import Order
from storage.clock import BEIJING
from storage.dues import Due, DueState
from storage.holidays import Holiday
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, RecordBatch, bring_in
from tests.notifications.world import VILLAGE, County, phone, usual_terms
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import (
    ASSETS,
    CONTACTS,
    DECISIONS,
    DOCUMENTS,
    PROJECTS,
    RULES,
    SUBSIDIES,
)

TERMS = usual_terms()
MONDAY = date(2026, 11, 30)
ROAD = ("三组道路硬化", "2026")
MEETING = ("村民代表会议", "2026-12-03")


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), BEIJING)


async def bring(
    county: County,
    kind: RecordKind,
    key: tuple[str, str],
    when: datetime,
    *,
    publish: bool = False,
    **values: Any,
) -> str:
    """Brings in a list of one row; returns the id of its version."""
    rows = [BroughtRow(line_of(kind, values), "表.xlsx", "", 2)]
    batch = RecordBatch(VILLAGE, kind, {key: BroughtList(rows)})
    order = Order(actor="operator", now=when, today=when.date(), publish=publish)
    (listed,) = (await bring_in(county.db, batch, order)).lists
    return listed.id


async def road(county: County, stage: str, reached: date, when: datetime, **more: Any) -> str:
    row: dict[str, Any] = {
        "name": ROAD[0],
        "started": "2026-11-01",
        "stage": stage,
        "reached": reached.isoformat(),
    }
    return await bring(county, PROJECTS, ROAD, when, **row, **more)


async def decision(county: County, when: datetime, **more: Any) -> str:
    row: dict[str, Any] = {
        "date": MEETING[1], "meeting": MEETING[0], "title": "果园续包", "content": "不续包",
        "result": "通过", "major": "是",
    }  # fmt: skip
    return await bring(county, DECISIONS, MEETING, when, **(row | more))


async def of(county: County, kind: str) -> list[Due]:
    """The rows of a kind, by the day they are due."""
    found = [due for due in await dues.listed(county.db, village=VILLAGE) if due.kind == kind]
    return sorted(found, key=lambda due: (due.due_on, due.stage))


@pytest.fixture
async def village(county: County) -> County:
    """A village whose calendar begins on a Monday; the year has a table of days off."""
    await holidays.save(county.db, [Holiday(date(2026, 1, 1), "off", "元旦")])
    await keep(county.db, at(MONDAY))
    return county


async def test_a_stage_is_due_three_working_days_after_it(village: County) -> None:
    await road(village, "在建", date(2026, 12, 3), at(date(2026, 12, 4)))

    await keep(village.db, at(date(2026, 12, 4), 10))

    (due,) = await of(village, "projects")
    assert (due.rhythm, due.stage, due.due_on, due.state) == (
        "及时", "在建", date(2026, 12, 8), DueState.WAITING  # Thursday: Friday, Monday, Tuesday
    )  # fmt: skip
    assert due.title == "三组道路硬化在建情况"


@pytest.mark.parametrize(
    ("published", "state"),
    [
        (date(2026, 12, 8), DueState.PUBLISHED),
        (date(2026, 12, 9), DueState.LATE_PUBLISHED),
        (None, DueState.OVERDUE),
    ],
)
async def test_a_stage_is_met_by_its_publication_or_on_record(
    village: County, published: date | None, state: DueState
) -> None:
    reached = date(2026, 12, 3)
    await road(village, "在建", reached, at(date(2026, 12, 4)))
    await keep(village.db, at(date(2026, 12, 4), 10))
    if published:
        identity = await road(village, "在建", reached, at(published, 23), publish=True)

    await keep(village.db, at(date(2026, 12, 20)), since=at(date(2026, 12, 4)))

    (due,) = await of(village, "projects")
    assert due.state is state
    midnight = at(date(2026, 12, 9), 0)
    assert due.overdue_at == (None if state is DueState.PUBLISHED else midnight)
    if published:
        assert (due.disclosure_id, due.published_at) == (identity, at(published, 23))


async def test_the_next_stage_is_due_anew_and_the_same_one_is_not(village: County) -> None:
    await road(village, "立项", date(2026, 12, 1), at(date(2026, 12, 1)), publish=True)
    await keep(village.db, at(date(2026, 12, 1), 10))
    await road(village, "立项", date(2026, 12, 1), at(date(2026, 12, 2)), publish=True, paid=100)
    await keep(village.db, at(date(2026, 12, 2), 10))
    await road(village, "招标", date(2026, 12, 7), at(date(2026, 12, 8)))
    await keep(village.db, at(date(2026, 12, 8), 10))

    found = [(due.stage, due.state) for due in await of(village, "projects")]
    assert found == [("立项", DueState.PUBLISHED), ("招标", DueState.WAITING)]


async def test_what_happened_before_the_calendar_began_is_not_held_against_anybody(
    village: County,
) -> None:
    await road(village, "结算", date(2026, 6, 1), at(MONDAY, 10), publish=True)

    await keep(village.db, at(MONDAY, 11))

    assert await of(village, "projects") == []


async def test_a_stage_that_became_known_late_is_late_at_once_and_reminded_from_then_on(
    village: County,
) -> None:
    await village.person(phone=phone(1), role="录入")
    await road(village, "完工", date(2026, 12, 1), at(date(2026, 12, 21)))

    today = at(date(2026, 12, 21), 10)
    await remind(village.db, TERMS, Occasion(today, today, today))

    (due,) = await of(village, "projects")
    assert (due.due_on, due.state) == (date(2026, 12, 4), DueState.OVERDUE)
    rows = await village.db.rows("SELECT template, audience FROM campaigns")
    mine = [row for row in rows if row["template"] == "disclosure_overdue"]
    assert f"role=录入|post=会计,region={VILLAGE}" in [row["audience"] for row in mine]


async def test_a_lease_is_due_after_its_first_day(village: County) -> None:
    row: dict[str, Any] = {
        "category": "资源", "number": "TZ-001", "name": "鱼塘", "party": "双泉合作社",
        "start": "2026-12-01", "date": "2026-12-02",
    }  # fmt: skip
    key = ("资源", "2026-12")
    await bring(village, ASSETS, key, at(date(2026, 12, 2)), **row)
    await keep(village.db, at(date(2026, 12, 2), 10))
    (waiting,) = await of(village, "assets")
    await bring(village, ASSETS, key, at(date(2026, 12, 7)), publish=True, **row)
    await keep(village.db, at(date(2026, 12, 7), 10))

    (late, *_) = await of(village, "assets")
    assert (waiting.due_on, waiting.state) == (date(2026, 12, 4), DueState.WAITING)
    assert (late.id, late.state) == (waiting.id, DueState.LATE_PUBLISHED)


async def test_what_cannot_wait_is_due_the_day_it_was_brought_and_nudged_after_two_hours(
    village: County,
) -> None:
    await village.person(phone=phone(1), role="录入")
    day = date(2026, 12, 2)
    row: dict[str, Any] = {
        "title": "救灾米面发放",
        "class": "政务",
        "rhythm": "随时",
        "content": "每户一袋",
    }
    await bring(village, DOCUMENTS, ("x", "2026-12"), at(day, 10), date=day.isoformat(), **row)
    hourly = disclosure_calendar(village.db, TERMS)

    made = []
    for hour in (10, 11, 12, 13, 14):
        await hourly.run(Occasion(at(day, hour), at(day, hour), at(day, hour)))
        made.append(len(await village.db.rows("SELECT id FROM campaigns")))

    (due,) = await of(village, "documents")
    assert (due.due_on, due.rhythm, due.title) == (day, "随时", "政务公开事项")
    assert made == [0, 0, 1, 1, 1]


async def test_a_decision_its_execution_and_its_result_are_each_due_the_same_day(
    village: County,
) -> None:
    held = date(2026, 12, 3)
    await decision(village, at(held, 16), publish=True)
    await keep(village.db, at(held, 17))
    carried_out = date(2026, 12, 10)
    await decision(village, at(carried_out, 9), execution="收回鱼塘,开始比选")
    await keep(village.db, at(carried_out, 10))
    await decision(village, at(carried_out, 15), publish=True, execution="收回鱼塘,开始比选")
    await keep(village.db, at(carried_out, 16))
    ended = date(2026, 12, 17)
    await decision(village, at(ended, 9), execution="比选完成,合同已签")
    await keep(village.db, at(ended, 10))
    await keep(village.db, at(date(2026, 12, 19)))

    found = [(due.stage, due.due_on, due.state) for due in await of(village, "decisions")]
    assert found == [
        ("决议", held, DueState.PUBLISHED),
        ("执行", carried_out, DueState.PUBLISHED),
        ("结果", ended, DueState.OVERDUE),
    ]


async def test_a_decision_that_is_not_major_is_due_by_nobody(village: County) -> None:
    await decision(village, at(date(2026, 12, 3), 16), major="否")

    await keep(village.db, at(date(2026, 12, 3), 17))

    assert await of(village, "decisions") == []


async def test_a_permanent_kind_is_reviewed_every_year_and_stays_public(village: County) -> None:
    first = date(2026, 12, 1)
    row: dict[str, Any] = {
        "name": "村规民约",
        "state": "行",
        "effective": "2026-12-01",
        "content": "红白事不超过20桌",
    }
    await bring(village, RULES, ("村规民约", "长期"), at(first), publish=True, **row)
    contact: dict[str, Any] = {"office": "村委会", "post": "办公室", "phone": "000-55501200"}
    await bring(village, CONTACTS, ("联系方式", "长期"), at(first), publish=True, **contact)
    for weeks in range(1, 79):
        await keep(village.db, at(first + timedelta(weeks=weeks)), since=at(first))
        if weeks == 50:  # shortly before the day: this is the review
            changed: dict[str, Any] = {**contact, "phone": "000-55501201"}
            day = first + timedelta(weeks=weeks)
            await bring(village, CONTACTS, ("联系方式", "长期"), at(day), publish=True, **changed)

    (rules,) = await of(village, "rules")
    (contacts,) = await of(village, "contacts")
    assert (rules.rhythm, rules.due_on, rules.state) == (
        "长期", date(2027, 12, 1), DueState.OVERDUE
    )  # fmt: skip
    assert rules.title == "规章制度2027年复核结果"
    assert contacts.state is DueState.PUBLISHED
    found = await village.db.rows("SELECT state FROM disclosures WHERE kind = 'rules'")
    assert [row["state"] for row in found] == ["published"]


async def test_who_publishes_relief_lists_owes_one_each_quarter(village: County) -> None:
    row: dict[str, Any] = {
        "item": "最低生活保障",
        "period": "2026-11",
        "name": "李*英",
        "amount": 84_000,
    }
    key = ("最低生活保障", "2026-11")
    await bring(village, SUBSIDIES, key, at(date(2026, 12, 1)), publish=True, **row)

    await keep(village.db, at(date(2026, 12, 20)))

    (due,) = await of(village, "subsidies")
    assert (due.due_on, due.from_period, due.to_period, due.state) == (
        date(2027, 1, 20), "2026-10", "2026-12", DueState.PUBLISHED
    )  # fmt: skip


async def test_a_withdrawn_publication_is_owed_again(village: County) -> None:
    day = date(2026, 12, 4)
    identity = await road(village, "在建", date(2026, 12, 3), at(day), publish=True)
    await keep(village.db, at(day, 10))
    (met,) = await of(village, "projects")
    await disclosures.withdraw(village.db, identity, "写错了项目", "operator", at(day, 11))
    await keep(village.db, at(day, 12))
    (again,) = await of(village, "projects")
    await keep(village.db, at(date(2026, 12, 9)))
    (late,) = await of(village, "projects")

    assert [met.state, again.state, late.state] == [
        DueState.PUBLISHED, DueState.WAITING, DueState.OVERDUE
    ]  # fmt: skip


async def test_a_year_without_a_table_is_provisional_until_it_is_imported(
    village: County,
) -> None:
    await keep(village.db, at(date(2026, 12, 15)))
    (_, before) = await of(village, "accounts")
    await holidays.save(
        village.db, [Holiday(date(2027, 1, 8), "off", ""), Holiday(date(2027, 1, 9), "work", "")]
    )
    await recount(village.db)
    (overdue, after) = await of(village, "accounts")

    assert (before.due_on, before.provisional) == (date(2027, 1, 8), True)
    assert (after.due_on, after.provisional) == (date(2027, 1, 9), False)
    assert (overdue.due_on, overdue.state) == (date(2026, 12, 8), DueState.OVERDUE)


async def test_a_village_that_changes_its_day_owes_by_the_new_one(village: County) -> None:
    await keep(village.db, at(date(2026, 12, 15)))
    await regions.save_villages(village.db, [village.village(VILLAGE, "听竹村", disclosure_day=15)])

    await keep(village.db, at(date(2026, 12, 16)))

    found = [(due.from_period, due.due_on) for due in await of(village, "accounts")]
    assert found == [("2026-11", date(2026, 12, 8)), ("2026-12", date(2027, 1, 15))]


async def test_keeping_again_changes_nothing(village: County) -> None:
    await road(village, "在建", date(2026, 12, 3), at(date(2026, 12, 4)))
    for _ in range(3):
        await keep(village.db, at(date(2026, 12, 20)), since=at(MONDAY))

    rows = await village.db.rows("SELECT source, COUNT(*) AS n FROM dues GROUP BY source")
    assert {row["n"] for row in rows} == {1}


@pytest.mark.parametrize(
    ("today", "years", "year"),
    [
        (date(2026, 11, 30), (2026,), None),
        (date(2026, 12, 1), (2026,), 2027),
        (date(2026, 12, 1), (2026, 2027), None),
        (date(2027, 3, 1), (2026,), 2027),
    ],
)
async def test_a_table_is_missed_from_december_on(
    county: County, today: date, years: tuple[int, ...], year: int | None
) -> None:
    await holidays.save(county.db, [Holiday(date(one, 1, 1), "off") for one in years])

    assert await missing_table(county.db, today) == year
