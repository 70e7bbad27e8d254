"""Amounts as accountants type them, in whole fen."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from workbooks.characters import has_full_width, to_half_width
from workbooks.numerals import NUMERAL, read_cardinal, read_digits

YUAN = 100
WAN = 10_000 * YUAN
UNITS = {"元": YUAN, "千元": 1000 * YUAN, "万元": WAN}

# Beyond this an amount is a typing error (or a card number in the wrong column), not a village's.
_MOST_FEN = 10**14
# Floating point leaves dust such as 0.30000000000000004; what is farther off was really rounded.
_DUST = Decimal("0.0001")

_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,2})?")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+|\d+)?"
_NUMBER = re.compile(rf"({_DIGITS})(\.\d*)?")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|¥)+|(?<=.)(?:人民币|RMB|CNY)$", re.IGNORECASE)
_SUFFIX = re.compile(
    r"(?P<unit>亿元?|千万元?|百万元?|十万元?|万元?|千元|百元|元|圆|块钱?)?[整正]?$"
)
_SUFFIX_FACTORS = {
    "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100,
}  # fmt: skip
_SPACED = re.compile(r"(?<=[\d,.])\s+(?=[\d,.])")
_SPACE_GROUPS = re.compile(r"\d{1,3}( \d{3})+(?![\d ])")
_WORDS = re.compile(
    rf"(?P<yuan>[{NUMERAL}]+)?(?P<mark>[元圆块])?零?"
    rf"(?:(?P<jiao>[{NUMERAL}])角)?零?(?:(?P<fen>[{NUMERAL}])分)?[整正]?"
)
_NOTHING = frozenset({"", "-", "--", "---", "/", "\\", "¥-", "-元", "无", "〇", "零"})


class Money(NamedTuple):
    """One amount as read: fen with its sign, and how it was spelt.

    `is_red` holds for a minus or brackets; `flags` are those of `ledger_messy.expected.json`
    (fullwidth, spaces, unit_wan, chinese_numerals, rounded).
    """

    fen: int
    is_red: bool = False
    flags: tuple[str, ...] = ()


def is_nothing(value: object) -> bool:
    """Whether an amount cell is empty or only says so (-, /, 无)."""
    if value is None:
        return True
    if isinstance(value, str) and value[-1:].isdigit():
        return False
    return isinstance(value, str) and to_half_width(value).replace(" ", "").strip() in _NOTHING


def read_money(value: object, unit_fen: int = YUAN) -> Money | None:
    """The amount in a cell, or None when it is not exactly one number.

    `unit_fen` is what 1 stands for in this column (100 for 元, 1,000,000 for 万元); a unit that is
    written in the cell itself wins.
    """
    if isinstance(value, str):
        if unit_fen == YUAN and _PLAIN.fullmatch(value):
            return _plain(value)
        return _read_text(value, unit_fen)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return None
    wan = ("unit_wan",) if unit_fen == WAN else ()
    return _whole_fen(number * unit_fen, is_red=number < 0, flags=wan)


def format_fen(fen: int) -> str:
    """Fen as plain yuan with two decimals: 123650 -> "1236.50", -30000 -> "-300.00"."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def _plain(text: str) -> Money:
    yuan, _, decimals = text.partition(".")
    is_red = yuan.startswith("-")
    fen = int(yuan.lstrip("-")) * 100 + int(decimals.ljust(2, "0"))
    return Money(-fen if is_red else fen, is_red and fen != 0)


def _read_text(value: str, unit_fen: int) -> Money | None:
    text = to_half_width(value).strip().lstrip("'`")
    flags = ["fullwidth"] if has_full_width(value) else []
    is_red, text = _take_sign(text)
    if _SPACED.search(text):
        if not _SPACE_GROUPS.search(text):
            return None
        flags.append("spaces")
    text = re.sub(r"\s+", "", text)
    number, cell_unit = _read_digits(text)
    if number is None:
        number, cell_unit = _read_words(text), YUAN
        if number is None:
            return None
        flags.append("chinese_numerals")
    factor = unit_fen if cell_unit is None else cell_unit
    if factor == WAN:
        flags.append("unit_wan")
    fen = number * factor
    return _whole_fen(-fen if is_red else fen, is_red=is_red, flags=tuple(flags))


def _take_sign(text: str) -> tuple[bool, str]:
    """Takes a minus (before or behind), 负, 红字 or brackets off an amount."""
    bare = _CURRENCY.sub("", text).strip()
    if bare.startswith("(") and bare.endswith(")"):
        return True, _CURRENCY.sub("", bare[1:-1].strip()).strip()
    match = re.match(r"(-|负|红字|\+)\s*", bare)
    if match:
        rest = _CURRENCY.sub("", bare[match.end() :]).strip()
        return match[1] != "+", rest
    if bare.endswith("-") and len(bare) > 1:
        return True, bare[:-1].strip()
    return False, bare


def _read_digits(text: str) -> tuple[Decimal | None, int | None]:
    suffix = _SUFFIX.search(text)
    unit = suffix["unit"] if suffix else None
    body = text[: suffix.start()] if suffix else text
    match = _NUMBER.fullmatch(body)
    if not match or not (match[1] or (match[2] and len(match[2]) > 1)):
        return None, None
    number = Decimal((match[1] or "0").replace(",", "") + (match[2] or "").rstrip("."))
    if unit is None:
        return number, None
    return number, _SUFFIX_FACTORS.get(unit.removesuffix("元"), 1) * YUAN


def _read_words(text: str) -> Decimal | None:
    match = _WORDS.fullmatch(text)
    if not match or not (match["yuan"] or match["jiao"] or match["fen"]):
        return None
    yuan = read_cardinal(match["yuan"]) if match["yuan"] else 0
    if yuan is None:
        return None
    if match["yuan"] and not match["mark"] and (match["jiao"] or match["fen"]):
        return None
    jiao = read_digits(match["jiao"]) if match["jiao"] else 0
    fen = read_digits(match["fen"]) if match["fen"] else 0
    if jiao is None or fen is None:
        return None
    return Decimal(yuan * 100 + jiao * 10 + fen) / 100


def _whole_fen(fen: Decimal, *, is_red: bool, flags: tuple[str, ...]) -> Money | None:
    whole = fen.quantize(Decimal(1), rounding=ROUND_HALF_UP) if abs(fen) < _MOST_FEN else None
    if whole is None:
        return None
    if abs(fen - whole) > _DUST:
        flags = (*flags, "rounded")
    return Money(int(whole), is_red and whole != 0, flags)
