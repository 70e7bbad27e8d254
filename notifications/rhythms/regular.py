"""定期 (M38): accounts by each village's own day, lists each quarter by whoever publishes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from notifications import texts
from notifications.calendar import months_before, period_text
from notifications.rhythms.days import WorkDays
from notifications.rhythms.rules import (
    KEEPS_PUBLISHING_MONTHS,
    MONTHLY,
    PLANNED_AHEAD,
    QUARTER_DAY,
    QUARTERLY,
    QUARTERLY_KINDS,
    Rhythm,
)
from storage.bodies import KIND as ACCOUNTS
from storage.dues import Owed
from storage.regions import Region

_QUARTERS_END = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known when the calendar is planned.

    `last_planned` holds by kind and village the day of its latest row: whatever was missed since,
    by a service that stood still, is planned now. `publishes` names by village the quarterly kinds
    that it published within the year; they are due on `quarter_day`.
    """

    today: date
    days: WorkDays
    last_planned: Mapping[tuple[str, str], date]
    publishes: Mapping[str, frozenset[str]]
    quarter_day: int = QUARTER_DAY


def owed_regularly(villages: Iterable[Region], plan: Planned) -> Iterator[Owed]:
    """What is owed from the last row on, or for a village that has none from today on, up to
    PLANNED_AHEAD: nobody is late with what was due before the calendar began."""
    for village in villages:
        if village.disclosure_day and village.rhythm in (MONTHLY, QUARTERLY):
            yield from _accounts(village, plan)
        for kind in QUARTERLY_KINDS:
            if kind in plan.publishes.get(village.code, ()):
                yield from _quarterly(village.code, kind, plan)


def _accounts(village: Region, plan: Planned) -> Iterator[Owed]:
    count = 3 if village.rhythm == QUARTERLY else 1
    day = village.disclosure_day or QUARTER_DAY
    for nominal in _nominal_days(day, count, _start(ACCOUNTS, village.code, plan), plan):
        months = months_owed(nominal, count)
        yield _owed(village.code, ACCOUNTS, nominal, months, plan)


def _quarterly(village: str, kind: str, plan: Planned) -> Iterator[Owed]:
    for nominal in _nominal_days(plan.quarter_day, 3, _start(kind, village, plan), plan):
        yield _owed(village, kind, nominal, months_owed(nominal, 3), plan)


def _owed(village: str, kind: str, nominal: date, months: tuple[str, ...], plan: Planned) -> Owed:
    due_on, provisional = plan.days.due(nominal, 0)
    what = texts.OWED[kind].format(period=period_text(months))
    return Owed(
        source=f"regular:{village}:{kind}:{months[0]}:{months[-1]}",
        village=village,
        rhythm=Rhythm.REGULAR,
        kind=kind,
        title=what,
        from_period=months[0],
        to_period=months[-1],
        counted_from=nominal,
        due_on=due_on,
        provisional=provisional,
    )


def months_owed(nominal: date, count: int) -> tuple[str, ...]:
    """The months that are owed on a day: so many before its own."""
    this = f"{nominal.year:04d}-{nominal.month:02d}"
    return tuple(months_before(this, number) for number in range(count, 0, -1))


def _start(kind: str, village: str, plan: Planned) -> date:
    last = plan.last_planned.get((kind, village))
    if last is None:
        return plan.today
    return last + timedelta(days=1)


def _nominal_days(day: int, count: int, start: date, plan: Planned) -> Iterator[date]:
    """The village's day of every month (or quarter's first month) whose due day lies in range."""
    until = plan.today + PLANNED_AHEAD
    number = start.year * 12 + start.month - 2  # the month before: its day may have moved on
    while True:
        nominal = date(number // 12, number % 12 + 1, day)
        if nominal > until:
            return
        is_new = plan.days.due(nominal, 0)[0] >= start
        if is_new and (count == 1 or nominal.month in _QUARTERS_END):
            yield nominal
        number += 1


def since_month(today: date) -> str:
    """From which month on publications tell what a village keeps publishing."""
    return months_before(f"{today.year:04d}-{today.month:02d}", KEEPS_PUBLISHING_MONTHS)
