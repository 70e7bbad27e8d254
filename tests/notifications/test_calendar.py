"""Which months are due when: the village's day, quarters, days off, and who hears when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendar import (
    STAGES,
    TOWN_STAGE,
    Owed,
    day_text,
    is_worked,
    months_before,
    next_worked,
    owed,
    owed_around,
    period_text,
    stage,
)

TABLE = {date(2026, 10, n): "off" for n in range(1, 9)} | {date(2026, 10, 10): "work"}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 8), False),  # a Thursday of the feast
        (date(2026, 10, 9), True),
        (date(2026, 10, 10), True),  # a Saturday that is worked
        (date(2026, 10, 11), False),
        (date(2027, 1, 1), True),  # no table yet: a Friday
    ],
)
def test_days_off_come_from_the_table_and_else_from_the_week(day: date, worked: bool) -> None:
    assert is_worked(day, TABLE) is worked


@pytest.mark.parametrize(
    ("rhythm", "day", "year", "month", "due", "months"),
    [
        ("每月", 8, 2026, 11, date(2026, 11, 9), ("2026-10",)),  # the 8th is a Sunday
        ("每月", 8, 2026, 10, date(2026, 10, 9), ("2026-09",)),
        ("每月", 8, 2027, 1, date(2027, 1, 8), ("2026-12",)),
        ("每季", 20, 2026, 10, date(2026, 10, 20), ("2026-07", "2026-08", "2026-09")),
        ("每季", 20, 2027, 1, date(2027, 1, 20), ("2026-10", "2026-11", "2026-12")),
    ],
)
def test_what_is_due_when(
    rhythm: str, day: int, year: int, month: int, due: date, months: tuple[str, ...]
) -> None:
    assert owed(rhythm, day, year, month, TABLE) == Owed(due, months)


def test_a_quarter_is_due_in_the_month_after_it_only() -> None:
    months = [month for month in range(1, 13) if owed("每季", 20, 2026, month, {})]

    assert months == [1, 4, 7, 10]
    assert owed("", 20, 2026, 1, {}) is None


def test_the_turn_of_the_year_is_seen_from_both_sides() -> None:
    found = [item.months for item in owed_around("每月", 8, date(2026, 12, 30), {})]

    assert found == [("2026-10",), ("2026-11",), ("2026-12",)]


def test_each_day_has_its_stage() -> None:
    due = date(2026, 11, 9)

    found = {
        offset: stage(due, due + timedelta(days=offset), due + timedelta(days=offset))
        for offset in range(-5, 12)
    }

    told = {offset: reached for offset, reached in found.items() if reached is not None}
    assert told == {offset: offset for offset in (*STAGES, TOWN_STAGE)}


def test_days_that_nobody_was_there_for_are_made_up_by_their_latest_stage() -> None:
    due = date(2026, 11, 9)

    assert stage(due, due - timedelta(days=3), due + timedelta(days=4)) == 3


@pytest.mark.parametrize(
    ("months", "text"),
    [
        (["2026-10"], "2026年10月"),
        (["2026-09", "2026-08", "2026-07"], "2026年7月至9月"),
        (["2025-12", "2026-01"], "2025年12月、2026年1月"),
        (["2026-01", "2026-03", "2026-05"], "2026年1月等3段"),
    ],
)
def test_months_in_words(months: list[str], text: str) -> None:
    assert period_text(months) == text


def test_days_in_words() -> None:
    assert day_text(date(2026, 12, 8)) == "2026年12月8日"
    assert months_before("2026-03", 5) == "2025-10"


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 28))
def test_a_due_day_is_worked_and_never_early(today: date, day: int) -> None:
    for item in owed_around("每月", day, today, TABLE):
        assert is_worked(item.due, TABLE)
        assert next_worked(item.due, TABLE) == item.due
        year, month = map(int, item.months[-1].split("-"))
        assert item.due > date(year, month, 28)
