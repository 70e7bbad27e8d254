"""`/wechat`: what the platform asks of us, and how each failure is answered (contract.md, 4)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from datetime import UTC, datetime

from aiohttp import web

from bot.pipeline import REMEMBERED_SECONDS, Outcome, Pipeline
from bot.wechat.envelope import MAX_BODY_BYTES, Echo, Envelope, Ignored, Opened, Refused
from bot.wechat.fields import MalformedMessage
from bot.wechat.messages import Kind, PlatformMessage, body_digest, message_key, parse_message
from bot.wechat.render import Article, news_reply, text_reply
from handlers.turn import Inbound, Reply
from handlers.turn import Kind as InboundKind
from notifications.alarms.conditions import ACCOUNT_EVENTS, of_account
from notifications.receipts import Receiver, finished_job, sent_subscription
from storage import alarms
from storage.database import Database, Unavailable
from storage.sealing import Sealer
from storage.shared import Shared

log = logging.getLogger(__name__)

_EVENTS = {
    "subscribe": InboundKind.FOLLOW,
    "unsubscribe": InboundKind.UNFOLLOW,
    "scan": InboundKind.SCAN,
    "click": InboundKind.MENU,
    # Wechat.md 1.5: what we keep of whoever withdraws must go; user_info_modified concerns a
    # profile, and we keep none.
    "user_authorization_revoke": InboundKind.REVOKED,
    "user_authorization_cancellation": InboundKind.REVOKED,
}
_REMEMBERED = 20_000
_PLACE = "reply:{key}"
_REPORT_WAITS_SECONDS, _REPORT_PAUSE_SECONDS = 60.0, 0.5
_ABOUT_TO_SECONDS, _LOOK_SECONDS = 0.5, 0.03


class Webhook:
    """Verifies, opens, parses, hands on, and seals the reply."""

    def __init__(
        self,
        envelope: Envelope,
        pipeline: Pipeline,
        db: Database,
        sealer: Sealer,
        public_url: str,
        shared: Shared | None = None,
    ) -> None:
        self._db = db
        self._reports = Receiver(db)
        self._sealer = sealer
        self._envelope = envelope
        self._pipeline = pipeline
        self._replies = Replies(sealer, shared)
        self._public_url = public_url

    async def handshake(self, request: web.Request) -> web.Response:
        verdict = self._envelope.handshake(request.query)
        if isinstance(verdict, Echo):
            return web.Response(text=verdict.text)
        return _turned_away(verdict)

    async def push(self, request: web.Request) -> web.Response:
        admitted = self._envelope.admit(request.query)
        if isinstance(admitted, Refused):
            return _turned_away(admitted)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return web.Response(status=413)
        body = await request.read()
        if len(body) > MAX_BODY_BYTES:
            return web.Response(status=413)
        opened = self._envelope.open(admitted, body)
        if not isinstance(opened, Opened):
            return _turned_away(opened)
        try:
            message = parse_message(opened.xml)
        except MalformedMessage as malformed:
            log.warning("a push could not be read: %s", malformed)
            return _success()
        return await self._answer(message, opened)

    async def _answer(self, message: PlatformMessage, opened: Opened) -> web.Response:
        await self._keep_reports(message)
        await self._keep_warning(message)
        inbound = _inbound(message)
        if inbound is None:
            return _success()
        answer = await self._pipeline.handle(inbound, body_digest(message).hex())
        if answer.outcome is Outcome.REPEATED:
            remembered = await self._replies.find(inbound.key)
            return _xml(remembered) if remembered else _success()
        if answer.reply is None:
            return _success()
        # Whoever asks again while the first run is under way gets the bytes that it made.
        sealed = self._replies.get(inbound.key)
        if sealed is None:
            sealed = self._envelope.seal(opened, self._rendered(message, answer.reply))
            await self._replies.keep(inbound.key, sealed)
        return _xml(sealed)

    async def _keep_warning(self, message: PlatformMessage) -> None:
        """What the platform says of the account itself, for administrators to mend."""
        if message.event not in ACCOUNT_EVENTS:
            return
        try:
            await alarms.note(self._db, [of_account(message.event)], datetime.now(UTC))
        except Unavailable as closed:
            log.error("the platform warns (%s): %s", message.event, type(closed).__name__)

    async def _keep_reports(self, message: PlatformMessage) -> None:
        """What the platform reports of a push of ours."""
        if message.event not in ("templatesendjobfinish", "subscribe_msg_sent_event"):
            return
        lookup = self._sealer.lookup_hash("openid", message.openid)
        reports = [
            sent_subscription(reference=item.message_id, code=item.error_code, lookup=lookup)
            for item in message.subscriptions
        ]
        if message.job:
            job = message.job
            reports.append(finished_job(reference=job.message_id, status=job.status, lookup=lookup))
        give_up = time.monotonic() + _REPORT_WAITS_SECONDS
        while True:
            try:
                await self._reports.receive(reports)
            except Unavailable as closed:
                # `success` would end the platform's repeats, and a failure would never be known.
                # Without an answer it asks again after 5 s, which is no other report.
                if time.monotonic() < give_up:
                    await asyncio.sleep(_REPORT_PAUSE_SECONDS)
                    continue
                log.error("a report cannot be written: %s", type(closed).__name__)
            return

    def _rendered(self, message: PlatformMessage, reply: Reply) -> bytes:
        if reply.picture:
            return self._card(message, reply)
        tail = f"\n{self._public_url}{reply.link}" if reply.link else ""
        return text_reply(
            to=message.openid,
            sender=message.to,
            at=int(time.time()),
            text=reply.text + tail,
            tail=tail,
        )

    def _card(self, message: PlatformMessage, reply: Reply) -> bytes:
        """The picture as a card that opens the page; the answer's first lines stand beside it."""
        title, _, description = reply.text.partition("\n")
        card = Article(
            title=title,
            description=description,
            url=f"{self._public_url}{reply.link or reply.picture}",
            picture_url=f"{self._public_url}{reply.picture}",
        )
        return news_reply(
            to=message.openid, sender=message.to, at=int(time.time()), articles=[card]
        )


