"""What a message names, before anybody asks what it wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from understanding import items
from understanding.amounts import Sum, find_amounts
from understanding.codes import find_code
from understanding.keywords import Keyword, Keywords
from understanding.lexicon import NUMBERED, Lexicon, Span, Word
from understanding.meaning import Village
from understanding.periods import Dates, find_periods
from understanding.topics import TopicWord, chosen, topic_words
from understanding.villages import NamedVillage, Villages

_BLANK = "\x00"
_CODE = re.compile("[0-9]{2}(?![0-9])")
_OUTSIDE_TOPICS = frozenset(("apply", "expense", "income", "rate", "condition"))
_CADRE = "CADRE"
_POSTS = (
    "书记|支书|主任|会计|村长|队长|组长|社长|文书|出纳|妇女主任|民兵连长|网格员|委员|干部"
    "|妇联主席|村医|河长|林长|会长|理事长|团支书|报账员|调解员|专干"
)
_WHO_IS = re.compile(
    f"(?:{_POSTS})(?:是|叫|姓|有|换成了?)(?:哪|谁|啥|什么|几)(?!(?:些|样|子)?的?[权职])"
    f"|(?:{_POSTS})(?:各|分别|各自)(?:分管|负责|主管|管)"
    f"|(?:哪个|谁)(?:是|当|任|在当)(?:我们|村上|村里|村|现在的|的|咱们?)*(?:第一|副|村|支部)?(?:{_POSTS})"
)
_PAY_OF = re.compile(f"(?:{_POSTS}).{{0,6}}(?:拿|领|挣|发)(?:好多|几)")
# 电费 alone is a levy on villagers; the office's is a cost of the village.
_OFFICE_BILL = re.compile(
    "(?:[村居]委会|村委|办公[室楼点]|村部|村公所|便民[^,。;!? ]{0,2}中心|党群[^,。;!? ]{0,4}中心)"
    "[^,。;!?]{0,9}(?:水电气?|水|电|网|气|取暖)费"
)
_LEFT_OUT_WITHIN = 8  # characters between 除了 and what it leaves out


class Clues:
    """The words of one message (or clause) and what they stand for."""

    __slots__ = (
        "amounts",
        "code",
        "cues",
        "dates",
        "except_word",
        "group",
        "keywords",
        "plain",
        "text",
        "topic",
        "topics",
        "villages",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text  # with names, dates and sums blanked
        self.words: Sequence[Word] = ()
        self.cues: dict[str, Span] = {}
        self.villages: list[NamedVillage] = []
        self.group: int | None = None
        self.dates = Dates()
        self.amounts: tuple[Sum, ...] = ()
        self.keywords: list[Keyword] = []
        self.topics: list[TopicWord] = []
        self.topic: TopicWord | None = None
        self.except_word: TopicWord | None = None
        self.code: str | None = None

    def has(self, *kinds: str) -> bool:
        """Whether a word of one of these kinds was said."""
        cues = self.cues
        return any(kind in cues for kind in kinds)

    def word(self, span: Span) -> str:
        """Give the text of a span."""
        return self.text[span[0] : span[1]]

    @property
    def numbered(self) -> str:
        """Give the text without the days that can be nothing else; 12号 alone may be an item."""
        days = [
            (said.start, said.end)
            for said in self.dates.said
            if said.unit != "bare_day" or said.period.start != said.period.end
        ]
        return _blanked(self.text, days)

    @property
    def topic_code(self) -> str:
        """Give the code of the topic, or an empty text."""
        return self.topic.code if self.topic else ""


class Finder:
    """Finds the clues of a message; compiled once."""

    def __init__(self, villages: Iterable[Village]) -> None:
        self.lexicon = Lexicon()
        self.villages = Villages(villages)
        self.keywords = Keywords()

    def find(self, text: str, today: date) -> Clues:
        """Find all clues of a normalised text."""
        clues = Clues(text)
        self._find_words(clues)
        self._find_numbers(clues, today)
        clues.keywords = self.keywords.find(clues.plain, clues.words)
        names = [word[:2] for word in clues.keywords if word.kind == "body"]
        clues.topics = _outside(clues.topics, names) or clues.topics  # 路桥公司 is no road
        self._choose_topic(clues)
        return clues

    def _find_words(self, clues: Clues) -> None:
        """Villages first: a name may hold words of the lists."""
        text = clues.text
        words: Sequence[Word] = self.lexicon.find(text)
        clues.villages = self.villages.find(text, words)
        if clues.villages:
            spans = [(named.start, named.end) for named in clues.villages]
            words = _outside(words, spans)
            clues.plain = _blanked(text, spans)
        clues.words = words
        clues.topics = topics = topic_words(words)
        cues = clues.cues
        for start, end, kind in words:
            if kind not in cues and not (kind in _OUTSIDE_TOPICS and _inside(start, end, topics)):
                cues[kind] = (start, end)

    def _find_numbers(self, clues: Clues, today: date) -> None:
        """Numbers of one kind are blanked before those of the next are looked for."""
        text = clues.plain
        spans: list[Span] = []
        if NUMBERED in clues.cues:
            spans += [word[:2] for word in clues.words if word[2] == NUMBERED]
        if _CODE.search(text):
            code = find_code(text, expected=clues.has("tip_words", "tip_progress"))
            if code:
                clues.code = code.code
                spans.append(code[:2])
        group = items.find_group(text)
        if group:
            clues.group = group[2]
            spans.append(group[:2])
        text = _blanked(text, spans)
        clues.dates = dates = find_periods(text, today)
        text = _blanked(text, [(said.start, said.end) for said in dates.said])
        clues.amounts = amounts = find_amounts(text)
        clues.plain = _blanked(text, [(one.start, one.end) for one in amounts])

    def _choose_topic(self, clues: Clues) -> None:
        if "post" in clues.cues:
            clues.topics += _of_posts(clues.plain)
        if any(word.code == "LEVY" for word in clues.topics):
            bill = _OFFICE_BILL.search(clues.plain)
            clues.topics += [TopicWord(*bill.span(), "FIN.OFFICE")] if bill else []
        if "wealth" in clues.cues:  # 家里三层楼还吃低保: what somebody owns is not the matter
            owned = clues.cues["wealth"]
            clues.topics = _outside(clues.topics, [owned]) or clues.topics
        if clues.has("except", "rest", "dismiss"):
            clues.except_word = _left_out(clues)
        clues.topic = chosen(word for word in clues.topics if word is not clues.except_word)


def _inside(start: int, end: int, topics: Iterable[TopicWord]) -> bool:
    """Whether a word is only a part of a longer one that names a topic: 办 in 办公费."""
    return any(
        topic.start <= start and end <= topic.end and end - start < topic.end - topic.start
        for topic in topics
    )


def _of_posts(text: str) -> list[TopicWord]:
    """Who holds a post, and what somebody is paid for it."""
    found = []
    for code, pattern in ((_CADRE, _WHO_IS), ("PAY", _PAY_OF)):
        match = pattern.search(text)
        if match:
            found.append(TopicWord(match.start(), match.end(), code))
    return found


def _left_out(clues: Clues) -> TopicWord | None:
    """Give the topic that is left out: 除了招待费, 招待费除外, 不看招待费."""
    exception = clues.cues.get("except")
    rest = clues.cues.get("rest")
    unwanted = clues.cues.get("dismiss")
    for word in clues.topics:
        if exception and 0 <= word.start - exception[1] <= _LEFT_OUT_WITHIN:
            return word
        if unwanted and 0 <= word.start - unwanted[1] <= 1 and clues.text[unwanted[1] - 1] != "是":
            return word
        if rest and 0 <= rest[0] - word.end <= 1:
            return word
    return None


_AWord = TypeVar("_AWord", Word, TopicWord)


def _outside(words: Iterable[_AWord], spans: Sequence[Span]) -> list[_AWord]:
    return [
        word for word in words if not any(word[0] < end and start < word[1] for start, end in spans)
    ]


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text
