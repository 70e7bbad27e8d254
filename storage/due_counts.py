"""The calendar counted by place and month, and what was reminded of each of its rows.

Nothing is counted village by village: one statement gives a whole county.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database
from storage.dues import Due
from storage.moments import from_ms, to_ms

_TEMPLATES = "('disclosure_due', 'disclosure_overdue')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many publications that are due in a month, in a town (9 digits) or village (12)."""

    place: str
    month: str  # YYYY-MM
    in_time: int
    late: int  # published after their day
    overdue: int  # not published, and their day is over
    waiting: int

    @property
    def total(self) -> int:
        return self.in_time + self.late + self.overdue + self.waiting


def within(prefixes: Iterable[str], column: str = "village") -> tuple[str, list[str]]:
    """A condition for codes that begin so, with its values; one that nothing meets for none."""
    bounds = [(prefix.ljust(12, "0"), prefix.ljust(12, "9")) for prefix in prefixes]
    if not bounds:
        return "1 = 0", []
    told = " OR ".join(f"{column} BETWEEN ? AND ?" for _ in bounds)
    return f"({told})", [code for pair in bounds for code in pair]


async def by_place(
    db: Database, prefixes: Sequence[str], months: Sequence[str], digits: int
) -> list[Tally]:
    """By the first digits of the code and by month of the due day, places in order."""
    where, codes = within(prefixes)
    rows = await db.rows(
        "SELECT SUBSTR(village, 1, CAST(? AS INTEGER)) AS place,"  # noqa: S608
        " SUBSTR(due_on, 1, 7) AS month,"
        " SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS in_time,"
        " SUM(CASE WHEN state = 'late_published' THEN 1 ELSE 0 END) AS late,"
        " SUM(CASE WHEN state = 'overdue' THEN 1 ELSE 0 END) AS overdue,"
        " SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting"
        f" FROM dues WHERE due_on BETWEEN ? AND ? AND {where} GROUP BY 1, 2 ORDER BY 1, 2",
        digits, f"{min(months)}-01", f"{max(months)}-31", *codes,
    )  # fmt: skip
    return [
        Tally(
            place=row["place"], month=row["month"], in_time=int(row["in_time"]),
            late=int(row["late"]), overdue=int(row["overdue"]), waiting=int(row["waiting"]),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is not public though its day is over."""

    id: str
    village: str
    name: str
    town: str
    title: str
    due_on: date


async def overdue(db: Database, prefixes: Sequence[str], limit: int, offset: int = 0) -> list[Late]:
    """What is overdue, the longest first."""
    where, codes = within(prefixes, "d.village")
    rows = await db.rows(
        "SELECT d.id, d.village, d.title, d.due_on, COALESCE(v.name, '') AS name,"  # noqa: S608
        " COALESCE(t.name, '') AS town FROM (SELECT id, village, title, due_on FROM dues d"
        f" WHERE state = 'overdue' AND {where} ORDER BY due_on, id LIMIT ? OFFSET ?) d"
        " LEFT JOIN regions v ON v.code = d.village LEFT JOIN regions t ON t.code = v.parent"
        " ORDER BY d.due_on, d.id",
        *codes, limit, offset,
    )  # fmt: skip
    return [
        Late(
            row["id"], row["village"], row["name"], row["town"], row["title"],
            date.fromisoformat(row["due_on"]),
        )
        for row in rows
    ]  # fmt: skip


async def of_month(db: Database, village: str, month: str) -> list[str]:
    """The ids of what a village owes in a month, by day; at most 200."""
    rows = await db.rows(
        "SELECT id FROM dues WHERE village = ? AND due_on BETWEEN ? AND ?"
        " ORDER BY due_on, id LIMIT 200",
        village, f"{month}-01", f"{month}-31",
    )  # fmt: skip
    return [row["id"] for row in rows]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message that reminded of a row: how many got it, how many confirmed it."""

    campaign_id: str
    at: datetime
    stage: str  # days from the due day, or a word for what a person sent
    people: int
    reached: int
    confirmed: int


async def reminders(db: Database, found: Sequence[Due]) -> dict[str, list[Reminder]]:
    """By row, what reminded of it, the earliest first.

    Rows of one name and day were told of by one message, which bears the id of one of them.
    """
    if not found:
        return {}
    alike = {due.id: (due.village, due.title, due.due_on) for due in found}
    villages = sorted({due.village for due in found})
    marks = ", ".join("?" for _ in villages)
    rows = await db.rows(
        "SELECT c.id, c.key, c.created_at, t.total, t.sent + t.delivered AS reached,"  # noqa: S608
        " (SELECT COUNT(*) FROM confirmations k WHERE k.campaign_id = c.id"
        " AND k.confirmed_at IS NOT NULL) AS confirmed FROM campaigns c"
        " JOIN tallies t ON t.campaign_id = c.id WHERE c.region IN (SELECT code FROM regions"
        f" WHERE code IN ({marks}) UNION SELECT parent FROM regions WHERE code IN ({marks}))"
        f" AND c.created_at >= ? AND c.template IN {_TEMPLATES} AND c.key LIKE 'due:%'"
        " ORDER BY c.created_at, c.id",
        *villages, *villages, to_ms(min(due.made_at for due in found)),
    )  # fmt: skip
    by_likeness: dict[tuple[str, str, date], list[Reminder]] = {}
    for row in rows:
        _, identity, stage = row["key"].split(":", 2)
        if identity in alike:
            by_likeness.setdefault(alike[identity], []).append(
                Reminder(
                    row["id"], from_ms(row["created_at"]), stage, int(row["total"]),
                    int(row["reached"]), int(row["confirmed"]),
                )
            )  # fmt: skip
    return {identity: by_likeness.get(likeness, []) for identity, likeness in alike.items()}
