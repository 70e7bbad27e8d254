"""Questions put to published accounts: which entries, which sums. Pure, and exact to the fen.

A village's snapshot is arranged once: its lines by date, and by topic, as places among them. A
question then cuts its period out and looks at what is left.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from handlers.wording import month_of, months_between, whole_month
from storage.accounts import Accounts, Entry, VillageAccounts
from understanding import Amount, Period, Slots
from understanding.topics import is_under

INCOME, EXPENSE = "收入", "支出"
DIRECTIONS = {"income": INCOME, "expense": EXPENSE}
KEPT_LINES = 300_000

Topical = Callable[[Entry], tuple[str, ...]]
"""The topics that an entry belongs to, as codes."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and the published version it stands in. `rank` puts the largest first."""

    entry: Entry
    accounts: Accounts
    rank: tuple[int, date, str, str]


_RANK = attrgetter("rank")


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found, and what it could not look at.

    Where no period was said it is the newest published month; if that holds nothing of the kind,
    `newest_without` is that month, and the period the newest that does.
    """

    period: Period
    period_said: bool
    lines: Sequence[Line]  # by date
    sources: tuple[Accounts, ...]  # the published versions that were looked at
    missing: tuple[str, ...]  # months of the period, begun by today, with nothing published
    newest_without: str = ""

    def largest(self, count: int) -> list[Line]:
        return heapq.nsmallest(count, self.lines, key=_RANK)

    def ranked(self) -> list[Line]:
        """All lines, the largest first: the order in which they are numbered."""
        return sorted(self.lines, key=_RANK)

    def total(self, direction: str) -> int:
        return sum(x.entry.amount_fen for x in self.lines if x.entry.direction == direction)

    def only(self, direction: str) -> list[Line]:
        return [line for line in self.lines if line.entry.direction == direction]

    @property
    def basis(self) -> str:
        """Tells the versions that were looked at from any others."""
        ids = "".join(accounts.id for accounts in self.sources)
        return blake2b(ids.encode(), digest_size=8).hexdigest()

    @property
    def books(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(accounts.book for accounts in self.sources))


class Ledger:
    """One village's published lines, arranged for questions."""

    def __init__(self, accounts: VillageAccounts, topical: Topical) -> None:
        self.accounts = accounts
        self.worded: dict[Hashable, Any] = {}  # answers to this snapshot, by what was asked
        lines = [
            Line(entry, month, (-abs(entry.amount_fen), entry.date, entry.voucher_no, entry.id))
            for month in accounts.months
            for entry in month.entries
        ]
        lines.sort(key=lambda line: line.entry.date)
        self.size = len(lines)
        self._topical = topical
        self._places: dict[str, list[int]] | None = None  # of each code's lines
        self._arranged = {("", "", ""): _dated(lines)}

    def within(self, period: Period, direction: str, topic: str, without: str) -> list[Line]:
        """The lines of a period, of a direction, of a topic and not of another (empty: any)."""
        dates, lines = self._lines(direction, topic, without)
        return lines[bisect_left(dates, period.start) : bisect_right(dates, period.end)]

    def _lines(self, direction: str, topic: str, without: str) -> tuple[list[date], list[Line]]:
        key = (direction, topic, without)
        found = self._arranged.get(key)
        if found is None:
            everything = self._arranged["", "", ""][1]
            places = self._about(topic) if topic else set(range(len(everything)))
            if without:
                places -= self._about(without)
            lines = [everything[place] for place in sorted(places)]
            if direction:
                lines = [line for line in lines if line.entry.direction == direction]
            found = self._arranged[key] = _dated(lines)
        return found

    def _about(self, topic: str) -> set[int]:
        """Where the lines of a topic and of its finer codes stand.

        Those of a wider one do not count: what was spent on works is not what roads have cost.
        """
        places = self._places
        if places is None:
            places = self._places = defaultdict(list)
            for place, line in enumerate(self._arranged["", "", ""][1]):
                for code in self._topical(line.entry):
                    places[code].append(place)
        return {place for code, those in places.items() if is_under(code, topic) for place in those}


