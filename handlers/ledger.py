"""Questions put to published accounts: which entries, which sums. Pure, and exact to the fen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from handlers.wording import months_between, whole_month
from storage.accounts import Accounts, Entry, VillageAccounts
from understanding import Period, Slots

INCOME, EXPENSE = "收入", "支出"
DIRECTIONS = {"income": INCOME, "expense": EXPENSE}

Topical = Callable[[Entry, str], bool]
"""Whether an entry belongs to a topic."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and the published version it stands in."""

    entry: Entry
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found: its lines, largest first, and what it could not look at."""

    period: Period
    period_said: bool  # False: the newest published month was taken
    lines: tuple[Line, ...]
    sources: tuple[Accounts, ...]  # the published versions that were looked at
    missing: tuple[str, ...]  # months of the period, begun by today, with nothing published

    def total(self, direction: str) -> int:
        return sum(
            line.entry.amount_fen for line in self.lines if line.entry.direction == direction
        )

    def only(self, direction: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.entry.direction == direction)

    @property
    def books(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(accounts.book for accounts in self.sources))


def search(
    accounts: VillageAccounts, slots: Slots, *, today: date, topical: Topical
) -> Found | None:
    """Looks up what the slots single out; None where the village has published nothing at all."""
    if not accounts.months:
        return None
    period = slots.period or whole_month(accounts.months[-1].period)
    wanted = months_between(period.start, period.end)
    sources = tuple(a for a in accounts.months if wanted[0] <= a.period <= wanted[-1])
    published = {a.period for a in sources}
    begun = f"{today.year:04d}-{today.month:02d}"
    missing = tuple(m for m in wanted if m <= begun and m not in published)
    lines = [
        Line(entry, source)
        for source in sources
        for entry in _within(source.entries, period)
        if _matches(entry, source, slots, topical)
    ]
    lines.sort(key=_largest_first)
    return Found(period, slots.period is not None, tuple(lines), sources, missing)


def _largest_first(line: Line) -> tuple[int, date, str, str]:
    return (-abs(line.entry.amount_fen), line.entry.date, line.entry.voucher_no, line.entry.id)


_DATE = attrgetter("date")


def _within(entries: Sequence[Entry], period: Period) -> Iterable[Entry]:
    start = bisect_left(entries, period.start, key=_DATE)
    return entries[start : bisect_right(entries, period.end, key=_DATE)]


def _matches(entry: Entry, source: Accounts, slots: Slots, topical: Topical) -> bool:
    if slots.direction and entry.direction != DIRECTIONS[slots.direction]:
        return False
    if slots.amount is not None:
        size = abs(entry.amount_fen)
        if slots.amount.min is not None and size < slots.amount.min:
            return False
        if slots.amount.max is not None and size > slots.amount.max:
            return False
    if slots.group is not None and not _of_group(entry, source, slots.group):
        return False
    if slots.keyword and not _mentions(entry, slots.keyword):
        return False
    if slots.topic and slots.topic != "FIN" and not topical(entry, slots.topic):
        return False
    return not (slots.exclude_topic and topical(entry, slots.exclude_topic))


_GROUP_WORDS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def _of_group(entry: Entry, source: Accounts, group: int) -> bool:
    if source.book == f"{group}组":
        return True
    tens, ones = divmod(group, 10)
    if group <= 10:
        word = _GROUP_WORDS[group]
    else:
        word = (
            ("" if tens == 1 else _GROUP_WORDS[tens]) + "十" + (_GROUP_WORDS[ones] if ones else "")
        )
    return any(
        f"{name}{unit}" in entry.summary
        for name in (str(group), word)
        for unit in ("组", "社", "队", "小组", "村民小组")
    )


def _mentions(entry: Entry, keyword: str) -> bool:
    """By summary, payee or subject; a person's name is compared in its published, masked form."""
    if keyword in entry.summary or keyword in entry.payee or keyword in entry.subject:
        return True
    return entry.payee.removesuffix("等") in _masked(keyword)


def _masked(name: str) -> tuple[str, ...]:
    """How domain.md, section 8 masks such a name; a compound surname keeps both ways open."""
    if not 2 <= len(name) <= 4:
        return ()
    if len(name) == 2:
        return (name[0] + "*",)
    return (name[0] + "*" * (len(name) - 2) + name[-1],)
