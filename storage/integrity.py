"""What integrity reminders go by: what was said last, and where a term of office ends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from storage.database import Database

_HEADS = ("%主任%", "%书记%")


@dataclass(frozen=True, slots=True)
class TermEnd:
    """A village whose head's term ends, and the day."""

    village: str
    day: date


async def last_texts(db: Database, template: str, limit: int) -> list[str]:
    """The texts that the latest pushes of a template said, the latest first."""
    rows = await db.rows(
        "SELECT params FROM campaigns WHERE template = ? ORDER BY created_at DESC, id LIMIT ?",
        template, limit,
    )  # fmt: skip
    return [json.loads(row["params"]).get("text", "") for row in rows]


async def terms_ending(db: Database, first: date, last: date) -> list[TermEnd]:
    """Where the term of a head (主任, 书记) ends between two days, both included."""
    rows = await db.rows(
        "SELECT region, MAX(ends_on) AS day FROM posts WHERE role = '干部'"
        " AND ends_on BETWEEN ? AND ? AND (title LIKE ? OR title LIKE ?)"
        " GROUP BY region ORDER BY region",
        first.isoformat(), last.isoformat(), *_HEADS,
    )  # fmt: skip
    return [TermEnd(row["region"], date.fromisoformat(row["day"])) for row in rows]
