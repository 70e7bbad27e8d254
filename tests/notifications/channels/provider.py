"""A provider on loopback that answers as a test tells it to, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import MultiMapping


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    raw_path: str
    query: MultiMapping[str]
    headers: MultiMapping[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Responder = Callable[[Seen], web.StreamResponse | Awaitable[web.StreamResponse]]


class Provider:
    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.asked = asyncio.Event()
        self.respond: Responder = lambda _: answer({"errcode": 0})
        self.fault = ""
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        seen = Seen(
            request.method,
            request.path,
            request.raw_path,
            request.query,
            request.headers,
            await request.read(),
        )
        self.seen.append(seen)
        self.asked.set()
        if self.fault == "hang":
            await asyncio.sleep(30)
        if self.fault == "reset":
            assert request.transport is not None
            request.transport.abort()
        if self.fault == "half":
            return await half_an_answer(request)
        response = self.respond(seen)
        return response if isinstance(response, web.StreamResponse) else await response

    def to(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]


def answer(content: object, *, status: int = 200, content_type: str = "text/plain") -> web.Response:
    """JSON, called plain text as WeChat does; bytes stay as they are."""
    if isinstance(content, bytes):
        return web.Response(body=content, status=status, content_type=content_type)
    return web.Response(
        text=json.dumps(content, ensure_ascii=False), status=status, content_type=content_type
    )


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"errcode":0,')
    assert request.transport is not None
    request.transport.close()
    return response


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    provider = Provider()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.handle)
    # What hangs need not be waited for at the end.
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.05)
    provider.url = str(server.make_url("")).rstrip("/")
    try:
        yield provider
    finally:
        await server.close()
