"""Values fitted to fields: cut at sentences, never empty, without numbers that belong to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import texts
from notifications.rendering import fill, run_through, sms_variables, wechat_fields

LONG = "明天上午九点在村委会开会。请带上身份证。会上讨论修路的钱怎么用,大家都来听一听,说一说。"


def test_a_variable_that_looks_like_one_stays_what_it_is() -> None:
    assert fill("${title}:${text}", {"title": "${text}", "text": "好"}) == "${text}:好"


def test_a_sentence_ends_once() -> None:
    assert fill("${title}:${text}。", {"title": "通知", "text": "明天开会。"}) == "通知:明天开会。"
    assert fill("${text}", {"text": "明天开会。"}) == "明天开会。"
    filled = sms_variables("notice", [("text", "text")], {"text": "明天开会。"})
    assert filled.values == {"text": "明天开会"}


def test_numbers_that_belong_to_people_do_not_leave() -> None:
    filled = wechat_fields([("thing1", "text")], {"text": "找13800138000"})

    assert fill("请打${text}", {"text": "13800138000"}) == "请打***"
    assert filled.values == {"thing1": "找***"}


def test_a_thing_ends_at_a_sentence_and_says_that_there_is_more() -> None:
    filled = wechat_fields([("thing1", "text")], {"text": LONG})

    assert filled.values == {"thing1": "明天上午九点在村委会开会…"}
    assert filled.shortened


def test_one_parameter_runs_through_several_fields() -> None:
    fields = [("thing1", "text"), ("thing2", "text"), ("thing3", "text")]

    filled = wechat_fields(fields, {"text": LONG})

    assert filled.values["thing1"] == "明天上午九点在村委会开会。请带上身份证。"
    assert filled.values["thing2"].startswith("会上讨论修路的钱")
    assert all(len(value) <= 20 for value in filled.values.values())


def test_a_field_with_nothing_left_to_say_is_not_empty() -> None:
    filled = wechat_fields([("thing1", "text"), ("thing2", "text")], {"text": "开会"})

    assert filled.values == {"thing1": "开会", "thing2": texts.FILLER}
    assert not filled.shortened


def test_line_breaks_do_not_reach_a_field() -> None:
    filled = wechat_fields([("thing1", "text")], {"text": "一\n二\t三"})

    assert filled.values == {"thing1": "一 二 三"}


@pytest.mark.parametrize(
    ("field", "value", "fitted"),
    [
        ("amount1", "56,805.63元", "56805.63元"),
        ("character_string1", "记-202510-003", None),
        ("character_string1", "JZ-202510-003", "JZ-202510-003"),
        ("number1", "31", "31"),
        ("phrase1", "财务公开表", "财务公开表"),
        ("phrase1", "财务公开表格", None),
        ("date1", "2026年12月8日", "2026年12月8日"),
    ],
)
def test_typed_fields_take_what_fits(field: str, value: str, fitted: str | None) -> None:
    filled = wechat_fields([(field, "p")], {"p": value})

    assert filled.values == ({} if fitted is None else {field: fitted})
    assert filled.refused == ("p" if fitted is None else "")


def test_a_long_notice_by_sms_ends_in_how_to_read_on() -> None:
    fields = [("title", "title"), ("text", "text")]

    filled = sms_variables("notice", fields, {"title": "开会", "text": LONG})

    assert filled.shortened
    assert filled.values["text"].endswith(texts.SEE_WHOLE)
    assert len(filled.values["text"]) <= 35


def test_figures_and_names_are_never_cut_for_sms() -> None:
    names = ["village", "period", "direction", "amount", "count"]
    params = {
        "village": "听竹村",
        "period": "2025年12月15日到2026年10月24日",
        "direction": "支出",
        "amount": "1,234,567.89",
        "count": "31",
    }

    filled = sms_variables("answer_total", [(n, n) for n in names], params)

    assert filled.values["period"] == params["period"]
    assert filled.values["amount"] == "1234567.89"


def test_a_link_has_no_form_by_sms() -> None:
    filled = sms_variables("integrity_reminder", [("text", "text")], {"text": "看www.example.com"})

    assert filled.refused == "text"


@given(st.text(alphabet="一二三四五六七八九十。，0123456789.元 ", min_size=1), st.integers(1, 4))
def test_pieces_fit_their_fields_and_none_is_empty(text: str, count: int) -> None:
    pieces, shortened = run_through(text.strip() or "一", [20] * count, tail="…")

    assert len(pieces) == count
    assert all(1 <= len(piece) <= 20 for piece in pieces)
    if not shortened:
        together = "".join(piece for piece in pieces if piece != texts.FILLER)
        assert together.replace(" ", "") == (text.strip() or "一").replace(" ", "")


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        ("time1", "15:01", True),
        ("time1", "2019年10月1日 15:01", True),
        ("time1", "2019-10-01 15:01:02", True),
        ("time1", "2019年10月1日 15:01~2019年10月2日 15:01", True),
        ("time1", "明天上午", False),
        ("time1", "25:00", False),
        ("date1", "2019年10月1日", True),
        ("date1", "11月8日", True),
        ("date1", "八号", False),
        ("phrase1", "已公开", True),
        ("phrase1", "已经公开了吧", False),
        ("phrase1", "OK", False),
        ("character_string1", "A-24/3", True),
        ("character_string1", "编号24", False),
        ("number1", "12", True),
        ("number1", "12个", False),
        ("letter1", "AB", True),
        ("letter1", "A1", False),
        ("symbol1", "~!", True),
        ("symbol1", "a", False),
        ("car_number1", "川A12345", True),
        ("car_number1", "川A123456789", False),
        ("phone_number1", "12345", True),
        ("phone_number1", "打村委会", False),
        ("amount1", "1,200.50元", True),
        ("amount1", "很多", False),
        ("name1", "许有田", True),
        ("name1", "听竹村村务监督委员会的人", False),
    ],
)
def test_a_typed_field_takes_what_the_platform_takes(field: str, value: str, taken: bool) -> None:
    found = wechat_fields([(field, "x")], {"x": value})

    assert (found.refused == "") is taken
