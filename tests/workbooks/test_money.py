from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.money import WAN, format_fen, is_nothing, read_money

FEN = st.integers(min_value=-(10**13), max_value=10**13)
POSITIVE = st.integers(min_value=1, max_value=10**11)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_FULL = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def in_capitals(fen: int) -> str:
    """Bank capitals as forms want them: 壹仟零伍元叁角整."""
    yuan, rest = divmod(fen, 100)
    words = _whole(yuan) + "元" if yuan else ""
    jiao, last = divmod(rest, 10)
    if jiao:
        words += _DIGITS[jiao] + "角"
    if last:
        words += ("零" if yuan and not jiao else "") + _DIGITS[last] + "分"
    return words if last else words + "整"


def _whole(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            between = "零" if low and low < unit // 10 else ""
            return _whole(high) + name + between + (_whole(low) if low else "")
    words, pending = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if pending and words else "") + _DIGITS[digit] + name
            pending = False
        else:
            pending = True
    return words


@given(FEN)
def test_formatted_amount_is_read_back(fen: int) -> None:
    money = read_money(format_fen(fen))

    assert money is not None
    assert money.fen == fen
    assert money.is_red == (fen < 0)


@given(
    POSITIVE, st.sampled_from(["{}", "{}元", "¥{}", "￥{} ", " {} 元", "人民币{}", "+{}", "RMB{}"])
)
def test_currency_and_blanks_around_an_amount_change_nothing(fen: int, form: str) -> None:
    money = read_money(form.format(f"{fen // 100:,}.{fen % 100:02d}"))

    assert money is not None
    assert money.fen == fen
    assert money.flags == ()


@given(POSITIVE)
def test_full_width_is_read_and_noted(fen: int) -> None:
    money = read_money(format_fen(fen).translate(_FULL))

    assert money is not None
    assert money.fen == fen
    assert money.flags == ("fullwidth",)


@given(POSITIVE, st.sampled_from(["-{}", "({})", "（{}）", "−{}", "负{}", "{}-", "¥-{}", "-￥{}"]))
def test_reversals_are_negative_however_written(fen: int, form: str) -> None:
    money = read_money(form.format(format_fen(fen)))

    assert money is not None
    assert money.fen == -fen
    assert money.is_red


@given(st.integers(min_value=1, max_value=10**13))
def test_capitals_are_read(fen: int) -> None:
    money = read_money(in_capitals(fen))

    assert money is not None
    assert money.fen == fen
    assert money.flags == ("chinese_numerals",)


@given(st.decimals(min_value=0, max_value=9999, places=6))
def test_wan_is_ten_thousand_yuan(amount: Decimal) -> None:
    by_unit, by_word = read_money(str(amount), WAN), read_money(f"{amount}万元")

    assert by_unit is not None
    assert by_word is not None
    assert by_unit.fen == by_word.fen == int(amount * 1_000_000)


@given(st.integers(min_value=0, max_value=10**11))
def test_floating_point_dust_is_no_fraction(fen: int) -> None:
    money = read_money(fen / 100)

    assert money is not None
    assert money.fen == fen
    assert "rounded" not in money.flags


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    money = read_money(text)

    assert money is None or isinstance(money.fen, int)


@pytest.mark.parametrize(
    "text",
    [
        "待定", "一千二", "一万二", "约500", "500/月", "500*2", "1,23", "12,34.5",
        "1.2E+04", "..", ".", "见附件", "500-300", "1 2", "万元", "元", "壹仟佰", "拾拾",
        "九九八", "12345678901234567", "5角3", "（）", "-", "1万2千", "３／４",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_number_is_none(text: str) -> None:
    assert read_money(text) is None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("9,800.00元", 980000), ("1,236.5", 123650), ("1.2万元", 1200000), ("3千元", 300000),
        ("叁佰贰拾元整", 32000), ("人民币壹仟元整", 100000), ("伍角", 50), ("一百零五元", 10500),
        ("十五", 1500), (" 1 050.00 ", 105000), ("2400.00 元", 240000), ("1,0000", 1000000),
        ("0", 0), ("5.", 500), (".5", 50), ("廿五元", 2500), ("二十五块", 2500), ("1亿元", 10**10),
    ],
)  # fmt: skip
def test_spellings_of_accountants(text: str, fen: int) -> None:
    money = read_money(text)

    assert money is not None
    assert money.fen == fen


def test_fraction_of_a_fen_is_rounded_and_noted() -> None:
    money = read_money(100 / 3)

    assert money is not None
    assert (money.fen, money.flags) == (3333, ("rounded",))


def test_no_other_type_is_an_amount() -> None:
    assert read_money(True) is None
    assert read_money(None) is None
    assert read_money(float("nan")) is None
    assert read_money(float("inf")) is None


@pytest.mark.parametrize("value", [None, "", "  ", "-", "—", "/", "无", "－"])
def test_dash_and_blank_say_nothing(value: object) -> None:
    assert is_nothing(value)


@pytest.mark.parametrize("value", ["0", 0, 0.0, "待定", "1"])
def test_zero_and_words_say_something(value: object) -> None:
    assert not is_nothing(value)
