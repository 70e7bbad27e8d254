"""Which slots a message fills, once its intent is known."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from understanding import asks
from understanding.clues import Clues
from understanding.dates import add_months
from understanding.keywords import Keyword
from understanding.meaning import Amount, Context, Intent, Period
from understanding.periods import Said

_OWN_MONEY = re.compile("我们村|村上|村里|村头|全村|集体|公家|村的|我村|咱村")
_INCOME_NOUN = re.compile("收入|进账|进项")
_EXPENSE_NOUN = re.compile("支出|开支|开销|花销")
_THAT_DAY = re.compile("那天|当天|号的")
_THAN = ("比", "比起")
_THAN_OR_BESIDE = (*_THAN, "比较")
_AFTER_OTHER_DATE = re.compile("\x00[^\x00]*比(?:起|较)?\x00")
_SAME_TIME = re.compile("同比|同期")
# Narrower than these topics, a thing is worth a keyword.
_WIDE = ("ASSET", "ASSET.CONTRACT", "ASSET.RENT", "PROJ", "BID", "FIN.GRANT", "FIN.PUBSVC", "LEVY")
_OWN_WORDS = {"ASSET.RENT": ("门面", "铺面", "门面房")}


def direction(clues: Clues) -> str | None:
    """Which way the money went (queries.md, Slots, direction)."""
    cues = clues.cues
    expense, income = cues.get("expense"), cues.get("income")
    purpose = cues.get("purpose")
    if expense and purpose and _within(expense, purpose) and asks.finance(clues) == "purpose":
        expense = None
    if income and not expense and _taken_by_another(clues, income[0]):
        return "expense"
    if expense and income:
        nouns = _INCOME_NOUN.search(clues.text) and _EXPENSE_NOUN.search(clues.text)
        return None if nouns or income > expense else "expense"
    if expense:
        return "expense"
    return "income" if income else None


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _taken_by_another(clues: Clues, at: int) -> bool:
    """某公司收了我们村好多钱: what the village paid."""
    named = any(k.kind != "thing" and k.end <= at for k in clues.keywords)
    return named and _OWN_MONEY.search(clues.text) is not None


def period(clues: Clues, context: Context) -> Period | None:
    """The span of time asked for; months that are listed count as one span."""
    said = usable(clues, context)
    if not said:
        return None
    if len(said) > 1 and _narrows(said[0], said[1]):
        said = said[1:]
    span = said[0].period
    for one, following in itertools.pairwise(said):
        if not one.with_next:
            break
        other = following.period
        if not following.of_year:  # 12月和1月, 3月和4月: the year goes by the first
            other = min((years_earlier(other, n) for n in (-1, 0, 1)), key=_far_from(span))
        span = Period(min(span.start, other.start), max(span.end, other.end))
    return span


def _far_from(span: Period) -> Callable[[Period], int]:
    return lambda other: abs((other.start - span.start).days)


def _narrows(year: Said, part: Said) -> bool:
    """今年开年以来, 今年最近三个月: what follows a year at once and lies in it is meant."""
    inside = year.period.start <= part.period.start and part.period.end <= year.period.end
    return year.unit == "year" and part.unit != "year" and part.start - year.end <= 1 and inside


def usable(clues: Clues, context: Context) -> list[Said]:
    """Spans of time without 3号, where a list is on screen of which it is an item."""
    that_day = _THAT_DAY.search(clues.text)
    return [
        said
        for said in clues.dates.said
        if said.unit != "bare_day" or context.last_query is None or that_day
    ]


def compared(clues: Clues, context: Context, today: date) -> tuple[Period | None, Period | None]:
    """The two spans of a comparison, in the order said."""
    said = clues.dates.said
    plain = [one for one in said if not one.years_back and one.unit != "same"]
    same = next((one for one in said if one.unit == "same"), None)
    if same:
        back = same.years_back or 1
        first = (
            plain[0].period if plain else Period(date(today.year, 1, 1), date(today.year, 12, 31))
        )
        return first, years_earlier(first, back)
    if not plain:
        return None, None
    if len(plain) > 1:
        first, second = plain[0].period, plain[1].period
        if _stands_after(clues, plain[0], _THAN) and not _AFTER_OTHER_DATE.search(clues.plain):
            first, second = second, first
        return first, second
    only = plain[0]
    whole_years = only.unit == "year" and only.period.end.year - only.period.start.year == 1
    if whole_years and "哪" in clues.text:
        return years_earlier(_last_year(only), 1), _last_year(only)
    if _stands_after(clues, only, _THAN_OR_BESIDE) or _NOW_MORE.search(clues.plain):
        return _current(only, today), only.period
    if clues.villages and not _SAME_TIME.search(clues.text):
        return only.period, None
    return only.period, years_earlier(only.period, 1)


def _stands_after(clues: Clues, said: Said, words: tuple[str, ...]) -> bool:
    return clues.text.endswith(words, 0, said.start)


def _last_year(said: Said) -> Period:
    return Period(date(said.period.end.year, 1, 1), said.period.end)


_NOW_MORE = re.compile("(?:跟|和|与|同)\x00+[^\x00]*比")


def _current(said: Said, today: date) -> Period:
    """The running span of the same kind: 比去年 compares this year."""
    if said.unit == "month":
        return Period(date(today.year, today.month, 1), _month_end(today.year, today.month))
    if said.unit == "quarter":
        first = (today.month - 1) // 3 * 3 + 1
        return Period(date(today.year, first, 1), _month_end(today.year, first + 2))
    if said.unit == "year":
        return Period(date(today.year, 1, 1), date(today.year, 12, 31))
    moved = years_earlier(said.period, said.period.start.year - today.year)
    return (
        moved if moved != said.period else Period(date(today.year, 1, 1), date(today.year, 12, 31))
    )


def years_earlier(span: Period, years: int) -> Period:
    """The same span so many years before."""
    return Period(_moved(span.start, years), _moved(span.end, years))


def _moved(day: date, years: int) -> date:
    year = day.year - years
    end = _month_end(year, day.month).day
    whole_month = day == _month_end(day.year, day.month)
    return date(year, day.month, end if whole_month else min(day.day, end))


def _month_end(year: int, month: int) -> date:
    following = date(*add_months(year, month, 1), 1)
    return date.fromordinal(following.toordinal() - 1)


def amount(clues: Clues) -> Amount | None:
    """The sum asked for; of several the last, which corrects the others."""
    return clues.amounts[0].amount if clues.amounts else None


def keyword(clues: Clues, things: list[Keyword]) -> str | None:
    """The name that singles entries out, or a thing narrower than the topic."""
    if clues.keywords:
        return clues.word(clues.keywords[0][:2])
    topic = clues.topic
    if topic is None or topic.code not in _WIDE:
        return None
    own = _OWN_WORDS.get(topic.code, ())
    for thing in things:
        word = clues.word(thing[:2])
        inside = topic.start <= thing.start and thing.end <= topic.end
        if word not in own and (
            not inside or topic.code == "ASSET" or thing.end - thing.start < topic.end - topic.start
        ):
            return word
    if topic.code == "BID":
        for other in clues.topics:
            if other.end <= topic.start and other.code.startswith(("PROJ.", "ENV", "AID", "ASSET")):
                return clues.word(other[:2])
    return None


def village(clues: Clues, intent: Intent) -> dict[str, Any]:
    """Slots of the village named; of several that are no comparison, the last one."""
    if not clues.villages:
        return {}
    named = clues.villages[-1 if intent in (Intent.SWITCH_VILLAGE, Intent.BIND_VILLAGE) else 0]
    if named.unknown:
        return {"village_unknown": named.unknown}
    if len(named.villages) > 1:
        return {"village_candidates": named.villages}
    return {"village": named.villages[0]}
