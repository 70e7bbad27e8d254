"""The usual education plan of a year: the whole library, spread over its months (domain.md, M55).

Pure. Feasts and events stand before their day and in its month, if a worked day is free there. No
day bears two lessons, or a lesson besides a reminder before a festival.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from notifications.calendar import DaysOff, is_worked
from notifications.festivals import events, plan
from notifications.integrity import ROLES
from storage.education import EducationItem
from storage.lessons import NewLine

AUDIENCE: Final = f"role={'|'.join(ROLES)}"
FORM: Final = "微信"


def usual_plan(
    year: int,
    items: Iterable[EducationItem],
    table: DaysOff,
    *,
    after: date,
    form: str = FORM,
    taken: Iterable[date] = (),
) -> list[NewLine]:
    """A line for each item, by day, on days after `after` and not `taken`, in that form or, where
    an item has it not, in one that it has.

    An item whose feast or event is over, or for which no day is left, gets none.
    """
    reminded = {one.on for one in plan(date(year, 7, 1), table)} | set(taken)
    free = [day for day in _days(year) if day > after and is_worked(day, table)]
    free = [day for day in free if day not in reminded]
    feasts = {event.tag: event.day for event in events(year)}
    every = sorted(items, key=lambda item: item.id)
    lines: list[NewLine] = []
    for item in (one for one in every if one.tag in feasts):
        feast = feasts[item.tag]
        before = [day for day in free if day <= feast and day.month == feast.month]
        # New Year's Day has no day before it in its month: it is spoken of after.
        later = [day for day in free if feast < day and day.month == feast.month]
        chosen = before[-1] if before else next(iter(later), None)
        if chosen:
            lines.append(_line(item, chosen, form))
            free.remove(chosen)
    for item in (one for one in every if one.tag not in feasts):
        if not free:
            break
        chosen = _least_used(free, [line.day for line in lines])
        lines.append(_line(item, chosen, form))
        free.remove(chosen)
    return sorted(lines, key=lambda line: line.day)


def _least_used(free: Sequence[date], used: Sequence[date]) -> date:
    """A day of the month with the fewest lessons, as far from the others of it as can be."""
    count = Counter(day.month for day in used)
    month = min({day.month for day in free}, key=lambda one: (count[one], one))
    days = [day for day in free if day.month == month]
    others = [day for day in used if day.month == month]
    if not others:
        return days[0]
    return max(days, key=lambda day: min(abs((day - other).days) for other in others))


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def _line(item: EducationItem, day: date, form: str) -> NewLine:
    return NewLine(day=day, item_id=item.id, audience=AUDIENCE, form=form_of(item, form))


def form_of(item: EducationItem, wished: str = FORM) -> str:
    """The form in which an item is told: the one that is wished, if it has it."""
    return wished if wished in item.forms or not item.forms else item.forms[0]
