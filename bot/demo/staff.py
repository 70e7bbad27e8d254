"""The demo's staff: an account for each of those who work, and a page with their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from aiohttp import web

from bot.commands import texts
from storage import people, staff
from storage.audit import OPERATOR
from storage.database import Database
from storage.passwords import Passwords
from storage.sealing import Sealer

PASSWORD = "mingbai-demo-2026"  # noqa: S105 - of invented people in a demo
CODES = "/demo/codes"


@dataclass(frozen=True, slots=True)
class Sample:
    login: str
    phone: str
    name: str
    office: str


SAMPLES = (
    Sample("xiangwei", "16600010080", "向维", "县管理"),
    Sample("qinlan", "16600010081", "覃岚", "县管理"),
    Sample("muyuan", "16600010074", "穆远", "镇管理"),
    Sample("luqing", "16600010082", "卢青", "镇经管员,审核"),
    Sample("hongrui", "16600010072", "洪蕊", "村会计,录入"),
    Sample("banxiuying", "16600010073", "班秀英", "村监委会委员"),
    Sample("jinlaoshuan", "16600010077", "靳老栓", "村监委会主任"),
    Sample("jiguangtian", "16600010075", "纪广田", "村委会主任"),
)


async def open_accounts(db: Database, sealer: Sealer, now: datetime) -> None:
    """Accounts with the same password, each with an authenticator of its own."""
    kept = await Passwords().hash(PASSWORD)
    for sample in SAMPLES:
        person = await people.find_person(db, sealer, sample.phone)
        made = await staff.add(
            db, person_id=person.id, login=sample.login, made_by=OPERATOR, now=now
        )
        await staff.start_alone(db, made, OPERATOR, now, datetime.now(UTC))
        account = await staff.account(db, made)
        assert account is not None  # noqa: S101 - it was just made
        await staff.choose_password(db, sealer, account, kept, now)
        await staff.set_second(db, account, "totp", now)


class CodePage:
    """What the authenticators of the demo's staff show now. Only a demo has it."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(CODES, self.show)

    async def show(self, _: web.Request) -> web.Response:
        """A row for each; a code opens once, so whoever logs in twice waits for the next."""
        rows = []
        for sample in SAMPLES:
            account = await staff.by_login(self._db, sample.login)
            secret = account and await staff.totp_secret(self._db, self._sealer, account.id)
            if secret:
                cells = (
                    sample.name, sample.office, sample.login, PASSWORD,
                    staff.totp_code(secret, datetime.now(UTC)),
                )  # fmt: skip
                rows.append("<tr>" + "".join(f"<td>{escape(cell)}" for cell in cells))
        return web.Response(
            text=texts.DEMO_CODES_PAGE.format(rows="\n".join(rows)), content_type="text/html"
        )
