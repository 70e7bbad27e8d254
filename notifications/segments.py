"""How long a text by SMS is, and as how many it is billed (sms.md 1.6)."""

from typing import Final

MAX_CHARS: Final = 500
"""Of signature and text together; longer ones are refused."""
SINGLE_CHARS: Final = 70
PART_CHARS: Final = 67


def length(text: str, sign_name: str = "") -> int:
    """Characters of 【signature】 and text, Latin and Han alike.

    A character beyond U+FFFF counts as the two units that the handset gets: rather a segment too
    many foreseen than one too few.
    """
    whole = signed(text, sign_name)
    return len(whole) + sum(char > "\uffff" for char in whole)


def segments(text: str, sign_name: str = "") -> int:
    """How many texts are billed; the handset shows one. 0 for nothing at all."""
    chars = length(text, sign_name)
    return 1 if 0 < chars <= SINGLE_CHARS else -(-chars // PART_CHARS)


def signed(text: str, sign_name: str) -> str:
    """The text as the phone shows it."""
    return f"【{sign_name}】{text}" if sign_name else text
