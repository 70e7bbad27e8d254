"""Cells that somebody mends in a file already sent in, without the program it was made with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbooks.cells import Row, Sheet, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.tables import Tables

_SHORT = 14
_LEAST = 3  # words that make a row the head of a table
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Mend:
    """What a cell is to say instead: `row` from 1, `column` from 0."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it can be mended: its column, what stands above the column, what it says."""

    column: int
    label: str
    text: str


def mended(tables: Tables, mends: Iterable[Mend]) -> Tables:
    """The same tables with these cells instead; red ink and strokes through them are gone."""
    by_sheet: defaultdict[str, dict[int, dict[int, str]]] = defaultdict(dict)
    for one in mends:
        by_sheet[one.sheet].setdefault(one.row, {})[one.column] = one.text
    if not by_sheet:
        return tables
    sheets = tuple(
        replace(sheet, rows=_Mended(sheet.rows, by_sheet[sheet.name]))
        if sheet.name in by_sheet
        else sheet
        for sheet in tables.sheets
    )
    return replace(tables, sheets=sheets)


@dataclass(frozen=True, slots=True)
class _Mended:
    rows: Iterable[Row]
    cells: Mapping[int, Mapping[int, str]]

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            cells = self.cells.get(row.number)
            yield _with(row, cells) if cells else row


def _with(row: Row, cells: Mapping[int, str]) -> Row:
    values = list(row.values)
    values += [None] * (max(cells) + 1 - len(values))
    for column, text in cells.items():
        values[column] = text
    return row._replace(values=values, red=row.red - cells.keys(), struck=row.struck - cells.keys())


def cells_of(
    tables: Tables, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], list[Cell]]:
    """The cells of some rows (sheet and number), as far as their tables are wide."""
    by_sheet: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in wanted:
        by_sheet[name].add(number)
    found: dict[tuple[str, int], list[Cell]] = {}
    for sheet in tables.sheets:
        if numbers := by_sheet.get(sheet.name):
            found |= {(sheet.name, row.number): cells for row, cells in _cells(sheet, numbers)}
    return found


def _cells(sheet: Sheet, numbers: set[int]) -> Iterator[tuple[Row, list[Cell]]]:
    labels: list[str] = []
    last_head = 0
    for row in sheet.rows:
        if row.number in numbers:
            width = max(len(labels), _filled(row))
            yield row, [Cell(at, _label(labels, at), as_text(row.at(at))) for at in range(width)]
            continue
        words = _words(row)
        if len(words) >= _LEAST:
            labels = [words.get(at, "") for at in range(_filled(row))]
            last_head = row.number
        elif words and row.number == last_head + 1:  # a second line below parts of the first
            labels += [""] * (max(words) + 1 - len(labels))
            for at, word in words.items():
                labels[at] = word


def _words(row: Row) -> dict[int, str]:
    """What a row says by column, where it says nothing but short words without a figure."""
    told = {at: squeeze(as_text(v)) for at, v in enumerate(row.values) if not is_blank(v)}
    is_words = all(
        len(word) <= _SHORT and not any(letter.isdecimal() for letter in word)
        for word in told.values()
    )
    return told if is_words else {}


def _filled(row: Row) -> int:
    return max((at + 1 for at, value in enumerate(row.values) if not is_blank(value)), default=0)


def _label(labels: Sequence[str], at: int) -> str:
    """What stands above a column, else its letter."""
    named = labels[at] if at < len(labels) else ""
    return named or (chr(ord("A") + at) if at < _LETTERS else str(at + 1))
