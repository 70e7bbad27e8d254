"""Pictures that belong to a version: the signed sheet, scans of vouchers, a photo (sealed)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from storage import audit
from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.sealing import Sealer

SHEET, VOUCHER, PHOTO = "sheet", "voucher", "photo"
MOST = 40
"""How many a version may have."""

_COLUMNS = "id, disclosure_id, kind, title, content_type, actor, at"


class TooMany(Exception):
    """The version has as many attachments as it may."""


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    disclosure_id: str
    kind: str
    title: str
    content_type: str
    actor: str
    at: datetime


async def attach(
    db: Database, sealer: Sealer, *, disclosure: str, kind: str, title: str, content_type: str,
    content: bytes, actor: str, now: datetime,
) -> str:  # fmt: skip
    """Keeps a picture, made anew before so that it tells nothing of who took it; gives its id."""
    identity = new_id()
    sealed = await asyncio.to_thread(sealer.seal_inbox, content)
    async with db.transaction():
        if len(await of(db, disclosure)) >= MOST:
            raise TooMany(disclosure)
        await db.run(
            "INSERT INTO attachments (id, disclosure_id, kind, title, content_type, sealed, actor,"
            " at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            identity, disclosure, kind, title, content_type, sealed, actor, to_ms(now),
        )  # fmt: skip
        await audit.record(db, actor, "attached", disclosure, {"kind": kind}, now=now)
    return identity


async def of(db: Database, disclosure: str) -> list[Attachment]:
    """What a version has, in the order in which it was attached."""
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM attachments WHERE disclosure_id = ? ORDER BY at, id",  # noqa: S608
        disclosure,
    )
    return [_attachment(row) for row in rows]


async def attachment(db: Database, identity: str) -> Attachment | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM attachments WHERE id = ?", identity)  # noqa: S608
    return _attachment(row) if row else None


async def content(db: Database, sealer: Sealer, identity: str) -> bytes:
    """The picture's bytes. Raises LookupError."""
    row = await db.row("SELECT sealed FROM attachments WHERE id = ?", identity)
    if row is None:
        raise LookupError(identity)
    return await asyncio.to_thread(sealer.open_inbox, bytes(row["sealed"]))


def _attachment(row: Row) -> Attachment:
    return Attachment(
        row["id"], row["disclosure_id"], row["kind"], row["title"], row["content_type"],
        row["actor"], from_ms(row["at"]),
    )  # fmt: skip
