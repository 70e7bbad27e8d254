"""Who gets to a page: every route of the console is declared, and nothing else is reached.

Without a session all lead to the log-in; with one, what is forbidden and what does not exist look
the same. A form must carry its session's token. One that comes after the session has ended is kept
for whoever sent it and shown again after the log-in.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from aiohttp import hdrs, web
from multidict import MultiDict, MultiDictProxy

from console.staff import texts
from console.staff.desk import PREFIX, Desk
from console.staff.routes import ANYBODY, COUNTY_DIGITS, OUTSIDE, Area, Form, Route, Visit
from storage import staff_sessions
from storage.alarms import open_alarms
from storage.clock import Clock
from storage.database import Database, Unavailable
from storage.sealing import Sealer
from storage.staff import Staff, staff
from storage.staff_sessions import Draft, Session, Stage

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 24 << 20  # a workbook, a few photos
LOG_IN = f"{PREFIX}/login"
KEPT = f"{PREFIX}/kept"

_ADMINS = ("管理",)
_LONGEST_DRAFT = 64 << 10
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a field
_TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
_KEPT_FIELD = "kept"  # of a form that is sent again from the page of what was kept
_NO_FORM: Form = MultiDictProxy(MultiDict())
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Outside = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """The console's application, and its one way in."""

    def __init__(
        self, db: Database, sealer: Sealer, clock: Clock, desk: Desk, *, is_https: bool
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._clock = clock
        self._desk = desk
        # A browser takes the prefix for a promise: this host alone, over https, for all paths.
        self.cookie = "__Host-mingbai" if is_https else "mingbai"
        self._is_https = is_https
        self.declared: dict[tuple[str, str], frozenset[str]] = {}
        """Who may use which route; by method and path."""

    def application(
        self, areas: Sequence[Area], outside: Iterable[tuple[str, str, Outside]]
    ) -> web.Application:
        """All pages of the console. `outside` are those by which one logs in."""
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[self._safely])
        for method, path, handle in outside:
            self._declare(app, method, path, OUTSIDE, self._from_our_page(handle))
        for area in areas:
            for route in area.routes():
                self._declare(app, route.method, route.path, route.roles, self._admitted(route))
        app.router.add_route("*", "/{rest:.*}", self._unknown)
        self._desk.set_up(app, (entry for area in areas for entry in area.entries()))
        return app

    def _declare(
        self,
        app: web.Application,
        method: str,
        path: str,
        roles: frozenset[str],
        handle: Outside,
    ) -> None:
        self.declared[method, path] = roles
        app.router.add_route(method, path.removeprefix(PREFIX), handle)

    async def open(self, response: web.StreamResponse, staff_id: str, stage: Stage) -> None:
        """Begins a session in the browser that gets this response."""
        token = await staff_sessions.begin(self._db, staff_id, stage, datetime.now(UTC))
        response.set_cookie(
            self.cookie, token, httponly=True, secure=self._is_https, samesite="Lax", path="/"
        )

    async def session(self, request: web.Request) -> Session | None:
        """The one of the request's cookie, ended or not."""
        token = request.cookies.get(self.cookie, "")
        return await staff_sessions.find(self._db, token, datetime.now(UTC)) if token else None

    @web.middleware
    async def _safely(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPNotFound:
            response = self._desk.nothing(request)
        except web.HTTPRequestEntityTooLarge:
            response = self._desk.outside(
                request, "staff/nothing.html", title=texts.TOO_LARGE_TITLE, status=413,
                lines=[texts.TOO_LARGE.format(megabytes=MAX_BODY_BYTES >> 20)],
            )  # fmt: skip
        except web.HTTPException as leading:
            leading.headers.update(_SAFE)
            raise
        except Unavailable:
            log.warning("the database does not answer")
            response = self._desk.failed(request)
        except Exception as failure:
            log.error("a page failed: %s", type(failure).__name__)
            response = self._desk.failed(request)
        if not response.prepared:
            response.headers.update(_SAFE)
        return response

    def _from_our_page(self, handle: Outside) -> Outside:
        async def checked(request: web.Request) -> web.StreamResponse:
            if request.method == hdrs.METH_POST and not _is_same_origin(request):
                return self._desk.outdated(request)
            return await handle(request)

        return checked

    def _admitted(self, route: Route) -> Outside:
        async def answer(request: web.Request) -> web.StreamResponse:
            entered = await self._entered(request)
            if entered is None:
                return await self._to_log_in(request)
            session, who = entered
            if route.roles is not ANYBODY and not route.roles & who.roles:
                raise web.HTTPNotFound
            form = _NO_FORM
            if request.method == hdrs.METH_POST:
                # The service's own limit is for callbacks; who is logged in sends files.
                form = await request.clone(client_max_size=MAX_BODY_BYTES).post()
                given = str(form.get(TOKEN_FIELD) or request.headers.get(_TOKEN_HEADER, ""))
                if not hmac.compare_digest(given.encode(), session.csrf.encode()):
                    return self._desk.outdated(request)
            if _KEPT_FIELD in form:
                await staff_sessions.drop_draft(self._db, who.id)
            visit = Visit(
                request=request, session=session, staff=who, now=self._clock.now(),
                today=self._clock.today(), form=form, alarms=await self._alarms(who),
            )  # fmt: skip
            try:
                response = await route.handle(visit)
            finally:
                _close_files(form)
            if session.said and response.status == 200 and response.content_type == "text/html":
                await staff_sessions.say(self._db, session.id, "")
            return response

        return answer

    async def _alarms(self, who: Staff) -> tuple[str, ...]:
        """What is wrong with the service now, for the administrators of the county."""
        if not any(len(prefix) == COUNTY_DIGITS for prefix in who.prefixes(_ADMINS)):
            return ()
        return tuple(alarm.detail for alarm in await open_alarms(self._db))

    async def _entered(self, request: web.Request) -> tuple[Session, Staff] | None:
        session = await self.session(request)
        if session is None or session.has_ended or session.stage is not Stage.IN:
            return None
        who = await staff(self._db, session.staff_id, self._clock.today())
        return (session, who) if who else None

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        if await self._entered(request) is None:
            return await self._to_log_in(request)
        raise web.HTTPNotFound

    async def _to_log_in(self, request: web.Request) -> web.StreamResponse:
        if request.method == hdrs.METH_POST:
            await self._keep(request)
            raise web.HTTPSeeOther(LOG_IN)
        raise web.HTTPSeeOther(f"{LOG_IN}?next={quote(request.path_qs)}")

    async def _keep(self, request: web.Request) -> None:
        """What was sent too late, where it is known by whom and holds no files."""
        session = await self.session(request)
        is_plain = request.content_type == "application/x-www-form-urlencoded"
        is_short = (request.content_length or _LONGEST_DRAFT + 1) <= _LONGEST_DRAFT
        if session is None or session.stage is not Stage.IN or not (is_plain and is_short):
            return
        form = await request.post()
        if not hmac.compare_digest(str(form.get(TOKEN_FIELD, "")), session.csrf):
            return
        fields = tuple(
            (name, value)
            for name, value in form.items()
            if name != TOKEN_FIELD and isinstance(value, str)
        )
        draft = Draft(request.path_qs, fields)
        await staff_sessions.keep_draft(
            self._db, self._sealer, session.staff_id, draft, datetime.now(UTC)
        )


def _close_files(form: Form) -> None:
    """What was sent lies in temporary files, which nobody else closes."""
    for value in form.values():
        if isinstance(value, web.FileField):
            value.file.close()


def _is_same_origin(request: web.Request) -> bool:
    """Whether a form comes from our own page, as the browser says; an old one says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is None or urlsplit(origin).netloc == request.host
