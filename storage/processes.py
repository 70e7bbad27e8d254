"""The processes of the service, as each says itself that it is at work. Real time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import from_ms, to_ms

BEAT_SECONDS = 10.0
PRESENT = timedelta(seconds=35)
"""Whoever was not seen for so long has missed three beats, and counts as gone."""

_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A process; its id tells nothing of the machine it runs on."""

    id: str
    role: str
    started_at: datetime
    seen_at: datetime

    def is_present(self, now: datetime) -> bool:
        return now - self.seen_at < PRESENT


async def beat(db: Database, identity: str, role: str, now: datetime) -> None:
    """Says that a process is at work."""
    await db.run(
        "INSERT INTO processes (id, role, started_at, seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at",
        identity, role, to_ms(now), to_ms(now),
    )  # fmt: skip
    await db.run("DELETE FROM processes WHERE seen_at < ?", to_ms(now - _FORGOTTEN))


async def leave(db: Database, identity: str) -> None:
    """Says that a process has ended in order."""
    await db.run("DELETE FROM processes WHERE id = ?", identity)


async def seen(db: Database) -> list[Seen]:
    """All that have not ended in order, of a day."""
    rows = await db.rows("SELECT id, role, started_at, seen_at FROM processes ORDER BY role, id")
    return [
        Seen(row["id"], row["role"], from_ms(row["started_at"]), from_ms(row["seen_at"]))
        for row in rows
    ]


async def present(db: Database, now: datetime) -> Counter[str]:
    """How many processes of each role are at work."""
    return Counter(one.role for one in await seen(db) if one.is_present(now))
