"""The year's education plan: which lesson is told on which day, to whom, and what became of it.

Domain.md, M55: each line of the plan becomes sends and receipts. Days are of the business clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage import education
from storage.database import Database, Row
from storage.education import EducationItem
from storage.ids import new_id
from storage.moments import to_ms


class State(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A lesson to be planned. `audience` is an expression, `form` one of the item's."""

    day: date
    item_id: str
    audience: str
    form: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A lesson of the plan, with what it teaches. `campaign_id` is empty until it is sent."""

    id: str
    day: date
    item_id: str
    audience: str
    form: str
    owner: str
    state: State
    campaign_id: str
    note: str
    tag: str
    education_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """People whom lessons reached, who confirmed, who answered; and the right ones of `answers`."""

    reached: int
    read: int
    answered: int
    answers: int
    right: int


async def add(db: Database, line: NewLine, now: datetime) -> str | None:
    """Plans a lesson and gives its id; None where the day has it for these people already.

    What was removed is planned anew.
    """
    row = await db.row(
        "INSERT INTO education_plan (id, year, day, item_id, audience, form, owner, state, note,"
        " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', '', ?)"
        " ON CONFLICT (day, item_id, audience) DO UPDATE SET state = 'planned',"
        " form = excluded.form, owner = excluded.owner, note = '', made_at = excluded.made_at"
        " WHERE education_plan.state = 'removed' RETURNING id",
        new_id(), line.day.year, line.day.isoformat(), line.item_id, line.audience, line.form,
        line.owner, to_ms(now),
    )  # fmt: skip
    return str(row["id"]) if row else None


async def remove(db: Database, line_id: str) -> bool:
    """Takes a line out; False where there is none that is still to be sent."""
    return await _change(db, line_id, "state = 'removed'")


async def mark_sent(db: Database, line_id: str, campaign_id: str) -> bool:
    """Notes the campaign of a line; False where it is not planned any more."""
    return await _change(db, line_id, "state = 'sent', note = '', campaign_id = ?", campaign_id)


async def mark_missed(db: Database, line_id: str) -> bool:
    """Gives a line up; the note tells why it could not be sent, if it was tried."""
    return await _change(db, line_id, "state = 'missed'")


async def note(db: Database, line_id: str, why: str) -> bool:
    """Notes why a line could not be sent; it is tried again."""
    return await _change(db, line_id, "note = ?", why[:_LONGEST_NOTE])


_LONGEST_NOTE = 120  # of the column


async def _change(db: Database, line_id: str, what: str, *values: str) -> bool:
    changed = await db.rows(
        f"UPDATE education_plan SET {what} WHERE id = ? AND state = 'planned'"  # noqa: S608
        " RETURNING id",
        *values,
        line_id,
    )
    return bool(changed)


async def item_of(db: Database, line_id: str) -> EducationItem | None:
    """What a line teaches, as the library has it now."""
    row = await db.row("SELECT item_id FROM education_plan WHERE id = ?", line_id)
    return await education.item(db, row["item_id"]) if row else None


async def of_year(db: Database, year: int) -> list[Line]:
    """The lines of a year that were not removed, by day."""
    return await _lines(db, "p.year = ? AND p.state <> 'removed'", year)


async def due(db: Database, today: date) -> list[Line]:
    """What is planned up to a day and was not sent, the oldest first."""
    return await _lines(db, "p.state = 'planned' AND p.day <= ?", today.isoformat())


async def line(db: Database, line_id: str) -> Line | None:
    return next(iter(await _lines(db, "p.id = ?", line_id)), None)


async def _lines(db: Database, where: str, *values: object) -> list[Line]:
    rows = await db.rows(
        "SELECT p.*, i.tag, i.education_type, i.text FROM education_plan p"  # noqa: S608
        f" JOIN education_items i ON i.id = p.item_id WHERE {where} ORDER BY p.day, p.item_id,"
        " p.audience",
        *values,
    )
    return [_line(row) for row in rows]


# --- what became of it ----------------------------------------------------------------------------

_PEOPLE = (
    "SELECT p.id AS line_id, d.person_id, MAX(CASE WHEN k.confirmed_at IS NULL THEN 0 ELSE 1 END)"
    " AS read, COALESCE(MAX(q.answers), 0) AS answers, COALESCE(MAX(q.right_ones), 0) AS right_ones"
    " FROM education_plan p JOIN deliveries d ON d.campaign_id = p.campaign_id"
    " AND d.state IN ('sent', 'delivered')"
    " LEFT JOIN confirmations k ON k.campaign_id = p.campaign_id AND k.person_id = d.person_id"
    " LEFT JOIN (SELECT a.person_id, o.item_id, COUNT(*) AS answers,"
    " SUM(CASE WHEN a.is_right THEN 1 ELSE 0 END) AS right_ones FROM quiz_answers a"
    " JOIN quiz_questions o ON o.id = a.question_id GROUP BY a.person_id, o.item_id) q"
    " ON q.person_id = d.person_id AND q.item_id = p.item_id"
    " WHERE p.year = ? AND p.state = 'sent' GROUP BY p.id, d.person_id"
)
_SUMS = (
    "COUNT(*) AS reached, SUM(read) AS read, SUM(CASE WHEN answers > 0 THEN 1 ELSE 0 END)"
    " AS answered, SUM(answers) AS answers, SUM(right_ones) AS right_ones"
)


async def by_line(db: Database, year: int) -> dict[str, Figures]:
    """What became of each line that reached somebody."""
    rows = await db.rows(
        f"SELECT line_id, {_SUMS} FROM ({_PEOPLE}) AS told GROUP BY line_id",  # noqa: S608
        year,
    )
    return {row["line_id"]: _figures(row) for row in rows}


async def by_post(
    db: Database, year: int, on: date, fewest: int, others: str
) -> list[tuple[str, Figures]]:
    """What became of the year's lessons, by 职务 (or role where none is given) of a day.

    Posts that fewer than so many people hold are joined under `others`, which is left out if it is
    below that too: nobody's own answers can be read off. Who holds several posts counts in the
    first of them only, so that no difference of two rows gives a person away.
    """
    rows = await db.rows(
        f"SELECT COALESCE(h.post, '') AS post, told.* FROM ({_PEOPLE}) AS told"  # noqa: S608
        " LEFT JOIN (SELECT person_id, MIN(CASE WHEN title <> '' THEN title ELSE role END) AS post"
        " FROM posts WHERE (starts_on IS NULL OR starts_on <= ?)"
        " AND (ends_on IS NULL OR ends_on >= ?) GROUP BY person_id) h"
        " ON h.person_id = told.person_id",
        year,
        on.isoformat(),
        on.isoformat(),
    )
    told: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        told[row["post"]].append(row)
    joined = [name for name, found in told.items() if not name or _people(found) < fewest]
    rest = [row for name in joined for row in told.pop(name)]
    result = [(name, _sum(found)) for name, found in sorted(told.items())]
    return [*result, (others, _sum(rest))] if _people(rest) >= fewest else result


def _people(rows: Sequence[Row]) -> int:
    return len({row["person_id"] for row in rows})


def _sum(rows: Sequence[Row]) -> Figures:
    return Figures(
        reached=len(rows),
        read=sum(int(row["read"]) for row in rows),
        answered=sum(int(row["answers"]) > 0 for row in rows),
        answers=sum(int(row["answers"]) for row in rows),
        right=sum(int(row["right_ones"]) for row in rows),
    )


def _figures(row: Row) -> Figures:
    return Figures(
        int(row["reached"]), int(row["read"]), int(row["answered"]), int(row["answers"]),
        int(row["right_ones"]),
    )  # fmt: skip


def _line(row: Row) -> Line:
    return Line(
        id=row["id"],
        day=date.fromisoformat(str(row["day"])),
        item_id=row["item_id"],
        audience=row["audience"],
        form=row["form"],
        owner=row["owner"],
        state=State(row["state"]),
        campaign_id=row["campaign_id"] or "",
        note=row["note"],
        tag=row["tag"],
        education_type=row["education_type"],
        text=row["text"],
    )
