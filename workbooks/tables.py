"""Any file that an accountant sends in, as sheets of rows, whatever program wrote it."""

from dataclasses import dataclass
from pathlib import Path

from workbooks.cells import Sheet
from workbooks.delimited import read_delimited
from workbooks.filetypes import FileType, detect, wrong_kind
from workbooks.spreadsheets import read_ods, read_xlsx
from workbooks.xls import read_xls


@dataclass(frozen=True, slots=True)
class Tables:
    """The sheets of one file; `file` is the name under which people know it."""

    file: str
    type: FileType
    sheets: tuple[Sheet, ...]


def read_tables(path: Path, file: str | None = None) -> Tables:
    """Opens a CSV, XLSX, XLS or ODS file, told apart by content.

    Raises WorkbookError naming the file, what was found and what was expected.
    """
    name = file or path.name
    kind = detect(path, name)
    if kind is FileType.JSON:
        raise wrong_kind(name, "json")
    readers = {
        FileType.DELIMITED: read_delimited,
        FileType.XLSX: read_xlsx,
        FileType.XLS: read_xls,
        FileType.ODS: read_ods,
    }
    return Tables(name, kind, readers[kind](path, name))
