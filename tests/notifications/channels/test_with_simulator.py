"""The channels against the pretend platforms, which share no code with them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from notifications.channels.aliyun import AliyunGateway
from notifications.channels.http_gateway import HttpGateway
from notifications.channels.outcome import Scope, Verdict
from notifications.channels.wechat import ApiState, WeChatChannel, probe_apis
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.settings import HttpGatewaySettings, SmsSettings, WeChatSettings
from simulator import Keys, Timing, create_app

KEYS = Keys()
OPENID = "oTestResident000000000000001"
PHONE = "16600010071"


class World:
    def __init__(self, base: str, http: ClientSession) -> None:
        self._base, self.http = base, http
        self.settings = WeChatSettings(
            app_id=KEYS.wechat.app_id, app_secret=KEYS.wechat.app_secret, api_base=base
        )
        sms = SmsSettings(
            access_key_id=KEYS.sms.access_key_id,
            access_key_secret=KEYS.sms.access_key_secret,
            sign_name=KEYS.sms.sign_name,
            endpoint=base,
        )
        port = HttpGatewaySettings(
            url=f"{base}/gov/send",
            body='{"phone": "{phone}", "text": "{text}", "id": "{id}"}',
            ok_path="code",
            ok_value="0",
            id_path="data.id",
        )
        self.client = AsyncWeChatClient(http, self.settings)
        self.wechat = WeChatChannel(self.client)
        self.aliyun = AliyunGateway(http, sms, timeout_seconds=0.5)
        self.port = HttpGateway(http, port)

    async def sim(self, action: str, **given: object) -> Any:
        async with self.http.post(f"{self._base}/sim/{action}", json=given) as response:
            return await response.json()

    async def approve(self, gateway: str, identifier: str, **fields: str) -> None:
        await self.sim("templates", gateway=gateway, id=identifier, fields=fields)

    async def counts(self) -> list[dict[str, Any]]:
        async with self.http.get(f"{self._base}/sim/counts") as response:
            counted: list[dict[str, Any]] = await response.json()
            return counted


@pytest.fixture
async def world() -> AsyncIterator[World]:
    app = create_app(KEYS, timing=Timing(say_settles=0.02, say_patience=0.5))
    async with TestServer(app) as platform, ClientSession() as http:
        yield World(str(platform.make_url("")).rstrip("/"), http)


async def test_a_template_message_twice_is_shown_once(world: World) -> None:
    await world.approve("wechat", "t1", thing1="thing", time2="time")
    data = {"thing1": "听竹村10月账已公开", "time2": "2026年11月8日 09:30"}

    outcomes = [
        await world.wechat.send_template(OPENID, "t1", data, client_msg_id="d-1") for _ in "12"
    ]

    assert [outcome.verdict for outcome in outcomes] == [Verdict.TAKEN, Verdict.TAKEN]
    assert outcomes[0].reference == outcomes[1].reference != ""
    assert await world.counts() == [
        {"who": OPENID, "channel": "wechat", "key": "d-1", "accepted": 2, "shown": 1}
    ]


async def test_a_wrong_field_and_an_unknown_template_are_refused(world: World) -> None:
    await world.approve("wechat", "t1", thing1="thing")

    long = await world.wechat.send_template(OPENID, "t1", {"thing1": "长" * 21}, client_msg_id="1")
    nowhere = await world.wechat.send_template(OPENID, "t9", {"thing1": "好"}, client_msg_id="2")

    assert (long.verdict, long.code) == (Verdict.FALL_BACK, "47003")
    assert "thing1" in long.detail
    assert (nowhere.verdict, nowhere.scope) == (Verdict.HALT, Scope.TEMPLATE)


async def test_a_service_text_outside_its_window_falls_back(world: World) -> None:
    outcome = await world.wechat.send_text(OPENID, "好")

    assert (outcome.verdict, outcome.code) == (Verdict.FALL_BACK, "45015")


async def test_the_account_has_all_apis(world: World) -> None:
    probes = await probe_apis(world.client)

    assert {probe.state for probe in probes} == {ApiState.ANSWERS}
    assert await world.counts() == []


async def test_a_missing_right_and_an_address_not_listed_are_found(world: World) -> None:
    await world.sim("faults", denied_apis=["message/template/send"])
    lacking = {probe.api: probe.state for probe in await probe_apis(world.client)}
    await world.sim("faults", unlisted_address=True)
    (unlisted,) = await probe_apis(AsyncWeChatClient(world.http, world.settings))

    assert lacking["template"] is ApiState.NOT_GRANTED
    assert lacking["custom"] is ApiState.ANSWERS
    assert unlisted.state is ApiState.ADDRESS_REFUSED
    assert unlisted.address == "127.0.0.1"


async def test_a_text_is_sent_and_found_in_the_books(world: World) -> None:
    await world.approve("aliyun", "SMS_1", text="others", money="money")
    params = {"text": "听竹村10月支出*~+%/&=", "money": "38420.50"}

    sent = await world.aliyun.send(PHONE, "SMS_1", params, out_id="d-1")
    settled = await world.aliyun.settle(PHONE, "d-1", datetime.now(UTC))
    absent = await world.aliyun.settle(PHONE, "d-2", datetime.now(UTC))

    assert (sent.verdict, sent.code) == (Verdict.TAKEN, "OK")
    assert sent.reference
    assert settled is not None
    assert settled.verdict is Verdict.TAKEN
    assert absent is None


async def test_a_text_that_was_taken_while_the_answer_was_lost_is_settled(world: World) -> None:
    await world.approve("aliyun", "SMS_1", text="others")
    await world.sim("faults", next_sms_lost_hanging=1)

    sent = await world.aliyun.send(PHONE, "SMS_1", {"text": "好"}, out_id="d-1")
    settled = await world.aliyun.settle(PHONE, "d-1", datetime.now(UTC))

    assert sent.verdict is Verdict.UNKNOWN
    assert settled is not None
    assert settled.verdict is Verdict.TAKEN
    assert [row["accepted"] for row in await world.counts()] == [1]


async def test_what_the_gateway_refuses_is_told_apart(world: World) -> None:
    await world.approve("aliyun", "SMS_1", text="others")
    send = world.aliyun.send

    template = await send(PHONE, "SMS_9", {"text": "好"}, out_id="1")
    missing = await send(PHONE, "SMS_1", {}, out_id="2")
    number = await send("12345", "SMS_1", {"text": "好"}, out_id="3")
    long = await send(PHONE, "SMS_1", {"text": "长" * 36}, out_id="4")

    assert (template.verdict, template.scope) == (Verdict.HALT, Scope.TEMPLATE)
    assert missing.verdict is Verdict.FALL_BACK
    assert (number.verdict, number.scope) == (Verdict.FALL_BACK, Scope.RECIPIENT)
    assert (long.verdict, long.code) == (Verdict.FALL_BACK, "isv.PARAM_LENGTH_LIMIT")


async def test_the_government_port(world: World) -> None:
    sent = await world.port.send(PHONE, "听竹村10月支出38,420.50元", out_id="d-1")
    refused = await world.port.send("12345", "好", out_id="d-2")

    assert (sent.verdict, sent.code) == (Verdict.TAKEN, "0")
    assert sent.reference
    assert (refused.verdict, refused.code) == (Verdict.LATER, "1002")
