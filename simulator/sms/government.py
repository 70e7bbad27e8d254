"""A government SMS port: free text by JSON, its receipts and replies in the same arrays."""

import asyncio
import json
import re

from aiohttp import web

from simulator.faults import Faults
from simulator.sms.handsets import Handsets
from simulator.sms.texting import Texting

HANGING_SECONDS = 3600.0
LONGEST = 1000
_MOBILE = re.compile(r"1[3-9]\d{9}")


class GovernmentPort:
    """POST {"phone", "text", "id"} -> {"code": 0, "data": {"id"}}; a repeat is a further text."""

    def __init__(self, texting: Texting, handsets: Handsets, faults: Faults) -> None:
        self._texting = texting
        self._handsets = handsets
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._faults.take("next_sms_503"):
            return web.Response(status=503)
        try:
            given = json.loads(await request.read())
            phone, text = str(given["phone"]), str(given["text"])
            identifier = str(given.get("id", ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            return _answer(1001, "需要 phone 和 text")
        if not _MOBILE.fullmatch(phone):
            return _answer(1002, "手机号码错误")
        if not text.strip() or len(text) > LONGEST:
            return _answer(1003, "内容为空或过长")
        if self._handsets.refuses(phone, "notification"):
            return _answer(1004, "用户已退订")
        reference = self._texting.new_biz_id()
        await self._texting.carry(
            phone, text, template="", biz_id=reference, out_id=identifier, filed=True
        )
        if self._faults.take("next_sms_lost_500"):
            return web.Response(status=500)
        if self._faults.take("next_sms_lost_hanging"):
            await asyncio.sleep(HANGING_SECONDS)
        return _answer(0, "ok", reference)


def _answer(code: int, words: str, reference: str | None = None) -> web.Response:
    answer = {"code": code, "msg": words} | ({"data": {"id": reference}} if reference else {})
    return web.json_response(answer)
