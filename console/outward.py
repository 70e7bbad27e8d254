"""What every answer to the public carries: headers that keep it safe, and gzip where it helps."""

from __future__ import annotations

import re

from aiohttp import web
from aiohttp.typedefs import Handler

PUBLIC = ("/v/", "/api/v1/", "/static/")
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
        " object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}
_GZIP = re.compile(
    r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?\s*(?:,|$)", re.I
)
_WORTH_IT = 1000  # bytes


@web.middleware
async def outward(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Adds them to all under PUBLIC, refusals included."""
    if not request.path.startswith(PUBLIC):
        return await handler(request)
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update(_SAFE)
        raise
    response.headers.update(_SAFE)
    if _is_worth_it(response) and _GZIP.search(request.headers.get("Accept-Encoding", "")):
        response.enable_compression(web.ContentCoding.gzip)
    return response


def _is_worth_it(response: web.StreamResponse) -> bool:
    body = response.body if isinstance(response, web.Response) else None
    return isinstance(body, bytes) and len(body) > _WORTH_IT
