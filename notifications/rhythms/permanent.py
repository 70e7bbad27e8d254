"""长期 (M41): what stands until it is changed is reviewed every year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from notifications import texts
from notifications.campaigns import local_day
from notifications.rhythms.days import WorkDays
from notifications.rhythms.rules import (
    PERMANENT_KINDS,
    PLANNED_AHEAD,
    REVIEW_WINDOW,
    Rhythm,
)
from storage.clock import BEIJING
from storage.dues import Owed, Standing


def reviews(
    standing: Iterable[Standing], today: date, began: date, days: WorkDays
) -> Iterator[Owed]:
    """The yearly reviews whose day lies between the calendar's beginning and PLANNED_AHEAD."""
    for one in standing:
        first = local_day(one.since)
        for year in range(max(first.year + 1, began.year), today.year + 2):
            day = same_day(first, year)
            if began <= day <= today + PLANNED_AHEAD:
                yield _review(one, day, days)


def _review(one: Standing, day: date, days: WorkDays) -> Owed:
    due_on, provisional = days.due(day, 0)
    name = PERMANENT_KINDS.get(one.kind, texts.PERMANENT_DOCUMENT)
    return Owed(
        source=f"review:{one.village}:{one.kind}:{one.book}:{day.year}",
        village=one.village,
        rhythm=Rhythm.PERMANENT,
        kind=one.kind,
        book=one.book,
        title=texts.OWED_REVIEW.format(year=day.year, name=name),
        stage=texts.REVIEW,
        from_period="",
        to_period="长期",  # sorts after every date
        counted_from=day,
        due_on=due_on,
        provisional=provisional,
        since=datetime.combine(day - REVIEW_WINDOW, time(), BEIJING),
    )


def same_day(first: date, year: int) -> date:
    """The day of another year; 29 February is the 28th."""
    is_leap_day = (first.month, first.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day else first.replace(year=year)
