"""A finish event that cannot be written: the platform must not be told that all is well."""

import asyncio
import time
from typing import Any, cast

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.wechat.envelope import Envelope
from bot.wechat.webhook import Webhook
from notifications.settings import WeChatSettings
from storage.database import Database, DatabaseUnavailable
from storage.sealing import Sealer
from tests.bot.wechat.platform import ACCOUNT, OPENID, Platform

FAILED = (
    f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENID}</FromUserName>"
    "<CreateTime>1763950000</CreateTime><MsgType>event</MsgType>"
    "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID>"
    "<Status>failed:user block</Status></xml>"
)


async def test_a_report_waits_for_the_database(db: Database, sealer: Sealer) -> None:
    platform = Platform()
    settings = WeChatSettings(
        app_id=platform.app_id, token=platform.token, encoding_aes_key=platform.encoding_aes_key
    )
    webhook = Webhook(Envelope(settings), cast("Any", None), db, sealer, "http://127.0.0.1")
    app = web.Application()
    app.router.add_post("/wechat", webhook.push)
    query, body = platform.push(FAILED.encode(), at=int(time.time()))
    working, asked = db.rows, asyncio.Event()

    async def dead(*_: object) -> list[dict[str, Any]]:
        asked.set()
        raise DatabaseUnavailable

    async with TestClient(TestServer(app)) as client:
        db.rows = dead  # type: ignore[method-assign, assignment]
        push = asyncio.create_task(client.post("/wechat", params=query, data=body))
        await asked.wait()
        await asyncio.sleep(0.1)
        assert not push.done()

        db.rows = working  # type: ignore[method-assign]
        answer = await push

    assert answer.status == 200
    row = await db.row("SELECT code, delivered FROM receipts WHERE reference = '200163836'")
    assert row
    assert (row["code"], bool(row["delivered"])) == ("failed:user block", False)
