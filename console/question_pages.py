"""Questions that people let be published, and what was replied (M37). Nobody is named."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.sections import HomeEntry
from console.site import Site
from storage import requests
from storage.database import Database
from storage.regions import Region


class QuestionPages:
    """`/v/CODE/questions`."""

    def __init__(self, site: Site, db: Database) -> None:
        self._site = site
        self._db = db

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/{code:\\d{12}}/questions", self.questions)

    async def on_home(self, village: Region) -> list[HomeEntry]:
        """One line, where there is anything to read."""
        if not await requests.published(self._db, village.code, limit=1):
            return []
        return [HomeEntry(texts.QUESTIONS, f"/v/{village.code}/questions", texts.QUESTIONS_NOTE)]

    async def questions(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        found = await requests.published(self._db, village.code)
        return self._site.page(
            request,
            "questions.html",
            made_of=(village, found),
            changed_at=found[0].at if found else None,
            title=f"{village.name}{texts.QUESTIONS}",
            village=village,
            questions=found,
        )
