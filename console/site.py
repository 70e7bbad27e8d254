"""The resident site: how its pages are made, and what is said where there is none."""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import ETag, web
from aiohttp.typedefs import Handler

from console import formats, texts
from console.static_files import StaticFiles
from storage import regions
from storage.database import Database
from storage.regions import VILLAGE, Region

log = logging.getLogger(__name__)


class Site:
    """What the modules of pages share: one for a process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._static = StaticFiles()
        self._made_by = _digest_of(Path(__file__).parent)
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("console"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(formats.FILTERS)
        self._templates.globals["static"] = self._static.url
        for name in self._templates.list_templates(extensions=["html"]):
            self._templates.get_template(name)  # so that no reader waits for it

    def add_to(self, app: web.Application) -> None:
        self._static.add_to(app)

    async def village(self, request: web.Request) -> Region:
        """The village of `{code}` in the path. Raises HTTPNotFound."""
        found = await regions.region(self._db, request.match_info["code"])
        if found is None or found.level != VILLAGE:
            raise web.HTTPNotFound
        return found

    def page(
        self,
        request: web.Request,
        template: str,
        *,
        made_of: tuple[Any, ...],
        changed_at: datetime | None = None,
        **values: Any,
    ) -> web.Response:
        """A page; whoever has it already is told so, and it is not made again.

        `made_of` names the versions of all that it shows (values with a telling repr), `changed_at`
        is the newest of their times, which the page says as 更新于.
        """
        response = web.Response(content_type="text/html", charset="utf-8")
        made = repr((self._made_by, request.path_qs, made_of))
        response.etag = ETag(hashlib.sha256(made.encode()).hexdigest()[:20], is_weak=True)
        response.headers["Cache-Control"] = "no-cache"
        if changed_at:  # a demo's clock may run ahead of real time, which HTTP forbids here
            response.last_modified = min(changed_at, datetime.now(UTC))
        if any(known.value in ("*", response.etag.value) for known in request.if_none_match or ()):
            response.set_status(304)
        else:
            response.text = self._render(template, changed_at=changed_at, **values)
        return response

    def nothing(
        self, title: str, text: str, *, status: int = 404, back: tuple[str, str] | None = None
    ) -> web.Response:
        """A page that says why there is nothing here; `back` is where to go, and its words."""
        html = self._render(
            "nothing.html", title=title, text=text, changed_at=None, back=back or texts.TO_VILLAGES
        )
        return web.Response(status=status, text=html, content_type="text/html")

    @web.middleware
    async def politely(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A resident never sees an error of ours: a page says what is so, and where to go."""
        if not request.path.startswith("/v/"):
            return await handler(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self.nothing(texts.NO_PAGE_TITLE, texts.NO_PAGE)
        except web.HTTPException:
            raise
        except Exception as failure:
            log.error("a page failed: %s", type(failure).__name__)
            return self.nothing(texts.LATER_TITLE, texts.LATER, status=500)

    def _render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(**values)


def _digest_of(package: Path) -> str:
    """Another one for every release, so that a page in an old dress is not taken for the newest."""
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*.*")):
        if file.suffix in (".py", ".html", ".css", ".js"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
