"""One cell of a record into what it stands for, with all that must not be shown taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from workbooks import texts as common
from workbooks.cells import Value as Cell
from workbooks.cells import as_text
from workbooks.characters import one_line, squeeze, to_half_width
from workbooks.dates import read_day, read_month, year_named
from workbooks.drafts import Draft, notes_on
from workbooks.money import is_nothing, read_money
from workbooks.names import HAN, join_name
from workbooks.numerals import read_cardinal
from workbooks.parties import (
    duty_bearers,
    public_beneficiary,
    public_party,
    public_summary,
)
from workbooks.privacy import PublicText, hide_numbers
from workbooks.records import texts
from workbooks.records.fields import UNKEPT, Field, Type, Value

_QUANTITY = re.compile(rf"(\d+(?:,\d{{3}})*(?:\.\d+)?)([{HAN}/%]{{0,6}})")
_LABELLED = re.compile(rf"\(([{HAN}]{{1,4}})\)$|([人亩户])数$")
_GROUP = re.compile(
    r"(?:.*[^\d一二三四五六七八九十])?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:村民|居民)?(?:小组|组|社|队)?"
)
_LANDLINE = re.compile(r"\(?(0\d{2,3})\)?[-—– ]?(\d{7,8})(?:[-转](\d{1,6}))?")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"1[12]\d{1,3}|12\d{3,4}|96\d{3,4}|[48]00[- ]?\d{3}[- ]?\d{4}")
_MOBILE = re.compile(r"(?:\+?86|0086)?[- ]?1[3-9](?:[- ]?\d){9}")
_WEEK = "一二三四五六日"
_SPAN = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天])[至到\-~](?:周|星期|礼拜)?([一二三四五六日天])"
)
_DAYS = re.compile(r"(?:周|星期|礼拜)((?:[一二三四五六日天][、,]?)+)")
# Grades and illnesses say more than the policy's name may (domain.md 8, Reason).
_GRADE = re.compile(
    r"[一二三四1-4]级|艾滋|HIV|癌|肿瘤|白血病|尿毒症|精神病|精神分裂|智力残|肢体残|视力残|听力残|"
    r"言语残|肺结核|肝炎",
    re.IGNORECASE,
)
_FOR_CHILDREN = re.compile(r"儿童|孤儿|幼儿|婴")
_CHILD_BELOW = 14
_BIRTH_YEAR = slice(6, 14)
_IDENTITY = re.compile(r"(?:\d{14}|[\d*]{14})?(\d{3}[\dX])")
_WHOLE_NAME = re.compile(rf"[{HAN}·]{{2,20}}")


def read_value(
    field: Field, cell: Cell, draft: Draft, *, label: str, unit_fen: int
) -> Value | None:
    """The value of a cell that is not blank; None where there is none or it cannot be used.

    What is wrong, or had to be hidden, is noted in `draft` under the column's own `label`.
    """
    if field.type in UNKEPT:
        return None
    if field.type is Type.MONEY:
        return _money(cell, draft, label, unit_fen)
    if field.type in _TEXTS:
        return _text(field, cell, draft, label)
    if field.type is Type.NUMBER:
        return _number(cell, draft, label)
    reader, expected = _READERS[field.type]
    value = reader(field, cell)
    if value is None:
        draft.refuse("unreadable", label, draft.quote(cell), expected or _one_of(field))
    return value


def names_a_child(item: str, cells: Mapping[str, Cell], year: int) -> bool:
    """Whether the policy is for children, or the row's own figures say that it is one.

    `cells` are those of `id_number` and `age`; `year` is that of the list.
    """
    if _FOR_CHILDREN.search(item):
        return True
    age = squeeze(as_text(cells.get("age"))).removesuffix("岁")
    if age.isdecimal():
        return int(age) < _CHILD_BELOW
    number = squeeze(as_text(cells.get("id_number")))
    born = number[_BIRTH_YEAR]
    return len(number) == 18 and born.isdecimal() and year - int(born[:4]) < _CHILD_BELOW


def claimant_of(cells: Mapping[str, Cell]) -> tuple[str, str] | None:
    """The name in full and the last four of the identity number; None unless both are there."""
    name = join_name(squeeze(as_text(cells.get("name"))))
    number = _IDENTITY.fullmatch(squeeze(as_text(cells.get("id_number"))).upper())
    if not number or not _WHOLE_NAME.fullmatch(name):
        return None
    return name, number[1]


# --- words ----------------------------------------------------------------------------------------


def _policy(text: str) -> PublicText:
    return hide_numbers(text)


_TEXTS: Final[Mapping[Type, Callable[[str], PublicText]]] = MappingProxyType(
    {
        Type.TEXT: public_summary,
        Type.NAME: _policy,
        Type.PERSON: public_beneficiary,
        Type.PARTY: public_party,
        Type.BEARER: duty_bearers,
    }
)


def _text(field: Field, cell: Cell, draft: Draft, label: str) -> str | None:
    named = one_line(as_text(cell))
    if len(named) > field.longest:
        found = texts.TOO_LONG.format(count=len(named))
        draft.refuse("too_long", label, found, texts.AT_MOST.format(longest=field.longest))
        return None
    public = _TEXTS[field.type](named)
    if public.flags:
        draft.note_all(notes_on(public, label))
    if field.key == "item" and _GRADE.search(public.text):
        draft.refuse("private_condition", label, draft.quote(public.text), texts.NO_GRADE)
        return None
    return public.text or None


# --- figures --------------------------------------------------------------------------------------


def _identifies(text: str) -> bool:
    """Whether a figure is somebody's number that slipped into the wrong column."""
    return bool(hide_numbers(squeeze(text)).flags)


