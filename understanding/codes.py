"""Receipt codes and secrets of tips (queries.md: slot code, intent tip_secret)."""

from __future__ import annotations

import re
from typing import NamedTuple

_RECEIPT = re.compile(
    r"(?<![0-9A-Za-z-])(?P<body>[0-9A-Za-z]{4})(?P<mark>[-_ .,。、·]{0,2}|一)"
    r"(?P<check>[0-9]{2})(?![0-9A-Za-z-])"
)
_SECRET = re.compile(r"(?<![0-9])[0-9](?:[ ,.。、-]?[0-9]){15}(?![0-9])")
# A number plate looks like a code without a hyphen.
_PROVINCES = frozenset("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])$")
_DIGITS = re.compile("[0-9]")


class Code(NamedTuple):
    """A receipt code as it is written, and where it stands."""

    start: int
    end: int
    code: str


def find_code(text: str, *, expected: bool) -> Code | None:
    """Find a receipt code, however its hyphen was typed.

    `expected` says that the message speaks of a report: then six digits, too, may be a code.
    """
    for match in _RECEIPT.finditer(text):
        body, mark, check = match["body"].upper(), match["mark"], match["check"]
        if _likely(body, mark, check, expected) and not _is_plate(text, match.start()):
            return Code(match.start(), match.end(), f"{body}-{check}")
    return None


def _likely(body: str, mark: str, check: str, expected: bool) -> bool:
    if body.isdigit():
        if mark in ("-", "_") and not _MONTH.match(body + check):
            return True
        return expected and mark != "一" and not _MONTH.match(body + check)
    if body.isalpha():
        return bool(mark.strip()) or expected or not mark
    return True


def _is_plate(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in _PROVINCES


def find_secret(text: str) -> bool:
    """Whether the text holds 16 digits whose last two are check digits by ISO 7064 MOD 97-10."""
    for match in _SECRET.finditer(text):
        digits = "".join(_DIGITS.findall(match[0]))
        if int(digits) % 97 == 1:
            return True
    return False
