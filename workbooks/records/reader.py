"""A file of one of the seven kinds into rows, whatever its layout (contract.md 2)."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from workbooks import texts as common
from workbooks.cells import Row, Sheet, as_text, is_blank, is_ditto
from workbooks.cells import Value as Cell
from workbooks.characters import one_line, squeeze
from workbooks.drafts import Draft
from workbooks.labels import Kind as LabelKind
from workbooks.labels import read_label, remark_kind
from workbooks.ledger import Verdict
from workbooks.mending import Mend, mended
from workbooks.money import UNITS, format_fen, read_money
from workbooks.problems import Ignored, Reason, WorkbookError, shown
from workbooks.records import texts
from workbooks.records.checks import CHECKS
from workbooks.records.checks import Row as CheckedRow
from workbooks.records.columns import CODE, HEADER_WITHIN, VILLAGE, Names, find_layout
from workbooks.records.fields import LONG_TERM, RecordKind, Type, Value
from workbooks.records.rows import RecordFile, RecordRow, RecordTotal
from workbooks.records.values import claimant_of, names_a_child, read_value
from workbooks.rowkinds import lead_of
from workbooks.tables import read_tables
from workbooks.titles import Heading, village_named
from workbooks.walking import MergedCells

_CODE = re.compile(r"\d{12}")
_FIGURES = frozenset((Type.MONEY, Type.NUMBER, Type.COUNT))
_TOTALS = frozenset(
    (LabelKind.TOTAL, LabelKind.SUBTOTAL, LabelKind.PAGE_TOTAL, LabelKind.CUMULATIVE)
)
_LONGEST_BOOK = 60
_DIGEST = 10


def read_kind(
    path: Path,
    kind: RecordKind,
    *,
    source_name: str | None = None,
    mends: Iterable[Mend] = (),
) -> RecordFile:
    """The rows of a CSV, XLSX, XLS or ODS file, each with its verdict.

    `mends` are cells that say something else by now.

    Raises WorkbookError where nothing can be read: those of `read_tables`, and missing_column,
    hidden_column, nothing_to_read.
    """
    tables = mended(read_tables(path, source_name), mends)
    names = Names(kind)
    rows: list[RecordRow] = []
    totals: list[RecordTotal] = []
    ignored: list[Ignored] = []
    errors: list[WorkbookError] = []
    for sheet in tables.sheets:
        if sheet.is_hidden:
            ignored.append(Ignored(sheet.name, None, "hidden_draft"))
            continue
        try:
            table = _Table(tables.file, sheet, names)
        except WorkbookError as error:
            errors.append(error)
            ignored.append(Ignored(sheet.name, None, "other_kind"))
            continue
        rows += table.read()
        totals += table.totals
        ignored += table.ignored
    if not rows:
        raise _best(errors) or _no_rows(tables.file)
    lacking = tuple(error for error in errors if error.code != "nothing_to_read")
    return RecordFile(
        tables.file, kind, tuple(_told_apart(kind, rows)), tuple(totals), tuple(ignored), lacking
    )


def _best(errors: list[WorkbookError]) -> WorkbookError | None:
    """The complaint that knows most: a missing column before a missing table."""
    return min(errors, key=lambda error: error.code == "nothing_to_read", default=None)


def _no_rows(file: str) -> WorkbookError:
    return WorkbookError(
        "nothing_to_read", file=file, found=common.NO_ROWS, expected=common.ONE_ROW_AT_LEAST
    )


class _Table:
    """The table of one sheet, read from top to bottom."""

    def __init__(self, file: str, sheet: Sheet, names: Names) -> None:
        self.totals: list[RecordTotal] = []
        self.ignored: list[Ignored] = []
        self._kind = names.kind
        self._sheet = sheet
        self._rows = iter(sheet.rows)
        self._head = list(itertools.islice(self._rows, HEADER_WITHIN))
        self._layout = find_layout(file, sheet, self._head, names)
        self._heading = self._read_heading()
        self._unit_fen = UNITS[self._heading.unit or "元"]
        self._above: dict[str, Cell] = {}
        self._summed: list[RecordRow] = []
        self._seen: dict[tuple[object, ...], int] = {}

    def _read_heading(self) -> Heading:
        heading = Heading()
        heading.read(self._sheet.name)
        for row in self._head:
            if row.number >= self._layout.first_row:
                break
            for value in row.values:
                heading.read(as_text(value))
        return heading

    def read(self) -> Iterator[RecordRow]:
        merged = MergedCells(self._sheet.merges)
        for row in map(merged.fill, itertools.chain(self._head, self._rows)):
            if row.number <= self._layout.last_row or all(map(is_blank, row.values)):
                continue
            if reason := self._no_record(row):
                self.ignored.append(Ignored(self._sheet.name, row.number, reason))
                continue
            found = self._read(row)
            self._summed.append(found)
            yield found

    # --- rows that are no records -----------------------------------------------------------------

    def _no_record(self, row: Row) -> str | None:
        """The word for what a row is if it is no record."""
        if self._layout.repeats(row):
            return "header"
        words = [column for key, column in self._layout.columns.items() if self._is_word(key)]
        filled = sum(not is_blank(row.at(column.index)) for column in words)
        lead = lead_of(row)
        if filled <= 1 and (label := read_label(lead)):
            if label.kind in _TOTALS:
                self._add_total(row)
            return label.kind
        if sum(not is_blank(value) for value in row.values) == 1:
            return remark_kind(lead) or "note"
        return remark_kind(lead) if filled <= 2 else None

    def _is_word(self, key: str) -> bool:
        return key in (VILLAGE, CODE) or self._kind.field(key).type not in _FIGURES

    def _add_total(self, row: Row) -> None:
        column = self._layout.columns.get(self._kind.total)
        money = (
            read_money(row.at(column.index), column.unit_fen or self._unit_fen) if column else None
        )
        if money and self._summed:
            amounts = (item.values.get(self._kind.total) for item in self._summed)
            parsed = sum(amount for amount in amounts if isinstance(amount, int))
            lists = frozenset((item.book, item.period) for item in self._summed)
            total = RecordTotal(self._sheet.name, row.number, money.fen, parsed, lists)
            self.totals.append(total)
        self._summed = []

    # --- records ----------------------------------------------------------------------------------

    def _read(self, row: Row) -> RecordRow:
        cells = {key: self._cell(row, key) for key in self._layout.columns}
        labels = {key: column.label for key, column in self._layout.columns.items()}
        draft = Draft(row)
        values = self._values(cells, draft)
        kind = self._kind
        for field in kind.fields:
            if field.is_required and is_blank(cells.get(field.key)):
                expected = texts.FILL.format(name=field.name)
                draft.refuse("missing", labels.get(field.key, field.name), common.BLANK, expected)
        for check in CHECKS.get(kind.code, ()):
            check(CheckedRow(kind, values, labels, draft))
        book, period = self._book(values, draft), self._period(values)
        village, code = self._place(cells, draft, labels)
        self._look_at_marks(row, draft)
        if kind.is_list:
            self._doubt_copy(draft, (village, code, book, period), cells)
        return RecordRow(
            sheet=self._sheet.name,
            row=row.number,
            values=values,
            book=book,
            period=period,
            village=village,
            code=code,
            titled=(self._heading.village, self._heading.town),
            reasons=tuple(draft.reasons),
            verdict=draft.verdict(),
            claimant=claimant_of(cells),
        )

    def _cell(self, row: Row, key: str) -> Cell:
        """The cell; a ditto mark stands for the words above it, never for a figure."""
        cell = row.at(self._layout.columns[key].index)
        if is_ditto(cell) and self._is_word(key):
            cell = self._above.get(key)
        self._above[key] = cell
        return cell

    def _values(self, cells: Mapping[str, Cell], draft: Draft) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for field in self._kind.fields:
            cell = cells.get(field.key)
            if is_blank(cell):
                continue
            column = self._layout.columns[field.key]
            value = read_value(
                field, cell, draft, label=column.label, unit_fen=column.unit_fen or self._unit_fen
            )
            if value is not None:
                values[field.key] = value
        if self._period_key(values) is None and "period" in self._kind.period:
            values |= self._titled_period()
        if any(field.type is Type.PERSON for field in self._kind.fields):
            self._hide_children(values, cells)
        return values

    def _hide_children(self, values: dict[str, Value], cells: Mapping[str, Cell]) -> None:
        year = self._period(values)[:4]
        item = str(values.get("item", ""))
        if "name" in values and names_a_child(item, cells, int(year) if year else 0):
            values["name"] = texts.A_CHILD

    def _titled_period(self) -> dict[str, Value]:
        """The month, else the year, that the lines above the table name."""
        months = self._heading.months
        if len(months) == 1:
            return {"period": f"{months[0][0]:04d}-{months[0][1]:02d}"}
        return {"period": str(self._heading.year)} if self._heading.year else {}

    def _period_key(self, values: Mapping[str, Value]) -> str | None:
        return next((key for key in self._kind.period if key in values), None)

    def _period(self, values: Mapping[str, Value]) -> str:
        if not self._kind.period:
            return LONG_TERM
        key = self._period_key(values)
        return str(values[key])[: self._kind.period_length] if key else ""

    def _book(self, values: Mapping[str, Value], draft: Draft) -> str:
        kind = self._kind
        if not kind.book:
            return kind.name
        key = next((key for key in kind.book if key in values), None)
        if key is None:
            return ""
        name = squeeze(str(values[key]))
        if key == "title" and kind.is_book_hidden:
            return f"#{hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]}"
        if len(name) > _LONGEST_BOOK:
            expected = texts.AT_MOST.format(longest=_LONGEST_BOOK)
            found = texts.TOO_LONG.format(count=len(name))
            draft.refuse("too_long", kind.field(key).name, found, expected)
        return name

    def _place(
        self, cells: Mapping[str, Cell], draft: Draft, labels: Mapping[str, str]
    ) -> tuple[str | None, str | None]:
        """Village and code as the row's own columns tell them."""
        village = one_line(as_text(cells.get(VILLAGE)))
        code = squeeze(as_text(cells.get(CODE)))
        if code and not _CODE.fullmatch(code):
            draft.refuse("invalid_code", labels[CODE], shown(code), common.CODE_12)
            code = ""
        return (village_named(village) if village else None), code or None

    def _look_at_marks(self, row: Row, draft: Draft) -> None:
        if row.is_hidden:
            draft.doubt("hidden_row", "", common.HIDDEN_ROW, common.A_SHOWN_ROW)
        for column in self._layout.columns.values():
            if column.index in row.struck and not is_blank(row.at(column.index)):
                found = draft.quote(row.at(column.index))
                draft.doubt("struck_out", column.label, found, common.NOT_STRUCK)

    def _doubt_copy(
        self, draft: Draft, owner: tuple[object, ...], cells: Mapping[str, Cell]
    ) -> None:
        """A row that stands in the list already, by the names as the file has them.

        Of names that are masked nobody can say whether they are the same person's.
        """
        told = tuple((key, squeeze(as_text(cell))) for key, cell in cells.items())
        if any("*" in text for _, text in told):
            return
        first = self._seen.setdefault((owner, told), draft.row.number)
        if first != draft.row.number:
            place = common.in_file(self._sheet.name, first)
            draft.doubt("copy", "", common.COPY, common.ANOTHER_ROW.format(place=place))


def _told_apart(kind: RecordKind, rows: list[RecordRow]) -> Iterator[RecordRow]:
    """Of kinds whose rows are each one by itself, a second row for the same one is refused."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = (row.village, row.code, row.titled, row.book, row.period)
        if kind.is_list or row.verdict is Verdict.REFUSED or key not in seen:
            if row.verdict is not Verdict.REFUSED:
                seen.setdefault(key, row.row)
            yield row
            continue
        field = kind.field(next(k for k in kind.book if k in row.values))
        found = shown(str(row.values[field.key]))
        reason = Reason(field.name, found, texts.SAME_ONE.format(row=seen[key]))
        yield replace(row, reasons=(*row.reasons, reason), verdict=Verdict.REFUSED)


def total_reason(total: RecordTotal) -> Reason:
    """Why a total is to be looked at."""
    expected = texts.THE_TOTAL.format(amount=format_fen(total.parsed_fen))
    return Reason("", format_fen(total.stated_fen), expected)
