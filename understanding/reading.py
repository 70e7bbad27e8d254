"""From a message to its meaning: what was named in it, then which intent wins (queries.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from understanding import intents
from understanding.amounts import find_amount
from understanding.meaning import Context, Intent, Meaning, Period, Slots, Village
from understanding.normalise import normalise
from understanding.periods import Dates, find_periods
from understanding.topics import Topics
from understanding.villages import NamedVillages, Villages

_GROUP = re.compile(r"(?:第)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|小组|组|社|队)")
_ORDINALS = {c: n for n, c in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names, before anybody asks what it wants."""

    text: str  # normalised
    dates: Dates
    villages: NamedVillages
    slots: Slots


class Understanding:
    """Reads messages of one county's residents. Compiled once, then pure."""

    def __init__(self, villages: Iterable[Village]) -> None:
        self._villages = Villages(villages)
        self.topics = Topics()

    def read(self, text: str, *, today: date, context: Context | None = None) -> Meaning:
        """Intent and slots of a message, as far as `context` helps to tell."""
        context = context or Context()
        named = self._name(normalise(text), today)
        intent, slots = intents.choose(named.text, named.slots, context)
        slots = _only_what_counts(intent, slots, named, context)
        return Meaning(
            intent,
            slots,
            village_sure=named.villages.sure,
            no_such_date=named.dates.impossible,
            shared_names=self._villages.shared_names,
        )

    def explain(self, text: str, *, today: date, context: Context | None = None) -> list[str]:
        """What was seen in the message, a line each, and what was concluded."""
        named = self._name(normalise(text), today)
        meaning = self.read(text, today=today, context=context)
        steps = [f"text: {named.text}"]
        steps += [f"period: {said.period.start} to {said.period.end}" for said in named.dates.said]
        steps += [
            f"word: {named.text[a:b]} -> {code}" for a, b, code in self.topics.found(named.text)
        ]
        steps += [f"village: {v.town}{v.name}" for v in named.villages.candidates]
        return [*steps, f"intent: {meaning.intent}"]

    def find_villages(self, text: str) -> NamedVillages:
        """The villages that a text names, and whether that is sure."""
        return self._villages.find(normalise(text))

    def _name(self, text: str, today: date) -> Named:
        villages = self._villages.find(text)
        bare = villages.text
        dates = find_periods(bare, today)
        periods = [said.period for said in dates.said]
        without_dates = _cut(bare, dates)
        slots = Slots(
            period=_one_period(dates),
            period2=periods[1] if len(periods) > 1 else None,
            topic=self.topics.topic_of(bare),
            direction=intents.direction(bare),
            amount=find_amount(without_dates),
            group=_group(without_dates),
        )
        return Named(text, dates, villages, slots)


def _one_period(dates: Dates) -> Period | None:
    return dates.said[0].period if dates.said else None


def _cut(text: str, dates: Dates) -> str:
    for said in reversed(dates.said):
        text = f"{text[: said.start]} {text[said.end :]}"
    return text


def _group(text: str) -> int | None:
    found = _GROUP.search(text)
    if not found:
        return None
    word = found[1]
    if word.isdigit():
        return int(word)
    tens, _, ones = word.rpartition("十") if "十" in word else ("", "", word)
    if "十" not in word:
        return _ORDINALS.get(ones)
    return _ORDINALS.get(tens or "一", 1) * 10 + _ORDINALS.get(ones or "零", 0)


def _only_what_counts(intent: Intent, slots: Slots, named: Named, context: Context) -> Slots:
    """Keeps the slots that belong to the intent, and says which village was meant."""
    if intent not in intents.ABOUT_ENTRIES:
        kept = {name: getattr(slots, name) for name in intents.OWN_SLOTS}
        if intent in intents.ABOUT_TOPICS:
            kept["topic"] = slots.topic
        slots = Slots(**kept)
    if intent is not Intent.COMPARE:
        slots = replace(slots, period2=None)
    if intent not in intents.ABOUT_VILLAGES:
        return slots
    found = named.villages
    if len(found.candidates) > 1:
        return replace(slots, village_candidates=found.candidates)
    if found.candidates:
        village = found.candidates[0]
        own = intent in intents.ABOUT_ENTRIES and village == context.bound_village
        return slots if own and intent is Intent.REFINE else replace(slots, village=village)
    return replace(slots, village_unknown=found.unknown)
