"""The edge against the pretend platform, which shares no code with it: in all three modes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.wechat.envelope import Admitted, Echo, Envelope, Opened, Refused
from bot.wechat.messages import PlatformMessage, parse_message
from bot.wechat.render import text_reply
from notifications.settings import WeChatMode, WeChatSettings
from simulator import Keys, Timing, create_app
from simulator.keys import WeChatKeys

OPENID = "oTestResident000000000000001"
QUICK = Timing(wechat_answer=2, wechat_pause=0.01, say_settles=0.02, say_patience=3)
TRICKY = '支出38,420.50元 ]]></Content><MsgType>news</MsgType>\x08 <a href="x">&lt;'


class Service:
    """The webhook reduced to the edge; keeps what it understood."""

    def __init__(self, settings: WeChatSettings) -> None:
        self.envelope = Envelope(settings)
        self.messages: list[PlatformMessage] = []
        self.arrivals: asyncio.Queue[PlatformMessage] = asyncio.Queue()
        self.refused: list[Refused] = []

    async def get(self, request: web.Request) -> web.Response:
        result = self.envelope.handshake(request.query)
        assert isinstance(result, Echo)
        return web.Response(text=result.text)

    async def post(self, request: web.Request) -> web.Response:
        admitted = self.envelope.admit(request.query)
        assert isinstance(admitted, Admitted)
        opened = self.envelope.open(admitted, await request.read())
        if isinstance(opened, Refused):
            self.refused.append(opened)
            return web.Response(status=403)
        assert isinstance(opened, Opened)
        message = parse_message(opened.xml)
        self.messages.append(message)
        self.arrivals.put_nowait(message)
        if message.event not in ("", "subscribe"):
            return web.Response(text="success")
        reply = text_reply(
            to=message.openid,
            sender=message.to,
            at=message.created_at,
            text=TRICKY + (message.content or message.scene),
        )
        return web.Response(body=self.envelope.seal(opened, reply))


class World:
    def __init__(self, service: Service, base: str, http: ClientSession) -> None:
        self.service = service
        self._base = base
        self._http = http

    async def sim(self, action: str, **given: object) -> Any:
        async with self._http.post(f"{self._base}/sim/{action}", json=given) as response:
            return await response.json()


@asynccontextmanager
async def running(keys: WeChatKeys, settings: WeChatSettings) -> AsyncIterator[World]:
    service = Service(settings)
    app = web.Application()
    app.router.add_get("/wechat", service.get)
    app.router.add_post("/wechat", service.post)
    async with TestServer(app) as product:
        push = str(product.make_url("")).rstrip("/")
        pretend = create_app(Keys(wechat=keys), push=push, timing=QUICK)
        async with TestServer(pretend) as platform, ClientSession() as http:
            yield World(service, str(platform.make_url("")).rstrip("/"), http)


def settings_for(keys: WeChatKeys) -> WeChatSettings:
    return WeChatSettings(
        app_id=keys.app_id,
        token=keys.token,
        encoding_aes_key=keys.encoding_aes_key,
        mode=WeChatMode(keys.mode),
    )


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
async def test_a_question_and_its_answer(mode: str) -> None:
    keys = WeChatKeys(mode=mode)

    async with running(keys, settings_for(keys)) as world:
        said = await world.sim("say", channel="wechat", who=OPENID, text="上个月花了多少钱")

    # The platform showed exactly the safe text, and took no element of ours for its own.
    assert said["seen"] == [TRICKY.replace("\x08", "") + "上个月花了多少钱"]
    assert world.service.messages[-1].content == "上个月花了多少钱"


async def test_scanning_a_villages_code() -> None:
    keys = WeChatKeys()

    async with running(keys, settings_for(keys)) as world:
        await world.sim("scan", who=OPENID, scene="v_990101101200", wait=False)
        first = await asyncio.wait_for(world.service.arrivals.get(), 3)
        await world.sim("scan", who=OPENID, scene="v_990101101200", wait=False)
        second = await asyncio.wait_for(world.service.arrivals.get(), 3)

    assert [first.event, second.event] == ["subscribe", "scan"]
    assert first.scene == second.scene == "v_990101101200"


async def test_a_platform_with_another_key_is_not_answered() -> None:
    keys = WeChatKeys(mode="plain")
    safe = settings_for(WeChatKeys())

    async with running(keys, safe) as world:
        await world.sim("say", channel="wechat", who=OPENID, text="好")

    assert world.service.messages == []
    assert world.service.refused
