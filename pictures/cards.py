"""Cards for a phone: a month's account, and a word of education."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from pictures.figures import day, month, yuan

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What a month's published account says; `fen` is None where there is none."""

    period: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class LargeEntry:
    summary: str
    fen: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """A month of one book, its spending beside that of the months before.

    Amounts are fen, periods YYYY-MM, `spending` oldest month first (the newest twelve are drawn);
    `balance_fen` is None where nobody stated it. `source` names the table and its version.
    """

    template: ClassVar[str] = "account_card"
    village: str
    book: str
    period: str
    income_fen: int
    expense_fen: int
    balance_fen: int | None
    spending: tuple[MonthSum, ...]
    expense_count: int
    largest: tuple[LargeEntry, ...]
    source: str

    def data(self) -> dict[str, Any]:
        return {
            "village": self.village,
            "book": self.book,
            "month": month(self.period),
            "income": yuan(self.income_fen),
            "expense": yuan(self.expense_fen),
            "balance": None if self.balance_fen is None else yuan(self.balance_fen),
            "bars": self._bars(),
            "expense_count": self.expense_count,
            "largest": [
                {"summary": entry.summary, "amount": yuan(entry.fen), "day": day(entry.day)}
                for entry in self.largest
            ],
            "source": self.source,
        }

    def _bars(self) -> list[dict[str, Any]]:
        shown = self.spending[-MONTHS_SHOWN:]
        # A month of more red ink than spending has no length; without any month, no bar has.
        longest = max([1, *(each.fen for each in shown if each.fen is not None)])
        return [
            {
                "label": _short(each.period, is_first=index == 0),
                "amount": None if each.fen is None else yuan(each.fen),
                "share": max(0, each.fen or 0) / longest,
                "is_asked": each.period == self.period,
            }
            for index, each in enumerate(shown)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationCard:
    """One reminder of `education.json` as a card; `tag` is its occasion, `sender` who says it."""

    template: ClassVar[str] = "education_card"
    tag: str
    text: str
    sender: str

    def data(self) -> dict[str, Any]:
        return {"tag": self.tag, "text": self.text, "sender": self.sender}


def _short(period: str, *, is_first: bool) -> str:
    """The year is said where it begins."""
    full = month(period)
    return full if is_first or full.endswith("年1月") else full.partition("年")[2]
