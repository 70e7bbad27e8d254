"""The figures on rows that are no entries: totals by side, balances, whose they are."""

from workbooks.cells import Row, as_text
from workbooks.characters import squeeze
from workbooks.checks import Chain, Stated
from workbooks.entries import EntryReader
from workbooks.headers import Role
from workbooks.labels import Label, section_side, sums_in_words
from workbooks.layout import AMOUNTS
from workbooks.ledger import Direction
from workbooks.money import is_nothing, read_money
from workbooks.rowkinds import lead_of


class Figures:
    """Reads the figures of one table's (or half-table's) totals and balances."""

    def __init__(self, reader: EntryReader) -> None:
        self._reader = reader
        self._columns = reader.columns
        self._unit_fen = reader.context.unit_fen

    def stated(self, row: Row, label: Label | None) -> Stated:
        """A total's figures, by the side that column, words, section or title name."""
        income, expense = self.sides(row)
        if income is not None or expense is not None:
            return Stated(income, expense)
        words = sums_in_words("".join(squeeze(as_text(value)) for value in row.values))
        if words and not self._columns.has_amount(row):
            sides = {side: self._read(text) for side, text in words.items()}
            return Stated(sides.get("收入"), sides.get("支出"))
        fen = self._fen(row, Role.AMOUNT)
        if fen is None and label and label.figure:
            fen = self._read(label.figure)
        side = section_side(lead_of(row)) or self._columns.direction or self._reader.section
        side = side or self._reader.context.side
        if side == Direction.INCOME:
            return Stated(income_fen=fen)
        if side == Direction.EXPENSE:
            return Stated(expense_fen=fen)
        return Stated(fen=fen)

    def sides(self, row: Row) -> tuple[int | None, int | None]:
        """The figures in the columns of income and expense, under whatever name."""
        manner = self._reader.manner
        if manner.skips_cash:
            # Both sides of each voucher are summed up there, the cash lines too.
            return None, None
        debit, credit = self._fen(row, Role.DEBIT), self._fen(row, Role.CREDIT)
        if manner.debit_is is Direction.EXPENSE:
            debit, credit = credit, debit
        income, expense = self._fen(row, Role.INCOME), self._fen(row, Role.EXPENSE)
        income = debit if income is None else income
        expense = credit if expense is None else expense
        if expense is not None and manner.expense_is_negative:
            expense = -expense
        return income, expense

    def balance(self, row: Row, label: Label) -> int | None:
        """The balance that a row states: in its column, among the words, or as its only figure."""
        balance = self._reader.balance(row)
        if balance is not None:
            return balance
        if label.figure:
            return self._read(label.figure)
        figures = {fen for role in AMOUNTS if (fen := self._fen(row, role)) is not None}
        return figures.pop() if len(figures) == 1 else None

    def chain(self, row: Row) -> Chain | None:
        """Whose balance it is, where the row itself says so."""
        names = [
            squeeze(self._columns.text(row, role)) or None
            for role in (Role.VILLAGE, Role.CODE, Role.BOOK)
        ]
        return (names[0], names[1], names[2]) if any(names) else None

    def _fen(self, row: Row, role: Role) -> int | None:
        column = self._columns.at.get(role)
        if column is None or is_nothing(row.at(column)):
            return None
        money = read_money(row.at(column), self._columns.units[role] or self._unit_fen)
        return money.fen if money else None

    def _read(self, text: str) -> int | None:
        money = read_money(text, self._unit_fen)
        return money.fen if money else None
