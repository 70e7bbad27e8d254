"""The day on which something is due, counted in working days, and whether that is certain."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from notifications.calendar import next_worked, worked_days_on
from storage import holidays
from storage.database import Database

_ROOM = timedelta(days=70)  # a limit and the longest feast
_WARN_FROM_MONTH = 12


@dataclass(frozen=True, slots=True)
class WorkDays:
    """The days off that are known, and the years of which they are."""

    table: Mapping[date, str]
    years: Set[int]

    def due(self, counted_from: date, working_days: int) -> tuple[date, bool]:
        """The due day, and whether it is provisional (a year without a table counts weekends)."""
        if working_days:
            day = worked_days_on(counted_from, working_days, self.table)
        else:
            day = next_worked(counted_from, self.table)
        return day, not {counted_from.year, day.year} <= self.years


async def work_days(db: Database, first: date, last: date) -> WorkDays:
    """For limits that begin between these days."""
    table = await holidays.between(db, first - _ROOM, last + _ROOM)
    return WorkDays(table, await holidays.years(db))


async def missing_table(db: Database, today: date) -> int | None:
    """The year whose table of days off ought to be there and is not: this one, and from
    1 December on the next (design.md, section 5); None where nothing is missing."""
    years = await holidays.years(db)
    wanted = [today.year] + [today.year + 1] * (today.month >= _WARN_FROM_MONTH)
    return next((year for year in wanted if year not in years), None)
