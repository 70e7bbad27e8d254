"""Pages of accounts: a month, an entry (contract.md, section 4)."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.site import Site
from storage import chain, wording
from storage.database import Database
from storage.published import PublishedAccounts
from understanding.personal import hide_personal


class AccountPages:
    def __init__(self, site: Site, db: Database, published: PublishedAccounts) -> None:
        self._site = site
        self._db = db
        self._published = published

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/{code:\\d{12}}/accounts/{period:\\d{4}-\\d{2}}", self.month)
        app.router.add_get("/v/{code:\\d{12}}/entries/{id}", self.entry)

    async def month(self, request: web.Request) -> web.Response:
        village, period = await self._site.village(request), request.match_info["period"]
        height = await chain.height(self._db)
        books = (await self._published.village(village.code, height)).month(period)
        if not books:
            raise web.HTTPNotFound
        return self._site.page(
            request,
            "month.html",
            made_of=(village, height),
            changed_at=max(book.published_at for book in books),
            title=f"{village.name} {wording.month(period)}",
            village=village,
            period=period,
            books=books,
        )

    async def entry(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        height = await chain.height(self._db)
        found = await self._published.entry(village.code, request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return self._site.page(
            request,
            "entry.html",
            made_of=(village, height),
            changed_at=found.accounts.published_at,
            title=hide_personal(found.entry.summary),
            village=village,
            entry=found.entry,
            accounts=found.accounts,
            is_current=found.is_current,
            unknown=texts.UNKNOWN,
        )
