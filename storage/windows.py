"""How long, and how often, WeChat still lets us write freely to whoever turned to us.

Real time: the platform's windows know no business clock (wechat.md 2.2).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import to_ms

_STALE = timedelta(hours=1)
"""A window that would last only this much longer is not written again: messages come in bursts."""

# The address that messages go to, as the outbox chooses it.
_ADDRESS = (
    "(SELECT a.id FROM addresses a WHERE a.person_id = ? AND a.channel = 'wechat'"
    " AND a.state = 'active' ORDER BY a.created_at, a.id LIMIT 1)"
)


async def opened(
    db: Database, lookup: str, *, now: datetime, lasts: timedelta, messages: int
) -> None:
    """Notes that whoever has this openid turned to us.

    Allowances do not add up: the later end and the larger number hold.
    """
    until = to_ms(now + lasts)
    due = (
        "channel = 'wechat' AND lookup = ? AND (window_until IS NULL OR window_until < ?"
        " OR window_left < ?)"
    )
    values = (lookup, until - min(to_ms(now + _STALE) - to_ms(now), until - to_ms(now)), messages)
    # Looked for first: an UPDATE that changes nothing takes SQLite's write lock all the same.
    if not await db.row(f"SELECT 1 AS one FROM addresses WHERE {due}", *values):  # noqa: S608
        return
    await db.run(
        "UPDATE addresses SET window_left = CASE WHEN window_until > ? AND window_left > ?"  # noqa: S608
        " THEN window_left ELSE CAST(? AS INTEGER) END,"
        " window_until = CASE WHEN window_until > ? THEN window_until ELSE CAST(? AS BIGINT) END"
        f" WHERE {due}",
        to_ms(now), messages, messages, until, until, *values,
    )  # fmt: skip


async def is_open(db: Database, person_id: str, now: datetime) -> bool:
    """Whether a customer-service message may go to this person."""
    row = await db.row(
        "SELECT 1 AS one FROM addresses WHERE id = "  # noqa: S608
        f"{_ADDRESS} AND window_until > ? AND window_left > 0",
        person_id, to_ms(now),
    )  # fmt: skip
    return row is not None


async def take(db: Database, person_id: str, now: datetime) -> bool:
    """Takes one of the messages that the window still allows; False where it is closed."""
    taken = await db.rows(
        "UPDATE addresses SET window_left = window_left - 1 WHERE id = "  # noqa: S608
        f"{_ADDRESS} AND window_until > ? AND window_left > 0 RETURNING id",
        person_id, to_ms(now),
    )  # fmt: skip
    return bool(taken)
