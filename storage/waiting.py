"""Publications that are to be told together with others, and when a village's were told last.

They are rows of `marks`: what waits is written in the transaction that publishes, and taken in the
one that makes the campaigns, so that nothing is told twice and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.database import Database
from storage.moments import from_ms, to_ms

_WAITS, _TOLD = "waits:", "told:"


async def put(db: Database, disclosure_ids: Iterable[str], now: datetime) -> None:
    """Lets versions of disclosures wait to be told of. Business time."""
    await db.run_many(
        "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        [(f"{_WAITS}{identity}", to_ms(now)) for identity in disclosure_ids],
    )


async def any_waits(db: Database) -> bool:
    """Looked for first: taking locks SQLite's writer."""
    row = await db.row(f"SELECT 1 AS one FROM marks WHERE name LIKE '{_WAITS}%' LIMIT 1")  # noqa: S608
    return row is not None


async def take(db: Database, limit: int) -> list[str]:
    """Takes those that wait, the first of them; each is taken once, whoever asks."""
    rows = await db.rows(
        f"DELETE FROM marks WHERE name IN (SELECT name FROM marks WHERE name LIKE '{_WAITS}%'"  # noqa: S608
        " ORDER BY value, name LIMIT ?) RETURNING name",
        limit,
    )
    return sorted(row["name"].removeprefix(_WAITS) for row in rows)


async def told_at(db: Database, village: str) -> datetime | None:
    """When something of a village was last told at once. Business time."""
    row = await db.row("SELECT value FROM marks WHERE name = ?", f"{_TOLD}{village}")
    return from_ms(row["value"]) if row else None


async def note_told(db: Database, villages: Sequence[str], now: datetime) -> None:
    """Whatever follows within minutes is told together."""
    await db.run_many(
        "INSERT INTO marks (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [(f"{_TOLD}{village}", to_ms(now)) for village in villages],
    )
