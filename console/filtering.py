"""The filter of a month's entries: an ordinary form, sent by GET, so that it needs no script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from urllib.parse import urlencode

from console import texts
from storage import wording
from storage.accounts import Entry
from understanding.personal import hide_personal
from understanding.topics import is_under

DIRECTIONS = (texts.INCOME, texts.EXPENSE)
_LONGEST = 60  # characters; nobody types more, and every word costs a look at every entry
_UNITS = (("万元", 10_000), ("万", 10_000), ("元", 1), ("块", 1))
_LARGEST_FEN = 10**15

TopicsOf = Callable[[Entry], tuple[str, ...]]
"""The topics that an entry belongs to, by their codes."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What was typed, as typed; and what it means. Sums in fen, of either sign.

    `about` is a topic's code or an account of the ledger's.
    """

    direction: str = ""
    about: str = ""
    least: str = ""
    most: str = ""
    words: str = ""
    least_fen: int | None = None
    most_fen: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filter:
        """From the address: direction, about, least, most (yuan), words."""
        typed = {name: query.get(name, "").strip()[:_LONGEST] for name in _NAMES}
        if typed["direction"] not in DIRECTIONS:
            typed["direction"] = ""
        return cls(**typed, least_fen=read_yuan(typed["least"]), most_fen=read_yuan(typed["most"]))

    @property
    def is_set(self) -> bool:
        sums = self.least_fen is not None or self.most_fen is not None
        return bool(self.direction or self.about or self.words or sums)

    @property
    def is_whole(self) -> bool:
        """Whether it leaves all of a direction, or everything: what the charts show."""
        return not self.is_set or self == Filter(direction=self.direction)

    @property
    def unread(self) -> tuple[str, ...]:
        """The sums that could not be read: nothing was left out because of them."""
        return tuple(
            name
            for name, typed, fen in (
                ("least", self.least, self.least_fen),
                ("most", self.most, self.most_fen),
            )
            if typed and fen is None
        )

    def in_words(self, about: str) -> str:
        """支出，1,000元以上，有“保洁”; `about` is what people call what it is about."""
        least, most = self.least_fen, self.most_fen
        parts = (
            self.direction,
            self.about and about,
            "" if least is None else texts.AT_LEAST.format(yuan=wording.yuan(least)),
            "" if most is None else texts.AT_MOST.format(yuan=wording.yuan(most)),
            self.words and texts.HAS_WORDS.format(words=self.words),
        )
        return "，".join(part for part in parts if part)

    def address(self, **changed: str) -> str:
        """The same filter as the end of an address, with other values for some of it: ?words=..."""
        values = {name: getattr(self, name) for name in _NAMES} | changed
        told = {name: value for name, value in values.items() if value}
        return f"?{urlencode(told)}" if told else "?"

    def picks(self, entry: Entry, topics_of: TopicsOf) -> bool:
        size = abs(entry.amount_fen)
        if self.direction and entry.direction != self.direction:
            return False
        if self.least_fen is not None and size < self.least_fen:
            return False
        if self.most_fen is not None and size > self.most_fen:
            return False
        if self.about and not self._is_about(entry, topics_of):
            return False
        return not self.words or _holds(entry, self.words)

    def _is_about(self, entry: Entry, topics_of: TopicsOf) -> bool:
        if entry.subject == self.about:
            return True
        return any(is_under(code, self.about) for code in topics_of(entry))


_NAMES = ("direction", "about", "least", "most", "words")


class Choice(NamedTuple):
    """A line of the form's list: what it filters by, its name, how many entries it picks."""

    value: str
    name: str
    entries: int


def topics(
    entries: Iterable[Entry], topics_of: TopicsOf, names: Mapping[str, str]
) -> tuple[Choice, ...]:
    """The topics that occur, the most frequent first; what has no name for people is left out."""
    told = [topics_of(entry) for entry in entries]
    occurring = {code for codes in told for code in codes}
    counts = Counter(code for codes in told for code in _with_those_above(codes))
    return tuple(
        Choice(code, names[code], count)
        for code, count in counts.most_common()
        if code in occurring and code in names
    )


def _with_those_above(codes: Iterable[str]) -> set[str]:
    """PROJ.ROAD is one of PROJ as well."""
    return {code[:end] for code in codes for end in _ends(code)}


def _ends(code: str) -> list[int]:
    return [at for at, sign in enumerate(code) if sign == "."] + [len(code)]


def subjects(entries: Iterable[Entry]) -> tuple[Choice, ...]:
    """The accounts of the ledger that occur, the most frequent first."""
    counts = Counter(entry.subject for entry in entries if entry.subject)
    return tuple(Choice(subject, subject, count) for subject, count in counts.most_common())


def read_yuan(text: str) -> int | None:
    """What a person types for a sum, in fen: 500, 1,200.50, 1.2万, ５００元; None for no sum."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    times = 1
    for unit, size in _UNITS:
        if plain.endswith(unit):
            plain, times = plain.removesuffix(unit), size
            break
    try:
        fen = Decimal(plain) * times * 100
    except InvalidOperation:
        return None
    is_a_sum = fen.is_finite() and 0 <= fen < _LARGEST_FEN and fen == fen.to_integral_value()
    return int(fen) if is_a_sum else None


def _holds(entry: Entry, words: str) -> bool:
    """Whether each word stands in the entry as pages show it: what is hidden is not searched."""
    shown = _plain(
        " ".join(
            (
                hide_personal(entry.summary), hide_personal(entry.payee), entry.subject,
                entry.voucher_no, entry.handler, entry.approver, *entry.supervisors,
            )
        )
    )  # fmt: skip
    return all(word in shown for word in _plain(words).split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
