"""Asking at the counter for somebody: the answer of the service, kept under a number and printed.

What looks like an allegation is kept nowhere, and whoever stands at the counter learns only where
else it can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from console.staff.desk import PREFIX, Desk
from console.staff.inbox import texts
from console.staff.inbox.pages import COUNTER_ROLES, INBOX
from console.staff.routes import Entry, Route, Visit
from notifications.inbox import Asking, keep
from storage import people, regions, requests
from storage.database import Database
from storage.ids import new_id
from storage.regions import Region, SeveralRegions, UnknownRegion
from storage.requests import Kind
from storage.sealing import Sealer, normal_phone

COUNTER = f"{PREFIX}/counter"
_VILLAGE_DIGITS, _MOBILE_DIGITS = 12, 11


@dataclass(frozen=True, slots=True)
class Heard:
    """What the service says to a question: `answered` from what is public; `is_tip`: it is none to
    be answered or kept here."""

    text: str
    answered: bool
    is_tip: bool = False


class Asks(Protocol):
    """Puts a question as a resident of a village would; bot hands it in."""

    async def __call__(self, village: str, text: str) -> Heard: ...


class Counter:
    def __init__(self, db: Database, sealer: Sealer, desk: Desk, asks: Asks) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._asks = asks

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", COUNTER, self.blank, COUNTER_ROLES),
            Route("POST", COUNTER, self.ask, COUNTER_ROLES),
            Route("POST", f"{COUNTER}/keep", self.keep, COUNTER_ROLES),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.COUNTER, COUNTER, COUNTER_ROLES)]

    async def blank(self, visit: Visit) -> web.StreamResponse:
        own = [one for one in visit.prefixes(COUNTER_ROLES) if len(one) == _VILLAGE_DIGITS]
        village = await regions.region(self._db, own[0]) if own else None
        return self._page(visit, village.name if village else "", "", {})

    async def ask(self, visit: Visit) -> web.StreamResponse:
        """The answer, before anything is kept."""
        found, problems = await self._asked(visit)
        text = visit.text("question")
        if found is None:
            return self._page(visit, visit.text("village"), text, problems)
        heard = await self._asks(found.code, text)
        return self._page(visit, visit.text("village"), text, {}, heard=heard)

    async def keep(self, visit: Visit) -> web.StreamResponse:
        """Keeps it under a number: answered where the service knew it, else for the village."""
        found, problems = await self._asked(visit)
        text, phone = visit.text("question"), normal_phone(visit.text("phone"))
        if phone and not (phone.isdecimal() and len(phone) == _MOBILE_DIGITS):
            problems["phone"] = texts.COUNTER_PHONE
        heard = await self._asks(found.code, text) if found else None
        if found is None or heard is None or problems or heard.is_tip:
            return self._page(visit, visit.text("village"), text, problems, heard=heard)
        person = None
        if phone:
            person, _ = await people.ensure_person(self._db, self._sealer, "sms", phone, visit.now)
        given = visit.text("kind")
        kind = Kind(given) if given in list(Kind) and not heard.answered else Kind.QUESTION
        async with self._db.transaction():
            kept = await keep(
                self._db,
                self._sealer,
                Asking(
                    kind=kind,
                    village=found.code,
                    text=text,
                    message_key=f"counter:{visit.text('once') or new_id()}",
                    person_id=person.id if person else None,
                    channel="sms" if person else "",
                    asker=visit.text("name"),
                    taken_by=visit.staff.person_id,
                ),
                visit.now,
            )
            if kept and heard.answered:
                await requests.answer(
                    self._db, self._sealer, kept, heard.text, author=visit.staff.person_id,
                    now=visit.now,
                )  # fmt: skip
        if kept is None:  # the button was pressed twice
            return await self._desk.done(visit, INBOX, "")
        said = texts.COUNTER_KEPT.format(number=kept.number)
        return await self._desk.done(visit, f"{INBOX}/{kept.number}/print", said)

    async def _asked(self, visit: Visit) -> tuple[Region | None, dict[str, str]]:
        """The village that is asked about, and what is wrong with the form."""
        problems = {} if visit.text("question") else {"question": texts.COUNTER_EMPTY}
        found = None
        try:
            found = await regions.find_village(self._db, visit.text("village"))
        except UnknownRegion:
            problems["village"] = texts.COUNTER_VILLAGE
        except SeveralRegions:
            problems["village"] = texts.COUNTER_VILLAGES
        if found and not visit.may(COUNTER_ROLES, found.code):
            problems["village"] = texts.COUNTER_VILLAGE
        return (None if problems else found), problems

    def _page(
        self,
        visit: Visit,
        village: str,
        question: str,
        problems: dict[str, str],
        *,
        heard: Heard | None = None,
    ) -> web.Response:
        return self._desk.page(
            visit, "inbox/counter.html", title=texts.COUNTER, status=422 if problems else 200,
            village=village, question=question, problems=problems, heard=heard,
            name=visit.text("name"), phone=visit.text("phone"), kind=visit.text("kind"),
            kinds=[(one.value, texts.KINDS[one]) for one in Kind], once=new_id(),
            tip=texts.COUNTER_TIP,
        )  # fmt: skip
