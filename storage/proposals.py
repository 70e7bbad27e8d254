"""Early reminders that are proposed: made once for a signal, decided once (domain.md, M60)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.ratings import LOW


class Signal(StrEnum):
    """What was seen for the first time."""

    OVERDUE = "first_overdue"  # of a village
    ANOMALY = "first_anomaly"  # of a village's book
    LOW_RATING = "first_low_rating"  # of a village's answers and matters


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Form(StrEnum):
    """How whoever is concerned hears of it."""

    TEXT = "text"
    CALL = "call"  # the superior talks to them; nothing is sent


class UnknownProposal(LookupError):
    """No proposal has this number."""


class Decided(ValueError):
    """Somebody has decided already."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of the table; `role` of `region` or of a region above it decides."""

    id: str
    number: str
    signal: Signal
    village: str
    title: str
    role: str
    region: str
    state: State
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A signal, before anything is proposed. The same `source` proposes once."""

    source: str
    signal: Signal
    village: str
    title: str
    role: str
    region: str


@dataclass(frozen=True, slots=True)
class FirstOverdue:
    """The first publication that a village let pass; `title` is the calendar's."""

    source: str
    village: str
    title: str


@dataclass(frozen=True, slots=True)
class FirstDoubt:
    """The first version of a village's book with rows in doubt that nobody has accepted."""

    source: str
    village: str
    kind: str
    book: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a proposal, by whom (a person's id)."""

    state: State
    by: str
    at: datetime
    form: Form | None = None
    reason: str = ""


LONGEST_REASON = 200
"""Characters of the column."""

_DIGITS = 6
_OVERDUE = f"'{Signal.OVERDUE}:' || d.village"
_ANOMALY = f"'{Signal.ANOMALY}:' || d.village || ':' || d.kind || ':' || d.book"
_LOW = f"'{Signal.LOW_RATING}:' || d.village"
_HAS_DOUBTS = '%"doubts":[{%'  # as storage.dossiers and storage.records write it


async def make(db: Database, seen: Seen, now: datetime) -> Proposal | None:
    """Proposes; None where this signal has proposed already."""
    rows = await db.rows(
        "INSERT INTO proposals (id, number, signal, source, village, title, role, region, state,"
        " form, reason, decided_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '', '', ?)"
        " ON CONFLICT (source) DO NOTHING RETURNING *",
        new_id(), await _free_number(db), seen.signal.value, seen.source, seen.village, seen.title,
        seen.role, seen.region, to_ms(now),
    )  # fmt: skip
    return _proposal(rows[0]) if rows else None


async def by_number(db: Database, number: str) -> Proposal:
    """Raises UnknownProposal."""
    row = await db.row("SELECT * FROM proposals WHERE number = ?", number)
    if row is None:
        raise UnknownProposal(number)
    return _proposal(row)


async def open_ones(db: Database) -> list[Proposal]:
    """What nobody has decided on, the oldest first."""
    rows = await db.rows("SELECT * FROM proposals WHERE state = 'open' ORDER BY made_at, id")
    return [_proposal(row) for row in rows]


async def untold(db: Database, key: str) -> list[Proposal]:
    """Open ones of which no superior was told: no campaign has the key with the proposal's id."""
    rows = await db.rows(
        "SELECT p.* FROM proposals p LEFT JOIN campaigns c ON c.key = CAST(? AS VARCHAR) || p.id"
        " WHERE p.state = 'open' AND c.id IS NULL ORDER BY p.made_at, p.id",
        key,
    )
    return [_proposal(row) for row in rows]


async def decide(db: Database, proposal: Proposal, decision: Decision) -> None:
    """From open to confirmed or dismissed. Raises Decided for whoever comes second."""
    changed = await db.rows(
        "UPDATE proposals SET state = ?, form = ?, reason = ?, decided_by = ?, decided_at = ?"
        " WHERE id = ? AND state = 'open' RETURNING id",
        decision.state.value, decision.form.value if decision.form else "", decision.reason,
        decision.by, to_ms(decision.at), proposal.id,
    )  # fmt: skip
    if not changed:
        raise Decided(proposal.number)


async def note_sent(db: Database, proposal: Proposal, campaign_id: str) -> None:
    """Keeps which campaign carries the reminder."""
    await db.run("UPDATE proposals SET campaign_id = ? WHERE id = ?", campaign_id, proposal.id)


# --- signals --------------------------------------------------------------------------------------


async def first_overdue(db: Database) -> list[FirstOverdue]:
    """Of every village that no such signal has proposed for, the earliest first."""
    rows = await db.rows(
        f"SELECT {_OVERDUE} AS source, d.village, d.title FROM dues d"  # noqa: S608
        " WHERE d.overdue_at IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.source = {_OVERDUE})"
        " ORDER BY d.overdue_at, d.due_on, d.id"
    )
    found: dict[str, FirstOverdue] = {}
    for row in rows:
        one = FirstOverdue(row["source"], row["village"], row["title"])
        found.setdefault(one.source, one)
    return list(found.values())


async def first_doubts(db: Database) -> list[FirstDoubt]:
    """Of every book that no such signal has proposed for: what is in doubt is not published."""
    rows = await db.rows(
        f"SELECT {_ANOMALY} AS source, d.village, d.kind, d.book, d.period"  # noqa: S608
        " FROM disclosures d"
        " WHERE d.state IN ('draft', 'submitted', 'signed') AND d.dossier LIKE ?"
        f" AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.source = {_ANOMALY})"
        " ORDER BY d.created_at, d.period, d.id",
        _HAS_DOUBTS,
    )
    found: dict[str, FirstDoubt] = {}
    for row in rows:
        one = FirstDoubt(row["source"], row["village"], row["kind"], row["book"], row["period"])
        found.setdefault(one.source, one)
    return list(found.values())


async def first_low_ratings(db: Database) -> list[tuple[str, str]]:
    """Source and village, for every village that no such signal has proposed for. Void ones do not
    count, and nobody is named."""
    rows = await db.rows(
        f"SELECT {_LOW} AS source, d.village, MIN(d.rated_at) AS at FROM ratings d"  # noqa: S608
        " WHERE d.state = 'rated' AND d.score = ?"
        f" AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.source = {_LOW})"
        " GROUP BY d.village ORDER BY at, d.village",
        LOW,
    )
    return [(row["source"], row["village"]) for row in rows]


async def _free_number(db: Database) -> str:
    while True:
        number = f"{secrets.randbelow(9 * 10 ** (_DIGITS - 1)) + 10 ** (_DIGITS - 1)}"
        if await db.row("SELECT id FROM proposals WHERE number = ?", number) is None:
            return number


def _proposal(row: Row) -> Proposal:
    return Proposal(
        row["id"], row["number"], Signal(row["signal"]), row["village"], row["title"],
        row["role"], row["region"], State(row["state"]), from_ms(row["made_at"]),
    )  # fmt: skip
