"""What a value in the config may look like: each function takes what was found, returns it typed.

What was found is any TOML value, or text from the environment. Anything else than expected raises
ValueError; the caller knows section and key and says what is wrong with them.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from notifications.settings import TimeWindow

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Word = TypeVar("Word", bound=StrEnum)

_BEYOND_SENSE = 1e9


def text(found: object) -> str:
    """A line of text without blanks at its ends."""
    if not isinstance(found, str) or not found.isprintable():
        raise ValueError
    return found.strip()


def matching(pattern: str) -> Callable[[object], str]:
    """Text that fits the pattern as a whole."""
    compiled = re.compile(pattern)

    def convert(found: object) -> str:
        if not isinstance(found, str) or not compiled.fullmatch(found):
            raise ValueError
        return found

    return convert


def containing(*parts: str) -> Callable[[object], str]:
    """Text, of several lines perhaps, in which each of the parts stands."""

    def convert(found: object) -> str:
        if not isinstance(found, str) or not all(part in found for part in parts):
            raise ValueError
        return found

    return convert


def scalar(found: object) -> str:
    """Text, or a number or truth value as JSON writes it."""
    if isinstance(found, str):
        return found
    if isinstance(found, bool | int | float):
        return json.dumps(found)
    raise ValueError


def integer(low: int, high: int) -> Callable[[object], int]:
    def convert(found: object) -> int:
        number = int(found) if isinstance(found, str) else found
        if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
            raise ValueError
        return number

    return convert


def above_zero(found: object) -> float:
    """A number greater than zero, and not beyond all sense."""
    number = float(found) if isinstance(found, str) else found
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise ValueError
    if not 0 < number < _BEYOND_SENSE:
        raise ValueError
    return number


def one_of(words: type[Word]) -> Callable[[object], Word]:
    def convert(found: object) -> Word:
        return words(text(found))

    return convert


def url(*schemes: str) -> Callable[[object], str]:
    """An address with a host and one of the schemes."""

    def convert(found: object) -> str:
        address = text(found)
        parts = urlsplit(address)
        if parts.scheme not in schemes or not parts.hostname or re.search(r"\s", address):
            raise ValueError
        _ = parts.port  # raises ValueError for what is not a port
        return address

    return convert


def base_url(found: object) -> str:
    """An address below which paths hang: no query, no user; a slash at its end falls away."""
    address = url("http", "https")(found)
    parts = urlsplit(address)
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError
    return address.rstrip("/")


def origin(found: object) -> str:
    """Nothing but scheme, host and port: what is printed on walls hangs below the root."""
    address = base_url(found)
    if urlsplit(address).path:
        raise ValueError
    return address


def path(folder: Path) -> Callable[[object], Path]:
    """A path, absolute or relative to this folder."""

    def convert(found: object) -> Path:
        return folder / text(found)

    return convert


def database_url(folder: Path) -> Callable[[object], str]:
    """`sqlite://FILE`, made absolute, or `postgres://...` with a database's name."""

    def convert(found: object) -> str:
        address = text(found)
        scheme, _, rest = address.partition("://")
        if scheme == "sqlite":
            if not rest or rest.startswith(":") or rest.endswith("/"):
                raise ValueError
            return f"sqlite://{folder / rest}"
        server = url("postgres", "postgresql")(address)
        if not urlsplit(server).path.strip("/"):
            raise ValueError
        return server

    return convert


def window(found: object) -> TimeWindow:
    return TimeWindow.parse(text(found))


def zone(found: object) -> ZoneInfo:
    try:
        return ZoneInfo(text(found))
    except (OSError, LookupError) as unknown:
        raise ValueError from unknown


def networks(found: object) -> tuple[Network, ...]:
    """Addresses or networks: a list, or text with commas."""
    items = found.split(",") if isinstance(found, str) else found
    if not isinstance(items, list):
        raise ValueError
    return tuple(ipaddress.ip_network(text(item)) for item in items)


def table(names: str) -> Callable[[object], Mapping[str, str]]:
    """Names that fit the pattern, each with a text; from the environment as a JSON object."""
    fits = re.compile(names).fullmatch

    def convert(found: object) -> Mapping[str, str]:
        pairs = json.loads(found) if isinstance(found, str) else found
        if not isinstance(pairs, dict) or not all(fits(name) for name in pairs):
            raise ValueError
        return MappingProxyType({name: text(content) for name, content in pairs.items()})

    return convert
