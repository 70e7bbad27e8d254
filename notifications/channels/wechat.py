"""WeChat as a channel: template messages, subscription notices, customer-service texts."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from notifications.channels.outcome import Outcome
from notifications.channels.wechat_client import (
    ApiRefused,
    AsyncWeChatClient,
    TokenRefused,
)
from notifications.channels.wechat_codes import (
    RULES,
    refused_address,
    send_outcome,
    token_outcome,
)
from notifications.channels.wire import NotSent, Unreadable, Unsure, failed_call

log = logging.getLogger(__name__)

REPEAT_SECONDS: Final = 600
"""So long a repeated `client_msg_id` reaches a person once (wechat.md 2.3)."""


class WeChatChannel:
    """Sends to one person at a time; every answer, and none, becomes an Outcome.

    `clock` is real time: the provider's windows know no business clock.
    """

    def __init__(
        self,
        client: AsyncWeChatClient,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._clock = clock

    async def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        *,
        url: str = "",
        client_msg_id: str,
    ) -> Outcome:
        """A template message, `data` by field name. TAKEN is not arrived: the event
        TEMPLATESENDJOBFINISH with our `reference` tells that.

        Within ten minutes the same openid and `client_msg_id` reach the person once, so that an
        UNKNOWN may be repeated.
        """
        body = {
            "touser": openid,
            "template_id": template_id,
            "data": _values(data),
            "client_msg_id": client_msg_id,
        }
        if url:
            body["url"] = url
        # wechatpy's send_template does not know client_msg_id.
        return await self._send(self._client.post("message/template/send", data=body))

    async def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], *, page: str = ""
    ) -> Outcome:
        """A subscription notice (wechat.md 2.4). Nothing makes it safe to repeat an UNKNOWN; the
        event subscribe_msg_sent_event with our `reference` settles it, if it comes."""
        return await self._send(
            self._client.message.send_subscribe_message(
                openid, template_id, _values(data), page=page or None
            )
        )

    async def send_text(self, openid: str, text: str) -> Outcome:
        """A customer-service text, at most 2048 bytes, in the 48 hours after a message."""
        return await self._send(self._client.message.send_text(openid, text))

    async def send_article(
        self, openid: str, heading: str, text: str, *, url: str, picture: str
    ) -> Outcome:
        """A customer-service article: a picture with a heading and a text, which leads to `url`."""
        article = {"title": heading, "description": text, "url": url, "picurl": picture}
        return await self._send(self._client.message.send_articles(openid, [article]))

    async def _send(self, request: Awaitable[Any]) -> Outcome:
        now = self._clock()
        try:
            answer = await request
        except TokenRefused as refused:
            return token_outcome(refused.code, now, message=refused.message)
        except ApiRefused as refused:
            if refused.code not in RULES:
                log.error("WeChat answered with a code that no table knows: %d", refused.code)
            return send_outcome(refused.code, now, message=refused.message)
        except (NotSent, Unsure, Unreadable) as failure:
            return failed_call(failure)
        if not isinstance(answer, dict) or answer.keys().isdisjoint({"errcode", "msgid"}):
            return failed_call(Unreadable(200))
        return send_outcome(0, now, reference=str(answer.get("msgid", "")))


class ApiState(StrEnum):
    """What a probe of an API found."""

    ANSWERS = "answers"
    NOT_GRANTED = "not_granted"
    ADDRESS_REFUSED = "address_refused"
    CREDENTIALS_REFUSED = "credentials_refused"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ApiProbe:
    """One API of the account, as it answered just now."""

    api: str
    """`token`, `template`, `custom`, `subscribe`, `menu`, `qrcode` or `user`."""
    state: ApiState
    code: int | None = None
    address: str = ""
    """Our own address as the platform sees it, where that is what it refuses."""


_NOT_GRANTED: Final = 48001
_CREDENTIALS: Final = frozenset({40001, 40013, 40125, 41002, 41004, 61024})
_FORBIDDEN: Final = frozenset({45009, 48004, 50002, 43107})
# To nobody: a right that is missing is told before a recipient that is.
_TO_NOBODY: Final = {"touser": "", "template_id": "", "data": {}}


async def probe_apis(client: AsyncWeChatClient) -> list[ApiProbe]:
    """Tries, without reaching anybody, which APIs the account has (for `check`).

    The token comes first; without one the others are not tried.
    """
    token = await _probe("token", client.tokens.get())
    if token.state is not ApiState.ANSWERS:
        return [token]
    return [
        token,
        await _probe("template", client.post("message/template/send", data=_TO_NOBODY)),
        await _probe("custom", client.message.send_text("", "")),
        await _probe("subscribe", client.post("message/subscribe/bizsend", data=_TO_NOBODY)),
        await _probe("menu", client.menu.get()),
        await _probe("qrcode", client.qrcode.create({})),
        await _probe("user", client.user.get_followers()),
    ]


async def _probe(api: str, request: Awaitable[Any]) -> ApiProbe:
    try:
        await request
    except ApiRefused as refused:
        state = _state(refused.code)
        if state is ApiState.ANSWERS:  # it only takes offence at what was asked
            return ApiProbe(api, state)
        return ApiProbe(api, state, refused.code, refused_address(refused.message))
    except (NotSent, Unsure, Unreadable):
        return ApiProbe(api, ApiState.UNREACHABLE)
    return ApiProbe(api, ApiState.ANSWERS)


def _state(code: int) -> ApiState:
    if code == _NOT_GRANTED:
        return ApiState.NOT_GRANTED
    if code == 40164:
        return ApiState.ADDRESS_REFUSED
    if code in _CREDENTIALS:
        return ApiState.CREDENTIALS_REFUSED
    return ApiState.REFUSED if code in _FORBIDDEN or code == -1 else ApiState.ANSWERS


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in data.items()}
