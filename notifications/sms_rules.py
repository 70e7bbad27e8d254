"""What may stand in an SMS template and in its variables (sms.md 1.7).

A value is judged, and where needed made to fit, before it leaves: the provider refuses the whole
text otherwise. Which kind a variable has was declared with the template.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from opencc import OpenCC

from notifications.cutting import cut
from notifications.segments import MAX_CHARS, length, segments

MAX_VALUE_CHARS: Final = 35


class VariableKind(StrEnum):
    """The declared property of a template's variable, in Aliyun's words."""

    NUMBER_CAPTCHA = "numberCaptcha"
    CHARACTER_CAPTCHA = "characterWithNumber2"
    TIME = "time"
    MONEY = "money"
    NAME = "name"
    UNIT_NAME = "unit_name"
    USER_NICK = "user_nick"
    ADDRESS = "address"
    OTHER_NUMBER = "other_number2"
    PHONE_NUMBER = "phone_number2"
    LINK_PARAM = "link_param"
    EMAIL_ADDRESS = "email_address"
    LICENSE_PLATE = "license_plate_number"
    TRACKING_NUMBER = "tracking_number"
    PICK_UP_CODE = "pick_up_code"
    OTHERS = "others"


_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]"
_CLOCK = r"(?:(?:上午|下午) ?)?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"\d{4}(?:-(?:0?[1-9]|1[0-2])-|/(?:0?[1-9]|1[0-2])/)(?:0?[1-9]|[12]\d|3[01])"
_SHORT_DAY = r"(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日"


@dataclass(frozen=True, slots=True)
class _Shape:
    pattern: re.Pattern[str]
    max_chars: int
    free_text: bool = False
    """Words of people: no link, no number to call, no contact, only usual characters."""


def _shape(pattern: str, max_chars: int, *, free_text: bool = False) -> _Shape:
    return _Shape(re.compile(pattern, re.ASCII), max_chars, free_text)


_SHAPES: Final[Mapping[VariableKind, _Shape]] = MappingProxyType(
    {
        VariableKind.NUMBER_CAPTCHA: _shape(r"\d{4,6}", 6),
        VariableKind.CHARACTER_CAPTCHA: _shape(r"[0-9A-Za-z]{4,6}", 6),
        # A day without a year needs a time of day; carriers refuse 年月日.
        VariableKind.TIME: _shape(
            rf"{_DAY}(?: {_CLOCK})?|{_CLOCK}|{_SHORT_DAY} {_CLOCK}|上午|下午", 22
        ),
        # Nothing here comes near sixteen digits; so the worst case of a template stays sane.
        VariableKind.MONEY: _shape(r"\d{1,13}(?:\.\d{1,2})?", 16),
        VariableKind.NAME: _shape(rf"{_HAN}{{2,5}}", 5),
        VariableKind.UNIT_NAME: _shape(rf"{_HAN}{{1,20}}", 20),
        VariableKind.USER_NICK: _shape(r"[^\n]{1,20}", 20, free_text=True),
        VariableKind.ADDRESS: _shape(r"[^\n]{1,30}", 30, free_text=True),
        VariableKind.OTHER_NUMBER: _shape(r"[0-9A-Za-z]{1,35}", 35),
        VariableKind.PHONE_NUMBER: _shape(r"1[3-9]\d{9}|(?=[\d-]{5,15}\Z)(?:\d-?){4,12}\d", 15),
        VariableKind.LINK_PARAM: _shape(r"[0-9A-Za-z]{1,8}", 8),
        VariableKind.EMAIL_ADDRESS: _shape(
            r"[0-9A-Za-z._%+-]{1,20}@(?:[0-9A-Za-z-]{1,12}\.){1,3}[A-Za-z]{2,6}", 35
        ),
        VariableKind.LICENSE_PLATE: _shape(rf"{_HAN}[A-Z][0-9A-Z]{{4,5}}(?:[0-9A-Z]|{_HAN})", 8),
        VariableKind.TRACKING_NUMBER: _shape(r"[0-9A-Za-z]{5,30}", 30),
        VariableKind.PICK_UP_CODE: _shape(r"[0-9A-Za-z]{1,4}(?:-[0-9A-Za-z]{1,6}){0,2}", 18),
        VariableKind.OTHERS: _shape(r"[^\n]{1,35}", 35, free_text=True),
    }
)

_LINK = re.compile(
    r"https?:|www\.|[0-9a-z-]+\.(?:com|cn|net|org|gov|edu|info|top|xyz|vip|cc|me|io|app|link|site)"
    r"(?![0-9a-z])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86)?1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4})(?!\d)",
    re.ASCII,
)
_CONTACT = re.compile(r"微信|weixin|wechat|\bvx\b|qq", re.IGNORECASE | re.ASCII)
_SEE_LINK, _SEE_PHONE, _ACCOUNT = "(网址见公示栏)", "(电话见公示栏)", "公众号"
# Refused in texts by the provider, though ordinary symbols: 【】 frames the signature.
_REFUSED_MARKS: Final = frozenset("【】「」『』★☆①②③④⑤⑥⑦⑧⑨⑩→←↑↓•㎡²³㊣※■●▲")
_ORDINARY_SYMBOLS: Final = frozenset("+<=>|~^`$¥￥＋＝～×÷°％")


def fits(kind: VariableKind, value: str) -> bool:
    """Whether the provider takes this value for a variable of this kind."""
    shape = _SHAPES[kind]
    if length(value) > shape.max_chars or shape.pattern.fullmatch(value) is None:
        return False
    return not shape.free_text or (value == _plain(value) and not _tells_contact(value))


def max_chars(kind: VariableKind) -> int:
    """How long a value of this kind can be."""
    return _SHAPES[kind].max_chars


def make_fit(kind: VariableKind, value: str, *, marker: str = "") -> str | None:
    """The value in the form that the provider takes, or None where there is none.

    Nothing but the form changes: 56,805.63元 becomes 56805.63 for money, 2026年11月24日 becomes
    2026-11-24, traditional characters simplified ones, and words too long end at a sentence or
    word and in `marker`, a plain word such as 等. No figure is ever cut in two. For a number to
    call, a link, or a mention of WeChat or QQ there is no such form: say it in other words.
    """
    if kind in _MAKERS:
        value = _MAKERS[kind](value)
    shape = _SHAPES[kind]
    if shape.free_text:
        value = _plain(value)
        if not value or _tells_contact(value):
            return None
        value = _shortened(value, shape.max_chars, marker)
    return value if fits(kind, value) else None


def _shortened(value: str, most: int, marker: str) -> str:
    if len(value) <= most:
        return value
    head = cut(value, max_chars=most - len(marker)).rstrip("。；;，、 ")
    return head + marker if head else ""


def is_simplified(text: str) -> bool:
    """Whether no traditional character stands there; the provider refuses those."""
    return text == _simplified(text)


def _plain(text: str) -> str:
    """One line of usual characters: simplified, no emoji, no brackets of the signature."""
    line = re.sub(r"\s+", " ", text.replace("\r", "").replace("\n", " ")).strip()
    # Some marks that people use have a plain form that everybody reads alike.
    line = line.replace("²", "2").replace("㎡", "平方米").translate(_PLAIN_FORMS)
    # Once more after: a simplified form may be a rare character itself.
    return _ordinary(_simplified(_ordinary(line))).strip()


def _ordinary(text: str) -> str:
    return "".join(char for char in text if _is_ordinary(char))


_PLAIN_FORMS: Final = str.maketrans("【】「」『』", "()“”“”")


def _is_ordinary(char: str) -> bool:
    if char in _ORDINARY_SYMBOLS or char == " ":
        return True
    if char > "\uffff" or char in _REFUSED_MARKS:
        return False
    return unicodedata.category(char)[0] in "LNP"


def sayable(line: str) -> str:
    """A line in usual characters, with other words for what no text may tell.

    That is a link, a number to call, a mention of WeChat or QQ.

    >>> sayable("①微信申请,问028-87654321")
    '公众号申请,问(电话见公示栏)'
    """
    plain = _plain(line)
    if not _tells_contact(plain):
        return plain
    plain = unicodedata.normalize("NFKC", plain)
    for pattern, otherwise in ((_LINK, _SEE_LINK), (_PHONE, _SEE_PHONE), (_CONTACT, _ACCOUNT)):
        plain = pattern.sub(otherwise, plain)
    return plain


def _tells_contact(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return any(pattern.search(plain) for pattern in (_LINK, _PHONE, _CONTACT))


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplified(text: str) -> str:
    # Whole, not by character: in 乾隆 the first is no traditional one.
    return text if text.isascii() else str(_converter().convert(text))


def _time(value: str) -> str:
    line = unicodedata.normalize("NFKC", value).strip()
    found = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*(.*)", line, re.ASCII)
    if found is None:
        return line
    year, month, day, rest = found.groups()
    return f"{year}-{int(month):02}-{int(day):02} {rest}".strip()


def _money(value: str) -> str:
    line = unicodedata.normalize("NFKC", value).strip().strip("¥元").strip()
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", line, re.ASCII)
    return line.replace(",", "") if grouped else line


_DIGITS: Final = "零一二三四五六七八九"


def _unit_name(value: str) -> str:
    """李家村3组 becomes 李家村三组: only Han characters may stand there."""
    line = _simplified(unicodedata.normalize("NFKC", value).strip())
    return re.sub(r"(?<!\d)[1-9]\d?(?!\d)", lambda number: _spoken(int(number[0])), line)


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")


def _name(value: str) -> str:
    return _simplified(re.sub(r"\s+", "", value))


_MAKERS: Final[Mapping[VariableKind, Callable[[str], str]]] = MappingProxyType(
    {
        VariableKind.TIME: _time,
        VariableKind.MONEY: _money,
        VariableKind.NAME: _name,
        VariableKind.UNIT_NAME: _unit_name,
        VariableKind.OTHER_NUMBER: lambda value: re.sub(r"[\s-]", "", value),
    }
)


class TemplateProblem(StrEnum):
    """Why the provider would not approve a template's text."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ADJACENT = "adjacent"
    REPEATED = "repeated"
    WHOLE_TEXT = "whole_text"
    UNDECLARED = "undeclared"
    UNUSED = "unused"
    MALFORMED = "malformed"
    MARKS = "marks"
    TRADITIONAL = "traditional"
    CONTACT = "contact"
    OPT_OUT = "opt_out"


_VARIABLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]{0,19})\}", re.ASCII)
_OPT_OUT = re.compile(r"拒收请?回|退订")


def template_problems(
    text: str, kinds: Mapping[str, VariableKind], sign_name: str = ""
) -> list[TemplateProblem]:
    """What is wrong with the text of a notification, with `${name}` for its variables.

    The worst case, every variable as long as it may be, decides on the length.
    """
    names = _VARIABLE.findall(text)
    fixed = _VARIABLE.sub(" ", text)
    found = {
        TemplateProblem.EMPTY: not text.strip(),
        TemplateProblem.TOO_LONG: length(_worst_fill(text, kinds), sign_name) > MAX_CHARS,
        TemplateProblem.ADJACENT: "}${" in text,
        TemplateProblem.REPEATED: len(names) != len(set(names)),
        TemplateProblem.WHOLE_TEXT: bool(names) and not fixed.strip(),
        TemplateProblem.UNDECLARED: not set(names) <= set(kinds),
        TemplateProblem.UNUSED: not set(kinds) <= set(names),
        TemplateProblem.MALFORMED: "${" in fixed,
        TemplateProblem.MARKS: _has_marks(fixed),
        TemplateProblem.TRADITIONAL: not is_simplified(fixed),
        TemplateProblem.CONTACT: _tells_contact(fixed),
        TemplateProblem.OPT_OUT: _OPT_OUT.search(fixed) is not None,
    }
    return [problem for problem, holds in found.items() if holds]


def worst_case_segments(text: str, kinds: Mapping[str, VariableKind], sign_name: str) -> int:
    """How many texts are billed when every variable is as long as it may be."""
    return segments(_worst_fill(text, kinds), sign_name)


def _worst_fill(text: str, kinds: Mapping[str, VariableKind]) -> str:
    def longest(variable: re.Match[str]) -> str:
        kind = kinds.get(variable[1], VariableKind.OTHERS)
        return "某" * max_chars(kind)

    return _VARIABLE.sub(longest, text)


def _has_marks(text: str) -> bool:
    framed = text.strip()
    return (
        framed.startswith("[")
        or framed.endswith("]")
        or any(char not in "\n" and not _is_ordinary(char) for char in text)
    )
