"""The WeChat API: who may call what, how often, and the shape of answers."""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.faults import Faults
from simulator.wechat.errors import ApiError

HANGING_SECONDS = 3600.0
ESCAPE = re.compile(rb"(?<!\\)\\u(?=[0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Call:
    """An authorised call."""

    request: web.Request
    path: str  # after /cgi-bin/, elsewhere whole
    body: bytes

    def json(self, *, literal_escapes: bool = False) -> dict[str, Any]:
        r"""The JSON body; 44002 when empty, 47001 when it is none.

        With `literal_escapes` a \uXXXX is kept as it stands there: texts and menus really show
        it so (wechat.md 2).
        """
        if not self.body:
            raise ApiError(44002)
        text = ESCAPE.sub(rb"\\\\u", self.body) if literal_escapes else self.body
        try:
            given = json.loads(text)
        except ValueError:
            raise ApiError(47001) from None
        if not isinstance(given, dict):
            raise ApiError(47001)
        return given

    def query(self, name: str) -> str:
        return self.request.query.get(name, "")


Answer = dict[str, Any] | web.Response
Handler = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    handler: Handler
    method: str = "POST"
    needs_token: bool = True


class Api:
    """Looks a path up, holds it to token, quota and knobs, and answers as the platform does."""

    def __init__(
        self,
        endpoints: dict[str, Endpoint],
        *,
        check_token: Callable[[str | None], None],
        count: Callable[[str], None],
        faults: Faults,
        rng: random.Random,
    ) -> None:
        self._endpoints = endpoints
        self._check_token = check_token
        self._count = count
        self._faults = faults
        self._rng = rng

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        # A form with a file is read by its endpoint, part by part.
        body = b"" if request.content_type.startswith("multipart/") else await request.read()
        if self._faults.wechat_delay_seconds:
            await asyncio.sleep(self._faults.wechat_delay_seconds)
        try:
            answer = await self._answer(Call(request, path, body))
        except ApiError as refusal:
            return self._refusal(refusal)
        return await self._lost(request) or as_json(answer)

    async def _answer(self, call: Call) -> Answer:
        endpoint = self._endpoints.get(call.path)
        if endpoint is None:
            raise ApiError(40066)
        if endpoint.method == "POST" and call.request.method != "POST":
            raise ApiError(43002)
        if self._faults.busy_rate and self._rng.random() < self._faults.busy_rate:
            raise ApiError(-1)
        if endpoint.needs_token:
            self._check_token(call.request.query.get("access_token"))
        if call.path in self._faults.denied_apis:
            raise ApiError(48001)
        if code := self._faults.api_errors.get(call.path):
            raise ApiError(code)
        self._count(call.path)
        answer = endpoint.handler(call)
        return await answer if isinstance(answer, Awaitable) else answer

    async def _lost(self, request: web.Request) -> web.StreamResponse | None:
        """The call was accepted; its answer may still get lost on the way."""
        if self._faults.take("next_wechat_lost_502"):
            return web.Response(
                status=502, text="<html>502 Bad Gateway</html>", content_type="text/html"
            )
        if self._faults.take("next_wechat_html"):
            return web.Response(text="<html>busy</html>", content_type="text/html")
        if self._faults.take("next_wechat_lost_hanging"):
            await asyncio.sleep(HANGING_SECONDS)
        return None

    def _refusal(self, refusal: ApiError) -> web.Response:
        rid = "-".join(f"{self._rng.getrandbits(32):08x}" for _ in range(3))
        return as_json({"errcode": refusal.code, "errmsg": f"{refusal.message} rid: {rid}"})


def as_json(answer: Answer) -> web.Response:
    """JSON that calls itself plain text, as the platform's does."""
    if isinstance(answer, web.Response):
        return answer
    text = json.dumps(answer, ensure_ascii=False)
    return web.Response(text=text, content_type="text/plain")
