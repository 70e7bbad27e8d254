"""The marks of an ODS file, where styles inherit and rows and cells are repeated by number."""

import zipfile
from dataclasses import dataclass, field

from workbooks.cells import Merge
from workbooks.marks import NO_INK, Attributes, Ink, Marks, is_red, local, walk

_HIDDEN = ("collapse", "filter")
_MOST = 2_000_000


def read_ods_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of each table by its name. Raises ValueError or KeyError on a broken file."""
    reader = _Reader()
    if "styles.xml" in archive.namelist():
        with archive.open("styles.xml") as opened:
            walk(opened, reader.start, reader.end)
    with archive.open("content.xml") as opened:
        walk(opened, reader.start, reader.end)
    return reader.sheets


@dataclass(slots=True)
class _Style:
    parent: str
    is_red: bool | None = None
    is_struck: bool | None = None
    is_shown: bool = True


@dataclass(slots=True)
class _Reader:
    styles: dict[str, _Style] = field(default_factory=dict)
    sheets: dict[str, Marks] = field(default_factory=dict)
    style: _Style | None = None
    marks: Marks | None = None
    row: int = 0
    rows: int = 1
    column: int = 0
    columns: int = 1
    column_styles: list[tuple[int, str]] = field(default_factory=list)
    columns_seen: int = 0
    row_style: str = ""
    cell_style: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self.style = _Style(local(attributes, "parent-style-name"))
            self.styles[local(attributes, "name")] = self.style
        elif name == "text-properties" and self.style:
            self._text_properties(self.style, attributes)
        elif name == "table-properties" and self.style:
            self.style.is_shown = local(attributes, "display") != "false"
        elif name == "table":
            self._table(attributes)
        elif self.marks is not None:
            self._inside_table(self.marks, name, attributes)

    def end(self, name: str) -> None:
        if name == "style":
            self.style = None
        elif name == "table-row":
            self.row += self.rows
        elif name in ("table-cell", "covered-table-cell"):
            self.column += self.columns
        elif name == "table":
            self.marks = None

    def _text_properties(self, style: _Style, attributes: Attributes) -> None:
        if color := local(attributes, "color"):
            style.is_red = is_red(color.lstrip("#"))
        if line := local(attributes, "text-line-through-style"):
            style.is_struck = line != "none"

    def _table(self, attributes: Attributes) -> None:
        self.marks = Marks()
        self.sheets[local(attributes, "name")] = self.marks
        style = self.styles.get(local(attributes, "style-name"))
        self.marks.is_hidden = style is not None and not style.is_shown
        self.row = 1
        self.columns_seen = 0
        self.column_styles = []

    def _inside_table(self, marks: Marks, name: str, attributes: Attributes) -> None:
        if name == "table-column":
            self._columns(marks, attributes)
        elif name == "table-row":
            self.rows = _repeated(attributes, "number-rows-repeated")
            self.column = 0
            self.row_style = local(attributes, "default-cell-style-name")
            if local(attributes, "visibility") in _HIDDEN and self.rows < _MOST:
                marks.hidden_rows.update(range(self.row, self.row + min(self.rows, 10_000)))
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = _repeated(attributes, "number-columns-repeated")
            self.cell_style = local(attributes, "style-name")
            self._span(marks, attributes)
            if local(attributes, "value-type"):
                self._value(marks)
        elif name == "p":
            self._value(marks)

    def _columns(self, marks: Marks, attributes: Attributes) -> None:
        count = _repeated(attributes, "number-columns-repeated")
        seen = self.columns_seen
        if local(attributes, "visibility") in _HIDDEN:
            marks.hidden_columns.update(range(seen, seen + min(count, 16_384)))
        self.column_styles.append((seen + count, local(attributes, "default-cell-style-name")))
        self.columns_seen = seen + count

    def _span(self, marks: Marks, attributes: Attributes) -> None:
        columns = _repeated(attributes, "number-columns-spanned")
        rows = _repeated(attributes, "number-rows-spanned")
        if columns > 1 or rows > 1:
            last = (self.row + rows - 1, self.column + columns - 1)
            marks.merges.append(Merge(self.row, self.column, *last))

    def _value(self, marks: Marks) -> None:
        marks.reach(self.row + self.rows - 1, self.column + self.columns - 1)
        ink = self._ink(self.cell_style or self.row_style or self._column_style())
        if ink is NO_INK:
            return
        for row in range(self.row, self.row + min(self.rows, 1000)):
            columns = range(self.column, self.column + min(self.columns, 1000))
            if ink.is_red:
                marks.red[row].update(columns)
            if ink.is_struck:
                marks.struck[row].update(columns)

    def _column_style(self) -> str:
        return next((style for end, style in self.column_styles if self.column < end), "")

    def _ink(self, name: str) -> Ink:
        red: bool | None = None
        struck: bool | None = None
        for _ in range(10):
            style = self.styles.get(name)
            if style is None:
                break
            red = style.is_red if red is None else red
            struck = style.is_struck if struck is None else struck
            name = style.parent
        return Ink(bool(red), bool(struck)) if red or struck else NO_INK


def _repeated(attributes: Attributes, name: str) -> int:
    text = local(attributes, name)
    return min(int(text), _MOST) if text.isdigit() else 1
