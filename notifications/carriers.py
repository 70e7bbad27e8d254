"""Carriers: what each gateway does with a message, the same for whoever works the outbox off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from aiohttp import ClientSession

from notifications.channels.aliyun import AliyunGateway
from notifications.channels.http_gateway import HttpGateway
from notifications.channels.outcome import Outcome
from notifications.channels.wechat import WeChatChannel
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.messages import Message
from notifications.settings import SmsGateway, SmsSettings, WeChatMode, WeChatSettings

TIMEOUT_SECONDS = 5.0


class Carrier(Protocol):
    """Carries messages of one channel. What it raises counts as an unknown outcome."""

    channel: str

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        """Hands over one message; `attempt_id` travels along."""
        ...

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        """What became of a text; None: the provider has none such. Raises LookUpFailed."""
        ...


class NoLookUp(Exception):
    """This gateway cannot be asked what became of a message."""


class WeChatCarrier:
    """Template messages, subscription notices and customer-service texts."""

    channel = "wechat"

    def __init__(self, wechat: WeChatChannel) -> None:
        self._wechat = wechat

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        if message.picture:
            return await self._wechat.send_article(
                address, message.heading, message.text, url=message.url, picture=message.picture
            )
        if message.gateway == "custom":
            return await self._wechat.send_text(address, message.text)
        if message.gateway == "subscribe":
            return await self._wechat.send_subscription(
                address, message.external_id, message.values, page=message.url
            )
        return await self._wechat.send_template(
            address,
            message.external_id,
            message.values,
            url=message.url,
            client_msg_id=attempt_id,
        )

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        raise NoLookUp


class AliyunCarrier:
    """Registered SMS templates; the provider can be asked by our OutId."""

    channel = "sms"

    def __init__(self, gateway: AliyunGateway) -> None:
        self._gateway = gateway

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        return await self._gateway.send(
            address, message.external_id, message.values, out_id=attempt_id
        )

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        return await self._gateway.settle(address, attempt_id, sent_at)


class HttpCarrier:
    """Free text over a government port; nobody can ask it anything."""

    channel = "sms"

    def __init__(self, gateway: HttpGateway) -> None:
        self._gateway = gateway

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        return await self._gateway.send(address, message.text, out_id=attempt_id)

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        raise NoLookUp


def open_carriers(
    http: ClientSession,
    wechat: WeChatSettings,
    sms: SmsSettings,
    *,
    client: AsyncWeChatClient | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Mapping[str, Carrier]:
    """What the config switches on, by channel, over one session.

    `client` may be shared with whoever else calls WeChat's APIs: it holds the token. The session's
    connector must not limit connections: lanes are kept apart by permits, not by who got a
    connection first.
    """
    carriers: dict[str, Carrier] = {}
    if wechat.mode is not WeChatMode.OFF:
        client = client or AsyncWeChatClient(http, wechat, timeout_seconds=timeout_seconds)
        carriers["wechat"] = WeChatCarrier(WeChatChannel(client))
    if sms.gateway is SmsGateway.ALIYUN:
        gateway = AliyunGateway(http, sms, timeout_seconds=timeout_seconds)
        carriers["sms"] = AliyunCarrier(gateway)
    elif sms.gateway is SmsGateway.HTTP and sms.http:
        port = HttpGateway(http, sms.http, timeout_seconds=timeout_seconds)
        carriers["sms"] = HttpCarrier(port)
    return carriers
