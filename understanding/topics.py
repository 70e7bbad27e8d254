"""Topics: the codes of queries.md, and the words by which people and accountants name them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

_DATA = Path(__file__).parent / "data"


class Topics:
    """Finds the topic of a text by its longest known word."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        for row in _rows("glossary.csv"):
            self._words.setdefault(row["word"], row["topic_code"])
        self.names = {row["topic_code"]: row["topic_name"] for row in _rows("query_topics.csv")}
        self._patterns = list(self._words)
        self._finder = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)

    def found(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and topic of every known word, left to right, not overlapping."""
        return [
            (start, end, self._words[self._patterns[number]])
            for number, start, end in self._finder.find_matches_as_indexes(text)
        ]

    def topic_of(self, text: str) -> str | None:
        """The topic of the longest word that says more than "accounts"; of two, the first."""
        found = self.found(text)
        telling = [hit for hit in found if hit[2] not in ("FIN", "VILLAGE")]
        best = max(telling, key=lambda hit: (hit[1] - hit[0], -hit[0]), default=None)
        return best[2] if best else None

    def words(self, code: str) -> tuple[str, ...]:
        return tuple(word for word, topic in self._words.items() if topic == code)

    @staticmethod
    def is_under(code: str, parent: str) -> bool:
        """Whether a code is the parent or one of its finer ones: PROJ.ROAD is under PROJ."""
        return code == parent or code.startswith(f"{parent}.")


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))
