"""The forms in which a date is said, each read into a span or into what settles one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from understanding import feasts
from understanding.date_forms import BODY, BODY_AFTER_YEAR, OF_YEAR, TO, YEAR_FIRST, YEAR_WORD
from understanding.meaning import Period
from understanding.numerals import DIGITS, integer

When: TypeAlias = Period | Callable[[int], Period | None] | int
"""A span, a function of the year that the rest of the message settles, or the day of a month."""


class Atom(NamedTuple):
    """A date expression, perhaps before its year is settled."""

    start: int
    end: int
    unit: str
    when: When
    year: int | None


_RATE_AFTER = re.compile(r"(?:能|要|可以)?(?:拿|领|发|给|交|补|有|要)?(?:好多|几)")

_RELATIVE_YEARS = {"今": 0, "本": 0, "去": -1, "旧": -1, "昨": -1, "上": -1, "头": -1}
_RELATIVE_DAYS = {"大前天": -3, "前天": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}
_LUNAR_NAMES = {"正": 1, "冬": 11, "腊": 12, "寒": 10}
_OLDEST = 1990


def read_date(text: str, start: int, today: date) -> Atom | None:
    """Read the date that begins at `start`; None where none does, ValueError where the date does
    not exist.
    """
    year = None
    at = start
    body = BODY
    if text[start] in YEAR_FIRST and (word := YEAR_WORD.match(text, start)) is not None:
        year = _year(word[0], today)
        if year is None:
            return None
        at = word.end()
        body = BODY_AFTER_YEAR
    match = _body(body, text, at)
    if match is None and year is not None and (of := OF_YEAR.match(text, at)) is not None:
        match = _body(body, text, of.end())
    if match is None:
        return None if year is None else Atom(start, at, "year", _years(year, year), year)
    form = match.lastgroup or ""
    when = _READERS[form](match, year, today)
    if when is None:
        return None if year is None else Atom(start, at, "year", _years(year, year), year)
    return Atom(start, match.end(), _unit(form, match), when, year)


def _unit(form: str, match: re.Match[str]) -> str:
    if form in ("relm", "month"):
        return "day" if match["rpart" if form == "relm" else "mpart"] else "month"
    if form in ("ymd", "compact"):
        day = match["cd"] if form == "compact" else match["nd"] or match["nd2"]
        return "day" if day else "month"
    if form == "dayonly":
        return "day" if match["do2"] else "bare_day"
    return _UNITS.get(form, form)


_UNITS = {
    "relq": "quarter",
    "whole": "year",
    "bare": "year",
    "years": "year",
    "rel": "day",
    "weekday": "day",
    "xun": "day",
}


def _body(forms: dict[str, re.Pattern[str]], text: str, at: int) -> re.Match[str] | None:
    pattern = forms.get(text[at : at + 1])
    return None if pattern is None else pattern.match(text, at)


def _year(written: str, today: date) -> int | None:
    written = written.rstrip("子度")
    if written.startswith("大前"):
        return today.year - 3
    if written.startswith("前"):
        return today.year - 2
    if written[0] in "明来后":
        return today.year + (2 if written[0] == "后" else 1)
    if written[0] in _RELATIVE_YEARS:
        return today.year + _RELATIVE_YEARS[written[0]]
    digits = "".join(str(DIGITS[c]) for c in written.rstrip("年"))
    year = int(digits) if len(digits) == 4 else 2000 + int(digits)
    return year if _OLDEST <= year <= today.year + 5 else None


def _years(first: int, last: int) -> Period:
    return Period(date(first, 1, 1), date(last, 12, 31))


def _month(year: int, month: int) -> Period:
    return _months(year, month, month)


@lru_cache(maxsize=1024)
def _months(year: int, first: int, last: int) -> Period:
    """Whole months of one year; a last month before the first is in the next year."""
    end = year if last >= first else year + 1
    return Period(date(year, first, 1), date(end, last, calendar.monthrange(end, last)[1]))


def add_months(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def _less_months(day: date, months: int) -> date:
    year, month = add_months(day.year, day.month, -months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _number(written: str) -> int:
    number = integer(written)
    if number is None:
        raise ValueError
    return number


def _read_feast(match: re.Match[str], year: int | None, today: date) -> When:
    name = match["feast"]
    span = timedelta(days=feasts.around(name))

    def in_year(one: int) -> Period:
        day = feasts.feast_day(name, one)
        return Period(day - span, day + span)

    return in_year


def _read_same(match: re.Match[str], year: int | None, today: date) -> When:
    year = today.year - 1 if year is None else year
    return _years(year, year)


def _read_head(match: re.Match[str], year: int | None, today: date) -> When | None:
    word, unit = match["hw"], match["hu"]
    number = 3 if match["hn"] == "几" else _number(match["hn"])
    if not 1 <= number <= 12:
        return None
    last = word in "后末"
    if unit == "年":
        if year is not None or last or match["hn"] == "几":
            return None
        return _years(today.year - number, today.year - 1)
    months = number * 3 if unit == "季度" else number
    if months > 12:
        raise ValueError
    if word == "前" and year is None and unit == "月":
        first = add_months(today.year, today.month, -number)
        end = add_months(today.year, today.month, -1)
        return Period(_month(*first).start, _month(*end).end)
    year = today.year if year is None else year
    return _months(year, 13 - months, 12) if last else _months(year, 1, months)


def _read_roll(match: re.Match[str], year: int | None, today: date) -> When | None:
    if year is not None and match["ru"] == "年":  # 2025年这两年 says of 2025 no more
        return _years(year, year)
    return _until(today, match["rn"], match["ru"].lstrip("个"))


def _read_back(match: re.Match[str], year: int | None, today: date) -> When | None:
    return None if year is not None else _until(today, match["bn"], match["bu"].lstrip("个"))


def _until(today: date, written: str, unit: str) -> Period | None:
    """So many days, weeks, months or years that end today."""
    if written == "半":
        if unit == "月":
            return _last_days(today, 15)
        number, unit = (6, "月") if unit == "年" else (0, unit)
    elif written == "几":
        number = 7 if unit in "天日" else 3
    else:
        number = _number(written)
    if not 1 <= number <= 400:
        return None
    if unit in "天日":
        return _last_days(today, number)
    if unit in ("周", "星期", "礼拜"):
        return _last_days(today, number * 7)
    months = number * {"月": 1, "季度": 3, "年": 12}[unit]
    return _last_months(today, months)


def _last_days(today: date, days: int) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def _last_months(today: date, months: int) -> Period:
    return Period(_less_months(today, months) + timedelta(days=1), today)


def _read_half(match: re.Match[str], year: int | None, today: date) -> When:
    first, last = (7, 12) if match["fw"] in "下后" else (1, 6)
    return lambda one: _months(one, first, last)


def _read_quarter(match: re.Match[str], year: int | None, today: date) -> When:
    first = _number(match["q"] or match["q3"] or "4")
    last = _number(match["q2"]) if match["q2"] else first
    if not 1 <= first <= last <= 4:
        raise ValueError
    return lambda one: _months(one, first * 3 - 2, last * 3)


def _steps(word: str) -> int:
    """这个 0, 上个 -1, 上上个 -2, 下个 1."""
    if word.startswith(("上上", "大上")):
        return -2
    return -1 if word[0] in "上前" else 1 if word[0] == "下" else 0


def _read_relq(match: re.Match[str], year: int | None, today: date) -> When:
    first = (today.month - 1) // 3 * 3 + 1
    in_year, month = add_months(today.year, first, 3 * _steps(match["rqw"]))
    return _months(in_year, month, month + 2)


def _read_relm(match: re.Match[str], year: int | None, today: date) -> When:
    period = _part(*add_months(today.year, today.month, _steps(match["rmw"])), match["rpart"])
    if period is None:
        raise ValueError
    return period


def _read_month(match: re.Match[str], year: int | None, today: date) -> When | None:
    first, last = _month_numbers(match)
    part = match["mpart"]
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise ValueError
    if match["month"] == "一月" and year is None and _RATE_AFTER.match(match.string, match.end()):
        return None
    if part:
        if first != last:
            return None
        if not any(_part(one, first, part) for one in (2024, 2025)):
            raise ValueError
        if year is not None and _part(year, first, part) is None:
            raise ValueError
        return lambda one: _part(one, first, part)
    return lambda one: _months(one, first, last)


def _month_numbers(match: re.Match[str]) -> tuple[int, int]:
    written = match["m"]
    if written is None:  # 元月
        return 1, 1
    if match["m2"]:
        return _number(written), _number(match["m2"])
    if len(written) > 1 and all(digit in "一二三四五六七八九" for digit in written):
        said = [DIGITS[digit] for digit in written]
        if said != list(range(said[0], said[0] + len(said))):
            raise ValueError
        return said[0], said[-1]
    if written in ("十一二", "十一十二"):
        return 11, 12
    number = _number(written)
    return number, number


def _part(year: int, month: int, part: str | None) -> Period | None:
    """Give the part of a month that was named; None where it does not exist."""
    days = calendar.monthrange(year, month)[1]
    if not part:
        return _month(year, month)
    if part in _PARTS:
        first, last = _PARTS[part]
    else:
        ends = [_day_number(written) for written in re.split(TO, part.rstrip("号日"))]
        first, last = ends[0], ends[-1]
        if last > days:
            return None
    if not 1 <= first <= days or last < first:
        return None
    return Period(date(year, month, first), date(year, month, min(last, days)))


_PARTS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
    "头": (1, 10),
    "尾": (21, 31),
    "上半月": (1, 15),
    "下半月": (16, 31),
}


def _day_number(written: str) -> int:
    return _number(written.rstrip("号日").replace("廿", "二十"))


def _read_lunar(match: re.Match[str], year: int | None, today: date) -> When:
    month = _LUNAR_NAMES[match["lw"]] if match["lw"] else _number(match["ln"])
    if not 1 <= month <= 12:
        raise ValueError
    if match["ld"]:
        day = _day_number(match["ld"].lstrip("初"))

        def in_year(one: int) -> Period | None:
            found = feasts.lunar_day(one, month, day)
            return None if found is None else Period(found, found)

        return in_year
    return lambda one: Period(*feasts.lunar_month(one, month))


def _read_yearpart(match: re.Match[str], year: int | None, today: date) -> When:
    first, last = (1, 2) if match["yp"] in "初头" else (11, 12)
    return lambda one: _months(one, first, last)


def _read_whole(match: re.Match[str], year: int | None, today: date) -> When:
    year = today.year if year is None else year
    return _years(year, year)


def _read_rel(match: re.Match[str], year: int | None, today: date) -> When | None:
    word = match["rel"]
    days = _RELATIVE_DAYS.get(word, _RELATIVE_DAYS.get(word[0], -2))
    day = today + timedelta(days=days)
    return Period(day, day)


def _read_week(match: re.Match[str], year: int | None, today: date) -> When:
    weeks = -2 if match["ww"] == "上上" else {"上": -1, "下": 1}.get(match["ww"], 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    day = match["wd"]
    if day is None:
        return Period(monday, monday + timedelta(days=6))
    if day == "末":
        return Period(monday + timedelta(days=5), monday + timedelta(days=6))
    found = monday + timedelta(days=_WEEKDAYS[day])
    return Period(found, found)


def _read_weekday(match: re.Match[str], year: int | None, today: date) -> When:
    back = (today.weekday() - _WEEKDAYS[match["wday"]]) % 7
    day = today - timedelta(days=back)
    return Period(day, day)


def _read_vague(match: re.Match[str], year: int | None, today: date) -> When:
    return _last_months(today, 3)


def _read_ymd(match: re.Match[str], year: int | None, today: date) -> When:
    return _on_or_in(match["y4"], match["nm"], match["nd"] or match["nd2"])


def _read_compact(match: re.Match[str], year: int | None, today: date) -> When:
    return _on_or_in(match["cy"], match["cm"], match["cd"])


def _on_or_in(year: str, month: str, day: str | None) -> Period:
    found = date(int(year), int(month), int(day) if day else 1)
    return Period(found, found) if day else _month(found.year, found.month)


def _read_years(match: re.Match[str], year: int | None, today: date) -> When | None:
    first, last = (int(y) if len(y) == 4 else 2000 + int(y) for y in (match["ya"], match["yb"]))
    if not _OLDEST <= first <= last <= today.year + 5:
        return None
    return _years(first, last)


def _read_bare(match: re.Match[str], year: int | None, today: date) -> When | None:
    number = int(match["bare"])
    return _years(number, number) if _OLDEST <= number <= today.year + 1 else None


def _read_xun(match: re.Match[str], year: int | None, today: date) -> When:
    part = match["xun"].removeprefix("月").replace("个", "")
    return _latest_part(part, today)


def _latest_part(part: str, today: date) -> Period:
    for back in (0, 1):
        period = _part(*add_months(today.year, today.month, -back), part)
        if period is not None and period.start <= today:
            return period
    raise ValueError


def _read_dayonly(match: re.Match[str], year: int | None, today: date) -> When:
    first = _day_number(match["do"])
    if not 1 <= first <= 31:
        raise ValueError
    if match["do2"]:
        last = _day_number(match["do2"])
        for back in (0, 1, 2):
            in_year, month = add_months(today.year, today.month, -back)
            if first <= last <= calendar.monthrange(in_year, month)[1]:
                span = Period(date(in_year, month, first), date(in_year, month, last))
                if span.start <= today:
                    return span
        raise ValueError
    return first


_READERS: dict[str, Callable[[re.Match[str], int | None, date], When | None]] = {
    "feast": _read_feast,
    "same": _read_same,
    "head": _read_head,
    "roll": _read_roll,
    "back": _read_back,
    "half": _read_half,
    "quarter": _read_quarter,
    "relq": _read_relq,
    "relm": _read_relm,
    "lunar": _read_lunar,
    "month": _read_month,
    "yearpart": _read_yearpart,
    "whole": _read_whole,
    "rel": _read_rel,
    "week": _read_week,
    "weekday": _read_weekday,
    "vague": _read_vague,
    "ymd": _read_ymd,
    "compact": _read_compact,
    "years": _read_years,
    "bare": _read_bare,
    "xun": _read_xun,
    "dayonly": _read_dayonly,
}
