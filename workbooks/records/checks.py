"""What the columns of a row must be to each other: dates in order, sums that add up, a quorum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from workbooks import texts as common
from workbooks.drafts import Draft
from workbooks.money import format_fen
from workbooks.records import texts
from workbooks.records.fields import RecordKind, Value
from workbooks.records.kinds import (
    ASSETS,
    DEBTS,
    DECISIONS,
    PASSED,
    PROJECTS,
    REPEALED,
    RULES,
    SUBSIDIES,
)

Values = Mapping[str, Value]


class Row:
    """A row that was read: its values, and where what is found wrong is noted."""

    def __init__(self, kind: RecordKind, values: Values, labels: Mapping[str, str], draft: Draft):
        self.values = values
        self._kind = kind
        self._labels = labels
        self._draft = draft

    def label(self, key: str) -> str:
        """What the file calls the column, else its own name."""
        return self._labels.get(key) or self._kind.field(key).name

    def number(self, key: str) -> int | None:
        """A sum in fen, or a count."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def refuse(self, key: str, expected: str, found: str | None = None) -> None:
        shown = self._shown(key) if found is None else found
        self._draft.refuse("contradiction", self.label(key), shown, expected)

    def doubt(self, key: str, expected: str, found: str | None = None) -> None:
        shown = self._shown(key) if found is None else found
        self._draft.doubt("contradiction", self.label(key), shown, expected)

    def _shown(self, key: str) -> str:
        value = self.values.get(key)
        if isinstance(value, int) and self._kind.field(key).type.value == "money":
            return format_fen(value)
        return common.BLANK if value is None else str(value)


Check = Callable[[Row], None]


def _in_order(first: str, second: str) -> Check:
    """The second day is not before the first."""

    def check(row: Row) -> None:
        start, end = row.values.get(first), row.values.get(second)
        if isinstance(start, str) and isinstance(end, str) and end < start:
            day = common.date_in_words(*map(int, start.split("-")))
            row.refuse(second, texts.NOT_BEFORE.format(name=row.label(first), day=day))

    return check


# --- subsidies ------------------------------------------------------------------------------------


def _has_period(row: Row) -> None:
    if "period" not in row.values and "paid" not in row.values:
        row.refuse("period", texts.PERIOD_OR_DAY)


def _is_paid_out(row: Row) -> None:
    amount = row.number("amount")
    if amount is not None and amount < 0:
        row.doubt("amount", texts.NOT_NEGATIVE)


# --- assets ---------------------------------------------------------------------------------------


def _is_whole_debt(row: Row) -> None:
    """Who owes whom how much, and whether the figures add up (domain.md 3, 债权债务表)."""
    if row.values.get("category") not in DEBTS:
        return
    if "party" not in row.values:
        row.refuse("party", texts.A_PARTY)
    balance = row.number("balance")
    if balance is None:
        row.refuse("balance", texts.A_BALANCE)
        return
    opening = row.number("opening")
    if opening is None:
        return
    due = opening + (row.number("increase") or 0) - (row.number("decrease") or 0)
    if due != balance:
        row.doubt("balance", texts.THE_BALANCE.format(amount=format_fen(due)))


# --- projects -------------------------------------------------------------------------------------


def _is_not_overpaid(row: Row) -> None:
    """Nothing is paid beyond the settlement, else the contract with its changes."""
    paid, settled, bid = (row.number(key) for key in ("paid", "settled", "bid"))
    most = settled if settled is not None else bid
    if paid is None or most is None:
        return
    if settled is None:
        most += row.number("changes") or 0
    if paid > most:
        name = row.label("settled" if settled is not None else "bid")
        row.doubt("paid", texts.PAID_BEYOND.format(name=name, amount=format_fen(most)))


# --- decisions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who must come and who must agree for a body to decide (domain.md 5).

    `present` of those entitled must come; then `agree` must be reached, or passed where
    `is_beyond`, of those present, or of all where `is_of_all`.
    """

    present: Fraction
    agree: Fraction
    is_beyond: bool
    is_of_all: bool

    def least_present(self, entitled: int) -> int:
        return _reaching(self.present * entitled)

    def least_agree(self, entitled: int, present: int) -> int:
        share = self.agree * (entitled if self.is_of_all else present)
        return int(share) + 1 if self.is_beyond else _reaching(share)


def _reaching(share: Fraction) -> int:
    return -(-share.numerator // share.denominator)


_TWO_THIRDS, _HALF = Fraction(2, 3), Fraction(1, 2)
QUORUMS: Final[Mapping[str, Quorum]] = MappingProxyType(
    {
        # 村民委员会组织法 25-26, 28 (2018 numbering)
        "村民代表会议": Quorum(_TWO_THIRDS, _HALF, is_beyond=True, is_of_all=False),
        "村民小组会议": Quorum(_TWO_THIRDS, _HALF, is_beyond=True, is_of_all=False),
        # 农村集体经济组织法 26-28
        "成员大会": Quorum(_TWO_THIRDS, _TWO_THIRDS, is_beyond=False, is_of_all=True),
        "成员代表大会": Quorum(_TWO_THIRDS, _TWO_THIRDS, is_beyond=False, is_of_all=True),
        "理事会": Quorum(_TWO_THIRDS, _HALF, is_beyond=True, is_of_all=True),
    }
)


def _votes_add_up(row: Row) -> None:
    invited, present = row.number("invited"), row.number("present")
    if invited is not None and present is not None and present > invited:
        row.refuse("present", texts.NOT_ABOVE.format(invited=invited))
    votes = [number for key in ("agree", "against", "abstain") if (number := row.number(key))]
    if present is not None and sum(votes) > present:
        row.refuse("agree", texts.THE_VOTES.format(present=present))


def _reaches_quorum(row: Row) -> None:
    """One person short, and there is no resolution (domain.md 1.4, M54a)."""
    quorum = QUORUMS.get(str(row.values.get("meeting")))
    invited, present, agree = (row.number(key) for key in ("invited", "present", "agree"))
    if quorum is None or row.values.get("result") != PASSED:
        return
    if invited is None or present is None or agree is None:
        return
    found = texts.PASSED.format(present=present, agree=agree)
    if present < (least := quorum.least_present(invited)):
        expected = texts.QUORUM_PRESENT.format(invited=invited, least=least)
        row.doubt("result", expected, found)
    elif agree < (least := quorum.least_agree(invited, present)):
        row.doubt("result", texts.QUORUM_AGREE.format(least=least), found)


# --- rules ----------------------------------------------------------------------------------------


def _says_when_repealed(row: Row) -> None:
    if row.values.get("state") == REPEALED and "repealed" not in row.values:
        row.refuse("repealed", texts.A_REPEAL_DAY)


CHECKS: Final[Mapping[str, tuple[Check, ...]]] = MappingProxyType(
    {
        SUBSIDIES.code: (_has_period, _is_paid_out),
        ASSETS.code: (_in_order("start", "end"), _is_whole_debt),
        PROJECTS.code: (_in_order("begun", "finished"), _is_not_overpaid),
        DECISIONS.code: (_votes_add_up, _reaches_quorum),
        RULES.code: (_in_order("effective", "repealed"), _says_when_repealed),
    }
)