class Replies:
    """Replies of the last minute, sealed, for whoever asks again; also of other processes."""

    def __init__(self, sealer: Sealer, shared: Shared | None = None) -> None:
        self._sealer = sealer
        self._shared = shared
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def keep(self, key: str, reply: bytes) -> None:
        now = time.monotonic()
        while self._kept:
            oldest, (until, _) = next(iter(self._kept.items()))
            if until > now and len(self._kept) < _REMEMBERED:
                break
            del self._kept[oldest]
        self._kept[key] = (now + REMEMBERED_SECONDS, self._sealer.seal_inbox(reply))
        if self._shared:
            await self._shared.put(_PLACE.format(key=key), reply, REMEMBERED_SECONDS)

    def get(self, key: str) -> bytes | None:
        """What this process has answered."""
        until, sealed = self._kept.get(key, (0.0, b""))
        return self._sealer.open_inbox(sealed) if until > time.monotonic() else None

    async def find(self, key: str) -> bytes | None:
        """What any process has answered; it may just be about to say so."""
        stop = time.monotonic() + _ABOUT_TO_SECONDS
        while (found := self.get(key)) is None and self._shared and self._shared.answers:
            found = await self._shared.get(_PLACE.format(key=key))
            if found is not None or time.monotonic() > stop:
                return found
            await asyncio.sleep(_LOOK_SECONDS)
        return found


def _inbound(message: PlatformMessage) -> Inbound | None:
    """What somebody did, in the words of handlers; None for what only the platform cares about."""
    kind: InboundKind | None
    if message.kind is Kind.TEXT:
        kind = InboundKind.TEXT
    elif message.kind is Kind.VOICE:
        kind = InboundKind.VOICE
    elif message.kind is Kind.EVENT:
        kind = _EVENTS.get(message.event)
    elif message.kind is Kind.UNKNOWN:
        kind = None
    else:
        kind = InboundKind.OTHER
    if kind is None:
        return None
    return Inbound(
        channel="wechat",
        key=message_key(message).hex(),
        kind=kind,
        address=(message.fields.get("OpenID") if kind is InboundKind.REVOKED else "")
        or message.openid,
        text=message.content,
        scene=message.scene,
        menu_key=message.event_key if kind is InboundKind.MENU else "",
    )


def _turned_away(verdict: Refused | Ignored) -> web.Response:
    log.warning("a push was turned away: %s", verdict.reason)
    return web.Response(status=403) if isinstance(verdict, Refused) else _success()


def _success() -> web.Response:
    return web.Response(text="success")


def _xml(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/xml", charset="utf-8")
