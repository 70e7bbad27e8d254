"""Conversations: where each person's dialogue stands, sealed, until it expires."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.moments import to_ms


async def load(db: Database, person_id: str, now: datetime) -> bytes | None:
    """The sealed payload of a conversation that has not expired."""
    row = await db.row(
        "SELECT sealed FROM conversations WHERE person_id = ? AND expires_at > ?",
        person_id,
        to_ms(now),
    )
    return bytes(row["sealed"]) if row else None


async def forget(db: Database, person_id: str) -> None:
    await db.run("DELETE FROM conversations WHERE person_id = ?", person_id)


async def purge(db: Database, now: datetime) -> int:
    """Drops what has expired; returns how many."""
    gone = await db.rows(
        "DELETE FROM conversations WHERE expires_at <= ? RETURNING person_id", to_ms(now)
    )
    return len(gone)
