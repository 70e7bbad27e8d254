"""Notes that a file was brought in: whoever tried what, even where nothing came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from storage.canonical import canonical
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def note(
    db: Database, kind: str, digest: str, actor: str, counts: Mapping[str, int], now: datetime
) -> None:
    """Keeps that a file of this digest was brought in as `kind`, and what became of its rows."""
    await db.run(
        "INSERT INTO imports (id, kind, digest, actor, counts, at) VALUES (?, ?, ?, ?, ?, ?)",
        new_id(), kind, digest, actor, canonical(dict(counts)), to_ms(now),
    )  # fmt: skip
