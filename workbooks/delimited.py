"""CSV and its cousins: comma, tab or semicolon, in UTF-8, UTF-16 or GB18030."""

import codecs
import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbooks import filetypes, texts
from workbooks.cells import Row, Sheet
from workbooks.problems import WorkbookError

_CHUNK = 2**20
_DELIMITERS = ",\t;"
_LOOK_AT_ROWS = 60
_MAX_COLUMNS = 512
_MAX_ROWS = 2_000_000
# What no text contains; an old editor may end a file with Ctrl-Z.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def read_delimited(path: Path, file: str) -> tuple[Sheet, ...]:
    """The one sheet of a text file; it has no name. Raises WorkbookError: undecodable, damaged."""
    encoding = _find_encoding(path, file)
    delimiter = _find_delimiter(path, encoding)
    return (Sheet(name="", rows=_DelimitedRows(path, file, encoding, delimiter)),)


@dataclass(frozen=True, slots=True)
class _DelimitedRows:
    """The records of the file, read while they are walked through and never held whole."""

    path: Path
    file: str
    encoding: str
    delimiter: str

    def __iter__(self) -> Iterator[Row]:
        number = 0
        with self.path.open(encoding=self.encoding, newline="") as opened:
            # strict: a quote that is never closed must not swallow the rows behind it.
            reader = csv.reader(opened, delimiter=self.delimiter, strict=True)
            try:
                for number, record in enumerate(reader, start=1):
                    if len(record) > _MAX_COLUMNS or number > _MAX_ROWS:
                        raise self._too_many(number, len(record))
                    yield Row(number, record)
            except csv.Error as exc:
                raise WorkbookError(
                    "damaged",
                    file=self.file,
                    found=texts.BROKEN_QUOTES.format(row=number + 1),
                    expected=texts.SAVE_AS_XLSX,
                ) from exc

    def _too_many(self, row: int, columns: int) -> WorkbookError:
        found = texts.TOO_MANY_COLUMNS.format(row=row, columns=columns)
        return WorkbookError("damaged", file=self.file, found=found, expected=texts.SAVE_AS_XLSX)


def _find_encoding(path: Path, file: str) -> str:
    with path.open("rb") as opened:
        head = opened.read(4)
    candidates: tuple[str, ...]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ("utf-8-sig",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        found = _decodes(path, encoding)
        if found == "text":
            return encoding
        if found == "binary":
            raise filetypes.wrong_kind(file, "binary")
    raise WorkbookError(
        "undecodable", file=file, found=texts.UNKNOWN_LETTERS, expected=texts.SAVE_AS_UTF8
    )


def _decodes(path: Path, encoding: str) -> str:
    """Whether the whole file is text in this encoding: "text", "binary" or "undecodable"."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as opened:
        while True:
            chunk = opened.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                return "undecodable"
            if _CONTROL.search(text):
                return "binary"
            if not chunk:
                return "text"


def _find_delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as opened:
        lines = list(itertools.islice(opened, _LOOK_AT_ROWS))
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows the delimiter cuts into the same number of cells, and into how many."""
    try:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0, 0
    even = ((count, width) for width, count in widths.items() if width > 1)
    return max(even, default=(0, 0))
