"""定期: which months are due when, by a village's day, by quarters, by days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rhythms.days import WorkDays
from notifications.rhythms.regular import Planned, months_owed, owed_regularly
from notifications.rhythms.rules import PLANNED_AHEAD
from storage.dues import Owed
from storage.regions import Region

TABLE = {date(2026, 10, n): "off" for n in range(1, 9)} | {date(2026, 10, 10): "work"}
CODE = "990101102200"


def village(rhythm: str = "每月", day: int | None = 8) -> Region:
    return Region(CODE, "village", "听竹村", "990101102000", rhythm=rhythm, disclosure_day=day)


def planned(
    today: date,
    region: Region,
    *,
    last: date | None = None,
    publishes: frozenset[str] = frozenset(),
) -> list[Owed]:
    plan = Planned(
        today=today,
        days=WorkDays(TABLE, {2026}),
        last_planned={("accounts", CODE): last} if last else {},
        publishes={CODE: publishes},
    )
    return list(owed_regularly([region], plan))


@pytest.mark.parametrize(
    ("today", "region", "due", "months"),
    [
        # The 8th is a Sunday.
        (date(2026, 10, 20), village(), date(2026, 11, 9), ("2026-10", "2026-10")),
        (date(2026, 9, 20), village(), date(2026, 10, 9), ("2026-09", "2026-09")),
        (date(2026, 12, 20), village(), date(2027, 1, 8), ("2026-12", "2026-12")),
        (date(2026, 9, 20), village("每季", 20), date(2026, 10, 20), ("2026-07", "2026-09")),
        (date(2026, 12, 20), village("每季", 20), date(2027, 1, 20), ("2026-10", "2026-12")),
    ],
)
def test_what_is_due_when(today: date, region: Region, due: date, months: tuple[str, str]) -> None:
    (first, *_) = planned(today, region)

    assert (first.due_on, (first.from_period, first.to_period)) == (due, months)


def test_a_quarter_is_due_in_the_month_after_it_only() -> None:
    found = {
        owed.counted_from
        for month in range(1, 13)
        for owed in planned(date(2026, month, 1), village("每季", 20))
    }

    assert {(day.month, day.day) for day in found} == {(1, 20), (4, 20), (7, 20), (10, 20)}


def test_a_village_without_a_rhythm_or_a_day_owes_no_accounts() -> None:
    assert planned(date(2026, 11, 1), village("")) == []
    assert planned(date(2026, 11, 1), village(day=None)) == []


def test_a_year_without_a_table_is_provisional() -> None:
    december, january = planned(date(2026, 12, 1), village())

    assert (december.due_on, december.provisional) == (date(2026, 12, 8), False)
    assert (january.due_on, january.provisional) == (date(2027, 1, 8), True)


def test_what_was_missed_since_the_last_row_is_planned_as_well() -> None:
    found = planned(date(2026, 11, 24), village(), last=date(2026, 6, 8))

    assert [owed.to_period for owed in found] == [
        "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"
    ]  # fmt: skip


def test_who_publishes_lists_owes_them_each_quarter() -> None:
    found = planned(date(2026, 10, 1), village(""), publishes=frozenset({"subsidies", "contacts"}))

    (owed,) = found
    assert (owed.kind, owed.due_on, owed.title) == (
        "subsidies", date(2026, 10, 20), "2026年7月至9月补贴救助名单"
    )  # fmt: skip


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 28))
def test_every_month_is_owed_once(today: date, day: int) -> None:
    region = village(day=day)
    months: list[str] = []
    last = None
    for _ in range(12):
        new = [owed for owed in planned(today, region, last=last) if owed.to_period not in months]
        months += [owed.to_period for owed in new]
        last = new[-1].counted_from if new else last
        today += timedelta(days=29)

    assert months == sorted(months)
    first, final = months[0], months[-1]
    count = (int(final[:4]) - int(first[:4])) * 12 + int(final[5:]) - int(first[5:]) + 1
    assert len(months) == count
    assert months_owed(date(int(final[:4]), int(final[5:]), 1) + PLANNED_AHEAD, 1)
