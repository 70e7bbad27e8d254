"""The marks of an XLSX file: which style is red, and which cells, rows and columns bear it."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import IO

from workbooks.marks import NO_INK, Attributes, Ink, Marks, is_red, local, walk

# The palette of Excel 97, as far as it is red.
_RED_INDEXES = frozenset({"2", "10"})
_MAX_COLUMN = 16_384


def read_xlsx_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of each worksheet by its name. Raises ValueError or KeyError on a broken file."""
    inks = _read_inks(archive)
    marks = {}
    for name, member in _sheet_members(archive).items():
        with archive.open(member) as opened:
            reader = _SheetReader(inks)
            walk(opened, reader.start)
            marks[name] = reader.marks
    return marks


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet" and (member := targets.get(local(attributes, "id"))):
            sheets[attributes.get("name", "")] = member

    with archive.open("xl/_rels/workbook.xml.rels") as opened:
        walk(opened, relation)
    with archive.open("xl/workbook.xml") as opened:
        walk(opened, sheet)
    return sheets


def _read_inks(archive: zipfile.ZipFile) -> list[Ink]:
    """How each cell format (the `s` of a cell) writes."""
    names = set(archive.namelist())
    if "xl/styles.xml" not in names:
        return []
    theme: list[str] = []
    if "xl/theme/theme1.xml" in names:
        with archive.open("xl/theme/theme1.xml") as opened:
            theme = _read_theme(opened)
    reader = _StyleReader(theme)
    with archive.open("xl/styles.xml") as opened:
        walk(opened, reader.start, reader.end)
    return reader.formats


def _read_theme(opened: IO[bytes]) -> list[str]:
    """The colours of the theme in the order in which cells number them."""
    colors: list[str] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == "clrScheme":
            inside = True
        elif inside and name == "srgbClr":
            colors.append(attributes.get("val", ""))
        elif inside and name == "sysClr":
            colors.append(attributes.get("lastClr", ""))

    def end(name: str) -> None:
        nonlocal inside
        if name == "clrScheme":
            inside = False

    walk(opened, start, end)
    # Cells count light before dark, the theme lists dark before light.
    for first in (0, 2):
        colors[first : first + 2] = reversed(colors[first : first + 2])
    return colors


@dataclass(slots=True)
class _StyleReader:
    theme: list[str]
    fonts: list[Ink] = field(default_factory=list)
    red_formats: set[str] = field(default_factory=set)
    formats: list[Ink] = field(default_factory=list)
    section: str = ""
    red: bool = False
    struck: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "numFmts"):
            self.section = name
        elif self.section == "fonts" and name == "font":
            self.red = self.struck = False
        elif self.section == "fonts" and name == "color":
            self.red = self._is_red(attributes)
        elif self.section == "fonts" and name == "strike":
            self.struck = attributes.get("val", "1") not in ("0", "false")
        elif self.section == "numFmts" and name == "numFmt":
            if _shows_positive_red(attributes.get("formatCode", "")):
                self.red_formats.add(attributes.get("numFmtId", ""))
        elif self.section == "cellXfs" and name == "xf":
            self.formats.append(self._format(attributes))

    def end(self, name: str) -> None:
        if name == self.section:
            self.section = ""
        elif self.section == "fonts" and name == "font":
            self.fonts.append(Ink(self.red, self.struck))

    def _format(self, attributes: Attributes) -> Ink:
        number = attributes.get("fontId", "")
        font = (
            self.fonts[int(number)]
            if number.isdigit() and int(number) < len(self.fonts)
            else NO_INK
        )
        by_format = attributes.get("numFmtId") in self.red_formats
        return Ink(font.is_red or by_format, font.is_struck)

    def _is_red(self, attributes: Attributes) -> bool:
        if "rgb" in attributes:
            return is_red(attributes["rgb"])
        if "indexed" in attributes:
            return attributes["indexed"] in _RED_INDEXES
        number = attributes.get("theme", "")
        return (
            number.isdigit() and int(number) < len(self.theme) and is_red(self.theme[int(number)])
        )


def _shows_positive_red(code: str) -> bool:
    first = code.partition(";")[0].lower()
    return "[red]" in first or "[红色]" in first


@dataclass(slots=True)
class _SheetReader:
    inks: list[Ink]
    marks: Marks = field(default_factory=Marks)
    row: int = 0
    column: int = -1
    ink: Ink = NO_INK

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "t"):
            self._value()
        elif name == "row":
            self._row(attributes)
        elif name == "col":
            self._columns(attributes)

    def _row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isdigit() else self.row + 1
        self.column = -1
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
            self.marks.hidden_rows.add(self.row)

    def _cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        self.column = _column_of(place) if place else self.column + 1
        style = attributes.get("s", "")
        known = style.isdigit() and int(style) < len(self.inks)
        self.ink = self.inks[int(style)] if known else NO_INK

    def _value(self) -> None:
        self.marks.reach(self.row, self.column)
        if self.ink.is_red:
            self.marks.red[self.row].add(self.column)
        if self.ink.is_struck:
            self.marks.struck[self.row].add(self.column)

    def _columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
            self.marks.hidden_columns.update(range(first - 1, min(last, _MAX_COLUMN)))


def _column_of(place: str) -> int:
    """AB12 -> 27."""
    column = 0
    for character in place:
        if not character.isalpha():
            break
        column = column * 26 + ord(character.upper()) - 64
    return column - 1
