"""The clock: what is due by its schedule fires once, whoever ticks, and is caught up by its rule.

Every replica ticks. A compare-and-set on the schedule's next run and a unique occurrence decide;
what an occurrence causes is written in the same transaction, so that a crash leaves it undone or
done, never half (delivery.md, section 5.4). APScheduler ticks, and its CronTrigger computes times.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from apscheduler.triggers.cron import CronTrigger

from storage import schedules
from storage.clock import BEIJING
from storage.database import Database
from storage.schedules import Firing, Schedule

log = logging.getLogger(__name__)

_MOST = 1000  # occurrences of one schedule that are caught up at once
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
        """Adds the schedules that are not there yet."""
        for job in self._jobs.values():
            first = next_run(job.cron, now)
            schedule = Schedule(
                name=job.name, cron=job.cron, misfire=job.misfire.value, next_run=first
            )
            await schedules.ensure(self._db, schedule)

    async def tick(self, now: datetime) -> int:
        """Fires what is due; returns how many runs there were. Business time."""
        runs = 0
        for schedule in await schedules.due(self._db, now):
            job = self._jobs.get(schedule.name)
            if job is None:
                continue
            try:
                runs += await self._fire(job, schedule, now)
            except Exception as failure:  # the others have their turn all the same
                log.error("schedule %s failed: %s", job.name, type(failure).__name__)
        for job in self._jobs.values():
            runs += await self._catch_up(job, now)
        return runs

    async def _fire(self, job: Job, schedule: Schedule, now: datetime) -> int:
        times = occurrences(schedule, now)
        async with self._db.transaction():
            if not await schedules.advance(self._db, schedule, next_run(job.cron, now)):
                return 0
            firings = judge(times, Misfire(schedule.misfire), now)
            new = await schedules.record(self._db, job.name, firings, now)
            due = [firing.due_at for firing in new if firing.state == "done"]
            since = times[0] if schedule.misfire == Misfire.RUN_LATEST else None
            for due_at in due:
                await job.run(Occasion(due_at, since or due_at, now))
        return len(due)

    async def _catch_up(self, job: Job, now: datetime) -> int:
        """What an operator has resumed after a restore: as one run."""
        if not await schedules.any_resumed(self._db, job.name):
            return 0
        async with self._db.transaction():
            times = await schedules.take_resumed(self._db, job.name)
            if times:
                await job.run(Occasion(times[-1], times[0], now))
        return 1


def next_run(cron: str, after: datetime) -> datetime:
    """The first occurrence after a moment."""
    trigger = CronTrigger.from_crontab(cron, timezone=BEIJING)
    found = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    if found is None:
        raise ValueError(f"{cron} never comes")
    result: datetime = found.astimezone(after.tzinfo)
    return result


def occurrences(schedule: Schedule, now: datetime) -> list[datetime]:
    """The occurrences from the schedule's next run to now, earliest first."""
    times = [schedule.next_run]
    while len(times) < _MOST and (following := next_run(schedule.cron, times[-1])) <= now:
        times.append(following)
    return times


def judge(times: Sequence[datetime], misfire: Misfire, now: datetime) -> list[Firing]:
    """What each occurrence is recorded as: done, or skipped."""
    if misfire is Misfire.RUN_ALL:
        return [Firing(time, "done") for time in times]
    latest = times[-1]
    run_latest = misfire is Misfire.RUN_LATEST or now - latest <= _STILL_FRESH
    states = ["skipped"] * (len(times) - 1) + ["done" if run_latest else "skipped"]
    return [Firing(time, state) for time, state in zip(times, states, strict=True)]


async def hold_missed(db: Database, now: datetime) -> None:
    """After a restore: what was due since the backup waits for an operator."""
    for schedule in await schedules.due(db, now):
        times = occurrences(schedule, now)
        if await schedules.advance(db, schedule, next_run(schedule.cron, now)):
            await schedules.record(db, schedule.name, [Firing(t, "held") for t in times], now)
