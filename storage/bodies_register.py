"""Whoever is in office in one place, body by body, with their terms (domain.md, M52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.database import Database

_OFFICERS = (
    "SELECT posts.person_id, people.name, posts.role, posts.title, posts.starts_on, posts.ends_on"
    " FROM posts JOIN people ON people.id = posts.person_id"
    " WHERE posts.region = ? AND posts.role NOT IN ('居民', '纪检')"
    " AND (posts.starts_on IS NULL OR posts.starts_on <= ?)"
    " AND (posts.ends_on IS NULL OR posts.ends_on >= ?)"
    " ORDER BY posts.role, people.name, posts.person_id"
)
"""Discipline inspectors are left out: who they are is no business of a village's."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A post that somebody holds, from the first to the last day in office."""

    person_id: str
    name: str
    role: str
    title: str
    starts_on: date | None
    ends_on: date | None


async def officers(db: Database, region: str, on: date) -> list[Officer]:
    """Whoever holds a post, of residents' apart, in just this region on a day."""
    rows = await db.rows(_OFFICERS, region, on.isoformat(), on.isoformat())
    return [
        Officer(
            row["person_id"], row["name"], row["role"], row["title"],
            _day(row["starts_on"]), _day(row["ends_on"]),
        )
        for row in rows
    ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
