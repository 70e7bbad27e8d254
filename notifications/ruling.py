"""Schedules that people may set: another rule is checked, kept apart from the program's, told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from notifications.cron import BadRule, coming, normal_cron
from notifications.schedules import Job, next_run, usual_rule
from storage import audit, schedules
from storage.database import Database
from storage.schedules import Schedule

SHOWN = 10
_RAREST = timedelta(days=400)


async def in_force(db: Database, jobs: tuple[Job, ...], now: datetime) -> list[Schedule]:
    """The schedules of jobs as they are now, before the first start of a service too."""
    stored = {one.name: one for one in await schedules.load_all(db)}
    return [stored.get(job.name) or usual_rule(job, now) for job in jobs]


def next_times(cron: str, now: datetime) -> list[datetime]:
    """The next ten times of a rule; raises BadRule for one that cannot be, or hardly ever comes."""
    rule = normal_cron(cron)
    first = next_run(rule, now)
    if first - now > _RAREST:
        raise BadRule(cron)
    return coming(rule, first, SHOWN)


async def change(db: Database, job: Job, cron: str, *, by: str, now: datetime) -> Schedule:
    """Gives a job another rule, which a start leaves alone; an empty one: the program's again.

    Raises BadRule.
    """
    if cron:
        next_times(cron, now)
    rule = usual_rule(job, now)
    async with db.transaction():
        await schedules.ensure(db, rule, now)
        wanted = rule
        if cron:
            normal = normal_cron(cron)
            wanted = replace(rule, cron=normal, next_run=next_run(normal, now), own_rule=True)
        await schedules.set_rule(db, wanted, now)
        await audit.record(db, by, "scheduled", job.name, {"cron": wanted.cron}, now=now)
    return wanted
