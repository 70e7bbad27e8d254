"""What changed between two wordings, piece by piece: pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_SHORTEST = 2
"""Fewer equal characters between two changes are read as part of one change."""


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    change: Change
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces of both in order: what both have, what only the older, what only the newer has.

    >>> difference("收到请回9。", "收到请回复9。")
    [Piece(change=<Change.SAME: 'same'>, text='收到请回'), Piece(change=<Change.NEW: 'new'>, text='复'), Piece(change=<Change.SAME: 'same'>, text='9。')]
    """  # noqa: E501
    return list(_pieces(before, after))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    gone, new = "", ""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for at, (kind, start, end, from_, to) in enumerate(blocks):
        is_last = at == len(blocks) - 1
        if kind == "equal" and (end - start >= _SHORTEST or not (gone or new) or is_last):
            yield from _changed(gone, new)
            gone, new = "", ""
            yield Piece(Change.SAME, before[start:end])
            continue
        gone += before[start:end]
        new += after[from_:to]
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece(Change.GONE, gone)
    if new:
        yield Piece(Change.NEW, new)
