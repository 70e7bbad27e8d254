"""What a ledger file says, row by row: the types that `read_ledger` gives back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from workbooks.dates import Month
from workbooks.money import format_fen
from workbooks.problems import Ignored, Reason, WorkbookError


class Direction(StrEnum):
    """Whether money came in or went out. A reversal keeps its direction and is negative."""

    INCOME = "收入"
    EXPENSE = "支出"


class Verdict(StrEnum):
    """What may become of a row: entered, entered once a person has said yes, or sent back."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


class Account(NamedTuple):
    """Whose month a figure belongs to, as far as the file's own columns tell."""

    village: str | None
    code: str | None
    book: str | None
    month: Month


class LedgerRow(NamedTuple):
    """One entry as understood. Nothing in it is personal but the names of duty-bearers.

    `flags` are the words of `ledger_messy.expected.json` (and hidden_row, struck_out, rounded,
    unsure_day, unsure_direction, zero_amount, amount_mismatch, personal_number, private_condition,
    summary_missing, unattributed, month_inferred); one that begins with `error:` refuses the row,
    `confirm` makes it doubtful. `village`, `code` and `book` come from the file's own columns only.
    """

    sheet: str
    row: int
    date: date | None
    voucher_no: str | None
    summary: str | None
    subject: str | None
    direction: Direction | None
    amount_fen: int | None
    payee_public: str | None
    handler: str | None
    approver: str | None
    supervisors: tuple[str, ...]
    flags: tuple[str, ...]
    village: str | None
    code: str | None
    book: str | None
    balance_fen: int | None
    reasons: tuple[Reason, ...]
    verdict: Verdict

    @property
    def account(self) -> Account | None:
        """The month that the entry belongs to; None without a date."""
        if self.date is None:
            return None
        month = (self.date.year, self.date.month)
        return Account(self.village, self.code, self.book, month)

    @property
    def signed_fen(self) -> int:
        """What the entry does to the balance; 0 where the amount is not known."""
        amount = self.amount_fen or 0
        return -amount if self.direction is Direction.EXPENSE else amount

    def content_key(self) -> tuple[str, ...]:
        """What makes this entry the same one in another file, whatever its sheet or spelling."""
        return (
            self.date.isoformat() if self.date else "",
            self.voucher_no or "",
            self.summary or "",
            self.subject or "",
            self.direction or "",
            "" if self.amount_fen is None else format_fen(self.amount_fen),
            self.payee_public or "",
            self.handler or "",
            self.approver or "",
            "、".join(self.supervisors),
        )

    def as_json(self) -> dict[str, object]:
        """The row as `import --json` prints it (contract.md 2)."""
        row: dict[str, object] = {
            "sheet": self.sheet,
            "row": self.row,
            "date": self.date.isoformat() if self.date else None,
            "voucher_no": self.voucher_no,
            "summary": self.summary,
            "subject": self.subject,
            "direction": self.direction.value if self.direction else None,
            "amount": None if self.amount_fen is None else format_fen(self.amount_fen),
            "payee_public": self.payee_public,
            "handler": self.handler,
            "approver": self.approver,
            "supervisors": list(self.supervisors),
            "flags": list(self.flags),
        }
        if self.verdict is not Verdict.ACCEPTED:
            row["reasons"] = [reason.as_json() for reason in self.reasons]
        return row

    def sentences(self, file: str) -> tuple[str, ...]:
        """What the accountant reads about this row, a sentence a reason."""
        return tuple(reason.sentence(file, self.sheet, self.row) for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Total:
    """A total that the sheet states, beside what its rows add up to (refused rows count nothing).

    `scope` is total, page or subtotal. A side that the row does not state is None. `stated_fen` is
    a single figure of which the row does not say what it adds up; it agrees with income, expense,
    their sum or their difference. `accounts` are the months whose rows it covers.
    """

    sheet: str
    row: int
    scope: str
    stated_income_fen: int | None
    stated_expense_fen: int | None
    stated_fen: int | None
    parsed_income_fen: int
    parsed_expense_fen: int
    accounts: tuple[Account, ...]

    @property
    def is_stated(self) -> bool:
        """Whether the row states any figure at all."""
        stated = (self.stated_income_fen, self.stated_expense_fen, self.stated_fen)
        return any(fen is not None for fen in stated)

    @property
    def agrees(self) -> bool:
        """Whether every figure stated is what the rows add up to."""
        income, expense = self.parsed_income_fen, self.parsed_expense_fen
        single = (income, expense, income + expense, income - expense)
        return (
            self.stated_income_fen in (None, income)
            and self.stated_expense_fen in (None, expense)
            and (self.stated_fen is None or self.stated_fen in single)
        )

    def as_json(self) -> dict[str, object]:
        """Keys as in `ledger_messy.expected.json`; what is not stated is null."""
        income = _difference(self.stated_income_fen, self.parsed_income_fen)
        expense = _difference(self.stated_expense_fen, self.parsed_expense_fen)
        return {
            "sheet": self.sheet,
            "row": self.row,
            "stated_income": _yuan(self.stated_income_fen),
            "stated_expense": _yuan(self.stated_expense_fen),
            "parsed_income": format_fen(self.parsed_income_fen),
            "parsed_expense": format_fen(self.parsed_expense_fen),
            "income_difference": _yuan(income),
            "expense_difference": _yuan(expense),
        }


def _difference(stated: int | None, parsed: int) -> int | None:
    return None if stated is None else stated - parsed


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else format_fen(fen)


@dataclass(frozen=True, slots=True)
class BalanceBreak:
    """A running balance that is not the one before it plus income minus expense."""

    sheet: str
    row: int
    account: Account
    found_fen: int
    expected_fen: int

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "found": format_fen(self.found_fen),
            "expected": format_fen(self.expected_fen),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """One table of entries: a sheet, or one of several tables below each other.

    `village` and `town` are what title and 编制单位 name, `book` (村委会, 集体, N组) what their
    words tell; the month is `month`, or `months` where the title spans several. `confirmed` are the
    months for which some total or balance was stated and could be checked.
    """

    sheet: str
    title: str
    village: str | None
    town: str | None
    book: str | None
    months: tuple[Month, ...]
    unit: str
    opening_fen: int | None
    closing_fen: int | None
    rows: tuple[LedgerRow, ...]
    totals: tuple[Total, ...]
    breaks: tuple[BalanceBreak, ...]
    confirmed: frozenset[Account]
    ignored: tuple[Ignored, ...]

    @property
    def month(self) -> Month | None:
        """The one month of the title, if it names one."""
        return self.months[0] if len(self.months) == 1 else None

    def answerable(self, total: Total) -> tuple[Account, ...]:
        """The months that a total stands for: a sheet's total belongs to the sheet's months."""
        own = tuple(account for account in total.accounts if account.month in self.months)
        return own or total.accounts


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What the file itself says for or against one month of one book.

    `is_stated`: some total or balance could be checked. The month balances, as far as this file
    goes, when one is stated and nothing disagrees.
    """

    account: Account
    is_stated: bool
    totals: tuple[Total, ...] = ()
    breaks: tuple[BalanceBreak, ...] = ()

    @property
    def balances(self) -> bool:
        return self.is_stated and not self.totals and not self.breaks


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """Everything that one file gave. `file` is the name under which people know it.

    `sheet_errors`: sheets that mean to be ledgers and cannot be read (a column is missing), beside
    others that can; each also stands in `ignored_sheets`.
    """

    file: str
    statements: tuple[Statement, ...]
    ignored_sheets: tuple[Ignored, ...] = ()
    sheet_errors: tuple[WorkbookError, ...] = ()

    @property
    def rows(self) -> Iterator[LedgerRow]:
        """Every row of every statement, in the file's order."""
        return (row for statement in self.statements for row in statement.rows)

    @property
    def accepted(self) -> Iterator[LedgerRow]:
        return (row for row in self.rows if row.verdict is Verdict.ACCEPTED)

    @property
    def doubtful(self) -> Iterator[LedgerRow]:
        return (row for row in self.rows if row.verdict is Verdict.DOUBTFUL)

    @property
    def refused(self) -> Iterator[LedgerRow]:
        return (row for row in self.rows if row.verdict is Verdict.REFUSED)

    @property
    def ignored(self) -> tuple[Ignored, ...]:
        """Rows that are no entries, then the sheets ignored whole."""
        rows = tuple(item for statement in self.statements for item in statement.ignored)
        return rows + self.ignored_sheets

    @property
    def totals(self) -> Iterator[Total]:
        """The totals of the tables; those of pages and groups are in each statement."""
        return (
            total
            for statement in self.statements
            for total in statement.totals
            if total.scope == "total"
        )

    def counts(self) -> dict[str, int]:
        """How many rows of each verdict, and how many lines are ignored."""
        counts = dict.fromkeys((*Verdict, "ignored"), 0)
        for row in self.rows:
            counts[row.verdict] += 1
        counts["ignored"] = len(self.ignored)
        return {str(key): count for key, count in counts.items()}

    def checks(self) -> dict[Account, AccountCheck]:
        """For each month of each book: is a total or balance stated, and what disagrees."""
        accounts = dict.fromkeys(row.account for row in self.rows if row.account)
        stated = {account for statement in self.statements for account in statement.confirmed}
        totals: dict[Account, list[Total]] = {account: [] for account in accounts}
        breaks: dict[Account, list[BalanceBreak]] = {account: [] for account in accounts}
        for statement in self.statements:
            for total in statement.totals:
                for account in () if total.agrees else statement.answerable(total):
                    totals[account].append(total)
            for found in statement.breaks:
                breaks.setdefault(found.account, []).append(found)
        return {
            account: AccountCheck(
                account, account in stated, tuple(totals[account]), tuple(breaks[account])
            )
            for account in accounts
        }
