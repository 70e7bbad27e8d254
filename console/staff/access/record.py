"""The record of who did what, for the county's administrators and auditors."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from aiohttp import web

from console.staff.access import texts
from console.staff.desk import PREFIX, Desk
from console.staff.routes import COUNTY_DIGITS, Entry, Route, Visit
from storage import audit
from storage.audit import Act
from storage.clock import BEIJING
from storage.database import Database

ROLES = frozenset({"管理", "审计"})
RECORD = f"{PREFIX}/record"

_PAGE = 50
_AT_MOST = 10_000


class Record:
    """It is one chain for the whole county, so nobody below it reads any of it."""

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db = db
        self._desk = desk

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", RECORD, self.show, ROLES),
            Route("POST", f"{RECORD}/export", self.export, ROLES),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.AUDIT_TITLE, RECORD, ROLES)]

    async def show(self, visit: Visit) -> web.StreamResponse:
        _of_county(visit)
        given = visit.request.query.get("before", "")
        before = int(given) if given.isdecimal() and len(given) < 18 else None
        acts = await audit.newest(self._db, _PAGE + 1, before=before)
        names = await audit.names(self._db, [act.actor for act in acts])
        return self._desk.page(
            visit,
            "access/record.html",
            title=texts.AUDIT_TITLE,
            acts=[(act, names.get(act.actor, act.actor), _in_words(act)) for act in acts[:_PAGE]],
            older=acts[_PAGE - 1].seq if len(acts) > _PAGE else None,
        )

    async def export(self, visit: Visit) -> web.StreamResponse:
        """The newest ten thousand acts as CSV."""
        _of_county(visit)
        acts = await audit.newest(self._db, _AT_MOST)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["seq", "at", "actor", "action", "subject"])
        for act in acts:
            at = act.at.astimezone(BEIJING).isoformat(timespec="seconds")
            writer.writerow([act.seq, at, act.actor, act.action, act.subject])
        body = b"\xef\xbb\xbf" + text.getvalue().encode()
        return await self._desk.export(visit, texts.EXPORTED_AUDIT, "text/csv", body, what="audit")


def _of_county(visit: Visit) -> None:
    if not any(len(prefix) == COUNTY_DIGITS for prefix in visit.prefixes(ROLES)):
        raise web.HTTPNotFound


def _in_words(act: Act) -> str:
    return texts.ACTIONS.get(act.action, act.action)
