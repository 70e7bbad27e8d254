"""Getting in: a password, then a code; for the first time, or after a reset, a starting code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import segno
from aiohttp import web

from console.staff.access import texts
from console.staff.desk import PREFIX, Desk
from console.staff.gate import KEPT, LOG_IN, Gate, Outside
from storage import guessing, passwords, staff, staff_sessions
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.guessing import Guesser
from storage.passwords import Passwords, WeakPassword
from storage.sealing import Sealer
from storage.staff import Account
from storage.staff_sessions import Session, Stage

CODE = f"{PREFIX}/code"
FIRST = f"{PREFIX}/first"
ENROL = f"{PREFIX}/enrol"
HOME = f"{PREFIX}/"

AddressOf = Callable[[web.Request], str]


class Entering:
    """The pages that are open to whoever comes."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        clock: Clock,
        desk: Desk,
        gate: Gate,
        keeper: Passwords,
        address_of: AddressOf,
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._clock = clock
        self._desk = desk
        self._gate = gate
        self._passwords = keeper
        self._address_of = address_of

    def outside(self) -> list[tuple[str, str, Outside]]:
        return [
            ("GET", LOG_IN, self.ask),
            ("POST", LOG_IN, self.log_in),
            ("GET", CODE, self.ask_code),
            ("POST", CODE, self.check_code),
            ("GET", FIRST, self.ask_first),
            ("POST", FIRST, self.choose),
            ("GET", ENROL, self.show_enrolment),
            ("POST", ENROL, self.check_code),
        ]

    # --- the password ---------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.Response:
        return self._log_in_page(request)

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        login, password = str(form.get("login", "")), str(form.get("password", ""))
        real = datetime.now(UTC)
        guesser = Guesser.of(self._sealer, self._address_of(request), login.strip().lower())
        if until := await guessing.locked_until(self._db, guesser, real):
            time = until.astimezone(BEIJING).strftime("%H:%M")
            return self._log_in_page(request, texts.LOCKED.format(time=time), login, status=429)
        account = await staff.by_login(self._db, login)
        kept = account.password if account and not account.is_closed else ""
        if not await self._passwords.matches(kept, password) or account is None:
            await guessing.note_wrong(self._db, guesser, real)
            return self._log_in_page(request, texts.WRONG, login, status=422)
        await guessing.forgive(self._db, guesser)
        if await staff.staff(self._db, account.id, self._clock.today()) is None:
            return self._log_in_page(request, texts.NO_POST, login, status=403)
        stage = Stage.CODE if account.second else Stage.ENROL
        return await self._open(
            _with_next(CODE if account.second else ENROL, form.get("next")), account, stage
        )

    def _log_in_page(
        self, request: web.Request, problem: str = "", login: str = "", *, status: int = 200
    ) -> web.Response:
        return self._desk.outside(
            request, "access/login.html", title=texts.LOG_IN_TITLE, status=status,
            problem=problem, login=login, next=_inside(request.query.get("next")),
        )  # fmt: skip

    # --- the code -------------------------------------------------------------------------------

    async def ask_code(self, request: web.Request) -> web.StreamResponse:
        session = await self._waiting(request, Stage.CODE)
        return self._code_page(request) if session else _back()

    async def show_enrolment(self, request: web.Request) -> web.StreamResponse:
        session = await self._waiting(request, Stage.ENROL)
        return await self._enrolment(request, session) if session else _back()

    async def check_code(self, request: web.Request) -> web.StreamResponse:
        session = await self._waiting(request, Stage.CODE, Stage.ENROL)
        if session is None:
            return _back()
        form = await request.post()
        code = "".join(letter for letter in str(form.get("code", "")) if letter.isdigit())
        account = await staff.account(self._db, session.staff_id)
        if account is None:
            return _back()
        second = await self._second(account, code)
        if second:
            if not account.second:
                await staff.set_second(self._db, account, second, self._clock.now())
            await staff_sessions.end(self._db, session.id)
            return await self._open(
                await self._onward(account, form.get("next")), account, Stage.IN
            )
        if not await staff_sessions.count_try(self._db, session.id):
            return self._log_in_page(request, texts.CODE_GONE, account.login, status=422)
        if session.stage is Stage.ENROL:
            return await self._enrolment(request, session, texts.WRONG_CODE)
        return self._code_page(request, texts.WRONG_CODE)

    async def _second(self, account: Account, code: str) -> str:
        """Which second thing a code is of: totp, message, or empty for a wrong one."""
        real = datetime.now(UTC)
        if account.second != "message" and await staff.use_totp(
            self._db, self._sealer, account.id, code, real
        ):
            return "totp"
        is_sent = await staff.use_message_code(
            self._db, self._sealer, account.person_id, code, real
        )
        return "message" if is_sent else ""

    async def _onward(self, account: Account, wished: object) -> str:
        if await staff_sessions.draft(self._db, self._sealer, account.id):
            return KEPT
        return _inside(wished) or HOME

    def _code_page(self, request: web.Request, problem: str = "") -> web.Response:
        return self._desk.outside(
            request, "access/code.html", title=texts.CODE_TITLE, status=422 if problem else 200,
            problem=problem, next=_inside(request.query.get("next")),
        )  # fmt: skip

    async def _enrolment(
        self, request: web.Request, session: Session, problem: str = ""
    ) -> web.StreamResponse:
        account = await staff.account(self._db, session.staff_id)
        secret = await staff.totp_secret(self._db, self._sealer, session.staff_id)
        if account is None or secret is None:
            return _back()
        picture = segno.make(staff.totp_uri(secret, account.login), error="m")
        return self._desk.outside(
            request, "access/enrol.html", title=texts.ENROL_TITLE, status=422 if problem else 200,
            problem=problem, secret=_in_fours(secret),
            picture=picture.svg_data_uri(scale=5, border=3),
        )  # fmt: skip

    # --- a first password -----------------------------------------------------------------------

    async def ask_first(self, request: web.Request) -> web.Response:
        return self._first_page(request, {}, "")

    async def choose(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        login, code = str(form.get("login", "")), str(form.get("code", ""))
        password, again = str(form.get("password", "")), str(form.get("again", ""))
        problems: dict[str, str] = {}
        try:
            passwords.check(password)
        except WeakPassword:
            problems["password"] = texts.WEAK
        if password != again:
            problems["again"] = texts.NOT_THE_SAME
        if problems:
            return self._first_page(request, problems, login)
        real = datetime.now(UTC)
        guesser = Guesser.of(self._sealer, self._address_of(request), login.strip().lower())
        if until := await guessing.locked_until(self._db, guesser, real):
            time = until.astimezone(BEIJING).strftime("%H:%M")
            return self._first_page(request, {"code": texts.LOCKED.format(time=time)}, login)
        account = await staff.by_login(self._db, login)
        if account is None or not await staff.start_fits(self._db, account.id, code, real):
            await guessing.note_wrong(self._db, guesser, real)
            return self._first_page(request, {"code": texts.BAD_START}, login)
        kept = await self._passwords.hash(password)
        await staff.choose_password(self._db, self._sealer, account, kept, self._clock.now())
        return await self._open(ENROL, account, Stage.ENROL)

    def _first_page(
        self, request: web.Request, problems: dict[str, str], login: str
    ) -> web.Response:
        return self._desk.outside(
            request, "access/first.html", title=texts.FIRST_TITLE,
            status=422 if problems else 200, problems=problems, login=login,
        )  # fmt: skip

    # --------------------------------------------------------------------------------------------

    async def _waiting(self, request: web.Request, *stages: Stage) -> Session | None:
        session = await self._gate.session(request)
        if session is None or session.has_ended or session.stage not in stages:
            return None
        return session

    async def _open(self, href: str, account: Account, stage: Stage) -> web.StreamResponse:
        response = web.Response(status=303, headers={"Location": href})
        await self._gate.open(response, account.id, stage)
        return response


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _back() -> web.StreamResponse:
    return web.Response(status=303, headers={"Location": LOG_IN})


def _inside(wished: object) -> str:
    """Where to go afterwards, if that is a page of the console."""
    is_ours = isinstance(wished, str) and wished.startswith(HOME) and "\\" not in wished
    return str(wished) if is_ours and "\n" not in str(wished) else ""


def _with_next(href: str, wished: object) -> str:
    inside = _inside(wished)
    return f"{href}?next={quote(inside)}" if inside else href
