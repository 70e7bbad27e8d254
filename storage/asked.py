"""What residents ask for most of what their village discloses."""

from __future__ import annotations

from storage.database import Database


async def counts(db: Database, village: str) -> dict[str, int]:
    """How often each section of a village's pages was what a question led to."""
    rows = await db.rows("SELECT section, count FROM asked WHERE village = ?", village)
    return {row["section"]: row["count"] for row in rows}
