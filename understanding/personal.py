"""Identity numbers, mobile numbers and card numbers in a text, however they are written.

One notion for all who must keep them in: the import, and the filter at the one place where text
leaves (domain.md, section 8). Digits may be full-width or Chinese, with blanks and dashes between.
"""

from __future__ import annotations

import re
import unicodedata
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
_ENOUGH = re.compile(r"(?:[0-9０-９零〇一二三四五六七八九幺①-⑨Xx][ \t\u3000.·_—–－-]{0,2}){11}")
_RUN = re.compile(r"[0-9](?:[ \t.·_—–-]{0,2}[0-9]){9,22}(?:[ \t_—–-]{0,2}[Xx])?")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_IDENTITY = re.compile(r"[1-9][0-9]{5}(?:1[89]|2[01])[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx]")
_OLD_IDENTITY = re.compile(r"[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3}")
_SEPARATOR = re.compile(r"[ \t.·_—–-]")
_DATED = re.compile(r"(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}")


def find_personal(text: str) -> tuple[Finding, ...]:
    """Every number that belongs to a person, left to right.

    Amounts, voucher numbers, dates, receipt codes and 12-digit region codes are none.
    """
    if not _ENOUGH.search(text):
        return ()
    # One character for one, so that places stay what they are.
    plain = "".join(_alone(character) for character in text).translate(_SPOKEN)
    found = (_judge(match) for match in _RUN.finditer(plain))
    return tuple(finding for finding in found if finding)


def hide_personal(text: str) -> str:
    """The text with each such number replaced by three asterisks."""
    for finding in reversed(find_personal(text)):
        text = f"{text[: finding.start]}***{text[finding.end :]}"
    return text


def _alone(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _judge(match: re.Match[str]) -> Finding | None:
    written = match[0]
    digits = _SEPARATOR.sub("", written)
    if _DATED.match(written) and len(digits) <= 14:  # a date and what follows it
        return None
    kind = _kind(digits)
    return Finding(kind, match.start(), match.end()) if kind else None


def _kind(digits: str) -> PersonalKind | None:
    if _MOBILE.fullmatch(digits):
        return PersonalKind.MOBILE
    if _IDENTITY.fullmatch(digits) or _OLD_IDENTITY.fullmatch(digits):
        return PersonalKind.IDENTITY
    if digits[-1] in "Xx":
        return PersonalKind.IDENTITY if len(digits) == 18 else None
    if len(digits) in (15, 18):
        return PersonalKind.IDENTITY
    return PersonalKind.CARD if 16 <= len(digits) <= 19 else None
