"""`/sms/{secret}/...`: replies and receipts of either gateway, acknowledged within 700 ms."""

from __future__ import annotations

import asyncio
import hmac
import logging

from aiohttp import web

from bot.pipeline import Pipeline, load_inbound
from bot.sms.callbacks import SmsUplink, is_person, read_receipts, read_uplinks
from bot.sms.replying import SmsReplies
from handlers.turn import Inbound, Kind
from notifications.receipts import Receiver, sms_receipt
from notifications.settings import SmsSettings
from storage import inbox
from storage.database import Database, Unavailable
from storage.inbox import Arrival, Received
from storage.sealing import Sealer, SealError

log = logging.getLogger(__name__)


class SmsWebhook:
    """Stores, acknowledges, and answers afterwards: a gateway waits for nobody (sms.md 1.3)."""

    def __init__(
        self,
        settings: SmsSettings,
        db: Database,
        sealer: Sealer,
        pipeline: Pipeline,
        replies: SmsReplies,
    ) -> None:
        secrets = (settings.callback_secret, settings.previous_callback_secret)
        self._secrets = [secret.encode() for secret in secrets if secret]
        self._gateway = settings.gateway.value
        self._db = db
        self._reports = Receiver(db)
        self._sealer = sealer
        self._pipeline = pipeline
        self._replies = replies
        self._answering: set[asyncio.Task[object]] = set()

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/sms/{secret}/uplink", self.uplink)
        app.router.add_post("/sms/{secret}/receipts", self.receipts)

    async def uplink(self, request: web.Request) -> web.Response:
        self._admit(request)
        batch = read_uplinks(await request.read())
        if batch.odd or batch.beyond:
            log.warning("uplink: %d odd elements, %d beyond the cap", batch.odd, batch.beyond)
        people = [item for item in batch.items if is_person(item.phone)]
        try:
            received = await asyncio.gather(*(self._receive(item) for item in people))
        except Unavailable as closed:
            log.error("the inbox cannot be written: %s", type(closed).__name__)
            return web.Response(status=503)
        for inbound, arrived in received:
            if arrived.arrival is not Arrival.DONE:
                self._answer(inbound, arrived)
        return _taken()

    async def receipts(self, request: web.Request) -> web.Response:
        self._admit(request)
        batch = read_receipts(await request.read())
        items = [
            sms_receipt(
                self._gateway,
                key=item.key,
                reference=item.reference,
                out_id=item.out_id,
                success=item.success,
                code=item.code,
            )
            for item in batch.items
        ]
        try:
            await self._reports.receive(items)
        except Unavailable as closed:
            log.error("receipts cannot be written: %s", type(closed).__name__)
            return web.Response(status=503)
        return _taken()

    async def answer_what_was_left(self) -> int:
        """Answers what was stored before a crash and never handled; returns how many."""
        left = await inbox.unfinished(self._db, "sms")
        for key, sealed in left:
            try:
                inbound = load_inbound(self._sealer.open_inbox(sealed))
            except SealError:
                log.error("a stored message cannot be opened with these keys")
                continue
            heads = await inbox.heads(self._db)
            self._answer(inbound, Received(Arrival.UNFINISHED, *heads))
            log.info("a message from before the start is answered now: %s", key[:8])
        return len(left)

    async def stop(self) -> None:
        if self._answering:
            await asyncio.wait(self._answering, timeout=5)

    async def _receive(self, item: SmsUplink) -> tuple[Inbound, Received]:
        inbound = Inbound("sms", item.key.hex(), Kind.TEXT, item.phone, text=item.content)
        return inbound, await self._pipeline.receive(inbound, item.key.hex())

    def _answer(self, inbound: Inbound, received: Received) -> None:
        work = self._pipeline.proceed(inbound, received, self._replies.deliver)
        task: asyncio.Task[object] = asyncio.create_task(work, name="sms answer")
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def _admit(self, request: web.Request) -> None:
        given = request.match_info["secret"].encode()
        if not any(hmac.compare_digest(given, secret) for secret in self._secrets):
            raise web.HTTPNotFound


def _taken() -> web.Response:
    return web.json_response({"code": 0, "msg": "ok"})
