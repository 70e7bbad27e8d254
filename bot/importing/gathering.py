"""What a ledger file says, sorted by village and book, ready to be stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.arguments import SheetRow
from bot.importing import texts
from bot.importing.places import COMMITTEE, Places, listed, read_book
from storage.balancing import Stated
from storage.batches import Batch, Brought
from storage.bodies import Line
from storage.dossiers import Reason, Remark
from storage.regions import Region, SeveralRegions
from understanding.personal import hide_personal
from workbooks import problems
from workbooks.dates import Month
from workbooks.ledger import Account, LedgerFile, LedgerRow, Statement, Verdict
from workbooks.money import format_fen
from workbooks.texts import place

Key = tuple[str, str]
"""Village code and book."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and where it goes. One that the file's own reading accepted may still be refused here.

    `key` is None where no village is known, or none that may be meant.
    """

    row: LedgerRow
    statement: str
    verdict: Verdict
    reasons: tuple[problems.Reason, ...]
    key: Key | None


@dataclass(slots=True)
class Gathered:
    """A file's rows with their verdicts, and its batches by village and book."""

    path: Path
    file: LedgerFile
    rows: list[Judged]
    batches: dict[Key, Batch] = field(default_factory=dict)

    def months(self) -> set[tuple[Key, str]]:
        """The months that its rows are dated in."""
        return {
            (key, brought.line.period)
            for key, batch in self.batches.items()
            for rows in batch.rows.values()
            for brought in rows
        }


def gather(
    path: Path,
    file: LedgerFile,
    places: Places,
    book: str | None,
    settle: frozenset[SheetRow],
) -> Gathered:
    """Sorts a file's rows. `book` is that of rows whose file has no column 账套.

    `settle` are the rows whose doubt is to be accepted, each with the name of its sheet.
    """
    gathered = Gathered(path, file, [])
    for statement in file.statements:
        owner = _Owner(statement, places, book)
        judged = [_judge(row, statement, owner) for row in statement.rows]
        gathered.rows += judged
        _fill(gathered, statement, judged, places, settle)
    return gathered


# --- whose row it is ------------------------------------------------------------------------------


class _Owner:
    """Finds village and book of the rows of one statement."""

    def __init__(self, statement: Statement, places: Places, book: str | None) -> None:
        self._places = places
        self._book = book or _titled_group(statement) or COMMITTEE
        self._titled = statement.village
        self._title = _titled_village(statement, places)
        self._known: dict[tuple[str | None, ...], Key | problems.Reason] = {}

    def of(self, row: LedgerRow) -> Key | problems.Reason:
        """Village and book, or the reason why there is none."""
        told = (row.code, row.village, row.book)
        if told not in self._known:
            self._known[told] = self._find(row)
        return self._known[told]

    def _find(self, row: LedgerRow) -> Key | problems.Reason:
        village = self._village(row)
        if isinstance(village, problems.Reason):
            return village
        named = self._places.named
        if named and village.code != named.code:
            found = texts.VILLAGE_IN_TOWN.format(name=village.name, town=village.town)
            return problems.Reason(texts.VILLAGE, found, texts.NAMED.format(name=named.name))
        if row.book is None:
            return village.code, self._book
        book = read_book(row.book)
        if book is None:
            return problems.Reason(texts.BOOK, hide_personal(row.book), texts.A_BOOK)
        return village.code, book

    def _village(self, row: LedgerRow) -> Region | problems.Reason:
        column = texts.CODE if row.code else texts.VILLAGE
        name = row.code or row.village
        if name is None:
            return self._title or self._places.named or self._unnamed()
        found = self._places.village(name)
        if isinstance(found, SeveralRegions):
            by_title = self._title
            if by_title in found.candidates and by_title is not None:
                return by_title
            expected = texts.WHICH_VILLAGE.format(villages=listed(found))
            return problems.Reason(column, hide_personal(name), expected)
        return found or problems.Reason(column, hide_personal(name), texts.A_KNOWN_VILLAGE)

    def _unnamed(self) -> problems.Reason:
        """Why rows without a village of their own have none by their title either."""
        name = self._titled
        if name is None:
            return problems.Reason(texts.VILLAGE, texts.NOT_SAID, texts.SAY_VILLAGE)
        found = self._places.village(name)
        if isinstance(found, SeveralRegions):
            expected = texts.WHICH_OF_TITLE.format(villages=listed(found))
            return problems.Reason(texts.TITLE, hide_personal(name), expected)
        return problems.Reason(texts.TITLE, hide_personal(name), texts.A_KNOWN_VILLAGE)


def _titled_village(statement: Statement, places: Places) -> Region | None:
    """The village that the title names, if there is exactly one of that name (in that town)."""
    if statement.village is None:
        return None
    names = [(statement.town or "") + statement.village, statement.village]
    for name in names:
        found = places.village(name)
        if isinstance(found, Region):
            return found
        if isinstance(found, SeveralRegions) and places.named in found.candidates:
            return places.named
    return None


def _titled_group(statement: Statement) -> str | None:
    """The villagers' group that the title names: its ledger must not mix with the village's."""
    book = read_book(statement.book) if statement.book else None
    return book if book and book.endswith("组") else None


# --- rows -----------------------------------------------------------------------------------------


