"""The calendar of what is due, counted by place and month, and the reminders of one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database
from storage.dues import Due, from_row
from storage.listed import as_list, listed
from storage.moments import from_ms


@dataclass(frozen=True, slots=True)
class Cell:
    """What was due in a month: on time, late but out, overdue, and not due yet."""

    done: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        return self.done + self.late + self.overdue + self.waiting


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that was sent: `stage` is days from the due day, 8 the town's, or `urge`."""

    due_id: str
    stage: str
    at: datetime
    people: int
    reached: int
    confirmed: int


async def by_place(
    db: Database, prefix: str, digits: int, first: date, last: date
) -> dict[str, dict[str, Cell]]:
    """By the first digits of the code and by month (YYYY-MM), for the days from first to last."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place, SUBSTR(due_on, 1, 7) AS month, state,"  # noqa: S608
        " COUNT(*) AS n FROM dues WHERE due_on BETWEEN ? AND ? AND village BETWEEN ? AND ?"
        " GROUP BY 1, 2, 3",
        first.isoformat(), last.isoformat(), prefix.ljust(12, "0"), prefix.ljust(12, "9"),
    )  # fmt: skip
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows:
        months = found.setdefault(row["place"], {})
        months.setdefault(row["month"], {})[row["state"]] = int(row["n"])
    return {
        place: {month: _cell(states) for month, states in months.items()}
        for place, months in found.items()
    }


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is not public though its day is over."""

    village: str
    name: str
    town: str
    title: str
    due_on: date


async def overdue(db: Database, prefix: str, limit: int) -> list[Late]:
    """What is overdue under a code prefix, the longest first."""
    rows = await db.rows(
        "SELECT d.village, d.title, d.due_on, COALESCE(v.name, '') AS name,"
        " COALESCE(t.name, '') AS town FROM (SELECT id, village, title, due_on FROM dues"
        " WHERE state = 'overdue' AND village BETWEEN ? AND ? ORDER BY due_on, id LIMIT ?) d"
        " LEFT JOIN regions v ON v.code = d.village LEFT JOIN regions t ON t.code = v.parent"
        " ORDER BY d.due_on, d.id",
        prefix.ljust(12, "0"), prefix.ljust(12, "9"), limit,
    )  # fmt: skip
    return [
        Late(
            row["village"], row["name"], row["town"], row["title"],
            date.fromisoformat(row["due_on"]),
        )
        for row in rows
    ]  # fmt: skip


async def of_village(
    db: Database, village: str, first: date, last: date, limit: int = 200
) -> list[Due]:
    """What a village owes in these days, the latest first."""
    rows = await db.rows(
        "SELECT * FROM dues WHERE village = ? AND due_on BETWEEN ? AND ?"
        " ORDER BY due_on DESC, id LIMIT ?",
        village, first.isoformat(), last.isoformat(), limit,
    )  # fmt: skip
    return [from_row(row) for row in rows]


async def reminders(db: Database, found: Sequence[Due]) -> dict[str, list[Reminder]]:
    """By row of a village's calendar, what was sent about it, the earliest first.

    What is due by one name on one day was told of by one message, which bears the id of one row.
    """
    alike = {due.id: (due.title, due.due_on) for due in found}
    rows = await db.rows(
        "SELECT c.key, c.created_at, t.total, t.sent + t.delivered AS reached,"  # noqa: S608
        " (SELECT COUNT(*) FROM confirmations k WHERE k.campaign_id = c.id"
        " AND k.confirmed_at IS NOT NULL) AS confirmed"
        f" FROM {listed(db, {'first': 'TEXT', 'last': 'TEXT'})}"
        " JOIN campaigns c ON c.key BETWEEN v.first AND v.last"
        " LEFT JOIN tallies t ON t.campaign_id = c.id ORDER BY c.created_at, c.id",
        as_list([f"due:{identity}:", f"due:{identity}:z"] for identity in alike),
    )
    told: dict[tuple[str, date], list[Reminder]] = {}
    for row in rows:
        _, identity, stage, *_ = row["key"].split(":")
        if identity in alike:  # a database that ignores signs or case may give another's too
            told.setdefault(alike[identity], []).append(
                Reminder(
                    identity, stage, from_ms(row["created_at"]), int(row["total"] or 0),
                    int(row["reached"] or 0), int(row["confirmed"] or 0),
                )
            )  # fmt: skip
    return {identity: told.get(likeness, []) for identity, likeness in alike.items()}


async def coming_days(
    db: Database, rhythm: str, prefix: str, today: date, limit: int = 10
) -> list[tuple[date, int]]:
    """The next days on which something of a rhythm is due, and how much."""
    rows = await db.rows(
        "SELECT due_on, COUNT(*) AS n FROM dues WHERE rhythm = ? AND due_on >= ?"
        " AND village BETWEEN ? AND ? GROUP BY due_on ORDER BY due_on LIMIT ?",
        rhythm, today.isoformat(), prefix.ljust(12, "0"), prefix.ljust(12, "9"), limit,
    )  # fmt: skip
    return [(date.fromisoformat(row["due_on"]), int(row["n"])) for row in rows]


def _cell(states: dict[str, int]) -> Cell:
    return Cell(
        states.get("published", 0), states.get("late_published", 0), states.get("overdue", 0),
        states.get("waiting", 0),
    )  # fmt: skip
