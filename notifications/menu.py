"""The menu as words: a digit and a label for each of its keys (contract.md, section 5)."""

from __future__ import annotations

import re
from typing import Final

MENU: Final = "menu"
KEYS: Final = 6
"""So many keys there are, reached by the digits from 1 on."""

_ITEM = re.compile(r"(?<!\d)([1-9])[\s.、:)]*([^\s\d、,。;:.]+)")


def labels(words: str) -> dict[int, str]:
    """Digit to label.

    >>> labels("1 看账 2 办事流程")
    {1: '看账', 2: '办事流程'}
    """
    return {int(number): label for number, label in _ITEM.findall(words)}


def is_whole(words: str) -> bool:
    """Whether each key has a label, and nothing else has."""
    return set(labels(words)) == set(range(1, KEYS + 1))
