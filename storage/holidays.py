"""The days off, and the weekend days that are worked instead (domain.md, sections 6 and 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.database import Database
from storage.regions import Changes

OFF, WORK = "off", "work"


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    kind: str  # off or work
    name: str = ""


async def save(db: Database, holidays: Iterable[Holiday]) -> Changes:
    """Adds days, or brings them up to date; a day that the table has and these have not stays."""
    wanted = {holiday.day.isoformat(): (holiday.kind, holiday.name) for holiday in holidays}
    async with db.transaction():
        rows = await db.rows("SELECT day, kind, name FROM holidays")
        known = {row["day"]: (row["kind"], row["name"]) for row in rows}
        new = {day: told for day, told in wanted.items() if known.get(day) != told}
        await db.run_many(
            "INSERT INTO holidays (day, kind, name) VALUES (?, ?, ?)"
            " ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name",
            [(day, *told) for day, told in new.items()],
        )
    added = sum(day not in known for day in new)
    return Changes(added, len(new) - added)


async def between(db: Database, first: date, last: date) -> dict[date, str]:
    """The kind (off or work) of every day in the table from `first` to `last`, both included."""
    rows = await db.rows(
        "SELECT day, kind FROM holidays WHERE day >= ? AND day <= ?",
        first.isoformat(),
        last.isoformat(),
    )
    return {date.fromisoformat(row["day"]): row["kind"] for row in rows}


async def years(db: Database) -> set[int]:
    """The years that have a table; for another one only weekends count (design.md, section 5)."""
    rows = await db.rows("SELECT DISTINCT substr(day, 1, 4) AS year FROM holidays")
    return {int(row["year"]) for row in rows}
