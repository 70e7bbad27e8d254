"""Who is in office and for how long, who is related to whom, what conflicts with it (M52, M53)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from aiohttp import web

from console import formats
from console.staff.desk import Desk
from console.staff.publishing import texts
from console.staff.publishing.pages import PUBLISHING
from console.staff.publishing.roles import MANAGES, READS
from console.staff.routes import Entry, Route, Visit
from storage import bodies_register, panels, regions, relatives
from storage.bodies_register import Officer
from storage.database import Database
from storage.panels import NEEDED, Concern, Panel
from storage.regions import Region, SeveralRegions, UnknownRegion, choose_village
from storage.relatives import RELATIONS

REGISTER = f"{PUBLISHING}/register"

_SOON = timedelta(days=60)
_MOST_CHOICES = 60


class Register:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db = db
        self._desk = desk

    def routes(self) -> Sequence[Route]:
        one = f"{REGISTER}/{{code:\\d+}}"
        return [
            Route("GET", REGISTER, self.index, READS),
            Route("GET", one, self.show, READS),
            Route("POST", f"{one}/relatives", self.declare, MANAGES),
            Route("POST", f"{one}/relatives/{{id:\\w+}}/withdraw", self.take_back, MANAGES),
        ]

    def entries(self) -> Sequence[Entry]:
        return []

    async def index(self, visit: Visit) -> web.StreamResponse:
        """The villages to choose from; a name or code that is asked for leads on."""
        prefixes = visit.prefixes(READS)
        found = [v for v in await regions.villages(self._db) if v.code.startswith(prefixes)]
        asked, problem = visit.request.query.get("place", ""), ""
        if asked:
            try:
                raise web.HTTPSeeOther(f"{REGISTER}/{choose_village(found, asked).code}")
            except UnknownRegion:
                problem = texts.CHOOSE_PLACE
            except SeveralRegions:
                problem = texts.SEVERAL_PLACES
        return self._desk.page(
            visit, "publishing/places.html", title=texts.REGISTER_TITLE,
            places=found[:_MOST_CHOICES], more=max(0, len(found) - _MOST_CHOICES), asked=asked,
            problem=problem, href=REGISTER,
        )  # fmt: skip

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, await self._region(visit, READS), {})

    async def declare(self, visit: Visit) -> web.StreamResponse:
        region = await self._region(visit, MANAGES)
        officers = await bodies_register.officers(self._db, region.code, visit.today)
        known = {one.person_id for one in officers}
        person, other = visit.text("person"), visit.text("other")
        if not {person, other} <= known:
            return await self._page(visit, region, {"other": texts.CHOOSE_TWO}, 422)
        try:
            await relatives.declare(
                self._db, person, other, visit.text("relation"), visit.staff.person_id, visit.now
            )
        except ValueError:
            return await self._page(visit, region, {"other": texts.CHOOSE_TWO}, 422)
        return await self._desk.done(visit, f"{REGISTER}/{region.code}", texts.DECLARED)

    async def take_back(self, visit: Visit) -> web.StreamResponse:
        region = await self._region(visit, MANAGES)
        identity = visit.request.match_info["id"]
        officers = await bodies_register.officers(self._db, region.code, visit.today)
        if identity not in {one.id for one in await self._declared(officers)}:
            raise web.HTTPNotFound
        await relatives.withdraw(self._db, identity, visit.staff.person_id, visit.now)
        return await self._desk.done(visit, f"{REGISTER}/{region.code}", texts.TAKEN_BACK)

    async def _declared(self, officers: Iterable[Officer]) -> list[relatives.Relation]:
        ids = list({one.person_id for one in officers})
        return await relatives.among(self._db, ids, ids)

    async def _page(
        self, visit: Visit, region: Region, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        officers = await bodies_register.officers(self._db, region.code, visit.today)
        bodies: dict[str, list[Officer]] = {}
        for one in officers:
            bodies.setdefault(one.role, []).append(one)
        panel = await panels.panel(self._db, region.code, visit.today)
        people = {one.person_id: one.name for one in officers}
        return self._desk.page(
            visit, "publishing/register.html",
            title=texts.REGISTER_OF.format(place=region.name), status=status, region=region,
            bodies=bodies, duties=texts.DUTIES, conflicts=[*_conflicts(panel)],
            ending=[*dict.fromkeys(_ending(officers, visit))],
            declared=await self._declared(officers),
            people=people, relations=[(one, one) for one in RELATIONS], problems=problems,
            typed={name: visit.text(name) for name in ("person", "other", "relation")},
            may_declare=visit.may(MANAGES, region.code), href=REGISTER,
        )  # fmt: skip

    async def _region(self, visit: Visit, roles: frozenset[str]) -> Region:
        region = await regions.region(self._db, visit.request.match_info["code"])
        if region is None:
            raise web.HTTPNotFound
        visit.require(roles, region.code)
        return region


def _conflicts(panel: Panel) -> Iterable[str]:
    """What keeps people from signing here, whatever is to be signed, and that too few may."""
    executing = {one.person_id: one for one in panel.executing}
    seen: set[str] = set()
    free: set[str] = set()
    for one in panel.reviewers:
        if one.person_id in seen:
            continue
        seen.add(one.person_id)
        if not panel.against(one.person_id, Concern()):
            free.add(one.person_id)
        if post := executing.get(one.person_id):
            yield texts.BOTH.format(name=one.name, office=post.office, reviews=one.role)
        for relation, other in panel.kin_of(one.person_id):
            yield texts.KIN.format(
                name=one.name, reviews=one.role, other=other.name, office=other.office,
                relation=relation,
            )  # fmt: skip
    if len(free) < NEEDED:
        yield texts.TOO_FEW.format(count=len(free))


def _ending(officers: Iterable[Officer], visit: Visit) -> Iterable[str]:
    """The terms that end soon."""
    for one in officers:
        if one.ends_on and one.ends_on <= visit.today + _SOON:
            yield texts.ENDING.format(
                name=one.name, office=one.title or one.role, day=formats.day(one.ends_on)
            )
