"""The menu at the bottom of the chat (wechat.md 2.5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator import texts
from simulator.wechat.errors import ApiError

TOP, SUB = 3, 5
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
KEYED = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)

Button = dict[str, Any]


class Menu:
    """What the service has set; until then the phones show one of their own."""

    def __init__(self) -> None:
        self.created: list[Button] | None = None

    @property
    def buttons(self) -> list[Button]:
        return texts.MENU if self.created is None else self.created

    def create(self, call: Mapping[str, Any]) -> None:
        buttons = call.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= TOP:
            raise ApiError(40016)
        for button in buttons:
            _check(button, NAME_BYTES, 40018)
            subs = button.get("sub_button") or []
            if not isinstance(subs, list) or len(subs) > SUB:
                raise ApiError(40023)
            for sub in subs:
                _check(sub, SUB_NAME_BYTES, 40018)
                _check_action(sub)
            if not subs:
                _check_action(button)
        self.created = buttons

    def delete(self) -> None:
        self.created = None

    def find(self, key: str) -> Button | None:
        """The button with this key or address."""
        return next((b for b in self._leaves() if key in (b.get("key"), b.get("url"))), None)

    def _leaves(self) -> Iterator[Button]:
        for button in self.buttons:
            yield from button.get("sub_button") or [button]


def _check(button: object, name_bytes: int, code: int) -> None:
    if not isinstance(button, Mapping):
        raise ApiError(40017)
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= name_bytes:
        raise ApiError(code)


def _check_action(button: Mapping[str, Any]) -> None:
    kind = button.get("type")
    if kind in KEYED:
        key = button.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= KEY_BYTES:
            raise ApiError(40019)
    elif kind in ("view", "miniprogram"):
        url = button.get("url")
        if not isinstance(url, str) or not 1 <= len(url.encode()) <= URL_BYTES:
            raise ApiError(40020)
    else:
        raise ApiError(40017)
