"""Dates and months as accountants type them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from workbooks.characters import has_full_width, squeeze, to_half_width
from workbooks.numerals import read_cardinal, read_digits

Month = tuple[int, int]
"""A calendar month as (year, month)."""

NamedMonth = tuple[int | None, int]
"""A month as a title names it: its year may be missing."""

_EXCEL_EPOCH = date(1899, 12, 30)
# Serial numbers of 1982-02-18 to 2064-04-08: what a bare number in a date column may be.
_SERIALS = range(30_000, 60_001)
_YEARS = range(1980, 2100)

_CHINESE = "〇零○Ｏ一二三四五六七八九十两廿卅"
_YEAR_WORD = rf"(\d{{4}}|\d{{2}}|[{_CHINESE}]{{2,4}})年"
_MONTH_WORD = rf"(\d{{1,2}}|[{_CHINESE}]{{1,3}})月份?"
_DAY_WORD = rf"(\d{{1,2}}|[{_CHINESE}]{{1,4}})[日号]?"

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_THREE = re.compile(r"(\d{4}|\d{2})([./\-、])(\d{1,2})\2(\d{1,2})[日号]?\.?")
_SPACED_THREE = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
_TWO = re.compile(r"(\d{1,2})[./\-](\d{1,2})[日号]?")
_WORDS = re.compile(rf"(?:{_YEAR_WORD})?{_MONTH_WORD}{_DAY_WORD}")
_DAY_ONLY = re.compile(rf"(\d{{1,2}}|[{_CHINESE}]{{1,3}})[日号]")
_BARE_NUMBER = re.compile(r"\d{1,5}(?:\.0+)?")
_TAIL = re.compile(
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|\((?:星期|周|礼拜).\)|(?:星期|周).)$"
)

_TITLE_MONTH = re.compile(rf"(?:{_YEAR_WORD})?(?:度)?{_MONTH_WORD}(?!\d|[{_CHINESE}])")
_TITLE_SPAN = re.compile(
    rf"(?:{_YEAR_WORD})?度?(\d{{1,2}}|[{_CHINESE}]{{1,3}})月?份?(?:-|至|到|~|、){_MONTH_WORD}"
)
_TITLE_QUARTER = re.compile(rf"(?:{_YEAR_WORD})?度?(?:第?([一二三四1-4])季度?|(上|下)半年)")
_TITLE_NUMBERS = re.compile(r"(?<![\d.])(20\d{2})[.\-/]?(0?[1-9]|1[0-2])(?![\d.\-/])")
_TITLE_YEAR = re.compile(rf"(20\d{{2}}|二[{_CHINESE}]{{3}})年?")


@dataclass(frozen=True, slots=True)
class Day:
    """A date cell as read, with the flags that say how (year_inferred, excel_serial_date, ...)."""

    date: date
    flags: tuple[str, ...] = ()


def read_day(value: object, *, year: int | None = None, month: int | None = None) -> Day | None:
    """The date in a cell, or None where there is none.

    `year` and `month` are those of the table's title: they complete 3月5日 and 5日.
    """
    if isinstance(value, str):
        return _read_text(value, year, month)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Day(value) if value.year in _YEARS else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _read_number(value, year, month)


def read_month(value: object) -> Month | None:
    """A calendar month: 2026-03, 2026年3月, 202603, or any day of it."""
    if isinstance(value, date):
        return (value.year, value.month) if value.year in _YEARS else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.10g}"
    if not isinstance(value, str):
        return None
    text = squeeze(value)
    match = re.fullmatch(r"(\d{4})[.\-/]?(0?[1-9]|1[0-2])", text) or re.fullmatch(
        rf"{_YEAR_WORD}{_MONTH_WORD}", text
    )
    if match:
        year, month = _year(match[1]), _number(match[2])
        if year and month and year in _YEARS and month in range(1, 13):
            return year, month
        return None
    day = read_day(value)
    return (day.date.year, day.date.month) if day else None


def read_part(value: object) -> tuple[int, tuple[str, ...]] | None:
    """A month or a day of its own column: 4, 4月, ４, 十; with the flags of its spelling."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return (int(value), ()) if float(value).is_integer() else None
    if not isinstance(value, str):
        return None
    number = _number(re.sub(r"(\.0+|[年月日号]|月份)$", "", squeeze(value)))
    flags = ("fullwidth",) if has_full_width(value) else ()
    return None if number is None else (number, flags)


def make_day(year: int, month: int, day: int) -> date | None:
    """The date of the three numbers, or None where the calendar has no such day."""
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made.year in _YEARS else None


