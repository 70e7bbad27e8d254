"""How every page of the console is made, and what is done around it: one for a process."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import aiohttp_jinja2
import jinja2
from aiohttp import web

from console import formats
from console.staff import texts
from console.staff.routes import ANYBODY, Entry, Visit
from console.static_files import StaticFiles
from storage import audit, staff_sessions
from storage.database import Database

PREFIX = "/console"


class Desk:
    """What the areas share."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._entries: list[Entry] = []
        self._static = StaticFiles()

    def set_up(self, app: web.Application, entries: Iterable[Entry]) -> None:
        """Gives an application its templates, and the navigation its lines."""
        self._entries = list(entries)
        environment = aiohttp_jinja2.setup(
            app,
            loader=jinja2.PackageLoader("console.staff"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(formats.FILTERS)
        environment.globals["static"] = self._static.url
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)  # a broken one shows at the start

    def page(
        self, visit: Visit, template: str, *, title: str, status: int = 200, **values: Any
    ) -> web.Response:
        """A page for somebody logged in."""
        session = visit.session
        return self._made(
            visit.request,
            template,
            status,
            title=title,
            staff=visit.staff,
            today=visit.today,
            entries=self._seen_by(visit),
            here=visit.request.path,
            csrf=session.csrf,
            said=session.said,
            alarms=visit.alarms,
            **values,
        )

    def outside(
        self, request: web.Request, template: str, *, title: str, status: int = 200, **values: Any
    ) -> web.Response:
        """A page for whoever is not logged in yet."""
        return self._made(
            request, template, status, title=title, staff=None, entries=[], csrf="", said="",
            alarms=(),
            **values,
        )  # fmt: skip

    def nothing(self, request: web.Request) -> web.Response:
        """What is forbidden and what does not exist."""
        return self.outside(
            request,
            "staff/nothing.html",
            title=texts.NOTHING_TITLE,
            status=404,
            lines=texts.NOTHING,
        )

    def failed(self, request: web.Request) -> web.Response:
        """Something broke on our side."""
        return self.outside(
            request, "staff/nothing.html", title=texts.FAILED_TITLE, status=500, lines=texts.FAILED
        )

    def outdated(self, request: web.Request) -> web.Response:
        """A form that is not from a page of this session."""
        return self.outside(
            request,
            "staff/nothing.html",
            title=texts.OUTDATED_TITLE,
            status=403,
            lines=texts.OUTDATED,
        )

    async def done(self, visit: Visit, href: str, said: str) -> web.StreamResponse:
        """Leads on after a change: `said` stands at the top of the next page, once."""
        await staff_sessions.say(self._db, visit.session.id, said)
        return web.Response(status=303, headers={"Location": href})

    async def export(
        self,
        visit: Visit,
        name: str,
        content_type: str,
        body: bytes,
        *,
        what: str,
        subject: str = "",
    ) -> web.Response:
        """A file to take away, once the record says who took what (domain.md, M79)."""
        await audit.record(
            self._db, visit.staff.person_id, "export", subject, {"what": what, "bytes": len(body)},
            now=visit.now,
        )  # fmt: skip
        ascii_name = "export" + PurePosixPath(name).suffix
        disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
        return web.Response(
            body=body, content_type=content_type, headers={"Content-Disposition": disposition}
        )

    def _seen_by(self, visit: Visit) -> list[Entry]:
        roles = visit.staff.roles
        return [entry for entry in self._entries if entry.roles is ANYBODY or entry.roles & roles]

    @staticmethod
    def _made(request: web.Request, template: str, status: int, **values: Any) -> web.Response:
        return aiohttp_jinja2.render_template(template, request, values, status=status)
