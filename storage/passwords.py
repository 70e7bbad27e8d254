"""Passwords as they are kept: argon2id, one computed at a time, off the event loop.

One takes 64 MB and about a tenth of a second; side by side they would take the machine.
"""

from __future__ import annotations

import asyncio
import functools
import unicodedata

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

SHORTEST = 10
LONGEST = 64

_OPS = 3
_BYTES = 64 << 20


class WeakPassword(ValueError):
    """Too short, too long, or one character over and over."""


def check(password: str) -> None:
    """Raises WeakPassword. Length is what counts; nobody is made to add a sign."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 4:
        raise WeakPassword


class Passwords:
    """Hashes and compares; one for a process."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def hash(self, password: str) -> str:
        async with self._one_at_a_time:
            return await asyncio.to_thread(_hash, _plain(password))

    async def matches(self, kept: str, password: str) -> bool:
        """Whether it is the one; takes as long where there is none to compare with."""
        async with self._one_at_a_time:
            right = await asyncio.to_thread(_matches, kept or _nobodys(), _plain(password))
        return right and bool(kept)


def _plain(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode()


def _hash(password: bytes) -> str:
    return argon2id.str(password, opslimit=_OPS, memlimit=_BYTES).decode()


def _matches(kept: str, password: bytes) -> bool:
    try:
        return argon2id.verify(kept.encode(), password)
    except InvalidkeyError:
        return False


@functools.cache
def _nobodys() -> str:
    return _hash(b"nobody's")
