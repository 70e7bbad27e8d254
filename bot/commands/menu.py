"""`mingbai menu`: the buttons below the chat, in the words and the order of the menu by digits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import click
from aiohttp import ClientSession

from bot.commands import store, texts
from bot.config import Config
from bot.errors import Refused
from handlers.dialogue import CONFIRM_KEY, MENU_KEYS
from notifications.channels.wechat_account import (
    SUB_LABEL_BYTES,
    TOP_BUTTONS,
    TOP_LABEL_BYTES,
    AccountError,
    Button,
    put_menu,
)
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.menu import is_whole, labels
from notifications.settings import WeChatMode
from notifications.wordings import Wordings

_BYTES = 3  # of a Chinese character


def push(config: Config, *, dry_run: bool) -> None:
    """Makes the service account's menu, in place of any other, and says what it is now."""
    if config.wechat.mode is WeChatMode.OFF:
        raise Refused(texts.MENU_WITHOUT_WECHAT)
    buttons = asyncio.run(_arranged(config))
    if not dry_run:
        asyncio.run(_put(config, buttons))
    click.echo(texts.MENU_WOULD_BE if dry_run else texts.MENU_IS)
    for button in buttons:
        under = "、".join(one.label for one in button.under)
        line = texts.MENU_OPENS if under else texts.MENU_BUTTON
        click.echo(line.format(label=button.label, under=under))
    click.echo(texts.MENU_NOT_PUSHED if dry_run else texts.MENU_SOON)


async def _arranged(config: Config) -> list[Button]:
    async with store.opened(config) as db:
        wordings = Wordings(db)
        await wordings.refresh(0)
    return arranged(
        wordings.text("menu"), wordings.text("menu_more"), wordings.text("menu_confirm")
    )


async def _put(config: Config, buttons: Sequence[Button]) -> None:
    async with ClientSession() as http:
        try:
            await put_menu(AsyncWeChatClient(http, config.wechat), buttons)
        except AccountError as error:
            raise Refused(texts.MENU_REFUSED.format(why=error)) from None


def arranged(menu: str, more: str, confirm: str) -> list[Button]:
    """The first keys as buttons of their own, the others under `more`, with `confirm` as the last,
    by which a reminder is confirmed; raises Refused.

    `menu` is the menu as people read it, 1 看账 2 办事流程 and so on: each label stands there.
    """
    if not is_whole(menu):
        raise Refused(texts.MENU_UNREADABLE.format(count=len(MENU_KEYS)))
    said = labels(menu)
    buttons = [Button(said[number], key) for number, key in enumerate(MENU_KEYS, 1)]
    top, under = buttons[: TOP_BUTTONS - 1], buttons[TOP_BUTTONS - 1 :]
    _check(top, TOP_LABEL_BYTES, "menu")
    _check(under, SUB_LABEL_BYTES, "menu")
    received = Button(confirm, CONFIRM_KEY)
    _check([received], SUB_LABEL_BYTES, "menu_confirm")
    last = Button(more, under=(*under, received))
    _check([last], TOP_LABEL_BYTES, "menu_more")
    return [*top, last]


def _check(buttons: Sequence[Button], most: int, template: str) -> None:
    for button in buttons:
        if len(button.label.encode()) > most:
            said = {"label": button.label, "most": most // _BYTES, "template": template}
            raise Refused(texts.MENU_LABEL_TOO_LONG.format(**said))
