"""The weekly news: one message with all that was published of what somebody follows weekly.

People who get the same are one campaign, so that a week costs as many campaigns as there are
things to be said, and each is told once, by the rules of every other push.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from notifications import texts
from notifications.calendar import period_text
from notifications.campaigns import Order, create_duty, local_day
from notifications.filing import FILED, followers
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import follows, regions, schedules
from storage.audience import Audience
from storage.database import Database
from storage.follows import WEEKLY, Follower
from storage.schedules import Publication

NAME = "weekly_news"
CRON = "0 9 * * mon"
SYSTEM = "system"
_WEEK = timedelta(days=7)
_PEOPLE = 10_000  # whom one campaign names: databases bear some 32,000 values in a statement

News = tuple[Publication, ...]


def weekly_news(db: Database, terms: Terms) -> Job:
    """Every Monday morning: what was published in the week before, to whoever wants it so."""

    async def run(occasion: Occasion) -> None:
        await tell(db, terms, occasion)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def tell(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Tells of the week, or weeks, up to `due_at`; returns how many campaigns were made."""
    since, until = occasion.since - _WEEK, occasion.due_at
    by_village: defaultdict[str, list[Publication]] = defaultdict(list)
    for one in await schedules.published_between(db, since, until):
        if one.kind in FILED:
            by_village[one.village].append(one)
    concerned = await follows.of_weekly_people(db, tuple(by_village), local_day(occasion.now))
    names = {code: await _name(db, code) for code in by_village}
    made = 0
    for news, people in _by_news(concerned, by_village).items():
        for start in range(0, len(people), _PEOPLE):
            order = _order(news, names, people[start : start + _PEOPLE], occasion.now)
            key = f"weekly:{local_day(until).isoformat()}:{_digest(news)}:{start}"
            await create_duty(db, terms, replace(order, key=key), now=occasion.now, actor=SYSTEM)
            made += 1
    return made


def _by_news(
    concerned: Iterable[Follower], by_village: Mapping[str, Sequence[Publication]]
) -> dict[News, list[str]]:
    """Who gets what: all that somebody follows weekly, but for what they were told at once."""
    wanted: defaultdict[str, set[Publication]] = defaultdict(set)
    told: defaultdict[str, set[Publication]] = defaultdict(set)
    for one in concerned:
        found = wanted if one.rhythm == WEEKLY else told
        found[one.person_id] |= {
            published
            for published in by_village[one.village]
            if published.at >= one.since and FILED[published.kind].concerns(one.topic)
        }
    grouped: defaultdict[News, list[str]] = defaultdict(list)
    for person, publications in wanted.items():
        if news := tuple(sorted(publications - told[person])):
            grouped[news].append(person)
    return grouped


def _order(news: News, names: Mapping[str, str], people: Sequence[str], now: datetime) -> Order:
    villages = tuple(dict.fromkeys(one.village for one in news))
    topics = sorted({FILED[one.kind].topic for one in news})
    return Order(
        template="weekly_news",
        audience=f"topic={'|'.join(topics)},region={'|'.join(villages)}",
        # They are named; what they follow says by which channel they want it.
        whom=Audience(groups=(followers(topics, villages, WEEKLY, people),), on=local_day(now)),
        params={"text": _said(news, names)},
        link=f"/v/{villages[0]}" if len(villages) == 1 else "",
    )


def _said(news: News, names: Mapping[str, str]) -> str:
    """听竹村2026年9月至10月账目;上泉村2026年10月账目."""
    periods: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in news:
        periods[one.village, one.kind].append(one.period)
    return texts.WEEKLY_JOINT.join(
        texts.WEEKLY_ITEM.format(
            village=names[village], period=period_text(months), name=FILED[kind].name
        )
        for (village, kind), months in periods.items()
    )


def _digest(news: News) -> str:
    """Tells the week's campaigns apart, by what they say."""
    said = "\n".join(f"{one.village} {one.kind} {one.period}" for one in news)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


async def _name(db: Database, code: str) -> str:
    region = await regions.region(db, code)
    return region.name if region else code
