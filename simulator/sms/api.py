"""The SMS API at `/`: reads a request, holds it at the gate, and answers (or fails) in its form."""

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.sms.actions import Actions
from simulator.sms.errors import Refusal
from simulator.sms.limits import Account
from simulator.sms.signing import Gate

HANGING_SECONDS = 3600.0
FORM = "application/x-www-form-urlencoded"


class Api:
    def __init__(
        self,
        *,
        gate: Gate,
        account: Account,
        actions: Actions,
        clock: Clock,
        faults: Faults,
        rng: random.Random,
    ) -> None:
        self._gate = gate
        self._account = account
        self._actions = actions
        self._clock = clock
        self._faults = faults
        self._rng = rng

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._faults.take("next_sms_503"):
            return web.Response(status=503)
        given = await parameters(request)
        request_id = self._request_id()
        status = 200
        try:
            answer = await self._answer(request.method, given)
        except Refusal as refusal:
            status = refusal.status
            answer = {"Code": refusal.code, "Message": refusal.message}
            if status != 200:
                answer["HostId"] = request.host
        else:
            if (lost := await self._lost(request)) is not None:
                return lost
        content, kind = _written(answer | {"RequestId": request_id}, given)
        if status == 200 and self._faults.take("next_sms_truncated"):
            content = content[: len(content) // 2]
        if self._faults.sms_slow_body_seconds:
            return await _slowly(request, content, kind, self._faults.sms_slow_body_seconds)
        return web.Response(status=status, text=content, content_type=kind)

    async def _answer(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        now = self._clock.real() + self._faults.sms_clock_ahead_seconds
        self._gate.check(method, given, now)
        self._account.admit()
        if self._faults.take("next_sms_code"):
            raise Refusal(self._faults.sms_code, self._faults.sms_message or self._faults.sms_code)
        return {"Code": "OK", "Message": "OK"} | await self._actions.run(given)

    async def _lost(self, request: web.Request) -> web.Response | None:
        """The call was accepted; its answer may still get lost on the way."""
        if self._faults.take("next_sms_lost_hanging"):
            await asyncio.sleep(HANGING_SECONDS)
        if self._faults.take("next_sms_lost_reset"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if self._faults.take("next_sms_lost_500"):
            return web.Response(status=500)
        if self._faults.take("next_sms_not_json"):
            return web.Response(text="<html>gateway</html>", content_type="text/html")
        return None

    def _request_id(self) -> str:
        digits = f"{self._rng.getrandbits(128):032X}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


async def parameters(request: web.Request) -> dict[str, str]:
    """Query and form merged; blank values count, the SDK signs one."""
    given = dict(parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True))
    if request.method == "POST" and request.content_type == FORM:
        body = (await request.read()).decode("utf-8", "replace")
        given |= parse_qsl(body, keep_blank_values=True)
    return given


def _written(answer: dict[str, Any], given: Mapping[str, str]) -> tuple[str, str]:
    """JSON where it was asked for, else XML: the gateway's default."""
    if given.get("Format", "").upper() == "JSON":
        return json.dumps(answer, ensure_ascii=False), "application/json"
    name = f"{given.get('Action', '')}Response" if "HostId" not in answer else "Error"
    fields = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in answer.items())
    return f"<?xml version='1.0' encoding='UTF-8'?><{name}>{fields}</{name}>", "text/xml"


async def _slowly(
    request: web.Request, content: str, kind: str, seconds: float
) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_type = kind
    await answer.prepare(request)
    half = len(content) // 2
    await answer.write(content[:half].encode())
    await asyncio.sleep(seconds)
    await answer.write(content[half:].encode())
    await answer.write_eof()
    return answer
