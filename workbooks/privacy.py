"""Texts that may be shown: without numbers that identify anybody (domain.md 8)."""

import re
from dataclasses import dataclass

from understanding.personal import hide_personal
from workbooks.characters import to_half_width

_QUOTED = 30
# Nothing shorter than a phone number identifies anybody; most texts need no second look.
_MAYBE_NUMBER = re.compile(r"(?:[\d〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺][\s\-—._、]*){10}")


@dataclass(frozen=True, slots=True)
class PublicText:
    """A text as it may be shown; `flags` say why a person must look at it first.

    personal_number: digits were hidden. private_condition: somebody's illness or poverty stood
    beside a name.
    """

    text: str
    flags: tuple[str, ...] = ()


def hide_numbers(text: str) -> PublicText:
    """Any text without identity numbers, phones and cards."""
    if not _MAYBE_NUMBER.search(to_half_width(text)):
        return PublicText(text)
    hidden = hide_personal(text)
    return PublicText(hidden, ("personal_number",) if hidden != text else ())


def quoted(text: str) -> str:
    """What a report may quote of a cell: short, on one line, without such numbers."""
    line = " ".join(hide_numbers(text).text.split())
    return line if len(line) <= _QUOTED else line[:_QUOTED] + "…"