def _money(cell: Cell, draft: Draft, label: str, unit_fen: int) -> int | None:
    if is_nothing(cell):
        return None
    money = None if _identifies(as_text(cell)) else read_money(cell, unit_fen)
    if money is None:
        draft.refuse("unreadable", label, draft.quote(cell), common.A_NUMBER)
        return None
    if "rounded" in money.flags:
        draft.refuse("rounded", label, draft.quote(cell), common.A_NUMBER)
        return None
    return money.fen


def _number(cell: Cell, draft: Draft, label: str) -> str | None:
    """A quantity with its unit: the cell's own, else the one that the label names."""
    text = squeeze(f"{cell:.10g}" if isinstance(cell, float) else as_text(cell))
    match = None if _identifies(text) else _QUANTITY.fullmatch(text)
    if match is None:
        draft.refuse("unreadable", label, draft.quote(cell), texts.A_QUANTITY)
        return None
    number = match[1].replace(",", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    unit = _LABELLED.search(squeeze(label))
    return number + (match[2] or (next(filter(None, unit.groups())) if unit else ""))


def _count(_: Field, cell: Cell) -> int | None:
    text = squeeze(as_text(cell)).removesuffix("人").removesuffix("票")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _day(_: Field, cell: Cell) -> str | None:
    day = read_day(cell)
    return None if day is None or "confirm" in day.flags else day.date.isoformat()


def _period(_: Field, cell: Cell) -> str | None:
    """A month, else a year: 2026年10月 -> 2026-10, 2026年度 -> 2026."""
    month = read_month(cell)
    if month:
        return f"{month[0]:04d}-{month[1]:02d}"
    text = squeeze(as_text(cell)).removesuffix("度")
    year = (
        year_named(text) if re.fullmatch(r"\d{4}年?|[〇零一二三四五六七八九]{4}年", text) else None
    )
    return str(year) if year else None


# --- the rest -------------------------------------------------------------------------------------


def _group(_: Field, cell: Cell) -> str | None:
    match = _GROUP.fullmatch(squeeze(as_text(cell)))
    if match is None:
        return None
    number = int(match[1]) if match[1].isdecimal() else read_cardinal(match[1])
    return f"{number}组" if number else None


def _choice(field: Field, cell: Cell) -> str | None:
    text = squeeze(as_text(cell))
    if text in field.choices:
        return field.choices[text]
    is_word = field.is_open and len(text) <= field.longest and hide_numbers(text).text == text
    return text if is_word else None


def _phone(_: Field, cell: Cell) -> str | None:
    """A landline as area-number, or a service number as it is; a mobile is somebody's own."""
    text = to_half_width(as_text(cell)).strip()
    if match := _LANDLINE.fullmatch(text):
        extension = f"转{match[3]}" if match[3] else ""
        return f"{match[1]}-{match[2]}{extension}"
    if _MOBILE.fullmatch(text):
        return None
    return text if _LOCAL.fullmatch(text) or _SERVICE.fullmatch(text) else None


def _weekdays(_: Field, cell: Cell) -> str | None:
    """周一至周三 -> 周一、周二、周三, in the order of the week."""
    text = squeeze(as_text(cell)).replace("天", "日")
    found: set[str] = set()
    for match in _SPAN.finditer(text):
        first, last = _WEEK.index(match[1]), _WEEK.index(match[2])
        found.update(_WEEK[first : last + 1])
    for match in _DAYS.finditer(_SPAN.sub("", text)):
        found.update(match[1].replace("、", "").replace(",", ""))
    return "、".join(f"周{day}" for day in _WEEK if day in found) or None


def _one_of(field: Field) -> str:
    return texts.ONE_OF.format(choices="、".join(dict.fromkeys(field.choices.values())))


_READERS: Final[Mapping[Type, tuple[Callable[[Field, Cell], Value | None], str]]] = (
    MappingProxyType(
        {
            Type.COUNT: (_count, common.A_COUNT),
            Type.DAY: (_day, common.A_DATE_WITH_YEAR),
            Type.PERIOD: (_period, texts.A_PERIOD),
            Type.GROUP: (_group, texts.A_GROUP),
            Type.CHOICE: (_choice, ""),
            Type.PHONE: (_phone, texts.AN_OFFICE_PHONE),
            Type.WEEKDAYS: (_weekdays, texts.WEEKDAYS),
        }
    )
)
