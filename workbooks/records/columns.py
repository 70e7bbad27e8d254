"""Where a sheet has the columns of a kind: its header is found by its words, not by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbooks import texts
from workbooks.cells import Row, Sheet, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.headers import NAMES, Role
from workbooks.money import UNITS
from workbooks.problems import WorkbookError
from workbooks.records.fields import RecordKind

VILLAGE, CODE = "village", "code"
"""The keys of the columns that say whose a row is; every kind may have them."""

HEADER_WITHIN = 30
_LONGEST_LABEL = 16
_MARKS = re.compile(r"[()\[\]【】/\\、·:\-_,.。*'\"]")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNIT = re.compile(r"(万元|千元|元)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: where it stands, what the file calls it, the unit of its money."""

    index: int
    label: str
    unit_fen: int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a table as read: what stands where, and its cells, to know it again by."""

    first_row: int
    last_row: int
    columns: Mapping[str, Column]
    hidden: Mapping[str, str]
    cells: tuple[str, ...]

    def repeats(self, row: Row) -> bool:
        """Whether a row further down is this header once more."""
        return _cells(row) == self.cells


class Names:
    """The names of a kind's columns, by which labels are understood."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self._keys: dict[str, tuple[str, int]] = {}
        for field in kind.fields:
            self._add(field.key, (field.name, *field.synonyms))
        self._add(CODE, NAMES[Role.CODE])
        self._add(VILLAGE, NAMES[Role.VILLAGE])

    def _add(self, key: str, names: Iterable[str]) -> None:
        for rank, name in enumerate(names):
            self._keys.setdefault(_bare(name), (key, rank))

    def read(self, text: str) -> tuple[str, int, int | None] | None:
        """Key, rank and unit that a header cell names; None for any other word."""
        label = squeeze(text)
        if not label or len(label) > _LONGEST_LABEL:
            return None
        told = [*_BRACKETS.findall(label), _bare(label)]
        unit = next((UNITS[match[1]] for part in told if (match := _UNIT.search(part))), None)
        without = _bare(_BRACKETS.sub("", label))
        for name in (_bare(label), without, _UNIT.sub("", without)):
            if name in self._keys:
                return (*self._keys[name], unit)
        return None


def find_layout(file: str, sheet: Sheet, head: Sequence[Row], names: Names) -> Layout:
    """The header among the first rows. Raises WorkbookError where none is, or a column is missing.

    Its code is nothing_to_read where no header of the kind is there at all.
    """
    best: Layout | None = None
    for place in range(len(head)):
        for lines in (head[place : place + 1], head[place : place + 2]):
            found = _layout(lines, sheet, names)
            if found and (best is None or len(found.columns) > len(best.columns)):
                best = found
    required = [field for field in names.kind.fields if field.is_required]
    present = {*best.columns, *best.hidden} if best else set()
    if best is None or 2 * sum(field.key in present for field in required) < len(required):
        needed = "、".join(field.name for field in required)
        raise WorkbookError(
            "nothing_to_read", file=file, sheet=sheet.name, found=texts.NO_TABLE,
            expected=texts.A_HEADER.format(columns=needed),
        )  # fmt: skip
    for field in required:
        if field.key in best.hidden:
            label = best.hidden[field.key]
            raise WorkbookError(
                "hidden_column", file=file, sheet=sheet.name, column=label,
                found=texts.COLUMN_HIDDEN, expected=texts.THE_COLUMN_SHOWN.format(column=label),
            )  # fmt: skip
        if field.key not in best.columns:
            raise WorkbookError(
                "missing_column", file=file, sheet=sheet.name, column=field.name,
                found=texts.COLUMNS_FOUND.format(columns="、".join(filter(None, best.cells))),
                expected=texts.the_column(field.name, field.synonyms[:3]),
            )  # fmt: skip
    return best


def _layout(lines: Sequence[Row], sheet: Sheet, names: Names) -> Layout | None:
    """What one or two lines are as a header: no figures in them, a name in most of the cells."""
    shown: dict[str, Column] = {}
    hidden: dict[str, str] = {}
    for index, label in _labels(lines):
        found = names.read(label)
        if found is None:
            continue
        key, rank, unit = found
        if index in sheet.hidden_columns:
            hidden.setdefault(key, label)
        elif key not in shown or rank < shown[key].rank:
            shown[key] = Column(index, label, unit, rank)
    if len(shown) + len(hidden) < 2 or any(not _is_words(line, names) for line in lines):
        return None
    hidden = {key: label for key, label in hidden.items() if key not in shown}
    return Layout(lines[0].number, lines[-1].number, shown, hidden, _cells(lines[-1]))


def _is_words(line: Row, names: Names) -> bool:
    """Whether a line may be one of a header: words only, and half of them known."""
    filled = [value for value in line.values if not is_blank(value)]
    if not all(isinstance(value, str) for value in filled):
        return False
    known = sum(names.read(as_text(value)) is not None for value in filled)
    return bool(filled) and 2 * known >= len(filled)


def _labels(lines: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """The label of each column: what stands in the lowest of the lines."""
    for column in range(max(len(line.values) for line in lines)):
        cells = (as_text(line.at(column)) for line in reversed(lines))
        if label := next(filter(None, cells), ""):
            yield column, squeeze(label)


def _bare(text: str) -> str:
    return _MARKS.sub("", squeeze(text))


def _cells(row: Row) -> tuple[str, ...]:
    cells = [squeeze(as_text(value)) for value in row.values]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
