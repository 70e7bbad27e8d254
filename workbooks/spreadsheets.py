"""XLSX and ODS: values by python-calamine, and beside them the marks that it does not show."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import python_calamine

from workbooks import filetypes, texts
from workbooks.cells import NO_COLUMNS, Merge, Row, Sheet, Value
from workbooks.marks import MAX_CELLS, Marks
from workbooks.ods_marks import read_ods_marks
from workbooks.problems import WorkbookError
from workbooks.xlsx_marks import read_xlsx_marks

_Read = TypeVar("_Read")


def read_xlsx(path: Path, file: str) -> tuple[Sheet, ...]:
    """The worksheets of an XLSX file. Raises WorkbookError: damaged, encrypted, too_large."""
    return _read(path, file, read_xlsx_marks)


def read_ods(path: Path, file: str) -> tuple[Sheet, ...]:
    """The tables of an ODS file. Raises WorkbookError: damaged, encrypted, too_large."""
    return _read(path, file, read_ods_marks)


def _read(
    path: Path, file: str, read_marks: Callable[[zipfile.ZipFile], dict[str, Marks]]
) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(path) as archive:
            marks = read_marks(archive)
    except filetypes.BROKEN_ZIP as exc:
        raise filetypes.damaged(file) from exc
    # calamine allocates the whole rectangle up to the last cell: one stray cell in the last corner
    # of a sheet would take all memory.
    for seen in marks.values():
        if seen.cells > MAX_CELLS:
            raise too_many_cells(file)
    workbook = _guarded(file, lambda: python_calamine.CalamineWorkbook.from_path(path))
    return tuple(
        _sheet(workbook, file, metadata, marks[metadata.name])
        for metadata in workbook.sheets_metadata
        if metadata.name in marks
    )


def too_many_cells(file: str) -> WorkbookError:
    """The complaint about a sheet whose last cell lies too far out."""
    cells = f"{MAX_CELLS // 10_000}万"
    return WorkbookError(
        "too_large",
        file=file,
        found=texts.TOO_MANY_CELLS.format(cells=cells),
        expected=texts.SAVE_AGAIN,
    )


def _sheet(
    workbook: python_calamine.CalamineWorkbook,
    file: str,
    metadata: python_calamine.SheetMetadata,
    marks: Marks,
) -> Sheet:
    visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
    loaded = _guarded(file, lambda: workbook.get_sheet_by_name(metadata.name))
    merges = [
        Merge(first[0] + 1, first[1], last[0] + 1, last[1])
        for first, last in loaded.merged_cell_ranges or ()
    ]
    return Sheet(
        name=metadata.name,
        rows=_Rows(loaded, file, marks),
        is_hidden=marks.is_hidden or not visible,
        hidden_columns=frozenset(marks.hidden_columns),
        merges=tuple(merges or marks.merges),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one sheet, turned into Python values while they are walked through."""

    sheet: python_calamine.CalamineSheet
    file: str
    marks: Marks

    def __iter__(self) -> Iterator[Row]:
        values = _guarded(self.file, lambda: self.sheet.to_python(skip_empty_area=False))
        red, struck = self.marks.red, self.marks.struck
        for number, row in enumerate(values, start=1):
            yield Row(
                number,
                [_value(value) for value in row],
                frozenset(red[number]) if number in red else NO_COLUMNS,
                frozenset(struck[number]) if number in struck else NO_COLUMNS,
                number in self.marks.hidden_rows,
            )


def _value(value: object) -> Value:
    if isinstance(value, str | float | int):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value)


def _guarded(file: str, read: Callable[[], _Read]) -> _Read:
    """Runs calamine; whatever a broken file makes of it becomes the one typed error."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except python_calamine.PasswordError as exc:
        raise WorkbookError(
            "encrypted", file=file, found=texts.ENCRYPTED, expected=texts.UNPROTECTED
        ) from exc
    # A panic inside calamine arrives as a BaseException that has no public name.
    except BaseException as exc:
        raise filetypes.damaged(file) from exc
