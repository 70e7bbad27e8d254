"""What a gateway's answer means for the message, in words that all gateways share.

Each gateway has one table of `Rule` by its own codes; whoever works the outbox off knows verdicts
only. A code that no table knows is never taken for success.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_CODE = re.compile(r"[A-Za-z0-9_.:*/ -]{1,64}")


class Verdict(StrEnum):
    """What becomes of this message."""

    TAKEN = "taken"
    """The gateway took it; in a receipt: it arrived."""
    LATER = "later"
    """Not taken: try again after a pause, over the same channel."""
    AT = "at"
    """Not taken: try again at `retry_at`, over the same channel."""
    HALT = "halt"
    """Not taken, and nothing else will be until somebody acts (or `retry_at` comes): keep it."""
    FALL_BACK = "fall_back"
    """Explicitly refused on this channel; another one may reach the person."""
    FINAL = "final"
    """Explicitly refused for what it says, or by a mistake of ours: no channel mends that."""
    UNKNOWN = "unknown"
    """May have been taken: never send again before that is settled."""


class Scope(StrEnum):
    """How far the reason reaches; all but recipient is for operators to see."""

    RECIPIENT = "recipient"
    TEMPLATE = "template"
    SIGNATURE = "signature"
    CHANNEL = "channel"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one call, receipt or look-up said about one message."""

    verdict: Verdict
    code: str
    """The gateway's own code, or ours where it gave none (`not_sent`, `timeout`, `http_502`)."""
    reference: str = ""
    """The gateway's id of the message, by which receipts name it."""
    retry_at: datetime | None = None
    """UTC; set for AT, and for a HALT that ends by itself."""
    scope: Scope | None = None
    """None: it concerns this message only."""
    detail: str = ""
    """A sentence for operators, in Chinese, without anything personal."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a gateway's table."""

    verdict: Verdict
    scope: Scope | None = None
    until: Callable[[datetime], datetime] | None = None
    detail: str = ""

    def outcome(self, code: str, now: datetime, *, reference: str = "") -> Outcome:
        return Outcome(
            verdict=self.verdict,
            code=code,
            reference=reference,
            retry_at=self.until(now) if self.until else None,
            scope=self.scope,
            detail=self.detail,
        )


def safe_code(value: object) -> str:
    """A code as it may stand in logs and tables; what looks like none is `unreadable`."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return text if _CODE.fullmatch(text) else "unreadable"
