"""Which published rows a question is about: by topic, name, person, group and time. Pure."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from storage.published_records import (
    Disclosure,
    Record,
    VillageRecords,
    head,
    is_in_force,
)
from understanding import Intent, Period, Slots
from understanding.numerals import integer
from understanding.topics import Topics, is_under
from workbooks.names import mask_name
from workbooks.records.fields import LONG_TERM, RecordKind
from workbooks.records.kinds import (
    ASSETS,
    CONTACTS,
    DEBTS,
    DECISIONS,
    DOCUMENTS,
    KINDS,
    PROJECTS,
    RULES,
    SUBSIDIES,
)

_BY_TOPIC: tuple[tuple[str, tuple[RecordKind, ...]], ...] = (
    ("FIN.DEBT", (ASSETS,)),
    ("ASSET", (ASSETS, DOCUMENTS)),
    ("LAND.CONTRACT", (ASSETS, DOCUMENTS)),
    ("BID", (PROJECTS, DOCUMENTS)),
    ("PROJ", (PROJECTS, DECISIONS, DOCUMENTS)),
    ("DECIDE", (DECISIONS, DOCUMENTS)),
    ("ELECT", (DECISIONS, DOCUMENTS)),
    ("RIGHT", (RULES, DOCUMENTS)),
    ("CADRE", (CONTACTS,)),
    ("SUPER", (CONTACTS, DOCUMENTS)),
    ("AID", (SUBSIDIES, DOCUMENTS)),
    ("PEN", (SUBSIDIES, DOCUMENTS)),
    ("SUB", (SUBSIDIES, DOCUMENTS)),
    ("SHARE", (SUBSIDIES, DECISIONS, DOCUMENTS)),
    ("MED", (SUBSIDIES, DOCUMENTS)),
    ("LAND.COMP", (SUBSIDIES, DOCUMENTS, DECISIONS)),
)
_OTHERS = (DOCUMENTS, DECISIONS, RULES)
_WHOLE = {
    PROJECTS.code: ("PROJ", "BID"),
    ASSETS.code: ("ASSET", "LAND.CONTRACT"),
    DECISIONS.code: ("DECIDE",),
    RULES.code: ("RIGHT",),
    CONTACTS.code: ("CADRE",),
    SUBSIDIES.code: ("SUB.CARD",),
}
"""Topics that mean a kind as a whole, whatever its rows speak of."""

_BY_POLICY = (
    ("耕地地力", "SUB.GRAIN"), ("农机", "SUB.GRAIN"), ("种粮", "SUB.GRAIN"), ("稻谷", "SUB.GRAIN"),
    ("公益林", "SUB.FOREST"), ("退耕", "SUB.FOREST"), ("特困", "AID.TEKUN"), ("低保", "AID.DIBAO"),
    ("最低生活保障", "AID.DIBAO"), ("临时救助", "AID.TEMP"), ("残疾人", "AID.DISABLED"),
    ("高龄", "PEN.AGE"), ("征地", "LAND.COMP"), ("危房", "AID.HOUSE"), ("医疗救助", "MED"),
)  # fmt: skip
"""What the official names of policies are about (domain.md 4)."""

_PARTY_CLASS = "党务"
_SUPERVISION = re.compile("监委|监督")
_SHORTEST_NAME = 3
_LONG_NAME = 6  # so much of a name is no accident, even with some of it left out
_CALLED_IN_PART = (PROJECTS, DECISIONS)
_UNNAMED = re.compile(
    r"\d+年|\d+月|村委会|监委会|议事会|村民代表|村民|代表大?会|会议|决议|工程|项目|立项|方案|报告|情况|公示"
)
"""What stands in many names, and singles none out."""
_ALLOWANCE = re.compile("补贴|补助|补偿|津贴|救助|保护|名单|发放|应用|购置")
_SPOKEN_NUMBER = re.compile("[一二三四五六七八九十]+(?=[号组社期])")
ANNOUNCED = "公示"  # the state of a list that is not approved yet
_KEPT = 400  # kinds of villages whose rows stay arranged
_PUNCTUATION = re.compile(r"[\s,,。.?!?!、:]")
_PERSON_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_GROUPS = re.compile(r"(\d+)组(?:[至到-](\d+)组)?")


@dataclass(frozen=True, slots=True)
class Hit:
    """A published row, and the version it stands in."""

    record: Record
    source: Disclosure


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found, all of one kind, in the order in which it is numbered.

    `elsewhen` are those that were meant but are of another time than was asked for: then there are
    no hits. `missed` are the newest lists, where the hits stand in older ones only.
    """

    kind: RecordKind
    hits: tuple[Hit, ...]
    elsewhen: tuple[Hit, ...] = ()
    missed: tuple[Disclosure, ...] = ()

    @property
    def sources(self) -> tuple[Disclosure, ...]:
        return tuple({hit.source.id: hit.source for hit in self.hits}.values())


