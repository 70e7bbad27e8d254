"""Messages that are an answer or a command as a whole: 是的, 满意, 下一页, 谢谢哈."""

from __future__ import annotations

import re
from collections.abc import Iterable

from understanding.lexicon import word_lists
from understanding.numerals import integer

_LONGEST = 14  # a longer message is more than an answer
_SOFT = "啊哦嘛哈呀哟噻嘞吧啦咯喔噢咧撒呢喃诶欸嗯哎额呃唉,。!?~、;:. "
_SCORE = re.compile(
    r"(?:我?(?:打|给|评|选)?(?:你们?|您|个|他们?)?(?:满分|高分)?\s*)(?P<n>[0-9]|[一二两三四五])\s*(?:分|星|颗星)?(?:好评)?"
)
_RATINGS = {f"rating_{n}": n for n in (5, 4, 3, 2, 1)}


class WholeMessages:
    """Knows the messages that consist of such words and of particles only."""

    def __init__(self) -> None:
        lists = word_lists("whole_messages.toml")
        self._words = {kind: frozenset(words) for kind, words in lists.items()}
        self._lengths = {kind: _lengths(words) for kind, words in lists.items()}
        self._ratings = {word: number for kind, number in _RATINGS.items() for word in lists[kind]}

    def is_a(self, kind: str, text: str) -> bool:
        """Whether the message consists of words of this kind, and of particles between them."""
        length = len(text)
        if length > _LONGEST:
            return False
        words, lengths = self._words[kind], self._lengths[kind]
        reached = {0: False}  # how far words and particles lead, and whether a word was among them
        for at in range(length):
            if at > max(reached):
                return False
            if at not in reached:
                continue
            if text[at] in _SOFT:
                reached[at + 1] = reached[at] or reached.get(at + 1, False)
            for size in lengths.get(text[at], ()):
                if text[at : at + size] in words:
                    reached[at + size] = True
        return reached.get(length, False)

    def rating(self, text: str) -> int | None:
        """Give the rating that a message says in words; one word decides, the last one."""
        if len(text) > _LONGEST:
            return None
        text = text.strip(_SOFT)
        return self._ratings.get(text) or self._ratings.get(_unopened(text))

    @staticmethod
    def score(text: str) -> int | None:
        """Give the number that a message gives as a mark: 4, 打5分, 五星."""
        match = _SCORE.fullmatch(text.strip(_SOFT)) if len(text) <= _LONGEST else None
        return integer(match["n"]) if match else None


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give for each character the lengths of the words that begin with it."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(several)) for first, several in lengths.items()}


_OPENING = re.compile(
    "我?(?:觉得|感觉|认为|就)?(?:(?:给|打|评)(?:你们?|您|个)*)?(?:服务|态度|办得|办事)?"
)


def _unopened(text: str) -> str:
    opening = _OPENING.match(text)
    return (text[opening.end() :] if opening else text).strip(_SOFT)
