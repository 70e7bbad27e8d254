"""Who did what, in a hash chain of its own: nothing in it can be changed or left out unseen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.canonical import GENESIS, canonical, digest
from storage.database import Database, Row
from storage.moments import from_ms, to_ms

OPERATOR = "operator"
"""Whoever works the command line and gives no --as."""

SYSTEM = "system"

Details = Mapping[str, Any]

_LOCK = 0x6D62_0002
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Act:
    """One entry: `actor` is a person's id, operator or system."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


async def record(
    db: Database,
    actor: str,
    action: str,
    subject: str = "",
    details: Details | None = None,
    *,
    now: datetime,
) -> None:
    """Appends an act, in the transaction of what it tells of.

    `details` holds ids and counts, never a name, an address or a text: they stay for years.
    """
    await record_all(db, actor, action, [(subject, details or {})], now=now)


async def record_all(
    db: Database, actor: str, action: str, acts: Iterable[tuple[str, Details]], *, now: datetime
) -> None:
    """Appends the same act upon several subjects, in their order."""
    async with db.transaction():
        await serialise(db, _LOCK)
        last = await db.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        first, previous = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
        at, rows = to_ms(now), []
        for seq, (subject, details) in enumerate(acts, first):
            told = canonical(dict(details))
            previous = _hash(previous, seq, at, actor, action, subject, told)
            rows.append((seq, at, actor, action, subject, told, previous))
        await db.run_many(
            "INSERT INTO audit (seq, at, actor, action, subject, details, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


CUT = "audit_cut"
"""The act that its oldest entries were deleted: up to which number, and that one's hash."""


async def old(db: Database, before: datetime) -> int:
    """The number of the last entry that lies, with all before it, before a moment; 0: none."""
    row = await db.row("SELECT MIN(seq) AS seq FROM audit WHERE at >= ?", to_ms(before))
    if row is None or row["seq"] is None:
        return (await head(db))[0]
    return int(row["seq"]) - 1


async def count_old(db: Database, before: datetime) -> int:
    """How many entries `cut` would delete."""
    row = await db.row("SELECT COUNT(*) AS n FROM audit WHERE seq <= ?", await old(db, before))
    return int(row["n"]) if row else 0


async def cut(db: Database, before: datetime, actor: str, *, now: datetime) -> int:
    """Deletes the entries before a moment and returns how many, once an act tells where the chain
    goes on: what is left can be checked from there."""
    async with db.transaction():
        await serialise(db, _LOCK)
        last = await db.row(
            "SELECT seq, hash FROM audit WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
            await old(db, before),
        )
        if last is None:
            return 0
        details = {"upto": last["seq"], "hash": last["hash"]}
        await record(db, actor, CUT, "", details, now=now)
        gone = await db.rows("DELETE FROM audit WHERE seq <= ? RETURNING seq", last["seq"])
        return len(gone)


async def serialise(db: Database, lock: int) -> None:
    """Lets one transaction at a time append to a chain, until it ends.

    SQLite's transactions exclude each other anyhow.
    """
    if db.dialect == "postgres":
        await db.run("SELECT pg_advisory_xact_lock(?)", lock)


async def about(db: Database, subject: str) -> list[Act]:
    """What was done to one subject, oldest first."""
    rows = await db.rows("SELECT * FROM audit WHERE subject = ? ORDER BY seq", subject)
    return [_act(row) for row in rows]


async def newest(db: Database, limit: int, *, before: int | None = None) -> list[Act]:
    """The latest acts, the newest first; `before` is the number of one to go on from."""
    rows = await db.rows(
        "SELECT * FROM audit WHERE seq < CAST(? AS BIGINT) ORDER BY seq DESC LIMIT ?",
        before or 1 << 62, limit,
    )  # fmt: skip
    return [_act(row) for row in rows]


async def names(db: Database, actors: Sequence[str]) -> dict[str, str]:
    """The names of those who are people, by actor."""
    wanted = sorted(set(actors))
    marks = ", ".join("?" for _ in wanted)
    rows = await db.rows(f"SELECT id, name FROM people WHERE id IN ({marks})", *wanted)  # noqa: S608
    return {row["id"]: row["name"] for row in rows if row["name"]}


async def head(db: Database) -> tuple[int, str]:
    """How many acts there are, and the last one's hash."""
    last = await db.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return (last["seq"], last["hash"]) if last else (0, GENESIS)


async def verify(db: Database, noted: str = "") -> tuple[int | None, bool]:
    """The first entry that does not follow from those before (None: all do).

    Also whether `noted` (a hash, or how one begins) is one of theirs. Where the oldest were cut off
    it begins with what the act of that says.
    """
    previous, expected = await _begins(db)
    first = await db.row("SELECT MIN(seq) AS seq FROM audit")
    if first and first["seq"] is not None and first["seq"] < expected:
        return int(first["seq"]), False  # what was cut off is there again
    seen = bool(noted and expected > 1 and previous.startswith(noted))
    while rows := await db.rows(
        "SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?", expected, _PAGE
    ):
        for row in rows:
            told = (row["at"], row["actor"], row["action"], row["subject"], row["details"])
            if row["seq"] != expected or row["hash"] != _hash(previous, expected, *told):
                return expected, seen
            previous, expected = row["hash"], expected + 1
            seen = seen or bool(noted and previous.startswith(noted))
    return None, seen


async def _begins(db: Database) -> tuple[str, int]:
    """The hash before the first entry that there should be, and that one's number."""
    last = await db.row("SELECT details FROM audit WHERE action = ? ORDER BY seq DESC LIMIT 1", CUT)
    if last is None:
        return GENESIS, 1
    try:
        told = json.loads(last["details"])
        return str(told["hash"]), int(told["upto"]) + 1
    except (ValueError, TypeError, KeyError):  # somebody wrote into it
        return GENESIS, 1


def _hash(
    previous: str, seq: int, at: int, actor: str, action: str, subject: str, details: str
) -> str:
    return digest(canonical([previous, seq, at, actor, action, subject, details]))


def _act(row: Row) -> Act:
    return Act(
        row["seq"], from_ms(row["at"]), row["actor"], row["action"], row["subject"],
        json.loads(row["details"]),
    )  # fmt: skip
