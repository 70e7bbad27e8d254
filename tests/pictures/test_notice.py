from dataclasses import replace

import pytest
import zxingcpp

from pictures import BoardNotice, NoticeBook
from pictures.typesetting import typeset
from tests.pictures.samples import (
    ADDRESS,
    CHAIN_HEAD,
    LONG_NAME,
    LONG_TEXT,
    images_of,
    make_book,
    make_notice,
    make_notice_entry,
    pages_of,
    text_of,
)

A3 = (842, 1191)
MARGIN = 42


def make_full_book() -> NoticeBook:
    """Sixty entries, among them the longest that an accountant may write."""
    entries = [make_notice_entry(f"第{number}号支出", number * 100) for number in range(60)]
    for number in range(0, 60, 7):
        entries[number] = replace(
            entries[number],
            summary=LONG_TEXT[:200],
            payee=LONG_NAME,
            voucher="记-" + "2026100000" * 4,
            handler="A" * 40,
            fen=123_456_789_012,
        )
    return replace(make_book(), expense=tuple(entries), expense_fen=987_654_321_012)


@pytest.fixture(scope="module")
def notice() -> BoardNotice:
    return make_notice()


@pytest.fixture(scope="module")
def pages(notice: BoardNotice) -> list[str]:
    return pages_of(notice)


def test_the_notice_says_which_month_of_which_village(pages: list[str]) -> None:
    assert pages[0].startswith("听竹村2026年10月财务公开2026年11月8日张贴扫码看明细")
    assert "村委会账2026年11月8日公开第1版" in pages[0]


def test_the_balance_can_be_followed(pages: list[str]) -> None:
    assert "上月结余本月收入本月支出本月结余591,153.04+46,010.00−27,327.00=609,836.04" in pages[0]


def test_every_entry_stands_under_its_direction(pages: list[str]) -> None:
    book = make_book()
    text = "".join(pages)
    income, expense = text.split("支出32笔")

    assert "收入12笔合计46,010.00元" in income
    for part, entries in ((income, book.income), (expense, book.expense)):
        for entry in entries:
            assert typeset(f"{entry.voucher}{entry.summary}{entry.subject}") in part
    assert "合计27,327.00元" in expense


def test_every_page_repeats_the_columns_and_is_numbered(pages: list[str]) -> None:
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "日期凭证号摘要科目" in page
        assert f"第{number}页\uff0c共{len(pages)}页" in page


def test_reviewers_of_all_entries_are_named_once(pages: list[str]) -> None:
    assert "".join(pages).count("以下各笔由村务监督委员会靳老栓、宁小禾、班秀英审核") == 1


def test_reviewers_that_differ_stand_beside_each_entry() -> None:
    entries = (
        make_notice_entry(),
        replace(make_notice_entry(), supervisors=("班秀英",)),
        replace(make_notice_entry(), supervisors=()),
    )

    text = text_of(make_notice(replace(make_book(), income=(), expense=entries)))

    assert "以下各笔" not in text
    assert "纪广田靳老栓宁小禾10月12日" in text
    assert "纪广田班秀英10月12日" in text


def test_the_code_opens_the_address(notice: BoardNotice) -> None:
    first, *others = images_of(notice)

    (found,) = zxingcpp.read_barcodes(first)

    assert found.text == ADDRESS
    assert not any(zxingcpp.read_barcodes(page) for page in others)


def test_the_head_of_the_chain_stands_in_groups_at_the_end(pages: list[str]) -> None:
    assert CHAIN_HEAD in pages[-1]
    assert "村务监督委员会主任" in pages[-1]


def test_each_book_stands_apart_and_a_correction_says_why() -> None:
    group = replace(
        make_book(),
        name="3组",
        version=2,
        correction="水费记重了一笔",
        opening_fen=None,
        closing_fen=None,
    )

    text = text_of(make_notice(make_book(), group))

    assert text.index("村委会账") < text.index("3组账")
    assert "第2版更正说明水费记重了一笔" in text
    assert "没有公开记录+46,010.00−27,327.00=没有公开记录" in text


def test_a_month_without_entries_is_a_notice_too() -> None:
    text = text_of(make_notice(replace(make_book(), income=(), expense=())))

    assert "收入0笔" in text
    assert "支出0笔" in text


def test_it_is_black_on_white_a3(notice: BoardNotice) -> None:
    for image in images_of(notice):
        assert image.size == A3
        assert image.convert("L").convert("RGB").tobytes() == image.tobytes()


def test_sixty_entries_with_the_longest_words_keep_inside_the_margins() -> None:
    notice = replace(make_notice(make_full_book()), village=LONG_NAME)

    text = text_of(notice)

    assert text.count(typeset(LONG_TEXT[:200])) == 9
    assert all(f"第{number}号支出" in text for number in range(60) if number % 7)
    for image in images_of(notice):
        edge = image.crop((image.width - MARGIN, 0, image.width, image.height))
        assert edge.getcolors() == [(MARGIN * image.height, (255, 255, 255))]


def test_an_entry_longer_than_a_page_goes_on_overleaf() -> None:
    book = replace(make_book(), income=(), expense=(make_notice_entry(LONG_TEXT * 20),))

    text = text_of(make_notice(book))

    assert text.count("不得推给下一个环节") == 60
