"""Permits to send, so many a second over one channel, the earlier lane first."""

import asyncio
import heapq
import itertools
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Final, Protocol

from storage.permits import Lease

log = logging.getLogger(__name__)

BLOCK_SECONDS: Final = 0.05
"""At most so much of the pace is leased at once: what is leased and not used is lost to all."""

_LATEST_SECONDS: Final = 0.04
"""A permit that is older is dropped: what piled up must not go out as a burst."""

_AGAIN_SECONDS: Final = 0.2
_OFFSET_LIVES_SECONDS: Final = 60.0


class Lane(IntEnum):
    """In which order messages go out (contract.md, section 7)."""

    INTERACTIVE = 0
    URGENT = 1
    NORMAL = 2
    BULK = 3


class Rate(Protocol):
    """Whatever gives out a channel's permits."""

    async def permit(self, lane: Lane) -> None:
        """Returns when one message of this lane may be sent."""
        ...


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


class LeasedRate:
    """Permits leased from what all processes share, each for a moment of its own.

    `lease` takes the next so many permits, so many microseconds apart. Whoever is in the earliest
    lane gets the next of them, whatever it was leased for; so a later lane of this process holds
    an earlier one up by nothing, and those of others by the blocks that they hold, each of
    BLOCK_SECONDS at most.

    `clock` is monotonic seconds. Belongs to one event loop.
    """

    def __init__(
        self,
        per_second: float,
        lease: Callable[[int, int], Awaitable[Lease]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not per_second > 0:
            raise ValueError("a rate is above zero")
        self._interval_us = math.ceil(1_000_000 / per_second)
        self._block = max(1, int(per_second * BLOCK_SECONDS))
        self._lease = lease
        self._clock = clock
        self._offset = _Offset()
        self._permits: deque[float] = deque()  # when each is due, monotonic seconds
        self._given: deque[float] = deque()  # when the last ones were given out
        self._line: list[tuple[Lane, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._leasing: asyncio.Task[None] | None = None

    async def permit(self, lane: Lane) -> None:
        """Returns when one message of this lane may be sent."""
        ticket = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (lane, next(self._numbers), ticket))
        self._serve()
        await ticket

    def _serve(self) -> None:
        """Gives out what is due, leases what is wanting, and comes back when the next is due."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        now = self._clock()
        while self._permits and self._permits[0] < now - _LATEST_SECONDS:
            self._permits.popleft()
        while self._line:
            _, _, ticket = self._line[0]
            if ticket.done():  # whoever waited has given up
                heapq.heappop(self._line)
                continue
            if not self._permits:
                break
            wait = self._permits[0] - now
            if wait > 0:
                self._alarm = asyncio.get_running_loop().call_later(wait, self._serve)
                break
            heapq.heappop(self._line)
            self._permits.popleft()
            self._given.append(now)
            ticket.set_result(None)
        self._want(now)

    def _want(self, now: float) -> None:
        """Leases for whoever waits: in blocks, and only when less than half a block is left.

        Half of what a block's time took lately comes with it, for who is about to ask: a lease for
        each message would be most of what a fast channel costs the database.
        """
        if self._leasing is not None or len(self._permits) > self._block // 2:
            return
        wanting = len(self._line) - len(self._permits)
        if wanting <= 0:
            return
        while self._given and self._given[0] < now - BLOCK_SECONDS:
            self._given.popleft()
        count = min(self._block, max(wanting, len(self._given) // 2))
        self._leasing = asyncio.create_task(self._take(count), name="permits")

    async def _take(self, count: int) -> None:
        try:
            taken = await self._lease(count, self._interval_us)
            offset = self._offset.learn(self._clock(), taken.now)
            self._permits.extend(moment / 1_000_000 + offset for moment in taken.moments)
        except Exception as failure:
            log.warning("no permits could be had: %s", type(failure).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._leasing = None
        self._serve()


class _Offset:
    """How far the monotonic clock is from the database's, in seconds; never too little.

    An answer took some time to come, so each shows the distance or more: the smallest is right.
    """

    def __init__(self) -> None:
        self._smallest = math.inf
        self._until = -math.inf

    def learn(self, monotonic: float, database_us: int) -> float:
        offset = monotonic - database_us / 1_000_000
        if offset < self._smallest or monotonic > self._until:  # clocks drift apart, slowly
            self._smallest = offset
            self._until = monotonic + _OFFSET_LIVES_SECONDS
        return self._smallest