class Ledgers:
    """Arranged ledgers of the villages asked for last; a new snapshot is arranged anew."""

    def __init__(self, topical: Topical, kept_lines: int = KEPT_LINES) -> None:
        self._topical = topical
        self._kept_lines = kept_lines
        self._ledgers: OrderedDict[str, Ledger] = OrderedDict()
        self._size = 0

    def of(self, accounts: VillageAccounts) -> Ledger:
        ledger = self._ledgers.get(accounts.village)
        if ledger is None or ledger.accounts is not accounts:
            ledger = self._keep(Ledger(accounts, self._topical), replaced=ledger)
        self._ledgers.move_to_end(accounts.village)
        return ledger

    def _keep(self, ledger: Ledger, replaced: Ledger | None) -> Ledger:
        self._size += ledger.size - (replaced.size if replaced else 0)
        self._ledgers[ledger.accounts.village] = ledger
        while self._size > self._kept_lines and len(self._ledgers) > 1:
            _, oldest = self._ledgers.popitem(last=False)
            self._size -= oldest.size
        return ledger


def search(ledger: Ledger, slots: Slots, *, today: date) -> Found | None:
    """Looks up what the slots single out; None where the village has published nothing at all."""
    months = ledger.accounts.months
    if not months:
        return None
    if slots.period:
        return _within(ledger, slots, slots.period, today)
    newest = months[-1].period
    found = _within(ledger, slots, whole_month(newest), today)
    if found.lines:
        return replace(found, period_said=False)
    ever = Period(whole_month(months[0].period).start, whole_month(newest).end)
    lines = _matching(ledger, slots, ever)
    if not lines:
        return replace(found, period_said=False)
    latest = whole_month(month_of(lines[-1].entry.date))
    earlier = _within(ledger, slots, latest, today)
    return replace(earlier, period_said=False, newest_without=newest)


def _within(ledger: Ledger, slots: Slots, period: Period, today: date) -> Found:
    months = ledger.accounts.months
    wanted = months_between(period.start, period.end)
    sources = tuple(a for a in months if wanted[0] <= a.period <= wanted[-1])
    published = {a.period for a in sources}
    begun = f"{today.year:04d}-{today.month:02d}"
    missing = tuple(m for m in wanted if m <= begun and m not in published)
    return Found(period, True, _matching(ledger, slots, period), sources, missing)


def _matching(ledger: Ledger, slots: Slots, period: Period) -> Sequence[Line]:
    topic = "" if slots.topic in (None, "FIN") else str(slots.topic)
    direction = DIRECTIONS[slots.direction] if slots.direction else ""
    lines = ledger.within(period, direction, topic, slots.exclude_topic or "")
    if slots.amount is not None:
        lines = _between(lines, slots.amount)
    if slots.group is not None:
        names = _group_names(slots.group)
        lines = [line for line in lines if _of_group(line, slots.group, names)]
    if slots.keyword:
        masked = _masked(slots.keyword)
        lines = [line for line in lines if _mentions(line.entry, slots.keyword, masked)]
    return lines


def _dated(lines: list[Line]) -> tuple[list[date], list[Line]]:
    return [line.entry.date for line in lines], lines


def _between(lines: Sequence[Line], amount: Amount) -> list[Line]:
    """By size: a red-ink entry counts with what it takes back."""
    low = 0 if amount.min is None else amount.min
    high = amount.max
    return [
        line
        for line in lines
        if (size := abs(line.entry.amount_fen)) >= low and (high is None or size <= high)
    ]


_DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_GROUP_WORDS = ("村民小组", "小组", "组", "社", "队")


def _group_names(group: int) -> tuple[str, ...]:
    """3组, 三组, 三社 ...: how a summary may name a group."""
    tens, ones = divmod(group, 10)
    word = (
        _DIGITS[ones]
        if not tens
        else ("" if tens == 1 else _DIGITS[tens % 10]) + "十" + _DIGITS[ones]
    )
    return tuple(f"{name}{unit}" for name in (str(group), word) for unit in _GROUP_WORDS)


def _of_group(line: Line, group: int, names: Sequence[str]) -> bool:
    summary = line.entry.summary
    return line.accounts.book == f"{group}组" or any(_names(summary, name) for name in names)


def _names(summary: str, name: str) -> bool:
    """Whether the summary names it, and not 13组 where 3组 is meant."""
    at = summary.find(name)
    if at < 0:
        return False
    before = summary[at - 1] if at else ""
    return not (before.isdigit() or before in "一二三四五六七八九十")


def _mentions(entry: Entry, keyword: str, masked: str) -> bool:
    """By summary, payee or subject; a person's name is compared in its published, masked form."""
    if keyword in entry.summary or keyword in entry.payee or keyword in entry.subject:
        return True
    return bool(masked) and entry.payee.removesuffix("等") == masked


def _masked(name: str) -> str:
    """How domain.md, section 8 masks such a name; empty for what is no person's name."""
    if not 2 <= len(name) <= 4:
        return ""
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]
