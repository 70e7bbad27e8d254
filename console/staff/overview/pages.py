"""The overview of a county, a town or a village, and its monthly report to be printed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web

from console.staff.desk import PREFIX, Desk
from console.staff.overview import texts
from console.staff.overview.figures import Card, Overview, heads, month_of, overview
from console.staff.routes import Entry, Route, Visit
from notifications.calendar import months_before
from pictures import MonthlyReport, ReportLine, ReportPlace, pdf
from storage import regions
from storage.database import Database
from storage.regions import Region

READERS = frozenset({"干部", "监委会", "监督员", "纪检", "部门", "管理", "审计"})
OVERVIEW = f"{PREFIX}/overview"

_ROWS = 50
_PRINTED = 200
_REPORTS = 12
_KEPT, _KEPT_SECONDS = 500, 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """An overview, when it was counted (business time), and until when it may be shown."""

    overview: Overview
    at: datetime
    until: float


class Overviews:
    """`topics` are the names of topics, by code."""

    def __init__(self, db: Database, desk: Desk, topics: Mapping[str, str]) -> None:
        self._db = db
        self._desk = desk
        self._topics = topics
        self._kept: dict[tuple[str, date, int], _Kept] = {}

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", OVERVIEW, self.index, READERS),
            Route("GET", f"{OVERVIEW}/{{code:[0-9]+}}", self.show, READERS),
            Route("POST", f"{OVERVIEW}/{{code:[0-9]+}}/report", self.report, READERS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, OVERVIEW, READERS)]

    async def index(self, visit: Visit) -> web.StreamResponse:
        """The widest region that the visitor may see."""
        prefixes = sorted(visit.prefixes(READERS), key=lambda one: (len(one), one))
        if not prefixes:
            raise web.HTTPNotFound
        return await self._page(visit, await self._region(visit, prefixes[0].ljust(12, "0")))

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, await self._region(visit, visit.request.match_info["code"]))

    async def report(self, visit: Visit) -> web.StreamResponse:
        """A month on paper; who took it is recorded."""
        region = await self._region(visit, visit.request.match_info["code"])
        period = visit.text("month")
        if period not in _months(visit.today):
            raise web.HTTPNotFound
        until = month_of(period, visit.today).last
        found = await overview(self._db, region, until, self._topics, limit=_PRINTED)
        document = await asyncio.to_thread(pdf, _on_paper(found, period, visit.today))
        year, number = period.split("-")
        name = texts.REPORT.format(place=region.name, month=f"{year}年{int(number)}月")
        return await self._desk.export(
            visit, name, "application/pdf", document, what="monthly_report", subject=region.code
        )

    async def _region(self, visit: Visit, code: str) -> Region:
        """Raises HTTPNotFound for one that is not the visitor's to see."""
        region = await regions.region(self._db, code)
        if region is None or not visit.may(READERS, code):
            raise web.HTTPNotFound
        return region

    async def _page(self, visit: Visit, region: Region) -> web.Response:
        asked = visit.request.query.get("page", "")
        page = max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
        found, at = await self._counted(visit, region, page)
        parent = None
        if region.parent and visit.may(READERS, region.parent):
            parent = await regions.region(self._db, region.parent)
        return self._desk.page(
            visit, "overview/show.html", title=texts.OF.format(place=region.name), found=found,
            region=region, heads=heads(), parent=parent, months=_months(visit.today),
            trend=texts.TREND, page=page, has_more=len(found.below) == _ROWS, at=at,
            elsewhere=await self._elsewhere(visit, region.code),
        )  # fmt: skip

    async def _counted(self, visit: Visit, region: Region, page: int) -> tuple[Overview, datetime]:
        """What a region's page shows, and when it was counted.

        A minute ago at most: a county is counted over all of its rows, and nobody waits for that
        at every click.
        """
        key = (region.code, visit.today, page)
        kept = self._kept.get(key)
        if kept and kept.until > time.monotonic():
            return kept.overview, kept.at
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        found = await overview(self._db, region, visit.today, self._topics, limit=_ROWS, page=page)
        self._kept[key] = _Kept(found, visit.now, time.monotonic() + _KEPT_SECONDS)
        return found, visit.now

    async def _elsewhere(self, visit: Visit, code: str) -> list[Region]:
        """The places of the visitor's posts that this one does not lie in."""
        others = [one for one in visit.prefixes(READERS) if not code.startswith(one)]
        found = [await regions.region(self._db, one.ljust(12, "0")) for one in others]
        return [one for one in found if one]


def _months(today: date) -> list[str]:
    return [months_before(f"{today:%Y-%m}", count) for count in range(_REPORTS)]


def _on_paper(found: Overview, period: str, today: date) -> MonthlyReport:
    return MonthlyReport(
        region=found.region.name,
        period=period,
        made_on=today,
        lines=tuple(map(_line, found.seven)),
        others=tuple(map(_line, found.others)),
        heads=tuple(heads()),
        places=tuple(ReportPlace(one.place.name, one.figures) for one in found.below),
        topics=tuple((one.name, one.asked, one.unanswered) for one in found.topics),
    )


def _line(card: Card) -> ReportLine:
    return ReportLine(card.name, card.what, card.now, card.before)
