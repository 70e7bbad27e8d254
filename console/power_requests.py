"""Which unit's list of powers, of which day, a request is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from storage import chain, regions
from storage.clock import Clock
from storage.database import Database
from storage.offices import Offices, offices
from storage.power_lists import Listed, PowerList, PublishedPowerItems
from storage.regions import Region

LIST = "/{code:\\d{12}}/power"
ITEM = LIST + "/{item:[0-9A-Za-z-]+}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit's list on a day (`?on=2026-03-01`, else today), and who is in office today."""

    unit: Region
    found: PowerList
    offices: Offices
    height: int  # the chain's
    is_past: bool

    def item(self, code: str) -> Listed:
        """Raises HTTPNotFound where the list has no such item."""
        listed = self.found.item(code.upper())
        if listed is None:
            raise web.HTTPNotFound
        return listed


class PowerRequests:
    """Reads requests; one for all that shows the lists."""

    def __init__(self, db: Database, lists: PublishedPowerItems, clock: Clock) -> None:
        self._db = db
        self._lists = lists
        self._clock = clock

    @property
    def lists(self) -> PublishedPowerItems:
        return self._lists

    async def read(self, request: web.Request) -> Asked:
        """Raises HTTPNotFound for an unknown unit, and for one without a list on that day."""
        unit = await regions.region(self._db, request.match_info["code"])
        if unit is None:
            raise web.HTTPNotFound
        today = self._clock.today()
        on = _day(request.query.get("on", "")) or today
        height = await chain.height(self._db)
        found = await self._lists.on(unit.code, on, height)
        if not found.items:
            raise web.HTTPNotFound
        in_office = await offices(self._db, unit.code, today)
        return Asked(unit, found, in_office, height, is_past=on != today)

    async def count(self, unit: str) -> int:
        """How many items apply to a unit today."""
        return len((await self._lists.newest(unit, self._clock.today())).items)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
