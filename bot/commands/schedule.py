"""`mingbai schedule`: what happens by the clock, when, and what becomes of what was missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import click

from bot.commands import store, texts
from bot.commands.campaign import terms
from bot.config import Config
from bot.errors import Refused
from notifications import texts as words
from notifications.calendar import is_worked
from notifications.cron import BadRule, coming, in_words, normal_cron
from notifications.jobs import usual_jobs
from notifications.schedules import Job, Misfire, next_run, usual_rule
from storage import audit, holidays, schedules
from storage.clock import BEIJING
from storage.database import Database
from storage.schedules import Firing, Schedule

OPERATOR = "operator"
_SHOWN = 10
_FAR = timedelta(days=400)
_MISFIRES = {"latest": Misfire.RUN_LATEST, "all": Misfire.RUN_ALL, "skip": Misfire.SKIP}
_WEEKDAYS = tuple(words.WEEKDAYS.values())


@dataclass(frozen=True, slots=True)
class _Table:
    """The days off that are known, and the years of which they are."""

    days: Mapping[date, str]
    years: frozenset[int]

    def mark(self, day: date) -> str:
        """What to say of a day beside its weekday."""
        if day.year not in self.years:
            return texts.DAY_PROVISIONAL
        if not is_worked(day, self.days):
            return texts.DAY_OFF
        return texts.DAY_WORKED if day.weekday() >= 5 else ""


@dataclass(frozen=True, slots=True)
class _Shown:
    schedule: Schedule
    last: Firing | None
    times: list[datetime]


def show(config: Config, *, as_json: bool, now: datetime | None) -> None:
    """Prints every schedule: its rule in words, the next ten dates, its last occurrence."""
    shown, table = asyncio.run(_load(config, now))
    if as_json:
        click.echo(json.dumps([_as_json(one, table) for one in shown], ensure_ascii=False))
        return
    for one in shown:
        for line in _lines(one, table):
            click.echo(line)


def change(
    config: Config,
    name: str,
    *,
    cron: str | None,
    misfire: str | None,
    usual: bool,
    now: datetime | None,
) -> None:
    """Gives a schedule another rule, which a start leaves alone; `usual`: the program's again."""
    if not (cron or misfire or usual):
        raise Refused(texts.NOTHING_TO_SET)
    try:
        rule = normal_cron(cron) if cron else None
    except BadRule:
        raise Refused(texts.BAD_CRON.format(cron=cron)) from None
    asyncio.run(_change(config, name, rule, misfire, now, usual=usual))
    click.echo(texts.SCHEDULE_SET)


async def _load(config: Config, now: datetime | None) -> tuple[list[_Shown], _Table]:
    async with store.opened(config) as db:
        moment = (await store.business_clock(db, now)).now()
        found = await _schedules(db, usual_jobs(db, terms(config)), moment)
        last = await schedules.last_firings(db)
        today = moment.astimezone(BEIJING).date()
        known = frozenset(await holidays.years(db))
        table = _Table(await holidays.between(db, today, today + _FAR), known)
    shown = [
        _Shown(one, last.get(one.name), coming(one.cron, one.next_run, _SHOWN)) for one in found
    ]
    return shown, table


async def _schedules(db: Database, jobs: tuple[Job, ...], now: datetime) -> list[Schedule]:
    """The schedules of the jobs there are, also before the first start of a service."""
    stored = {one.name: one for one in await schedules.load_all(db)}
    return [stored.get(job.name) or usual_rule(job, now) for job in jobs]


async def _change(
    config: Config, name: str, cron: str | None, misfire: str | None, now: datetime | None, *,
    usual: bool,
) -> None:  # fmt: skip
    async with store.opened(config) as db:
        moment = (await store.business_clock(db, now)).now()
        jobs = {job.name: job for job in usual_jobs(db, terms(config))}
        if name not in jobs:
            raise Refused(texts.NO_SCHEDULE.format(name=name))
        rule = usual_rule(jobs[name], moment)
        async with db.transaction():
            await schedules.ensure(db, rule, moment)
            (current,) = [one for one in await schedules.load_all(db) if one.name == name]
            wanted = rule if usual else replace(current, own_rule=True)
            wanted = replace(
                wanted,
                cron=cron or wanted.cron,
                misfire=_MISFIRES[misfire].value if misfire else wanted.misfire,
                own_rule=not usual or bool(cron or misfire),
            )
            wanted = replace(wanted, next_run=next_run(wanted.cron, moment))
            await schedules.set_rule(db, wanted, moment)
            details = {"cron": wanted.cron, "misfire": wanted.misfire}
            await audit.record(db, OPERATOR, "scheduled", name, details, now=moment)


def _lines(one: _Shown, table: _Table) -> list[str]:
    schedule = one.schedule
    rule = texts.SCHEDULE_RULE.format(
        rule=in_words(schedule.cron), misfire=texts.MISFIRES[schedule.misfire]
    )
    title = texts.SCHEDULES.get(schedule.name, schedule.name)
    head = click.style(title, bold=True)
    own = texts.SCHEDULE_OWN if schedule.own_rule else ""
    return [
        texts.SCHEDULE_HEAD.format(title=head, name=click.style(schedule.name, dim=True)),
        f"  {rule}{own}",
        f"  {_last(one.last)}",
        f"  {texts.SCHEDULE_COMING.format(days=_days(one.times, table))}",
    ]


def _last(firing: Firing | None) -> str:
    if firing is None:
        return texts.SCHEDULE_NEVER
    at = firing.due_at.astimezone(BEIJING)
    said = f"{at.month}月{at.day}日 {at.hour}:{at.minute:02d}"
    return texts.SCHEDULE_LAST.format(at=said, state=texts.FIRINGS[firing.state])


def _days(times: list[datetime], table: _Table) -> str:
    """Each day once: 12月8日二, 12月9日三休."""
    days = dict.fromkeys(time.astimezone(BEIJING).date() for time in times)
    return " ".join(
        f"{day.month}月{day.day}日{_WEEKDAYS[day.weekday()]}{table.mark(day)}" for day in days
    )


def _as_json(one: _Shown, table: _Table) -> dict[str, object]:
    schedule, last = one.schedule, one.last
    return {
        "name": schedule.name,
        "cron": schedule.cron,
        "rule": in_words(schedule.cron),
        "misfire": schedule.misfire,
        "own_rule": schedule.own_rule,
        "last": {"at": _iso(last.due_at), "state": last.state} if last else None,
        "coming": [
            {"at": _iso(time), "day": table.mark(time.astimezone(BEIJING).date())}
            for time in one.times
        ],
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat()
