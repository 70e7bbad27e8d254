"""From a template's words and values to what a channel takes: filled, fitted, filtered.

This is the one place where text leaves towards a channel: numbers that belong to people are hidden
here, whatever let them through (design.md, section 2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from notifications import texts
from notifications.catalogue import Parameter, parameter
from notifications.conditions import resolve
from notifications.cutting import cut
from notifications.sms_rules import MAX_VALUE_CHARS, VariableKind, make_fit, max_chars
from understanding.personal import hide_personal

Fields = Sequence[tuple[str, str]]
"""A provider's fields and the parameters that go there, in order."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_LOOSE_ENDS = "。;；,，、 "
_MORE = "…"

WECHAT_FIELD: Final = re.compile(
    r"(thing|character_string|time|date|amount|phone_number|car_number|const|number|letter|symbol"
    r"|name|phrase|enum|short_thing|keyword|first|remark)\d*"
)
# wechat.md 2.3: characters that a typed field takes.
_WECHAT_CHARS: Final = {
    "thing": 20,
    "character_string": 32,
    "time": 60,  # no limit is told; a stretch of time has two ends
    "date": 60,
    "phone_number": 17,
    "car_number": 8,
    "const": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "name": 10,
    "phrase": 5,
    "short_thing": 5,
}
_CLOCK: Final = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY: Final = r"(\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
_MOMENT: Final = rf"({_DAY}( ?{_CLOCK})?|{_CLOCK})"
_HAN: Final = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_SHAPES: Final = {
    "character_string": re.compile(r"[!-~]+( [!-~]+)*"),
    "number": re.compile(r"\d+"),
    "letter": re.compile(r"[A-Za-z]+"),
    "symbol": re.compile(r"[^\w\s]+"),
    "time": re.compile(rf"{_MOMENT}( ?~ ?{_MOMENT})?", re.ASCII),
    "date": re.compile(rf"{_DAY}( {_CLOCK})?( ?~ ?{_DAY}( {_CLOCK})?)?", re.ASCII),
    "phone_number": re.compile(r"[\d+() -]+", re.ASCII),
    "car_number": re.compile(rf"{_HAN}?[A-Z0-9]+{_HAN}?", re.ASCII),
    "phrase": re.compile(rf"{_HAN}+"),
}
"""What a typed field takes besides its length (wechat.md 2.3); the others take any characters."""

_USUAL_CHARS = 20
_CUT_KINDS: Final = frozenset({"thing", "keyword", "first", "remark"})


@dataclass(frozen=True, slots=True)
class Filled:
    """The values of a provider's fields. `refused` names a parameter that no form of fits."""

    values: Mapping[str, str]
    shortened: bool = False
    refused: str = ""


def fill(text: str, params: Mapping[str, str]) -> str:
    """The text with its values, without numbers that belong to people.

    >>> fill("${village}的账", {"village": "听竹村"})
    '听竹村的账'
    """
    # In one pass, so that a value that looks like a variable stays what it is.
    words = resolve(text, params)

    def value(found: re.Match[str]) -> str:
        given = params.get(found[1], found[0])
        return given.rstrip("。") if words.startswith("。", found.end()) else given

    return hide_personal(_VARIABLE.sub(value, words))


def wechat_fields(fields: Fields, params: Mapping[str, str]) -> Filled:
    """Values for a WeChat template; what is too long ends at a sentence, and in the page."""
    values: dict[str, str] = {}
    shortened = False
    for name, places in _places(fields).items():
        value = _one_line(hide_personal(params[name]))
        kinds = [field_kind(place) for place in places]
        if len(places) == 1 and kinds[0] not in _CUT_KINDS:
            fitted = _typed(kinds[0], value)
            if fitted is None:
                return Filled({}, refused=name)
            values[places[0]] = fitted
            continue
        sizes = [_WECHAT_CHARS.get(kind, _USUAL_CHARS) for kind in kinds]
        pieces, cut_off = run_through(value, sizes, tail=_MORE)
        values |= dict(zip(places, pieces, strict=True))
        shortened = shortened or cut_off
    return Filled(values, shortened)


def misfit(fields: Fields, name: str, value: str) -> str:
    """The field of a WeChat template that cannot take such a value of a parameter; empty: none."""
    places = _places(fields)[name]
    for place in places:
        kind = field_kind(place)
        room = _WECHAT_CHARS.get(kind, _USUAL_CHARS)
        piece = value if len(places) == 1 else value[:room]
        if kind not in _CUT_KINDS and _typed(kind, piece) is None:
            return place
    return ""


def sms_variables(
    code: str, fields: Fields, params: Mapping[str, str], *, tail: str = texts.SEE_WHOLE
) -> Filled:
    """Values for a registered SMS template; what is too long ends at a sentence and in `tail`."""
    values: dict[str, str] = {}
    shortened = False
    for name, places in _places(fields).items():
        value = hide_personal(params[name]).rstrip("。")  # a registered text ends its sentences
        known = parameter(code, name)
        pieces: Sequence[str]
        if len(places) == 1 and not (known.loose and known.longest == MAX_VALUE_CHARS):
            pieces, cut_off = [_within(known, value)], False
        else:
            sizes = [MAX_VALUE_CHARS] * len(places)
            pieces, cut_off = run_through(_one_line(value), sizes, tail=f"。{tail}")
        kind = known.kind if len(places) == 1 else VariableKind.OTHERS
        for place, piece in zip(places, pieces, strict=True):
            fitted = make_fit(kind, piece)
            if fitted is None:
                return Filled({}, refused=name)
            values[place] = fitted
        shortened = shortened or cut_off
    return Filled(values, shortened)


def run_through(text: str, sizes: Sequence[int], *, tail: str) -> tuple[list[str], bool]:
    """The text in pieces of those sizes, ended at sentences; whether it had to be shortened.

    No piece is empty: a field that has nothing left to say asks for attention instead.
    """
    pieces: list[str] = []
    rest = text
    for size in sizes[:-1]:
        piece = cut(rest, max_chars=size)
        pieces.append(piece)
        rest = rest[len(piece) :].lstrip()
    shortened = len(rest) > sizes[-1]
    if shortened:
        head = cut(rest, max_chars=sizes[-1] - len(tail)).rstrip(_LOOSE_ENDS)
        rest = head + tail
    pieces.append(rest)
    return [piece or texts.FILLER for piece in pieces], shortened


def _within(known: Parameter, value: str) -> str:
    """A loose value cut to its own length; a figure, a day or a name as it is."""
    most = min(known.longest, max_chars(known.kind))
    line = _one_line(value)
    if not known.loose or len(line) <= most:
        return line
    return cut(line, max_chars=most).rstrip(_LOOSE_ENDS)


def _typed(kind: str, value: str) -> str | None:
    """A value for a typed field, or None where it does not fit (wechat.md 2.3)."""
    if kind == "amount":
        value = value.replace(",", "")
        return value if re.fullmatch(r"[¥￥$]?\d+(\.\d+)?元?", value) else None
    shape = _SHAPES.get(kind)
    if shape is not None and shape.fullmatch(value) is None:
        return None
    return value if len(value) <= _WECHAT_CHARS.get(kind, 32) else None


def field_kind(field: str) -> str:
    """What a WeChat field takes: thing for thing3."""
    return field.rstrip("0123456789")


def _places(fields: Fields) -> dict[str, list[str]]:
    """Parameter to the fields that it runs through."""
    found: dict[str, list[str]] = {}
    for field, name in fields:
        found.setdefault(name, []).append(field)
    return found


def _one_line(value: str) -> str:
    """No line breaks or control characters: no field takes them."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).strip()
