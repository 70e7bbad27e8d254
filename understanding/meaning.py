"""What a message means: intent and slots, and the label form of queries.md for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Intent(StrEnum):
    """What a message asks for (queries.md, Intents)."""

    QUERY_FINANCE = "query_finance"
    QUERY_SUBSIDY = "query_subsidy"
    QUERY_DISCLOSURE = "query_disclosure"
    QUERY_POWER_ITEM = "query_power_item"
    ASK_TOTAL = "ask_total"
    ASK_LARGEST = "ask_largest"
    COMPARE = "compare"
    DETAIL = "detail"
    PAGE = "page"
    REFINE = "refine"
    QUESTION_ENTRY = "question_entry"
    FILE_TIP = "file_tip"
    TIP_TEXT = "tip_text"
    TIP_STATUS = "tip_status"
    TIP_SUPPLEMENT = "tip_supplement"
    TIP_SECRET = "tip_secret"  # noqa: S105 - the name of an intent
    RATE = "rate"
    BIND_VILLAGE = "bind_village"
    SWITCH_VILLAGE = "switch_village"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    ACK_REMINDER = "ack_reminder"
    CHOOSE = "choose"
    CONFIRM = "confirm"
    DENY = "deny"
    HELP = "help"
    HUMAN = "human"
    GREETING = "greeting"
    CANCEL = "cancel"
    URGENT = "urgent"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSIVE = "abusive"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community: 12-digit code, official name, name of its town."""

    code: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included."""

    start: date
    end: date

    def as_json(self) -> dict[str, str]:
        """Give the label form."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


@dataclass(frozen=True, slots=True)
class Amount:
    """Bounds in fen, both included; None is open."""

    min: int | None = None
    max: int | None = None

    def as_json(self) -> dict[str, int | float | None]:
        """Give the label form, in yuan; 两千多, which runs to 2,999.99, is written 2000 to 2999."""
        low, high = self.min, self.max
        if high is not None and high % 100 == 99:
            high -= 99
        return {"min": _yuan(low), "max": _yuan(high)}


def _yuan(fen: int | None) -> int | float | None:
    if fen is None:
        return None
    return fen // 100 if fen % 100 == 0 else fen / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a message singles out (queries.md, Slots); None or empty where nothing was said."""

    period: Period | None = None
    period2: Period | None = None
    village: Village | None = None
    village_unknown: str | None = None
    village_candidates: tuple[Village, ...] = ()
    topic: str | None = None
    exclude_topic: str | None = None
    direction: str | None = None  # "income" or "expense"
    amount: Amount | None = None
    keyword: str | None = None
    group: int | None = None
    item_no: int | None = None  # -1 is the last one
    page: str | int | None = None  # next, prev, first, last or a number
    n: int | None = None
    option: int | None = None
    rating: int | None = None
    code: str | None = None
    anonymous: bool | None = None
    ask: str | None = None


SLOT_NAMES = tuple(f.name for f in fields(Slots))
NO_SLOTS = Slots()


@dataclass(frozen=True, slots=True)
class LastQuery:
    """The query whose answer is on the sender's screen."""

    intent: Intent
    slots: Slots = NO_SLOTS
    results: int = 0
    page: int = 1
    page_size: int = 8


@dataclass(frozen=True, slots=True)
class Context:
    """What the bot knows before it reads (queries.md, A row)."""

    bound_village: Village | None = None
    last_query: LastQuery | None = None
    pending: str | None = None  # menu, rate, rate3, tip_text, bind or confirm
    last_bot: str | None = None  # "reminder"


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody wants to be told of news, as far as it was said."""

    rhythm: str = ""  # at_once or weekly
    channel: str = ""  # wechat or sms
    alone: bool = False  # nothing else was said


NO_MANNER = Manner()


@dataclass(frozen=True, slots=True)
class Meaning:
    """Intent and slots of one message.

    `village_sure` is False where the village was guessed from a typo, a homophone or a part of its
    name: binding then asks back. `no_such_date` is True where a date was said that does not exist
    (13月, 2月30号): no period is given, and the answer asks back. `manner` goes with
    `subscribe` and `unsubscribe`; it is no slot of queries.md.
    """

    intent: Intent
    slots: Slots = NO_SLOTS
    also: tuple[Intent, ...] = ()
    village_sure: bool = True
    no_such_date: bool = False
    manner: Manner = NO_MANNER
    shared_names: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Give the label form of `expect` in queries_dev.jsonl: absent slots are left out."""
        label: dict[str, Any] = {"intent": self.intent.value}
        for name in SLOT_NAMES:
            value = getattr(self.slots, name)
            if value is None or value == ():
                continue
            if isinstance(value, Period | Amount):
                value = value.as_json()
            elif isinstance(value, Village):
                value = self._written(value)
            elif name == "village_candidates":
                value = sorted(self._written(village) for village in value)
            label[name] = value
        if self.also:
            label["also"] = [intent.value for intent in self.also]
        return label

    def _written(self, village: Village) -> str:
        return village.town + village.name if village.name in self.shared_names else village.name


def context_from_json(row: Mapping[str, Any], villages: Iterable[Village]) -> Context:
    """Read the label form of `context`. Raises ValueError for a village that is not there."""
    named: dict[str, Village] = {}
    for village in villages:
        named.setdefault(village.name, village)
        named[village.town + village.name] = village
    last = row.get("last_query")
    return Context(
        bound_village=_village(row.get("bound_village"), named),
        last_query=_last_query(last, named) if last else None,
        pending=row.get("pending"),
        last_bot=row.get("last_bot"),
    )


def _village(name: str | None, named: Mapping[str, Village]) -> Village | None:
    if name is None:
        return None
    if name not in named:
        raise ValueError(f"no village of the name {name}")
    return named[name]


def _last_query(row: Mapping[str, Any], named: Mapping[str, Village]) -> LastQuery:
    slots: dict[str, Any] = {name: row[name] for name in SLOT_NAMES if name in row}
    # The page of a list is a property of the screen here, not something asked for.
    slots.pop("page", None)
    if "village" in slots:
        slots["village"] = _village(slots["village"], named)
    if "village_candidates" in slots:
        slots["village_candidates"] = tuple(named[name] for name in slots["village_candidates"])
    for name in ("period", "period2"):
        if name in slots:
            ends = slots[name]
            slots[name] = Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
    if "amount" in slots:
        slots["amount"] = Amount(_fen(slots["amount"]["min"]), _fen(slots["amount"]["max"]))
    return LastQuery(
        intent=Intent(row["intent"]),
        slots=Slots(**slots),
        results=int(row.get("results", 0)),
        page=int(row.get("page", 1)),
        page_size=int(row.get("page_size", 8)),
    )


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)
