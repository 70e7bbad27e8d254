"""News to followers: each gets all that concerns them in one message.

People who get the same are one campaign, so that wording, opt-outs, caps, quiet hours and the page
with the whole text are those of every other push.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from notifications import texts
from notifications.calendar import period_text
from notifications.campaigns import Order, create_duty, local_day
from notifications.filing import Filed, file_under, followers
from notifications.terms import Terms
from storage import follows, people, regions
from storage.audience import Audience
from storage.database import Database
from storage.follows import AT_ONCE, WEEKLY, Follower
from storage.publications import Publication
from understanding.topics import Topics

SYSTEM = "system"
PUBLIC_AFTER: Final = timedelta(minutes=15)
"""So long those whom a decision concerns know of it before the public does."""
_IN_STEP = "decisions"
_PEOPLE = 10_000  # whom one campaign names: databases bear some 32,000 values in a statement

News = tuple[Filed, ...]
_Known = Mapping[str, Mapping[Filed, datetime]]
"""By village, what was published there, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How news are told: to whom by rhythm, in which words. `key` makes it happen once."""

    rhythm: str
    template: str
    key: str
    now: datetime


async def tell(
    db: Database, terms: Terms, published: Iterable[Publication], telling: Telling
) -> int:
    """Tells whoever follows any of it, in the caller's transaction; returns how many campaigns."""
    told = list(published)
    known = _known(told)
    on = local_day(telling.now)
    concerned = await follows.of_people_with(db, telling.rhythm, tuple(known), on)
    names = {code: await _name(db, code) for code in known}
    first = await _told_first(db, told, telling)
    made = 0
    for news, everybody in _by_news(concerned, known, telling.rhythm).items():
        for later, some in _waves(news, everybody, first):
            for start in range(0, len(some), _PEOPLE):
                order = _order(news, names, some[start : start + _PEOPLE], start, telling)
                if later:
                    order = replace(order, at=telling.now + PUBLIC_AFTER, key=f"{order.key}:public")
                await create_duty(db, terms, order, now=telling.now, actor=SYSTEM)
                made += 1
    return made


async def _told_first(
    db: Database, told: Iterable[Publication], telling: Telling
) -> dict[str, frozenset[str]]:
    """By village that published a decision, those concerned: who carries it out, who watches."""
    if telling.rhythm != AT_ONCE:
        return {}
    on = local_day(telling.now)
    villages = {one.village for one in told if one.kind == _IN_STEP}
    return {code: frozenset(await people.in_office(db, code, on)) for code in sorted(villages)}


def _waves(
    news: News, everybody: Sequence[str], first: Mapping[str, frozenset[str]]
) -> list[tuple[bool, list[str]]]:
    """Those concerned by a decision at once, the public after them (domain.md, M42)."""
    concerned = [first[one.village] for one in news if one.village in first]
    if not concerned:
        return [(False, list(everybody))]
    known = frozenset().union(*concerned)
    now = [person for person in everybody if person in known]
    return [(False, now), (True, [person for person in everybody if person not in known])]


def _known(published: Iterable[Publication]) -> _Known:
    topics = Topics()
    known: defaultdict[str, dict[Filed, datetime]] = defaultdict(dict)
    for publication in published:
        if filed := file_under(publication, topics):
            there = known[publication.village]
            there[filed] = max(publication.at, there.get(filed, publication.at))
    return known


def _by_news(concerned: Iterable[Follower], known: _Known, rhythm: str) -> dict[News, list[str]]:
    """Who gets what: what somebody follows so, but weekly nothing that was told at once."""
    wanted: defaultdict[str, set[Filed]] = defaultdict(set)
    otherwise: defaultdict[str, set[Filed]] = defaultdict(set)
    for one in concerned:
        found = wanted if one.rhythm == rhythm else otherwise
        found[one.person_id] |= {
            filed
            for filed, at in known[one.village].items()
            if at >= one.since and filed.concerns(one.topic)
        }
    grouped: defaultdict[News, list[str]] = defaultdict(list)
    for person, filed in wanted.items():
        told = otherwise[person] if rhythm == WEEKLY else set()
        if news := tuple(sorted(filed - told)):
            grouped[news].append(person)
    return grouped


def _order(
    news: News, names: Mapping[str, str], people: Sequence[str], start: int, telling: Telling
) -> Order:
    villages = tuple(dict.fromkeys(one.village for one in news))
    topics = sorted({topic for one in news for topic in one.topics})
    # They are named; what they follow says by which channel they want it.
    group = followers(news, villages, telling.rhythm, people)
    said = _said(news, names)
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Order(
        template=telling.template,
        audience=f"topic={'|'.join(topics)},region={'|'.join(villages)}",
        whom=Audience(groups=(group,), on=local_day(telling.now)),
        params={"text": said},
        key=f"{telling.key}:{digest}:{start}",
        link=f"/v/{villages[0]}" if len(villages) == 1 else "",
    )


def _said(news: News, names: Mapping[str, str]) -> str:
    """听竹村2026年9月至10月账目、低保名单;上泉村2026年10月账目."""
    by_village: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in news:
        by_village[one.village][one.title].append(one.period)
    return texts.NEWS_JOINT.join(
        names[village] + texts.NEWS_AND.join(_item(*item) for item in titles.items())
        for village, titles in by_village.items()
    )


def _item(title: str, periods: Sequence[str]) -> str:
    months = [period for period in periods if period]
    return f"{period_text(months)}{title}" if months else title


async def _name(db: Database, code: str) -> str:
    region = await regions.region(db, code)
    return region.name if region else code
