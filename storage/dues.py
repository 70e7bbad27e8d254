"""What is due to be published: made once, met by a publication, or an overdue record that stays.

Who owes what by when is decided above (notifications.rhythms). Days are local, moments UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms


class DueState(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"  # by its day
    LATE_PUBLISHED = "late_published"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One publication that is owed, before it is written down.

    `source` tells what causes it: the same cause is one row. It is met by a version of the kind and
    book (empty: any book), of a period from `from_period` to `to_period`, of that number or a later
    one, published from `since` on. The day counts from `counted_from`, so many working days later.
    """

    source: str
    village: str
    rhythm: str
    kind: str
    title: str
    from_period: str
    to_period: str
    counted_from: date
    due_on: date
    provisional: bool
    working_days: int = 0
    book: str = ""
    stage: str = ""
    version: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A row of the calendar. `reminded` is the last stage that was reminded of, in days."""

    id: str
    source: str
    village: str
    rhythm: str
    kind: str
    book: str
    title: str
    stage: str
    from_period: str
    to_period: str
    version: int
    counted_from: date
    working_days: int
    due_on: date
    provisional: bool
    state: DueState
    disclosure_id: str | None
    published_at: datetime | None
    overdue_at: datetime | None
    reminded: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Fit:
    """A published version that a row of the calendar can be met by."""

    due_id: str
    disclosure_id: str
    book: str
    period: str
    published_at: datetime
    stands: bool  # else a later version has corrected it


_OPEN = "('waiting', 'overdue')"


async def add(db: Database, owed: Iterable[Owed], now: datetime) -> int:
    """Writes down what is owed; returns how many rows there were not before."""
    made = 0
    for one in owed:
        made += len(
            await db.rows(
                "INSERT INTO dues (id, source, village, rhythm, kind, book, title, stage,"
                " from_period, to_period, version, since, counted_from, working_days, due_on,"
                " provisional, state, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)"
                " ON CONFLICT (source) DO NOTHING RETURNING id",
                new_id(), one.source, one.village, one.rhythm, one.kind, one.book, one.title,
                one.stage, one.from_period, one.to_period, one.version,
                to_ms(one.since) if one.since else 0, one.counted_from.isoformat(),
                one.working_days, one.due_on.isoformat(), one.provisional, to_ms(now),
            )
        )  # fmt: skip
    return made


async def known(db: Database, sources: Sequence[str]) -> set[str]:
    """Which of these causes have a row already."""
    found: set[str] = set()
    for start in range(0, len(sources), 500):
        some = sources[start : start + 500]
        marks = ", ".join("?" for _ in some)
        rows = await db.rows(f"SELECT source FROM dues WHERE source IN ({marks})", *some)  # noqa: S608
        found |= {row["source"] for row in rows}
    return found


async def open_dues(db: Database, village: str | None = None) -> list[Due]:
    """What waits or is overdue, of one village or of all, the earliest first."""
    where, values = ("AND village = ? ", [village]) if village else ("", [])
    rows = await db.rows(
        f"SELECT * FROM dues WHERE state IN {_OPEN} {where}ORDER BY due_on, id",  # noqa: S608
        *values,
    )
    return [from_row(row) for row in rows]


async def listed(
    db: Database, *, village: str | None = None, states: Sequence[DueState] = (), limit: int = 200
) -> list[Due]:
    """Rows of the calendar, the latest day first."""
    where, values = "1 = 1", list[str]()
    if village:
        where += " AND village = ?"
        values.append(village)
    if states:
        where += f" AND state IN ({', '.join('?' for _ in states)})"
        values += states
    rows = await db.rows(
        f"SELECT * FROM dues WHERE {where} ORDER BY due_on DESC, id LIMIT ?",  # noqa: S608
        *values,
        limit,
    )
    return [from_row(row) for row in rows]


async def load(db: Database, identity: str) -> Due | None:
    row = await db.row("SELECT * FROM dues WHERE id = ?", identity)
    return from_row(row) if row else None


async def fits(db: Database, village: str | None = None) -> list[Fit]:
    """The published versions that may meet what is open."""
    where, values = ("AND dues.village = ? ", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT dues.id AS due_id, d.id, d.book, d.period, d.published_at, d.state"  # noqa: S608
        " FROM dues JOIN disclosures d ON d.village = dues.village AND d.kind = dues.kind"
        " AND (dues.book = '' OR d.book = dues.book) AND d.period >= dues.from_period"
        " AND d.period <= dues.to_period AND d.version >= dues.version"
        " AND d.published_at >= dues.since"
        f" WHERE dues.state IN {_OPEN} {where}AND d.state IN ('published', 'corrected')"
        " ORDER BY d.published_at, d.id",
        *values,
    )
    return [
        Fit(
            row["due_id"], row["id"], row["book"], row["period"], from_ms(row["published_at"]),
            row["state"] == "published",
        )
        for row in rows
    ]  # fmt: skip


async def close(
    db: Database, identity: str, fit: Fit, state: DueState, overdue_at: datetime | None
) -> bool:
    """Notes the publication that met a row; False where it was met already."""
    changed = await db.rows(
        "UPDATE dues SET state = ?, disclosure_id = ?, published_at = ?,"  # noqa: S608
        " overdue_at = COALESCE(overdue_at, CAST(? AS BIGINT))"
        f" WHERE id = ? AND state IN {_OPEN} RETURNING id",
        state.value, fit.disclosure_id, to_ms(fit.published_at),
        to_ms(overdue_at) if overdue_at else None, identity,
    )  # fmt: skip
    return bool(changed)


async def mark_overdue(db: Database, identity: str, at: datetime) -> None:
    await db.run(
        "UPDATE dues SET state = 'overdue', overdue_at = ? WHERE id = ? AND state = 'waiting'",
        to_ms(at), identity,
    )  # fmt: skip


async def reopen_withdrawn(db: Database) -> int:
    """Opens what was met by a version that was withdrawn; returns how many rows."""
    rows = await db.rows(
        "UPDATE dues SET state = CASE WHEN overdue_at IS NULL THEN 'waiting' ELSE 'overdue' END,"
        " disclosure_id = NULL, published_at = NULL"
        " WHERE state IN ('published', 'late_published') AND disclosure_id IN"
        " (SELECT id FROM disclosures WHERE state = 'withdrawn') RETURNING id"
    )
    return len(rows)


async def set_day(db: Database, identity: str, day: date, *, provisional: bool) -> None:
    """Gives a row that still waits another day."""
    await db.run(
        "UPDATE dues SET due_on = ?, provisional = ? WHERE id = ? AND state = 'waiting'",
        day.isoformat(), provisional, identity,
    )  # fmt: skip


async def drop(db: Database, identities: Sequence[str]) -> None:
    """Takes away rows that nothing causes any more; what is overdue stays."""
    await db.run_many(
        "DELETE FROM dues WHERE id = ? AND state = 'waiting'", [(one,) for one in identities]
    )


async def note_reminded(db: Database, identity: str, stage: int) -> bool:
    """Takes a stage's turn: False where it, or a later one, was reminded of already."""
    taken = await db.rows(
        "UPDATE dues SET reminded = ? WHERE id = ? AND (reminded IS NULL OR reminded < ?)"
        " RETURNING id",
        stage, identity, stage,
    )  # fmt: skip
    return bool(taken)


