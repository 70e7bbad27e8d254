"""Numbered things in one SMS: the page of a list as a registered template."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.turn import Brief
from notifications.answers import numbered as numbered_entry
from notifications.sms_rules import MAX_VALUE_CHARS

Thing = tuple[str, str]
"""What a thing is called, and what of it is never cut: a figure, a state; empty: nothing."""

_TITLE_CHARS = 20  # of the templates
_NAME_CHARS = (MAX_VALUE_CHARS, 16, 12, 9, 6)  # tried in turn, until all things have room


def numbered(title: str, things: Sequence[Thing], start: int = 0) -> Brief:
    """All things with their numbers, in one value or two; long names are cut, figures never."""
    parts: list[str] = []
    for most in _NAME_CHARS:
        entries = [
            numbered_entry(number, f"{name.replace(' ', '')[:most]}{figure}")
            for number, (name, figure) in enumerate(things, start + 1)
        ]
        parts = _packed(entries)
        if len(parts) <= 2:
            break
    if len(parts) == 1:
        return Brief("answer_list", {"title": title[:_TITLE_CHARS], "list": parts[0]})
    first, second = parts[:2]
    return Brief("answer_steps", {"title": title[:_TITLE_CHARS], "first": first, "second": second})


def _packed(entries: Sequence[str]) -> list[str]:
    """The entries in order, in as few values as hold them."""
    parts = [""]
    for entry in entries:
        if parts[-1] and len(parts[-1]) + len(entry) > MAX_VALUE_CHARS:
            parts.append("")
        parts[-1] += entry
    return parts
