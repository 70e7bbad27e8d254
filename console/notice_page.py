"""A notice in full, for whoever got it in a field that had no room for it."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.site import Site
from notifications import reading
from storage.database import Database


class NoticePage:
    """`/v/notices/ID`; nothing leads there but the notice itself."""

    def __init__(self, site: Site, db: Database) -> None:
        self._site = site
        self._db = db

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/notices/{id:\\w+}", self.notice)

    async def notice(self, request: web.Request) -> web.Response:
        text = await reading.notice(self._db, request.match_info["id"])
        if text is None:
            raise web.HTTPNotFound
        return self._site.page(
            request, "notice.html", made_of=(text,), title=texts.NOTICE, lines=text.splitlines()
        )
