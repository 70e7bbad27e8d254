"""What a ledger's sheet states about its months: totals, balances, and what does not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.importing import texts
from bot.importing.owners import Key
from storage.balancing import Stated
from storage.batches import Batch
from workbooks.dates import Month
from workbooks.ledger import Account, LedgerRow, Statement, Verdict
from workbooks.money import format_fen
from workbooks.problems import Reason
from workbooks.texts import place


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and where it goes. One that the file's own reading accepted may still be refused here.

    `key` is None where no village is known, or none that may be meant.
    """

    row: LedgerRow
    statement: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    key: Key | None


def period_of(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def state(
    batch: Batch, statement: Statement, items: Sequence[Judged], *, alone: bool, file: str
) -> None:
    """Totals and balances of a statement, for the months that they are about.

    `alone`: the statement holds the rows of no other village or book.
    """
    counted = [item for item in items if item.verdict is not Verdict.REFUSED]
    by_place: dict[str, list[Judged]] = defaultdict(list)
    for item in counted:
        by_place[item.statement].append(item)
    accounts = _places_of_accounts(items)
    periods = sorted({*by_place, *(period_of(month) for month in statement.months)} - {""})
    checked = {accounts[account] for account in statement.confirmed if account in accounts}
    complaints = _complaints(statement, accounts, file)
    for period in periods:
        opening, closing = _running_balances(by_place.get(period, []))
        if alone and period == periods[0] and statement.opening_fen is not None:
            opening = statement.opening_fen
        if alone and period == periods[-1] and statement.closing_fen is not None:
            closing = statement.closing_fen
        found = Stated(opening, closing, period in checked, tuple(complaints.get(period, ())))
        batch.stated[period] = joined(batch.stated.get(period), found)


def _places_of_accounts(items: Iterable[Judged]) -> dict[Account, str]:
    """The statement that each account's own rows stand in: the account's month where it can be."""
    found: dict[Account, str] = {}
    for item in items:
        account = item.row.account
        if account and (account not in found or item.statement == period_of(account.month)):
            found[account] = item.statement
    return found


def _complaints(
    statement: Statement, accounts: dict[Account, str], file: str
) -> dict[str, list[str]]:
    """What does not add up, by the statement that it stands against."""
    found: dict[str, list[str]] = defaultdict(list)
    for total in statement.totals:
        if not total.agrees:
            where = place(file, total.sheet, total.row)
            text = texts.OTHER_TOTAL.format(
                place=where,
                income=_compared(total.stated_income_fen, total.parsed_income_fen),
                expense=_compared(total.stated_expense_fen, total.parsed_expense_fen),
            )
            for period in {accounts[account] for account in total.accounts if account in accounts}:
                found[period].append(text)
    for broken in statement.breaks:
        if broken.account in accounts:
            found[accounts[broken.account]].append(
                texts.OTHER_BALANCE.format(
                    place=place(file, broken.sheet, broken.row),
                    found=format_fen(broken.found_fen),
                    expected=format_fen(broken.expected_fen),
                )
            )
    return found


def _compared(stated: int | None, parsed: int) -> str:
    if stated is None or stated == parsed:
        return texts.FITS if stated == parsed else texts.NOT_STATED
    return texts.COMPARED.format(stated=format_fen(stated), parsed=format_fen(parsed))


def _running_balances(items: Sequence[Judged]) -> tuple[int | None, int | None]:
    """Opening and closing as the column 余额 tells them, where its order can be made out."""
    rows = [item.row for item in items]
    for order in (rows, rows[::-1]):
        stated = [index for index, row in enumerate(order) if row.balance_fen is not None]
        if not stated:
            return None, None
        opening = _balance(order[stated[0]]) - sum(r.signed_fen for r in order[: stated[0] + 1])
        closing = _balance(order[stated[-1]]) + sum(r.signed_fen for r in order[stated[-1] + 1 :])
        if opening + sum(row.signed_fen for row in order) == closing:
            return opening, closing
    return None, None


def _balance(row: LedgerRow) -> int:
    return row.balance_fen or 0


def joined(one: Stated | None, other: Stated) -> Stated:
    """What two sheets for one month say: the first one's opening, the last one's closing."""
    if one is None:
        return other
    return Stated(
        one.opening_fen if one.opening_fen is not None else other.opening_fen,
        other.closing_fen if other.closing_fen is not None else one.closing_fen,
        one.is_checked or other.is_checked,
        tuple(dict.fromkeys((*one.problems, *other.problems))),
    )