def months_named(text: str) -> tuple[NamedMonth, ...]:
    """The months that a title or sheet name speaks of, in order.

    2026年第一季度 gives its three months, 2026年1-3月 too; a day (2026年4月7日) gives none.
    """
    text = squeeze(text)
    if match := _TITLE_QUARTER.search(text):
        first, length = _span_of(match[2], match[3])
        return _months_from(_year(match[1]), first, length)
    if match := _TITLE_SPAN.search(text):
        first, last = _number(match[2]) or 0, _number(match[3]) or 0
        if 1 <= first <= last <= 12:
            return _months_from(_year(match[1]), first, last - first + 1)
    for match in _TITLE_MONTH.finditer(text):
        month = _number(match[2]) or 0
        if month in range(1, 13):
            return ((_year(match[1]), month),)
    if match := _TITLE_NUMBERS.search(text):
        return ((int(match[1]), int(match[2])),)
    return ()


def year_named(text: str) -> int | None:
    """The year that a title, a header or a file name speaks of."""
    match = _TITLE_YEAR.search(squeeze(text))
    return _year(match[1]) if match else None


@lru_cache(maxsize=4096)
def _read_text(value: str, year: int | None, month: int | None) -> Day | None:
    text = to_half_width(value).strip()
    text = _TAIL.sub("", text).strip()
    flags = ("fullwidth",) if has_full_width(value) else ()
    if match := _SPACED_THREE.fullmatch(text):
        return _day(match[1], match[2], match[3], flags)
    text = re.sub(r"\s+", "", text)
    if match := _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3], flags)
    if match := _THREE.fullmatch(text):
        return _day(match[1], match[3], match[4], flags)
    if _BARE_NUMBER.fullmatch(text):
        return _read_number(float(text), year, month, flags)
    if match := _TWO.fullmatch(text):
        return _day(year, match[1], match[2], (*flags, "year_inferred"))
    return _read_words(text, year, month, flags)


def _read_words(
    text: str, year: int | None, month: int | None, flags: tuple[str, ...]
) -> Day | None:
    chinese = ("chinese_date",) if re.search(f"[{_CHINESE}]", text) else ()
    if match := _WORDS.fullmatch(text):
        if match[1]:
            return _day(match[1], match[2], match[3], (*flags, *chinese))
        return _day(year, match[2], match[3], (*flags, "year_inferred", *chinese))
    if match := _DAY_ONLY.fullmatch(text):
        inferred = ("year_inferred", "month_inferred")
        return _day(year, month, match[1], (*flags, *inferred, *chinese))
    return None


def _read_number(
    number: float, year: int | None, month: int | None, flags: tuple[str, ...] = ()
) -> Day | None:
    if not float(number).is_integer():
        return _read_decimal(number, year, flags)
    whole = int(number)
    if whole in _SERIALS:
        return Day(_EXCEL_EPOCH + timedelta(days=whole), (*flags, "excel_serial_date"))
    if whole in range(19_800_101, 21_000_101):
        return _day(whole // 10_000, whole // 100 % 100, whole % 100, flags)
    if whole in range(1, 32) and month:
        return _day(year, month, whole, (*flags, "year_inferred", "month_inferred"))
    return None


def _read_decimal(number: float, year: int | None, flags: tuple[str, ...]) -> Day | None:
    """3.12 in a number cell; 3.1 may as well have been the 10th, so it must be confirmed."""
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", repr(number))
    if not match:
        return None
    unsure = ("unsure_day", "confirm") if match[2] in ("1", "2", "3") else ()
    return _day(year, match[1], match[2], (*flags, "year_inferred", *unsure))


def _day(
    year: str | int | None, month: str | int | None, day: str | int, flags: tuple[str, ...] = ()
) -> Day | None:
    numbers = (_year(year), _number(month), _number(day))
    if None in numbers:
        return None
    made = make_day(*(number or 0 for number in numbers))
    return Day(made, flags) if made else None


def _year(text: str | int | None) -> int | None:
    if isinstance(text, int) or text is None:
        return text
    number = int(text) if text.isdigit() and text.isascii() else read_digits(text)
    if number is None:
        return None
    return number + 2000 if number < 100 else number


def _number(text: str | int | None) -> int | None:
    if isinstance(text, int) or text is None:
        return text
    return int(text) if text.isascii() and text.isdigit() else read_cardinal(text)


def _span_of(quarter: str | None, half: str | None) -> tuple[int, int]:
    if quarter:
        return ("一二三四1234".index(quarter) % 4) * 3 + 1, 3
    return (1, 6) if half == "上" else (7, 6)


def _months_from(year: int | None, first: int, length: int) -> tuple[NamedMonth, ...]:
    return tuple((year, month) for month in range(first, first + length))
