"""Help pages laid out for terminals on which a Chinese character fills two columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.usage import display_width, wrapped

WORDS = st.text(alphabet="村账目公开abc123 ,。(", max_size=200)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("明白账", 6), ("“账”", 4), ("账 2,a", 6)]
)
def test_a_chinese_character_is_two_columns_wide(text: str, width: int) -> None:
    assert display_width(text) == width


def test_a_line_breaks_between_characters_and_never_inside_a_word() -> None:
    assert wrapped("明白账 config.toml 在这里", 14) == ["明白账", "config.toml 在", "这里"]


def test_a_line_never_begins_with_punctuation() -> None:
    assert wrapped("村里的账,都在", 8) == ["村里的账,", "都在"]


def test_lines_of_the_text_and_their_indents_stay() -> None:
    assert wrapped("例子:\n  公开公开公开", 10) == ["例子:", "  公开公开", "  公开"]


@given(text=WORDS, width=st.integers(min_value=4, max_value=40))
def test_nothing_is_lost_but_blanks_at_the_breaks(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


@given(text=st.text(alphabet="村账目公开", max_size=200), width=st.integers(2, 40))
def test_no_line_is_wider_than_it_may_be(text: str, width: int) -> None:
    assert all(display_width(line) <= width for line in wrapped(text, width))
