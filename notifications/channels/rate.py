"""Permits to send, so many a second over one channel, the earlier lane first."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from enum import IntEnum


class Lane(IntEnum):
    """In which order messages go out (contract.md, section 7)."""

    INTERACTIVE = 0
    URGENT = 1
    NORMAL = 2
    BULK = 3


class MessageRate:
    """A leaky bucket: permits come evenly spaced, and whoever is in an earlier lane goes first.

    A later lane never delays an earlier one, not even by the permit it has just taken: each lane
    may run one permit further ahead of the even pace than the lane after it. So a full bulk lane
    leaves three permits that only the others can take at once, and in no second are there more
    than the rate and four.

    `clock` is monotonic seconds. Belongs to one event loop.
    """

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        if not per_second > 0:
            raise ValueError("a rate is above zero")
        self._interval = 1 / per_second
        self._clock = clock
        self._next_even = clock()  # when the next permit is due at an even pace
        self._line: list[tuple[Lane, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    async def permit(self, lane: Lane) -> None:
        """Returns when one message of this lane may be sent."""
        ticket = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (lane, next(self._numbers), ticket))
        self._serve()
        await ticket

    def _serve(self) -> None:
        """Gives out what is due, and comes back when the next is."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        while self._line:
            lane, _, ticket = self._line[0]
            if ticket.done():  # whoever waited has given up
                heapq.heappop(self._line)
                continue
            wait = self._due(lane) - self._clock()
            if wait > 0:
                loop = asyncio.get_running_loop()
                self._alarm = loop.call_later(wait, self._serve)
                return
            heapq.heappop(self._line)
            self._next_even = max(self._next_even, self._clock()) + self._interval
            ticket.set_result(None)

    def _due(self, lane: Lane) -> float:
        ahead = (Lane.BULK - lane) * self._interval
        return self._next_even - ahead
