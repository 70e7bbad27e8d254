"""One table of entries: its heading, its header, and what each of its rows says."""

import itertools

from workbooks.cells import Row, Sheet, is_blank
from workbooks.characters import squeeze
from workbooks.checks import Balances, Checkpoint, Sums
from workbooks.context import Context
from workbooks.dates import read_day, year_named
from workbooks.entries import EntryReader
from workbooks.evidence import is_cash, read_manner, settle_columns, subject_direction
from workbooks.figures import Figures
from workbooks.headers import Role, is_header
from workbooks.labels import Kind, Label, section_side
from workbooks.layout import Columns, Layout, missing_role, read_layout
from workbooks.ledger import Direction, LedgerRow, Statement, Total
from workbooks.money import UNITS
from workbooks.preamble import Preamble
from workbooks.problems import Ignored
from workbooks.rowkinds import (
    SIGNS_OF_ENTRY,
    PlainEntry,
    has_any,
    in_context,
    kind_of_words,
    label_of,
    lead_of,
    plain_entry,
    stands_alone,
)
from workbooks.titles import Heading, is_title
from workbooks.vouchers import VoucherBook
from workbooks.walking import Cursor, MergedCells, header_lines

_LOOK_AHEAD = 400
_NEXT_HEADER_WITHIN = 8
_SCOPES = {Kind.TOTAL: "total", Kind.PAGE_TOTAL: "page", Kind.SUBTOTAL: "subtotal"}
_BALANCES = (Kind.OPENING, Kind.CLOSING)


class _Half:
    """A table, or one side of a T-table: its entries and the figures about them."""

    def __init__(self, reader: EntryReader) -> None:
        self.reader = reader
        self.columns = reader.columns
        self.figures = Figures(reader)


