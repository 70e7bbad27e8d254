"""Identity numbers, mobile numbers and card numbers in a text, however they are written.

One notion for all who must keep them in: the import, and the filter at the one place where text
leaves (domain.md, section 8). Digits may be full-width or Chinese, with blanks and dashes between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class PersonalKind(StrEnum):
    IDENTITY = "identity"  # 18 or 15 digits
    MOBILE = "mobile"
    CARD = "card"  # 16 to 19 digits


class Finding(NamedTuple):
    """What was found, as a slice of the text."""

    kind: PersonalKind
    start: int
    end: int


_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_ENOUGH = re.compile(r"(?:[0-9０-９零〇一二三四五六七八九幺①-⑨Xx][ \t\u3000.·_—–－/／-]{0,2}){11}")
_RUN = re.compile(r"[0-9]+[Xx]?(?:[ \t.·_—–/-]{1,2}[0-9]+[Xx]?|[ \t.·_—–/-]{1,2}[Xx])*")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_IDENTITY = re.compile(r"[1-9][0-9]{5}(?:1[89]|2[01])[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx]")
_OLD_IDENTITY = re.compile(r"[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3}")
# How people part the digits of one number; other groups side by side are figures, dates or codes.
_MOBILE_PARTS = ((3, 8), (7, 4), (8, 3))
_OLD_IDENTITY_PARTS = (6, 6, 3)
_SHORTEST, _LONGEST = 11, 19


def find_personal(text: str) -> tuple[Finding, ...]:
    """Every number that belongs to a person, left to right.

    Amounts, voucher numbers, dates, receipt codes and 12-digit region codes are none.
    """
    if len(text) < _SHORTEST or not _ENOUGH.search(text):
        return ()
    # One character for one, so that places stay what they are.
    plain = "".join(_alone(character) for character in text).translate(_SPOKEN)
    return tuple(finding for run in _RUN.finditer(plain) for finding in _in_run(run))


def hide_personal(text: str) -> str:
    """The text with each such number replaced by three asterisks."""
    for finding in reversed(find_personal(text)):
        text = f"{text[: finding.start]}***{text[finding.end :]}"
    return text


def _alone(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _in_run(run: re.Match[str]) -> Iterator[Finding]:
    """Numbers in a run of groups: a whole number may have another, a date or a sum beside it."""
    groups = list(_GROUP.finditer(run.string, run.start(), run.end()))
    at = 0
    while at < len(groups):
        for end in range(_last(groups, at), at, -1):
            if kind := _kind([group[0] for group in groups[at:end]]):
                yield Finding(kind, groups[at].start(), groups[end - 1].end())
                at = end
                break
        else:
            at += 1


def _last(groups: list[re.Match[str]], at: int) -> int:
    digits = 0
    for end in range(at, len(groups)):
        digits += len(groups[end][0])
        if digits > _LONGEST:
            return max(end, at + 1)
    return len(groups)


def _kind(parts: list[str]) -> PersonalKind | None:
    number = "".join(parts)
    digits = number.rstrip("Xx")
    if not digits.isdecimal():
        return None
    if len(parts) == 1:
        return _alone_kind(number, digits)
    sizes = tuple(len(part) for part in parts)
    if _IDENTITY.fullmatch(number):
        return PersonalKind.IDENTITY
    if number != digits:
        return None
    if _MOBILE.fullmatch(number) and (max(sizes) <= 4 or sizes in _MOBILE_PARTS):
        return PersonalKind.MOBILE
    if _OLD_IDENTITY.fullmatch(number) and (sizes == _OLD_IDENTITY_PARTS or max(sizes) == 1):
        return PersonalKind.IDENTITY
    in_fours = set(sizes[:-1]) == {4} and sizes[-1] <= 4
    if 16 <= len(number) <= _LONGEST and (in_fours or max(sizes) == 1):
        return PersonalKind.CARD
    return None


def _alone_kind(number: str, digits: str) -> PersonalKind | None:
    if _MOBILE.fullmatch(digits):
        return PersonalKind.MOBILE
    if len(number) == 18 or len(digits) == 15:
        return PersonalKind.IDENTITY
    return PersonalKind.CARD if 16 <= len(digits) <= _LONGEST else None
