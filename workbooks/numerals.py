"""Numbers written in Chinese, everyday (二十五) and bank style (贰拾伍)."""

import re

_DIGITS = {
    character: value
    for value, characters in enumerate(
        (
            "〇零○Ｏ",
            "一壹弌",
            "二贰貳两兩",
            "三叁參叄",
            "四肆",
            "五伍",
            "六陆陸",
            "七柒",
            "八捌",
            "九玖",
        )
    )
    for character in characters
}
_UNITS = {
    "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000,
}  # fmt: skip
_GROUPS = (("亿億", 10**8), ("万萬", 10**4))
_TENS = {"廿": "二十", "卅": "三十"}

NUMERAL = "".join(_DIGITS) + "".join(_UNITS) + "亿億万萬廿卅"
_POSITIONAL = re.compile(f"[{''.join(_DIGITS)}]+")


def read_digits(text: str) -> int | None:
    """Digit by digit, as years are written: 二〇二六 -> 2026."""
    if not _POSITIONAL.fullmatch(text):
        return None
    return int("".join(str(_DIGITS[character]) for character in text))


def read_cardinal(text: str) -> int | None:
    """A counted number: 二十五 -> 25, 壹万贰仟 -> 12000.

    What leaves its last unit out (一千二 for 1200, 一万二 for 12000) is None: an account must not
    guess between 1200 and 1002.
    """
    for short, long in _TENS.items():
        text = text.replace(short, long)
    for characters, factor in _GROUPS:
        parts = re.split(f"[{characters}]", text)
        if len(parts) > 2:
            return None
        if len(parts) == 2:
            return _read_group(parts[0], parts[1], factor)
    return _read_below_ten_thousand(text)


def _read_group(high: str, low: str, factor: int) -> int | None:
    above = read_cardinal(high)
    if not above:
        return None
    if not low:
        return above * factor
    below = read_cardinal(low)
    is_complete = len(low) > 1
    if below is None or below >= factor or not is_complete:
        return None
    return above * factor + below


def _read_below_ten_thousand(text: str) -> int | None:
    total, last_unit = 0, 10**4
    digit: int | None = None
    after_zero = False
    for position, character in enumerate(text):
        if character in _UNITS:
            unit = _UNITS[character]
            if digit is None and not (unit == 10 and position == 0):
                return None
            if unit >= last_unit or digit == 0:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last_unit, after_zero = None, unit, False
        elif character in _DIGITS:
            if digit is not None and digit != 0:
                return None
            after_zero = after_zero or digit == 0 or _DIGITS[character] == 0
            digit = _DIGITS[character]
        else:
            return None
    if digit is None:
        return total if text else None
    if digit and last_unit not in (10, 10**4) and not after_zero:
        return None
    return total + digit
