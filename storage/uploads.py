"""Files brought in by the console, kept sealed as they came, with what was mended in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import audit
from storage.canonical import canonical
from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.sealing import Sealer
from workbooks.mending import Mend

OPEN, STORED, DROPPED = "open", "stored", "dropped"
_LONGEST_NAME = 120


class Overtaken(Exception):
    """Somebody else has mended the file since it was looked at."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and where it stands. `drafts` are the ids of what it made; `revision` counts mends."""

    id: str
    kind: str
    village: str
    file: str
    mends: tuple[Mend, ...]
    revision: int
    state: str
    drafts: tuple[str, ...]
    actor: str
    at: datetime


async def keep(
    db: Database, sealer: Sealer, *, kind: str, village: str, file: str, content: bytes,
    actor: str, now: datetime,
) -> str:  # fmt: skip
    """Keeps a file; gives its id."""
    identity = new_id()
    sealed = await asyncio.to_thread(sealer.seal_inbox, content)
    async with db.transaction():
        await db.run(
            "INSERT INTO uploads (id, kind, village, file, sealed, mends, revision, state, drafts,"
            " actor, at) VALUES (?, ?, ?, ?, ?, '[]', 0, 'open', '[]', ?, ?)",
            identity, kind, village, file[-_LONGEST_NAME:], sealed, actor, to_ms(now),
        )  # fmt: skip
        await audit.record(db, actor, "uploaded", identity, {"bytes": len(content)}, now=now)
    return identity


async def upload(db: Database, identity: str) -> Upload | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM uploads WHERE id = ?", identity)  # noqa: S608
    return _upload(row) if row else None


async def content(db: Database, sealer: Sealer, identity: str) -> bytes:
    """The file's bytes as they came. Raises LookupError."""
    row = await db.row("SELECT sealed FROM uploads WHERE id = ?", identity)
    if row is None:
        raise LookupError(identity)
    return await asyncio.to_thread(sealer.open_inbox, bytes(row["sealed"]))


async def newest(db: Database, prefixes: Sequence[str], most: int) -> list[Upload]:
    """The files that wait to be looked at, of the places under these codes, the newest first."""
    if not prefixes:
        return []
    places = " OR ".join("village LIKE ?" for _ in prefixes)
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM uploads WHERE state = 'open' AND ({places})"  # noqa: S608
        " ORDER BY at DESC, id LIMIT ?",
        *(f"{prefix}%" for prefix in prefixes), most,
    )  # fmt: skip
    return [_upload(row) for row in rows]


async def mend(
    db: Database, identity: str, mends: Iterable[Mend], revision: int, actor: str, now: datetime
) -> None:
    """Notes what cells are to say instead. Raises Overtaken where `revision` is an old one."""
    async with db.transaction():
        known = await upload(db, identity)
        if known is None:
            raise LookupError(identity)
        cells = {(one.sheet, one.row, one.column): one for one in known.mends}
        cells |= {(one.sheet, one.row, one.column): one for one in mends}
        told = canonical([[m.sheet, m.row, m.column, m.text] for m in cells.values()])
        changed = await db.rows(
            "UPDATE uploads SET mends = ?, revision = revision + 1"
            " WHERE id = ? AND revision = ? AND state = 'open' RETURNING id",
            told, identity, revision,
        )  # fmt: skip
        if not changed:
            raise Overtaken(identity)
        await audit.record(db, actor, "mended", identity, {"cells": len(cells)}, now=now)


async def finish(
    db: Database, identity: str, state: str, drafts: Sequence[str], actor: str, now: datetime
) -> None:
    """Ends an upload, in the caller's transaction: it became drafts, or was thrown away."""
    changed = await db.rows(
        "UPDATE uploads SET state = ?, drafts = ? WHERE id = ? AND state = 'open' RETURNING id",
        state, canonical(list(drafts)), identity,
    )  # fmt: skip
    if not changed:
        raise Overtaken(identity)
    await audit.record(db, actor, f"upload_{state}", identity, now=now)


_COLUMNS = "id, kind, village, file, mends, revision, state, drafts, actor, at"


def _upload(row: Row) -> Upload:
    return Upload(
        row["id"], row["kind"], row["village"], row["file"],
        tuple(Mend(*one) for one in json.loads(row["mends"])),
        row["revision"], row["state"], tuple(json.loads(row["drafts"])), row["actor"],
        from_ms(row["at"]),
    )  # fmt: skip
