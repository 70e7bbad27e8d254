"""The calendar: a heat map by town, then by village, then row by row, with reminders and urging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from console.staff.calendar import texts
from console.staff.desk import PREFIX, Desk
from console.staff.routes import Entry, Route, Visit
from notifications.calendar import months_before
from notifications.rhythms import forecast, keep
from notifications.rhythms.days import work_days
from notifications.rhythms.forecast import Foreseen
from notifications.terms import Terms
from notifications.triggers import urge
from storage import audit, due_counts, dues, regions
from storage.database import Database
from storage.due_counts import Cell
from storage.dues import DueState
from storage.regions import VILLAGE, Region

READERS = frozenset({"干部", "录入", "审核", "监委会", "监督员", "纪检", "部门", "管理", "审计"})
URGERS = frozenset({"管理", "监委会", "监督员"})
ADMINS = frozenset({"管理"})
CALENDAR = f"{PREFIX}/calendar"
RHYTHMS = f"{CALENDAR}/rhythms"

_BEFORE, _AFTER = 10, 1  # months beside the present one
_DIGITS = {"county": 9, "town": 12}
_ROWS = 100
_LATE = 20
_AHEAD = timedelta(days=1200)  # ten quarters and a feast


@dataclass(frozen=True, slots=True)
class Row:
    place: Region
    cells: tuple[Cell, ...]


class Calendar:
    def __init__(self, db: Database, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._desk = desk
        self._terms = terms

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", CALENDAR, self.index, READERS),
            Route("GET", f"{CALENDAR}/{{code:[0-9]+}}", self.show, READERS),
            Route("POST", f"{CALENDAR}/dues/{{id}}/urge", self.urge, URGERS),
            Route("POST", f"{CALENDAR}/{{code:[0-9]+}}/rhythm", self.set_rhythm, ADMINS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, CALENDAR, READERS)]

    async def index(self, visit: Visit) -> web.StreamResponse:
        """The widest region that the visitor may see."""
        prefixes = sorted(visit.prefixes(READERS), key=lambda one: (len(one), one))
        if not prefixes:
            raise web.HTTPNotFound
        return await self._place(visit, prefixes[0].ljust(12, "0"))

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._place(visit, visit.request.match_info["code"])

    async def urge(self, visit: Visit) -> web.StreamResponse:
        """Reminds the village by hand, once a day."""
        due = await dues.load(self._db, visit.request.match_info["id"])
        if due is None:
            raise web.HTTPNotFound
        visit.require(URGERS, due.village)
        href = f"{CALENDAR}/{due.village}?month={due.due_on:%Y-%m}"
        if due.state not in (DueState.WAITING, DueState.OVERDUE):
            return await self._desk.done(visit, href, texts.NOTHING_TO_URGE)
        sent = await urge(self._db, self._terms, due, by=visit.staff.person_id, now=visit.now)
        return await self._desk.done(visit, href, texts.URGED if sent else texts.URGED_TODAY)

    async def set_rhythm(self, visit: Visit) -> web.StreamResponse:
        """Lets a village publish its accounts by another day; what waits is planned anew."""
        code = visit.request.match_info["code"]
        visit.require(ADMINS, code)
        place = await regions.region(self._db, code)
        if place is None or place.level != VILLAGE:
            raise web.HTTPNotFound
        rhythm, day = visit.text("rhythm"), visit.text("day")
        if rhythm not in (texts.MONTHLY, texts.QUARTERLY) or not (
            day.isdecimal() and 1 <= int(day) <= 28
        ):
            return await self._village(visit, place, {"day": texts.BAD_DAY})
        if visit.text("do") == "look":
            days = await work_days(self._db, visit.today, visit.today + _AHEAD)
            months = 3 if rhythm == texts.QUARTERLY else 1
            foreseen = forecast.regular(visit.today, int(day), months, days)
            return await self._village(visit, place, {}, foreseen)
        async with self._db.transaction():
            await regions.set_rhythm(self._db, code, rhythm, int(day))
            await keep(self._db, visit.now, village=code)
            told = {"rhythm": rhythm, "day": int(day)}
            await audit.record(
                self._db, visit.staff.person_id, "rhythm_set", code, told, now=visit.now
            )
        said = texts.RHYTHM_SET.format(rhythm=rhythm, day=day)
        return await self._desk.done(visit, f"{CALENDAR}/{code}", said)

    async def _place(self, visit: Visit, code: str) -> web.Response:
        place = await regions.region(self._db, code)
        if place is None or not visit.may(READERS, code):
            raise web.HTTPNotFound
        if place.level == VILLAGE:
            return await self._village(visit, place, {})
        months = months_around(visit.today)
        first, last = date.fromisoformat(f"{months[0]}-01"), _end_of(months[-1])
        digits, prefix = _DIGITS[place.level], regions.prefix_of(code)
        counted = await due_counts.by_place(self._db, prefix, digits, first, last)
        below = await regions.children(self._db, code)
        page = _page(visit)
        shown = below[(page - 1) * _ROWS : page * _ROWS]
        rows = [
            Row(one, tuple(counted.get(one.code[:digits], {}).get(m, Cell()) for m in months))
            for one in shown
        ]
        sums = [_sum([cells.get(month, Cell()) for cells in counted.values()]) for month in months]
        return self._desk.page(
            visit, "calendar/map.html", title=texts.OF.format(place=place.name), place=place,
            months=months, rows=rows, sums=sums, rhythms=RHYTHMS, this=f"{visit.today:%Y-%m}",
            parent=await self._parent(visit, place), page=page,
            has_more=len(below) > page * _ROWS,
            late=await due_counts.overdue(self._db, prefix, _LATE), most=_LATE,
            elsewhere=await self._elsewhere(visit, code),
        )  # fmt: skip

    async def _village(
        self,
        visit: Visit,
        place: Region,
        problems: dict[str, str],
        foreseen: Sequence[Foreseen] = (),
    ) -> web.Response:
        months = months_around(visit.today)
        month = visit.request.query.get("month", "")
        chosen = [month] if month in months else months
        first, last = date.fromisoformat(f"{chosen[0]}-01"), _end_of(chosen[-1])
        found = await due_counts.of_village(self._db, place.code, first, last, limit=60)
        return self._desk.page(
            visit, "calendar/village.html", title=texts.OF.format(place=place.name),
            status=422 if problems else 200, place=place, months=months,
            month=month if month in months else "", dues=found,
            reminders=await due_counts.reminders(self._db, found),
            states=texts.STATES, stage=_stage, names=texts.NAMES,
            may_urge=visit.may(URGERS, place.code), may_rule=visit.may(ADMINS, place.code),
            parent=await self._parent(visit, place), problems=problems, foreseen=foreseen,
            rhythm=visit.text("rhythm") or place.rhythm,
            day=visit.text("day") or place.disclosure_day or "",
            rhythms=[(one, one) for one in (texts.MONTHLY, texts.QUARTERLY)],
            elsewhere=await self._elsewhere(visit, place.code),
        )  # fmt: skip

    async def _elsewhere(self, visit: Visit, code: str) -> list[Region]:
        """The places of the visitor's posts that this one does not lie in."""
        others = [one for one in visit.prefixes(READERS) if not code.startswith(one)]
        found = [await regions.region(self._db, one.ljust(12, "0")) for one in others]
        return [one for one in found if one]

    async def _parent(self, visit: Visit, place: Region) -> Region | None:
        if place.parent and visit.may(READERS, place.parent):
            return await regions.region(self._db, place.parent)
        return None


def months_around(today: date) -> list[str]:
    """Twelve months: ten before the present one, it, and the next."""
    this = f"{today:%Y-%m}"
    return [months_before(this, count) for count in range(_BEFORE, -_AFTER - 1, -1)]


def _stage(told: str) -> str:
    """Of which day a reminder was, in words."""
    return texts.URGE if told == "urge" else texts.stage(int(told))


def _end_of(month: str) -> date:
    following = months_before(month, -1)
    return date.fromisoformat(f"{following}-01") - timedelta(days=1)


def _page(visit: Visit) -> int:
    asked = visit.request.query.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(
        sum(one.done for one in cells), sum(one.late for one in cells),
        sum(one.overdue for one in cells), sum(one.waiting for one in cells),
    )  # fmt: skip
