"""Which way the money of a row went, and how much it was."""

import re
from functools import lru_cache
from typing import NamedTuple

from workbooks import texts
from workbooks.cells import as_text
from workbooks.drafts import Draft
from workbooks.evidence import Manner, is_cash, read_direction, subject_direction
from workbooks.headers import Role
from workbooks.layout import Columns
from workbooks.ledger import Direction
from workbooks.money import Money, format_fen, is_nothing, read_money

# Words that turn an entry back; 冲洗, 冲沟 and 冲毁 are work, not bookkeeping.
_REVERSAL = re.compile(
    r"冲(?:回|销|减|账|帐|正|抵|红|退|转|平|多|重|错|误|上[月年]|去年|\d+月)|红冲|红字|对冲"
)


class Amount(NamedTuple):
    """The direction and the fen of a row; None where they could not be told."""

    direction: Direction | None
    fen: int | None


class AmountReader:
    """Reads the amount columns of one table in the manner that its rows show."""

    def __init__(self, columns: Columns, manner: Manner, unit_fen: int) -> None:
        self._columns = columns
        self._manner = manner
        self._unit_fen = unit_fen
        debit = manner.debit_is
        credit = Direction.EXPENSE if debit is Direction.INCOME else Direction.INCOME
        sides = (
            (Role.INCOME, Direction.INCOME),
            (Role.EXPENSE, Direction.EXPENSE),
            (Role.DEBIT, debit),
            (Role.CREDIT, credit),
        )
        self._sides = tuple((role, way) for role, way in sides if role in columns.at)
        self._direction = lru_cache(maxsize=256)(
            lambda word: read_direction(word, self._manner.debit_is)
        )
        self._direction_column = columns.at.get(Role.DIRECTION)
        self._word_above = ""
        self._amount_column = columns.at.get(Role.AMOUNT, -1)
        self._words_column = columns.at.get(Role.AMOUNT_WORDS)
        self._amount_unit = columns.units.get(Role.AMOUNT) or unit_fen
        self._uses_debit = Role.DEBIT in columns.at or Role.CREDIT in columns.at

    def read(self, draft: Draft, *, summary: str, subject: str, side: Direction | None) -> Amount:
        """The amount of a row; what is wrong with it goes to the draft.

        `side` is what section or title say where the row itself does not.
        """
        if self._sides:
            return self._two_columns(draft, summary, subject)
        return self._one_column(draft, summary, subject, side)

    def _two_columns(self, draft: Draft, summary: str, subject: str) -> Amount:
        filled = []
        for role, way in self._sides:
            value = draft.row.at(self._columns.at[role])
            if not is_nothing(value):
                filled.append((role, way, self._money(role, value)))
        nonzero = [found for found in filled if found[2] is None or found[2].fen]
        if len(nonzero) > 1:
            return self._both(draft, nonzero)
        if not filled:
            label = "、".join(self._columns.label(role) for role, _ in self._sides)
            draft.refuse("unparsable_amount", label, texts.BLANK, texts.A_NUMBER)
            return Amount(None, None)
        role, way, money = nonzero[0] if nonzero else filled[0]
        if money is None:
            return self._unparsable(draft, role, way)
        fen = money.fen
        turned = subject_direction(subject) if self._uses_debit else None
        if turned is not None and turned is not way:
            # An expense on the income side: what was spent comes back.
            self._doubt_direction(draft, role, way)
            way, fen = turned, -fen
        elif self._uses_debit and self._must_guess(subject):
            self._doubt_direction(draft, role, way)
        return Amount(way, self._settle(draft, role, way, money, fen, summary))

    def _both(self, draft: Draft, filled: list[tuple[Role, Direction, Money | None]]) -> Amount:
        words = {
            way: format_fen(money.fen)
            if money
            else draft.quote(self._columns.cell(draft.row, role))
            for role, way, money in filled
        }
        found = texts.BOTH_SIDES.format(
            income=words.get(Direction.INCOME, ""), expense=words.get(Direction.EXPENSE, "")
        )
        label = "、".join(self._columns.label(role) for role, _, _ in filled)
        draft.refuse("both_directions", label, found, texts.ONE_SIDE)
        return Amount(None, None)

    def _one_column(
        self, draft: Draft, summary: str, subject: str, side: Direction | None
    ) -> Amount:
        column = self._direction_column
        word = "" if column is None else as_text(draft.row.at(column))
        if not word and self._manner.direction_carries:
            word = self._word_above
        self._word_above = word
        named = self._direction(word) if word else None
        way = named or (None if word else side or subject_direction(subject))
        money = self._one_amount(draft)
        if money is None:
            return self._unparsable(draft, Role.AMOUNT, way)
        fen = money.fen
        if self._manner.is_signed and named is None:
            way = way or (Direction.INCOME if fen >= 0 else Direction.EXPENSE)
            fen = -fen if way is Direction.EXPENSE else fen
        if way is None:
            label = self._columns.label(Role.DIRECTION) or self._columns.label(Role.AMOUNT)
            draft.refuse("no_direction", label, draft.quote(word), texts.A_DIRECTION)
            return Amount(None, self._settle(draft, Role.AMOUNT, way, money, fen, summary))
        if self._manner.is_unsure:
            self._doubt_direction(draft, Role.DIRECTION, way)
        return Amount(way, self._settle(draft, Role.AMOUNT, way, money, fen, summary))

    def _one_amount(self, draft: Draft) -> Money | None:
        """The figure, or where its cell is empty the one in words; both must say the same."""
        figure = draft.row.at(self._amount_column)
        money = read_money(figure, self._amount_unit)
        if self._words_column is None:
            return money
        words = draft.row.at(self._words_column)
        in_words = None if is_nothing(words) else read_money(words)
        if in_words is None:
            return money
        if is_nothing(figure):
            return in_words
        if money is not None and money.fen != in_words.fen:
            label = self._columns.label(Role.AMOUNT)
            wanted = texts.SAME_AMOUNT.format(amount=format_fen(in_words.fen))
            draft.doubt("amount_mismatch", label, draft.quote(figure), wanted)
        return money

    def _money(self, role: Role, value: object) -> Money | None:
        return read_money(value, self._columns.units[role] or self._unit_fen)

    def _unparsable(self, draft: Draft, role: Role, way: Direction | None) -> Amount:
        found = draft.quote(draft.row.at(self._columns.at[role]))
        draft.refuse("unparsable_amount", self._columns.label(role), found, texts.A_NUMBER)
        return Amount(way, None)

    def _settle(
        self,
        draft: Draft,
        role: Role,
        way: Direction | None,
        money: Money,
        fen: int,
        summary: str,
    ) -> int:
        """The amount in its direction: reversals negative, everything else positive."""
        column, label = self._columns.at[role], self._columns.labels[role]
        if self._manner.expense_is_negative and way is Direction.EXPENSE:
            fen = -fen
        if money.flags:
            draft.flag(*(flag for flag in money.flags if flag != "rounded"))
        if "rounded" in money.flags:
            found = draft.quote(draft.row.at(column))
            draft.doubt("rounded", label, found, texts.TWO_DECIMALS.format(amount=format_fen(fen)))
        if fen == 0:
            draft.doubt("zero_amount", label, "0", texts.NOT_ZERO)
        elif fen < 0:
            draft.flag("red_ink")
        elif self._looks_red(draft, column, summary):
            found = texts.RED_FIGURE.format(amount=format_fen(fen))
            fen = -fen
            wanted = texts.THE_RED_FIGURE.format(amount=format_fen(fen))
            draft.doubt("red_ink_by_font", label, found, wanted)
        if column in draft.row.struck:
            found = texts.STRUCK.format(amount=format_fen(fen))
            draft.doubt("struck_out", label, found, texts.NOT_STRUCK)
        return fen

    def _looks_red(self, draft: Draft, column: int, summary: str) -> bool:
        if column in draft.row.red and column not in self._manner.red_columns:
            return True
        return _REVERSAL.search(summary) is not None

    def _must_guess(self, subject: str) -> bool:
        """借 and 贷 without anything that tells which of them is income."""
        if self._manner.is_unsure:
            return True
        return (
            self._manner.skips_cash and subject_direction(subject) is None and not is_cash(subject)
        )

    def _doubt_direction(self, draft: Draft, role: Role, way: Direction) -> None:
        label = self._columns.label(role)
        found = texts.GUESSED_DIRECTION.format(direction=way.value)
        draft.doubt("unsure_direction", label, found, texts.A_DIRECTION)
