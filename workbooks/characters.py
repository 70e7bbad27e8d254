"""One spelling for what is typed in many: full width, spaces, look-alike signs."""

import re
from functools import lru_cache

# U+FF01-U+FF5E are the full-width twins of ASCII; U+3000 is the full-width space.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE5: "¥",
    0xA0: " ",
    0x2212: "-",
    0x2013: "-",
    0x2014: "-",
    0x200B: None,
    0xFEFF: None,
}
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_SPACES = re.compile(r"\s+")


def to_half_width(text: str) -> str:
    """Full-width letters, digits and punctuation as their ASCII twins; any dash as a minus."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def has_full_width(text: str) -> bool:
    """Whether a digit, letter or punctuation mark is typed in full width (a ￥ does not count)."""
    return not text.isascii() and _FULL_WIDTH.search(text) is not None


def one_line(text: str) -> str:
    """The text with any run of white space as one blank."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Half width and without any white space: the form in which labels are compared."""
    return _SPACES.sub("", to_half_width(text))
