"""A conversation as bytes and back: what is sealed between two messages of a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from handlers.turn import Conversation
from understanding import Amount, Intent, LastQuery, Period, Slots, Village

_PERIODS = ("period", "period2")
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(conversation: Conversation) -> bytes:
    last = conversation.last_query
    payload = {
        "pending": conversation.pending,
        "offer": conversation.offer,
        "village": conversation.village,
        "basis": conversation.basis,
        "viewed": conversation.viewed,
        "last_bot": conversation.last_bot,
        "rest": conversation.rest,
        "talk": conversation.talk,
        "missed": conversation.missed,
        "late": conversation.late,
        "last": None
        if last is None
        else [last.intent.value, _dump_slots(last.slots), last.results, last.page, last.page_size],
    }
    return _ENCODE(payload).encode()


def load(payload: bytes, villages: Mapping[str, Village]) -> Conversation:
    """Reads what `dump` wrote; a village that has left the county since is forgotten."""
    said = json.loads(payload)
    last = said["last"]
    return Conversation(
        pending=said["pending"],
        offer=said["offer"],
        village=said["village"],
        basis=said["basis"],
        viewed=said["viewed"],
        last_bot=said["last_bot"],
        rest=said["rest"],
        talk=said["talk"],
        missed=said["missed"],
        late=said["late"],
        last_query=None
        if last is None
        else LastQuery(
            Intent(last[0]), _load_slots(last[1], villages), results=last[2], page=last[3],
            page_size=last[4],
        ),
    )  # fmt: skip


def _dump_slots(slots: Slots) -> dict[str, Any]:
    dumped: dict[str, Any] = {}
    for slot in fields(slots):
        value = getattr(slots, slot.name)
        if value is None or value == ():
            continue
        if isinstance(value, Period):
            value = [value.start.isoformat(), value.end.isoformat()]
        elif isinstance(value, Amount):
            value = [value.min, value.max]
        elif isinstance(value, Village):
            value = value.code
        elif slot.name == "village_candidates":
            value = [village.code for village in value]
        dumped[slot.name] = value
    return dumped


def _load_slots(dumped: dict[str, Any], villages: Mapping[str, Village]) -> Slots:
    slots: dict[str, Any] = dict(dumped)
    for name in _PERIODS:
        if name in slots:
            slots[name] = Period(*(date.fromisoformat(day) for day in slots[name]))
    if "amount" in slots:
        slots["amount"] = Amount(*slots["amount"])
    if "village" in slots:
        slots["village"] = villages.get(slots["village"])
    if "village_candidates" in slots:
        known = (villages.get(code) for code in slots["village_candidates"])
        slots["village_candidates"] = tuple(village for village in known if village)
    return Slots(**slots)
