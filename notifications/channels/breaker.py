"""A breaker for one channel: when its provider is down, nothing more is thrown at it.

It opens when calls fail one after another, or too many of the latest, without a readable answer;
what the provider refuses in words is an answer. Then one call tries again after a pause that
doubles, and the first answer closes it. Pure: whoever uses it halts the channel.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from notifications.channels.outcome import Outcome, Verdict

BREAKER: Final = "breaker"
"""The code of a halt that a breaker made."""

IN_A_ROW: Final = 5
OF_THE_LATEST: Final = 8
LATEST: Final = 20
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)

_NOTHING_SENT: Final = frozenset({"not_sent", "closed", "no_token"})


def is_failure(outcome: Outcome) -> bool:
    """Whether a call ended without an answer that says what became of the message."""
    return outcome.verdict is Verdict.UNKNOWN or outcome.code in _NOTHING_SENT


class Breaker:
    """Belongs to one worker. Real time."""

    def __init__(self) -> None:
        self._latest: deque[bool] = deque(maxlen=LATEST)
        self._in_a_row = 0
        self._pause = timedelta(0)
        self._open_until: datetime | None = None

    def note(self, outcome: Outcome, now: datetime) -> datetime | None:
        """Counts a call; until when the channel is to rest, where this call opens the breaker."""
        if not is_failure(outcome):
            self._answered()
            return None
        if self._open_until is not None:
            # Calls that were under way when it opened say nothing new; the one after tries again.
            return None if now < self._open_until else self._open(now)
        self._latest.append(False)
        self._in_a_row += 1
        failed = sum(not answered for answered in self._latest)
        if self._in_a_row >= IN_A_ROW or failed >= OF_THE_LATEST:
            return self._open(now)
        return None

    def _answered(self) -> None:
        self._in_a_row = 0
        if self._open_until is not None:
            self._open_until = None
            self._pause = timedelta(0)
            self._latest.clear()
        self._latest.append(True)

    def _open(self, now: datetime) -> datetime:
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._open_until = now + self._pause
        return self._open_until
