"""Cells mended in a file already sent in: read as if the file had said so from the start."""

from __future__ import annotations

from pathlib import Path

from workbooks.ledger import Verdict
from workbooks.ledger_reader import read_ledger
from workbooks.mending import Mend, cells_of, mended
from workbooks.tables import read_tables

MESSY = Path(__file__).resolve().parents[1] / "data/ledger_messy.xlsx"


def _refused() -> tuple[str, int, int]:
    """Where the messy workbook says 一千二 for an amount: sheet, row, column."""
    rows = [row for s in read_ledger(MESSY).statements for row in s.rows]
    wrong = [(row.sheet, row.row) for row in rows if row.verdict is Verdict.REFUSED]
    for place, cells in cells_of(read_tables(MESSY), wrong).items():
        for cell in cells:
            if cell.text == "一千二":
                return (*place, cell.column)
    raise AssertionError(wrong)


def test_a_head_of_two_lines_names_each_column() -> None:
    sheet, row, column = _refused()

    (cells,) = cells_of(read_tables(MESSY), [(sheet, row)]).values()

    assert cells[column].label == "支出"
    assert cells[1].label == "日期"


def _verdict(mends: tuple[Mend, ...], sheet: str, number: int) -> tuple[Verdict, int | None]:
    rows = [row for s in read_ledger(MESSY, mends=mends).statements for row in s.rows]
    (row,) = (row for row in rows if (row.sheet, row.row) == (sheet, number))
    return row.verdict, row.amount_fen


def test_a_mended_cell_is_read_as_the_file() -> None:
    sheet, row, column = _refused()

    before = _verdict((), sheet, row)
    after = _verdict((Mend(sheet, row, column, "120.50"),), sheet, row)

    assert before == (Verdict.REFUSED, None)
    assert after[1] == 12_050
    assert after[0] is not Verdict.REFUSED


def test_cells_bear_what_stands_above_their_columns(tmp_path: Path) -> None:
    file = tmp_path / "账.csv"
    file.write_text("听竹村账\n日期,摘要,支出\n2026-03-05,纸,待定,多出来的\n", "utf-8")

    (cells,) = cells_of(read_tables(file), [("", 3)]).values()

    assert [(cell.label, cell.text) for cell in cells] == [
        ("日期", "2026-03-05"),
        ("摘要", "纸"),
        ("支出", "待定"),
        ("D", "多出来的"),
    ]


def test_a_cell_beyond_the_row_is_added(tmp_path: Path) -> None:
    file = tmp_path / "账.csv"
    file.write_text("日期,摘要,支出\n2026-03-05,纸\n", "utf-8")

    tables = mended(read_tables(file), [Mend("", 2, 3, "后加的")])

    (_, row) = tables.sheets[0].rows
    assert row.at(3) == "后加的"
    assert row.at(1) == "纸"
