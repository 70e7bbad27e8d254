"""Shortening a text without making it say something else.

Whatever is too long for a channel ends at a sentence, else at a clause. Never is a figure cut in
two (56,805.63元 must not become 56,80), nor a date's number, a word, an address or a link.
"""

import re
import unicodedata
from typing import Final

_SENTENCE_END = re.compile(r"[。！？；!?;\n]+[”’」』）)]*")
_CLAUSE_END = re.compile(r"[，、：]|[,:](?!\d)|[ \t\u3000]+")
_LOOSE_ENDS: Final = "，、：,: \t\u3000"
# What loses or changes its meaning when only its beginning is left; bounded, so that a run of
# hundreds of letters, which is nothing of the kind, can be cut.
_UNIT = re.compile(
    r"""
    <a\b[^>]{0,500}>.{0,200}?</a>                 # a link in a WeChat text
    | [(（][^()（）\n]{1,16}[)）]                  # what stands in brackets
    | \d{1,4}[年月](?:\d{1,2}[月日号]){0,2}          # a date
    | [A-Za-z0-9０-９][A-Za-z0-9０-９.,:/?\#&=%~+@_\-．，]{0,63}(?:\s?[元块万亿%％]{1,3})?
    | [〇零一二三四五六七八九十百千万亿两点]{1,24}[元块角分]{0,2}
    """,
    re.VERBOSE | re.DOTALL,
)


def cut(text: str, *, max_chars: int, max_bytes: int | None = None, tail: str = "") -> str:
    """The text as it is where it fits, else its beginning and `tail`, together within the limits.

    `max_bytes` counts UTF-8. Raises ValueError where not even the tail fits.
    """
    if len(text) <= max_chars and (max_bytes is None or _size(text) <= max_bytes):
        return text
    room = max_chars - len(tail)
    byte_room = None if max_bytes is None else max_bytes - _size(tail)
    if room < 0 or (byte_room is not None and byte_room < 0):
        raise ValueError("the tail alone is too long")
    end = room if byte_room is None else min(room, _chars_within(text, byte_room))
    return text[: _good_end(text, end)].rstrip() + tail


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _chars_within(text: str, max_bytes: int) -> int:
    return len(text.encode("utf-8", "surrogatepass")[:max_bytes].decode("utf-8", "ignore"))


def _good_end(text: str, end: int) -> int:
    """The best place to stop at or before `end`: one that keeps at least half of what would fit."""
    head = text[:end]
    units = [found.span() for found in _UNIT.finditer(text)]
    for pattern, loose in ((_SENTENCE_END, ""), (_CLAUSE_END, _LOOSE_ENDS)):
        for found in reversed(list(pattern.finditer(head))):
            place = _before_unit(units, found.end())
            if place == found.end() and place >= end // 2:
                kept = len(text[:place].rstrip(loose)) if loose else place
                if kept:
                    return kept
    return _between_characters(text, _before_unit(units, end))


def _before_unit(units: list[tuple[int, int]], place: int) -> int:
    return next((start for start, stop in units if start < place < stop), place)


def _between_characters(text: str, place: int) -> int:
    """Steps back from between a character and what modifies it."""
    while 0 < place < len(text) and _joins(text[place - 1], text[place]):
        place -= 1
    return place


def _joins(before: str, after: str) -> bool:
    return (
        before == "\u200d"
        or after in "\u200d\ufe0e\ufe0f"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or unicodedata.combining(after) != 0
    )
