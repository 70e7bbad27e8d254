"""Requests: what nobody could answer, kept only after the asker said yes to that."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.sealing import Sealer


async def store(
    db: Database,
    sealer: Sealer,
    *,
    kind: str,
    person_id: str,
    village: str,
    text: str,
    reader: str,
    subject: str,
    message_key: str,
    now: datetime,
) -> bool:
    """Keeps a request; False where this very message made one before.

    `kind` is question, application or objection; `reader` the role that was named to the asker.
    """
    new = await db.rows(
        "INSERT INTO requests (id, kind, person_id, village, sealed, reader, subject, state,"
        " message_key, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)"
        " ON CONFLICT (message_key) DO NOTHING RETURNING id",
        new_id(),
        kind,
        person_id,
        village,
        sealer.seal_inbox(text.encode()),
        reader,
        subject,
        message_key,
        to_ms(now),
    )
    return bool(new)
