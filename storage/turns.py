"""Turns: whoever must look first and write then waits for whoever came before to commit."""

from __future__ import annotations

from storage.database import Database


async def take(db: Database, name: str) -> None:
    """In a transaction, before it looks; others of that name wait here until it has ended."""
    await db.run(
        "INSERT INTO marks (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = marks.value + 1",
        f"turn:{name}",
    )
