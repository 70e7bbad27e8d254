"""Money, dates and periods as a villager reads them (look.md, section 1)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime

from storage.clock import BEIJING
from understanding import Period


def yuan(fen: int) -> str:
    """56,805.63 or 1,200: decimals only where there are fen. Without the word 元.

    >>> yuan(5680563), yuan(120000), yuan(-30050)
    ('56,805.63', '1,200', '-300.50')
    """
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    whole, rest = divmod(fen, 100)
    return f"{sign}{whole:,}" + (f".{rest:02d}" if rest else "")


def plain_yuan(fen: int) -> str:
    """The same without separators, as an SMS variable of the kind money wants it."""
    return yuan(fen).replace(",", "")


def day(moment: date) -> str:
    return f"{moment.month}月{moment.day}日"


def full_day(moment: date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def local_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def month(period: str) -> str:
    """2026年10月 for 2026-10."""
    year, number = period.split("-")
    return f"{year}年{int(number)}月"


def of_period(period: str) -> str:
    """2026年10月 for 2026-10, 2026年 for 2026."""
    return month(period) if "-" in period else f"{period}年"


def month_of(moment: date) -> str:
    return f"{moment.year:04d}-{moment.month:02d}"


def months_between(start: date, end: date) -> list[str]:
    """Every calendar month that the days from start to end touch, as YYYY-MM."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, last + 1)]


def whole_month(period: str) -> Period:
    year, number = map(int, period.split("-"))
    return Period(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))


def year_to(today: date) -> Period:
    """The twelve months that end today, the first of them whole."""
    return Period(date(today.year - 1, today.month, 1), today)


def a_year_before(span: Period) -> Period:
    """The same days one year earlier; the last of February stays the last."""
    return Period(_year_before(span.start), _year_before(span.end))


def _year_before(moment: date) -> date:
    last = calendar.monthrange(moment.year - 1, moment.month)[1]
    is_last = moment.day == calendar.monthrange(moment.year, moment.month)[1]
    return moment.replace(year=moment.year - 1, day=last if is_last else min(moment.day, last))


def period(span: Period) -> str:
    """2026年10月, 2026年, 2026年1月到3月, or the two days."""
    start, end = span.start, span.end
    if start == end:
        return full_day(start)
    ends_month = end.day == calendar.monthrange(end.year, end.month)[1]
    if start.day != 1 or not ends_month:
        until = day(end) if start.year == end.year else full_day(end)
        return f"{full_day(start)}到{until}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.year}年{start.month}月"
    if start.year != end.year:
        if start.month == 1 and end.month == 12:
            return f"{start.year}年到{end.year}年"
        return f"{start.year}年{start.month}月到{end.year}年{end.month}月"
    if (start.month, end.month) == (1, 12):
        return f"{start.year}年"
    return f"{start.year}年{start.month}月到{end.month}月"


def runs(periods: Sequence[str]) -> str:
    """Months in a row as 2026年1月到3月、5月."""
    spans: list[list[str]] = []
    for item in periods:
        if spans and months_between(whole_month(spans[-1][-1]).start, whole_month(item).start) == [
            spans[-1][-1],
            item,
        ]:
            spans[-1].append(item)
        else:
            spans.append([item])
    return "、".join(
        period(Period(whole_month(span[0]).start, whole_month(span[-1]).end)) for span in spans
    )
