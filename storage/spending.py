"""What was sent and what it cost, for quotas and budgets."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.moments import to_ms


async def spent_fen(db: Database, since: datetime) -> int:
    """What SMS have cost since that moment (real time), those of unknown outcome included."""
    row = await db.row(
        "SELECT COALESCE(SUM(cost_fen), 0) AS fen FROM attempts WHERE channel = 'sms'"
        " AND started_at >= ?",
        to_ms(since),
    )
    return int(row["fen"]) if row else 0


async def attempts_since(db: Database, channel: str, since: datetime) -> int:
    """How many attempts were made over a channel since that moment (real time)."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM attempts WHERE channel = ? AND started_at >= ?",
        channel,
        to_ms(since),
    )
    return int(row["n"]) if row else 0
