"""The five rhythms with the next ten days of each, and the schedules of reminders, to be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from aiohttp import web

from console.staff.calendar import texts
from console.staff.calendar.pages import ADMINS, READERS, RHYTHMS
from console.staff.desk import Desk
from console.staff.routes import COUNTY_DIGITS, Entry, Route, Visit
from notifications import ruling
from notifications.cron import BadRule, in_words
from notifications.jobs import usual_jobs
from notifications.rhythms.rules import Rhythm, in_force
from notifications.terms import Terms
from storage import due_counts
from storage.clock import BEIJING
from storage.database import Database
from storage.rhythm_rules import RhythmRule


@dataclass(frozen=True, slots=True)
class Shown:
    """A schedule of reminders as the page has it."""

    name: str
    title: str
    cron: str
    words: str
    is_own: bool
    times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class RhythmShown:
    code: str
    name: str
    rule: str
    reminded: str
    days: tuple[tuple[date, int], ...]


class Rhythms:
    def __init__(self, db: Database, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._desk = desk
        self._jobs = {job.name: job for job in usual_jobs(db, terms) if job.name in texts.SCHEDULES}

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", RHYTHMS, self.index, READERS),
            Route("POST", f"{RHYTHMS}/{{name:\\w+}}", self.change, ADMINS),
        ]

    def entries(self) -> Sequence[Entry]:
        return []  # the calendar leads to it

    async def index(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, {}, {})

    async def change(self, visit: Visit) -> web.StreamResponse:
        """Sets when a job runs; an empty rule is the program's again."""
        job = self._jobs.get(visit.request.match_info["name"])
        if job is None or not _is_county_admin(visit):
            raise web.HTTPNotFound
        cron = visit.text("cron")
        try:
            if visit.text("do") == "look":
                times = ruling.next_times(cron or job.cron, visit.now)
                return await self._page(visit, {}, {job.name: cron}, {job.name: times})
            wanted = await ruling.change(
                self._db, job, cron, by=visit.staff.person_id, now=visit.now
            )
        except BadRule:
            return await self._page(visit, {job.name: texts.BAD_RULE}, {job.name: cron})
        local = wanted.next_run.astimezone(BEIJING)
        said = texts.RULE_SET.format(next=f"{local.month}月{local.day}日 {local:%H:%M}")
        return await self._desk.done(visit, RHYTHMS, said)

    async def _page(
        self,
        visit: Visit,
        problems: dict[str, str],
        typed: dict[str, str],
        looked_at: Mapping[str, Sequence[datetime]] = MappingProxyType({}),
    ) -> web.Response:
        prefix = min(visit.prefixes(READERS), key=len)
        rules = await in_force(self._db)
        rhythms = [
            RhythmShown(
                one.value, texts.NAMES[one], texts.RULES[one].format(number=rules[one].number),
                _reminded(rules[one]),
                tuple(await due_counts.coming_days(self._db, one.value, prefix, visit.today)),
            )
            for one in Rhythm
        ]  # fmt: skip
        found = await ruling.in_force(self._db, tuple(self._jobs.values()), visit.now)
        schedules = [
            Shown(
                one.name, texts.SCHEDULES[one.name], typed.get(one.name, one.cron),
                in_words(one.cron), one.own_rule, tuple(ruling.next_times(one.cron, visit.now)),
            )
            for one in found
        ]  # fmt: skip
        return self._desk.page(
            visit, "calendar/rhythms.html", title=texts.RHYTHMS,
            status=422 if problems else 200, rhythms=rhythms, schedules=schedules,
            problems=problems, may_set=_is_county_admin(visit), no_days=texts.NO_DAYS,
            looked_at=looked_at,
        )  # fmt: skip


def _is_county_admin(visit: Visit) -> bool:
    return any(len(prefix) <= COUNTY_DIGITS for prefix in visit.prefixes(ADMINS))


def _reminded(rule: RhythmRule) -> str:
    days = "、".join(map(texts.stage, rule.stages))
    return texts.REMINDED.format(days=days, town=rule.town_stage)
