"""One table of entries: its heading, its header, and what each of its rows is."""

import itertools
import re
from typing import NamedTuple

from workbooks.cells import Row, Sheet, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.checks import Balances, Chain, Checkpoint, Stated, Sums
from workbooks.context import Context
from workbooks.dates import read_day, year_named
from workbooks.entries import EntryReader
from workbooks.evidence import is_cash, read_manner, settle_columns, subject_direction
from workbooks.headers import Role, is_header
from workbooks.labels import (
    Kind,
    Label,
    month_of_balance,
    read_label,
    remark_kind,
    section_side,
    sums_in_words,
    sums_up_a_span,
)
from workbooks.layout import AMOUNTS, Columns, Layout, missing_role, read_layout
from workbooks.ledger import Direction, LedgerRow, Statement, Total
from workbooks.money import UNITS, is_nothing, read_money
from workbooks.problems import Ignored
from workbooks.titles import Heading, is_title, is_unit_line
from workbooks.vouchers import VoucherBook
from workbooks.walking import Cursor, MergedCells, header_lines

_LOOK_AHEAD = 400
_NEXT_HEADER_WITHIN = 8
_LONGEST_HEADING = 12
# Only a text with one of these can be the label of a row that is no entry.
_HINT = re.compile(r"[计结余额存页初末转累空]|收入|支出|作废|现金")
_SCOPES = {Kind.TOTAL: "total", Kind.PAGE_TOTAL: "page", Kind.SUBTOTAL: "subtotal"}
_BALANCES = (Kind.OPENING, Kind.CLOSING)
_PARTIES = (Role.PARTY, Role.PAYEE, Role.PAYER)
_SIGNS_OF_ENTRY = (
    Role.DATE, Role.DAY, Role.VOUCHER, *_PARTIES, Role.HANDLER,
)  # fmt: skip


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
        self._layout: Layout | None = None
        self._readers: list[EntryReader] = []
        self._vouchers: VoucherBook | None = None
        self._first_section: Direction | None = None
        self._plain: _Plain | None = None
        self.heading = Heading()
        self._rows: list[LedgerRow] = []
        self._ignored: list[Ignored] = []
        self._totals: list[Total] = []
        self._sums = Sums()
        self._balances = Balances(sheet.name)
        self._opening_fen: int | None = None
        self._closing_fen: int | None = None

    def read(self) -> Statement:
        """Takes rows from the cursor up to the next table's title or the end of the sheet."""
        self._read_heading()
        while (row := self._cursor.take()) is not None:
            if self._is_plain_entry(row):
                self._enter(self._readers[0].read(self._merged.fill(row)))
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

    # Above the header

    def _read_heading(self) -> None:
        while ahead := self._cursor.peek(4):
            lines = header_lines(ahead)
            if lines and self._starts_table(lines):
                break
            row = self._cursor.take()
            if row is not None:
                self._read_heading_row(row)
        self.heading.read(self._sheet.name)
        if self._before:
            self.heading.inherit(self._before)

    def _starts_table(self, lines: list[Row]) -> bool:
        layout = read_layout(lines, self._sheet.merges, self._sheet.hidden_columns)
        return missing_role(layout) is None

    def _read_heading_row(self, row: Row) -> None:
        cells = [squeeze(as_text(value)) for value in row.values if not is_blank(value)]
        if not cells:
            self._ignore(row, "blank")
            return
        kind = self._heading_kind(cells)
        if kind in ("title", "unit_line"):
            for cell in cells:
                self.heading.read(cell)
            if kind == "title" and not self.heading.title:
                self.heading.title = cells[0]
            self._ignore(row, kind)
            return
        label = read_label(cells[0])
        if label and label.kind is Kind.SECTION and (side := section_side(cells[0])):
            self._first_section = Direction(side)
        if label and label.kind is Kind.OPENING:
            figure = label.figure or next((c for c in cells[1:] if read_money(c)), "")
            self._open(row, figure)
            return
        self._ignore(row, (label.kind if label else remark_kind(cells[0])) or Kind.NOTE)

    def _heading_kind(self, cells: list[str]) -> str:
        if is_title(cells[0]):
            return "title"
        if is_unit_line(cells[0]):
            return "unit_line"
        if any(is_unit_line(cell) for cell in cells):
            return "unit_line"
        if not self.heading.title and len(cells[0]) <= 40 and remark_kind(cells[0]) is None:
            return "" if read_label(cells[0]) else "title"
        return ""

    def _open(self, row: Row, figure: str) -> None:
        money = read_money(figure, UNITS[self.heading.unit or "元"])
        if money:
            self._opening_fen = money.fen
            self._balances.events.append(Checkpoint(row.number, money.fen, None, is_opening=True))
        self._ignore(row, Kind.OPENING, money.fen if money else None)

    # The header

    def _read_header(self, lines: list[Row]) -> None:
        layout = read_layout(lines, self._sheet.merges, self._sheet.hidden_columns)
        if self._layout is not None and layout.lines == self._layout.lines:
            reason = "repeated_header"
        else:
            reason = "header"
            self._use(layout)
        self._ignore(lines[0], reason)
        for _ in lines[1:]:
            line = self._cursor.take()
            if line is not None:
                self._ignore(line, reason)

    def _use(self, layout: Layout) -> None:
        """Settles what the columns mean by the rows that follow, and readies their readers."""
        self._layout = layout
        rows = self._sample(layout.halves[0])
        for columns in layout.halves:
            settle_columns(columns, rows)
        year = year_named(self._file) or layout.year or _year_in(layout.halves[0], rows)
        self.heading.settle_year(year)
        months = self.heading.months
        context = Context(
            sheet=self._sheet.name,
            months=months,
            year=months[0][0] if months else self.heading.year,
            unit_fen=UNITS[self.heading.unit or "元"],
            side=Direction(self.heading.side) if self.heading.side else None,
        )
        if self._vouchers is None:
            self._vouchers = VoucherBook(months)
        title = f"{self._sheet.name} {self.heading.title}"
        section = self._readers[0].section if self._readers else self._first_section
        has_sides = (
            context.side is not None
            or self._first_section is not None
            or self._has_sections(layout.halves[0])
        )
        self._readers = [
            EntryReader(
                columns,
                read_manner(columns, rows, title, has_sides=has_sides),
                context,
                self._vouchers,
            )
            for columns in layout.halves
        ]
        if len(self._readers) == 1:
            self._readers[0].section = section
        self._plain = _plain_columns(self._readers)

    def _sample(self, columns: Columns) -> list[Row]:
        """Rows below the header that are entries as far as one can see from here."""
        sample: list[Row] = []
        for row in self._cursor.peek(_LOOK_AHEAD):
            if is_header(row):
                continue
            if columns.has_amount(row) and self._label(row, columns) is None:
                sample.append(row)
        return sample

    def _has_sections(self, columns: Columns) -> bool:
        """Whether the rows below stand under headings for income and for expense."""
        labels = (self._label(row, columns) for row in self._cursor.peek(_LOOK_AHEAD))
        return any(label is not None and label.kind is Kind.SECTION for label in labels)

    # Below the header

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

    def _is_plain_entry(self, row: Row) -> bool:
        """Whether a row is an entry beyond doubt: dated, numbered, with words and a figure."""
        if self._plain is None:
            return False
        at = self._plain
        voucher, summary = row.at(at.voucher), row.at(at.summary)
        if not (isinstance(voucher, str) and isinstance(summary, str)):
            return False
        return (
            voucher[-1:].isdigit()
            and summary not in ("", voucher)
            and not is_blank(row.at(at.date))
            and any(not is_nothing(row.at(column)) for column in at.amounts)
        )

    def _read_row(self, row: Row) -> None:
        if all(is_blank(value) for value in row.values):
            self._ignore(row, "blank")
            return
        if is_header(row):
            lines = header_lines([row, *self._cursor.peek(3)])
            if self._layout is None or self._starts_table(lines):
                self._read_header(lines)
                return
        row = self._merged.fill(row)
        reasons: list[str] = []
        is_entry = False
        for reader in self._readers:
            reason = self._sort(row, reader)
            if reason is None:
                is_entry = True
                self._enter(reader.read(row))
            else:
                reasons.append(reason)
        if not is_entry and reasons:
            value = self._value_on(row) if reasons[0] in _BALANCES else None
            self._ignore(row, reasons[0], value)

    def _enter(self, entry: LedgerRow) -> None:
        self._rows.append(entry)
        self._sums.add(entry)
        self._balances.events.append(entry)

    def _sort(self, row: Row, reader: EntryReader) -> str | None:
        """Why a row is no entry, taking in what it states; None where it is one."""
        columns = reader.columns
        label = self._label(row, columns)
        has_amount = columns.has_amount(row)
        if label and not (label.kind is Kind.VOID and has_amount):
            label = self._in_context(row, label)
            if label.kind is not Kind.SECTION:
                self._take_figures(row, reader, label)
                return label.kind
            if not _filled(row, columns, _SIGNS_OF_ENTRY):
                side = section_side(_lead(row))
                reader.section = Direction(side) if side else reader.section
                self._sums.start_group()
                return label.kind
        if has_amount:
            return self._sort_figures(row, reader)
        return self._sort_words(row, reader)

    def _label(self, row: Row, columns: Columns) -> Label | None:
        """The label of a row that is no entry; whatever bears a voucher or names a party is one."""
        summary = columns.text(row, Role.SUMMARY)
        candidates = [summary or columns.text(row, Role.SUBJECT), _lead(row)]
        for candidate in candidates:
            if not _HINT.search(candidate):
                continue
            text = squeeze(candidate)
            label = read_label(text)
            if label is None or squeeze(columns.text(row, Role.VOUCHER)) not in ("", text):
                continue
            if not any(squeeze(columns.text(row, role)) not in ("", text) for role in _PARTIES):
                return label
        return None

    def _in_context(self, row: Row, label: Label) -> Label:
        """What a label means in this month's table: 2月结余 opens March, 本季合计 covers more."""
        months = self.heading.months
        text = _lead(row)
        if label.kind is Kind.CLOSING and months and not self._rows:
            named = month_of_balance(text)
            if named and named != months[-1][1]:
                return Label(Kind.OPENING, label.figure)
        is_total = label.kind in (Kind.TOTAL, Kind.SUBTOTAL)
        if is_total and len(months) == 1 and sums_up_a_span(text):
            return Label(Kind.CUMULATIVE, label.figure)
        return label

    def _sort_figures(self, row: Row, reader: EntryReader) -> str | None:
        columns = reader.columns
        if reader.manner.skips_cash and is_cash(squeeze(columns.text(row, Role.SUBJECT))):
            return "counter_entry"
        if columns.direction and not columns.has_amount(row):
            return Kind.NOTE
        says_what = (*_SIGNS_OF_ENTRY, Role.SUMMARY, Role.SUBJECT)
        if not _filled(row, columns, says_what):
            # Figures without a word: a total, if they add up to one.
            stated = self._stated(row, reader, "")
            total = self._sums.total(self._sheet.name, row.number, "total", stated, "")
            if total.agrees and self._rows:
                self._totals.append(total)
                return Kind.TOTAL
        return None

    def _sort_words(self, row: Row, reader: EntryReader) -> str | None:
        """A row without figures: an entry that lacks its amount, a heading, or a remark."""
        columns = reader.columns
        lead = _lead(row)
        if is_unit_line(lead):
            return "unit_line"
        if remark := remark_kind(lead):
            return remark
        if columns.direction and not _filled(row, columns, (Role.SUMMARY,)):
            return Kind.NOTE
        signs = [role for role in _SIGNS_OF_ENTRY if role in columns.at]
        own = {columns.at[role] for role in (*signs, Role.SUMMARY) if role in columns.at}
        filled = [c for c, value in enumerate(row.values) if c in own and not is_blank(value)]
        if len(filled) >= 2 and not is_blank(columns.cell(row, Role.SUMMARY)):
            return None
        may_head = Role.SUBJECT not in columns.at and len(lead) <= _LONGEST_HEADING
        if may_head and subject_direction(lead) is not None:
            reader.heading_subject = lead
            self._sums.start_group()
            return Kind.SECTION
        if lead == self.heading.title:
            return "title"
        return Kind.NOTE

    # What rows that are no entries state

    def _take_figures(self, row: Row, reader: EntryReader, label: Label) -> None:
        scope = _SCOPES.get(label.kind)
        if scope:
            stated = self._stated(row, reader, label.figure)
            total = self._sums.total(self._sheet.name, row.number, scope, stated, _lead(row))
            if total.is_stated:
                self._totals.append(total)
        if label.kind is Kind.SUBTOTAL:
            reader.heading_subject = None
        if label.kind in (Kind.OPENING, Kind.CLOSING):
            self._take_balance(row, reader, label)
        elif (balance := reader.balance(row)) is not None:
            self._balances.events.append(Checkpoint(row.number, balance, self._chain(row, reader)))

    def _take_balance(self, row: Row, reader: EntryReader, label: Label) -> None:
        fen = self._balance_on(row, reader, label)
        if fen is None:
            return
        is_opening = label.kind is Kind.OPENING
        if is_opening and self._opening_fen is None and not self._rows:
            self._opening_fen = fen
            if self._sides(row, reader)[0] == fen:
                self._sums.carried_fen = fen
        if not is_opening:
            self._closing_fen = fen
        self._balances.events.append(
            Checkpoint(
                row.number,
                fen,
                self._chain(row, reader),
                is_opening=is_opening,
                may_be_net=not is_opening,
            )
        )

    def _balance_on(self, row: Row, reader: EntryReader, label: Label) -> int | None:
        """The balance that a row states: in its column, among the words, or as its only figure."""
        balance = reader.balance(row)
        if balance is not None:
            return balance
        if label.figure:
            money = read_money(label.figure, UNITS[self.heading.unit or "元"])
            return money.fen if money else None
        figures = [
            fen for role in AMOUNTS if (fen := self._fen(row, reader.columns, role)) is not None
        ]
        return figures[0] if len(set(figures)) == 1 else None

    def _value_on(self, row: Row) -> int | None:
        reader = self._readers[0]
        label = self._label(row, reader.columns)
        return self._balance_on(row, reader, label) if label else None

    def _stated(self, row: Row, reader: EntryReader, figure: str) -> Stated:
        """The figures of a total's row, by the side that column, words, section or title name."""
        columns = reader.columns
        income, expense = self._sides(row, reader)
        if income is not None or expense is not None:
            return Stated(income, expense)
        words = sums_in_words("".join(squeeze(as_text(value)) for value in row.values))
        unit = UNITS[self.heading.unit or "元"]
        if words and not columns.has_amount(row):
            found = {side: read_money(text, unit) for side, text in words.items()}
            sides = {side: money.fen for side, money in found.items() if money}
            return Stated(sides.get("收入"), sides.get("支出"))
        fen = self._fen(row, columns, Role.AMOUNT)
        if fen is None and figure and (money := read_money(figure, unit)):
            fen = money.fen
        side = section_side(_lead(row)) or columns.direction or reader.section
        side = side or self.heading.side
        if side == Direction.INCOME:
            return Stated(income_fen=fen)
        if side == Direction.EXPENSE:
            return Stated(expense_fen=fen)
        return Stated(fen=fen)

    def _sides(self, row: Row, reader: EntryReader) -> tuple[int | None, int | None]:
        """The figures in the columns of income and expense, under whatever name."""
        columns, manner = reader.columns, reader.manner
        debit, credit = self._fen(row, columns, Role.DEBIT), self._fen(row, columns, Role.CREDIT)
        if manner.skips_cash:
            # Both sides of each voucher are summed up there, the cash lines too.
            return None, None
        if manner.debit_is is Direction.EXPENSE:
            debit, credit = credit, debit
        income, expense = (
            self._fen(row, columns, Role.INCOME),
            self._fen(row, columns, Role.EXPENSE),
        )
        return (debit if income is None else income), (credit if expense is None else expense)

    def _fen(self, row: Row, columns: Columns, role: Role) -> int | None:
        column = columns.at.get(role)
        if column is None or is_nothing(row.at(column)):
            return None
        unit = columns.units[role] or UNITS[self.heading.unit or "元"]
        money = read_money(row.at(column), unit)
        return money.fen if money else None

    def _chain(self, row: Row, reader: EntryReader) -> Chain | None:
        columns = reader.columns
        names = [squeeze(columns.text(row, r)) for r in (Role.VILLAGE, Role.CODE, Role.BOOK)]
        if not any(names):
            return None
        return names[0] or None, names[1] or None, names[2] or None

    def _ignore(self, row: Row, reason: str, value_fen: int | None = None) -> None:
        self._ignored.append(Ignored(self._sheet.name, row.number, str(reason), value_fen))


def _lead(row: Row) -> str:
    """The first words of a row."""
    for value in row.values:
        if isinstance(value, str) and value and not value.isdigit() and (text := squeeze(value)):
            return text
    return ""


class _Plain(NamedTuple):
    """Where a table that has nothing peculiar has what makes an entry."""

    date: int
    voucher: int
    summary: int
    amounts: list[int]


def _plain_columns(readers: list[EntryReader]) -> _Plain | None:
    if len(readers) != 1 or readers[0].manner.skips_cash:
        return None
    at = readers[0].columns.at
    if Role.DATE not in at or Role.VOUCHER not in at:
        return None
    amounts = [at[role] for role in AMOUNTS if role in at]
    return _Plain(at[Role.DATE], at[Role.VOUCHER], at[Role.SUMMARY], amounts)


def _filled(row: Row, columns: Columns, roles: tuple[Role, ...]) -> bool:
    return any(not is_blank(row.at(columns.at[role])) for role in roles if role in columns.at)


def _year_in(columns: Columns, rows: list[Row]) -> int | None:
    """The year of the first date that is written with one."""
    for row in rows:
        day = read_day(columns.cell(row, Role.DATE))
        if day:
            return day.date.year
    return None
