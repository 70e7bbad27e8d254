"""What is published close together reaches a follower as one message.

A village's first publication in open hours is told at once. What follows within minutes, and what
is published in quiet hours, waits; every few minutes all that waits is told, each person getting
one message with everything that concerns them, of whichever villages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from notifications import policy
from notifications.news import Telling, tell
from notifications.policy import POLICIES, NoticeClass
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import publications, waiting
from storage.database import Database
from storage.follows import AT_ONCE

NAME = "digest"
CRON = "*/5 * * * *"
CLOSE_TOGETHER: Final = timedelta(minutes=10)

_MOST = 10_000
"""Publications in one digest: databases bear some 32,000 values in a statement."""


async def joins(
    db: Database, terms: Terms, *, village: str, ids: Sequence[str], now: datetime
) -> bool:
    """Whether these publications are told with others; else they are to be told now.

    In the transaction that publishes. Business time.
    """
    told = await waiting.told_at(db, village)
    close = told is not None and now - told < CLOSE_TOGETHER
    if _open(terms, now) and not close:
        await waiting.note_told(db, [village], now)
        return False
    await waiting.put(db, ids, now)
    return True


def digests(db: Database, terms: Terms) -> Job:
    """Every five minutes; what a night, or a stop of the service, has gathered is told together."""

    async def run(occasion: Occasion) -> None:
        await tell_waiting(db, terms, occasion.now)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def tell_waiting(db: Database, terms: Terms, now: datetime) -> int:
    """Tells all that waits; returns how many campaigns were made. In quiet hours it waits on."""
    if not _open(terms, now) or not await waiting.any_waits(db):
        return 0
    async with db.transaction():
        ids = await waiting.take(db, _MOST)
        if not ids:
            return 0
        published = await publications.of_ids(db, ids)
        await waiting.note_told(db, sorted({one.village for one in published}), now)
        telling = Telling(
            rhythm=AT_ONCE, template="news_published", key=f"digest:{ids[0]}", now=now
        )
        return await tell(db, terms, published, telling)


def _open(terms: Terms, now: datetime) -> bool:
    lane = POLICIES[NoticeClass.NEWS].lane
    return policy.opens_at(NoticeClass.NEWS, lane, now, terms.schedule) == now
