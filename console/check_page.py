"""Whether what a village shows is as it was published: one sentence, the dates, how to check."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from console import texts
from console.sections import HomeEntry
from console.site import Site
from storage import chain, checking, wording
from storage.bodies import KIND
from storage.checking import Finding, Noted
from storage.clock import Clock
from storage.database import Database
from storage.regions import Region, publishing_for

KEPT_SECONDS = 60.0
"""What is changed from inside moves no chain: after this a finding is not trusted any more."""

_DIGITS = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class _Known:
    finding: Finding
    at: datetime  # business time, as pages show it
    until: float  # of the monotonic clock


class CheckPage:
    def __init__(self, site: Site, db: Database, clock: Clock) -> None:
        self._site = site
        self._db = db
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._one_at_a_time = asyncio.Lock()

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/{code:\\d{12}}/check", self.check)

    async def on_home(self, village: Region) -> list[HomeEntry]:
        return [HomeEntry(texts.CHECK, f"/v/{village.code}/check", texts.CHECK_NOTE)]

    async def check(self, request: web.Request) -> web.Response:
        village = await self._site.village(request)
        known = await self._finding(village)
        typed = request.query.get("head", "")[:100]
        digits = "".join(typed.split()).lower()
        noted = await self._noted(digits)
        return self._site.page(
            request,
            "check.html",
            made_of=(village, known, noted),
            title=texts.CHECK_TITLE.format(village=village.name),
            village=village,
            found=known.finding,
            at=known.at,
            flaw=_in_words(known.finding),
            typed=typed.strip(),
            is_readable=bool(_DIGITS.fullmatch(digits)),
            noted=noted,
        )

    async def _noted(self, digits: str) -> Noted | None:
        return await checking.find_head(self._db, digits) if _DIGITS.fullmatch(digits) else None

    async def _finding(self, village: Region) -> _Known:
        """Checks anew once the chain has grown or a minute has gone by, for all readers at once."""
        async with self._one_at_a_time:
            known = self._known.get(village.code)
            height = await chain.height(self._db)
            if known and known.finding.head.length == height and time.monotonic() < known.until:
                return known
            finding = await checking.check(self._db, publishing_for(village.code))
            known = _Known(finding, self._clock.now(), time.monotonic() + KEPT_SECONDS)
            self._known[village.code] = known
            return known


def _in_words(found: Finding) -> str:
    if found.broken is None:
        return ""
    if found.kind == KIND:
        what = texts.ACCOUNTS_OF.format(month=wording.month(found.period))
    else:
        what = texts.ONE_DISCLOSURE
    return texts.FLAWS[found.broken.flaw.value].format(what=what, link=found.broken.link)