def kinds_of(intent: Intent, topic: str | None) -> tuple[RecordKind, ...]:
    """Where to look, the likeliest first; empty for news of every kind."""
    if intent is Intent.QUERY_SUBSIDY and not topic:
        return (SUBSIDIES,)
    for prefix, kinds in _BY_TOPIC:
        if topic and is_under(topic, prefix):
            return kinds
    return _OTHERS if topic and topic != "VILLAGE" else ()


class Finder:
    """Finds what questions are about; `topics` says what words speak of."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._spoken_of = lru_cache(maxsize=50_000)(self._topics_of)
        self._rows = lru_cache(maxsize=_KEPT)(_rows_of)

    def called(self, records: VillageRecords, text: str) -> Found | None:
        """The rules or documents that a question calls by name; None where it does not."""
        for kind in (RULES, DOCUMENTS):
            if hits := _named(self._rows(records, kind.code), text):
                return Found(kind, tuple(hits))
        return None

    def spells_out(self, records: VillageRecords, text: str) -> bool:
        """Whether a question holds the whole name of a rule or document, or is most of one."""
        found, asked = self.called(records, text), _plain(text)
        if found is None:
            return False
        names = [_plain(head(found.kind, hit.record)) for hit in found.hits]
        return any(name in asked for name in names) or len(asked) >= _LONG_NAME

    def names_work(self, records: VillageRecords, text: str) -> bool:
        """Whether a question calls a project, or what was decided of one, by name."""
        return any(_partly_named(self._rows(records, kind.code), text) for kind in _CALLED_IN_PART)

    def find(
        self, records: VillageRecords, intent: Intent, slots: Slots, text: str, today: date
    ) -> Found | None:
        """What the slots single out, of the likeliest kind that has any; None where none has."""
        late: Found | None = None
        kinds = kinds_of(intent, slots.topic)
        for kind in _CALLED_IN_PART if SUBSIDIES not in kinds else ():
            called = _partly_named(self._rows(records, kind.code), text) if kind in kinds else ()
            if timely := [hit for hit in called if _is_within(hit, slots.period)]:
                return Found(kind, tuple(timely))
        for kind in kinds:
            hits = self._meant(records, kind, slots, text, today)
            if not hits:
                continue
            if kind is SUBSIDIES and slots.period is None and _is_of_somebody(slots):
                lists = self._about(kind, self._rows(records, kind.code), slots.topic or "")
                return _standing_now(lists, hits)
            timely = [hit for hit in hits if _is_within(hit, slots.period)]
            if timely:
                return Found(kind, tuple(timely))
            late = late or Found(kind, (), tuple(hits))
        return late

    def _meant(
        self, records: VillageRecords, kind: RecordKind, slots: Slots, text: str, today: date
    ) -> list[Hit]:
        everything: Sequence[Hit] = self._rows(records, kind.code)
        if kind is RULES:
            everything = _named(everything, text) or [
                hit for hit in everything if is_in_force(hit.record, today)
            ]
        hits = self._about(kind, everything, slots.topic or "")
        hits = (_of_policy(hits, text) if kind is SUBSIDIES else _named(hits, text)) or hits
        if slots.keyword:
            hits = self._mentioning(kind, hits, slots.keyword)
        if slots.group is not None:
            hits = [hit for hit in hits if _is_of_group(hit.record, slots.group)]
        return _newest_lists(hits) if kind is ASSETS and slots.period is None else hits

    def _about(self, kind: RecordKind, hits: Sequence[Hit], topic: str) -> list[Hit]:
        """The rows that a topic means: of its finer codes, else of those that it is part of."""
        if kind is ASSETS:
            return [hit for hit in hits if _is_such_asset(hit.record, topic)]
        if kind is CONTACTS:
            return [hit for hit in hits if _is_such_contact(hit.record, topic)]
        if kind is DOCUMENTS and is_under(topic, "PARTY"):
            return [hit for hit in hits if hit.record.text("class") == _PARTY_CLASS]
        if not topic or any(is_under(whole, topic) for whole in _WHOLE.get(kind.code, ())):
            return list(hits)
        coded = [(hit, self._codes(hit)) for hit in hits]
        finer = [hit for hit, codes in coded if any(is_under(code, topic) for code in codes)]
        return finer or [
            hit for hit, codes in coded if any(is_under(topic, code) for code in codes)
        ]

    def _codes(self, hit: Hit) -> tuple[str, ...]:
        item = hit.record.text("item")
        return self._spoken_of("" if item else head(hit.source.kind, hit.record), item)

    def _topics_of(self, called: str, item: str) -> tuple[str, ...]:
        """The topics of a row, of a list's rows those of its policy; the finest of each stem."""
        by_policy = tuple(topic for word, topic in _BY_POLICY if word in item)
        codes = by_policy or self._topics.topics_of(item or called)
        return tuple(
            code for code in codes if not any(is_under(o, code) and o != code for o in codes)
        )

    def _mentioning(self, kind: RecordKind, hits: Sequence[Hit], keyword: str) -> list[Hit]:
        """By any of their words, a person as lists show him; a thing else by its topic."""
        person = mask_name(keyword) if _PERSON_NAME.fullmatch(keyword) else ""
        found = [hit for hit in hits if _says(hit.record, keyword, person)]
        code = self._topics.topic_of(keyword)
        if found or code is None or kind is SUBSIDIES or code in _WHOLE.get(kind.code, ()):
            return found
        return self._about(kind, hits, code)


