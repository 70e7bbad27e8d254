"""Where residents come in: the list of villages, and each village's home page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from aiohttp import web

from console import texts
from console.sections import Section
from console.site import Site
from storage import chain, regions
from storage.accounts import Accounts
from storage.asked import counts
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import publishing_for


class Home:
    def __init__(
        self, site: Site, db: Database, published: PublishedAccounts, sections: Sequence[Section]
    ) -> None:
        self._site = site
        self._db = db
        self._published = published
        self._sections = sections

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/", self.villages)
        app.router.add_get("/v/{code:\\d{12}}", self.village)

    async def villages(self, request: web.Request) -> web.Response:
        everyone = await regions.villages(self._db)
        towns = [(town, list(those)) for town, those in groupby(everyone, lambda v: v.town)]
        return self._site.page(
            request, "villages.html", made_of=tuple(everyone), title=texts.TITLE, towns=towns
        )

    async def village(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        height = await chain.height(self._db)
        accounts = await self._published.village(village.code, height)
        entries = [entry for part in self._sections for entry in await part.on_home(village)]
        asked = await counts(self._db, village.code)
        # What people ask for comes first; what nobody asks for stays, below, in its usual order.
        entries.sort(key=lambda entry: -asked.get(entry.section, 0))
        months = sorted(accounts.months, key=lambda month: month.period, reverse=True)
        by_period = [(period, list(books)) for period, books in groupby(months, _period)]
        return self._site.page(
            request,
            "village.html",
            made_of=(village, height, entries),
            changed_at=await chain.changed_at(self._db, publishing_for(village.code)),
            title=village.name,
            village=village,
            entries=entries,
            newest=by_period[0] if by_period else None,
            years=[(year, list(those)) for year, those in groupby(by_period, lambda m: m[0][:4])],
        )


def _period(accounts: Accounts) -> str:
    return accounts.period
