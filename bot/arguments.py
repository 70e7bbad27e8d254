"""What stands on the command line, read into values; wrong usage is said in Chinese and exits 2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import texts
from bot.usage import converted, one_of
from storage.clock import read_moment

Decorated = TypeVar("Decorated")

CONFIG_VARIABLE = "MINGBAI_CONFIG"
MOST_PREVIEWS = 100
DEFAULT_CONFIG = Path("config.toml")

moment = converted(read_moment, texts.NOT_A_TIME)
day = converted(date.fromisoformat, texts.NOT_A_DATE)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a file as its program numbers it, from 1; `sheet` None where the file has one."""

    sheet: str | None
    row: int


def _port(text: str) -> int:
    if not 1 <= (number := int(text)) <= 65535:
        raise ValueError
    return number


def _count(text: str) -> int:
    if not 1 <= (number := int(text)) <= MOST_PREVIEWS:
        raise ValueError
    return number


def _version(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError
    return name.strip(), value


def _rows(text: str) -> tuple[SheetRow, ...]:
    return tuple(_row(item.strip()) for item in re.split("[,，]", text))


def _row(item: str) -> SheetRow:
    sheet, mark, row = item.rpartition("!")
    if not row.isascii() or not row.isdigit() or int(row) < 1 or (mark and not sheet):
        raise ValueError
    return SheetRow(sheet if mark else None, int(row))


def _picture(text: str) -> Path:
    file = Path(text)
    if file.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise ValueError
    return file


version = converted(_version, texts.NOT_A_VERSION)
count = converted(_count, texts.NOT_A_COUNT)
port = converted(_port, texts.NOT_A_PORT)
pair = converted(_pair, texts.NOT_A_PAIR)
rows = converted(_rows, texts.NOT_ROWS)
picture = converted(_picture, texts.NOT_A_PICTURE)


def config_option(function: Decorated) -> Decorated:
    """`--config FILE`, which every command takes."""
    option: Any = click.option(
        "--config",
        metavar="FILE",
        type=Path,
        envvar=CONFIG_VARIABLE,
        default=DEFAULT_CONFIG,
        help=texts.CONFIG_OPTION,
    )
    decorated: Decorated = option(function)
    return decorated


def now_option(function: Decorated) -> Decorated:
    """`--now TIME`, where the business clock starts."""
    option: Any = click.option("--now", metavar="TIME", type=moment, help=texts.NOW_OPTION)
    decorated: Decorated = option(function)
    return decorated


def json_option(function: Decorated) -> Decorated:
    """`--json`: the result exact and alone on stdout."""
    option: Any = click.option("--json", "as_json", is_flag=True, help=texts.JSON_OPTION)
    decorated: Decorated = option(function)
    return decorated


channel = one_of("wechat", "sms")
gateway = one_of("wechat", "subscribe", "aliyun", "http")
lane = one_of("urgent", "normal", "bulk")
reminder_form = one_of("text", "call")
process_role = one_of("all", "web", "worker", "scheduler")
misfire = one_of("latest", "all", "skip")
_RECORDS = ("documents", "subsidies", "assets", "projects", "decisions", "rules", "contacts")
kind = one_of("villages", "people", "ledger", "holidays", "education", "power-items", *_RECORDS)


def unique(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The pairs in their order; a name given twice is wrong usage."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            message = texts.GIVEN_TWICE.format(name=name)
            raise click.UsageError(message, click.get_current_context())
    return dict(pairs)
