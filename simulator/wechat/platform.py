"""One Official Account on the pretend platform: its people, what they do and what they see."""

import asyncio
import itertools
import random
from typing import Any

from simulator import texts
from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.keys import WeChatKeys
from simulator.screens import PERSON, PLATFORM, SERVICE, Counts, Screens
from simulator.timing import Timing
from simulator.wechat.followers import Followers
from simulator.wechat.media import Media, QrCodes
from simulator.wechat.menu import Menu
from simulator.wechat.oauth import OAuth
from simulator.wechat.pushes import Delivered, Message, Pushes
from simulator.wechat.quotas import Quotas
from simulator.wechat.sending import Sending
from simulator.wechat.tokens import Tokens

FINISH_SECONDS = (0.5, 1.5)  # from acceptance to the finish event
# MsgType -> how the person's own bubble looks when no text says it
OWN = {"image": texts.PHOTO, "voice": texts.VOICE, "location": texts.PLACE}
TAPS = ("click", "scancode_push", "scancode_waitmsg")
# Behind these events somebody looks at a screen; nobody does behind a finished job.
ANSWERED = ("subscribe", "SCAN", "CLICK", "scancode_waitmsg", "location_select")


class WeChat:
    def __init__(
        self,
        keys: WeChatKeys,
        url: str,
        *,
        clock: Clock,
        schedule: Schedule,
        screens: Screens,
        counts: Counts,
        faults: Faults,
        rng: random.Random,
        timing: Timing,
    ) -> None:
        self._clock = clock
        self._schedule = schedule
        self._screens = screens
        self._faults = faults
        self._rng = rng
        self.followers = Followers(clock)
        self.tokens = Tokens(keys.app_id, keys.app_secret, clock.real, rng)
        self.quotas = Quotas(clock, faults)
        self.media = Media(clock, rng)
        self.qr = QrCodes(clock, rng)
        self.menu = Menu()
        self.oauth = OAuth(self.tokens, clock.real, rng)
        self.pushes = Pushes(
            keys,
            url,
            faults=faults,
            rng=rng,
            timing=timing,
            real=clock.real,
            has_media=self.media.has,
        )
        self.sending = Sending(
            clock=clock,
            schedule=schedule,
            screens=screens,
            counts=counts,
            followers=self.followers,
            faults=faults,
            rng=rng,
            has_media=self.media.has,
            later=self._event_later,
        )
        # Fresh after every start: a service keeps message ids for a day.
        self._message_ids = itertools.count(int(clock.real() * 1000) * 1_000_000 + 1)
        self._held: list[asyncio.Future[None]] = []

    async def say(self, openid: str, text: str) -> None:
        """The person sends a text."""
        self._screens.show(openid, PERSON, "text", text)
        await self.push(openid, {"MsgType": "text", "Content": text})

    async def scan(self, openid: str, scene: str, ticket: str = "") -> None:
        """The person scans a scene's QR code; whoever does not follow yet, does then."""
        ticket = ticket or "gQsimulated"
        known = self.followers.knows(openid) and self.followers.of(openid).following
        self._screens.show(openid, PERSON, "event", texts.SCANNED)
        if known:
            self.followers.tapped(self.followers.of(openid))
            await self.push(openid, {"Event": "SCAN", "EventKey": scene, "Ticket": ticket})
            return
        self.followers.follow(openid, scene)
        event = {"Event": "subscribe", "EventKey": f"qrscene_{scene}", "Ticket": ticket}
        await self.push(openid, event)

    async def follow(self, openid: str) -> None:
        self.followers.follow(openid)
        self._screens.show(openid, PERSON, "event", texts.FOLLOWED)
        await self.push(openid, {"Event": "subscribe", "EventKey": ""})

    async def unfollow(self, openid: str) -> None:
        self.followers.unfollow(openid)
        self._screens.show(openid, PERSON, "event", texts.UNFOLLOWED)
        await self.push(openid, {"Event": "unsubscribe", "EventKey": ""})

    async def press(self, openid: str, key: str) -> None:
        """The person taps the menu key (or link) `key`."""
        button = self.menu.find(key) or {"type": "click", "name": key}
        kind = str(button["type"])
        self._screens.show(openid, PERSON, "event", texts.PRESSED.format(label=button["name"]))
        if kind in TAPS:
            self.followers.tapped(self.followers.of(openid))
        event = "CLICK" if kind == "click" else "VIEW" if kind == "view" else kind
        await self.push(openid, {"Event": event, "EventKey": key})

    async def consent(self, openid: str, template: str, *, accepts: bool) -> None:
        """The person answers the question whether a notice may be sent (once)."""
        follower = self.followers.of(openid)
        if accepts:
            follower.consents[template] = follower.consents.get(template, 0) + 1
        text = texts.ALLOWED if accepts else texts.REFUSED
        self._screens.show(openid, PERSON, "event", text)
        answer = "accept" if accepts else "reject"
        listed = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": 1}
        event = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": listed}}
        await self.push(openid, event)

    async def withdraw(self, openid: str, template: str) -> None:
        """The person turns a notice off in the settings; turning it on again is never pushed."""
        follower = self.followers.of(openid)
        follower.refuses.add(template)
        follower.consents.pop(template, None)
        self._screens.show(openid, PERSON, "event", texts.REFUSED)
        listed = {"TemplateId": template, "SubscribeStatusString": "reject"}
        event = {"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": listed}}
        await self.push(openid, event)

    async def push(self, openid: str, fields: dict[str, Any]) -> None:
        """Push any message or event, by the fields it has of its own, and show what comes back."""
        if not self.pushes.on:
            return
        message = self._message(openid, fields)
        if message["MsgType"] != "event":
            self._received(openid, message)
        if self._faults.take("next_pushes_reversed"):
            await self._in_turn()
        doubled = self._faults.take("next_pushes_doubled")
        if asked := message["MsgType"] != "event" or message.get("Event") in ANSWERED:
            self._screens.waiting(openid, on=True)
        try:
            copies = [self.pushes.deliver(message) for _ in range(2 if doubled else 1)]
            delivered = await asyncio.gather(*copies)
        finally:
            if asked:
                self._screens.waiting(openid, on=False)
        self._show(openid, delivered, asked=asked)

    def menu_changed(self) -> None:
        self._screens.tell({"type": "menu", "buttons": self.menu.buttons})

    def _received(self, openid: str, message: Message) -> None:
        """A message of the person's own, unlike an event, opens the 48 hours."""
        follower = self.followers.of(openid)
        if message.get("bizmsgmenuid") is not None:
            self.followers.tapped(follower)
        else:
            self.followers.wrote(follower)
        if (kind := str(message["MsgType"])) != "text":
            self._screens.show(openid, PERSON, kind, OWN.get(kind, texts.OTHER))

    def _message(self, openid: str, fields: dict[str, Any]) -> Message:
        faults = self._faults
        created = int(self._clock.real()) if faults.create_time is None else faults.create_time
        message: Message = {
            "ToUserName": self.pushes.keys.original_id,
            "FromUserName": openid,
            "CreateTime": created,
            "MsgType": "event",
        }
        message |= fields
        if message["MsgType"] == "voice" and faults.empty_recognition:
            message["Recognition"] = ""
        if message["MsgType"] != "event" and not faults.no_msg_id:
            identifier = next(self._message_ids)
            message.setdefault("MsgId", identifier if faults.msg_id is None else faults.msg_id)
        return message

    async def _in_turn(self) -> None:
        """Wait until all that are to be turned round are here; the last goes first."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.append(turn)
        if not self._faults.next_pushes_reversed:
            held, self._held = self._held, []
            for one in reversed(held):
                one.set_result(None)
        await turn

    def _show(self, openid: str, delivered: list[Delivered], *, asked: bool) -> None:
        follower = self.followers.of(openid)
        if not follower.following:
            return
        for outcome in delivered:
            if reply := outcome.reply:
                self._screens.show(openid, SERVICE, reply.kind, reply.text, reply.detail)
                return
        if asked and all(outcome.failed for outcome in delivered):
            self._screens.show(openid, PLATFORM, "fault", texts.SERVICE_FAILED)

    def _event_later(self, openid: str, event: dict[str, Any]) -> None:
        if self.pushes.on:
            seconds = self._rng.uniform(*FINISH_SECONDS)
            self._schedule.after(seconds, lambda: self.push(openid, event))
