"""Do the totals and balances that a sheet states agree with its rows?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from workbooks.ledger import Account, BalanceBreak, Direction, LedgerRow, Total, Verdict

Chain = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Stated:
    """The figures on a total's row; `fen` is one of which the row does not say what it sums up."""

    income_fen: int | None = None
    expense_fen: int | None = None
    fen: int | None = None


@dataclass(slots=True)
class Sums:
    """Running sums of a table, so that any stretch of it is added up at once."""

    rows: list[LedgerRow] = field(default_factory=list)
    income: list[int] = field(default_factory=lambda: [0])
    expense: list[int] = field(default_factory=lambda: [0])
    # An opening balance that stands in the column of income: totals of the column count it.
    carried_fen: int = 0
    total_start: int = 0
    page_start: int = 0
    group_start: int = 0

    def add(self, row: LedgerRow) -> None:
        """Counts an entry; a refused one counts nothing."""
        counts = row.verdict is not Verdict.REFUSED
        fen = row.amount_fen or 0
        is_income = row.direction is Direction.INCOME
        self.rows.append(row)
        self.income.append(self.income[-1] + (fen if counts and is_income else 0))
        self.expense.append(self.expense[-1] + (fen if counts and not is_income else 0))

    def total(self, sheet: str, number: int, scope: str, stated: Stated, label: str) -> Total:
        """The total on row `number`, over the stretch of rows that it fits; at worst the nearest.

        A total may count from the last total or from the top, a page's from the page's first row,
        a group's from the last group or by the subject or village that it names.
        """
        starts = {
            "total": (self.total_start, 0),
            "page": (self.page_start, 0),
            "subtotal": (self.group_start, self.page_start, self.total_start, 0),
        }[scope]
        candidates = [self._stretch(sheet, number, scope, stated, start) for start in starts]
        if self.carried_fen and scope == "total":
            candidates.append(self._stretch(sheet, number, scope, stated, 0, self.carried_fen))
        if scope == "subtotal":
            candidates.append(self._named(sheet, number, stated, label))
        found = next((total for total in candidates if total.agrees), candidates[0])
        self._close(scope)
        return found

    def _close(self, scope: str) -> None:
        here = len(self.rows)
        self.group_start = here
        if scope in ("total", "page"):
            self.page_start = here
        if scope == "total":
            self.total_start = here

    def start_group(self) -> None:
        """A heading begins a new group."""
        self.group_start = len(self.rows)

    def _stretch(
        self, sheet: str, number: int, scope: str, stated: Stated, start: int, carried_fen: int = 0
    ) -> Total:
        income = self.income[-1] - self.income[start] + carried_fen
        expense = self.expense[-1] - self.expense[start]
        return _total(sheet, number, scope, stated, (income, expense), self.rows[start:])

    def _named(self, sheet: str, number: int, stated: Stated, label: str) -> Total:
        """The rows whose subject or village the label names (管理费用小计, 半溪村合计)."""
        name = re.sub(r"(?:小计|合计|总计|共计)$", "", label)
        own = [
            row
            for row in self.rows[self.total_start :]
            if name and (name in (row.subject or "") or name == row.village)
        ]
        kept = [row for row in own if row.verdict is not Verdict.REFUSED]
        income = sum(r.amount_fen or 0 for r in kept if r.direction is Direction.INCOME)
        expense = sum(r.amount_fen or 0 for r in kept if r.direction is Direction.EXPENSE)
        return _total(sheet, number, "subtotal", stated, (income, expense), own)


