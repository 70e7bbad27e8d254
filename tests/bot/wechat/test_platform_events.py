"""What the platform tells of the account, and of people who withdraw, through the real webhook."""

import time
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pipeline import Answer, Outcome
from bot.wechat.envelope import Envelope
from bot.wechat.webhook import Webhook
from handlers.turn import Inbound, Kind
from notifications.settings import WeChatSettings
from storage import alarms
from storage.database import Database
from storage.sealing import Sealer
from tests.bot.wechat.platform import ACCOUNT, OPENID, Platform


class Heard:
    """Stands where the pipeline does, and notes what it is handed."""

    def __init__(self) -> None:
        self.inbound: list[Inbound] = []

    async def handle(self, inbound: Inbound, _: str) -> Answer:
        self.inbound.append(inbound)
        return Answer(Outcome.SILENT)


async def push(db: Database, sealer: Sealer, event: str, more: str = "") -> list[Inbound]:
    platform, heard = Platform(), Heard()
    settings = WeChatSettings(
        app_id=platform.app_id, token=platform.token, encoding_aes_key=platform.encoding_aes_key
    )
    pipeline: Any = heard
    webhook = Webhook(Envelope(settings), pipeline, db, sealer, "http://127.0.0.1")
    app = web.Application()
    app.router.add_post("/wechat", webhook.push)
    xml = (
        f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENID}</FromUserName>"
        f"<CreateTime>1763950000</CreateTime><MsgType>event</MsgType><Event>{event}</Event>"
        f"{more}</xml>"
    )
    query, body = platform.push(xml.encode(), at=int(time.time()))
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/wechat", params=query, data=body)
        assert (answer.status, await answer.text()) == (200, "success")
    return heard.inbound


async def test_a_doubt_about_the_account_is_an_alarm(db: Database, sealer: Sealer) -> None:
    assert await push(db, sealer, "verify_expired") == []
    (alarm,) = await alarms.open_alarms(db)
    assert (alarm.kind, alarm.channel) == ("account", "wechat")


async def test_whoever_withdraws_is_named_by_the_event(db: Database, sealer: Sealer) -> None:
    other = "oWithdraws00000000000000001"
    for event in ("user_authorization_revoke", "user_authorization_cancellation"):
        (inbound,) = await push(db, sealer, event, f"<OpenID>{other}</OpenID>")
        assert (inbound.kind, inbound.address) == (Kind.REVOKED, other)
    (inbound,) = await push(db, sealer, "user_authorization_revoke")
    assert inbound.address == OPENID
