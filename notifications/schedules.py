"""The clock: what is due by its schedule fires once, whoever ticks, and is caught up by its rule.

Every replica ticks. A compare-and-set on the schedule's next run and a unique occurrence decide;
what an occurrence causes is written in the same transaction, so that a crash leaves it undone or
done, never half (delivery.md, section 5.4). APScheduler ticks, and its CronTrigger computes times.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from apscheduler.triggers.cron import CronTrigger

from storage import schedules
from storage.clock import BEIJING
from storage.database import Database
from storage.schedules import Firing, Schedule

log = logging.getLogger(__name__)

_MOST = 1000  # occurrences of one schedule that are run in one tick
_REMEMBERED = timedelta(days=100)  # so long it is known what a schedule did
_BREATH = 500  # occurrences, after which others have their turn
_STILL_FRESH = timedelta(minutes=5)


class Misfire(StrEnum):
    """What becomes of occurrences that nobody was there for."""

    RUN_LATEST = "run_latest"
    RUN_ALL = "run_all"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One run. Where it makes up for others, `since` is the earliest of them."""

    due_at: datetime
    since: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that happens by the clock. `run` is called inside a transaction: it sends nothing
    by itself, but writes what is to be sent."""

    name: str
    cron: str  # five fields, local time
    run: Callable[[Occasion], Awaitable[None]]
    misfire: Misfire = Misfire.RUN_LATEST


class Scheduler:
    """Fires jobs. Belongs to one process; several may run side by side."""

    def __init__(self, db: Database, jobs: Sequence[Job]) -> None:
        self._db = db
        self._jobs = {job.name: job for job in jobs}

    async def prepare(self, now: datetime) -> None:
        """Adds the schedules that are not there yet, and brings changed rules up to date."""
        for job in self._jobs.values():
            await schedules.ensure(self._db, usual_rule(job, now), now)

    async def tick(self, now: datetime) -> int:
        """Fires what is due; returns how many runs there were. Business time."""
        runs = 0
        for schedule in await schedules.due(self._db, now):
            if job := self._jobs.get(schedule.name):
                runs += await self._guarded(job, self._fire(job, schedule, now))
        for name in sorted(await schedules.resumed(self._db)):
            if job := self._jobs.get(name):
                runs += await self._guarded(job, self._catch_up(job, now))
        return runs

    async def _guarded(self, job: Job, firing: Awaitable[int]) -> int:
        """One that fails is undone and comes again; the others have their turn all the same."""
        try:
            return await firing
        except Exception as failure:
            log.error("schedule %s failed: %s", job.name, type(failure).__name__)
            return 0

    async def _fire(self, job: Job, schedule: Schedule, now: datetime) -> int:
        misfire = Misfire(schedule.misfire)
        if misfire is Misfire.RUN_ALL:
            return await self._fire_each(job, schedule, now)
        times = await occurrences(schedule, now)
        async with self._db.transaction():
            if not await schedules.advance(self._db, schedule, next_run(schedule.cron, now)):
                return 0
            await schedules.forget(self._db, job.name, now - _REMEMBERED)
            new = await schedules.record(self._db, job.name, judge(times, misfire, now), now)
            due = [firing.due_at for firing in new if firing.state == "done"]
            since = times[0] if misfire is Misfire.RUN_LATEST else times[-1]
            for due_at in due:
                await job.run(Occasion(due_at, since, now))
        return len(due)

    async def _fire_each(self, job: Job, schedule: Schedule, now: datetime) -> int:
        """Every occurrence in a transaction of its own, so that what is done stays done."""
        runs = 0
        while runs < _MOST and schedule.next_run <= now:
            due_at = schedule.next_run
            following = next_run(schedule.cron, due_at)
            async with self._db.transaction():
                if not await schedules.advance(self._db, schedule, following):
                    break  # another replica goes on with them
                if await schedules.record(self._db, job.name, [Firing(due_at, "done")], now):
                    await job.run(Occasion(due_at, due_at, now))
            schedule = replace(schedule, next_run=following)
            runs += 1
        return runs

    async def _catch_up(self, job: Job, now: datetime) -> int:
        """What an operator has resumed after a restore: as one run."""
        async with self._db.transaction():
            times = await schedules.take_resumed(self._db, job.name)
            if times:
                await job.run(Occasion(times[-1], times[0], now))
        return 1 if times else 0


def usual_rule(job: Job, now: datetime) -> Schedule:
    """A schedule as the program has it."""
    return Schedule(
        name=job.name, cron=job.cron, misfire=job.misfire.value, next_run=next_run(job.cron, now)
    )


@functools.cache
def _trigger(cron: str) -> CronTrigger:
    return CronTrigger.from_crontab(cron, timezone=BEIJING)


def next_run(cron: str, after: datetime) -> datetime:
    """The first occurrence after a moment."""
    found = _trigger(cron).get_next_fire_time(None, after + timedelta(microseconds=1))
    if found is None:
        raise ValueError(f"{cron} never comes")
    result: datetime = found.astimezone(after.tzinfo)
    return result


async def occurrences(schedule: Schedule, now: datetime) -> list[datetime]:
    """The occurrences from the schedule's next run to now, earliest first, however many."""
    times = [schedule.next_run]
    while (following := next_run(schedule.cron, times[-1])) <= now:
        times.append(following)
        if len(times) % _BREATH == 0:
            await asyncio.sleep(0)
    return times


def judge(times: Sequence[datetime], misfire: Misfire, now: datetime) -> list[Firing]:
    """What each occurrence is recorded as, where at most the latest is run: done, or skipped."""
    latest = times[-1]
    is_run = misfire is Misfire.RUN_LATEST or now - latest <= _STILL_FRESH
    skipped = [Firing(time, "skipped") for time in times[:-1]]
    return [*skipped, Firing(latest, "done" if is_run else "skipped")]


async def hold_missed(db: Database, now: datetime) -> None:
    """After a restore: what was due since the backup waits for an operator."""
    for schedule in await schedules.due(db, now):
        times = await occurrences(schedule, now)
        if await schedules.advance(db, schedule, next_run(schedule.cron, now)):
            await schedules.record(db, schedule.name, [Firing(t, "held") for t in times], now)