def _total(
    sheet: str,
    number: int,
    scope: str,
    stated: Stated,
    parsed: tuple[int, int],
    rows: Iterable[LedgerRow],
) -> Total:
    return Total(
        sheet=sheet,
        row=number,
        scope=scope,
        stated_income_fen=stated.income_fen,
        stated_expense_fen=stated.expense_fen,
        stated_fen=stated.fen,
        parsed_income_fen=parsed[0],
        parsed_expense_fen=parsed[1],
        accounts=tuple(dict.fromkeys(row.account for row in rows if row.account)),
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A balance on a row that is no entry; `may_be_net` where it may be the month's surplus."""

    row: int
    fen: int
    chain: Chain | None
    is_opening: bool = False
    may_be_net: bool = False


Event = LedgerRow | Checkpoint


@dataclass(slots=True)
class Balances:
    """The running balances of a table, village by village and book by book."""

    sheet: str
    events: list[Event] = field(default_factory=list)

    def check(self) -> tuple[tuple[BalanceBreak, ...], frozenset[Account]]:
        """The breaks, and the months of which some balance could be checked.

        A file may list its entries newest first, or be sorted by something else since it was
        balanced: of the orders that make sense the one with the fewest breaks is believed.
        """
        walk = _Walk(self.sheet)
        walk.go(self.events)
        best = walk
        if walk.breaks:
            for order in _other_orders(self.events):
                other = _Walk(self.sheet)
                other.go(order)
                if len(other.breaks) < len(best.breaks):
                    best = other
        return tuple(best.breaks), frozenset(best.confirmed)


def _other_orders(events: Sequence[Event]) -> Iterator[list[Event]]:
    opening = [event for event in events if isinstance(event, Checkpoint) and event.is_opening]
    closing = [event for event in events if isinstance(event, Checkpoint) and not event.is_opening]
    rows = [event for event in events if isinstance(event, LedgerRow)]
    last = closing[-1:]
    yield [*opening, *reversed(rows), *last]
    yield [*opening, *sorted(rows, key=_by_voucher), *last]


def _by_voucher(row: LedgerRow) -> tuple[date, tuple[int, ...], str]:
    numbers = tuple(int(number) for number in re.findall(r"\d{1,18}", row.voucher_no or ""))
    return row.date or date.min, numbers, row.voucher_no or ""


@dataclass(slots=True)
class _Walk:
    sheet: str
    breaks: list[BalanceBreak] = field(default_factory=list)
    confirmed: set[Account] = field(default_factory=set)
    running: dict[Chain, int] = field(default_factory=dict)
    surplus: dict[Chain, int] = field(default_factory=dict)
    last: dict[Chain, Account] = field(default_factory=dict)
    # An opening balance that names nobody belongs to whichever book comes next.
    opening: int | None = None
    chain: Chain = (None, None, None)

    def go(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Checkpoint):
                self._checkpoint(event)
            else:
                self._entry(event)

    def _entry(self, row: LedgerRow) -> None:
        chain = (row.village, row.code, row.book)
        account = self._account(chain, row)
        self.chain = chain
        if chain not in self.running and self.opening is not None:
            self.running[chain] = self.opening
            self.opening = None
        counted = 0 if row.verdict is Verdict.REFUSED else row.signed_fen
        self.surplus[chain] = self.surplus.get(chain, 0) + counted
        expected = self.running[chain] + counted if chain in self.running else None
        if account:
            self.last[chain] = account
        found = row.balance_fen
        if found is not None and expected is not None and account:
            self.confirmed.add(account)
            if found != expected:
                self.breaks.append(BalanceBreak(self.sheet, row.row, account, found, expected))
        now = found if found is not None else expected
        if now is not None:
            self.running[chain] = now

    def _account(self, chain: Chain, row: LedgerRow) -> Account | None:
        """The row's account; most rows stand in the month of the row before."""
        last = self.last.get(chain)
        if last and row.date and (row.date.year, row.date.month) == last.month:
            return last
        return row.account

    def _checkpoint(self, point: Checkpoint) -> None:
        chain = point.chain or self.chain
        if point.is_opening and chain not in self.running:
            if point.chain:
                self.running[point.chain] = point.fen
            else:
                self.opening = point.fen
            return
        expected, account = self.running.get(chain), self.last.get(chain)
        if expected is None or account is None:
            return
        if point.may_be_net and point.fen == self.surplus.get(chain):
            self.confirmed.add(account)
            return
        self.confirmed.add(account)
        if point.fen != expected:
            self.breaks.append(BalanceBreak(self.sheet, point.row, account, point.fen, expected))
