"""A rhythm's rule: how soon, when those who enter it are reminded; looked at before it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from console.staff.calendar import texts
from console.staff.calendar.pages import ADMINS, RHYTHMS
from console.staff.desk import Desk
from console.staff.routes import COUNTY_DIGITS, Entry, Route, Visit
from notifications.campaigns import local_day
from notifications.rhythms import forecast
from notifications.rhythms.days import WorkDays, work_days
from notifications.rhythms.forecast import Foreseen
from notifications.rhythms.rules import PERMANENT_KINDS, Rhythm, in_force
from storage import dues, rhythm_rules
from storage.database import Database
from storage.rhythm_rules import RhythmRule

_AHEAD = timedelta(days=1200)  # ten quarters and a feast
_MOST_STAGES, _EARLIEST, _LATEST = 8, -30, 60


@dataclass(slots=True)
class Typed:
    """The form as it was filled in, and what is wrong with it."""

    number: str
    stages: str
    problems: dict[str, str] = field(default_factory=dict)


class Ruling:
    """The rules hold for the county, so that only its administrators lay them down."""

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db = db
        self._desk = desk

    def routes(self) -> Sequence[Route]:
        one = f"{RHYTHMS}/{{rhythm}}/rule"
        return [Route("GET", one, self.show, ADMINS), Route("POST", one, self.save, ADMINS)]

    def entries(self) -> Sequence[Entry]:
        return []

    async def show(self, visit: Visit) -> web.StreamResponse:
        """The rule in force; with values in the address, the days that those would give."""
        rhythm = _rhythm(visit)
        rule = (await in_force(self._db))[rhythm]
        asked = visit.request.query
        typed = Typed(
            asked.get("number", str(rule.number)).strip(),
            asked.get("stages", ",".join(map(str, rule.stages))).strip(),
        )
        return await self._page(visit, rhythm, typed)

    async def save(self, visit: Visit) -> web.StreamResponse:
        rhythm = _rhythm(visit)
        typed = Typed(visit.text("number"), visit.text("stages"))
        rule = _rule(rhythm, typed)
        if rule is None:
            return await self._page(visit, rhythm, typed)
        actor = visit.staff.person_id
        await rhythm_rules.lay_down(self._db, rhythm.value, rule, actor, visit.now)
        return await self._desk.done(visit, RHYTHMS, texts.RULE_SAVED)

    async def _page(self, visit: Visit, rhythm: Rhythm, typed: Typed) -> web.Response:
        rule = _rule(rhythm, typed)
        days = await work_days(self._db, visit.today, visit.today + _AHEAD)
        foreseen = await self._foreseen(visit, rhythm, rule, days) if rule else []
        stages = rule.stages if rule else ()
        return self._desk.page(
            visit, "calendar/rule.html", title=texts.NAMES[rhythm],
            status=422 if typed.problems else 200, rhythm=rhythm.value, typed=typed,
            number=texts.NUMBERS.get(rhythm), rule=rule, by_months=rhythm is Rhythm.REGULAR,
            foreseen=[(one, forecast.reminded(one, stages)) for one in foreseen],
        )  # fmt: skip

    async def _foreseen(
        self, visit: Visit, rhythm: Rhythm, rule: RhythmRule, days: WorkDays
    ) -> list[Foreseen]:
        if rhythm is Rhythm.REGULAR:
            return forecast.regular(visit.today, rule.number, 3, days)
        if rhythm is Rhythm.PERMANENT:
            standing = await dues.standing(self._db, tuple(PERMANENT_KINDS))
            return forecast.reviews([local_day(one.since) for one in standing], visit.today, days)
        working_days = rule.number if rhythm is Rhythm.PHASED else 0
        return forecast.after_events(visit.today, working_days, days)


def _rhythm(visit: Visit) -> Rhythm:
    """Raises HTTPNotFound for one that is none, and for whoever is not the county's."""
    told = visit.request.match_info["rhythm"]
    is_countys = any(len(prefix) <= COUNTY_DIGITS for prefix in visit.prefixes(ADMINS))
    if not is_countys or told not in list(Rhythm):
        raise web.HTTPNotFound
    return Rhythm(told)


def _rule(rhythm: Rhythm, typed: Typed) -> RhythmRule | None:
    """The rule that was typed; None where something is wrong with it, which is noted."""
    number = 0
    if rhythm in texts.NUMBERS:
        _, least, most = texts.NUMBERS[rhythm]
        told = _number(typed.number, least, most)
        if told is None:
            typed.problems["number"] = texts.BAD_NUMBER.format(least=least, most=most)
        number = told or 0
    stages = _stages(typed)
    return None if typed.problems else RhythmRule(number, stages)


def _stages(typed: Typed) -> tuple[int, ...]:
    told = typed.stages.replace("，", ",").replace("、", ",").replace("－", "-")
    words = [word.strip() for word in told.split(",") if word.strip()]
    numbers = [_number(word, _EARLIEST, _LATEST) for word in words]
    days = sorted({number for number in numbers if number is not None})
    if not words:
        typed.problems["stages"] = texts.NO_STAGES
    elif None in numbers or len(days) > _MOST_STAGES:
        typed.problems["stages"] = texts.BAD_STAGES
    elif days[-1] < 0:
        typed.problems["stages"] = texts.ONLY_BEFORE
    return tuple(days)


def _number(told: str, least: int, most: int) -> int | None:
    digits = told.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 4):
        return None
    return int(told) if least <= int(told) <= most else None
