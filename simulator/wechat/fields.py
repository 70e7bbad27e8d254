"""What a template's typed field takes (wechat.md 2.3)."""

import re
from collections.abc import Callable

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_MONTH_DAY = r"(0?[1-9]|1[0-2]){0}(0?[1-9]|[12]\d|3[01])"
_DATE = (
    r"(\d{4}年" + _MONTH_DAY.format("月") + "日"
    r"|\d{4}-" + _MONTH_DAY.format("-")
    + r"|\d{4}/" + _MONTH_DAY.format("/")
    + r"|\d{4}\." + _MONTH_DAY.format(r"\.") + ")"
)  # fmt: skip
_TIME = rf"({_DATE} ?)?{_CLOCK}"
_DAY = rf"{_DATE}( ?{_CLOCK})?"


def _pattern(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _amount(value: str) -> bool:
    if not re.fullmatch(r"[¥￥$€£]?\d+(\.\d+)?元?", value):
        return False
    # Ten digits in all; newer texts say twelve, the stricter reading keeps a service safe.
    return sum(map(str.isdigit, value)) <= 10


RULES: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20,
    "character_string": _pattern(r"[\x20-\x7e]{1,32}"),
    "time": _pattern(rf"{_TIME}( ?~ ?{_TIME})?"),
    "date": _pattern(rf"{_DAY}( ?~ ?{_DAY})?"),
    "amount": _amount,
    "phone_number": _pattern(r"[0-9+\-() ]{1,17}"),
    "car_number": _pattern(rf"(?=.{{1,8}}$)({HAN}|[A-Za-z0-9])[A-Za-z0-9]*({HAN})?"),
    "number": _pattern(r"[0-9]{1,32}"),
    "letter": _pattern(r"[A-Za-z]{1,32}"),
    "symbol": lambda value: len(value) <= 5 and not any(map(str.isalnum, value)),
    "name": _pattern(rf"{HAN}{{1,10}}|[\x20-\x2f\x3a-\x7e·]{{1,20}}"),
    "phrase": _pattern(rf"{HAN}{{1,5}}"),
}
LISTED = ("const", "enum", "short_thing")  # only values that the template's review approved
KINDS = frozenset({*RULES, *LISTED, "keyword", "first", "remark"})


def kind_of(key: str) -> str:
    """`thing3` -> `thing`."""
    return key.rstrip("0123456789")


def complaint(kind: str, value: str, approved: tuple[str, ...] = ()) -> str | None:
    """What the platform says after the field's name: `invalid`, `is empty`; None: it fits.

    `keyword`, `first` and `remark` belong to historical templates, which never fail.
    """
    if kind in ("keyword", "first", "remark"):
        return None
    if not value:
        return None if kind == "const" else "is empty"
    if _CONTROL.search(value):
        return "invalid"
    if kind in LISTED:
        return None if value in approved and len(value) <= 20 else "invalid"
    return None if RULES[kind](value) else "invalid"


def displayed(kind: str, value: str) -> str | None:
    """What the phone shows of a value; since 2023 first line and remark are not shown at all."""
    if kind in ("first", "remark"):
        return None
    if kind == "keyword" and len(value) > 20:
        return value[:20] + "…"
    return value
