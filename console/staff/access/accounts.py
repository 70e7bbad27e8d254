"""Who has an account: opened, started anew by two people, closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import web

from console.staff.access import texts
from console.staff.desk import PREFIX, Desk
from console.staff.routes import Entry, Route, Visit
from storage import people, staff
from storage.database import Database
from storage.people import Person, SeveralPeople, UnknownPerson
from storage.sealing import Sealer
from storage.staff import LoginTaken, NotPossible

ROLES = frozenset({"管理"})
STAFF = f"{PREFIX}/staff"

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,28})[a-z0-9]")
_PAGE = 50


def is_login(text: str) -> bool:
    """Whether it may be a log-in name: small letters and digits, dots and dashes inside."""
    return _LOGIN.fullmatch(text) is not None


class Accounts:
    def __init__(self, db: Database, sealer: Sealer, desk: Desk) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk

    def routes(self) -> Sequence[Route]:
        one = f"{STAFF}/{{id:\\w+}}"
        return [
            Route("GET", STAFF, self.show, ROLES),
            Route("POST", STAFF, self.add, ROLES),
            Route("POST", f"{one}/ask", self.ask, ROLES),
            Route("POST", f"{one}/agree", self.agree, ROLES),
            Route("POST", f"{one}/close", self.close, ROLES),
            Route("POST", f"{one}/open", self.open, ROLES),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.STAFF_TITLE, STAFF, ROLES)]

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, {})

    async def add(self, visit: Visit) -> web.StreamResponse:
        """Opens an account and gives the first half of its starting code."""
        problems: dict[str, str] = {}
        login = visit.text("login").lower()
        if not is_login(login):
            problems["login"] = texts.LOGIN_BAD
        person, problem = await self._person(visit, visit.text("person"))
        if problem:
            problems["person"] = problem
        if problems or person is None:
            return await self._page(visit, problems)
        by = visit.staff.person_id
        try:
            identity = await staff.add(
                self._db, person_id=person.id, login=login, made_by=by, now=visit.now
            )
        except LoginTaken:
            return await self._page(visit, {"login": texts.LOGIN_TAKEN})
        half = await staff.ask_for_start(self._db, identity, by, visit.now, datetime.now(UTC))
        return await self._page(visit, {}, half=half, told=texts.ADDED.format(name=person.name))

    async def ask(self, visit: Visit) -> web.StreamResponse:
        """The first half of a new starting code, shown once and kept nowhere."""
        identity = await self._theirs(visit)
        half = await staff.ask_for_start(
            self._db, identity, visit.staff.person_id, visit.now, datetime.now(UTC)
        )
        return await self._page(visit, {}, half=half)

    async def agree(self, visit: Visit) -> web.StreamResponse:
        identity = await self._theirs(visit)
        try:
            half = await staff.agree_to_start(
                self._db, identity, visit.staff.person_id, visit.now, datetime.now(UTC)
            )
        except NotPossible:
            return await self._page(visit, {"agree": texts.NOT_AGREED})
        return await self._page(visit, {}, half=half)

    async def close(self, visit: Visit) -> web.StreamResponse:
        identity = await self._theirs(visit)
        if identity == visit.staff.id:
            return await self._page(visit, {"agree": texts.NOT_YOURSELF})
        await self._set(visit, identity, is_closed=True)
        return await self._desk.done(visit, STAFF, texts.CLOSED)

    async def open(self, visit: Visit) -> web.StreamResponse:
        await self._set(visit, await self._theirs(visit), is_closed=False)
        return await self._desk.done(visit, STAFF, texts.OPENED)

    async def _set(self, visit: Visit, identity: str, *, is_closed: bool) -> None:
        by = visit.staff.person_id
        await staff.set_closed(self._db, identity, is_closed=is_closed, by=by, now=visit.now)

    async def _theirs(self, visit: Visit) -> str:
        """The account of the path. Raises HTTPNotFound for one of another region."""
        account = await staff.account(self._db, visit.request.match_info["id"])
        if account is None or not await self._is_theirs(visit, account.person_id):
            raise web.HTTPNotFound
        return account.id

    async def _is_theirs(self, visit: Visit, person_id: str) -> bool:
        """Whether all posts somebody holds lie where the visitor is the administrator."""
        posts = await people.posts_of(self._db, person_id, visit.today)
        return bool(posts) and all(visit.may(ROLES, post.region) for post in posts)

    async def _person(self, visit: Visit, word: str) -> tuple[Person | None, str]:
        try:
            person = await people.find_person(self._db, self._sealer, word)
        except UnknownPerson:
            return None, texts.PERSON_UNKNOWN
        except SeveralPeople:
            return None, texts.PERSON_SEVERAL
        if not await self._is_theirs(visit, person.id):
            return None, texts.NO_OFFICE
        return person, ""

    async def _page(
        self, visit: Visit, problems: dict[str, str], *, half: str = "", told: str = ""
    ) -> web.Response:
        number = visit.request.query.get("page", "1")
        page = int(number) if number.isdecimal() and len(number) < 6 else 1
        named = visit.request.query.get("q", "").strip()
        accounts = await staff.listed(
            self._db, visit.prefixes(ROLES), named=named, limit=_PAGE + 1,
            offset=(max(page, 1) - 1) * _PAGE,
        )  # fmt: skip
        return self._desk.page(
            visit,
            "access/staff.html",
            title=texts.STAFF_TITLE,
            status=422 if problems else 200,
            problems=problems,
            typed={"login": visit.text("login"), "person": visit.text("person")},
            accounts=accounts[:_PAGE],
            has_more=len(accounts) > _PAGE,
            page_number=max(page, 1),
            named=named,
            me=visit.staff.person_id,
            half=texts.HALF_GIVEN.format(half=half) if half else "",
            told=told,
        )
