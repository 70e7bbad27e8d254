"""Days off and working days, and what months and days are called."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendar import (
    day_text,
    is_worked,
    months_before,
    next_worked,
    period_text,
    worked_days_on,
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


def test_working_days_are_counted_from_the_next_day_on() -> None:
    assert worked_days_on(date(2026, 9, 30), 3, TABLE) == date(2026, 10, 12)
    assert worked_days_on(date(2026, 10, 9), 1, TABLE) == date(2026, 10, 10)


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


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_next_worked_day_is_worked_and_never_early(day: date) -> None:
    found = next_worked(day, TABLE)

    assert is_worked(found, TABLE)
    assert found >= day
    assert next_worked(found, TABLE) == found
