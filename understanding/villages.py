"""Villages as people name them: official names, short ones, homophones, names nobody bears."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from rapidfuzz import fuzz, process

from understanding.lexicon import TOPIC, Word, word_lists
from understanding.meaning import Village
from understanding.sounds import loose_sound, sound

_KINDS = ("社区居委会", "村民委员会", "村委会", "社区", "村")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KIND = re.compile(r"社区|村")
# What may follow a name that was said without 村: an end, 的, a number, a date, a group.
_AFTER_SHORT = re.compile(
    r"$|[^\u4e00-\u9fff]|[的呢喃村嘛哈啊一二两三四五六七八九十今去前旧昨上本这近最第有]"
)
# 村里, 村民, 村务: what stands before is said of the own village.
_AFTER_UNKNOWN = re.compile(
    r"$|[^\u4e00-\u9fff]|[的呢喃嘛哈啊一二两三四五六七八九十今去前旧昨本这近最第有和跟与比]|委会|[上][个半季]"
)
_LONGEST = 6
_MOST = 16  # names looked at in one message
# 上个月村委会: a date, no name.
_DATE_BEFORE = re.compile(
    r"(?:[上下本这]一?个?月|[今去前明旧]年|季度|半年|月份|[\d一二三四五六七八九十]月)$"
)
_OTHER_NAME = frozenset("新老大小")  # 新上泉村 is not 上泉村
# 马上全村的人, 我们村, 想去村委会
_NO_END = frozenset(" 全各本每个们我哪这那的,去到在看查找从给往跟了把问叫让请")
_WEAK = frozenset(("interrogative", "account_words", "frozen"))


class NamedVillage(NamedTuple):
    """What a text says of a village: where, which (several: ask), or a name that nobody bears.

    `sure` is False where the name was guessed from its sound, a typo or a part of it.
    """

    start: int
    end: int
    villages: tuple[Village, ...]
    sure: bool = True
    unknown: str | None = None


class Candidate(NamedTuple):
    """A village that a text may mean, and how likely that is, from 0 to 1."""

    village: Village
    confidence: float


class Villages:
    """Finds the villages of one county in texts."""

    def __init__(self, villages: Iterable[Village]) -> None:
        known = tuple(villages)
        self._all = known
        names = _grouped((v.name, v) for v in known)
        self.shared_names = frozenset(name for name, several in names.items() if len(several) > 1)
        stems = [(_stem(v.name), v) for v in known]
        exact = [(v.name, v) for v in known]
        exact += [(town + name, v) for v in known for town in _towns(v) for name in (v.name,)]
        exact += [(town + stem, v) for stem, v in stems for town in _towns(v)]
        self._exact = _grouped(exact)
        self._short = _grouped((stem, v) for stem, v in stems if len(stem) >= 2)
        written = dict.fromkeys([*self._exact, *self._short])
        self._written = list(written)
        self._finder = AhoCorasick(self._written, matchkind=MatchKind.LeftmostLongest)
        self._alike = _grouped((loose_sound(stem), v) for stem, v in stems)
        self._sounds = list(self._alike)
        self._by_sound = AhoCorasick(self._sounds, matchkind=MatchKind.LeftmostLongest)
        places = word_lists("places.toml")
        self._everyday = frozenset(places["everyday"])
        self._no_names = frozenset(places["no_names"])
        self._leads = places["leads"]
        self._parts = _parts(stems)

    def find(self, text: str, words: Sequence[Word]) -> list[NamedVillage]:
        """Find every village named in a normalised text; `words` are those of the lexicon."""
        found = self._named(text, words)
        if not found:
            found = self._sounding(text, words)
        return found

    def _named(self, text: str, words: Sequence[Word]) -> list[NamedVillage]:
        found = []
        for number, start, end in self._finder.find_matches_as_indexes(text)[:_MOST]:
            name = self._written[number]
            villages = self._exact.get(name)
            if villages is None:
                villages = self._short[name]
                if not self._stands_alone(text, start, end, words):
                    continue
                for kind in _KINDS:
                    if text.startswith(kind, end):
                        end += len(kind)
                        break
            elif text[start - 1 : start] in _OTHER_NAME:
                continue
            if text[start] == "下" and text[start - 1 : start] == "一":  # 查一下泉村
                continue
            if len(villages) > 1:
                villages = _of_town(text, villages)
            found.append(NamedVillage(start, end, villages))
        return found

    def _stands_alone(self, text: str, start: int, end: int, words: Sequence[Word]) -> bool:
        """A short name counts where it cannot be a part of another word."""
        if any(a < end and start < b and (b - a > end - start) for a, b, _ in words):
            return False
        if text[start:end] in self._everyday and end < len(text):
            return False
        return end - start >= 3 or (
            self._led_to(text, start) and self._follows_name(text, end, words)
        )

    def _led_to(self, text: str, start: int) -> bool:
        """Whether a name can begin here: at an edge, or after a word that leads to one."""
        return start == 0 or not _HAN.match(text, start - 1) or text.endswith(self._leads, 0, start)

    def _follows_name(self, text: str, end: int, words: Sequence[Word]) -> bool:
        return bool(_AFTER_SHORT.match(text, end)) or any(a == end for a, _, _ in words)

    def _sounding(self, text: str, words: Sequence[Word]) -> list[NamedVillage]:
        kinds = list(_KIND.finditer(text))[:8]
        said = loose_sound(text)
        for kind in kinds:
            named = self._with_kind(text, said, kind, words)
            if named:
                return [named]
        if not kinds:
            named = self._without_kind(text, said, words)
            return [named] if named else []
        return []

    def _with_kind(
        self, text: str, said: str, kind: re.Match[str], words: Sequence[Word]
    ) -> NamedVillage | None:
        """A name before 村 or 社区 that sounds like one, is a part of one, or is unknown."""
        at = kind.start()
        if any(a < at < b and of.startswith(TOPIC) for a, b, of in words):
            return None  # 美丽乡村 is a matter
        for length in range(min(_LONGEST, at), 1, -1):
            start = at - length
            if said[start:at] in self._alike and (length >= 3 or self._led_to(text, start)):
                villages = self._like(text[start:at], kind[0])
                return NamedVillage(start, kind.end(), villages, sure=False)
        if text[at - 1 : at] in _NO_END:
            return None
        return self._partial_or_unknown(text, kind, words)

    def _like(self, stem: str, kind: str) -> tuple[Village, ...]:
        """Villages whose names sound so; the exact homophones where there are any."""
        alike = self._alike.get(loose_sound(stem), ())
        if len(alike) > 1:
            said = sound(stem)
            alike = tuple(v for v in alike if sound(_stem(v.name)) == said) or alike
        if len(alike) > 1:
            alike = tuple(v for v in alike if v.name.endswith(kind)) or alike
        return alike

    def _partial_or_unknown(
        self, text: str, kind: re.Match[str], words: Sequence[Word]
    ) -> NamedVillage | None:
        if not _AFTER_UNKNOWN.match(text, kind.end()) and not any(
            a == kind.end() for a, _, _ in words
        ):
            return None
        start, stem = self._said_stem(text, kind.start(), words)
        if not stem or stem in self._no_names:
            return None
        villages = self._parts.get(stem, ())
        if not villages and len(stem) >= 3:
            villages = self._one_letter_off(stem)
        if villages:
            return NamedVillage(start, kind.end(), villages, sure=False)
        if len(stem) < 2:
            return None
        end = kind.end()
        return NamedVillage(start, end, (), sure=False, unknown=text[start:end])

    def _said_stem(self, text: str, end: int, words: Sequence[Word]) -> tuple[int, str]:
        """Cut what leads to a name off the text before 村."""
        first = end
        while first > 0 and end - first < 8 and _HAN.match(text, first - 1):
            first -= 1
        for a, b, kind in words:
            if first < b <= end - 1 and b - a > 1 and kind not in _WEAK:
                first = b
        short = (end, "")
        if _DATE_BEFORE.search(text, first, end):
            return short
        for start in range(end - 1, first - 1, -1):
            if start == first or self._led_to(text, start):
                stem = text[start:end]
                if 2 <= len(stem) <= 4 and stem not in self._no_names:
                    return start, stem
                if len(stem) == 1:
                    short = (start, stem)
        return short

    def _one_letter_off(self, stem: str) -> tuple[Village, ...]:
        """渡般口 for 渡船口, unless the letter makes a name of its own (清水湾, 浅水湾)."""
        near = tuple(
            v
            for short, several in self._short.items()
            if len(short) == len(stem)
            and sum(a != b for a, b in zip(short, stem, strict=True)) == 1
            and not any(b in _PLACE_LETTERS for a, b in zip(short, stem, strict=True) if a != b)
            for v in several
        )
        return near if len(near) == 1 else ()

    def _without_kind(self, text: str, said: str, words: Sequence[Word]) -> NamedVillage | None:
        """芦花坝 misheard: three syllables, or two of which one is written right."""
        for number, start, end in self._by_sound.find_matches_as_indexes(said)[:_MOST]:
            villages = self._alike[self._sounds[number]]
            stem = text[start:end]
            if any(a < end and start < b and b - a > 1 for a, b, _ in words):
                continue
            if end - start < 2 or not self._stands_alone(text, start, end, words):
                continue
            same = max(
                sum(a == b for a, b in zip(_stem(v.name), stem, strict=False)) for v in villages
            )
            if same >= 1 and (end - start >= 3 or text[end : end + 1] in ("", "的")):
                return NamedVillage(start, end, self._like(stem, "村"), sure=False)
        return None

    def suggest(self, text: str, limit: int = 3) -> list[Candidate]:
        """Give villages whose names sound most like the text, the best first."""
        said = loose_sound(_stem(text))
        if not said:
            return []
        scored = process.extract(
            said, self._sounds, scorer=fuzz.ratio, limit=limit, score_cutoff=60
        )
        return [
            Candidate(village, score / 100)
            for name, score, _ in scored
            for village in self._alike[name]
        ][:limit]


_PLACE_LETTERS = frozenset(
    "清青红黄白黑金银龙凤虎马牛羊大小上下东西南北新老高长双三四五六七八九十石水山河江湖海天云花竹松柏桃李杏梨"
)


def _parts(stems: Iterable[tuple[str, Village]]) -> dict[str, tuple[Village, ...]]:
    """Map pieces of names to the villages that they may stand for: 泉 to 上泉 and 下泉."""
    pieces: dict[str, list[Village]] = {}
    for stem, village in stems:
        cut = {stem[:-1], stem[1:]} if len(stem) >= 3 else {stem[1:]}
        for piece in cut:
            if piece:
                pieces.setdefault(piece, []).append(village)
    # A single letter that one village alone bears is too little to go by.
    return {
        piece: tuple(villages)
        for piece, villages in pieces.items()
        if len(piece) > 1 or 1 < len(villages) <= 4
    }


def _grouped(pairs: Iterable[tuple[str, Village]]) -> dict[str, tuple[Village, ...]]:
    groups: dict[str, list[Village]] = {}
    for name, village in pairs:
        if village not in (group := groups.setdefault(name, [])):
            group.append(village)
    return {name: tuple(group) for name, group in groups.items()}


def _stem(name: str) -> str:
    for kind in _KINDS:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            return name.removesuffix(kind)
    return name


def _towns(village: Village) -> tuple[str, ...]:
    """A town with and without 镇; a village is often named with it."""
    short = re.sub("(?:镇|乡|街道)$", "", village.town)
    return (village.town, short) if len(short) >= 2 else (village.town,)


def _of_town(text: str, villages: tuple[Village, ...]) -> tuple[Village, ...]:
    named = tuple(v for v in villages if any(town in text for town in _towns(v)))
    return named or villages
