"""POST `/sim/...`: what scripts and the page of phones do with the platforms (contract.md 9)."""

import dataclasses
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web

from simulator import texts
from simulator.faults import UnknownKnob
from simulator.keys import KeysError
from simulator.platforms import DemoError, Platforms, phone_number
from simulator.sms.handsets import PROFILES
from simulator.sms.registry import Review, Signature
from simulator.sms.registry import Template as SmsTemplate
from simulator.sms.registry import TemplateRefused as SmsTemplateRefused
from simulator.wechat.templates import Template, TemplateRefused, fields_of

Given = dict[str, Any]


class BadRequest(Exception):
    """What was asked makes no sense; the message goes back."""


class SimApi:
    def __init__(self, platforms: Platforms) -> None:
        self._platforms = platforms

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[Given], Awaitable[object]]] = {
            "say": self.say,
            "scan": self.scan,
            "press": self.press,
            "follow": self.follow,
            "unfollow": self.unfollow,
            "consent": self.consent,
            "push": self.push,
            "person": self.person,
            "clock": self.move_clock,
            "templates": self.approve,
            "faults": self.turn,
            "keys": self.change_keys,
            "signatures": self.change_signature,
        }
        return [web.post(f"/sim/{name}", _posted(does)) for name, does in posts.items()]

    async def say(self, given: Given) -> object:
        """`{"channel", "who", "text"}` -> `{"seen": [text...]}`."""
        who, text = _who(given), _text(given, "text")
        channel = given.get("channel") or ("sms" if phone_number(who) else "wechat")
        if channel not in ("wechat", "sms"):
            raise BadRequest("channel is wechat or sms")
        if (channel == "sms") != (phone_number(who) is not None):
            raise BadRequest("who is a phone number by SMS, an openid on WeChat")
        return await self._seen(given, who, self._platforms.say(who, text))

    async def scan(self, given: Given) -> object:
        """`{"who", "scene"}`; `ticket` (or the picture's address) may stand for the scene."""
        who, wechat = self._on_wechat(given), self._platforms.wechat
        ticket = str(given.get("ticket", ""))
        scene = given.get("scene") or (wechat.qr.scene(ticket) if ticket else None)
        if not isinstance(scene, str) or not scene:
            raise BadRequest("scene is missing, or the ticket is unknown or has expired")
        return await self._seen(given, who, wechat.scan(who, scene, ticket))

    async def press(self, given: Given) -> object:
        """`{"who", "key"}`: a menu key, or the address of a menu's link."""
        who, key = self._on_wechat(given), _text(given, "key")
        return await self._seen(given, who, self._platforms.wechat.press(who, key))

    async def follow(self, given: Given) -> object:
        who = self._on_wechat(given)
        return await self._seen(given, who, self._platforms.wechat.follow(who))

    async def unfollow(self, given: Given) -> object:
        await self._platforms.wechat.unfollow(self._on_wechat(given))
        return {"seen": []}

    async def consent(self, given: Given) -> object:
        """`{"who", "id", "answer": "accept"|"reject"|"withdraw"}` for a subscription notice."""
        who, template, wechat = self._on_wechat(given), _text(given, "id"), self._platforms.wechat
        answer = given.get("answer", "accept")
        if answer == "withdraw":
            await wechat.withdraw(who, template)
        elif answer in ("accept", "reject"):
            await wechat.consent(who, template, accepts=answer == "accept")
        else:
            raise BadRequest("answer is accept, reject or withdraw")
        return {"consents": wechat.followers.of(who).consents.get(template, 0)}

    async def push(self, given: Given) -> object:
        """`{"who", "fields": {"MsgType": ..., ...}}`: any message or event, known or not."""
        who, fields = self._on_wechat(given), given.get("fields")
        if not isinstance(fields, dict) or not fields:
            raise BadRequest("fields must be an object, not empty")
        return await self._seen(given, who, self._platforms.wechat.push(who, fields))

    async def person(self, given: Given) -> object:
        """`following blocks foreign limited refuses wrote` on WeChat, `handset opted_out` by SMS.

        `wrote` opens the window for customer-service messages as a message does, which is not sent.
        """
        who = _who(given)
        if phone := phone_number(who):
            return self._handset(phone, given)
        follower = self._platforms.wechat.followers.of(who)
        for name in ("following", "blocks", "foreign", "limited"):
            if name in given:
                setattr(follower, name, _flag(given, name))
        if "wrote" in given and _flag(given, "wrote"):
            self._platforms.wechat.followers.wrote(follower)
        if "refuses" in given:
            follower.refuses = set(map(str, given["refuses"]))
        return {
            "who": who,
            "following": follower.following,
            "blocks": follower.blocks,
            "foreign": follower.foreign,
            "limited": follower.limited,
            "refuses": sorted(follower.refuses),
        }

    def _handset(self, phone: str, given: Given) -> object:
        handsets = self._platforms.sms.handsets
        if "handset" in given:
            if given["handset"] not in PROFILES:
                raise BadRequest(f"handset is one of {', '.join(PROFILES)}")
            handsets.profiles[phone] = str(given["handset"])
        if "opted_out" in given:
            change = handsets.opted_out.add if _flag(given, "opted_out") else None
            (change or handsets.opted_out.discard)(phone)
        return {
            "who": phone,
            "handset": handsets.profiles.get(phone, "on"),
            "opted_out": phone in handsets.opted_out,
        }

    async def move_clock(self, given: Given) -> object:
        """`{"seconds"}` moves the demo's clock and the platforms' windows."""
        seconds = given.get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise BadRequest("seconds must be a number, not negative")
        try:
            return {"now": await self._platforms.move_clock(seconds)}
        except DemoError as error:
            raise web.HTTPBadGateway(text=_json({"error": f"the demo's clock: {error}"})) from None

    async def approve(self, given: Given) -> object:
        """`{"gateway": "wechat"|"subscribe"|"aliyun", "id", "fields": {name: type}}`.

        For WeChat also `title`, `labels` {field: what the card calls it} and `values` {field: what
        review approved}; for aliyun also `text` (with ${name}) and `type`.
        """
        gateway, identifier = given.get("gateway"), _text(given, "id")
        fields = given.get("fields") or {}
        if not isinstance(fields, dict):
            raise BadRequest("fields must be an object")
        kinds = {str(name): str(kind or "") for name, kind in fields.items()}
        try:
            if gateway == "aliyun":
                self._approve_sms(identifier, kinds, given)
            elif gateway in ("wechat", "subscribe"):
                self._approve_wechat(str(gateway), identifier, kinds, given)
            else:
                raise BadRequest("gateway is wechat, subscribe or aliyun")
        except (TemplateRefused, SmsTemplateRefused) as refused:
            raise BadRequest(str(refused)) from None
        return {"id": identifier}

    def _approve_sms(self, identifier: str, kinds: dict[str, str], given: Given) -> None:
        template = SmsTemplate(
            id=identifier,
            fields={name: kind or "others" for name, kind in kinds.items()},
            text=str(given.get("text") or ""),
            type=str(given.get("type") or "notification"),
            state=_review(given),
            reason=str(given.get("reason") or ""),
        )
        self._platforms.sms.registry.approve(template)

    def _approve_wechat(
        self, gateway: str, identifier: str, kinds: dict[str, str], given: Given
    ) -> None:
        values: dict[str, list[str]] = given.get("values") or {}
        template = Template(
            id=identifier,
            title=str(given.get("title") or texts.CARD_TITLE),
            fields=fields_of(kinds),
            labels={str(k): str(v) for k, v in (given.get("labels") or {}).items()},
            approved={field: tuple(map(str, listed)) for field, listed in values.items()},
        )
        sending = self._platforms.wechat.sending
        (sending.templates if gateway == "wechat" else sending.notices).approve(template)

    async def turn(self, given: Given) -> object:
        """Knobs by name (simulator/faults.py); `{"reset": true}` turns all of them back."""
        try:
            self._platforms.faults.turn(given)
        except UnknownKnob as unknown:
            raise BadRequest(str(unknown)) from None
        return self._platforms.faults.state()

    async def change_keys(self, given: Given) -> object:
        """New `token`, `encoding_aes_key` or `mode`, as if entered in the console."""
        pushes = self._platforms.wechat.pushes
        wanted = {name: _text(given, name) for name in given}
        try:
            keys = dataclasses.replace(pushes.keys, **wanted)
            dataclasses.replace(self._platforms.keys, wechat=keys)  # checks them
        except TypeError:
            raise BadRequest("token, encoding_aes_key and mode can be changed") from None
        except KeysError as wrong:
            raise BadRequest(str(wrong)) from None
        pushes.rotate(keys)
        return {"accepted": await pushes.handshake()}

    async def change_signature(self, given: Given) -> object:
        """An SMS signature by `name`: `approved`, and `filed` with the carriers."""
        signatures, name = self._platforms.sms.registry.signatures, _text(given, "name")
        signature = signatures.setdefault(name, Signature(name=name))
        for state in ("approved", "filed"):
            if state in given:
                setattr(signature, state, _flag(given, state))
        return {"name": name, "approved": signature.approved, "filed": signature.filed}

    async def _seen(self, given: Given, who: str, does: Coroutine[Any, Any, None]) -> object:
        """Do it, and tell what reached the person since; with `"wait": false`, at once."""
        platforms = self._platforms
        phone = phone_number(who)
        if not (platforms.sms.callbacks.on if phone else platforms.wechat.pushes.on):
            does.close()
            raise BadRequest("there is no service to push to: start with --push")
        who = phone or who
        mark = platforms.screens.mark()
        platforms.schedule.start(does)
        if given.get("wait") is False:
            return {"seen": []}
        seen = await platforms.screens.texts_since(
            who,
            mark,
            patience=platforms.timing.say_patience,
            settles=platforms.timing.say_settles,
        )
        return {"seen": seen}

    def _on_wechat(self, given: Given) -> str:
        who = _who(given)
        if phone_number(who):
            raise BadRequest("who must be an openid")
        return who


def _posted(does: Callable[[Given], Awaitable[object]]) -> Any:
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            given = json.loads(await request.read() or b"{}")
            if not isinstance(given, dict):
                raise BadRequest("expected a JSON object")
            return web.json_response(await does(given), dumps=_json)
        except ValueError:
            return web.json_response({"error": "expected JSON"}, status=400)
        except BadRequest as bad:
            return web.json_response({"error": str(bad)}, status=400)

    return handler


def _who(given: Given) -> str:
    return _text(given, "who").strip()


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} must be text, not empty")
    return value


def _review(given: Given) -> Review:
    try:
        return Review[str(given.get("state") or "approved").upper()]
    except KeyError:
        raise BadRequest("state is approved, pending or refused") from None


def _flag(given: Given, name: str) -> bool:
    if not isinstance(given[name], bool):
        raise BadRequest(f"{name} must be true or false")
    return given[name] is True


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
