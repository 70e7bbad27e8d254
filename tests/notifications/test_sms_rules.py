"""What may stand in a variable, row by row of sms.md 1.7, and how other values are made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import length
from notifications.sms_rules import (
    MAX_VALUE_CHARS,
    TemplateProblem,
    VariableKind,
    fits,
    is_simplified,
    make_fit,
    max_chars,
    template_problems,
    worst_case_segments,
)

K = VariableKind

FITTING: dict[VariableKind, list[str]] = {
    K.NUMBER_CAPTCHA: ["1234", "123456"],
    K.CHARACTER_CAPTCHA: ["12ab", "ABCDEF"],
    K.TIME: [
        "2026-11-24",
        "2026/1/2",
        "2026-11-24 14:00",
        "14:00",
        "9:05:07",
        "11月24日 14:00",
        "上午 9:00",
        "上午",
    ],
    K.MONEY: ["0", "38420.50", "5.1", "9999999999999.99"],
    K.NAME: ["李明", "欧阳修远", "阿依古丽汗"],
    K.UNIT_NAME: ["听竹村", "李家村三组", "村" * 20],
    K.USER_NICK: ["买买提·吐尔逊", "周小满", "A1", "村" * 20],
    K.ADDRESS: ["稻香街道3号院", "村" * 30],
    K.OTHER_NUMBER: ["0012", "SN1", "a" * 35],
    K.PHONE_NUMBER: ["16600010071", "12345", "0571-88888888", "400-123-4567", "1234567890123"],
    K.LINK_PARAM: ["a1B2", "12345678"],
    K.EMAIL_ADDRESS: ["a.b@cun.example.cn"],
    K.LICENSE_PLATE: ["浙A12345", "浙AD12345", "粤B1234学"],
    K.TRACKING_NUMBER: ["SF123456", "a" * 30],
    K.PICK_UP_CODE: ["3-2-1234", "A12"],
    K.OTHERS: ["村道补坑9800元,经手李某", "“听竹村”10月账", "占12.5%", "村" * 35, "5月-6月"],
}

UNFIT: dict[VariableKind, list[str]] = {
    K.NUMBER_CAPTCHA: ["", "123", "1234567", "12a4", "１２３４"],
    K.CHARACTER_CAPTCHA: ["123", "1234567", "12-4"],
    K.TIME: [
        "2026年11月24日",
        "2026-13-01",
        "2026-11-32",
        "24:00",
        "11月24日",
        "2026-11/24",
        "明天",
        "2026-11-24  14:00",
    ],
    K.MONEY: ["", "5元", "¥5", "38,420.50", "1.234", ".5", "-5", "5.", "1" * 14, "５"],
    K.NAME: ["李", "李家村的人们", "买买提·吐尔逊", "Li", "李 明"],
    K.UNIT_NAME: ["", "李家村3组", "村" * 21, "听竹村A"],
    K.USER_NICK: ["", "村" * 21, "16600010071", "加微信abc", "a\nb"],
    K.ADDRESS: ["", "村" * 31, "见www.a.cn", "a.com"],
    K.OTHER_NUMBER: ["", "记-0012", "a" * 36, "1 2"],
    K.PHONE_NUMBER: ["1234", "12345678901234", "12660001007a", "-12345", "12345-", "0571--8888888"],
    K.LINK_PARAM: ["", "123456789", "a-b"],
    K.EMAIL_ADDRESS: ["a", "a@b", "村@a.cn"],
    K.LICENSE_PLATE: ["A12345", "浙12345", "浙A123"],
    K.TRACKING_NUMBER: ["SF12", "SF-12345", "a" * 31],
    K.PICK_UP_CODE: ["", "-1", "12345"],
    K.OTHERS: [
        "",
        " ",
        "村" * 36,
        "打16600010071",
        "打+8616600010071",
        "打0571-88888888",
        "打400-123-4567",
        "http://a",
        "看cun.gov.cn",
        "ＷＷＷ．A．CN",
        "１６６０００１００７１",
        "QQ123456",
        "微信",
        "【好】",
        "★好",
        "①好",
        "好😀",
        "聽竹村",
        "a\nb",
        "a\tb",
        "好\u200b",
        "□好",
    ],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in FITTING.items() for value in values]
)
def test_a_value_that_fits(kind: VariableKind, value: str) -> None:
    assert fits(kind, value)
    assert make_fit(kind, value, marker="等") == value


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in UNFIT.items() for value in values]
)
def test_a_value_that_does_not_fit(kind: VariableKind, value: str) -> None:
    assert not fits(kind, value)


def test_every_kind_is_tried() -> None:
    assert set(FITTING) == set(UNFIT) == set(VariableKind)


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        (K.MONEY, "56,805.63元", "56805.63"),
        (K.MONEY, "¥1,200", "1200"),
        (K.MONEY, "１２元", "12"),
        (K.MONEY, "1,2元", None),
        (K.MONEY, "没有", None),
        (K.MONEY, "-5元", None),
        (K.TIME, "2026年3月5日", "2026-03-05"),
        (K.TIME, "2026年11月24日 14:00", "2026-11-24 14:00"),
        (K.TIME, "2026年11月24日14:00", "2026-11-24 14:00"),
        (K.TIME, "11月24日", None),
        (K.UNIT_NAME, "李家村3组", "李家村三组"),
        (K.UNIT_NAME, "向阳坪村12组", "向阳坪村十二组"),
        (K.UNIT_NAME, "向阳坪村20组", "向阳坪村二十组"),
        (K.UNIT_NAME, "向阳坪村123组", None),
        (K.UNIT_NAME, "聽竹村", "听竹村"),
        (K.NAME, " 李 明 ", "李明"),
        (K.NAME, "买买提·吐尔逊", None),
        (K.USER_NICK, "买买提•吐尔逊", "买买提吐尔逊"),
        (K.OTHER_NUMBER, "2026-0012", "20260012"),
        (K.OTHER_NUMBER, "记-0012", None),
        (K.OTHERS, "聽竹村\n十月的帳", "听竹村 十月的帐"),
        (K.OTHERS, "好😀的【通知】", "好的(通知)"),
        (K.OTHERS, "500㎡", "500平方米"),
        (K.OTHERS, "请打16600010071", None),
        (K.OTHERS, "看www.a.cn", None),
        (K.OTHERS, "微信收款手续费", None),
        (K.OTHERS, "😀", None),
        (K.OTHERS, "", None),
    ],
)
def test_a_value_is_brought_into_form(kind: VariableKind, value: str, made: str | None) -> None:
    assert make_fit(kind, value) == made


def test_long_words_end_at_a_clause_and_say_so() -> None:
    long = "村道补坑9,800元、保洁劳务6,200元、水泵修理3,150元、路灯更换2,400元"

    made = make_fit(K.OTHERS, long, marker="等")

    assert made == "村道补坑9,800元、保洁劳务6,200元、水泵修理3,150元等"


def test_a_figure_is_dropped_rather_than_cut() -> None:
    assert make_fit(K.OTHERS, "款" * 30 + "56,805.63元") == "款" * 30


def test_a_value_of_which_nothing_is_left_is_none() -> None:
    assert make_fit(K.OTHERS, "1" * 36, marker="等") is None


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=80) | st.text(
    "听竹村帳聽0123456789.,-元 \n【】😀a@:/。，", max_size=80
)


@given(st.sampled_from(VariableKind), ANY_TEXT, st.sampled_from(["", "等"]))
def test_what_is_made_to_fit_fits(kind: VariableKind, value: str, marker: str) -> None:
    made = make_fit(kind, value, marker=marker)

    if made is not None:
        assert fits(kind, made)
        assert 1 <= length(made) <= max_chars(kind) <= MAX_VALUE_CHARS
        assert made.isprintable()


def test_simplified_characters_are_told_from_traditional_ones() -> None:
    assert is_simplified("乾隆年间的账")
    assert not is_simplified("這個月的帳")


NOTICE = "${village}的账已公开,共${count}笔,合计${money}元。回复0继续"
KINDS = {"village": K.UNIT_NAME, "count": K.OTHER_NUMBER, "money": K.MONEY}


def test_a_good_template_has_no_problem() -> None:
    assert template_problems(NOTICE, KINDS) == []


@pytest.mark.parametrize(
    ("text", "kinds", "problem"),
    [
        ("", {}, TemplateProblem.EMPTY),
        ("长" * 501, {}, TemplateProblem.TOO_LONG),
        ("长" * 470 + "${a}", {"a": K.OTHERS}, TemplateProblem.TOO_LONG),
        ("账${a}${b}", {"a": K.MONEY, "b": K.OTHERS}, TemplateProblem.ADJACENT),
        ("账${a}和${a}", {"a": K.MONEY}, TemplateProblem.REPEATED),
        ("${a}", {"a": K.OTHERS}, TemplateProblem.WHOLE_TEXT),
        ("账${a}", {}, TemplateProblem.UNDECLARED),
        ("账", {"a": K.MONEY}, TemplateProblem.UNUSED),
        ("账${1a}", {}, TemplateProblem.MALFORMED),
        ("【明禾】账", {}, TemplateProblem.MARKS),
        ("[账", {}, TemplateProblem.MARKS),
        ("账]", {}, TemplateProblem.MARKS),
        ("①账", {}, TemplateProblem.MARKS),
        ("帳", {}, TemplateProblem.TRADITIONAL),
        ("打16600010071", {}, TemplateProblem.CONTACT),
        ("看www.a.cn", {}, TemplateProblem.CONTACT),
        ("账。拒收请回复R", {}, TemplateProblem.OPT_OUT),
    ],
)
def test_a_template_that_would_not_be_approved(
    text: str, kinds: dict[str, VariableKind], problem: TemplateProblem
) -> None:
    assert problem in template_problems(text, kinds)


def test_the_signature_counts_for_the_length() -> None:
    text = "长" * 496

    assert template_problems(text, {}) == []
    assert template_problems(text, {}, "明禾公开") == [TemplateProblem.TOO_LONG]


def test_the_worst_case_decides_on_the_price() -> None:
    # 6 of signature, 20 of fixed text, 20 + 35 + 16 of variables
    assert worst_case_segments(NOTICE, KINDS, "明禾公开") == 2
    assert worst_case_segments("账已公开。", {}, "明禾公开") == 1
