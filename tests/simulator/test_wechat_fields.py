"""Every row of wechat.md 2.3: what a typed key takes, and what it refuses."""

import pytest

from simulator.wechat.fields import KINDS, complaint, displayed, kind_of

TAKEN = {
    "thing": ["账", "听竹村10月财务公开, 3笔!", "字" * 20],
    "character_string": ["A-2026/11#3", "x" * 32, "No. 12"],
    "time": [
        "15:01",
        "2019年10月1日 15:01",
        "2019-10-01 15:01:02",
        "2019年10月1日15:01",
        "15:01~16:30",
        "2019年10月1日 15:01~2019年10月2日 16:00",
    ],
    "date": [
        "2026年11月24日",
        "2026-11-24",
        "2026/11/24",
        "2026.11.24",
        "2026年11月24日 09:30",
        "2026年11月1日~2026年11月30日",
    ],
    "amount": ["100", "38420.50", "¥38420.50", "￥1元", "38420.50元", "1234567890"],
    "phone_number": ["0818-1234567", "+86-16600010071", "1" * 17],
    "car_number": ["川A12345", "川A1234学", "A123456", "粤Z1234港"],
    "number": ["0", "1" * 32],
    "letter": ["a", "Z" * 32],
    "symbol": ["!", "#@%&*"],
    "name": ["张", "买买提吐尔逊一二三四", "Li Xiaoman", "J. O'Neil-Smith"],
    "phrase": ["已公开", "待审核", "一二三四五"],
    "const": [""],
    "keyword": ["字" * 50, ""],
}
REFUSED = {
    "thing": ["字" * 21, "一行\n两行", "有\t制表", "\x07", ""],
    "character_string": ["村3", "x" * 33, "ａ", ""],
    "time": ["24:00", "15:60", "下午3点", "2019-10-01", "2019-13-01 10:00", "15:01-16:30", ""],
    "date": ["2026年11月", "11月24日", "15:01", "2026-11-24~", "26-11-24", "2026-00-10", ""],
    "amount": ["1,200", "一百", "12345678901", "-5", "1.2.3", "元", "5元整", ""],
    "phone_number": ["1" * 18, "电话12345", ""],
    "car_number": ["川A123456学", "川 A1234", "A川B123", ""],
    "number": ["1" * 33, "3.5", "三", "１", ""],
    "letter": ["a1", "a" * 33, "é", ""],
    "symbol": ["!!!!!!", "a", "账", ""],
    "name": ["一二三四五六七八九十一", "a" * 21, "Li 4", ""],
    "phrase": ["一二三四五六", "ok", "已公开!", ""],
    "const": ["未经审核的词"],
    "enum": ["未经审核的词", ""],
    "short_thing": ["未经审核的词", ""],
}


def test_every_kind_is_tried() -> None:
    assert {*TAKEN, *REFUSED} == KINDS - {"first", "remark"}


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, values in TAKEN.items() for v in values])
def test_a_value_that_fits_is_taken(kind: str, value: str) -> None:
    assert complaint(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "value"), [(k, v) for k, values in REFUSED.items() for v in values]
)
def test_a_value_that_does_not_fit_is_named(kind: str, value: str) -> None:
    assert complaint(kind, value) == ("invalid" if value else "is empty")


@pytest.mark.parametrize("kind", ["const", "enum", "short_thing"])
def test_listed_kinds_take_what_review_approved(kind: str) -> None:
    assert complaint(kind, "财务公开", ("财务公开", "党务公开")) is None
    assert complaint(kind, "字" * 21, ("字" * 21,)) == "invalid"


def test_a_historical_keyword_is_cut_and_first_and_remark_are_not_shown() -> None:
    assert displayed("keyword", "字" * 21) == "字" * 20 + "…"
    assert displayed("first", "您好") is None
    assert displayed("remark", "谢谢") is None
    assert displayed("thing", "账") == "账"


def test_the_kind_is_read_from_the_key() -> None:
    assert [kind_of(key) for key in ("thing3", "phone_number12", "first")] == [
        "thing",
        "phone_number",
        "first",
    ]
