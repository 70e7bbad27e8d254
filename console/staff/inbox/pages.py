"""People's inbox: listed by their day, answered over the asker's own channel, passed up, printed.

Kept apart from cases and tips: none is listed, counted or hinted at here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from console.staff.desk import PREFIX, Desk
from console.staff.inbox import lines, texts
from console.staff.routes import Entry, Route, Todo, Visit
from notifications import inbox
from notifications.calendar import day_text
from notifications.inbox import Reply, may_answer, may_oversee, may_see
from notifications.terms import Terms
from storage import audit, people, regions, requests
from storage.database import Database
from storage.requests import Kind, NotOpen, Request, State, UnknownRequest
from storage.sealing import Sealer
from understanding.personal import hide_personal

READERS = frozenset({"干部", "录入", "监委会", "管理"})
ADMINS = frozenset({"管理"})
INBOX = f"{PREFIX}/inbox"

_PAGE = 30
_TODOS = 5
_LONGEST = 2000


class Inbox:
    def __init__(self, db: Database, sealer: Sealer, desk: Desk, terms: Terms) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._terms = terms

    def routes(self) -> Sequence[Route]:
        one = f"{INBOX}/{{number:[0-9]+}}"
        return [
            Route("GET", INBOX, self.index, READERS),
            Route("GET", one, self.show, READERS),
            Route("GET", f"{one}/print", self.sheet, READERS),
            Route("POST", f"{one}/answer", self.answer, READERS),
            Route("POST", f"{one}/extend", self.extend, ADMINS),
            Route("POST", f"{one}/contact", self.contact, ADMINS),
            Route("POST", f"{one}/up", self.up, READERS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, INBOX, READERS)]

    async def waiting(self, visit: Visit) -> Sequence[Todo]:
        """The first of what the visitor is to answer."""
        found = await requests.listed(
            self._db, inbox.seen_by(visit.staff.posts), state=State.OPEN, limit=_PAGE
        )
        own = [one for one in found if may_answer(visit.staff.posts, one)][:_TODOS]
        return [
            Todo(
                texts.TODO.format(village=line.village, kind=line.kind, number=line.number),
                f"{INBOX}/{line.number}", line.due, line.is_late,
            )
            for line in await lines.lines(self._db, self._sealer, own, visit.today)
        ]  # fmt: skip

    async def index(self, visit: Visit) -> web.StreamResponse:
        asked = visit.request.query
        state = State.ANSWERED if asked.get("state") == State.ANSWERED else State.OPEN
        kind = Kind(asked["kind"]) if asked.get("kind") in list(Kind) else None
        number = max(int(asked["page"]), 1) if asked.get("page", "").isdecimal() else 1
        seen = inbox.seen_by(visit.staff.posts)
        found = await requests.listed(
            self._db, seen, state=state, kind=kind, limit=_PAGE + 1, offset=(number - 1) * _PAGE
        )
        return self._desk.page(
            visit, "inbox/list.html", title=texts.TITLE,
            lines=await lines.lines(self._db, self._sealer, found[:_PAGE], visit.today),
            counts=await requests.counts(self._db, seen, visit.today, kind),
            state=state, kind=kind, page=number, has_more=len(found) > _PAGE,
            kinds=[(one.value, texts.KINDS[one]) for one in Kind], rules=lines.rules(),
            may_ask=bool(visit.staff.roles & COUNTER_ROLES), states=texts.STATES,
        )  # fmt: skip

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, await self._request(visit), {}, {})

    async def answer(self, visit: Visit) -> web.StreamResponse:
        """Answers once; whoever comes second keeps what they typed and learns of the first."""
        request = await self._request(visit)
        if not may_answer(visit.staff.posts, request):
            raise web.HTTPNotFound
        typed = {
            name: visit.text(name) for name in ("text", "public_question", "public_reply", "public")
        }
        problems = _problems(request, typed)
        if problems:
            return await self._shown(visit, request, typed, problems)
        is_public = bool(typed["public"])
        reply = Reply(
            typed["text"],
            typed["public_question"] if is_public else "",
            typed["public_reply"] if is_public else "",
        )
        try:
            is_sent = await inbox.answer(
                self._db, self._sealer, self._terms, request, reply,
                author=visit.staff.person_id, now=visit.now,
            )  # fmt: skip
        except NotOpen:
            newer = await requests.by_id(self._db, request.id)
            return await self._shown(visit, newer, typed, {"text": texts.ANSWERED_ALREADY})
        how = texts.SENT.format(channel=texts.CHANNELS[request.channel]) if is_sent else texts.TOLD
        return await self._done(visit, request, texts.ANSWERED.format(how=how))

    async def extend(self, visit: Visit) -> web.StreamResponse:
        """Grants the time that the rule allows, once: a region above does."""
        request = await self._overseen(visit)
        try:
            later = await inbox.extend(
                self._db, self._terms, request, by=visit.staff.person_id, now=visit.now
            )
        except NotOpen:
            return await self._shown(visit, request, {}, {"extend": texts.NO_MORE_TIME})
        said = texts.EXTENDED.format(due=day_text(later.due_on))
        return await self._done(visit, request, said)

    async def contact(self, visit: Visit) -> web.StreamResponse:
        """Shows how whoever asked is reached, for a reason, and records that it was looked at."""
        request = await self._overseen(visit)
        if not visit.text("reason"):
            return await self._shown(visit, request, {}, {"reason": texts.REASON_NEEDED})
        await audit.record(
            self._db, visit.staff.person_id, "contact_opened", request.id,
            {"village": request.village}, now=visit.now,
        )  # fmt: skip
        phone = None
        if request.person_id:
            phone = await people.address_of(self._db, self._sealer, request.person_id, "sms")
        said = texts.CONTACT.format(contact=phone) if phone else texts.NO_CONTACT
        return await self._shown(visit, request, {}, {}, contact=said)

    async def up(self, visit: Visit) -> web.StreamResponse:
        """Passes up what was asked at the counter, where the asker is not content."""
        request = await self._request(visit)
        if not request.taken_by:
            raise web.HTTPNotFound
        try:
            passed = await inbox.pass_up(
                self._db, request, actor=visit.staff.person_id, now=visit.now
            )
        except (NotOpen, inbox.NobodyAbove):
            return await self._shown(visit, request, {}, {"up": texts.NOBODY_ABOVE})
        place = await regions.region(self._db, passed.office)
        name = place.name if place else passed.office
        return await self._done(visit, request, texts.PASSED_UP.format(place=name))

    async def sheet(self, visit: Visit) -> web.StreamResponse:
        """Question and answer with the number, to be printed."""
        request = await self._request(visit)
        village = await regions.region(self._db, request.village)
        return self._desk.page(
            visit, "inbox/print.html", title=texts.PRINT.format(number=request.number),
            item=request, village=village, kind=texts.KINDS[request.kind],
            text=requests.text_of(self._sealer, request),
            answers=await lines.told(self._db, self._sealer, request),
            clock=lines.clocked(request), office=await lines.office(self._db, request),
        )  # fmt: skip

    async def _request(self, visit: Visit) -> Request:
        """The one of the path, for whoever may see it or wrote it down. Raises HTTPNotFound."""
        try:
            request = await requests.by_number(self._db, visit.request.match_info["number"])
        except UnknownRequest:
            raise web.HTTPNotFound from None
        is_own = request.taken_by == visit.staff.person_id
        if not (is_own or may_see(visit.staff.posts, request)):
            raise web.HTTPNotFound
        return request

    async def _overseen(self, visit: Visit) -> Request:
        request = await self._request(visit)
        if not may_oversee(visit.staff.posts, request):
            raise web.HTTPNotFound
        return request

    async def _shown(
        self,
        visit: Visit,
        request: Request,
        typed: Mapping[str, str],
        problems: Mapping[str, str],
        *,
        contact: str = "",
    ) -> web.Response:
        text = requests.text_of(self._sealer, request)
        kind = texts.KINDS[request.kind]
        return self._desk.page(
            visit, "inbox/show.html",
            title=texts.ONE.format(kind=kind, number=request.number),
            status=422 if problems else 200,
            item=request, kind=kind, text=text,
            village=await regions.region(self._db, request.village),
            office=await lines.office(self._db, request),
            asker=await lines.asker(self._db, self._sealer, request, visit),
            channel=texts.CHANNELS[request.channel], clock=lines.clocked(request),
            due=lines.due_words(request, visit.today),
            is_late=inbox.is_late(request, visit.today),
            answers=await lines.told(self._db, self._sealer, request),
            may_answer=may_answer(visit.staff.posts, request),
            may_oversee=may_oversee(visit.staff.posts, request),
            typed={"public_question": hide_personal(text), "text": "", "public_reply": "",
                   "public": "1" if request.may_publish else "", **typed},
            problems=dict(problems), contact=contact,
        )  # fmt: skip

    async def _done(self, visit: Visit, request: Request, said: str) -> web.StreamResponse:
        return await self._desk.done(visit, f"{INBOX}/{request.number}", said)


COUNTER_ROLES = frozenset({"干部", "录入", "管理"})


def _problems(request: Request, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with an answer, by field."""
    found = {}
    text = typed["text"]
    if not text:
        found["text"] = texts.EMPTY
    elif len(text) > _LONGEST:
        found["text"] = texts.TOO_LONG.format(count=len(text))
    elif hide_personal(text) != text:
        found["text"] = texts.PERSONAL
    if request.may_publish and typed["public"]:
        for name in ("public_question", "public_reply"):
            if hide_personal(typed[name]) != typed[name]:
                found[name] = texts.PERSONAL
        if not typed["public_question"]:
            found["public_question"] = texts.EMPTY_PUBLIC
    return found
