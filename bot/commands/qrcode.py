"""`mingbai qrcode`: a village's code for the wall, by which people follow and are bound at once."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path

import click
import segno
from aiohttp import ClientSession

from bot.commands import store, texts
from bot.config import Config
from bot.errors import Refused
from bot.importing.places import named_village
from handlers.binding import SCENE
from notifications.channels.wechat_account import AccountError, lasting_code
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.settings import WeChatMode
from storage import regions
from storage.regions import Region

_QUIET_ZONE = 4  # modules, as the standard asks for
_ERROR = "q"  # a quarter may be torn off or faded: it hangs outdoors
_WIDTH = {"png": 1200, "svg": 400, "pdf": 283}  # pixels, pixels, points (10 cm)


def run(config: Config, name: str, file: Path, *, force: bool) -> None:
    """Asks the platform for the village's lasting code and draws it; the suffix says how."""
    if config.wechat.mode is WeChatMode.OFF:
        raise Refused(texts.QRCODE_WITHOUT_WECHAT)
    if os.path.lexists(file) and not force:
        raise Refused(texts.QRCODE_EXISTS.format(file=file))
    village, address = asyncio.run(_asked_for(config, name))
    _write(file, drawn(address, file.suffix.lower().removeprefix(".")), force=force)
    click.echo(texts.QRCODE_MADE.format(village=village.name, town=village.town, file=file))


async def _asked_for(config: Config, name: str) -> tuple[Region, str]:
    """The village, and the address that its code holds."""
    async with store.opened(config) as db:
        village = named_village(await regions.villages(db), name)
    async with ClientSession() as http:
        try:
            client = AsyncWeChatClient(http, config.wechat)
            return village, await lasting_code(client, f"{SCENE}{village.code}")
        except AccountError as error:
            raise Refused(texts.QRCODE_REFUSED.format(why=error)) from None


def drawn(address: str, kind: str) -> bytes:
    """The code as png, svg or pdf: black on white, with its quiet zone, big enough to print."""
    code = segno.make_qr(address, error=_ERROR)
    modules, _ = code.symbol_size(border=_QUIET_ZONE)
    out = io.BytesIO()
    scale = -(-_WIDTH[kind] // modules)
    code.save(out, kind=kind, scale=scale, border=_QUIET_ZONE, dark="black", light="white")
    return out.getvalue()


def _write(file: Path, content: bytes, *, force: bool) -> None:
    try:
        with file.open("wb" if force else "xb") as out:
            out.write(content)
    except FileExistsError:
        raise Refused(texts.QRCODE_EXISTS.format(file=file)) from None
    except OSError:
        raise Refused(texts.QRCODE_UNWRITABLE.format(file=file)) from None
