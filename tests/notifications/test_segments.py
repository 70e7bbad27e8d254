"""What a text costs is known before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import length, segments, signed


@pytest.mark.parametrize(
    ("chars", "billed"),
    [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4), (500, 8)],
)
def test_seventy_in_one_and_sixty_seven_in_each_of_more(chars: int, billed: int) -> None:
    assert segments("账" * chars) == billed
    assert segments("a" * chars) == billed


def test_the_signature_counts_with_its_brackets() -> None:
    assert signed("好", "明禾公开") == "【明禾公开】好"
    assert length("好", "明禾公开") == 7
    assert segments("好" * 64, "明禾公开") == 1
    assert segments("好" * 65, "明禾公开") == 2


def test_a_rare_character_counts_twice() -> None:
    assert length("𠮷") == 2


@given(st.text(max_size=600), st.text(max_size=12))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more)
