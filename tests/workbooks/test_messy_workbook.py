"""The workbook as accountants really send it, against what a correct import must get out of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.workbooks.making import DATA, MESSY, as_csv
from workbooks.ledger import LedgerFile, Verdict
from workbooks.ledger_reader import read_ledger

EXPECTED: dict[str, Any] = json.loads((DATA / "ledger_messy.expected.json").read_text("utf-8"))
SECRETS = (
    "9901011990",
    "残疾",
    "患病",
    "低保",
    "19900000",
    "199-0000",
    "郑文秀",
    "欧阳德贵",
    "罗玉芳",
)


@pytest.fixture(scope="module")
def messy() -> LedgerFile:
    return read_ledger(MESSY)


def expected_rows(sheet: str | None = None) -> list[dict[str, Any]]:
    return [row for row in EXPECTED["rows"] if sheet in (None, row["sheet"])]


def test_every_row_is_read_key_by_key(messy: LedgerFile) -> None:
    read = [row.as_json() for row in messy.rows]

    assert [{key: row[key] for key in EXPECTED["rows"][0]} for row in read] == expected_rows()


def test_verdicts_follow_the_flags(messy: LedgerFile) -> None:
    assert messy.counts() == {"accepted": 24, "doubtful": 3, "refused": 3, "ignored": 24}
    for row in messy.rows:
        is_refused = any(flag.startswith("error:") for flag in row.flags)
        assert (row.verdict is Verdict.REFUSED) == is_refused
        assert (row.verdict is Verdict.DOUBTFUL) == ("confirm" in row.flags)
        assert bool(row.reasons) == (row.verdict is not Verdict.ACCEPTED)


def test_rows_that_are_no_entries_are_ignored_with_their_reason(messy: LedgerFile) -> None:
    rows = [item.as_json() for item in messy.ignored if item.row is not None]

    assert rows == EXPECTED["ignored_rows"]


def test_sheets_ignored_whole_are_one_line_each(messy: LedgerFile) -> None:
    sheets = [(item.sheet, item.reason) for item in messy.ignored_sheets]

    named = [(item["sheet"], item["reason"]) for item in EXPECTED["ignored_sheets"]]
    assert sorted(sheets) == sorted([*named, ("一卡通发放", "other_kind")])


def test_totals_are_told_beside_what_the_rows_add_up_to(messy: LedgerFile) -> None:
    wanted = [
        {key: value for key, value in total.items() if key != "explained_by"}
        for total in EXPECTED["totals"]
    ]

    assert [total.as_json() for total in messy.totals] == wanted


def test_title_tells_whose_month_and_book_it_is(messy: LedgerFile) -> None:
    march, april = messy.statements

    assert (march.town, march.village, march.book) == ("竹影镇", "半溪村", "集体")
    assert (march.month, april.month) == ((2026, 3), (2026, 4))
    assert march.opening_fen == 8_620_540
    assert (april.village, april.unit) == ("半溪村", "元")


def test_page_subtotal_shows_that_the_red_figure_is_a_reversal(messy: LedgerFile) -> None:
    page = next(total for total in messy.statements[0].totals if total.scope == "page")

    assert page.agrees


def test_nothing_personal_is_let_through(messy: LedgerFile) -> None:
    rows = json.dumps([row.as_json() for row in messy.rows], ensure_ascii=False)
    sentences = " ".join(text for row in messy.rows for text in row.sentences(messy.file))
    ignored = json.dumps([item.as_json() for item in messy.ignored], ensure_ascii=False)

    for secret in SECRETS:
        assert secret not in rows + sentences + ignored + repr(list(messy.rows))


def test_reasons_read_as_sentences(messy: LedgerFile) -> None:
    (row,) = (row for row in messy.rows if row.row == 28)

    assert row.sentences("三月账.xlsx") == (
        "《三月账.xlsx》“3月收支”第28行 支出:写的是“一千二”,要填数字。",
    )


def test_csv_export_of_a_sheet_says_the_same(tmp_path: Path, messy: LedgerFile) -> None:
    book = load_workbook(MESSY)

    exported = read_ledger(as_csv(book["3月收支"], tmp_path / "3月收支.csv"))

    march = messy.statements[0]
    assert [row.as_json() | {"sheet": ""} for row in march.rows] == [
        row.as_json() for row in exported.rows
    ]
    assert [row.content_key() for row in march.rows] == [row.content_key() for row in exported.rows]
    assert [(i.row, i.reason) for i in march.ignored] == [
        (i.row, i.reason) for i in exported.ignored
    ]


def test_saved_again_it_says_the_same(tmp_path: Path, messy: LedgerFile) -> None:
    load_workbook(MESSY).save(tmp_path / "又.xlsx")

    again = read_ledger(tmp_path / "又.xlsx")

    assert list(again.rows) == list(messy.rows)


def test_months_with_refused_rows_do_not_balance(messy: LedgerFile) -> None:
    checks = messy.checks()

    balances = {account.month: check.balances for account, check in checks.items()}
    # One of the March sheet's rows is dated in April; the sheet's total stays March's.
    assert balances == {(2026, 3): False, (2026, 4): True}


def test_name_that_people_know_the_file_by_is_used() -> None:
    assert read_ledger(MESSY, source_name="三月账.xlsx").file == "三月账.xlsx"
