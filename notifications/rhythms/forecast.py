"""The next days on which a rhythm would fall, shown before its rule is laid down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifications.calendar import period_text
from notifications.rhythms.days import WorkDays
from notifications.rhythms.permanent import same_day
from notifications.rhythms.regular import months_owed

SHOWN = 10
_QUARTERS_END = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`begins` is the day that the limit counts from, `months` what would be owed, if months are.

    `provisional`: counted without the year's table of days off.
    """

    begins: date
    due_on: date
    provisional: bool
    months: str = ""


def regular(today: date, day: int, months: int, days: WorkDays) -> list[Foreseen]:
    """A day of every month, or of every quarter's first month (`months` 3)."""
    found: list[Foreseen] = []
    number = today.year * 12 + today.month - 2  # the month before: its day may have moved on
    while len(found) < SHOWN:
        nominal = date(number // 12, number % 12 + 1, day)
        due_on, provisional = days.due(nominal, 0)
        if due_on >= today and (months == 1 or nominal.month in _QUARTERS_END):
            owed = period_text(months_owed(nominal, months))
            found.append(Foreseen(nominal, due_on, provisional, owed))
        number += 1
    return found


def after_events(today: date, working_days: int, days: WorkDays) -> list[Foreseen]:
    """For something that happens on each of the next days."""
    begins = [today + timedelta(days=number) for number in range(SHOWN)]
    return [Foreseen(day, *days.due(day, working_days)) for day in begins]


def reviews(since: Iterable[date], today: date, days: WorkDays) -> list[Foreseen]:
    """The yearly reviews of what has been public since these days."""
    nexts = set()
    for first in since:
        year = max(first.year + 1, today.year)
        day = same_day(first, year)
        nexts.add(day if day >= today else same_day(first, year + 1))
    return [Foreseen(day, *days.due(day, 0)) for day in sorted(nexts)[:SHOWN]]


def reminded(one: Foreseen, stages: Sequence[int]) -> list[date]:
    """The days on which those who enter it would be reminded."""
    return [one.due_on + timedelta(days=stage) for stage in stages]
