"""Texts that may be shown: without numbers that identify anybody (domain.md 8)."""

import re
from typing import NamedTuple

from understanding.personal import find_personal

# In 李四13812345678 the name ends in a digit: with and without Chinese digits, both are looked at.
_NO_DIGITS = str.maketrans(dict.fromkeys("零〇一二三四五六七八九幺", "、"))
_HIDDEN = "***"
# Nothing shorter than a phone number identifies anybody, and few texts are worth a second look.
_ENOUGH = re.compile(r"(?:[\d〇零一二三四五六七八九幺①-⑨xX][\s.·_—–－-]{0,2}){11}")


class PublicText(NamedTuple):
    """A text as it may be shown; `flags` say why a person must look at it first.

    personal_number: digits were hidden. private_condition: somebody's illness or poverty stood
    beside a name.
    """

    text: str
    flags: tuple[str, ...] = ()


def hide_numbers(text: str) -> PublicText:
    """Any text without identity numbers, phones and cards."""
    if not _ENOUGH.search(text):
        return PublicText(text)
    hidden = text
    for spelling in (str, _without_chinese_digits):
        for finding in reversed(find_personal(spelling(hidden))):
            hidden = hidden[: finding.start] + _HIDDEN + hidden[finding.end :]
    return PublicText(hidden, ("personal_number",) if hidden != text else ())


def _without_chinese_digits(text: str) -> str:
    """The same text, as long as it was, with only figures for digits."""
    return text.translate(_NO_DIGITS)
