"""A simulator on loopback, and a small service that it pushes to."""

import asyncio
import base64
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from hashlib import sha1
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from simulator import PLATFORMS, Clock, Keys, Platforms, Timing, create_app
from simulator.keys import SmsKeys, WeChatKeys

OPENID = "oTestResident000000000000001"
PHONE = "16600010071"
QUICK = Timing(
    wechat_answer=0.2, wechat_pause=0.01, sms_answer=0.2, say_settles=0.02, say_patience=0.5
)


class Frozen:
    """Real time that stands still until a test moves it."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@dataclass
class Service:
    """What a service under test would be: it notes what arrives and answers as told."""

    wechat: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    posted: list[tuple[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    answer: Callable[[bytes], Awaitable[web.StreamResponse]] | None = None
    ack: Callable[[], Awaitable[web.StreamResponse]] | None = None
    token: str = "simulator"
    handshakes: int = 0
    echo: Callable[[str], str] = str
    demo_now: str = "2026-11-24T09:30:00+08:00"
    moved: list[float] = field(default_factory=list)
    url: str = ""

    async def on_get(self, request: web.Request) -> web.Response:
        self.handshakes += 1
        check_signature(
            self.token, *(request.query[name] for name in ("signature", "timestamp", "nonce"))
        )
        return web.Response(text=self.echo(request.query["echostr"]))

    async def on_post(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.wechat.append(request)
        self.bodies.append(body)
        return await self.answer(body) if self.answer else web.Response(text="success")

    async def on_callback(self, request: web.Request) -> web.StreamResponse:
        self.secrets.add(request.match_info["secret"])
        body = await request.read()
        try:
            items: Any = json.loads(body)
        except ValueError:
            items = None
        if items != []:  # the probe is not a delivery
            self.posted.append((request.match_info["kind"], items))
        return await self.ack() if self.ack else web.json_response({"code": 0, "msg": "ok"})

    def items(self, kind: str) -> list[dict[str, Any]]:
        return [item for posted, items in self.posted if posted == kind for item in items or ()]

    async def on_clock(self, request: web.Request) -> web.Response:
        if request.method == "POST":
            self.moved.append((await request.json())["seconds"])
            self.demo_now = "2026-11-24T10:30:00+08:00"
        return web.json_response({"now": self.demo_now})


@dataclass
class World:
    """The running simulator, its handle, and the service it pushes to."""

    client: TestClient[web.Request, web.Application]
    platforms: Platforms
    service: Service
    frozen: Frozen
    token: str = ""

    async def sim(self, path: str, **given: Any) -> Any:
        if given:
            answer = await self.client.post(f"/sim/{path}", json=given)
        else:
            answer = await self.client.get(f"/sim/{path}")
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def call(self, path: str, **given: Any) -> dict[str, Any]:
        """A WeChat API call with a good token."""
        if not self.token:
            self.token, _ = self.platforms.wechat.tokens.stable("today", force=False)
        url = f"/cgi-bin/{path}?access_token={self.token}"
        body = json.dumps(given, ensure_ascii=False).encode()
        answer = await self.client.post(url, data=body)
        result: dict[str, Any] = await answer.json(content_type="text/plain")
        return result

    async def sms(self, **given: str) -> dict[str, Any]:
        """A signed SMS API call; the HTTP status comes as `status`."""
        answer = await self.client.post("/", data=self.signed(**given))
        result: dict[str, Any] = await answer.json()
        return result | {"status": answer.status}

    def signed(self, **given: str) -> dict[str, str]:
        keys = self.platforms.keys.sms
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.frozen.at))
        form = {
            "Action": "SendSms",
            "Version": "2017-05-25",
            "Format": "JSON",
            "AccessKeyId": keys.access_key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "SignatureType": "",
            "Timestamp": stamp,
        } | given
        return form | {"Signature": sign_form(form, keys.access_key_secret)}

    async def text(self, phone: str = PHONE, **given: str) -> dict[str, Any]:
        """SendSms of the template `SMS_1` with one variable."""
        form = {
            "PhoneNumbers": phone,
            "SignName": self.platforms.keys.sms.sign_name,
            "TemplateCode": "SMS_1",
            "TemplateParam": json.dumps({"text": "账目已公开"}, ensure_ascii=False),
        }
        return await self.sms(**(form | given))

    def crypto(self) -> WeChatCrypto:
        keys = self.platforms.wechat.pushes.keys
        return WeChatCrypto(keys.token, keys.encoding_aes_key, keys.app_id)


def sign_form(form: dict[str, str], secret: str, method: str = "POST") -> str:
    """A signature of the tests' own, after sms.md 1.2."""

    def encoded(text: str) -> str:
        return quote(text, safe="-_.~")

    query = "&".join(f"{encoded(k)}={encoded(v)}" for k, v in sorted(form.items()))
    to_sign = f"{method}&%2F&{encoded(query)}".encode()
    return base64.b64encode(hmac.new(f"{secret}&".encode(), to_sign, sha1).digest()).decode()


Build = Callable[..., Awaitable[World]]


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Makes a world: WeChat's `mode`, other fields of Keys, no service where `push` is off."""
    opened: list[World] = []

    async def make(mode: str = "safe", *, push: bool = True, **more: Any) -> World:
        service = Service()
        app = web.Application()
        app.router.add_get("/wechat", service.on_get)
        app.router.add_post("/wechat", service.on_post)
        app.router.add_post("/sms/{secret}/{kind}", service.on_callback)
        app.router.add_route("*", "/demo/clock", service.on_clock)
        server = TestServer(app)
        await server.start_server()
        service.url = str(server.make_url("/"))
        frozen = Frozen(1_790_000_000.0)
        keys = replace(Keys(), wechat=replace(WeChatKeys(), mode=mode), sms=SmsKeys(), **more)
        simulator = create_app(
            keys,
            clock=Clock(frozen),
            seed=7,
            push=service.url if push else "",
            timing=QUICK,
        )
        client = TestClient(TestServer(simulator))
        await client.start_server()
        world = World(client, simulator[PLATFORMS], service, frozen)
        opened.append(world)
        servers.append(server)
        return world

    servers: list[TestServer] = []
    yield make
    await asyncio.gather(*(world.client.close() for world in opened))
    await asyncio.gather(*(server.close() for server in servers))


@pytest.fixture
async def world(build: Build) -> World:
    """Safe mode, a service that answers `success`, one template approved on each side."""
    made = await build()
    await made.sim("templates", gateway="wechat", id="notice", fields={"thing1": "thing"})
    await made.sim("templates", gateway="aliyun", id="SMS_1", fields={"text": "others"})
    return made
