"""From a message to its meaning: what it names, which intent wins, which slots count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from understanding import clauses, explaining, feasts, intents, reports, slots, texts
from understanding.clues import Clues, Finder
from understanding.courtesy import without_courtesy, without_stray_blanks
from understanding.deciding import Case, Decision
from understanding.dialect import said_alike
from understanding.manners import manner
from understanding.meaning import (
    NO_MANNER,
    NO_SLOTS,
    SLOT_NAMES,
    Context,
    Intent,
    Meaning,
    Slots,
    Village,
)
from understanding.normalise import normalise
from understanding.repairs import Repair, Repairs, put_right
from understanding.topics import Topics
from understanding.villages import Candidate
from understanding.whole import WholeMessages

_NO_CONTEXT = Context()
_QUERIES = frozenset(
    (
        Intent.QUERY_FINANCE,
        Intent.QUERY_SUBSIDY,
        Intent.QUERY_DISCLOSURE,
        Intent.ASK_TOTAL,
        Intent.ASK_LARGEST,
        Intent.COMPARE,
        Intent.REFINE,
    )
)
_WITH_DIRECTION = _QUERIES - {Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE}
_NOTICES = frozenset((Intent.SUBSCRIBE, Intent.UNSUBSCRIBE))
_WITH_TOPIC = frozenset((Intent.QUERY_POWER_ITEM, Intent.QUESTION_ENTRY, Intent.FILE_TIP))
_VILLAGES = frozenset((Intent.BIND_VILLAGE, Intent.SWITCH_VILLAGE))
# These say all there is; further clauses belong to them.
_ALONE = frozenset(
    (
        Intent.URGENT,
        Intent.FILE_TIP,
        Intent.TIP_SECRET,
        Intent.TIP_SUPPLEMENT,
        Intent.QUESTION_ENTRY,
        Intent.RATE,
        Intent.CONFIRM,
        Intent.DENY,
        Intent.CANCEL,
        Intent.ACK_REMINDER,
        Intent.CHOOSE,
        Intent.COMPARE,
        Intent.UNSUBSCRIBE,
        Intent.OUT_OF_SCOPE,
        Intent.GREETING,
    )
)
_SPLITS = re.compile(r"[\s,。;!?和跟及]|还有|另外|顺便|同时|然后|再[查看问帮说]|还[要想]|以及|也帮")
_THE_REST = re.compile("其[他它余]|别的|剩下|余下")
_ENTRY = re.compile("[那这]笔|公示|第")
# The lunar years that messages are about: computed ahead, since the first use of one costs 5 ms.
_LUNAR_YEARS = (2022, 2030)


class Read(NamedTuple):
    """One reading of a text: its clues, what was decided and the slots filled."""

    clues: Clues
    decision: Decision
    slots: Slots


_COMMON_CHARS, _REMEMBERED = 20, 4096


class Understanding:
    """Reads messages of one county's residents. Compiled once, then pure."""

    def __init__(self, villages: Iterable[Village]) -> None:
        self._finder = Finder(villages)
        self._repairs = Repairs()
        self._whole = WholeMessages()
        self.topics = Topics()
        feasts.warm(*_LUNAR_YEARS)
        # What everybody asks is worked out once. Longer texts may be somebody's own story: they
        # are never remembered.
        self._known_prepared = lru_cache(_REMEMBERED)(self._prepare)
        self._known_clues = lru_cache(_REMEMBERED)(self._finder.find)

    def read(self, text: str, *, today: date, context: Context | None = None) -> Meaning:
        """Give intent and slots of a message, as far as `context` helps to tell."""
        prepare = self._known_prepared if len(text) <= _COMMON_CHARS else self._prepare
        prepared = prepare(text)[0]
        read, also = self._read(prepared, today, context or _NO_CONTEXT)
        intent = read.decision.intent
        return Meaning(
            intent,
            read.slots,
            also,
            manner=manner(prepared) if intent in _NOTICES else NO_MANNER,
            village_sure=all(named.sure for named in read.clues.villages),
            no_such_date=read.clues.dates.impossible,
            shared_names=self._finder.villages.shared_names,
        )

    def explain(self, text: str, *, today: date, context: Context | None = None) -> list[str]:
        """Say step by step which words led to what, for people who check an answer."""
        prepared, repairs = self._prepare(text)
        read, also = self._read(prepared, today, context or _NO_CONTEXT)
        names = self.topics.names
        return [
            texts.NORMALISED.format(text=prepared),
            *(texts.REPAIRED.format(wrong=r.wrong, right=r.right) for r in repairs),
            *explaining.steps(read.clues, names),
            texts.INTENT.format(intent=read.decision.intent, why=read.decision.why),
            *(texts.ALSO.format(intent=intent) for intent in also),
        ]

    def find_villages(self, text: str, limit: int = 3) -> list[Candidate]:
        """Give the villages that a text may name, the likeliest first: 1 for an exact name, 0.9 for
        a homophone or a part of one, less for what only sounds somewhat like it.
        """
        text = normalise(text)
        words = self._finder.lexicon.find(text)
        named = self._finder.villages.find(text, words)
        found = [
            Candidate(village, 1.0 if one.sure else 0.9)
            for one in named
            for village in one.villages
        ]
        return found or self._finder.villages.suggest(text, limit)

    def _prepare(self, text: str) -> tuple[str, list[Repair]]:
        text = said_alike(normalise(text))
        text = without_stray_blanks(without_courtesy(text))
        repairs = self._repairs.find(text, lambda: self._taken(text))
        return (put_right(text, repairs) if repairs else text), repairs

    def _taken(self, text: str) -> list[tuple[int, int]]:
        words = self._finder.lexicon.find(text)
        named = self._finder.villages.find(text, words)
        spans = [(start, end) for start, end, _ in words if end - start > 1]
        spans += [(one.start, one.end) for one in named]
        return spans + [(name.start, name.end) for name in self._finder.keywords.find(text, words)]

    def _read(self, text: str, today: date, context: Context) -> tuple[Read, tuple[Intent, ...]]:
        if context.pending == "tip_text":
            return self._report(text, today, context), ()
        text = clauses.without_negated(clauses.after_missaid(text))
        corrected = clauses.correction(text)
        if corrected and not _ENTRY.search(corrected[0]):
            read = self._corrected(*corrected, today, context)
            if read:
                return read, ()
        whole = self._one(text, today, context)
        if whole.decision.intent in _ALONE or not _SPLITS.search(text):
            return whole, ()
        return self._several(text, whole, today, context)

    def _report(self, text: str, today: date, context: Context) -> Read:
        """While a report is being written, every text is the report but for danger and a stop."""
        clues = self._finder.find(text, today)
        case = Case(clues, context, self._whole, today)
        decision = reports.urgent(case)
        if decision is None and self._whole.is_a("cancel", text):
            decision = Decision(Intent.CANCEL, texts.CANCEL)
        return Read(clues, decision or Decision(Intent.TIP_TEXT, texts.TIP_TEXT), NO_SLOTS)

    def _one(self, text: str, today: date, context: Context) -> Read:
        find = self._known_clues if len(text) <= _COMMON_CHARS else self._finder.find
        clues = find(text, today)
        case = Case(clues, context, self._whole, today)
        decision = intents.decide(case)
        return Read(clues, decision, self._filled(case, decision))

    def _corrected(self, first: str, second: str, today: date, context: Context) -> Read | None:
        """What was said last counts; what it leaves open is taken from what was said before."""
        before = self._one(first, today, context)
        after = self._one(second, today, context)
        if after.slots == NO_SLOTS and not after.decision.own:
            return None
        same = after.decision.intent == before.decision.intent
        if after.decision.own and not same:
            return after
        decision = after.decision if after.decision.own or same else before.decision
        kept = {name: getattr(before.slots, name) for name in SLOT_NAMES}
        changed = {
            name: value
            for name in SLOT_NAMES
            if (value := getattr(after.slots, name)) not in (None, ())
        }
        if changed.keys() & {"village", "village_unknown", "village_candidates"}:
            kept |= {"village": None, "village_unknown": None, "village_candidates": ()}
        return Read(after.clues, decision, Slots(**(kept | changed)))

    def _several(
        self, text: str, whole: Read, today: date, context: Context
    ) -> tuple[Read, tuple[Intent, ...]]:
        if whole.clues.except_word and _THE_REST.search(text):  # 不看招待费 其他的开支
            return whole, ()
        parts = clauses.split(text)
        if not 1 < len(parts) <= clauses.MAX_CLAUSES:
            return self._joined(text, whole, today, context) if len(parts) == 1 else (whole, ())
        reads = [(part, self._one(part.text, today, context)) for part in parts]
        wanted = [(p, r) for p, r in reads if not _is_dropped(p.text, r)]
        if len(wanted) < len(reads) and any(_says_enough(r) for _, r in wanted):
            if len(wanted) == 1:
                return wanted[0][1], ()
            text = " ".join(part.text for part, _ in wanted)
            return self._read(text, today, context)
        requests = _requests(wanted)
        if len(requests) < 2:
            return whole, ()
        # What stands before the second request belongs to the first.
        first = self._one(text[: requests[1][0].start].strip(), today, context)
        return first, tuple(read.decision.intent for _, read in requests[1:])

    def _joined(
        self, text: str, whole: Read, today: date, context: Context
    ) -> tuple[Read, tuple[Intent, ...]]:
        """第三条详情和下一页: two requests with 和 between them."""
        for left, right in clauses.joined_by_and(text):
            pair = [(part, self._one(part.text, today, context)) for part in (left, right)]
            if all(read.decision.own for _, read in pair) and len(_requests(pair)) == 2:
                return pair[0][1], (pair[1][1].decision.intent,)
        return whole, ()

    def _filled(self, case: Case, decision: Decision) -> Slots:
        clues, intent = case.clues, decision.intent
        filled: dict[str, Any] = dict(decision.filled)
        topic = clues.topic_code or None
        if intent in _QUERIES:
            self._fill_query(case, intent, filled)
        elif intent in _NOTICES:
            filled["topic"] = topic or (clues.topics[0].code if clues.topics else None)
            filled |= slots.village(clues, intent)
        elif intent in _WITH_TOPIC:
            filled["topic"] = topic
            if intent is not Intent.QUERY_POWER_ITEM:
                self._fill_named(case, filled)
        elif intent in _VILLAGES:
            filled["group"] = clues.group
        if intent in _VILLAGES or intent in _QUERIES or intent in _WITH_TOPIC:
            filled |= slots.village(clues, intent)
        return Slots(**filled) if filled else NO_SLOTS

    def _fill_query(self, case: Case, intent: Intent, filled: dict[str, Any]) -> None:
        clues = case.clues
        topic = clues.topic_code or None
        if topic is None and intent is Intent.QUERY_DISCLOSURE:
            topic = "VILLAGE" if any(word.code == "VILLAGE" for word in clues.topics) else None
        filled["topic"] = topic
        if clues.except_word:
            filled["exclude_topic"] = clues.except_word.code
        if intent is not Intent.COMPARE:
            filled["period"] = slots.period(clues, case.context)
        if intent in _WITH_DIRECTION:
            filled["direction"] = slots.direction(clues)
        filled["amount"] = slots.amount(clues)
        filled["group"] = clues.group
        self._fill_named(case, filled)

    def _fill_named(self, case: Case, filled: dict[str, Any]) -> None:
        filled["keyword"] = slots.keyword(
            case.clues, self._finder.keywords.things(case.clues.plain)
        )


