"""One's own pages: what waits, the account, what was not sent in time, the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import web

from console.staff.access import texts
from console.staff.desk import PREFIX, Desk
from console.staff.gate import KEPT, LOG_IN, TOKEN_FIELD
from console.staff.routes import ANYBODY, Entry, Route, Todo, Visit, Waiting
from storage import passwords, regions, staff, staff_sessions
from storage.database import Database
from storage.passwords import Passwords, WeakPassword
from storage.sealing import Sealer
from storage.staff_sessions import Draft

HOME = f"{PREFIX}/"
ACCOUNT = f"{PREFIX}/account"


class Own:
    """`waiting` tell, one area each, what waits for whoever looks."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        desk: Desk,
        keeper: Passwords,
        waiting: Sequence[Waiting],
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._passwords = keeper
        self._waiting = waiting

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.home, ANYBODY),
            Route("GET", ACCOUNT, self.account, ANYBODY),
            Route("POST", f"{ACCOUNT}/password", self.change_password, ANYBODY),
            Route("POST", f"{PREFIX}/logout", self.log_out, ANYBODY),
            Route("GET", KEPT, self.kept, ANYBODY),
            Route("POST", KEPT, self.keep, ANYBODY),
            Route("POST", f"{KEPT}/drop", self.drop, ANYBODY),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.HOME_TITLE, HOME, ANYBODY)]

    async def home(self, visit: Visit) -> web.StreamResponse:
        todos: list[Todo] = []
        for waiting in self._waiting:
            todos += await waiting(visit)
        return self._desk.page(
            visit, "access/home.html", title=texts.HOME_TITLE, todos=todos, nothing=texts.NO_TODOS
        )

    async def account(self, visit: Visit) -> web.StreamResponse:
        return await self._account_page(visit, {})

    async def change_password(self, visit: Visit) -> web.StreamResponse:
        old, password = str(visit.form.get("old", "")), str(visit.form.get("password", ""))
        problems: dict[str, str] = {}
        try:
            passwords.check(password)
        except WeakPassword:
            problems["password"] = texts.WEAK
        if password != visit.form.get("again", ""):
            problems["again"] = texts.NOT_THE_SAME
        known = await staff.account(self._db, visit.staff.id)
        if known is None or not await self._passwords.matches(known.password, old):
            problems["old"] = texts.WRONG_OLD
        if problems:
            return await self._account_page(visit, problems)
        kept = await self._passwords.hash(password)
        by = visit.staff.person_id
        await staff.change_password(self._db, visit.staff.id, kept, by, visit.now)
        await staff_sessions.end_others(self._db, visit.staff.id, visit.session.id)
        return await self._desk.done(visit, ACCOUNT, texts.CHANGED)

    async def _account_page(self, visit: Visit, problems: dict[str, str]) -> web.Response:
        places = [await regions.region(self._db, post.region) for post in visit.staff.posts]
        names = [place.name if place else "" for place in places]
        return self._desk.page(
            visit, "access/account.html", title=texts.ACCOUNT_TITLE,
            status=422 if problems else 200, problems=problems,
            posts=list(zip(visit.staff.posts, names, strict=True)),
        )  # fmt: skip

    async def log_out(self, visit: Visit) -> web.StreamResponse:
        await staff_sessions.end(self._db, visit.session.id)
        raise web.HTTPSeeOther(LOG_IN)

    async def kept(self, visit: Visit) -> web.StreamResponse:
        """What came after the session had ended; one says what is to be done with it."""
        draft = await staff_sessions.draft(self._db, self._sealer, visit.staff.id)
        if draft is None:
            raise web.HTTPSeeOther(HOME)
        return self._desk.page(visit, "access/kept.html", title=texts.KEPT_TITLE, draft=draft)

    async def keep(self, visit: Visit) -> web.StreamResponse:
        """What was typed on a page that nobody touches any more; its script sends it."""
        path = visit.text("kept_path")
        if not path.startswith(HOME):
            raise web.HTTPNotFound
        fields = tuple(
            (name, value)
            for name, value in visit.form.items()
            if name not in (TOKEN_FIELD, "kept_path") and isinstance(value, str)
        )
        await staff_sessions.keep_draft(
            self._db, self._sealer, visit.staff.id, Draft(path, fields), datetime.now(UTC)
        )
        return web.Response(status=204)

    async def drop(self, visit: Visit) -> web.StreamResponse:
        await staff_sessions.drop_draft(self._db, visit.staff.id)
        return await self._desk.done(visit, HOME, texts.DROPPED)
