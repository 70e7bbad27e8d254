"""Whatever is said of time, on whatever day: a period never ends before it starts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.understanding.test_labelled_messages import TODAY, understanding

YEARS = ("", "今年", "去年", "前年", "2024年", "24年", "二零二五年", "99999年", "明年", "旧年")
UNITS = (
    "3月", "13月", "十二月份", "2月30号", "0月", "上个月", "上上个月", "一季度", "下半年", "腊月",
    "春节", "国庆", "31号", "11月20号", "上旬", "年底", "近三个月", "前三个月", "近999天", "这周",
    "202503", "2025.3", "2025-02-30", "昨天", "正月初一", "闰六月", "半年", "五个月",
)  # fmt: skip
JOINTS = ("", "到", "至", "-", "和", "以来", "到现在", "前后", "比", "、", "从", "~")
said = st.lists(st.sampled_from(YEARS + UNITS + JOINTS), min_size=1, max_size=7).map("".join)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
tails = st.sampled_from(("", "花了好多钱", "的账", "收入合计", "呢", "修路用了多少"))

HARD = (
    "账" * 10_000,
    "上个月" * 700,
    "一万" * 1_000,
    "😀🎉👍" * 50,
    "\ud800\udfff上个月花了多少",
    "上个月\x00花了\x1b[31m多少\x7f",
    "'; DROP TABLE disclosures; --",
    "{{7*7}}${jndi:ldap://x}<script>alert(1)</script>",
    "ᴸᵃˢᵗ мonth 上個月 花咗幾多 ١٢٣",
    "2月30号花了多少",
    "99999年花了多少",
    "9" * 4_000,
    "\u202e上个月花了多少\u200b\u200d",
)


@given(said, tails, days)
def test_no_period_ends_before_it_starts(period: str, tail: str, today: date) -> None:
    slots = understanding().read(period + tail, today=today).slots

    for found in (slots.period, slots.period2):
        if found:
            assert found.start <= found.end


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_hard_input_is_read_or_not_but_breaks_nothing(text: str) -> None:
    meaning = understanding().read(text, today=TODAY)

    assert meaning.as_json()["intent"]


@pytest.mark.parametrize("text", ["2月30号花了多少", "13月花了多少", "99999年花了多少"])
def test_a_date_that_does_not_exist_is_no_period(text: str) -> None:
    assert understanding().read(text, today=TODAY).slots.period is None
