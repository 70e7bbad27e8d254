"""Whether a month balances: every total and balance that anybody stated, against its rows. Pure.

An entry belongs to its date's month, a sheet's figures to the sheet (design.md, section 4): a row
that stood in another month's sheet is taken out of, or put into, what that sheet states before it
is compared. Money in fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import texts
from storage.bodies import Line, expense_of, income_of
from storage.wording import yuan


@dataclass(frozen=True, slots=True)
class Stated:
    """What the sheets of one statement say about it: its balances, and what does not add up.

    `is_checked`: some total or running balance was stated, and compared with the rows.
    """

    opening_fen: int | None = None
    closing_fen: int | None = None
    is_checked: bool = False
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "opening": self.opening_fen,
            "closing": self.closing_fen,
            "checked": self.is_checked,
            "problems": list(self.problems),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Stated:
        return cls(value["opening"], value["closing"], value["checked"], tuple(value["problems"]))


@dataclass(frozen=True, slots=True)
class Balance:
    """One month of one book as a balances file states it."""

    opening_fen: int
    income_fen: int
    expense_fen: int
    closing_fen: int
    entries: int | None = None

    def as_json(self) -> list[int | None]:
        return [
            self.opening_fen, self.income_fen, self.expense_fen, self.closing_fen, self.entries,
        ]  # fmt: skip

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Balance:
        return cls(*value)


@dataclass(frozen=True, slots=True)
class Stray:
    """A row dated in `period` that stood in the sheet of another month, `statement`."""

    statement: str
    period: str
    signed_fen: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Opening and closing as stated or derived, and every reason why the month does not balance."""

    opening_fen: int | None
    closing_fen: int | None
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Figures:
    """What several sources say of one figure."""

    name: str
    said: list[tuple[str, int]] = field(default_factory=list)

    def add(self, source: str, fen: int | None) -> None:
        if fen is not None:
            self.said.append((source, fen))

    @property
    def fen(self) -> int | None:
        return self.said[0][1] if self.said else None

    def contradictions(self) -> list[str]:
        if len({fen for _, fen in self.said}) < 2:
            return []
        words = [texts.SAID.format(source=source, yuan=yuan(fen)) for source, fen in self.said]
        return [texts.CONTRADICTION.format(figure=self.name, said=";".join(words))]


def judge(
    period: str,
    lines: Iterable[Line],
    *,
    stated: Stated,
    balance: Balance | None,
    before_fen: int | None,
    strays: Iterable[Stray],
) -> Verdict:
    """Compares a month's lines with all that is stated about it.

    `stated` is what the sheets for this month say; `before_fen` the closing balance published for
    the month before.
    """
    rows = list(lines)
    income, expense = income_of(rows), expense_of(rows)
    shift_opening, shift_closing = _shifts(period, strays)
    opening, closing = _Figures(texts.OPENING), _Figures(texts.CLOSING)
    if balance:
        opening.add(texts.BY_BALANCES, balance.opening_fen)
        closing.add(texts.BY_BALANCES, balance.closing_fen)
    if stated.opening_fen is not None:
        opening.add(texts.BY_FILE, stated.opening_fen + shift_opening)
    if stated.closing_fen is not None:
        closing.add(texts.BY_FILE, stated.closing_fen + shift_closing)
    opening.add(texts.BY_MONTH_BEFORE, before_fen)

    problems = [*stated.problems]
    problems += opening.contradictions() + closing.contradictions()
    problems += _compare_totals(balance, income, expense, len(rows))
    start, end = opening.fen, closing.fen
    if start is not None and end is not None and start + income - expense != end:
        problems.append(
            texts.DOES_NOT_ADD_UP.format(
                opening=yuan(start), income=yuan(income), expense=yuan(expense),
                result=yuan(start + income - expense), closing=yuan(end),
            )
        )  # fmt: skip
    is_stated = stated.is_checked or balance is not None or (start is not None and end is not None)
    if not is_stated and not problems:
        problems.append(texts.NOTHING_STATED)
    if start is None and end is not None:
        start = end - income + expense
    elif end is None and start is not None:
        end = start + income - expense
    return Verdict(start, end, tuple(dict.fromkeys(problems)))


def _shifts(period: str, strays: Iterable[Stray]) -> tuple[int, int]:
    """What a sheet's opening and closing lack to be those of the month by date.

    The sheets of earlier months hold rows dated in this month or later: they were counted before
    this sheet opened. Rows dated earlier may only come with this sheet or a later one.
    """
    opening = closing = 0
    for stray in strays:
        if stray.statement < period <= stray.period:
            opening -= stray.signed_fen
        elif stray.period < period <= stray.statement:
            opening += stray.signed_fen
        if stray.statement <= period < stray.period:
            closing -= stray.signed_fen
        elif stray.period <= period < stray.statement:
            closing += stray.signed_fen
    return opening, closing


def _compare_totals(balance: Balance | None, income: int, expense: int, count: int) -> list[str]:
    if balance is None:
        return []
    problems = []
    pairs = (
        (texts.INCOME, balance.income_fen, income),
        (texts.EXPENSE, balance.expense_fen, expense),
    )
    for name, said, found in pairs:
        if said != found:
            problems.append(
                texts.OTHER_TOTAL.format(
                    name=name, said=yuan(said), found=yuan(found), gap=yuan(abs(said - found))
                )
            )
    if balance.entries is not None and balance.entries != count:
        problems.append(texts.OTHER_COUNT.format(said=balance.entries, found=count))
    return problems
