"""What WeChat's answers to a message mean, and which of its APIs an account has."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.channels.wechat import ApiProbe, ApiState, WeChatChannel, probe_apis
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.settings import WeChatSettings
from tests.notifications.channels.provider import Provider, Seen, answer

NOW = datetime(2026, 11, 24, 1, 30, 20, tzinfo=UTC)  # 09:30 in Beijing
TOKEN = {"access_token": "token-1", "expires_in": 7200}
SETTINGS = WeChatSettings(app_id="wx0123456789abcdef", app_secret="s3cr3t")


class Platform:
    def __init__(self, provider: Provider) -> None:
        self.token: object = TOKEN
        self.answers: dict[str, object] = {}
        self.otherwise: object = {"errcode": 0, "errmsg": "ok", "msgid": 200163836}
        provider.respond = self.respond

    def respond(self, seen: Seen) -> web.StreamResponse:
        if seen.path.endswith("/stable_token"):
            return answer(self.token)
        return answer(self.answers.get(seen.path, self.otherwise))


@pytest.fixture
def platform(provider: Provider) -> Platform:
    return Platform(provider)


@pytest.fixture
def client(http: ClientSession, provider: Provider, platform: Platform) -> AsyncWeChatClient:
    return AsyncWeChatClient(http, replace(SETTINGS, api_base=provider.url), timeout_seconds=0.3)


@pytest.fixture
def channel(client: AsyncWeChatClient) -> WeChatChannel:
    return WeChatChannel(client, clock=lambda: NOW)


async def send(channel: WeChatChannel) -> Outcome:
    return await channel.send_template(
        "openid", "t1", {"thing1": "听竹村"}, url="https://a.example/", client_msg_id="d-1"
    )


async def test_a_template_message_carries_our_id(
    channel: WeChatChannel, provider: Provider
) -> None:
    outcome = await send(channel)

    (sent,) = provider.to("/cgi-bin/message/template/send")
    assert sent.json == {
        "touser": "openid",
        "template_id": "t1",
        "data": {"thing1": {"value": "听竹村"}},
        "client_msg_id": "d-1",
        "url": "https://a.example/",
    }
    assert outcome == Outcome(verdict=Verdict.TAKEN, code="0", reference="200163836")


async def test_a_subscription_notice_and_a_service_text(
    channel: WeChatChannel, provider: Provider
) -> None:
    notice = await channel.send_subscription("openid", "t1", {"thing1": "账"}, page="p")
    text = await channel.send_text("openid", "好")

    (sent,) = provider.to("/cgi-bin/message/subscribe/bizsend")
    assert (sent.json["touser"], sent.json["page"]) == ("openid", "p")
    assert sent.json["data"] == {"thing1": {"value": "账"}}
    assert notice.verdict is text.verdict is Verdict.TAKEN


async def test_an_explicit_refusal_falls_back(channel: WeChatChannel, platform: Platform) -> None:
    platform.otherwise = {"errcode": 43004, "errmsg": "require subscribe"}

    outcome = await send(channel)

    assert (outcome.verdict, outcome.scope) == (Verdict.FALL_BACK, Scope.RECIPIENT)
    assert (outcome.code, outcome.reference) == ("43004", "")


async def test_a_wrong_field_is_named_and_its_value_is_not(
    channel: WeChatChannel, platform: Platform
) -> None:
    platform.otherwise = {
        "errcode": 47003,
        "errmsg": "argument invalid! data.thing3.value invalid 张三的话 rid: 65-1",
    }

    outcome = await send(channel)

    assert "thing3" in outcome.detail
    assert "张三" not in repr(outcome)


async def test_the_refused_address_is_shown(channel: WeChatChannel, platform: Platform) -> None:
    platform.token = {
        "errcode": 40164,
        "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6-1",
    }

    outcome = await send(channel)

    assert (outcome.verdict, outcome.scope) == (Verdict.HALT, Scope.ACCOUNT)
    assert "203.0.113.9" in outcome.detail


async def test_a_wrong_secret_halts_and_a_dead_token_does_not(
    channel: WeChatChannel, platform: Platform
) -> None:
    platform.token = {"errcode": 40001, "errmsg": "invalid credential"}
    wrong_secret = await send(channel)
    platform.token = TOKEN
    platform.otherwise = {"errcode": 40001, "errmsg": "invalid credential"}
    dead_token = await send(channel)

    assert (wrong_secret.verdict, wrong_secret.scope) == (Verdict.HALT, Scope.ACCOUNT)
    assert dead_token.verdict is Verdict.LATER


@pytest.mark.parametrize("fault", ["hang", "reset", "half"])
async def test_a_call_without_answer_is_unknown(
    channel: WeChatChannel, client: AsyncWeChatClient, provider: Provider, fault: str
) -> None:
    await client.tokens.get()
    provider.fault = fault

    outcome = await send(channel)

    assert outcome.verdict is Verdict.UNKNOWN
    assert len(provider.to("/cgi-bin/message/template/send")) == 1


@pytest.mark.parametrize("fault", ["hang", "reset", "half"])
async def test_a_token_call_without_answer_means_nothing_sent(
    channel: WeChatChannel, provider: Provider, fault: str
) -> None:
    provider.fault = fault

    outcome = await send(channel)

    assert (outcome.verdict, outcome.code) == (Verdict.LATER, "no_token")


async def test_nobody_listening_is_later(http: ClientSession) -> None:
    settings = replace(SETTINGS, api_base="http://127.0.0.1:1")
    channel = WeChatChannel(AsyncWeChatClient(http, settings), clock=lambda: NOW)

    assert (await send(channel)).verdict is Verdict.LATER


@pytest.mark.parametrize(
    "content", [b"<html>", b"", [], {}, {"errmsg": "ok"}, {"errcode": "0"}, {"errcode": None}]
)
async def test_an_answer_that_makes_no_sense_is_unknown(
    channel: WeChatChannel, platform: Platform, content: object
) -> None:
    platform.otherwise = content

    assert (await send(channel)).verdict is Verdict.UNKNOWN


async def test_a_code_that_no_table_knows_is_no_success_and_is_logged(
    channel: WeChatChannel, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.otherwise = {"errcode": 99999, "errmsg": "新规定 openid"}

    with caplog.at_level(logging.ERROR):
        outcome = await send(channel)

    assert outcome.verdict is Verdict.FALL_BACK
    assert "99999" in caplog.text
    assert "openid" not in caplog.text


async def test_an_account_with_all_apis(client: AsyncWeChatClient, platform: Platform) -> None:
    for path, code in (
        ("menu/get", 46003),  # no menu yet
        ("message/template/send", 40003),
        ("message/custom/send", 40003),
        ("message/subscribe/bizsend", 40037),
        ("qrcode/create", 40053),
    ):
        platform.answers[f"/cgi-bin/{path}"] = {"errcode": code, "errmsg": "invalid"}

    probes = await probe_apis(client)

    assert [probe.api for probe in probes] == [
        "token",
        "template",
        "custom",
        "subscribe",
        "menu",
        "qrcode",
        "user",
    ]
    assert {probe.state for probe in probes} == {ApiState.ANSWERS}


async def test_probing_writes_to_nobody(client: AsyncWeChatClient, provider: Provider) -> None:
    await probe_apis(client)

    sent = [seen for seen in provider.seen if "/message/" in seen.path]
    assert len(sent) == 3
    assert all(seen.json["touser"] == "" for seen in sent)


async def test_an_account_that_lacks_an_api(client: AsyncWeChatClient, platform: Platform) -> None:
    platform.answers["/cgi-bin/message/template/send"] = {
        "errcode": 48001,
        "errmsg": "api unauthorized",
    }
    platform.answers["/cgi-bin/user/get"] = {"errcode": 48004, "errmsg": "api forbidden"}

    found = {probe.api: probe for probe in await probe_apis(client)}

    assert found["template"] == ApiProbe("template", ApiState.NOT_GRANTED, 48001)
    assert found["user"] == ApiProbe("user", ApiState.REFUSED, 48004)
    assert found["menu"].state is ApiState.ANSWERS


@pytest.mark.parametrize(
    ("token", "probe"),
    [
        (
            {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:1, not in whitelist"},
            ApiProbe("token", ApiState.ADDRESS_REFUSED, 40164, "203.0.113.9"),
        ),
        (
            {"errcode": 40125, "errmsg": "invalid appsecret"},
            ApiProbe("token", ApiState.CREDENTIALS_REFUSED, 40125),
        ),
        (b"<html>", ApiProbe("token", ApiState.UNREACHABLE)),
    ],
)
async def test_without_a_token_only_that_is_told(
    client: AsyncWeChatClient, platform: Platform, token: object, probe: ApiProbe
) -> None:
    platform.token = token

    assert await probe_apis(client) == [probe]
