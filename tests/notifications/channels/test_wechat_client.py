"""wechatpy's API classes, unchanged and awaited, against a platform on loopback."""

import asyncio
import io
import logging
from dataclasses import replace

import pytest
from aiohttp import ClientSession, web

from notifications.channels.wechat_client import (
    OFFICIAL_BASE,
    ApiRefused,
    AsyncWeChatClient,
    TokenRefused,
)
from notifications.channels.wire import NotSent, Unreadable
from notifications.settings import WeChatSettings
from tests.notifications.channels.provider import Provider, Seen, answer

SETTINGS = WeChatSettings(app_id="wx0123456789abcdef", app_secret="s3cr3t")
TOKEN_PATH = "/cgi-bin/stable_token"
SEND_PATH = "/cgi-bin/message/custom/send"


class Platform:
    """Answers for tokens, and for the rest with `content`, or 40001 for a dead token."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.number = 1
        self.token_answer: object = None
        self.content: object = {"errcode": 0, "errmsg": "ok"}
        provider.respond = self.respond

    def respond(self, seen: Seen) -> web.StreamResponse:
        if seen.path == TOKEN_PATH:
            token = {"access_token": f"token-{self.number}", "expires_in": 7200}
            return answer(self.token_answer or token)
        if seen.query.get("access_token") != f"token-{self.number}":
            return answer({"errcode": 40001, "errmsg": "invalid credential rid: 6f-1"})
        return answer(self.content)


@pytest.fixture
def platform(provider: Provider) -> Platform:
    return Platform(provider)


@pytest.fixture
def client(http: ClientSession, provider: Provider, platform: Platform) -> AsyncWeChatClient:
    return AsyncWeChatClient(http, replace(SETTINGS, api_base=provider.url))


async def test_the_token_is_asked_for_as_a_stable_one(
    client: AsyncWeChatClient, provider: Provider
) -> None:
    await client.message.send_text("openid", "好")

    (asked,) = provider.to(TOKEN_PATH)
    assert asked.json == {
        "grant_type": "client_credential",
        "appid": SETTINGS.app_id,
        "secret": SETTINGS.app_secret,
        "force_refresh": False,
    }


async def test_chinese_goes_out_as_utf_8(client: AsyncWeChatClient, provider: Provider) -> None:
    await client.message.send_text("openid", "听竹村“账”")

    (sent,) = provider.to(SEND_PATH)
    assert "听竹村“账”".encode() in sent.body
    assert sent.json["text"] == {"content": "听竹村“账”"}
    assert sent.query["access_token"] == "token-1"


async def test_many_api_methods_work_unchanged(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    platform.content = {"errcode": 0, "ticket": "T", "url": "u", "template_id": "t1", "tags": []}

    await client.menu.create({"button": []})
    await client.menu.get()
    ticket = await client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE"})
    template_id = await client.template.add("TM001")
    await client.user.get("openid")
    await client.tag.get()
    await client.message.send_subscribe_message("openid", "t1", {}, page="p")
    await client.customservice.delete_account("kf@village")
    await client.post("clear_quota", data={"appid": SETTINGS.app_id})

    assert ticket["ticket"] == "T"
    assert template_id == "t1"
    assert provider.to("/cgi-bin/user/info")[0].query["openid"] == "openid"
    assert provider.to("/customservice/kfaccount/del")[0].query["kf_account"] == "kf@village"
    assert all(seen.query["access_token"] == "token-1" for seen in provider.seen[1:])


async def test_a_file_is_sent_again_from_its_beginning(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    await client.tokens.get()
    platform.number = 2  # the token has died behind our back
    platform.content = {"errcode": 0, "media_id": "m1"}

    uploaded = await client.media.upload("image", ("村.png", io.BytesIO(b"picture"), "image/png"))

    tries = provider.to("/cgi-bin/media/upload")
    assert uploaded["media_id"] == "m1"
    assert len(tries) == 2
    assert all(b"picture" in seen.body and b'filename="_.png"' in seen.body for seen in tries)


async def test_a_file_comes_back_as_bytes(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    await client.tokens.get()
    provider.respond = lambda _: answer(b"\x89PNG\xff", content_type="image/png")

    assert await client.media.download("m1") == b"\x89PNG\xff"


async def test_a_dead_token_is_renewed_and_the_call_repeated_once(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    await client.tokens.get()
    platform.number = 2

    await asyncio.gather(*(client.message.send_text("openid", "好") for _ in range(100)))

    assert len(provider.to(TOKEN_PATH)) == 2
    assert len(provider.to(SEND_PATH)) == 200


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_stays_refused_ends_after_one_retry(
    client: AsyncWeChatClient, provider: Provider, platform: Platform, code: int
) -> None:
    platform.content = {"errcode": code, "errmsg": "invalid credential"}

    with pytest.raises(ApiRefused) as refused:
        await client.message.send_text("openid", "好")

    assert refused.value.code == code
    assert len(provider.to(SEND_PATH)) == 2
    assert len(provider.to(TOKEN_PATH)) == 2
    assert all(seen.json["force_refresh"] is False for seen in provider.to(TOKEN_PATH))


async def test_other_refusals_are_not_repeated(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    platform.content = {"errcode": 45015, "errmsg": "response out of time limit rid: 65-a"}

    with pytest.raises(ApiRefused, match="45015"):
        await client.message.send_text("openid", "好")

    assert len(provider.to(SEND_PATH)) == 1


async def test_without_a_token_nothing_else_is_tried(
    client: AsyncWeChatClient, provider: Provider, platform: Platform
) -> None:
    platform.token_answer = {"errcode": 40125, "errmsg": "invalid appsecret"}

    with pytest.raises(TokenRefused) as refused:
        await client.message.send_text("openid", "好")

    assert refused.value.code == 40125
    assert provider.to(SEND_PATH) == []


@pytest.mark.parametrize(
    "token_answer", [{"expires_in": 7200}, {"access_token": ""}, [1], b"<html>", {"errcode": "no"}]
)
async def test_a_token_answer_that_makes_no_sense_means_nothing_sent(
    client: AsyncWeChatClient, provider: Provider, platform: Platform, token_answer: object
) -> None:
    platform.token_answer = token_answer

    with pytest.raises(NotSent, match="no_token"):
        await client.message.send_text("openid", "好")

    assert provider.to(SEND_PATH) == []


@pytest.mark.parametrize("content", [b"<html>502</html>", b"", b"{", {"errcode": None}])
async def test_an_answer_that_makes_no_sense_is_unreadable(
    client: AsyncWeChatClient, platform: Platform, content: object
) -> None:
    platform.content = content

    with pytest.raises(Unreadable):
        await client.message.send_text("openid", "好")


async def test_an_answer_of_another_status_is_unreadable(
    client: AsyncWeChatClient, provider: Provider
) -> None:
    await client.tokens.get()
    provider.respond = lambda _: answer({"errcode": 0}, status=502)

    with pytest.raises(Unreadable) as unreadable:
        await client.message.send_text("openid", "好")

    assert unreadable.value.status == 502


async def test_a_control_character_in_an_answer_does_no_harm(
    client: AsyncWeChatClient, platform: Platform
) -> None:
    platform.content = b'{"errcode":0,"nickname":"a\x01b"}'

    assert (await client.user.get("openid"))["nickname"] == "a\x01b"


async def test_the_token_goes_to_wechat_only(client: AsyncWeChatClient, provider: Provider) -> None:
    for url in ("https://mp.weixin.qq.com/x", "https://api.weixin.qq.com.evil.example/x"):
        with pytest.raises(ValueError, match="WeChat"):
            await client.get(url)

    await client.get(f"{OFFICIAL_BASE}/wxaapi/newtmpl/gettemplate")
    assert [seen.path for seen in provider.seen] == [TOKEN_PATH, "/wxaapi/newtmpl/gettemplate"]


async def test_logs_hold_the_code_and_rid_and_nothing_else(
    client: AsyncWeChatClient, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.content = {
        "errcode": 40003,
        "errmsg": "invalid openid oSecret hint: [x] rid: 65a1-22ff-9",
    }
    caplog.set_level(logging.DEBUG, "notifications")

    with pytest.raises(ApiRefused) as refused:
        await client.message.send_text("oSecret", "私密")

    assert "40003" in caplog.text
    assert "rid 65a1-22ff-9" in caplog.text
    told = caplog.text + repr(refused.value)
    for secret in ("oSecret", "私密", "token-1", SETTINGS.app_secret):
        assert secret not in told


async def test_the_current_token_is_empty_before_the_first(client: AsyncWeChatClient) -> None:
    before = client.access_token
    await client.fetch_access_token()

    assert (before, client.access_token) == ("", "token-1")
