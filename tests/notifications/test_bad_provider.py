"""Providers that answer anything but what was agreed: named to the operator, nobody gets two."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestServer

from notifications.carriers import open_carriers
from notifications.channels.breaker import BREAKER
from notifications.progress import show
from notifications.settings import SmsGateway, SmsSettings, WeChatSettings
from storage import halts
from storage.halts import Halt
from tests.notifications.world import World, phone, usual_terms

PEOPLE = 30
FAULTS = ("html", "half", "error", "reset", "slow", "new_code")


class OddProvider:
    """Takes every message, and answers the first so many oddly: the worst that can happen."""

    def __init__(self, fault: str, times: int) -> None:
        self.fault = fault
        self.left = times
        self.calls = 0
        self.texts: Counter[str] = Counter()
        self.booked: dict[str, list[str]] = {}
        self.messages: dict[str, str] = {}  # by client_msg_id: a double is dropped

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._token)
        app.router.add_post("/cgi-bin/message/template/send", self._template)
        app.router.add_post("/", self._sms)
        return app

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def _template(self, request: web.Request) -> web.StreamResponse:
        given = await request.json()
        self.messages.setdefault(given["client_msg_id"], given["touser"])
        return await self._answer(request, {"errcode": 0, "errmsg": "ok", "msgid": self.calls})

    async def _sms(self, request: web.Request) -> web.StreamResponse:
        form = {name: value[0] for name, value in parse_qs(await request.text()).items()}
        if request.query["Action"] == "QuerySendDetails":
            rows = [
                {"OutId": out_id, "SendStatus": 1, "PhoneNum": form["PhoneNumber"]}
                for out_id in self.booked.get(form["PhoneNumber"], [])
            ]
            return web.json_response(
                {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
            )
        self.texts[form["PhoneNumbers"]] += 1
        self.booked.setdefault(form["PhoneNumbers"], []).append(form["OutId"])
        return await self._answer(request, {"Code": "OK", "BizId": f"{self.calls}^0"})

    async def _answer(self, request: web.Request, agreed: dict[str, object]) -> web.StreamResponse:
        self.calls += 1
        if self.left <= 0:
            return web.json_response(agreed)
        self.left -= 1
        if self.fault == "html":
            return web.Response(text="<html>404 找不到</html>", content_type="text/html")
        if self.fault == "half":
            return web.Response(text='{"Code": "O', content_type="application/json")
        if self.fault == "error":
            return web.Response(status=500, text="oops")
        if self.fault == "new_code":
            return web.json_response({"Code": "Nobody.Knows", "errcode": "what"})
        if self.fault == "slow":
            await asyncio.sleep(1.3)
        assert request.transport
        request.transport.close()
        return web.Response()


@asynccontextmanager
async def spoken_to(world: World, provider: OddProvider) -> AsyncIterator[World]:
    async with (
        TestServer(provider.app()) as server,
        ClientSession(connector=TCPConnector(limit=0)) as http,
    ):
        base = str(server.make_url("")).rstrip("/")
        sms = SmsSettings(
            gateway=SmsGateway.ALIYUN, access_key_id="k", access_key_secret="s",
            endpoint=base, sign_name="明禾公开",
        )  # fmt: skip
        wechat = WeChatSettings(app_id="wx", app_secret="s", api_base=base)
        terms = usual_terms(sms_per_second=20, wechat_per_second=20)
        # Between two permits: a call that gives up must not meet the answer of one just begun.
        carriers = open_carriers(http, wechat, sms, timeout_seconds=1.025)
        yield replace(world, carriers=carriers, terms=terms)


async def halted(world: World) -> Halt:
    async def noted() -> bool:
        return bool(await halts.halts(world.db))

    await world.until(noted)
    (halt,) = await halts.halts(world.db)
    return halt


async def until_it_answers(world: World) -> None:
    """Moves real time on by each pause, when nothing is under way."""
    while noted := await halts.halts(world.db):
        await world.until(lambda: none_under_way(world))
        world.real.ahead += max(noted[0].until - world.real(), timedelta(seconds=1))
        await asyncio.sleep(0.1)
    await world.until(lambda: none_left(world))


async def none_under_way(world: World) -> bool:
    return not await world.db.rows("SELECT id FROM deliveries WHERE state = 'sending'")


async def none_left(world: World) -> bool:
    return not await world.db.rows("SELECT id FROM deliveries WHERE state IN ('new', 'sending')")


@pytest.mark.parametrize("fault", FAULTS)
async def test_texts_rest_while_the_gateway_is_odd_and_nobody_gets_two(
    world: World, fault: str
) -> None:
    provider = OddProvider(fault, times=10)
    await world.county.cadres(sms=PEOPLE)
    await world.bind("notice")
    async with spoken_to(world, provider) as there:
        campaign = await there.notice()
        async with there.working():
            halt = await halted(there)
            shown = await show(there.db, campaign)
            called = provider.calls
            await asyncio.sleep(0.3)
            resting = provider.calls
            await until_it_answers(there)
            there.real.ahead += timedelta(minutes=11)
            await there.until_states(sent=PEOPLE)

    assert (halt.channel, halt.code) == ("sms", BREAKER)
    assert shown is not None
    assert BREAKER in [one.code for one in shown.halts]
    assert resting - called <= 20  # no more than were under way
    assert resting < PEOPLE
    assert provider.texts == {phone(number): 1 for number in range(PEOPLE)}
    assert await halts.halts(world.db) == []


# A slow answer is a matter of seconds that a busy machine stretches: texts try it.
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in ("new_code", "slow")])
async def test_wechat_messages_are_repeated_under_the_same_id(world: World, fault: str) -> None:
    provider = OddProvider(fault, times=6)
    await world.county.cadres(wechat=PEOPLE)
    await world.bind("notice")
    async with spoken_to(world, provider) as there:
        await there.notice()
        async with there.working():
            halt = await halted(there)
            await until_it_answers(there)
            await there.until_states(sent=PEOPLE)

    assert (halt.channel, halt.code) == ("wechat", BREAKER)
    assert Counter(provider.messages.values()).most_common(1)[0][1] == 1
    assert len(provider.messages) == PEOPLE


async def test_what_was_claimed_and_not_sent_is_handed_back_without_counting_a_try(
    world: World,
) -> None:
    provider = OddProvider("error", times=1000)
    await world.county.cadres(sms=PEOPLE)
    await world.bind("notice")
    async with spoken_to(world, provider) as there:
        await there.notice()
        async with there.working():
            await halted(there)
            await there.until(lambda: none_under_way(there))
            rows = await there.county.deliveries()

    waiting = [row for row in rows if row["state"] == "new"]
    assert waiting
    assert {row["tries"] for row in waiting} == {0}
    assert len(rows) - len(waiting) == provider.calls
