"""Files of every kind and condition, as sheets of rows."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from tests.workbooks.making import (
    MESSY,
    RED,
    SAMPLE,
    entry,
    hide_column,
    save_csv,
    save_ods,
    save_xlsx,
)
from workbooks import filetypes
from workbooks.cells import Row
from workbooks.filetypes import FileType
from workbooks.problems import WorkbookError
from workbooks.tables import read_tables

XLS = Path(__file__).parent / "data" / "ledger_red.xls"
ENCRYPTED = Path(__file__).parent / "data" / "encrypted.xlsx"
ROWS = [["日期", "摘要"], ["3.5", "买水管"]]


def rows(path: Path, sheet: int = 0) -> list[Row]:
    return list(read_tables(path).sheets[sheet].rows)


def refusal(path: Path, name: str | None = None) -> WorkbookError:
    """The complaint about a file, whose name it must give."""
    with pytest.raises(WorkbookError) as caught:
        read_all(path, name)
    assert (name or path.name) in str(caught.value)
    return caught.value


def read_all(path: Path, name: str | None = None) -> None:
    for sheet in read_tables(path, name).sheets:
        list(sheet.rows)


def complaint_about(path: Path) -> WorkbookError | None:
    """The typed error, if there is one; any other error fails the test."""
    try:
        read_all(path)
    except WorkbookError as error:
        return error
    return None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "账.csv"
    if encoding == "utf-16-le-bom":
        text = "\r\n".join(delimiter.join(row) for row in ROWS)
        path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    else:
        save_csv(path, ROWS, delimiter=delimiter, encoding=encoding)

    assert [list(row.values) for row in rows(path)] == ROWS


def test_comma_in_amounts_does_not_hide_the_tabs(tmp_path: Path) -> None:
    path = tmp_path / "账.txt"
    path.write_text("日期\t金额\n3.5\t1,200,000.00\n3.6\t1,300.00\n", encoding="utf-8")

    assert rows(path)[1].values == ["3.5", "1,200,000.00"]


def test_row_numbers_are_those_of_the_accountants_program(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "账.csv", [["a", "两\n行\n字"], [], ["b", "c"]])

    assert [row.number for row in rows(path)] == [1, 2, 3]


def test_quote_that_never_closes_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "账.csv"
    path.write_text('日期,摘要\n3.5,"买水管\n3.6,电费\n', encoding="utf-8")

    error = refusal(path)

    assert error.code == "damaged"
    assert "第2行" in error.found


def test_xlsx_shows_red_struck_hidden_and_merged(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "账"
    sheet["B2"], sheet["C2"], sheet["D3"], sheet["E4"] = 88.8, 1, date(2026, 3, 6), "深"
    sheet["B2"].font = RED
    sheet["C2"].font = Font(strike=True)
    sheet["E4"].font = Font(color="C00000")
    sheet["F4"] = 5
    sheet["F4"].number_format = "[Red]0.00"
    sheet.merge_cells("A1:C1")
    sheet.row_dimensions[3].hidden = True
    hide_column(sheet, 4)
    book.create_sheet("藏").sheet_state = "veryHidden"
    book.save(tmp_path / "账.xlsx")

    tables = read_tables(tmp_path / "账.xlsx")

    first, second = tables.sheets
    read = {row.number: row for row in first.rows}
    assert tables.type is FileType.XLSX
    assert read[2].red == {1}
    assert read[2].struck == {2}
    assert read[3].is_hidden
    assert read[3].at(3) == date(2026, 3, 6)
    assert read[4].red == {4, 5}
    assert first.hidden_columns == {4}
    assert [(m.first_column, m.last_column) for m in first.merges] == [(0, 2)]
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_ods_shows_red_hidden_and_dates(tmp_path: Path) -> None:
    path = save_ods(
        tmp_path / "账.ods",
        {"账": [["a", 88.8, date(2026, 3, 6)], ["b", 2, None]], "藏": [["x"]]},
        red=[(1, 1)],
        hidden_columns=[2],
        hidden_rows=[2],
        hidden_sheets=["藏"],
    )

    tables = read_tables(path)

    first, second = list(tables.sheets[0].rows)
    assert tables.type is FileType.ODS
    assert list(first.values) == ["a", 88.8, date(2026, 3, 6)]
    assert first.red == {1}
    assert second.is_hidden
    assert tables.sheets[0].hidden_columns == {2}
    assert [sheet.is_hidden for sheet in tables.sheets] == [False, True]


def test_xls_shows_red_struck_and_hidden() -> None:
    tables = read_tables(XLS)

    sheet = tables.sheets[0]
    read = {row.number: row for row in sheet.rows}
    assert tables.type is FileType.XLS
    assert read[4].at(0) == date(2026, 3, 1)
    assert read[5].red == {4}
    assert read[7].struck == {4}
    assert read[8].is_hidden
    assert sheet.hidden_columns == {6}
    assert tables.sheets[1].is_hidden


def test_type_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "账.csv"
    path.write_bytes(MESSY.read_bytes())

    assert read_tables(path).type is FileType.XLSX


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"", "empty", "空"),
        (b"%PDF-1.7 ...", "wrong_kind", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind", "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "wrong_kind", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "wrong_kind", "XML"),
        (b"{\\rtf1 }", "wrong_kind", "Word"),
        (b'{"off": {}}', "wrong_kind", "JSON"),
        (b"a,b\n\x00\x01\x02,c\n", "wrong_kind", "看不懂"),
        (b"PK\x03\x04 and then nothing", "damaged", "坏"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "wrong_kind", "Office"),
        ("坏字".encode("gb18030") + b"\xff\xff\x80", "undecodable", "编码"),
    ],
)
def test_file_of_another_kind_is_named(
    tmp_path: Path, content: bytes, code: str, found: str
) -> None:
    path = tmp_path / "三月账.xls"
    path.write_bytes(content)

    error = refusal(path)

    assert error.code == code
    assert found in error.found
    assert error.expected


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "没有.xlsx").code == "missing"
    assert refusal(tmp_path, "文件夹").code == "missing"


def test_password_is_asked_to_be_taken_off() -> None:
    error = refusal(ENCRYPTED, "三月账.xlsx")

    assert error.code == "encrypted"
    assert str(error) == "《三月账.xlsx》读不了:设了打开密码。要去掉密码另存一份。"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"word/document.xml": b"<w/>"}, "Word"),
        ({"ppt/presentation.xml": b"<p/>"}, "演示"),
        ({"xl/workbook.bin": b"x"}, "xlsb"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "文字"),
        ({"a.txt": b"a"}, "压缩包"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, members: dict[str, bytes], found: str) -> None:
    error = refusal(zipped(tmp_path / "账.xlsx", members))

    assert error.code == "wrong_kind"
    assert found in error.found


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    members = members_of(MESSY) | {"xl/sharedStrings.xml": b" " * (20 * 2**20)}

    assert refusal(zipped(tmp_path / "账.xlsx", members)).code == "zip_bomb"


def test_entities_go_no_further(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><styleSheet>&a;</styleSheet>'

    error = refusal(zipped(tmp_path / "账.xlsx", members_of(MESSY) | {"xl/styles.xml": bomb}))

    assert error.code == "damaged"


def test_cell_in_the_last_corner_takes_no_memory(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["XFD1048576"] = 1
    book.save(tmp_path / "账.xlsx")

    assert refusal(tmp_path / "账.xlsx").code == "too_large"


def test_cell_repeated_a_million_times_takes_no_memory(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "账.ods", {"账": [["a"]]})
    members = members_of(path)
    members["content.xml"] = (
        members["content.xml"]
        .replace(
            b"<table:table-row>",
            b'<table:table-row table:number-rows-repeated="1048576">',
        )
        .replace(
            b"<table:table-cell office",
            b'<table:table-cell table:number-columns-repeated="16384" office',
        )
    )

    assert refusal(zipped(tmp_path / "大.ods", members)).code == "too_large"


def test_file_over_the_cap_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MAX_FILE_BYTES", 100)
    path = tmp_path / "账.csv"
    path.write_bytes(b"a,b\n" * 100)

    assert refusal(path).code == "too_large"


def test_row_of_a_thousand_columns_is_refused(tmp_path: Path) -> None:
    error = refusal(save_csv(tmp_path / "账.csv", [["a"] * 1000]))

    assert error.code == "damaged"
    assert "1000列" in error.found


@pytest.mark.parametrize("position", range(0, 6000, 97))
def test_damaged_workbook_gives_the_typed_error_or_rows(tmp_path: Path, position: int) -> None:
    content = bytearray(MESSY.read_bytes())
    content[position % len(content)] ^= 0xFF
    path = tmp_path / "账.xlsx"
    path.write_bytes(content)

    error = complaint_about(path)

    assert error is None or error.file == "账.xlsx"


@pytest.mark.parametrize("keep", [3, 100, 2000, 5000])
def test_truncated_xls_gives_the_typed_error(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "账.xls"
    path.write_bytes(XLS.read_bytes()[:keep])

    error = complaint_about(path)

    assert error is not None
    assert error.file == "账.xls"


def test_big_plain_sheet_is_read(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx", {"账": [entry("3.1", n, "电费", None, n) for n in range(300)]}
    )

    assert len(rows(path)) == 300


def test_sample_files_are_read() -> None:
    assert len(rows(SAMPLE / "villages.csv")) == 41
    assert next(sheet.name for sheet in read_tables(MESSY).sheets) == "3月收支"
