from dataclasses import replace

import pytest

from pictures import LargeEntry, MonthSum
from pictures.figures import exact, yuan
from pictures.typesetting import typeset
from tests.pictures.samples import (
    LONG_NAME,
    LONG_TEXT,
    PUBLISHED,
    images_of,
    make_account_card,
    make_education_card,
    text_of,
)

ACCENT = (0x1F, 0x7A, 0x4D)
PAPER = (0xF2, 0xF5, 0xF2)


@pytest.mark.parametrize(
    ("fen", "words", "column"),
    [
        (5680563, "56,805.63元", "56,805.63"),
        (120000, "1,200元", "1,200.00"),
        (-30050, "-300.50元", "-300.50"),
        (0, "0元", "0.00"),
        (123456789012, "1,234,567,890.12元", "1,234,567,890.12"),
    ],
)
def test_money_is_exact_to_the_fen(fen: int, words: str, column: str) -> None:
    assert yuan(fen) == words
    assert exact(fen) == column


def test_the_account_card_says_the_month_its_sums_and_its_source() -> None:
    text = text_of(make_account_card())

    for words in (
        "听竹村村委会2026年10月账目",
        "收入46,010元支出27,327元结余609,836.04元",
        "32笔支出,最多的3笔",
        "1三组道路坑槽修补10月26日3,798.83元",
        "来源10月财务公开表(11月8日公开,第1版)",
    ):
        assert typeset(words) in text


def test_the_newest_twelve_of_eighteen_months_are_drawn_oldest_first() -> None:
    text = text_of(make_account_card())

    assert "2025年11月67,960.16元12月38,807.37元2026年1月63,371.42元" in text
    assert "9月34,610.37元10月27,327元" in text
    assert "38,174.95" not in text  # May 2025, the first of the eighteen


def test_what_was_not_published_is_never_shown_as_nought() -> None:
    card = replace(
        make_account_card(),
        balance_fen=None,
        spending=(MonthSum("2026-09", None), MonthSum("2026-10", 0)),
    )

    text = text_of(card)

    assert "结余没有公开记录" in text
    assert "2026年9月没有公开记录10月0元" in text


def test_a_bar_is_as_long_as_its_month_and_the_month_asked_for_stands_out() -> None:
    months = (MonthSum("2026-08", 400_00), MonthSum("2026-09", -50_00), MonthSum("2026-10", 200_00))

    bars = replace(make_account_card(), spending=months).data()["bars"]

    assert [bar["share"] for bar in bars] == [1, 0, 0.5]
    assert [bar["is_asked"] for bar in bars] == [False, False, True]


def test_a_card_without_months_or_entries_is_drawn() -> None:
    card = replace(make_account_card(), spending=(), largest=(), expense_count=0)

    assert "收入46,010元" in text_of(card)


def test_long_names_and_millions_stay_on_the_account_card() -> None:
    card = replace(
        make_account_card(),
        village=LONG_NAME,
        income_fen=-(10**13),
        spending=(MonthSum("2026-09", 10**13), MonthSum("2026-10", 1)),
        largest=(LargeEntry(LONG_TEXT, 10**12, PUBLISHED), LargeEntry("8" * 120, 1, PUBLISHED)),
    )

    text = text_of(card)
    (image,) = images_of(card)

    assert LONG_NAME in text
    assert typeset(LONG_TEXT) in text
    edge = image.crop((image.width - 40, 0, image.width, image.height))
    assert {colour for _, colour in edge.getcolors() or []} == {ACCENT, PAPER}


def test_the_education_card_holds_every_word() -> None:
    card = make_education_card()

    assert text_of(card) == typeset(card.tag + card.text + card.sender)


@pytest.mark.parametrize("text", ["", "。", ",先说清楚再办", "两行\n字", LONG_TEXT])
def test_the_education_card_takes_any_text(text: str) -> None:
    card = replace(make_education_card(), text=text, sender=LONG_NAME)

    said = text_of(card)

    assert said == card.tag + typeset("".join(text.split())) + LONG_NAME


def test_the_education_card_grows_with_its_text() -> None:
    (short,) = images_of(make_education_card())
    (tall,) = images_of(replace(make_education_card(), text=LONG_TEXT))

    assert short.size == (1080, 1440)
    assert tall.width == 1080
    assert tall.height > short.height