class StatementReader:
    """Reads one table from where the cursor stands: lines above the header, header, rows.

    `before` is the heading of the table above it in the same sheet, of which it inherits what its
    own lines do not say.
    """

    def __init__(self, file: str, sheet: Sheet, cursor: Cursor, before: Heading | None) -> None:
        self._file = file
        self._sheet = sheet
        self._cursor = cursor
        self._before = before
        self._merged = MergedCells(sheet.merges)
        self.heading = Heading()
        self._preamble = Preamble(self.heading)
        self._layout: Layout | None = None
        self._halves: list[_Half] = []
        self._plain: PlainEntry | None = None
        self._vouchers: VoucherBook | None = None
        self._rows: list[LedgerRow] = []
        self._ignored: list[Ignored] = []
        self._totals: list[Total] = []
        self._sums = Sums()
        self._balances = Balances(sheet.name)
        self._opening_fen: int | None = None
        self._closing_fen: int | None = None

    def read(self) -> Statement:
        """Takes rows from the cursor up to the next table's title or the end of the sheet."""
        self._read_preamble()
        while (row := self._cursor.take()) is not None:
            if self._plain is not None and self._plain.matches(row):
                self._enter(self._halves[0].reader.read(self._merged.fill(row)))
            elif self._begins_another(row):
                self._cursor.put_back(row)
                break
            else:
                self._read_row(row)
        breaks, confirmed = self._balances.check()
        stated = {account for total in self._totals for account in total.accounts}
        return Statement(
            sheet=self._sheet.name,
            title=self.heading.title,
            village=self.heading.village,
            town=self.heading.town,
            book=self.heading.book,
            months=self.heading.months,
            unit=self.heading.unit or "元",
            opening_fen=self._opening_fen,
            closing_fen=self._closing_fen,
            rows=tuple(self._rows),
            totals=tuple(self._totals),
            breaks=breaks,
            confirmed=confirmed | stated,
            ignored=tuple(self._ignored),
        )

    # Above the rows

    def _read_preamble(self) -> None:
        while ahead := self._cursor.peek(4):
            lines = header_lines(ahead)
            if lines and self._starts_table(lines):
                break
            row = self._cursor.take()
            if row is not None:
                self._ignore(row, *self._preamble.read(row))
                self._open(row, self._preamble.opening_fen)
        self.heading.read(self._sheet.name)
        if self._before:
            self.heading.inherit(self._before)

    def _open(self, row: Row, fen: int | None) -> None:
        if fen is not None and self._opening_fen is None:
            self._opening_fen = fen
            self._balances.events.append(Checkpoint(row.number, fen, None, is_opening=True))

    def _starts_table(self, lines: list[Row]) -> bool:
        layout = read_layout(lines, self._sheet.merges, self._sheet.hidden_columns)
        return missing_role(layout) is None

    def _read_header(self, lines: list[Row]) -> None:
        layout = read_layout(lines, self._sheet.merges, self._sheet.hidden_columns)
        is_repeated = self._layout is not None and layout.lines == self._layout.lines
        if not is_repeated:
            self._use(layout)
        for index, line in enumerate(lines):
            if index:
                self._cursor.take()
            self._ignore(line, "repeated_header" if is_repeated else "header")

    def _use(self, layout: Layout) -> None:
        """Settles what the columns mean by the rows that follow, and readies their readers."""
        first = layout.halves[0]
        ahead = [row for row in self._cursor.peek(_LOOK_AHEAD) if not is_header(row)]
        rows = [row for row in ahead if first.has_amount(row) and label_of(row, first) is None]
        for columns in layout.halves:
            settle_columns(columns, rows)
        context = self._context(layout, rows)
        section = self._halves[0].reader.section if self._halves else self._preamble.section
        has_sides = context.side or section or self._has_sections(ahead, first)
        if self._vouchers is None:
            self._vouchers = VoucherBook(context.months)
        title = f"{self._sheet.name} {self.heading.title}"
        self._halves = []
        for columns in layout.halves:
            manner = read_manner(columns, rows, title, has_sides=bool(has_sides))
            reader = EntryReader(columns, manner, context, self._vouchers)
            reader.section = section
            self._halves.append(_Half(reader))
        is_peculiar = len(self._halves) != 1 or self._halves[0].reader.manner.skips_cash
        self._plain = None if is_peculiar else plain_entry(first)
        self._layout = layout

    def _context(self, layout: Layout, rows: list[Row]) -> Context:
        year = year_named(self._file) or layout.year or _year_in(layout.halves[0], rows)
        self.heading.settle_year(year)
        months = self.heading.months
        return Context(
            sheet=self._sheet.name,
            months=months,
            year=months[0][0] if months else self.heading.year,
            unit_fen=UNITS[self.heading.unit or "元"],
            side=Direction(self.heading.side) if self.heading.side else None,
        )

    def _has_sections(self, ahead: list[Row], columns: Columns) -> bool:
        """Whether the rows below stand under headings for income and for expense."""
        labels = (label_of(row, columns) for row in ahead)
        return any(label is not None and label.kind is Kind.SECTION for label in labels)

    # The rows

    def _begins_another(self, row: Row) -> bool:
        """Whether a row is the title of another table, whose header follows soon."""
        filled = (value for value in row.values if not is_blank(value))
        cells = list(itertools.islice(filled, 3))
        if not 1 <= len(cells) <= 2 or not isinstance(cells[0], str):
            return False
        title = squeeze(cells[0])
        if not is_title(title) or title == self.heading.title:
            return False
        ahead = self._cursor.peek(_NEXT_HEADER_WITHIN)
        return any(
            (lines := header_lines(ahead[index : index + 4])) and self._starts_table(lines)
            for index in range(len(ahead))
        )

    def _read_row(self, row: Row) -> None:
        if all(is_blank(value) for value in row.values):
            self._ignore(row, "blank")
            return
        if is_header(row):
            lines = header_lines([row, *self._cursor.peek(3)])
            if self._starts_table(lines):
                self._read_header(lines)
                return
        row = self._merged.fill(row)
        outcomes = [(half, self._sort(row, half)) for half in self._halves]
        entries = [half for half, reason in outcomes if reason is None]
        for half in entries:
            self._enter(half.reader.read(row))
        if not entries:
            half, reason = outcomes[0]
            self._ignore(row, str(reason), self._balance_on(row, half, str(reason)))

    def _enter(self, entry: LedgerRow) -> None:
        self._rows.append(entry)
        self._sums.add(entry)
        self._balances.events.append(entry)

    def _sort(self, row: Row, half: _Half) -> str | None:
        """Why a row is no entry, taking in what it states; None where it is one."""
        label = self._label(row, half)
        has_amount = half.columns.has_amount(row)
        if label and not (label.kind is Kind.VOID and has_amount):
            if label.kind is not Kind.SECTION:
                self._take_figures(row, half, label)
                return label.kind
            if stands_alone(row, half.columns, lead_of(row)):
                side = section_side(lead_of(row))
                half.reader.section = Direction(side) if side else half.reader.section
                self._sums.start_group()
                return label.kind
        if has_amount:
            return self._sort_figures(row, half)
        return self._sort_words(row, half)

    def _label(self, row: Row, half: _Half) -> Label | None:
        label = label_of(row, half.columns)
        if label is None:
            return None
        return in_context(label, lead_of(row), self.heading.months, is_first=not self._rows)

    def _sort_figures(self, row: Row, half: _Half) -> str | None:
        subject = squeeze(half.columns.text(row, Role.SUBJECT))
        if half.reader.manner.skips_cash and is_cash(subject):
            return "counter_entry"
        if not has_any(row, half.columns, (*SIGNS_OF_ENTRY, Role.SUMMARY, Role.SUBJECT)):
            # Figures without a word: a total, if they add up to one.
            stated = half.figures.stated(row, None)
            total = self._sums.total(self._sheet.name, row.number, "total", stated, "")
            if total.agrees and self._rows:
                self._totals.append(total)
                return Kind.TOTAL
        return None

    def _sort_words(self, row: Row, half: _Half) -> str | None:
        kind = kind_of_words(row, half.columns)
        lead = lead_of(row)
        if kind is Kind.SECTION and subject_direction(lead) is not None:
            half.reader.heading_subject = lead
            self._sums.start_group()
        if kind is Kind.NOTE and lead == self.heading.title:
            return "title"
        if kind is None and half.columns.direction and len(self._halves) > 1:
            # One side of a T-table has run out before the other.
            return Kind.NOTE
        return kind

    # What rows that are no entries state

    def _take_figures(self, row: Row, half: _Half, label: Label) -> None:
        if scope := _SCOPES.get(label.kind):
            stated = half.figures.stated(row, label)
            total = self._sums.total(self._sheet.name, row.number, scope, stated, lead_of(row))
            if total.is_stated:
                self._totals.append(total)
        if label.kind is Kind.SUBTOTAL:
            half.reader.heading_subject = None
        if label.kind in _BALANCES:
            self._take_balance(row, half, label)
        elif (fen := half.reader.balance(row)) is not None:
            self._balances.events.append(Checkpoint(row.number, fen, half.figures.chain(row)))

    def _take_balance(self, row: Row, half: _Half, label: Label) -> None:
        fen = half.figures.balance(row, label)
        if fen is None:
            return
        is_opening = label.kind is Kind.OPENING
        if is_opening and self._opening_fen is None and not self._rows:
            self._opening_fen = fen
            if half.figures.sides(row)[0] == fen:
                self._sums.carried_fen = fen
        if not is_opening:
            self._closing_fen = fen
        chain = half.figures.chain(row)
        point = Checkpoint(row.number, fen, chain, is_opening=is_opening, may_be_net=not is_opening)
        self._balances.events.append(point)

    def _balance_on(self, row: Row, half: _Half, reason: str) -> int | None:
        label = label_of(row, half.columns) if reason in _BALANCES else None
        return half.figures.balance(row, label) if label else None

    def _ignore(self, row: Row, reason: str, value_fen: int | None = None) -> None:
        self._ignored.append(Ignored(self._sheet.name, row.number, str(reason), value_fen))


def _year_in(columns: Columns, rows: list[Row]) -> int | None:
    """The year of the first date that is written with one."""
    for row in rows:
        day = read_day(columns.cell(row, Role.DATE))
        if day:
            return day.date.year
    return None
