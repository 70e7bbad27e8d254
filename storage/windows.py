"""How long, and how often, WeChat still lets us write freely to whoever turned to us.

Real time: the platform's windows know no business clock (wechat.md 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Database
from storage.moments import to_ms

# The address that messages go to, as the outbox chooses it.
_ADDRESS = (
    "(SELECT a.id FROM addresses a WHERE a.person_id = ? AND a.channel = 'wechat'"
    " AND a.state = 'active' ORDER BY a.created_at, a.id LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """That whoever has this openid turned to us: `messages` more may follow until then."""

    lookup: str
    until: int  # milliseconds
    messages: int

    def values(self, now: int) -> tuple[object, ...]:
        """What WIDEN takes; `now` in milliseconds."""
        return (now, self.messages, self.messages, self.until, self.until, self.lookup)


WIDEN: Final = (
    "UPDATE addresses SET window_left = CASE WHEN window_until > ? AND window_left > ?"
    " THEN window_left ELSE CAST(? AS INTEGER) END,"
    " window_until = CASE WHEN window_until > ? THEN window_until ELSE CAST(? AS BIGINT) END"
    " WHERE channel = 'wechat' AND lookup = ?"
)
"""Allowances do not add up: the later end and the larger number hold. The inbox writes it with what
a message leaves behind, so that nobody waits for it."""


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
