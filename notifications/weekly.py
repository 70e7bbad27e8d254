"""The weekly news: every Monday morning, what was published in the week before."""

from __future__ import annotations

from datetime import timedelta

from notifications.campaigns import local_day
from notifications.news import Telling, tell
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage.database import Database
from storage.follows import WEEKLY
from storage.publications import published_between

NAME = "weekly_news"
CRON = "0 9 * * mon"
_WEEK = timedelta(days=7)


def weekly_news(db: Database, terms: Terms) -> Job:
    """To whoever follows weekly; weeks that nobody was there for are told of together."""

    async def run(occasion: Occasion) -> None:
        await tell_week(db, terms, occasion)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def tell_week(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Tells of the week, or weeks, up to `due_at`; returns how many campaigns were made."""
    published = await published_between(db, occasion.since - _WEEK, occasion.due_at)
    telling = Telling(
        rhythm=WEEKLY,
        template="weekly_news",
        key=f"weekly:{local_day(occasion.due_at).isoformat()}",
        now=occasion.now,
    )
    return await tell(db, terms, published, telling)
