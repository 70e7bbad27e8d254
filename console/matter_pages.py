"""What became of applications in a village: masked, and only where it may be shown (M32, M33)."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.sections import HomeEntry
from console.site import Site
from storage import matters
from storage.database import Database
from storage.regions import Region


class MatterPages:
    """`/v/CODE/matters`. Where a matter stands is the applicant's alone, and asked by message."""

    def __init__(self, site: Site, db: Database) -> None:
        self._site = site
        self._db = db

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/{code:\\d{12}}/matters", self.results)

    async def on_home(self, village: Region) -> list[HomeEntry]:
        """One line, where there is a result to show."""
        if not await matters.results(self._db, village.code):
            return []
        return [HomeEntry(texts.MATTERS, f"/v/{village.code}/matters", texts.MATTERS_NOTE)]

    async def results(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        done = await matters.results(self._db, village.code)
        return self._site.page(
            request,
            "matters.html",
            made_of=(village, done),
            title=f"{village.name}{texts.MATTERS}",
            village=village,
            matters=done,
        )
