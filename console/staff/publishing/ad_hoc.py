"""What cadres sent in to be public at once: a reviewer approves or refuses (domain.md, M40)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from console.staff.desk import Desk
from console.staff.publishing import texts
from console.staff.publishing.pages import PUBLISHING
from console.staff.publishing.roles import REVIEWS
from console.staff.routes import Entry, Route, Todo, Visit
from notifications import publishing
from notifications.terms import Terms
from storage import ad_hoc, people, regions
from storage.ad_hoc import AdHoc, Decided
from storage.batches import Order
from storage.database import Database
from storage.sealing import Sealer
from storage.signing import Refused

AD_HOC = f"{PUBLISHING}/ad-hoc"
_MOST = 50


class AdHocPages:
    def __init__(self, db: Database, sealer: Sealer, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._terms = terms

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", AD_HOC, self.index, REVIEWS),
            Route("POST", f"{AD_HOC}/{{id:\\w+}}", self.decide, REVIEWS),
        ]

    def entries(self) -> Sequence[Entry]:
        return []

    async def waiting(self, visit: Visit) -> Sequence[Todo]:
        """How many wait for the visitor."""
        found = await self._waiting(visit)
        return [Todo(texts.TODO_AD_HOC.format(count=len(found)), AD_HOC)] if found else []

    async def index(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, {})

    async def decide(self, visit: Visit) -> web.StreamResponse:
        """Makes it public at once, or refuses it with a reason."""
        found = await ad_hoc.one(self._db, self._sealer, visit.request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        visit.require(REVIEWS, found.village)
        order = Order(visit.staff.person_id, visit.now, visit.today)
        try:
            if visit.text("do") == "approve":
                await publishing.approve(self._db, self._sealer, self._terms, found, order)
                return await self._desk.done(visit, AD_HOC, texts.PUBLISHED)
            await ad_hoc.refuse(self._db, self._sealer, found.id, order, visit.text("reason"))
        except Refused as refused:
            return await self._page(visit, {found.id: ";".join(refused.reasons)}, 422)
        except Decided:
            return await self._desk.done(visit, AD_HOC, texts.DECIDED)
        return await self._desk.done(visit, AD_HOC, texts.AD_HOC_REFUSED)

    async def _waiting(self, visit: Visit) -> list[AdHoc]:
        return await ad_hoc.waiting(self._db, self._sealer, visit.prefixes(REVIEWS), _MOST)

    async def _page(
        self, visit: Visit, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        found = await self._waiting(visit)
        senders = {}
        for one in found:
            person = await people.person(self._db, one.person_id)
            senders[one.id] = person.name if person else ""
        return self._desk.page(
            visit, "publishing/ad_hoc.html", title=texts.AD_HOC_TITLE, status=status, found=found,
            senders=senders, names=await regions.names(self._db), problems=problems,
            typed=visit.text("reason"), href=AD_HOC,
        )  # fmt: skip