def news(records: VillageRecords, slots: Slots, today: date) -> list[Hit]:
    """What was disclosed last, of every kind, the newest first; of a list its first row stands."""
    found = [
        Hit(one.records[0], one)
        for one in records.disclosures
        if one.records and (day := day_of(one.kind, one.records[0])) and day <= today
    ]
    timely = [hit for hit in found if _is_within(hit, slots.period)]
    return sorted(timely, key=_day, reverse=True)


# --- time -----------------------------------------------------------------------------------------

_DAYS = {
    DOCUMENTS.code: ("date",), DECISIONS.code: ("date",), PROJECTS.code: ("reached", "started"),
    ASSETS.code: ("date",), RULES.code: ("adopted", "effective"), SUBSIDIES.code: ("paid",),
    CONTACTS.code: (),
}  # fmt: skip


def day_of(kind: RecordKind, record: Record) -> date | None:
    """The day that a row is news of; a list that is not paid out yet: the first of its period."""
    day = next(filter(None, (record.day(key) for key in _DAYS[kind.code])), None)
    return day or (span(record.text("period")).start if record.text("period") else None)


def span(period: str) -> Period:
    """The days of 2026, 2026-10 or 2026-10-18."""
    year, month, day = (*(int(part) for part in period.split("-")), 0, 0)[:3]
    if not month:
        return Period(date(year, 1, 1), date(year, 12, 31))
    last = calendar.monthrange(year, month)[1]
    return Period(date(year, month, day or 1), date(year, month, day or last))


def _is_within(hit: Hit, period: Period | None) -> bool:
    """Whether it falls into the days asked for; what stands for long always does."""
    if period is None or hit.source.period == LONG_TERM:
        return True
    own = span(hit.source.period)
    if hit.source.kind in (DOCUMENTS, PROJECTS):
        day = day_of(hit.source.kind, hit.record)
        started = hit.record.day("started")
        own = Period(started or day or own.start, day or own.end)
    return own.start <= period.end and period.start <= own.end


def _day(hit: Hit) -> date:
    return day_of(hit.source.kind, hit.record) or date.min


def _rows_of(records: VillageRecords, code: str) -> tuple[Hit, ...]:
    kind = KINDS[code]
    return tuple(_in_order(kind, records.of(kind)))


def _in_order(kind: RecordKind, disclosures: Sequence[Disclosure]) -> Iterator[Hit]:
    """The rows as they are numbered: the newest list first, its rows in their own order.

    Registers of one day stand in the order in which the kind names their classes.
    """
    if kind.is_list:
        order = [*kind.classes]
        by_class = sorted(disclosures, key=lambda one: order.index(one.book) if order else 0)
        for one in sorted(by_class, key=lambda one: one.period, reverse=True):
            yield from (Hit(record, one) for record in one.records)
        return
    hits = [Hit(record, one) for one in disclosures for record in one.records]
    yield from sorted(hits, key=_day, reverse=True)


# --- what a row is --------------------------------------------------------------------------------


def _is_such_asset(record: Record, topic: str) -> bool:
    category = record.text("category")
    if is_under(topic, "FIN.DEBT"):
        return category in DEBTS
    if is_under(topic, "LAND.CONTRACT"):
        return category == "资源"
    if topic in ("ASSET.RENT", "ASSET.CONTRACT"):
        return category not in DEBTS and bool(record.text("party"))
    return category not in DEBTS


