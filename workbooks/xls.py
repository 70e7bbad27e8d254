"""XLS, the binary format of before 2007: xlrd gives values, fonts and hidden columns alike."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlrd

from workbooks import filetypes, texts
from workbooks.cells import Merge, Row, Sheet, Value
from workbooks.marks import MAX_CELLS, is_red
from workbooks.problems import WorkbookError
from workbooks.spreadsheets import too_many_cells


def read_xls(path: Path, file: str) -> tuple[Sheet, ...]:
    """The sheets of an XLS file. Raises WorkbookError: damaged, encrypted, too_large."""
    try:
        # xlrd prints what it finds odd; an import has better ways to say so.
        book = xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO())
        sheets = book.sheets()
    except xlrd.XLRDError as exc:
        if "encrypted" in str(exc):
            raise WorkbookError(
                "encrypted", file=file, found=texts.ENCRYPTED, expected=texts.UNPROTECTED
            ) from exc
        raise filetypes.damaged(file) from exc
    # xlrd trusts what it reads: a broken file may end in any of Python's own errors.
    except Exception as exc:
        raise filetypes.damaged(file) from exc
    if any(sheet.nrows * sheet.ncols > MAX_CELLS for sheet in sheets):
        raise too_many_cells(file)
    return tuple(_sheet(book, sheet, file) for sheet in sheets)


def _sheet(book: Any, sheet: Any, file: str) -> Sheet:
    merges = tuple(
        Merge(first_row + 1, first_column, last_row, last_column - 1)
        for first_row, last_row, first_column, last_column in sheet.merged_cells
    )
    hidden = frozenset(
        column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0
    )
    return Sheet(
        name=sheet.name,
        rows=_Rows(book, sheet, file),
        is_hidden=sheet.visibility != 0,
        hidden_columns=hidden,
        merges=merges,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    book: Any
    sheet: Any
    file: str

    def __iter__(self) -> Iterator[Row]:
        for index in range(self.sheet.nrows):
            cells = self.sheet.row(index)
            try:
                values = [_value(self.book, cell) for cell in cells]
                fonts = [self._font(cell) for cell in cells]
            except (IndexError, KeyError, ValueError) as exc:
                raise filetypes.damaged(self.file) from exc
            info = self.sheet.rowinfo_map.get(index)
            yield Row(
                index + 1,
                values,
                frozenset(column for column, font in enumerate(fonts) if self._is_red(font)),
                frozenset(column for column, font in enumerate(fonts) if font.struck_out),
                bool(info and (info.hidden or info.height == 0)),
            )

    def _font(self, cell: Any) -> Any:
        return self.book.font_list[self.book.xf_list[cell.xf_index].font_index]

    def _is_red(self, font: Any) -> bool:
        color = self.book.colour_map.get(font.colour_index)
        return color is not None and is_red(bytes(color).hex())


def _value(book: Any, cell: Any) -> Value:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            year, month, day, *_ = xlrd.xldate_as_tuple(cell.value, book.datemode)
            return date(year, month, day)
        except (xlrd.XLDateError, ValueError):
            return float(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    value = cell.value
    return value if isinstance(value, str | float) else None
