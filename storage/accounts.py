"""Published accounts as readers see them: immutable, one snapshot a village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One published line of a ledger. Money in fen; a red-ink entry is negative (domain.md, 3)."""

    id: str  # public, random
    date: date
    voucher_no: str
    summary: str
    subject: str  # empty where the accountant gave none
    direction: str  # 收入 or 支出
    amount_fen: int
    payee: str  # masked at publication
    handler: str
    approver: str
    supervisors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accounts:
    """One published version of one book's month."""

    id: str  # of the disclosure version
    village: str  # 12-digit code
    book: str
    period: str  # YYYY-MM
    version: int
    published_at: datetime
    opening_fen: int | None  # None where nobody stated it
    income_fen: int
    expense_fen: int
    closing_fen: int | None
    entries: tuple[Entry, ...]  # by date, then voucher
    reason: str  # why it differs from the version before; empty for the first


@dataclass(frozen=True, slots=True)
class VillageAccounts:
    """All that a village has published and not withdrawn, newest version of each month."""

    village: str
    months: tuple[Accounts, ...]  # by period, then book

    def month(self, period: str) -> tuple[Accounts, ...]:
        """The books of one month."""
        return tuple(accounts for accounts in self.months if accounts.period == period)
