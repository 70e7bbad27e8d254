"""Amounts of money that a message singles out (queries.md, Amounts), in fen."""

from __future__ import annotations

import re
from decimal import Decimal

from understanding import numerals
from understanding.meaning import Amount

_N = r"(?P<{0}>\d+(?:\.\d+)?[万千百]?\d*|[零一二两三四五六七八九十百千万]+)(?P<{0}u>万|千|百)?"
_UNIT = r"(?:多)?(?:块钱?|元)?"
_RANGE = re.compile(_N.format("a") + _UNIT + r"(?:到|至|-|~)" + _N.format("b") + _UNIT)
_ABOVE = re.compile(_N.format("a") + _UNIT + r"(?:及)?以上")
_BELOW = re.compile(_N.format("a") + _UNIT + r"(?:及)?以下")
_OVER = re.compile(r"(?:超过|大于|不止|高于|多于)" + _N.format("a"))
_UNDER = re.compile(r"(?:不到|不超过|低于|少于|小于)" + _N.format("a"))
_AROUND = re.compile(_N.format("a") + _UNIT + r"(?:左右|上下)")
_EXACT = re.compile(_N.format("a") + r"(?:块钱?|元)")


def find_amount(text: str) -> Amount | None:
    """The bounds that a text sets; None where it sets none."""
    if found := _RANGE.search(text):
        low, high = _fen(found, "a"), _fen(found, "b")
        # Two numbers without any unit are months or days far oftener than yuan.
        if low and high and low <= high and _is_money(found[0]):
            return Amount(low, high)
    for pattern, bound in ((_ABOVE, "min"), (_BELOW, "max"), (_OVER, "min"), (_UNDER, "max")):
        if (found := pattern.search(text)) and (fen := _fen(found, "a")):
            return Amount(min=fen) if bound == "min" else Amount(max=fen)
    if (found := _AROUND.search(text)) and (fen := _fen(found, "a")):
        return Amount(fen * 9 // 10, fen * 11 // 10)
    if (found := _EXACT.search(text)) and (fen := _fen(found, "a")):
        return Amount(fen, fen)
    return None


def _is_money(text: str) -> bool:
    return any(unit in text for unit in "万千百块元")


def _fen(found: re.Match[str], name: str) -> int | None:
    value = numerals.value(found[name] + (found[f"{name}u"] or ""))
    return int(value * Decimal(100)) if value else None
