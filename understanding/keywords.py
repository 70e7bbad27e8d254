"""People, companies and things that single out entries (queries.md, Slots, keyword)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from understanding.lexicon import Word, word_lists

_HAN = "[\u4e00-\u9fff]"
_SO_MANY = re.compile("[一二两三四五六七八九十几这那哪各多0-9]+[家个间所]")
_MOST_NAMES = 8  # of one kind in a message; the first one counts
# What may follow a person's name.
_AFTER_NAME = (
    "(?=$|[^\u4e00-\u9fff]|今年|前年|上个?月|承包|经手|咋个|到底"
    "|[家屋他她那这的收领吃得有在是拿把了从签批报欠买付当和跟修做租为咋没不还去借贪扣冒退])"
)
# What says that a name comes: 给王建国, 那个李开华.
_BEFORE_NAME = (
    "给了?|付给|支付给|转给|打给|发给|那个|这个|村民|党员|老板|姓名|名字"
    "|[叫找跟和是把被查看问欠向由让]"
)
_LEADS = re.compile(
    "^.*(?:只要|只看|只查|光看|光要|请|付给|支付给|转给|打给|拨给|发给|租给|包给|给了|给|付|查一下|查下|查|看一下|看下|看看|看|问|是|跟|与|我们?和|把|被|由|欠|向|从|的|了|找|那个|这个|有没有|帮我|请问|我想|有关|关于|一下|[^\u4e00-\u9fffA-Za-z0-9()])"
)
_TO_WHOM = re.compile(
    "(?:付给|支付给|转给|打给|拨给|拨付给|(?<![发说告还送租包])给)(?:了|过)?"
    f"(?P<who>{_HAN}{{2,4}}?)(?=的|好多|那笔|这笔|$|[^\u4e00-\u9fff]|了|是|付|转|打|结|去年|今年|上)"
)
_BOUGHT = re.compile(
    f"买(?:了|的|过|些|个|几个|那个)?(?P<what>{_HAN}{{2,4}}?)"
    "(?=的|花了?|用了?|那笔|这笔|好多|付|是哪|要|一共|总共|$|[^\u4e00-\u9fff])"
)


class Keyword(NamedTuple):
    """What singles entries out, and where it stands; `kind` is person, body or thing."""

    start: int
    end: int
    kind: str


class Keywords:
    """Finds names of people, bodies and things."""

    def __init__(self) -> None:
        lists = {name: frozenset(words) for name, words in word_lists("names.toml").items()}
        bodies = word_lists("places.toml")["bodies"]
        self._nobody = lists["nobody"]
        self._nobodies = tuple(lists["nobody"])
        self._things = list(lists["things"])
        self._bodies = list(bodies)
        self._find_bodies = AhoCorasick(self._bodies, matchkind=MatchKind.LeftmostLongest)
        self._find_things = AhoCorasick(self._things, matchkind=MatchKind.LeftmostLongest)
        given = "[^" + "".join(c for c in lists["not_given"] if len(c) == 1) + "\\W\\da-zA-Z_]"
        sure = lists["surnames"] - lists["doubtful"]
        titles = "|".join(sorted(lists["titles"], key=len, reverse=True))
        name = f"{given}{{1,2}}"
        every, plain = _any_of(lists["surnames"]), _any_of(sure)
        self._person = re.compile(
            f"(?:(?<=[^\u4e00-\u9fff])|^|(?<=[给个叫找民员板跟和是把被查看问欠向由让])|(?<=[的了]))"
            f"(?P<plain>{plain}(?:(?:{titles})|{name})){_AFTER_NAME}"
            f"|(?:{_BEFORE_NAME})(?P<told>{every}(?:(?:{titles})|{name}|老[一二三四五六七八九])){_AFTER_NAME}"
            f"|(?:给了?|付给|欠|是|叫)(?P<called>[老小]{plain}){_AFTER_NAME}"
            f"|(?<!{_HAN})(?P<house>{every}{name})(?=家|屋头|吃低保|领低保|有没|那[笔点些\x00]|[领收拿得]了)"
        )
        self._surname = re.compile(f"[{''.join(c for c in lists['surnames'] if len(c) == 1)}]")

    def find(self, text: str, words: Sequence[Word]) -> list[Keyword]:
        """Find names in a text whose villages and dates are blanked, in order."""
        found = [*self._bodies_in(text, words), *self._people_in(text, words)]
        if not found:
            found = [*self._receivers_in(text, words), *self._bought_in(text, words)]
        found.sort()
        return found

    def things(self, text: str) -> list[Keyword]:
        """Find things that may narrow a topic."""
        return [
            Keyword(start, end, "thing")
            for _, start, end in self._find_things.find_matches_as_indexes(text)
        ]

    def _bodies_in(self, text: str, words: Sequence[Word]) -> Iterable[Keyword]:
        for _, at, end in self._find_bodies.find_matches_as_indexes(text):
            if any(a <= at and end <= b and b - a > end - at for a, b, _ in words):
                continue  # 农资 in 农资补贴
            start = max(0, at - 8)
            lead = _LEADS.match(text[start:at])
            first = start + lead.end() if lead else start
            name = text[first:end]
            before = text[first:at]
            if first < at and not ({name, before} & self._nobody) and not _SO_MANY.match(before):
                yield Keyword(first, end, "body")

    def _people_in(self, text: str, words: Sequence[Word]) -> Iterable[Keyword]:
        if not self._surname.search(text):
            return
        for match in itertools.islice(self._person.finditer(text), _MOST_NAMES):
            name = match.lastgroup or "plain"
            start, end = match.span(name)
            if text[start:end] in self._nobody or _crosses(start, end, words):
                continue
            yield Keyword(start, end, "person")

    def _receivers_in(self, text: str, words: Sequence[Word]) -> Iterable[Keyword]:
        for match in itertools.islice(_TO_WHOM.finditer(text), _MOST_NAMES):
            start, end = match.span("who")
            if text[end - 1] == "家":
                end -= 1
            if not self._is_nobody(match["who"]) and not _crosses(start, end, words):
                yield Keyword(start, end, "person")

    def _bought_in(self, text: str, words: Sequence[Word]) -> Iterable[Keyword]:
        for match in itertools.islice(_BOUGHT.finditer(text), _MOST_NAMES):
            start, end = match.span("what")
            thing = self._find_things.find_matches_as_indexes(match["what"])[:1]
            if thing and thing[0][1] == 0:  # 买农药打药
                end = start + thing[0][2]
            if not self._is_nobody(match["what"]) and not _crosses(start, end, words):
                yield Keyword(start, end, "thing")

    def _is_nobody(self, name: str) -> bool:
        return name.startswith(self._nobodies)


def _any_of(surnames: Iterable[str]) -> str:
    double = [surname for surname in surnames if len(surname) == 2]
    single = "".join(sorted(surname for surname in surnames if len(surname) == 1))
    return f"(?:{'|'.join(sorted(double))}|[{single}])"


# Kinds of words of which a name may hold one by chance.
_INNOCENT = frozenset(
    ("interrogative", "account_words", "goods", "frozen", "subsidy_words", "post")
)


def _crosses(start: int, end: int, words: Iterable[Word]) -> bool:
    """Whether a word of the lexicon, but for the slightest, reaches into the span."""
    return any(
        a < end and start < b and b - a > 1 and kind not in _INNOCENT for a, b, kind in words
    )
