"""Whose rows of a list are whose: claims of rows, and people who proved who they are.

Both sides exist as keyed hashes of a name and the last four of an identity number (domain.md,
section 8): without the key file nobody can tell from the database who receives what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from storage import audit
from storage.canonical import canonical, digest
from storage.database import Database
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.record_bodies import Line
from storage.sealing import Sealer

MAX_TRIES = 5
LOCKED = timedelta(days=1)
_LOCK = 0x6D62_0009


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of a list, by its list and its published line, and whose it is."""

    village: str
    book: str
    period: str
    line: str  # digest
    key: str


class Proof(StrEnum):
    PROVED = "proved"
    UNKNOWN = "unknown"  # nobody of the village's lists is called so with these four
    LOCKED = "locked"


def key_of(sealer: Sealer, name: str, last_four: str) -> str:
    """What a person is known by."""
    return sealer.lookup_hash("identity", f"{name}\0{last_four.upper()}")


def line_digest(line: Line) -> str:
    """What a published row is known by."""
    return digest(canonical([[key, value] for key, value in line]))


async def save_claims(db: Database, claims: Iterable[Claim]) -> None:
    """Notes whose rows they are; what is noted already stays."""
    await db.run_many(
        "INSERT INTO claims (id, village, book, period, line, key) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (village, book, period, line, key) DO NOTHING",
        [(new_id(), one.village, one.book, one.period, one.line, one.key) for one in claims],
    )


async def claims_of(db: Database, person_id: str) -> list[Claim]:
    """The rows of whoever this person proved to be."""
    rows = await db.rows(
        "SELECT claims.* FROM claims JOIN identities ON identities.key = claims.key"
        " WHERE identities.person_id = ? ORDER BY claims.period DESC, claims.book, claims.line",
        person_id,
    )
    return [Claim(row["village"], row["book"], row["period"], row["line"], row["key"])
            for row in rows]  # fmt: skip


async def is_proved(db: Database, person_id: str) -> bool:
    row = await db.row("SELECT id FROM identities WHERE person_id = ? LIMIT 1", person_id)
    return row is not None


async def prove(
    db: Database, person_id: str, village: str, key: str, *, actor: str, now: datetime
) -> Proof:
    """Notes who a person is, where a list of their village knows the key; five failures lock.

    The lock is the person's: whoever guesses from another address has five tries of their own, and
    every one is seen in the audit.
    """
    async with db.transaction():
        await audit.serialise(db, _LOCK)
        row = await db.row("SELECT * FROM identity_tries WHERE person_id = ?", person_id)
        locked = row["locked_until"] if row else None
        if locked and from_ms(locked) > now:
            return Proof.LOCKED
        if not await db.row(
            "SELECT id FROM claims WHERE village = ? AND key = ? LIMIT 1", village, key
        ):
            return await _failed(db, person_id, row["tries"] if row else 0, actor, now)
        await db.run("DELETE FROM identity_tries WHERE person_id = ?", person_id)
        await _keep(db, person_id, key, actor, "", now)
    return Proof.PROVED


async def vouch(
    db: Database, person_id: str, key: str, *, actor: str, note: str, now: datetime
) -> None:
    """Notes who a person is on somebody's word, and why (the village verifies once)."""
    async with db.transaction():
        await db.run("DELETE FROM identity_tries WHERE person_id = ?", person_id)
        await _keep(db, person_id, key, actor, note, now)


async def count_use(db: Database, person_id: str, what: str, day: date) -> int:
    """Counts what a person does, code or rows; how often they have done it on that day."""
    row = await db.row(
        "INSERT INTO identity_uses (id, person_id, what, day, count) VALUES (?, ?, ?, ?, 1)"
        " ON CONFLICT (person_id, what, day) DO UPDATE SET count = identity_uses.count + 1"
        " RETURNING count",
        new_id(), person_id, what, day.isoformat(),
    )  # fmt: skip
    return int(row["count"]) if row else 1


async def _keep(
    db: Database, person_id: str, key: str, actor: str, note: str, now: datetime
) -> None:
    await db.run(
        "INSERT INTO identities (id, person_id, key, actor, note, at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (person_id, key) DO NOTHING",
        new_id(), person_id, key, actor, note, to_ms(now),
    )  # fmt: skip
    await audit.record(db, actor, "identified", person_id, now=now)


async def _failed(db: Database, person_id: str, tries: int, actor: str, now: datetime) -> Proof:
    is_last = tries + 1 >= MAX_TRIES
    locked = to_ms(now + LOCKED) if is_last else None
    await db.run(
        "INSERT INTO identity_tries (person_id, tries, locked_until) VALUES (?, ?, ?)"
        " ON CONFLICT (person_id) DO UPDATE"
        " SET tries = excluded.tries, locked_until = excluded.locked_until",
        person_id, 0 if is_last else tries + 1, locked,
    )  # fmt: skip
    await audit.record(db, actor, "not_identified", person_id, now=now)
    return Proof.LOCKED if is_last else Proof.UNKNOWN
