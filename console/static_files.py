"""Style sheets, scripts and what they are made from, served from memory under /static/."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, web

FOLDER = Path(__file__).parent / "static"
# Not the system's table of types: with nosniff a wrong one leaves a page without its style.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    type: str
    digest: str


class StaticFiles:
    """The files below a folder; the address of each names its content, so it is kept for long."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.suffix in _TYPES
        }

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/static/{name:.+}", self.answer)

    def url(self, name: str) -> str:
        """Where a file is: /static/resident.css?1a2b3c4d. Raises KeyError."""
        return f"/static/{name}?{self._files[name].digest}"

    async def answer(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        response = web.Response(body=file.body, content_type=file.type, charset="utf-8")
        response.etag = ETag(file.digest)
        response.headers["Cache-Control"] = _FOR_A_YEAR
        return response


def _read(path: Path) -> _File:
    body = path.read_bytes()
    return _File(body, _TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:8])
