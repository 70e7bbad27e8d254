"""Days off and working days, months, and both as people read them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from notifications import texts

DaysOff = Mapping[date, str]
"""What the holiday table says of a day: off, or work (a weekend day that is worked)."""


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
