"""Notifications as one: what the service starts and stops, and wakes when it has written a row."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from notifications.campaigns import fan_out_more, start_planned
from notifications.carriers import Carrier
from notifications.jobs import usual_jobs
from notifications.outbox import Outbox, real_now
from notifications.process import ProcessRole
from notifications.restored import hold_restored
from notifications.schedules import Job, Scheduler
from notifications.settling import Settler
from notifications.terms import Terms
from notifications.waking import SHARDS, Waking
from storage import campaigns, outbox, steering
from storage.clock import Clock
from storage.database import Database, Unavailable
from storage.outbox import Care
from storage.sealing import Sealer

log = logging.getLogger(__name__)

_TICK_SECONDS = 1.0

_REPORTING_SECONDS = 0.2
"""While reports come in they are folded that often."""


class Notifications:
    """Everything that goes out by itself, for one process.

    `carriers` come from `open_carriers`; `jobs` None means the usual ones. Business time is the
    clock's, `real` is real time. By its role a process does all of the work or a part; what it
    leaves to others it only wakes them for, through RabbitMQ where `broker` is its URL;
    `installation` keeps apart who shares one.
    """

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        clock: Clock,
        carriers: Mapping[str, Carrier],
        terms: Terms,
        *,
        jobs: Sequence[Job] | None = None,
        real: Callable[[], datetime] = real_now,
        role: ProcessRole = ProcessRole.ALL,
        broker: str = "",
        installation: str = "",
    ) -> None:
        self._db = db
        self._role = role
        self._clock = clock
        self._terms = terms
        self._real = real
        self.outbox = Outbox(db, sealer, clock, carriers, terms, real=real)
        self._settler = Settler(
            db,
            sealer,
            carriers,
            self.outbox.memory,
            repeat_within=self.outbox.repeat_within,
        )
        self._scheduler = Scheduler(db, usual_jobs(db, terms) if jobs is None else jobs)
        self._ticker = AsyncIOScheduler()
        self._woken = asyncio.Event()
        self._planned = asyncio.Event()
        self._waking = Waking(
            list(carriers),
            url=broker,
            installation=installation,
            on_drain=self._woken.set if role.sends else None,
            on_plan=self._planned.set if role.keeps_time else None,
        )
        self._reporting = False
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Begins to work. What a restore left unfinished is held."""
        await self._waking.start()
        if not (self._role.sends or self._role.keeps_time):
            return
        if await hold_restored(self._db, self._clock.now()):
            log.warning("restored from a backup: what was unfinished waits for `campaign resume`")
        self._loops = [asyncio.create_task(self._care(), name="settling")]
        if self._role.sends:
            await self.outbox.start()
            self._loops.append(asyncio.create_task(self._serve(), name="outbox"))
        if self._role.keeps_time:
            self._loops.append(asyncio.create_task(self._fan_out(), name="fan-out"))
            await self._scheduler.prepare(self._clock.now())
            self._ticker.add_job(
                self._tick, "interval", seconds=_TICK_SECONDS, max_instances=1, coalesce=True
            )
            self._ticker.start()

    async def stop(self) -> None:
        """Ends what is under way, so that nothing is left unknown."""
        self._stopping = True
        if self._ticker.running:
            self._ticker.shutdown(wait=False)
        self._woken.set()
        self._planned.set()
        await self._waking.stop()
        if self._loops:
            await asyncio.wait(self._loops, timeout=self._terms.delivery.poll_seconds + 5)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.outbox.stop()

    def wake(self, *, many: bool = False) -> None:
        """Says that a row was written which may be due now: nobody waits for the next poll.

        With `many` several workers are to look, and whoever looks after campaigns.
        """
        self._waking.drain(SHARDS if many else 1)
        if many:
            self._waking.plan()

    async def tick(self) -> int:
        """Lets the schedules look at the clock now; for tests and for a clock that was moved."""
        runs = await self._scheduler.tick(self._clock.now())
        if runs:
            self.wake(many=True)
        return runs

    async def _tick(self) -> None:
        await _quietly(self.tick(), "the schedules")

    async def _serve(self) -> None:
        """Wakes lanes: at once when told to, and at every poll, for other processes write too."""
        while not self._stopping:
            self._woken.clear()
            await _quietly(self.outbox.memory.refresh(self._real()), "bindings and halts")
            await _quietly(self.outbox.look(), "the outbox")
            try:
                async with asyncio.timeout(_uneven(self._terms.delivery.poll_seconds)):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _care(self) -> None:
        """Looks after everything that is not simply due."""
        while not self._stopping:
            self._planned.clear()
            self._reporting = False
            await _quietly(self._look_after(), "settling")
            pause = min(self._terms.delivery.poll_seconds, _TICK_SECONDS)
            pause = _uneven(min(pause, _REPORTING_SECONDS) if self._reporting else pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._planned.wait()

    async def _fan_out(self) -> None:
        """Goes on with large campaigns and with what was said of them, beside everything else."""
        while not self._stopping:
            await _quietly(self._page_by_page(), "the fan-out")
            await asyncio.sleep(min(self._terms.delivery.poll_seconds, _TICK_SECONDS))

    async def _page_by_page(self) -> None:
        if await steering.follow_up(self._db, self._real()):
            self.wake(many=True)
        while not self._stopping and await fan_out_more(self._db, self._terms, self._clock.now()):
            self.wake(many=True)

    async def _look_after(self) -> None:
        now = self._clock.now()
        needed = await outbox.needed(self._db, now=now, real=self._real())
        mine = {care: work for care, work in self._work(now).items() if care in needed}
        for care, work in mine.items():
            await _quietly(work(), care.value)
        if mine:
            self._waking.drain(SHARDS if Care.PLANNED in mine else 1)
        if self._role.sends:
            await _quietly(campaigns.close_finished(self._db), "finished campaigns")

    def _work(self, now: datetime) -> dict[Care, Callable[[], Awaitable[object]]]:
        """What this process does about each thing that may need looking after, in order."""
        work: dict[Care, Callable[[], Awaitable[object]]] = {}
        if self._role.keeps_time:
            work[Care.PLANNED] = lambda: start_planned(self._db, self._terms, now)
        if self._role.sends:
            work[Care.LEASES] = lambda: self._settler.sweep(self.outbox.moments())
            work[Care.RECEIPTS] = self._fold
            work[Care.UNKNOWN] = self._settle_unknown
            work[Care.SILENT] = lambda: self._settler.chase(self.outbox.moments())
            work[Care.UNREPORTED] = lambda: self._settler.ask_for_reports(self.outbox.moments())
        return work

    async def _fold(self) -> None:
        self._reporting = await self._settler.fold(self.outbox.moments()) > 0

    async def _settle_unknown(self) -> None:
        await self.outbox.repeat_unknown()
        await self._settler.settle(self.outbox.moments())


def _uneven(seconds: float) -> float:
    """About that long: several processes must not ask the database in step."""
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


async def _quietly(work: Awaitable[object], what: str) -> None:
    """One step of a loop that must not end: what goes wrong is logged, the next step follows."""
    try:
        await work
    except Unavailable as closed:
        log.warning("%s: the database does not answer (%s)", what, type(closed).__name__)
    except Exception as failure:
        log.error("%s failed: %s", what, type(failure).__name__)
