"""Topics: the codes of queries.md, and the words by which people and accountants name them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from understanding.lexicon import TOPIC, Word, word_lists

_NAMES = Path(__file__).parent / "data" / "query_topics.csv"
# Words for accounts or notices at large give no topic in a query.
GENERAL = frozenset(("FIN", "VILLAGE"))
# What is done with a thing counts for more than the thing: a road's tender is a tender.
_CARD = "SUB.CARD"  # how it is paid out says less than what it is for
_DOING = frozenset(
    ("BID", "CADRE", "AID.DISASTER", "LAND.COMP", "PAY", "SHARE", "FIN.DEBT", "FIN.BUDGET", "ELECT")
)


class TopicWord(NamedTuple):
    """A word that names a topic, and where it stands."""

    start: int
    end: int
    code: str


class Topics:
    """What the topics are called, and which of them a ledger's summary belongs to."""

    def __init__(self) -> None:
        lists = word_lists("topic_words.toml")
        self._by_code = lists
        self._code = {word: code for code, words in lists.items() for word in words}
        self._words = list(self._code)
        self._finder = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        with _NAMES.open(encoding="utf-8-sig", newline="") as file:
            self.names = {row["topic_code"]: row["topic_name"] for row in csv.DictReader(file)}

    def found(self, text: str) -> list[TopicWord]:
        """Give every known word, left to right, not overlapping."""
        return [
            TopicWord(start, end, self._code[self._words[number]])
            for number, start, end in self._finder.find_matches_as_indexes(text)
        ]

    def topic_of(self, text: str) -> str | None:
        """Give the topic that fits a text best; None where its words name accounts at large."""
        best = chosen(self.found(text))
        return best.code if best else None

    def topics_of(self, text: str) -> tuple[str, ...]:
        """Give every topic that words of a text name, in order."""
        codes = (word.code for word in self.found(text) if word.code not in GENERAL)
        return tuple(dict.fromkeys(codes))

    def words(self, code: str) -> tuple[str, ...]:
        """Give the words that name a topic."""
        return self._by_code.get(code, ())


def is_under(code: str, parent: str) -> bool:
    """Whether a code is the parent or one of its finer ones: PROJ.ROAD is under PROJ."""
    return code == parent or code.startswith(f"{parent}.")


def topic_words(words: Iterable[Word]) -> list[TopicWord]:
    """Pick those of the lexicon's words that name a topic and lie in no longer one."""
    found: list[TopicWord] = []
    for start, end, kind in words:
        if kind.startswith(TOPIC) and not (found and found[-1].end >= end > found[-1].start):
            if found and found[-1].start == start:
                continue
            found.append(TopicWord(start, end, kind[len(TOPIC) :]))
    return found


def chosen(found: Iterable[TopicWord]) -> TopicWord | None:
    """Choose the word that decides: what is done before what it is done to, the longest, the
    first; a finer code of the same stem is preferred to a coarser one.
    """
    best: TopicWord | None = None
    for word in found:
        if word.code in GENERAL:
            continue
        if best is None or _decides(word, best):
            best = word
    return best


def _decides(word: TopicWord, best: TopicWord) -> bool:
    if is_under(word.code, best.code) and word.code != best.code:
        return True
    if is_under(best.code, word.code):
        return False
    if _CARD in (word.code, best.code) and word.code != best.code:
        return best.code == _CARD
    doing, was_doing = word.code in _DOING, best.code in _DOING
    if doing != was_doing:
        return doing
    return word.end - word.start > best.end - best.start