def _is_dropped(text: str, read: Read) -> bool:
    """Greetings and thanks are no requests, nor is what is taken back."""
    if read.decision.intent in (Intent.GREETING, Intent.ABUSIVE):
        return True
    if "abuse" in read.clues.cues and read.slots == NO_SLOTS:
        return True
    if read.decision.intent in (
        Intent.UNSUBSCRIBE,
        Intent.CANCEL,
        Intent.DENY,
        Intent.QUESTION_ENTRY,
    ):
        return False
    return clauses.is_taken_back(text)


def _says_enough(read: Read) -> bool:
    """Whether a clause can stand without those that were dropped."""
    return read.decision.own or read.slots != NO_SLOTS


def _requests(reads: list[tuple[clauses.Clause, Read]]) -> list[tuple[clauses.Clause, Read]]:
    """The clauses that ask for something of their own."""
    requests: list[tuple[clauses.Clause, Read]] = []
    for part, read in reads:
        if not read.decision.own or read.decision.intent in (Intent.UNCLEAR, Intent.OUT_OF_SCOPE):
            continue
        if requests and _same_request(requests[-1][1], read):
            continue
        requests.append((part, read))
    return requests


def _same_request(before: Read, read: Read) -> bool:
    """A clause that only asks more of what was asked for."""
    intents_said = (before.decision.intent, read.decision.intent)
    if intents_said == (Intent.HELP, Intent.QUERY_POWER_ITEM) and read.slots.topic is None:
        return True  # 不会用 咋个弄
    if read.decision.intent != before.decision.intent:
        only_asks = read.slots == Slots(ask=read.slots.ask)
        return only_asks and {before.decision.intent, read.decision.intent} <= _QUERIES
    topic = read.slots.topic
    return topic is None or topic == before.slots.topic
