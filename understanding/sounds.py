"""How words sound: homophones, and syllables that Sichuan speech does not keep apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "sounds.txt"
_FIRST = 0xE000  # private use: one character stands for one syllable

# queries.md, Slots, village: n/l, s/sh, z/zh, c/ch, n/ng; f/h before u besides.
_MERGERS = (
    (re.compile("^n"), "l"),
    (re.compile("^([szc])h"), r"\1"),
    (re.compile("^hu(?=$|an|n|i)"), "fu"),
    (re.compile("^fu(?=an|n|i)"), "f"),
    (re.compile("^fi$"), "fei"),
    (re.compile("^fn"), "fen"),
    (re.compile("(?<=[aei])ng$"), "n"),
)


def merged(syllable: str) -> str:
    """Return the syllable as somebody says it who keeps none of those pairs apart."""
    for pattern, replacement in _MERGERS:
        syllable = pattern.sub(replacement, syllable)
    return syllable


def _lines() -> Iterator[tuple[str, str]]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        yield syllable, characters


@cache
def _tables() -> tuple[dict[int, str], dict[int, str]]:
    exact: dict[int, str] = {}
    alike: dict[int, str] = {}
    codes: dict[str, str] = {}
    for number, (syllable, characters) in enumerate(_lines()):
        one = chr(_FIRST + number)
        many = codes.setdefault(merged(syllable), one)
        for character in characters:
            exact[ord(character)] = one
            alike[ord(character)] = many
    return exact, alike


def sound(text: str) -> str:
    """Return one private character for each Chinese one: equal where both are read alike."""
    return text.translate(_tables()[0])


def loose_sound(text: str) -> str:
    """Return the same with the merged syllables taken for one."""
    return text.translate(_tables()[1])
