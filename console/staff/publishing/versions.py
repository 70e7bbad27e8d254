"""One version: what residents will read, what stands against it, and the next step."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from console.staff.desk import Desk
from console.staff.publishing import shown, texts
from console.staff.publishing.pages import PUBLISHING
from console.staff.publishing.roles import (
    ENTERS,
    HANDLES,
    PUBLISHES,
    READS,
    REVIEWS,
    WITHDRAWS,
)
from console.staff.routes import Entry, Route, Visit
from notifications import publishing
from notifications.terms import Terms
from pictures import photos
from pictures.rendering import pdf
from pictures.sheet import SigningSheet
from storage import attachments, audit, people, regions, signing, wording
from storage.attachments import TooMany
from storage.audit import OPERATOR
from storage.database import Database
from storage.disclosures import NotPossible, State
from storage.power_bodies import KIND as POWER_ITEMS
from storage.sealing import Sealer
from storage.signatures import Standing
from storage.signing import Overtaken, Refused, Step, Version

_MOST_ROWS = 500


class Versions:
    def __init__(self, db: Database, sealer: Sealer, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._terms = terms

    def routes(self) -> Sequence[Route]:
        one = f"{PUBLISHING}/versions/{{id:\\w+}}"
        return [
            Route("GET", one, self.show, READS),
            Route("POST", f"{one}/prepare", self.prepare, ENTERS),
            Route("POST", f"{one}/review", self.review, REVIEWS),
            Route("POST", f"{one}/publish", self.publish, PUBLISHES),
            Route("POST", f"{one}/withdraw", self.withdraw, WITHDRAWS),
            Route("POST", f"{one}/attach", self.attach, HANDLES),
            Route("GET", f"{one}/sheet", self.sheet, HANDLES),
            Route("GET", f"{PUBLISHING}/attachments/{{id:\\w+}}", self.attachment, READS),
        ]

    def entries(self) -> Sequence[Entry]:
        return []

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, await self._version(visit, READS), {})

    # --- steps ------------------------------------------------------------------------------------

    async def prepare(self, visit: Visit) -> web.StreamResponse:
        """Submits, takes back, or throws away."""
        version = await self._version(visit, ENTERS)
        step, doing, href = _step(visit), visit.text("do"), _href(version)
        try:
            if doing == "submit":
                await signing.submit(self._db, version.id, step, visit.text("reason"))
                return await self._desk.done(visit, href, texts.SUBMITTED)
            if doing == "recall":
                await signing.recall(self._db, version.id, step)
                return await self._desk.done(visit, href, texts.RECALLED)
            if doing == "drop":
                await signing.drop(self._db, version.id, step)
                return await self._desk.done(visit, PUBLISHING, texts.DROPPED)
        except Refused as refused:
            return await self._page(visit, version, {"reason": refused}, 422)
        except (Overtaken, NotPossible):
            return await self._overtaken(visit, version)
        raise web.HTTPNotFound

    async def review(self, visit: Visit) -> web.StreamResponse:
        """Signs, gives back, or accepts doubts."""
        version = await self._version(visit, REVIEWS)
        step, doing, href = _step(visit), visit.text("do"), _href(version)
        try:
            if doing == "sign":
                state = await signing.sign(self._db, version.id, step)
                said = texts.SIGNED_ALL if state is State.SIGNED else texts.SIGNED
                return await self._desk.done(visit, href, said)
            if doing == "back":
                await signing.give_back(self._db, version.id, step, visit.text("back"))
                return await self._desk.done(visit, href, texts.GIVEN_BACK)
            if doing == "settle":
                count = await signing.settle(self._db, version.id, step)
                return await self._desk.done(visit, href, texts.SETTLED.format(count=count))
        except Refused as refused:
            field = "back" if doing == "back" else "sign"
            return await self._page(visit, version, {field: refused}, 422)
        except (Overtaken, NotPossible):
            return await self._overtaken(visit, version)
        raise web.HTTPNotFound

    async def publish(self, visit: Visit) -> web.StreamResponse:
        version = await self._version(visit, PUBLISHES)
        try:
            await publishing.publish(self._db, self._terms, version.id, _step(visit))
        except Refused as refused:
            return await self._page(visit, version, {"publish": refused}, 422)
        except (Overtaken, NotPossible):
            return await self._overtaken(visit, version)
        return await self._desk.done(visit, _href(version), texts.PUBLISHED)

    async def withdraw(self, visit: Visit) -> web.StreamResponse:
        version = await self._version(visit, WITHDRAWS)
        try:
            await signing.withdraw(self._db, version.id, _step(visit), visit.text("withdrawal"))
        except Refused as refused:
            return await self._page(visit, version, {"withdrawal": refused}, 422)
        except (Overtaken, NotPossible):
            return await self._overtaken(visit, version)
        return await self._desk.done(visit, _href(version), texts.WITHDRAWN)

    # --- pictures ---------------------------------------------------------------------------------

    async def attach(self, visit: Visit) -> web.StreamResponse:
        """Keeps a picture with the version, made anew without what the camera noted."""
        version = await self._version(visit, HANDLES)
        kind, sent = visit.text("kind"), visit.form.get("photo")
        if kind not in (attachments.SHEET, attachments.VOUCHER):
            return await self._page(
                visit, version, {"kind": Refused([texts.UNKNOWN_ATTACHMENT])}, 422
            )
        if not isinstance(sent, web.FileField) or not sent.filename:
            return await self._page(visit, version, {"photo": Refused([texts.NO_PHOTO])}, 422)
        content = sent.file.read(photos.MAX_BYTES + 1)
        try:
            cleaned = await asyncio.to_thread(photos.cleaned, content)
            await attachments.attach(
                self._db, self._sealer, disclosure=version.id, kind=kind,
                title=visit.text("title")[:60], content_type=photos.CONTENT_TYPE, content=cleaned,
                actor=visit.staff.person_id, now=visit.now,
            )  # fmt: skip
        except photos.NotAPhoto:
            return await self._page(visit, version, {"photo": Refused([texts.NOT_A_PHOTO])}, 422)
        except TooMany:
            told = texts.TOO_MANY_PHOTOS.format(most=attachments.MOST)
            return await self._page(visit, version, {"photo": Refused([told])}, 422)
        return await self._desk.done(visit, f"{_href(version)}#attachments", texts.ATTACHED)

    async def attachment(self, visit: Visit) -> web.StreamResponse:
        found = await attachments.attachment(self._db, visit.request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        version = await signing.load(self._db, found.disclosure_id)
        visit.require(READS, version.village)
        body = await attachments.content(self._db, self._sealer, found.id)
        return web.Response(body=body, content_type=found.content_type)

    async def sheet(self, visit: Visit) -> web.StreamResponse:
        """The sheet to sign by hand and to seal, as PDF."""
        version = await self._version(visit, HANDLES)
        told = shown.content(version)
        names = await self._people({one.person_id for one in version.signatures})
        place = await self._place(version)
        printed = SigningSheet(
            village=place,
            title=told.name,
            version=version.version,
            rows=len(told.table.rows),
            seen=version.content_code,
            printed_on=visit.today,
            reason=version.reason,
            sums=told.sums,
            signed=tuple(names[one.person_id] for one in version.signatures),
        )
        body = await asyncio.to_thread(pdf, printed)
        name = texts.SHEET_NAME.format(place=place, name=told.name)
        return await self._desk.export(
            visit, name, "application/pdf", body, what=texts.EXPORTED_SHEET, subject=version.id
        )

    # --- the page ---------------------------------------------------------------------------------

    async def _page(
        self, visit: Visit, version: Version, refusals: Mapping[str, Refused], status: int = 200
    ) -> web.Response:
        told = shown.content(version)
        found: Standing | None = None
        against: tuple[str, ...] = ()
        if version.state.is_open:
            found = await signing.standing(self._db, version)
            against = await signing.against_signing(
                self._db, version, found, visit.staff.person_id, visit.today
            )
        acts = await audit.about(self._db, version.id)
        who = {version.author, *(act.actor for act in acts)}
        who |= {one.person_id for one in version.signatures}
        return self._desk.page(
            visit, "publishing/version.html", title=told.name, status=status, version=version,
            content=told, rows=told.table.rows[:_MOST_ROWS],
            more=max(0, len(told.table.rows) - _MOST_ROWS), place=await self._place(version),
            state=texts.STATES[version.state], standing=found, against=against,
            carried=_carried(version, found, told), people=await self._people(who),
            acts=[act for act in acts if act.action in texts.ACTS], act_names=texts.ACTS,
            attachments=await attachments.of(self._db, version.id), kinds=texts.ATTACHMENTS,
            problems={name: "".join(refused.reasons[:1]) for name, refused in refusals.items()},
            refusals=[reason for one in refusals.values() for reason in one.reasons],
            typed={name: visit.text(name) for name in ("reason", "back", "withdrawal", "title")},
            may_enter=visit.may(ENTERS, version.village),
            may_review=visit.may(REVIEWS, version.village),
            may_publish=visit.may(PUBLISHES, version.village),
            may_withdraw=visit.may(WITHDRAWS, version.village),
            may_attach=visit.may(HANDLES, version.village), is_item=version.kind == POWER_ITEMS,
        )  # fmt: skip

    async def _overtaken(self, visit: Visit, version: Version) -> web.StreamResponse:
        try:
            now = await signing.load(self._db, version.id)
        except NotPossible:
            return await self._desk.done(visit, PUBLISHING, texts.OVERTAKEN)
        return await self._page(visit, now, {"seen": Refused([texts.OVERTAKEN])}, 422)

    async def _version(self, visit: Visit, roles: frozenset[str]) -> Version:
        """The one of the path, where a post of these roles covers its place."""
        try:
            version = await signing.load(self._db, visit.request.match_info["id"])
        except NotPossible:
            raise web.HTTPNotFound from None
        visit.require(roles, version.village)
        return version

    async def _place(self, version: Version) -> str:
        region = await regions.region(self._db, version.village)
        return region.name if region else version.village

    async def _people(self, ids: set[str]) -> dict[str, str]:
        """Names by id."""
        names = {OPERATOR: texts.OPERATOR}
        for one in ids - names.keys():
            person = await people.person(self._db, one)
            names[one] = person.name if person and person.name else one
        return names


def _carried(version: Version, found: Standing | None, told: shown.Content) -> tuple[str, bool]:
    """Whether the month opens with what the published month before closed with, in words."""
    opening = told.sums[0][1] if told.sums else None
    if found is None or found.before_fen is None or opening is None:
        return "", True
    agrees = opening == found.before_fen
    words = texts.CARRIED.format(
        before=wording.yuan(found.before_fen),
        opening=wording.yuan(opening),
        verdict=texts.CARRIED_OK if agrees else texts.CARRIED_OFF,
    )
    return words, agrees


def _step(visit: Visit) -> Step:
    return Step(visit.staff.person_id, visit.now, visit.today, visit.text("seen"))


def _href(version: Version) -> str:
    return f"{PUBLISHING}/versions/{version.id}"
