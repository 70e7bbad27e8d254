"""The disclosure calendar: which months a village owes by when, and who is told how long before.

For 每月 the month before is due on the village's day; for 每季 the quarter's three months in the
month after it (issue: pushes). On a day off the next working day counts. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from notifications import texts

MONTHLY, QUARTERLY = "每月", "每季"
STAGES: Final = (-3, 0, 1, 3, 7)
"""Days from the due day on which those who enter the accounts are reminded."""
TOWN_STAGE: Final = 8
"""The day after the last of them the town is told, once."""
_QUARTERS_END = (1, 4, 7, 10)

DaysOff = Mapping[date, str]
"""What the holiday table says of a day: off, or work (a weekend day that is worked)."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Months (YYYY-MM) that a village has to publish by a day."""

    due: date
    months: tuple[str, ...]


def is_worked(day: date, table: DaysOff) -> bool:
    """A day that the table does not have is off at weekends only (design.md, section 5)."""
    return table[day] == "work" if day in table else day.weekday() < 5


def next_worked(day: date, table: DaysOff) -> date:
    """The day itself, or the first one after it that is worked."""
    while not is_worked(day, table):
        day += timedelta(days=1)
    return day


def worked_days_on(day: date, count: int, table: DaysOff) -> date:
    """The worked day that ends a limit of so many working days, the first one being the next."""
    for _ in range(count):
        day = next_worked(day + timedelta(days=1), table)
    return day


def owed(rhythm: str, day_of_month: int, year: int, month: int, table: DaysOff) -> Owed | None:
    """What falls due in a calendar month; None: nothing does."""
    if rhythm == QUARTERLY and month not in _QUARTERS_END:
        return None
    if rhythm not in (MONTHLY, QUARTERLY):
        return None
    count = 3 if rhythm == QUARTERLY else 1
    first = year * 12 + month - 1 - count
    months = tuple(_month(number) for number in range(first, first + count))
    return Owed(next_worked(date(year, month, day_of_month), table), months)


def owed_around(rhythm: str, day_of_month: int, today: date, table: DaysOff) -> list[Owed]:
    """What is due in the month before, in this one, and in the next."""
    this = today.year * 12 + today.month - 1
    found = (
        owed(rhythm, day_of_month, number // 12, number % 12 + 1, table)
        for number in (this - 1, this, this + 1)
    )
    return [item for item in found if item]


def stage(due: date, first: date, last: date) -> int | None:
    """The latest stage of a due day that falls into these days; None where none does."""
    days = [s for s in (*STAGES, TOWN_STAGE) if first <= due + timedelta(days=s) <= last]
    return days[-1] if days else None


def day_text(day: date) -> str:
    """2026年12月8日, as one reads it."""
    return f"{day.year}年{texts.DAY.format(month=day.month, day=day.day)}"


def period_text(months: Iterable[str]) -> str:
    """Months (YYYY-MM) as one reads them.

    >>> period_text(["2026-10"]), period_text(["2026-07", "2026-08", "2026-09"])
    ('2026年10月', '2026年7月至9月')
    """
    runs = [_run_text(run) for run in _runs(sorted(set(months)))]
    whole = texts.PERIOD_JOINT.join(runs)
    return whole if len(runs) <= 2 else texts.PERIODS.format(first=runs[0], count=len(runs))


def months_before(month: str, count: int) -> str:
    """The month (YYYY-MM) that many months earlier."""
    year, number = map(int, month.split("-"))
    return _month(year * 12 + number - 1 - count)


def _runs(months: Sequence[str]) -> list[list[str]]:
    """Months in a row within one year."""
    runs: list[list[str]] = []
    for month in months:
        if runs and months_before(month, 1) == runs[-1][-1] and month[:4] == runs[-1][0][:4]:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def _run_text(run: Sequence[str]) -> str:
    year, first = run[0].split("-")
    if len(run) == 1:
        return texts.MONTH.format(year=year, month=int(first))
    return texts.MONTHS.format(year=year, first=int(first), last=int(run[-1][5:]))


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
