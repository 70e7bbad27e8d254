from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.dates import Month, months_named, read_day, read_month, read_part, year_named

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))
_DIGITS = "〇一二三四五六七八九"
_FULL = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")


def in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    high = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return high + (_DIGITS[ones] if ones else "")


FORMS = (
    "{y}-{m}-{d}", "{y}.{m}.{d}", "{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}-{m:02d}-{d:02d}",
    "{y}{m:02d}{d:02d}", "{y}年{m}月{d}号", " {y}.{m}.{d} ", "{y}.{m}.{d}日", "{y} {m} {d}",
    "{y}-{m:02d}-{d:02d} 00:00:00", "{y}-{m:02d}-{d:02d}T08:30", "{y}年{m}月{d}日(周三)",
    "{s:02d}.{m}.{d}",
)  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_full_dates_need_no_title(day: date, form: str) -> None:
    text = form.format(y=day.year, s=day.year % 100, m=day.month, d=day.day)

    assert read_day(text) is not None
    assert read_day(text) == read_day(day)


@given(DAYS, st.sampled_from(["{m}月{d}日", "{m}.{d}", "{m}/{d}", "{m}-{d}", "{m}月{d}号"]))
def test_date_without_a_year_takes_the_titles(day: date, form: str) -> None:
    text = form.format(m=day.month, d=day.day)

    read = read_day(text, year=day.year)

    assert read is not None
    assert (read.date, read.flags) == (day, ("year_inferred",))
    assert read_day(text) is None


@given(DAYS)
def test_full_width_is_noted(day: date) -> None:
    read = read_day(f"{day.year}.{day.month}.{day.day}".translate(_FULL))

    assert read is not None
    assert (read.date, read.flags) == (day, ("fullwidth",))


@given(DAYS)
def test_words_are_read(day: date) -> None:
    month_and_day = f"{in_words(day.month)}月{in_words(day.day)}日"
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))

    whole, short = read_day(f"{year}年{month_and_day}"), read_day(month_and_day, year=day.year)

    assert whole is not None
    assert short is not None
    assert whole.date == short.date == day
    assert short.flags == ("year_inferred", "chinese_date")


@given(DAYS)
def test_serial_number_of_a_spreadsheet_is_a_date(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days

    for value in (serial, float(serial), str(serial)):
        read = read_day(value)
        if serial in range(30_000, 60_001):
            assert read is not None
            assert (read.date, read.flags) == (day, ("excel_serial_date",))


@given(st.one_of(st.text(max_size=14), st.floats(), st.integers(), st.none(), st.booleans()))
def test_any_value_is_a_date_or_none(value: object) -> None:
    read = read_day(value, year=2026, month=3)

    assert read is None or isinstance(read.date, date)


@pytest.mark.parametrize(
    "text",
    [
        "2026.3.32", "2026.2.29", "2026.13.1", "3月", "2026年3月", "待补", "2026.3.27-28",
        "3.27-3.28", "5/3/2026", "农历三月初五", "〃", "", "二十五", "2026", "0.5",
        "2026.3", "1026.3.5", "3月32日",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_none(text: str) -> None:
    assert read_day(text, year=2026, month=3) is None


def test_datetime_is_its_day() -> None:
    read = read_day(datetime(2026, 3, 6, 12, 30))  # noqa: DTZ001 - spreadsheets know no zones

    assert read is not None
    assert read.date == date(2026, 3, 6)


def test_bare_day_takes_month_and_year_of_the_title() -> None:
    read = read_day("5日", year=2026, month=3)

    assert read is not None
    assert read.date == date(2026, 3, 5)
    assert read.flags == ("year_inferred", "month_inferred")


def test_number_3_1_may_have_been_the_tenth() -> None:
    unsure, sure = read_day(3.1, year=2026), read_day(3.12, year=2026)

    assert unsure is not None
    assert sure is not None
    assert unsure.flags == ("year_inferred", "unsure_day", "confirm")
    assert sure.flags == ("year_inferred",)


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("竹影镇半溪村集体经济组织二〇二六年三月份财务收支公开明细表", [(2026, 3)]),
        ("二○二六年十二月", [(2026, 12)]),
        ("2026年第一季度收支", [(2026, 1), (2026, 2), (2026, 3)]),
        ("2025年四季度", [(2025, 10), (2025, 11), (2025, 12)]),
        ("2026年1-3月财务公开", [(2026, 1), (2026, 2), (2026, 3)]),
        ("2026年上半年", [(2026, month) for month in range(1, 7)]),
        ("３月收支", [(None, 3)]),
        ("三月账.xlsx", [(None, 3)]),
        ("202603", [(2026, 3)]),
        ("2026-03账", [(2026, 3)]),
        ("编制日期:2026.4.7", []),
        ("2026年4月7日", []),
        ("每月8日前报镇", []),
        ("财务公开表", []),
    ],
)
def test_months_of_titles(title: str, months: list[tuple[int | None, int]]) -> None:
    assert list(months_named(title)) == months


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("2026-03", (2026, 3)), ("2026年3月", (2026, 3)), ("202603", (2026, 3)),
        (202603, (2026, 3)),
        (202603.0, (2026, 3)), ("２０２６．３", (2026, 3)), (date(2026, 3, 1), (2026, 3)),
        ("2026-03-01", (2026, 3)), ("二〇二六年三月", (2026, 3)), ("3月", None), ("2026-13", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_months_of_cells(value: object, month: Month | None) -> None:
    assert read_month(value) == month


def test_year_of_a_file_name() -> None:
    assert year_named("2026年账.xlsx") == 2026
    assert year_named("二〇二五年.csv") == 2025
    assert year_named("三月账.xlsx") is None


def test_month_and_day_of_their_own_columns() -> None:
    assert read_part(4.0) == (4, ())
    assert read_part("４") == (4, ("fullwidth",))
    assert read_part("10日") == (10, ())
    assert read_part("十二月") == (12, ())
    assert read_part("无") is None
    assert read_part(4.5) is None
