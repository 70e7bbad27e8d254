"""Texts that may be shown: without numbers that identify anybody (domain.md 8)."""

from typing import NamedTuple

from understanding.personal import hide_personal


class PublicText(NamedTuple):
    """A text as it may be shown; `flags` say why a person must look at it first.

    personal_number: digits were hidden. private_condition: somebody's illness or poverty stood
    beside a name.
    """

    text: str
    flags: tuple[str, ...] = ()


def hide_numbers(text: str) -> PublicText:
    """Any text without identity numbers, phones and cards."""
    hidden = hide_personal(text)
    return PublicText(hidden, ("personal_number",) if hidden != text else ())
