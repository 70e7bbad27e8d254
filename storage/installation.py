"""What this database is: for real use or a demo's, under which keys, on which clock.

Every command asks `judge` before it touches anything, and a server asks it again while it runs: a
process that is older than the schema must stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from storage.clock import BEIJING, Clock, SystemClock
from storage.database import Database
from storage.moments import from_ms, to_ms
from storage.schema import Schema, inspect
from storage.sealed import needed_fingerprint


class Purpose(StrEnum):
    LIVE = "live"
    DEMO = "demo"


class Unfit(StrEnum):
    """Why a command must leave a database alone."""

    EMPTY = "empty"  # nobody has run migrate yet
    OLDER = "older"  # of an earlier release: migrate
    NEWER = "newer"  # of a later release: this program is too old for it
    DEMO = "demo"  # made by a demo, and asked for by something that is for real use only
    OTHER_KEYS = "other_keys"


@dataclass(frozen=True, slots=True)
class Installation:
    purpose: Purpose
    fingerprint: str
    """Of the key file that seals what is stored."""
    clock_offset: timedelta
    """How far a demo's clock is ahead of real time."""
    sample: str
    """A demo's data version; empty for real use."""
    backed_up_at: datetime | None
    """Real time of the newest backup."""
    restored_at: datetime | None
    """Business time of a restore, until an operator resumes what was unfinished."""


async def load(db: Database) -> Installation | None:
    """The installation; None before `create`."""
    row = await db.row("SELECT * FROM installation WHERE id = 1")
    if row is None:
        return None
    restored_at, backed_up_at = row["restored_at"], row["backed_up_at"]
    return Installation(
        purpose=Purpose(row["purpose"]),
        fingerprint=row["fingerprint"],
        clock_offset=timedelta(milliseconds=row["clock_offset"]),
        sample=row["sample"],
        backed_up_at=None if backed_up_at is None else from_ms(backed_up_at),
        restored_at=None if restored_at is None else from_ms(restored_at),
    )


async def create(
    db: Database, purpose: Purpose, fingerprint: str, *, sample: str = "", clock_offset_ms: int = 0
) -> bool:
    """Writes down what a fresh database is; False, and no change, where that is written already."""
    made = await db.rows(
        "INSERT INTO installation (id, purpose, fingerprint, clock_offset, sample)"
        " VALUES (1, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id",
        purpose.value, fingerprint, clock_offset_ms, sample,
    )  # fmt: skip
    return bool(made)


async def judge(
    db: Database, fingerprint: str | None, *, demo_allowed: bool = True
) -> Unfit | None:
    """Why the database must not be used with the keys of this fingerprint; None where it may.

    A fingerprint of None asks for the schema alone.
    """
    state = await inspect(db)
    if state is not Schema.CURRENT:
        return Unfit(state.value)
    installation = await load(db)
    if installation is None:
        return Unfit.EMPTY
    if installation.purpose is Purpose.DEMO and not demo_allowed:
        return Unfit.DEMO
    if fingerprint is not None and installation.fingerprint != fingerprint:
        return Unfit.OTHER_KEYS
    return None


async def outgrown(db: Database) -> bool:
    """Whether a later release has changed the schema: a running process must stop then."""
    return await inspect(db) is Schema.NEWER


async def adopt_keys(db: Database, fingerprint: str) -> str | None:
    """Lets these keys be the installation's where nothing sealed needs others.

    Returns the fingerprint that is needed, where another is.
    """
    async with db.transaction():
        needed = await needed_fingerprint(db)
        if needed not in (None, fingerprint):
            return needed
        await db.run("UPDATE installation SET fingerprint = ? WHERE id = 1", fingerprint)
    return None


class DemoClock:
    """Business time of a demo: real time and the offset that lies in its database.

    Every process of a demo follows the same offset: `refresh` reads it again.
    """

    def __init__(self, offset: timedelta, base: Clock | None = None) -> None:
        self._offset = offset
        self._base = base or SystemClock()

    async def refresh(self, db: Database) -> None:
        row = await db.row("SELECT clock_offset FROM installation WHERE id = 1")
        if row is not None:
            self._offset = timedelta(milliseconds=row["clock_offset"])

    def now(self) -> datetime:
        return self._base.now() + self._offset

    def today(self) -> date:
        return self.now().astimezone(BEIJING).date()


async def move_clock(db: Database, by_ms: int) -> timedelta:
    """Moves a demo's clock; gives its new offset. Raises LookupError for any other database."""
    moved = await db.row(
        "UPDATE installation SET clock_offset = clock_offset + ?"
        " WHERE id = 1 AND purpose = 'demo' RETURNING clock_offset",
        by_ms,
    )
    if moved is None:
        raise LookupError("only a demo's clock can be moved")
    return timedelta(milliseconds=moved["clock_offset"])


async def mark_restored(db: Database, now: datetime) -> None:
    """Holds every unfinished delivery and missed occurrence until an operator resumes them.

    `now` is real time; what is kept is business time, by which things are due.
    """
    await db.run("UPDATE installation SET restored_at = clock_offset + ? WHERE id = 1", to_ms(now))


async def mark_backed_up(db: Database, now: datetime) -> None:
    """Notes when the newest backup was taken. Real time."""
    await db.run("UPDATE installation SET backed_up_at = ? WHERE id = 1", to_ms(now))
