"""Two sums side by side: of two periods, or of two villages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers import finance_words as words
from handlers import texts, wording
from handlers.ledger import Found
from handlers.turn import Brief, Turn
from understanding import Intent, Slots

_OF_ACCOUNTS = frozenset(
    (Intent.QUERY_FINANCE, Intent.ASK_TOTAL, Intent.ASK_LARGEST, Intent.COMPARE)
)
_BARE = re.compile(r"\W*(?:那么?|再|又|还)?(?:比|跟|和|与|同|较)|.*[呢喃]\W*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, under the name that tells it from the other."""

    name: str
    found: Found


def compared(sides: tuple[Side, Side], slots: Slots, *, like: bool) -> list[str]:
    """Both sums a direction, and the difference where both were looked at alike (`like`)."""
    first, second = sides
    lines: list[str] = []
    for direction in words.directions(slots, [*first.found.lines, *second.found.lines]):
        lines += [_sum(side, direction) for side in sides]
        if like and all(side.found.only(direction) for side in sides):
            lines.append(_difference(sides, direction))
    return lines if like else [*lines, texts.UNEVEN]


def _sum(side: Side, direction: str) -> str:
    lines = side.found.only(direction)
    if not lines:
        return texts.COMPARE_NONE.format(name=side.name, direction=direction)
    return texts.COMPARE_LINE.format(
        name=side.name,
        direction=direction,
        amount=wording.yuan(side.found.total(direction)),
        count=len(lines),
    )


def _difference(sides: tuple[Side, Side], direction: str) -> str:
    first, second = sides
    more = first.found.total(direction) - second.found.total(direction)
    return difference(first.name, second.name, more)


def difference(first: str, second: str, more: int) -> str:
    """By how much (fen) the first is more than the second, or less."""
    if more == 0:
        return texts.EQUAL
    said = texts.MORE_BY if more > 0 else texts.LESS_BY
    return said.format(first=first, second=second, amount=wording.yuan(abs(more)))


def brief(village: str, sides: tuple[Side, Side], slots: Slots, *, like: bool) -> Brief | None:
    """The same by SMS, where it is one direction and both sides have some of it."""
    told = words.directions(slots, [*sides[0].found.lines, *sides[1].found.lines])
    if len(told) != 1 or not all(side.found.only(told[0]) for side in sides):
        return None
    first, second = (
        texts.COMPARE_SIDE.format(
            name=side.name, amount=wording.plain_yuan(side.found.total(told[0]))
        )
        for side in sides
    )
    differing = _difference(sides, told[0]).replace(",", "") if like else texts.UNEVEN_BRIEF
    values = {"village": village, "direction": f"{words.narrowed_to(slots)}{told[0]}"}
    return Brief(
        "answer_compare",
        {**values, "first": first, "second": second, "difference": differing.rstrip("。")},
    )


def compared_with(turn: Turn, slots: Slots) -> Slots:
    """What a bare comparison means by what is on screen: 比去年同期呢 keeps topic and period."""
    last = turn.conversation.last_query
    if last is None or last.intent not in _OF_ACCOUNTS or not is_bare(turn.inbound.text, slots):
        return slots
    was = last.slots
    period, period2 = slots.period, slots.period2
    text = turn.inbound.text
    if texts.SAME_PERIOD in text and texts.THIS_YEAR not in text and was.period:
        period, period2 = was.period, wording.a_year_before(was.period)
    if slots.village and period is None:
        period = was.period
    return replace(
        was,
        period=period,
        period2=period2,
        village=slots.village,
        direction=slots.direction or was.direction,
    )


def is_bare(text: str, slots: Slots) -> bool:
    """Whether a comparison leaves to the screen what is compared: 比去年呢, 跟上个月比呢."""
    return not words.narrowed_to(slots) and _BARE.match(text) is not None
