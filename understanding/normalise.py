"""Writing made alike: width, script, dashes, spaces. What a resident meant is not touched here."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

MAX_CHARS = 1024  # more than a WeChat text of 2,048 bytes can hold in Chinese

_DASHES = "‐‑‒–—―─━−－﹘﹣ーｰ"
_TILDES = "〜~～∼"
# Halves of surrogate pairs are no characters: nothing that looks words up can take them.
_HIDDEN = re.compile(
    "[\ud800-\udfff\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f\u20e3]"
)
_CJK = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))

# Pictures and the [微笑] with which WeChat writes them say nothing that a rule could use.
_PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]|\\[[\u4e00-\u9fff]{1,4}\\]")
_CONTROL = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


@cache
def _table() -> dict[int, str]:
    """Map single characters: traditional to simplified, variants of dashes, what is invisible."""
    characters = [chr(code) for block in _CJK for code in block]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    script = {a: b for a, b in zip(characters, simplified, strict=True) if a != b}
    table = {ord(a): script.get(b, b) for a, b in script.items()}
    table.update(_CONTROL)
    table.update({ord(c): "-" for c in _DASHES})
    table.update({ord(c): "~" for c in _TILDES})
    return table


def normalise(text: str) -> str:
    """Return at most MAX_CHARS characters in half width and simplified script, single-spaced.

    Applying it twice changes nothing more.
    """
    text = _HIDDEN.sub("", text[:MAX_CHARS])
    text = unicodedata.normalize("NFKC", text).translate(_table())
    text = _PICTURES.sub(" ", text)
    return " ".join(text.split())[:MAX_CHARS].rstrip()
