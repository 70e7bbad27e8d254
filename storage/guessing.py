"""Wrong passwords by who guesses, so that guessing locks out the guesser and not the guessed.

A guesser is where a request comes from, alone and together with the account tried: an office
behind one address goes on when one of its people mistypes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import from_ms, to_ms
from storage.sealing import Sealer

SPAN = timedelta(minutes=15)
WRONG_AT_ONE = 5
WRONG_AT_ALL = 30


@dataclass(frozen=True, slots=True)
class Guesser:
    """Hashes of where from, and of where from at which account."""

    at_all: str
    at_one: str

    @classmethod
    def of(cls, sealer: Sealer, address: str, login: str) -> Guesser:
        return cls(
            sealer.lookup_hash("guesser", address),
            sealer.lookup_hash("guesser", f"{address} {login}"),
        )

    @property
    def limits(self) -> Sequence[tuple[str, int]]:
        """How often each may be wrong within a span."""
        return ((self.at_all, WRONG_AT_ALL), (self.at_one, WRONG_AT_ONE))


async def locked_until(db: Database, guesser: Guesser, now: datetime) -> datetime | None:
    """Until when no password of theirs is looked at; None where they may try. Real time."""
    ends: list[datetime] = []
    for key, limit in guesser.limits:
        row = await db.row(
            "SELECT since FROM guesses WHERE guesser = ? AND wrong >= ? AND since > ?",
            key, limit, to_ms(now - SPAN),
        )  # fmt: skip
        if row:
            ends.append(from_ms(row["since"]) + SPAN)
    return max(ends, default=None)


async def note_wrong(db: Database, guesser: Guesser, now: datetime) -> None:
    """Counts one more; each starts the span anew, old ones are forgotten."""
    at, forgotten = to_ms(now), to_ms(now - SPAN)
    async with db.transaction():
        await db.run("DELETE FROM guesses WHERE since <= ?", forgotten)
        for key, _ in guesser.limits:
            await db.run(
                "INSERT INTO guesses (guesser, wrong, since) VALUES (?, 1, ?)"
                " ON CONFLICT (guesser) DO UPDATE SET wrong = guesses.wrong + 1, since = ?",
                key, at, at,
            )  # fmt: skip


async def forgive(db: Database, guesser: Guesser) -> None:
    """A right password ends the count at that account; that of the address goes on."""
    await db.run("DELETE FROM guesses WHERE guesser = ?", guesser.at_one)