def _of_policy(hits: Sequence[Hit], text: str) -> list[Hit]:
    """Those of the policy that a question calls by name, where there are several: 农机补贴."""
    asked = _ALLOWANCE.sub("|", _plain(text))
    books = {hit.source.book for hit in hits}
    shared = {book: _longest_common(_ALLOWANCE.sub("/", book), asked) for book in books}
    most = max(shared.values(), default=0)
    return [hit for hit in hits if most > 1 and shared[hit.source.book] == most]


def _is_of_somebody(slots: Slots) -> bool:
    return bool(slots.keyword) or slots.group is not None


def _standing_now(lists: Sequence[Hit], hits: Sequence[Hit]) -> Found:
    """Who of them stands in the newest list of a policy, or in one that is only announced yet.

    Who stands in an older one only, was taken off: that is told as such.
    """
    approved = [hit for hit in lists if hit.record.text("state") != ANNOUNCED]
    newest = {hit.source.id: hit.source for hit in _newest_lists(approved)}
    now = [hit for hit in hits if hit.source.id in newest or hit.record.text("state") == ANNOUNCED]
    if now:
        return Found(SUBSIDIES, tuple(now))
    former = tuple(_newest_lists(hits))
    books = {hit.source.book for hit in former}
    missed = tuple(one for one in newest.values() if one.book in books)
    return Found(SUBSIDIES, former, missed=missed)


def _newest_lists(hits: Iterable[Hit]) -> list[Hit]:
    """Of each book the newest list: the older ones say how it was."""
    found = list(hits)
    newest: dict[str, str] = {}
    for hit in found:
        newest[hit.source.book] = max(newest.get(hit.source.book, ""), hit.source.period)
    return [hit for hit in found if newest[hit.source.book] == hit.source.period]


def _is_such_contact(record: Record, topic: str) -> bool:
    """Of the supervision its own; of who is in office, those who are named."""
    if topic == "SUPER":
        return _SUPERVISION.search(record.text("office")) is not None
    return bool(record.text("name"))


def _says(record: Record, keyword: str, person: str) -> bool:
    texts = [value for value in record.values.values() if isinstance(value, str)]
    return any(keyword in text or (person and text == person) for text in texts)


def _named(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Those that a question calls by name: the whole of it, or most of it."""
    asked = _plain(text)
    return [hit for hit in hits if _is_named(hit, asked)]


def _is_named(hit: Hit, asked: str) -> bool:
    kind, record = hit.source.kind, hit.record
    if kind is CONTACTS:
        post = record.text("post")
        return len(post) > 1 and post in asked
    called = _plain(head(kind, record))
    if len(called) < _SHORTEST_NAME:
        return False
    return (
        _holds(asked, called)
        or (len(asked) > _SHORTEST_NAME and asked in called)
        or (len(asked) >= _LONG_NAME and _is_shortened(asked, called))
    )


def _partly_named(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Those of whose name the question holds most: 便民路 of 便民路硬化工程."""
    asked = _UNNAMED.sub("|", _plain(text))
    shared = [
        (_longest_common(_UNNAMED.sub("/", _plain(head(hit.source.kind, hit.record))), asked), hit)
        for hit in hits
    ]
    most = max((size for size, _ in shared), default=0)
    return [hit for size, hit in shared if size == most] if most >= _SHORTEST_NAME else []


def _longest_common(one: str, other: str) -> int:
    """How many characters in a row stand in both."""
    longest = 0
    for start in range(len(one)):
        while one[start : start + longest + 1] in other and start + longest < len(one):
            longest += 1
    return longest


def _plain(text: str) -> str:
    """Without marks, and with the numbers of things in figures: 七号铺面 as 7号铺面."""
    bare = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))
    return _SPOKEN_NUMBER.sub(lambda said: str(integer(said[0]) or said[0]), bare)


def _holds(asked: str, called: str) -> bool:
    """Whether the name stands there, and not 7号铺面 in 17号铺面."""
    at = asked.find(called)
    return at >= 0 and not (called[:1].isdigit() and asked[at - 1 : at].isdigit())


def _is_shortened(asked: str, called: str) -> bool:
    """Whether it is the name with some of its characters left out: 财务审批制度."""
    rest = iter(called)
    return all(character in rest for character in asked)


def _is_of_group(record: Record, group: int) -> bool:
    if record.text("group") == f"{group}组":
        return True
    spans = _GROUPS.findall(record.text("groups"))
    return any(int(first) <= group <= int(last or first) for first, last in spans)
