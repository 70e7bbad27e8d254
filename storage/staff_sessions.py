"""Browsers in which staff are logged in, and what they sent when that had just ended.

Times are real ones. A session ends after fifteen minutes without a request; its row stays a day,
so that a form sent later is known to be of somebody and can be kept for them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.database import Database
from storage.moments import from_ms, to_ms
from storage.sealing import Sealer

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5

_KEPT = timedelta(days=1)
_SEEN_EVERY = timedelta(seconds=30)


class Stage(StrEnum):
    ENROL = "enrol"  # the password is chosen, the authenticator not set up
    CODE = "code"  # the password was right, the code is to come
    IN = "in"


@dataclass(frozen=True, slots=True)
class Session:
    """`has_ended` since nothing came for too long; `said` is to be shown once."""

    id: str
    staff_id: str
    stage: Stage
    csrf: str
    said: str
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent too late: where to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]


async def begin(db: Database, staff_id: str, stage: Stage, real: datetime) -> str:
    """Opens a session; the token for its cookie, of which only a hash is kept."""
    token, at = secrets.token_urlsafe(32), to_ms(real)
    async with db.transaction():
        await db.run("DELETE FROM staff_sessions WHERE seen_at < ?", to_ms(real - _KEPT))
        await db.run(
            "INSERT INTO staff_sessions (id, staff_id, stage, tries, csrf, said, begun_at, seen_at)"
            " VALUES (?, ?, ?, 0, ?, '', ?, ?)",
            _id(token), staff_id, stage.value, secrets.token_urlsafe(24), at, at,
        )  # fmt: skip
    return token


async def find(db: Database, token: str, real: datetime) -> Session | None:
    """The session of a cookie, marked as seen; one that has ended too, while its row is there."""
    row = await db.row("SELECT * FROM staff_sessions WHERE id = ?", _id(token))
    if row is None:
        return None
    seen, begun, stage = from_ms(row["seen_at"]), from_ms(row["begun_at"]), Stage(row["stage"])
    allowed = (IDLE, LONGEST) if stage is Stage.IN else (CODE_LASTS, CODE_LASTS)
    has_ended = real - seen > allowed[0] or real - begun > allowed[1]
    if not has_ended and real - seen > _SEEN_EVERY:
        await db.run("UPDATE staff_sessions SET seen_at = ? WHERE id = ?", to_ms(real), row["id"])
    return Session(row["id"], row["staff_id"], stage, row["csrf"], row["said"], has_ended)


async def count_try(db: Database, session: str) -> bool:
    """Counts a wrong code; False where that was the last one, and the session is gone."""
    rows = await db.rows(
        "UPDATE staff_sessions SET tries = tries + 1 WHERE id = ? RETURNING tries", session
    )
    if rows and rows[0]["tries"] < CODE_TRIES:
        return True
    await end(db, session)
    return False


async def end(db: Database, session: str) -> None:
    await db.run("DELETE FROM staff_sessions WHERE id = ?", session)


async def end_others(db: Database, staff_id: str, session: str) -> None:
    """Logs somebody out of every other browser."""
    await db.run("DELETE FROM staff_sessions WHERE staff_id = ? AND id <> ?", staff_id, session)


async def say(db: Database, session: str, text: str) -> None:
    """What the next page shows at its top; the empty text once it did."""
    await db.run("UPDATE staff_sessions SET said = ? WHERE id = ?", text[:300], session)


async def keep_draft(
    db: Database, sealer: Sealer, staff_id: str, draft: Draft, real: datetime
) -> None:
    content = json.dumps([draft.path, draft.fields], ensure_ascii=False).encode()
    sealed, at = sealer.seal_inbox(content), to_ms(real)
    await db.run(
        "INSERT INTO staff_drafts (staff_id, sealed, at) VALUES (?, ?, ?)"
        " ON CONFLICT (staff_id) DO UPDATE SET sealed = ?, at = ?",
        staff_id, sealed, at, sealed, at,
    )  # fmt: skip


async def draft(db: Database, sealer: Sealer, staff_id: str) -> Draft | None:
    row = await db.row("SELECT sealed FROM staff_drafts WHERE staff_id = ?", staff_id)
    if row is None:
        return None
    path, fields = json.loads(sealer.open_inbox(bytes(row["sealed"])))
    return Draft(path, tuple((name, value) for name, value in fields))


async def drop_draft(db: Database, staff_id: str) -> None:
    await db.run("DELETE FROM staff_drafts WHERE staff_id = ?", staff_id)


def _id(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"staff session").hexdigest()
