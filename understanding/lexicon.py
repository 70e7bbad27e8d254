"""The word lists, and one pass that finds every word of them in a message."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

_DATA = Path(__file__).parent / "data"
_PART = re.compile(r"\(([^()]*)\)(\??)|([^()\s]+)")
FROZEN = "frozen"
TOPIC = "topic:"
NUMBERED = "numbered"  # holds a numeral that is no number: 五保, 一事一议
_START = itemgetter(1)
_NUMERAL = re.compile("[0-9零〇一二两三四五六七八九十百千万]")

Span = tuple[int, int]


Word = tuple[int, int, str]
"""Start and end of a word, and its kind: a name of cues.toml or topic:CODE."""


def expand(words: str) -> list[str]:
    """Write out words in which (a|b) stands for either and (a|) for with and without."""
    return [word for pattern in words.split() for word in _written_out(pattern) if word]


def _written_out(pattern: str) -> Iterator[str]:
    parts: list[Sequence[str]] = []
    for choices, optional, plain in _PART.findall(pattern):
        parts.append([plain] if plain else choices.split("|") + [""] * bool(optional))
    return ("".join(chosen) for chosen in itertools.product(*parts))


@cache
def word_lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """Read a file of data/: its names, each with its words written out."""
    with (_DATA / name).open("rb") as file:
        lists = tomllib.load(file)
    return {kind: tuple(dict.fromkeys(expand(words))) for kind, words in lists.items()}


class Lexicon:
    """All words of topics and cues, found in one pass."""

    def __init__(self) -> None:
        kinds: dict[str, list[str]] = {}
        for kind, words in word_lists("cues.toml").items():
            for word in words:
                kinds.setdefault(word, []).append(kind)
        for code, words in word_lists("topic_words.toml").items():
            for word in words:
                kinds.setdefault(word, []).append(TOPIC + code)
        for word, several in kinds.items():
            if _NUMERAL.search(word) and any(k == FROZEN or k.startswith(TOPIC) for k in several):
                several.append(NUMBERED)
        self._kinds = [tuple(several) for several in kinds.values()]
        self._finder = AhoCorasick(list(kinds), matchkind=MatchKind.Standard, store_patterns=False)

    def find(self, text: str) -> list[Word]:
        """Find all words, ordered by start, the longer first.

        Dropped are words inside a frozen phrase, but for a topic that it begins with (验收的), and
        words inside a longer one of their kind.
        """
        hits = self._finder.find_matches_as_indexes(text, overlapping=True)
        hits.reverse()  # they come by their ends; a stable sort leaves the longer first
        hits.sort(key=_START)
        found: list[Word] = []
        covered: dict[str, int] = {}
        first = frozen = 0  # the frozen phrase reached last
        for number, start, end in hits:
            hidden = end <= frozen
            if hidden and start != first:
                continue
            for kind in self._kinds[number]:
                if kind == FROZEN:
                    if end > frozen:
                        first, frozen = start, end
                elif end > covered.get(kind, 0) and not (hidden and not kind.startswith(TOPIC)):
                    covered[kind] = end
                    found.append((start, end, kind))
        return found
