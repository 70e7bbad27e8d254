"""What keeps the house: alarms are looked for and told, and each night the old is purged.

Belongs to a process that keeps time. Several may run side by side: an alarm is taken before it is
told, and the night's purge is an occurrence that one of them records.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from notifications.alarms.conditions import HEARD, QUICK, SLOW, Now, Watch
from notifications.alarms.telling import tell, tell_over
from notifications.outbox import real_now
from notifications.schedules import Job, Misfire, Occasion, Scheduler
from notifications.terms import Terms
from storage import alarms, erasing, retention
from storage.alarms import Condition
from storage.audit import SYSTEM
from storage.clock import Clock
from storage.database import Database, Unavailable
from storage.settings import RetentionSettings

log = logging.getLogger(__name__)

PURGE = "purge"
PURGE_CRON = "30 2 * * *"
LOOK_SECONDS = 60.0
SLOW_EVERY = 10
"""So many looks are quick ones before the next that asks everything."""
QUIET = timedelta(minutes=25)
"""An alarm is over once it was not seen for so long: longer than two looks that ask everything."""

UNHEARD = timedelta(days=1)
"""And one of which a provider speaks by itself, once nothing was heard for so long."""


class Housekeeping:
    """Watches and purges, for one process. `watches` are asked beside the usual ones.

    `erased_list` is where the erasures are kept outside of the database (storage.erasing).
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        terms: Terms,
        keep: RetentionSettings,
        *,
        watches: Sequence[Watch] = (),
        erased_list: Path | None = None,
        wake: Callable[[], None] = lambda: None,
        real: Callable[[], datetime] = real_now,
    ) -> None:
        self._db = db
        self._clock = clock
        self._terms = terms
        self._keep = keep
        self._slow = (*SLOW, *watches)
        self._wake = wake
        self._erased_list = erased_list
        self._erased_until: tuple[int, int] | None = None
        self._real = real
        self._looks = 0
        self._purge_due = asyncio.Event()
        job = Job(name=PURGE, cron=PURGE_CRON, run=self._note_purge, misfire=Misfire.RUN_LATEST)
        self._scheduler = Scheduler(db, (job,))
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._scheduler.prepare(self._clock.now())
        self._loops = [
            asyncio.create_task(self._watching(), name="alarms"),
            asyncio.create_task(self._purging(), name="purge"),
        ]

    async def stop(self) -> None:
        """Ends at once: what a purge has left the next one finds."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def look(self, *, everything: bool = True) -> int:
        """Looks for what is wrong and tells it; how many alarms were told."""
        now = Now(self._clock.now(), self._real())
        await alarms.note(self._db, await self._found(now, everything=everything), now.real)
        await self._clear(now)
        told = await tell(self._db, self._terms, now=now.business, real=now.real)
        if told:
            self._wake()
        return told

    async def keep_erased(self) -> None:
        """Writes down beside the data who was erased since the last time."""
        if self._erased_list is None:
            return
        until = await erasing.extent(self._db)
        if until != self._erased_until:
            await erasing.keep_list(self._db, self._erased_list)
            self._erased_until = until

    async def purge(self) -> dict[str, int]:
        """Deletes what is kept too long; how many of each kind."""
        return await retention.purge(self._db, self._keep, actor=SYSTEM, now=self._clock.now())

    async def _found(self, now: Now, *, everything: bool) -> list[Condition]:
        found: list[Condition] = []
        for watch in (*QUICK, *self._slow) if everything else QUICK:
            try:
                found += await watch(self._db, self._terms, now)
            except Unavailable:
                raise
            except Exception as failure:  # one question must not silence the others
                log.error("an alarm cannot be looked for: %s", type(failure).__name__)
        return found

    async def _clear(self, now: Now) -> None:
        async with self._db.transaction():
            cleared = await alarms.clear_quiet(
                self._db,
                unseen_since=now.real - QUIET,
                unheard_since=now.real - UNHEARD,
                heard=HEARD,
                now=now.real,
            )
            # That a provider has not said it again does not mean that it was mended.
            mended = [alarm for alarm in cleared if alarm.kind not in HEARD]
            await tell_over(self._db, self._terms, mended, now=now.business, real=now.real)

    async def _watching(self) -> None:
        while True:
            try:
                await self._scheduler.tick(self._clock.now())
                await self.keep_erased()
                await self.look(everything=self._looks % SLOW_EVERY == 0)
                self._looks += 1
            except Unavailable as closed:
                log.warning("alarms: the database does not answer (%s)", type(closed).__name__)
            except Exception as failure:
                log.error("alarms failed: %s", type(failure).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _purging(self) -> None:
        while True:
            await self._purge_due.wait()
            self._purge_due.clear()
            try:
                log.info("purged: %s", await self.purge())
            except Unavailable as closed:
                log.warning("purge: the database does not answer (%s)", type(closed).__name__)
            except Exception as failure:
                log.error("purge failed: %s", type(failure).__name__)

    async def _note_purge(self, _: Occasion) -> None:
        # It goes page by page, in transactions of its own, once this one is over.
        self._purge_due.set()
