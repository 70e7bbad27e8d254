"""Homophones put right: 举抱 is 举报, 查张 is 查账. A villager types by sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from understanding.lexicon import Span, word_lists
from understanding.sounds import loose_sound

_LONGEST = 6
_MOST = 64  # words looked at: more make no message


class Repair(NamedTuple):
    """A word as it was written and as it was meant."""

    start: int
    wrong: str
    right: str


class Repairs:
    """Finds words of the lists that were written with characters of the same sound."""

    def __init__(self) -> None:
        alike = word_lists("sounds_alike.toml")
        self._right = frozenset(alike["right"])
        # No guess makes an accusation of 传标.
        accusing = set(word_lists("cues.toml")["wrongdoing"])
        # Of two characters, one of them wrong, so little remains that those meant are listed.
        meant = set(alike["words"])
        for words in word_lists("topic_words.toml").values():
            meant.update(w for w in words if _can_be_put_right(w) and w not in accusing)
        by_sound: dict[str, list[str]] = {}
        for word in sorted(meant):
            by_sound.setdefault(loose_sound(word), []).append(word)
        self._words = [tuple(words) for words in by_sound.values()]
        self._finder = AhoCorasick(
            list(by_sound), matchkind=MatchKind.LeftmostLongest, store_patterns=False
        )

    def find(self, text: str, taken: Callable[[], Sequence[Span]]) -> list[Repair]:
        """Find what is to be put right, left to right; `taken` gives the spans of words that are
        right already, asked for only where something sounds alike.
        """
        found: list[Repair] = []
        spans: Sequence[Span] | None = None
        alike = self._finder.find_matches_as_indexes(loose_sound(text))
        for number, start, end in alike[:_MOST]:
            written = text[start:end]
            words = self._words[number]
            if written in words or self._is_right(written):
                continue
            if spans is None:
                spans = taken()
            if any(a < end and start < b and not _inside(a, b, start, end) for a, b in spans):
                continue
            likely = max(words, key=lambda word: _same(word, written))
            if _same(likely, written) * 2 >= len(written) and not _another(likely, written):
                found.append(Repair(start, written, likely))
        return found

    def _is_right(self, written: str) -> bool:
        return written in self._right or any(
            written[at : at + 2] in self._right for at in range(len(written) - 1)
        )


def _can_be_put_right(word: str) -> bool:
    return 2 < len(word) <= _LONGEST and "村" not in word


def _another(word: str, written: str) -> bool:
    """Whether two characters that differ stand together: 想收低保 is not 享受低保."""
    wrong = [a != b for a, b in zip(word, written, strict=True)]
    return any(one and next_one for one, next_one in pairwise(wrong))


def _inside(start: int, end: int, first: int, last: int) -> bool:
    """Whether a shorter word lies within the span: then the longer one decides."""
    return first <= start and end <= last and end - start < last - first


def _same(word: str, written: str) -> int:
    return sum(a == b for a, b in zip(word, written, strict=True))


def put_right(text: str, repairs: list[Repair]) -> str:
    """Write the words as they were meant; lengths stay."""
    for start, wrong, right in repairs:
        text = text[:start] + right + text[start + len(wrong) :]
    return text
