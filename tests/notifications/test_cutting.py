"""A shortened text says less, never something else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.cutting import cut


def test_what_fits_stays_as_it_is() -> None:
    assert cut("支出5元。", max_chars=5, tail="……") == "支出5元。"


def test_a_sentence_is_kept_whole() -> None:
    text = "10月支出38,420.50元。最多的是村道补坑9,800元,还有保洁。"

    assert cut(text, max_chars=20, tail="等") == "10月支出38,420.50元。等"


def test_without_a_sentence_a_clause_ends_it() -> None:
    assert cut("修村道、补坑、换路灯、清淤", max_chars=9, tail="等") == "修村道、补坑等"


@pytest.mark.parametrize(
    ("text", "max_chars", "kept"),
    [
        ("合计支出56,805.63元整", 10, "合计支出"),
        ("合计支出56,805.63元整", 13, "合计支出"),
        ("合计支出56,805.63元整了", 14, "合计支出56,805.63元"),
        ("村里付了三百二十元给他", 7, "村里付了"),
        ("日期是2026年11月8日以前", 8, "日期是"),
        ("用到2031年12月31日到期", 10, "用到"),
        ("见https://a.example/v/990101001001/和别的", 20, "见"),
        ("占总数的12.5%以上", 7, "占总数的"),
    ],
)
def test_figures_dates_and_addresses_are_not_cut_in_two(
    text: str, max_chars: int, kept: str
) -> None:
    assert cut(text, max_chars=max_chars) == kept


def test_a_link_is_kept_or_dropped_whole() -> None:
    text = '看账<a href="https://a.example/">听竹村的账。十月</a>就行了吧'

    assert cut(text, max_chars=40) == "看账"
    assert cut(text, max_chars=len(text) - 1).startswith(text[:-5])


def test_a_run_of_letters_that_is_no_word_can_be_cut() -> None:
    assert len(cut("a" * 1000, max_chars=100)) == 64


def test_bytes_are_counted_in_utf_8() -> None:
    assert cut("账" * 10, max_chars=10, max_bytes=10) == "账账账"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("好👍🏽好", "好"),
        ("好👨\u200d👩\u200d👧好", "好"),
        ("好e\u0301好", "好"),
        ("好☀\ufe0f好", "好"),
    ],
)
def test_a_character_is_not_parted_from_what_modifies_it(text: str, kept: str) -> None:
    assert cut(text, max_chars=2) == kept


def test_a_tail_that_does_not_fit_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="tail"):
        cut("好好好", max_chars=2, tail="没有完")


WORDS = st.lists(
    st.sampled_from(
        ["支出", "38,420.50元", "。", "，", "三百二十元", "12", "\n", "保洁", "：", "、", " "]
    ),
    max_size=60,
).map("".join)


@given(WORDS, st.integers(4, 60), st.sampled_from(["", "等", "0继续"]))
def test_no_figure_appears_that_was_not_there(text: str, max_chars: int, tail: str) -> None:
    short = cut(text, max_chars=max_chars, tail=tail)

    assert len(short) <= max_chars
    if short != text:
        kept = short.removesuffix(tail)
        assert text.startswith(kept)
        assert not re.match(r"[\d.,]*\d", text[len(kept) :]) or not re.search(r"\d$", kept)


@given(st.text(max_size=200), st.integers(0, 100), st.integers(0, 100))
def test_limits_hold_for_any_text(text: str, max_chars: int, max_bytes: int) -> None:
    short = cut(text, max_chars=max_chars, max_bytes=max_bytes)

    assert len(short) <= max_chars
    assert len(short.encode("utf-8", "surrogatepass")) <= max_bytes
