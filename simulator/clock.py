"""Time at the platforms, and what is to happen later.

Three readings of one clock. `real` is what signatures, tokens and stamps on the wire use. `now` is
real time plus what the demo's buttons have added: windows, quotas and repeats run on it. `shown` is
what the phones display: the demo's business time, where the service has told it.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

Job = Callable[[], Coroutine[Any, Any, None]]

logger = logging.getLogger(__name__)


class Clock:
    """`real` gives Unix seconds; a test hands in its own."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self.real = real
        self._moved = 0.0
        self._shown_ahead = 0.0

    def now(self) -> float:
        """Platform time in Unix seconds."""
        return self.real() + self._moved

    def today(self) -> str:
        """The Beijing date of platform time, yyyyMMdd: daily quotas hang on it."""
        return self.beijing(self.now()).strftime("%Y%m%d")

    def shown(self) -> datetime:
        """What the phones display, Beijing time."""
        return self.beijing(self.now() + self._shown_ahead)

    def show(self, at: datetime) -> None:
        """Let the phones display `at` (aware) from now on."""
        self._shown_ahead = at.timestamp() - self.now()

    def move(self, seconds: float) -> None:
        """Make platform time, and what is displayed, jump ahead."""
        self._moved += seconds

    @staticmethod
    def beijing(unix: float) -> datetime:
        return datetime.fromtimestamp(unix, BEIJING)


class Schedule:
    """Jobs for later on platform time, and those that are running."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def after(self, seconds: float, job: Job) -> None:
        """Start `job` once that much platform time has passed."""
        entry = (self._clock.now() + seconds, next(self._order), job)
        heapq.heappush(self._waiting, entry)
        if self._waiting[0] is entry:
            self._changed.set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` now, beside its caller."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def wake(self) -> None:
        """Look at the clock again: it was moved."""
        self._changed.set()

    async def settle(self) -> None:
        """Wait until nothing is running and nothing is due."""
        self._start_due()
        while self._running:
            await asyncio.wait(set(self._running))
            self._start_due()

    async def run(self) -> None:
        """Start jobs as they fall due, until cancelled."""
        while True:
            self._changed.clear()
            self._start_due()
            wait = self._waiting[0][0] - self._clock.now() if self._waiting else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), wait)

    async def stop(self) -> None:
        """Forget what is waiting and cancel what is running."""
        self._waiting.clear()
        running = set(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _start_due(self) -> None:
        now = self._clock.now()
        while self._waiting and self._waiting[0][0] <= now:
            self.start(heapq.heappop(self._waiting)[2]())

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a job failed: %s", type(error).__name__, exc_info=error)