async def began(db: Database) -> datetime | None:
    """When the calendar's first row was made; None where there is none."""
    row = await db.row("SELECT MIN(made_at) AS at FROM dues")
    return from_ms(row["at"]) if row and row["at"] is not None else None


async def last_planned(
    db: Database, rhythm: str, village: str | None = None
) -> dict[tuple[str, str], date]:
    """By kind and village, the day from which the latest row of a rhythm counts."""
    where, values = (" AND village = ?", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT kind, village, MAX(counted_from) AS day FROM dues"  # noqa: S608
        f" WHERE rhythm = ?{where} GROUP BY kind, village",
        rhythm, *values,
    )  # fmt: skip
    return {(row["kind"], row["village"]): date.fromisoformat(row["day"]) for row in rows}


async def planned_after(
    db: Database, kind: str, day: date, village: str | None = None
) -> list[Due]:
    """Rows of a kind that wait and count from a later day."""
    where, values = (" AND village = ?", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT * FROM dues WHERE kind = ? AND state = 'waiting'"  # noqa: S608
        f" AND counted_from > ?{where}",
        kind, day.isoformat(), *values,
    )  # fmt: skip
    return [from_row(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Seen:
    """A version, published or being prepared, in which something due may stand."""

    id: str
    village: str
    kind: str
    book: str
    period: str
    rhythm: str
    version: int
    state: str
    body: str
    personal: str
    created_at: datetime
    published_at: datetime | None
    signed_at: datetime | None


async def seen(
    db: Database, kinds: Sequence[str], published_since: datetime, village: str | None = None
) -> list[Seen]:
    """Every version that is being prepared, and those published from a moment on."""
    marks = ", ".join("?" for _ in kinds)
    where, values = (" AND village = ?", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT id, village, kind, book, period, rhythm, version, state, body, personal,"  # noqa: S608
        f" created_at, published_at, signatures FROM disclosures WHERE kind IN ({marks})"
        " AND (state IN ('draft', 'submitted', 'signed')"
        f" OR (state IN ('published', 'corrected') AND published_at >= ?)){where}"
        " ORDER BY village, kind, book, period, version",
        *kinds, to_ms(published_since), *values,
    )  # fmt: skip
    return [
        Seen(
            row["id"], row["village"], row["kind"], row["book"], row["period"], row["rhythm"],
            row["version"], row["state"], row["body"], row["personal"], from_ms(row["created_at"]),
            _moment(row["published_at"]), _signed_at(row["signatures"]),
        )
        for row in rows
    ]  # fmt: skip


async def published_periods(
    db: Database, kinds: Sequence[str], since: str, village: str | None = None
) -> list[tuple[str, str, str, str]]:
    """Village, kind, book and period of what was published for the periods from one on."""
    marks = ", ".join("?" for _ in kinds)
    where, values = (" AND village = ?", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT DISTINCT village, kind, book, period FROM disclosures"  # noqa: S608
        f" WHERE kind IN ({marks}) AND state = 'published' AND period >= ?{where}",
        *kinds, since, *values,
    )  # fmt: skip
    return [(row["village"], row["kind"], row["book"], row["period"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands until it is changed: a kind of a village's, or one document of its."""

    village: str
    kind: str
    book: str
    since: datetime  # its first publication


async def standing(
    db: Database, kinds: Sequence[str], village: str | None = None
) -> list[Standing]:
    """What of these kinds is public, and every document that is public for good."""
    marks = ", ".join("?" for _ in kinds)
    where, values = (" AND village = ?", [village]) if village else ("", [])
    rows = await db.rows(
        "SELECT village, kind, book, MIN(since) AS since FROM (SELECT village, kind,"  # noqa: S608
        " CASE WHEN kind = 'documents' THEN book ELSE '' END AS book, published_at AS since"
        f" FROM disclosures WHERE (kind IN ({marks}) OR (kind = 'documents' AND rhythm = '长期'))"
        f" AND state IN ('published', 'corrected') AND published_at IS NOT NULL{where}) AS public"
        " GROUP BY village, kind, book ORDER BY village, kind, book",
        *kinds, *values,
    )  # fmt: skip
    return [
        Standing(row["village"], row["kind"], row["book"], from_ms(row["since"])) for row in rows
    ]


def _signed_at(signatures: str) -> datetime | None:
    moments = [signature["at"] for signature in json.loads(signatures)]
    return from_ms(max(moments)) if moments else None


def from_row(row: Row) -> Due:
    """A row of the table, read whole."""
    return Due(
        id=row["id"],
        source=row["source"],
        village=row["village"],
        rhythm=row["rhythm"],
        kind=row["kind"],
        book=row["book"],
        title=row["title"],
        stage=row["stage"],
        from_period=row["from_period"],
        to_period=row["to_period"],
        version=row["version"],
        counted_from=date.fromisoformat(row["counted_from"]),
        working_days=row["working_days"],
        due_on=date.fromisoformat(row["due_on"]),
        provisional=bool(row["provisional"]),
        state=DueState(row["state"]),
        disclosure_id=row["disclosure_id"],
        published_at=_moment(row["published_at"]),
        overdue_at=_moment(row["overdue_at"]),
        reminded=row["reminded"],
        made_at=from_ms(row["made_at"]),
    )


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
