"""Festivals and events of office, and the days on which one is reminded before (domain.md 9).

Pure. Lunar days are calculated; days off come from the table that is handed in.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from notifications.calendar import DaysOff, is_worked

_SOLAR: Final = (("元旦", 1, 1), ("五一", 5, 1), ("七一", 7, 1), ("国庆", 10, 1))
_LUNAR: Final = (("春节", 1, 1), ("元宵", 1, 15), ("端午", 5, 5), ("中秋", 8, 15), ("重阳", 9, 9))
_QINGMING: Final = "清明"
_OF_OFFICE: Final = (("防汛", 6, 1), ("升学宴", 7, 10), ("年终结账", 12, 20))
"""Flood season, the feasts for new students in July and August, the year's accounts."""
ELECTION: Final = "换届"

_FIRST_DAYS: Final = (5, 6, 7, 4, 3)
"""So many days before the first reminder falls: 3 to 7, the middle if it is worked."""
_FARTHEST: Final = 10
"""So many days back a free working day is looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A festival, or what else one is reminded before. `tag` names it in the library of texts."""

    day: date
    tag: str
    is_festival: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder: on which day, before what, and whether it is the first or the second of it."""

    on: date
    event: Event
    number: int


@functools.cache
def events(year: int) -> tuple[Event, ...]:
    """The festivals and events of a year, by day."""
    from lunar_python import Lunar

    found = [Event(date(year, month, day), tag) for tag, month, day in _SOLAR]
    for tag, month, day in _LUNAR:
        found.append(Event(_date(Lunar.fromYmd(year, month, day).getSolar()), tag))
    terms = Lunar.fromYmd(year, 3, 1).getJieQiTable()
    found.append(Event(_date(terms[_QINGMING]), _QINGMING))
    found += [Event(date(year, month, day), tag, False) for tag, month, day in _OF_OFFICE]
    return tuple(sorted(found))


def plan(around: date, table: DaysOff) -> list[Planned]:
    """The reminders of the year around a day, by day; never two on one, and each on a worked day.

    The second of a festival falls on the last working day before it, the first 3 to 7 days before.
    Where two festivals are close, the later one gives way to an earlier day, or to none.
    """
    used: set[date] = set()
    planned: list[Planned] = []
    for year in range(around.year - 1, around.year + 2):
        for event in events(year):
            planned += reminders_of(event, table, used)
    return sorted(planned, key=lambda one: one.on)


def reminders_of(event: Event, table: DaysOff, used: set[date]) -> list[Planned]:
    """The reminders of one event, on days that are not used yet; notes theirs in `used`."""
    found: list[Planned] = []
    before = event.day
    if event.is_festival:
        last = _free(event.day, range(1, _FARTHEST + 1), table, used)
        if last:
            found.append(Planned(last, event, 2))
            used.add(last)
            before = last
    first = _free(event.day, _FIRST_DAYS, table, used)
    if first and first < before:
        found.append(Planned(first, event, 1))
        used.add(first)
    return found


def _free(day: date, days_before: Iterable[int], table: DaysOff, used: set[date]) -> date | None:
    candidates: Sequence[date] = [day - timedelta(days=number) for number in days_before]
    return next((one for one in candidates if is_worked(one, table) and one not in used), None)


def _date(solar: object) -> date:
    return date.fromisoformat(solar.toYmd())  # type: ignore[attr-defined]
