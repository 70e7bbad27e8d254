"""A notice in full, for whoever got it in a field that had no room for it, and its card."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.drawings import Drawings
from console.formats import hidden
from console.site import Site
from notifications import reading
from notifications.messages import CARD_PATH
from pictures import EducationCard, png
from storage.database import Database


class NoticePage:
    """`/v/notices/ID` and `.../card.png`; nothing leads there but the notice itself."""

    def __init__(self, site: Site, db: Database, drawings: Drawings) -> None:
        self._site = site
        self._db = db
        self._drawings = drawings

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/notices/{id:\\w+}", self.notice)
        app.router.add_get(CARD_PATH.format(id="{id:\\w+}"), self.card)

    async def notice(self, request: web.Request) -> web.Response:
        identity = request.match_info["id"]
        text = await reading.notice(self._db, identity)
        if text is None:
            raise web.HTTPNotFound
        card = await reading.card(self._db, identity)
        return self._site.page(
            request,
            "notice.html",
            made_of=(text,),
            title=texts.NOTICE,
            lines=text.splitlines(),
            card=CARD_PATH.format(id=identity) if card else "",
        )

    async def card(self, request: web.Request) -> web.Response:
        found = await reading.card(self._db, request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        card = EducationCard(
            tag=hidden(found.heading), text=hidden(found.text), sender=texts.CARD_SENDER
        )
        drawn = await self._drawings.get(("card", card), lambda: png(card)[0])
        return web.Response(body=drawn, content_type="image/png")
