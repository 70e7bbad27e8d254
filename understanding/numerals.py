"""Numbers as they are said: 十二, 两百五, 三万二, 6万8, 1.5万, 1,200."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "幺": 1, "两": 2, "俩": 2, "仨": 3}
DIGITS |= {str(i): i for i in range(10)}
DIGITS |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
UNITS |= {"拾": 10, "佰": 100, "仟": 1000}
UNITS |= {"k": 1000, "K": 1000, "w": 10_000, "W": 10_000}

_MAX_LENGTH = 24
_DIGIT = "[" + "".join(DIGITS) + "]"
_PIECE = re.compile(rf"({_DIGIT}+(?:\.{_DIGIT}+)?)?([{''.join(UNITS)}])?")
_NUMBER = re.compile(rf"(?:{_DIGIT}++(?:\.{_DIGIT}++)?|[{''.join(UNITS)}])++")


@lru_cache(maxsize=4096)
def value(written: str) -> Decimal | None:
    """Return the number, or None where it is none. A last digit counts the next lower unit:
    三万二 is 32000, 两百五 is 250, but 三万零二 is 30002.
    """
    written = written.replace(",", "")
    if len(written) > _MAX_LENGTH or not _NUMBER.fullmatch(written):
        return None
    if written[0] in "十百千":
        written = "一" + written
    total = Decimal(0)  # what stands before 万 or 亿
    section = Decimal(0)
    number: Decimal | None = None
    lower = Decimal(1)  # what a bare last digit counts
    for digits, unit in _PIECE.findall(written):
        if digits:
            number = _digits(digits)
        if unit:
            counts = UNITS[unit]
            if counts >= UNITS["万"]:
                total = (total + section + (number or 0)) * counts
                section = Decimal(0)
            elif number is None:
                return None
            else:
                section += number * counts
            number = None
            lower = Decimal(counts) / 10
    if number is not None:
        alone = written[-1] in DIGITS and len(written) > 1 and written[-2] in UNITS
        section += number * lower if alone else number
    return total + section


def _digits(written: str) -> Decimal:
    return Decimal("".join("." if c == "." else str(DIGITS[c]) for c in written))


@lru_cache(maxsize=1024)
def integer(written: str) -> int | None:
    """Return a whole number, or None."""
    number = value(written)
    return int(number) if number is not None and number == number.to_integral_value() else None
