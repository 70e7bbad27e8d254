"""Workbooks as accountants send them in, made for one test each."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.ledger import LedgerFile, LedgerRow
from workbooks.ledger_reader import read_ledger

DATA = Path(__file__).resolve().parents[1] / "data"
SAMPLE = Path(__file__).resolve().parents[2] / "bot" / "sample"
MESSY = DATA / "ledger_messy.xlsx"

RED = Font(color="FFFF0000")
Cells = Iterable[Sequence[object]]

HEAD = ("日期", "凭证号", "摘要", "收入", "支出", "收款人", "经手人", "审批人", "监委会审核")


def entry(
    day: object,
    voucher: object,
    summary: object,
    income: object = None,
    expense: object = None,
    payee: object = "青溪电器维修店",
) -> list[object]:
    """A row under HEAD, signed as it should be."""
    return [day, voucher, summary, income, expense, payee, "柏青松", "骆启明", "靳三、班喜"]


def save_csv(path: Path, rows: Cells, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def fill(sheet: Worksheet, rows: Cells) -> Worksheet:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column).value = cast("Any", value)
    return sheet


def save_xlsx(path: Path, sheets: Mapping[str, Cells]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        fill(book.create_sheet(name), rows)
    book.save(path)
    return path


def as_csv(sheet: Worksheet, path: Path) -> Path:
    """What a spreadsheet program makes of one sheet when it is told to save as CSV."""
    rows = []
    for cells in sheet.iter_rows(values_only=True):
        rows.append(["" if cell is None else _typed(cell) for cell in cells])
    return save_csv(path, rows)


def _typed(value: object) -> str:
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if hasattr(value, "strftime"):
        return f"{value.year}/{value.month}/{value.day}"  # type: ignore[attr-defined]
    return str(value)


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2">'
)
_ODS_STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="red" style:family="table-cell">'
    '<style:text-properties fo:color="#ff0000"/></style:style>'
    '<style:style style:name="off" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
    "</office:automatic-styles>"
)


def save_ods(
    path: Path,
    sheets: Mapping[str, Cells],
    *,
    red: Iterable[tuple[int, int]] = (),
    hidden_columns: Iterable[int] = (),
    hidden_rows: Iterable[int] = (),
    hidden_sheets: Iterable[str] = (),
) -> Path:
    """An OpenDocument spreadsheet; `red` are (row from 1, column from 0) of every sheet."""
    reds, columns, lines = set(red), set(hidden_columns), set(hidden_rows)
    tables = []
    for name, rows in sheets.items():
        grid = [list(row) for row in rows]
        width = max(len(row) for row in grid)
        style = ' table:style-name="off"' if name in set(hidden_sheets) else ""
        parts = [f"<table:table table:name={quoteattr(name)}{style}>"]
        for column in range(width):
            shown = ' table:visibility="collapse"' if column in columns else ""
            parts.append(f"<table:table-column{shown}/>")
        for number, row in enumerate(grid, start=1):
            shown = ' table:visibility="collapse"' if number in lines else ""
            parts.append(f"<table:table-row{shown}>")
            parts += [_ods_cell(v, (number, c) in reds) for c, v in enumerate(row)]
            parts.append("</table:table-row>")
        parts.append("</table:table>")
        tables.append("".join(parts))
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"{_ODS_HEAD}{_ODS_STYLES}{body}</office:document-content>"
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", mime, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return path


def _ods_cell(value: object, is_red: bool) -> str:
    style = ' table:style-name="red"' if is_red else ""
    if value is None or value == "":
        return f"<table:table-cell{style}/>"
    if isinstance(value, int | float):
        return (
            f'<table:table-cell{style} office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    if hasattr(value, "isoformat"):
        day = value.isoformat()[:10]
        return (
            f'<table:table-cell{style} office:value-type="date" office:date-value="{day}">'
            f"<text:p>{day}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell{style} office:value-type="string">'
        f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
    )


def hide_column(sheet: Worksheet, column: int) -> None:
    """Hides a column counted from 0."""
    sheet.column_dimensions[get_column_letter(column + 1)].hidden = True


def read(path: Path) -> LedgerFile:
    return read_ledger(path)


def rows_of(path: Path) -> list[LedgerRow]:
    return list(read_ledger(path).rows)


def amounts(rows: Iterable[LedgerRow]) -> list[tuple[str | None, int | None]]:
    """What each row says in short: direction and fen."""
    return [(row.direction.value if row.direction else None, row.amount_fen) for row in rows]


def ignored(file: LedgerFile) -> dict[int | None, str]:
    """The reason by row, in a file of one sheet."""
    return {item.row: item.reason for item in file.ignored}
