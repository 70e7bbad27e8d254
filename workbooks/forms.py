"""Lists with one header row (villages, people, balances, holidays): records out of any table."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from workbooks import texts
from workbooks.cells import Row, Sheet, Value, as_text, is_blank
from workbooks.characters import squeeze, to_half_width
from workbooks.dates import read_day
from workbooks.money import read_money
from workbooks.problems import Ignored, Reason, WorkbookError, shown
from workbooks.tables import Tables, read_tables

_HEADER_WITHIN = 20
_Item = TypeVar("_Item", covariant=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its name in the contract, and the other names that it may have."""

    name: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = False

    def matches(self, label: str) -> bool:
        return label == self.name or label in self.synonyms


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of which nothing is taken, and why."""

    sheet: str
    row: int
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, object]:
        reasons = [reason.as_json() for reason in self.reasons]
        return {"sheet": self.sheet, "row": self.row, "reasons": reasons}

    def sentences(self, file: str) -> tuple[str, ...]:
        """What the accountant reads, a sentence a reason."""
        return tuple(reason.sentence(file, self.sheet, self.row) for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Item]):
    """What one file gave: items understood, rows refused, and what was no record."""

    file: str
    accepted: tuple[_Item, ...]
    refused: tuple[RefusedRow, ...]
    ignored: tuple[Ignored, ...] = ()


@dataclass(slots=True)
class Record:
    """One row by column name. What is found wrong with it is collected in `reasons`."""

    sheet: str
    row: int
    values: Mapping[str, Value]
    reasons: list[Reason] = field(default_factory=list)

    def refuse(self, column: str, expected: str, found: str | None = None) -> None:
        """Notes that a cell cannot be used; `found` where the cell itself must not be shown."""
        text = as_text(self.values.get(column)) if found is None else found
        self.reasons.append(Reason(column, shown(text) or texts.BLANK, expected))

    def text(self, column: str, expected: str = "") -> str:
        """The cell in half width; where `expected` is given, an empty one is refused."""
        text = to_half_width(as_text(self.values.get(column))).strip()
        if not text and expected:
            self.refuse(column, expected)
        return text

    def whole(self, column: str, expected: str, allowed: range | None = None) -> int | None:
        """A whole number; None where the cell is empty, refused where it is anything else."""
        value = self.values.get(column)
        if is_blank(value):
            return None
        text = squeeze(as_text(value))
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if number is None or (allowed is not None and number not in allowed):
            self.refuse(column, expected)
            return None
        return number

    def fen(self, column: str) -> int | None:
        """An amount in fen; refused where the cell is empty or no exact number."""
        money = read_money(self.values.get(column))
        if money is None or "rounded" in money.flags:
            self.refuse(column, texts.A_NUMBER)
            return None
        return money.fen

    def day(self, column: str) -> date | None:
        """A full date; None where the cell is empty, refused where the year is missing."""
        value = self.values.get(column)
        if is_blank(value):
            return None
        day = read_day(value)
        if day is None or "confirm" in day.flags:
            self.refuse(column, texts.A_DATE_WITH_YEAR)
            return None
        return day.date

    def code(
        self, column: str, expected: str = texts.CODE_12, lengths: Sequence[int] = (12,)
    ) -> str:
        """A region code; refused where it is empty, too short or long, or lost digits."""
        value = self.values.get(column)
        text = squeeze(as_text(value))
        if "E+" in text.upper():
            self.refuse(column, texts.AS_TEXT, texts.LOST_DIGITS)
            return ""
        if not (text.isascii() and text.isdigit() and len(text) in lengths):
            self.refuse(column, expected)
            return ""
        return text

    def refused(self) -> RefusedRow:
        return RefusedRow(self.sheet, self.row, tuple(self.reasons))


def read_records(
    path: Path, columns: Sequence[Column], source_name: str | None = None
) -> tuple[str, list[Record], list[Ignored]]:
    """The records of every visible sheet that has the required columns.

    Gives the file's name, the records, and the sheets that were left out. Raises WorkbookError:
    those of `read_tables`, missing_column, nothing_to_read.
    """
    tables = read_tables(path, source_name)
    records: list[Record] = []
    ignored: list[Ignored] = []
    errors: list[WorkbookError] = []
    for sheet in tables.sheets:
        if sheet.is_hidden:
            ignored.append(Ignored(sheet.name, None, "hidden_draft"))
            continue
        try:
            records.extend(_sheet_records(tables, sheet, columns))
        except WorkbookError as error:
            errors.append(error)
            ignored.append(Ignored(sheet.name, None, "other_kind"))
    if not records:
        raise _best(errors) or _nothing(tables.file, "", columns)
    return tables.file, records, ignored


def _best(errors: Iterable[WorkbookError]) -> WorkbookError | None:
    """The complaint that knows most: a missing column before a missing table."""
    return min(errors, key=lambda error: error.code != "missing_column", default=None)


def _sheet_records(tables: Tables, sheet: Sheet, columns: Sequence[Column]) -> Iterator[Record]:
    rows = iter(sheet.rows)
    head = list(itertools.islice(rows, _HEADER_WITHIN))
    last_header, places = _find_header(tables.file, sheet, head, columns)
    for row in itertools.chain(head, rows):
        if row.number <= last_header or all(is_blank(value) for value in row.values):
            continue
        values = {name: row.at(column) for name, column in places.items()}
        if any(not is_blank(value) for value in values.values()):
            yield Record(sheet.name, row.number, values)


def _find_header(
    file: str, sheet: Sheet, head: Sequence[Row], columns: Sequence[Column]
) -> tuple[int, dict[str, int]]:
    header: Row | None = None
    places: dict[str, int] = {}
    for row in head:
        found = _places(row, columns, sheet.hidden_columns)
        if len(found) > len(places):
            header, places = row, found
    if header is None or len(places) < min(2, len(columns)):
        raise _nothing(file, sheet.name, columns)
    for column in columns:
        if column.is_required and column.name not in places:
            labels = [squeeze(as_text(value)) for value in header.values if not is_blank(value)]
            raise WorkbookError(
                "missing_column",
                file=file,
                sheet=sheet.name,
                column=column.name,
                found=texts.COLUMNS_FOUND.format(columns="、".join(labels)),
                expected=texts.the_column(column.name, column.synonyms),
            )
    return header.number, places


def _places(row: Row, columns: Sequence[Column], hidden: frozenset[int]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, value in enumerate(row.values):
        if index in hidden or not isinstance(value, str):
            continue
        label = squeeze(value).rstrip("*:")
        for column in columns:
            if column.name not in places and column.matches(label):
                places[column.name] = index
                break
    return places


def _nothing(file: str, sheet: str, columns: Sequence[Column]) -> WorkbookError:
    needed = "、".join(column.name for column in columns if column.is_required)
    return WorkbookError(
        "nothing_to_read",
        file=file,
        sheet=sheet,
        found=texts.NO_TABLE,
        expected=texts.A_HEADER.format(columns=needed),
    )
