"""A brake for one channel: when its provider says "too fast", half the pace for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from notifications.channels.rate import Lane, MessageRate

SMALLEST_SHARE: Final = 1 / 16
HOLDS_SECONDS: Final = 60.0
"""So long a share holds; then it is doubled."""

_ONCE_SECONDS: Final = 1.0  # calls that were under way together are told off together


class Brake:
    """Beside the rate itself, and of this process only. `clock` is monotonic seconds."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._rate: MessageRate | None = None
        self._until = 0.0
        self._pressed = float("-inf")
        self.share = 1.0
        """How much of the pace is left."""

    def press(self) -> None:
        """The provider has said that this was too fast."""
        now = self._clock()
        if now - self._pressed >= _ONCE_SECONDS:
            self._pressed = now
            self._slow_to(max(self.share / 2, SMALLEST_SHARE))

    async def permit(self, lane: Lane) -> None:
        """Returns when one message of this lane may be sent; at once where nothing is slowed."""
        if self.share < 1 and self._clock() >= self._until:
            self._slow_to(self.share * 2)
        if self._rate is not None:
            await self._rate.permit(lane)

    def _slow_to(self, share: float) -> None:
        self.share = share
        self._until = self._clock() + HOLDS_SECONDS
        # Whoever waits for the old one is served by it, at its pace.
        self._rate = MessageRate(self._per_second * share, clock=self._clock) if share < 1 else None
