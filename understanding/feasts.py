"""Lunar months and feast days, found with lunar_python and kept for the years asked about."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunar_python import LunarYear

# Feasts on a fixed day of the solar year: month and day.
SOLAR = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "五一": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
}
# Feasts on a fixed day of the lunar year.
LUNAR = {
    "春节": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "七月半": (7, 15),
    "中秋": (8, 15),
    "重阳": (9, 9),
    "腊八": (12, 8),
}
OTHER_NAMES = {
    "过年": "春节",
    "新年": "春节",
    "大年": "春节",
    "正月初一": "春节",
    "大年初一": "春节",
    "劳动节": "五一",
    "十一": "国庆",
    "大年三十": "除夕",
    "年三十": "除夕",
    "年夜": "除夕",
    "妇女节": "三八",
    "青年节": "五四",
    "儿童节": "六一",
    "建军节": "八一",
    "中元": "七月半",
    "正月十五": "元宵",
    "老人节": "重阳",
    "八月十五": "中秋",
    "九月九": "重阳",
    "端阳": "端午",
    "阳历年": "元旦",
}
NAMES = (*SOLAR, *LUNAR, *OTHER_NAMES, "清明", "除夕")
# Years beyond these are not asked about; lunar_python itself goes further.
FIRST_YEAR, LAST_YEAR = 1950, 2090


@lru_cache(maxsize=64)
def _months(year: int) -> dict[int, tuple[date, int]]:
    """Give for each regular month of a lunar year its first day and its length."""
    months = {}
    for month in LunarYear.fromYear(year).getMonths():
        # The year's table also holds months of its neighbours; leap months are negative.
        if month.getYear() == year and month.getMonth() > 0:
            first = _from_julian(month.getFirstJulianDay())
            months[month.getMonth()] = (first, month.getDayCount())
    return months


def _from_julian(day: float) -> date:
    return date.fromordinal(int(day + 0.5) - 1721425)


def warm(first: int, last: int) -> None:
    """Compute the years ahead of the first question: 5 ms each."""
    for year in range(first, last + 1):
        _months(year)


def lunar_month(year: int, month: int) -> tuple[date, date]:
    """Give first and last day of a month of that lunar year (12 is 腊月)."""
    first, days = _months(year)[month]
    return first, first + timedelta(days=days - 1)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """Give the day, or None where the month is shorter."""
    first, days = _months(year)[month]
    return first + timedelta(days=day - 1) if 1 <= day <= days else None


def feast_day(name: str, year: int) -> date:
    """Give the (first) day of the feast that falls in that solar year; KeyError for no feast."""
    name = OTHER_NAMES.get(name, name)
    if name in SOLAR:
        return date(year, *SOLAR[name])
    if name == "清明":
        # The sun's 15 degrees, by the usual formula for the years 2000 to 2099.
        part = year % 100
        return date(year, 4, int(0.2422 * part + 4.81) - part // 4)
    if name == "除夕":
        return feast_day("春节", year) - timedelta(days=1)
    month, day = LUNAR[name]
    found = lunar_month(year, month)[0] + timedelta(days=day - 1)
    # 腊八 of the lunar year mostly falls in January of the next solar one.
    return (
        found if found.year == year else lunar_month(year - 1, month)[0] + timedelta(days=day - 1)
    )


def around(name: str) -> int:
    """Give how many days before and after a feast count with it (queries.md, Dates)."""
    return 15 if OTHER_NAMES.get(name, name) in ("春节", "除夕") else 7
