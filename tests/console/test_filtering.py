"""Sums as people type them, and addresses that keep what was chosen."""

from __future__ import annotations

import pytest

from console.filtering import Filter, read_yuan


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("500", 50_000),
        ("1,200.50", 120_050),
        ("1.2万", 1_200_000),
        ("３ 万元", 3_000_000),
        ("500元", 50_000),
        ("0", 0),
        ("", None),
        ("万", None),
        ("很多", None),
        ("-5", None),
        ("0.001", None),
        ("nan", None),
        ("1e99", None),
        ("Infinity", None),
    ],
)
def test_sum_is_read_as_it_was_meant_or_not_at_all(typed: str, fen: int | None) -> None:
    assert read_yuan(typed) == fen


def test_address_keeps_what_was_chosen() -> None:
    chosen = Filter.read({"direction": "支出", "words": "保 洁", "page": "3"})

    assert Filter.read({}).address() == "?"
    assert chosen.address() == "?direction=%E6%94%AF%E5%87%BA&words=%E4%BF%9D+%E6%B4%81"
    assert chosen.address(direction="", words="", page="2") == "?page=2"


def test_filter_tells_in_words_what_it_left() -> None:
    chosen = Filter.read({"direction": "收入", "about": "ENV", "least": "1.5万", "words": "租金"})

    assert chosen.in_words("人居环境") == "收入，人居环境，15,000元以上，有“租金”"


def test_only_a_direction_leaves_a_whole() -> None:
    assert Filter.read({"direction": "收入"}).is_whole
    assert Filter.read({"least": "很多"}).is_whole
    assert not Filter.read({"direction": "收入", "most": "5"}).is_whole