def _judge(row: LedgerRow, statement: Statement, owner: _Owner) -> Judged:
    found = owner.of(row)
    place = _statement_of(row, statement.months)
    if isinstance(found, problems.Reason):
        return Judged(row, place, Verdict.REFUSED, (*row.reasons, found), None)
    return Judged(row, place, row.verdict, row.reasons, found)


def _statement_of(row: LedgerRow, months: Sequence[Month]) -> str:
    """The month whose sheet a row stands in; without a title, and without a date, nothing."""
    own = (row.date.year, row.date.month) if row.date else None
    if len(months) == 1 or (months and own not in months):
        return period_of(months[-1])
    return period_of(own) if own else ""


def period_of(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def _fill(
    gathered: Gathered,
    statement: Statement,
    judged: Sequence[Judged],
    places: Places,
    settle: frozenset[SheetRow],
) -> None:
    by_key: dict[Key, list[Judged]] = defaultdict(list)
    for item in judged:
        if item.key:
            by_key[item.key].append(item)
    for key, items in by_key.items():
        batch = gathered.batches.setdefault(key, Batch(*key, rhythm=_rhythm(places, key)))
        for month in statement.months:
            batch.rows.setdefault(period_of(month), [])
        for item in items:
            if item.verdict is not Verdict.REFUSED:
                brought = _bring(gathered.file.file, item, settle)
                batch.rows.setdefault(item.statement, []).append(brought)
        _refuse(batch, gathered.file.file, items)
        _state(batch, statement, items, alone=len(by_key) == 1, file=gathered.file.file)


def _rhythm(places: Places, key: Key) -> str:
    village = places.village(key[0])
    return village.rhythm if isinstance(village, Region) else ""


def _bring(file: str, item: Judged, settle: frozenset[SheetRow]) -> Brought:
    row = item.row
    if row.date is None or row.direction is None or row.amount_fen is None:
        raise ValueError("an entry without a date, a direction or an amount is never accepted")
    line = Line(
        row.date.isoformat(), row.voucher_no or "", row.summary or "", row.subject or "",
        row.direction.value, row.amount_fen, row.payee_public or "", row.handler or "",
        row.approver or "", row.supervisors,
    )  # fmt: skip
    if item.verdict is Verdict.ACCEPTED:
        return Brought(line, file, row.sheet, row.row)
    reasons = tuple(_reason(reason) for reason in item.reasons)
    return Brought(line, file, row.sheet, row.row, reasons, SheetRow(row.sheet, row.row) in settle)


def _reason(reason: problems.Reason) -> Reason:
    return Reason(reason.column, hide_personal(reason.found), reason.expected)


def _refuse(batch: Batch, file: str, items: Sequence[Judged]) -> None:
    """Holds every refused row against its sheet's month and its date's.

    A row of a sheet without a month, itself without a date, stands against those around it.
    """
    around = _Neighbours(items)
    for index, item in enumerate(items):
        if item.verdict is not Verdict.REFUSED:
            continue
        row = item.row
        dated = {period_of((row.date.year, row.date.month))} if row.date else set()
        periods = dated | ({item.statement} if item.statement else set()) or around.of(index)
        reasons = tuple(_reason(reason) for reason in item.reasons)
        for period in periods:
            statement = item.statement or period
            remark = Remark(statement, file, row.sheet, row.row, reasons)
            batch.refused.setdefault((statement, period), []).append(remark)


class _Neighbours:
    def __init__(self, items: Sequence[Judged]) -> None:
        self._items = items

    def of(self, index: int) -> set[str]:
        """The months of the nearest dated rows before and after."""
        before = (item.statement for item in reversed(self._items[:index]) if item.statement)
        after = (item.statement for item in self._items[index:] if item.statement)
        return {period for period in (next(before, None), next(after, None)) if period}


# --- what the sheet states ------------------------------------------------------------------------


def _state(
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
        batch.stated[period] = _joined(batch.stated.get(period), found)


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


def _joined(one: Stated | None, other: Stated) -> Stated:
    """What two sheets for one month say: the first one's opening, the last one's closing."""
    if one is None:
        return other
    return Stated(
        one.opening_fen if one.opening_fen is not None else other.opening_fen,
        other.closing_fen if other.closing_fen is not None else one.closing_fen,
        one.is_checked or other.is_checked,
        tuple(dict.fromkeys((*one.problems, *other.problems))),
    )


# --- several files --------------------------------------------------------------------------------


def combine(batches: Iterable[dict[Key, Batch]]) -> dict[Key, Batch]:
    """The batches of several files in one: a row that two files bring counts once."""
    combined: dict[Key, Batch] = {}
    for found in batches:
        for key, batch in found.items():
            if key in combined:
                _add(combined[key], batch)
            else:
                combined[key] = replace(batch, rows=dict(batch.rows))
    return combined


def _add(batch: Batch, other: Batch) -> None:
    for statement, rows in other.rows.items():
        known = batch.rows.get(statement, [])
        batch.rows[statement] = [*known, *_beyond(known, rows)]
    for place_, remarks in other.refused.items():
        batch.refused[place_] = [*batch.refused.get(place_, []), *remarks]
    for period, stated in other.stated.items():
        batch.stated[period] = _joined(batch.stated.get(period), stated)


def _beyond(known: Iterable[Brought], rows: Iterable[Brought]) -> Iterator[Brought]:
    """The rows that are not among the known ones as often."""
    left = Counter(brought.line for brought in known)
    for brought in rows:
        if left[brought.line] > 0:
            left[brought.line] -= 1
        else:
            yield brought
