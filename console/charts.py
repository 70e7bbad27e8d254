"""What the charts of a month show, and the tables below them: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from console import texts
from storage.accounts import Accounts, Entry, VillageAccounts

_MONTHS = 12
_AFTER = 5
"""How many later months are shown beside one that lies far back."""
_BARS = 8


class Month(NamedTuple):
    """A bar of twelve; `fen` is None where that month was not published."""

    period: str
    fen: int | None


class Category(NamedTuple):
    """An account of the ledger; `subject` is empty for the entries of all that have no bar."""

    subject: str
    entries: int
    fen: int


def twelve_months(
    accounts: VillageAccounts, book: str, period: str, direction: str
) -> tuple[Month, ...]:
    """Up to twelve months of a book in a row, among them the one asked for, none before the first.

    They end with the newest, unless the month asked for lies too far back.
    """
    sums = {month.period: _sum(month, direction) for month in accounts.months if month.book == book}
    first, newest, asked = _count(min(sums)), _count(max(sums)), _count(period)
    last = min(newest, max(asked + _AFTER, first + _MONTHS - 1))
    periods = map(_period, range(max(first, last - _MONTHS + 1), last + 1))
    return tuple(Month(name, sums.get(name)) for name in periods)


def categories(entries: Iterable[Entry], direction: str) -> tuple[Category, ...]:
    """What the entries of a direction were for, the largest first; the smallest stand together."""
    found: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.direction == direction:
            found[entry.subject].append(entry.amount_fen)
    named = sorted(
        (
            Category(subject, len(sums), sum(sums))
            for subject, sums in found.items()
            if subject or len(found) == 1
        ),
        key=lambda category: -category.fen,
    )
    shown = named[:_BARS] if len(named) > _BARS + 1 else named
    rest = [fen for subject, sums in found.items() for fen in sums
            if subject not in {category.subject for category in shown}]  # fmt: skip
    return (*shown, Category("", len(rest), sum(rest))) if rest else tuple(shown)


def _sum(month: Accounts, direction: str) -> int:
    return month.income_fen if direction == texts.INCOME else month.expense_fen


def _count(period: str) -> int:
    """Months since the year 0."""
    return int(period[:4]) * 12 + int(period[5:]) - 1


def _period(count: int) -> str:
    return f"{count // 12:04d}-{count % 12 + 1:02d}"
