"""What the service account itself has: the menu below the chat, and QR codes (wechat.md 2.5)."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from notifications.channels import texts
from notifications.channels.outcome import Outcome
from notifications.channels.wechat_client import (
    OFFICIAL_BASE,
    ApiRefused,
    AsyncWeChatClient,
    TokenRefused,
)
from notifications.channels.wechat_codes import send_outcome, token_outcome
from notifications.channels.wire import NotSent, Unreadable, Unsure, failed_call

TOP_BUTTONS: Final = 3
TOP_LABEL_BYTES: Final = 16
SUB_LABEL_BYTES: Final = 60


class AccountError(Exception):
    """The platform did not do it: the message says why and what to do, in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the menu: it sends us its key, or opens the buttons under it."""

    label: str
    key: str = ""
    under: tuple["Button", ...] = ()

    def as_json(self) -> dict[str, Any]:
        if self.under:
            return {"name": self.label, "sub_button": [button.as_json() for button in self.under]}
        return {"type": "click", "name": self.label, "key": self.key}


async def put_menu(client: AsyncWeChatClient, buttons: Sequence[Button]) -> None:
    """Makes these buttons the account's menu, in place of any other; raises AccountError."""
    await _done(client.menu.create({"button": [button.as_json() for button in buttons]}))


async def lasting_code(client: AsyncWeChatClient, scene: str) -> str:
    """The address that a QR code of this scene holds, for good; raises AccountError.

    `scene` has 1 to 64 characters. An account has 100,000 such codes at most.
    """
    answer = await _done(
        client.qrcode.create(
            {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        )
    )
    url = answer.get("url") if isinstance(answer, dict) else None
    if not isinstance(url, str) or not url:
        raise AccountError(_sentence(failed_call(Unreadable(200))))
    return url


async def template_ids(client: AsyncWeChatClient, gateway: str) -> frozenset[str]:
    """The ids of what the account may send by template message (wechat) or by subscription notice
    (subscribe); raises AccountError."""
    path, base, key, name = _LISTS[gateway]
    answer = await _done(client.get(path, **({"api_base_url": base} if base else {})))
    listed = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise AccountError(_sentence(failed_call(Unreadable(200))))
    return frozenset(str(one.get(name)) for one in listed if isinstance(one, dict))


_LISTS: Final = {
    "wechat": ("template/get_all_private_template", "", "template_list", "template_id"),
    "subscribe": ("wxaapi/newtmpl/gettemplate", f"{OFFICIAL_BASE}/", "data", "priTmplId"),
}


async def _done(request: Awaitable[Any]) -> Any:
    now = datetime.now(UTC)
    try:
        return await request
    except TokenRefused as refused:
        outcome = token_outcome(refused.code, now, message=refused.message)
    except ApiRefused as refused:
        outcome = send_outcome(refused.code, now, message=refused.message)
    except (NotSent, Unsure, Unreadable) as failure:
        outcome = failed_call(failure)
    raise AccountError(_sentence(outcome))


def _sentence(outcome: Outcome) -> str:
    return texts.WECHAT_SAID.format(detail=outcome.detail, code=outcome.code)
