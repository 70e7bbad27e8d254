"""The lines of the year's education plan, each sent once on its day (domain.md, M55 to M58).

A lesson is an integrity reminder: its class's cap and quiet hours hold, a word back counts as read,
and the quiz follows it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from notifications.audience import AudienceError
from notifications.campaigns import CampaignError, Order, create_duty, local_day
from notifications.education import CARD, PLAN_KEY
from notifications.integrity import TEMPLATE
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import audit, lessons
from storage.database import Database
from storage.lessons import Line

log = logging.getLogger(__name__)

NAME = "lessons"
CRON = "40 9 * * *"
MADE_UP_WITHIN: Final = timedelta(days=7)


def planned_lessons(db: Database, terms: Terms) -> Job:
    """Every morning: the lessons of the day, and those that were missed."""

    async def run(occasion: Occasion) -> None:
        await teach(db, terms, occasion)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def teach(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Sends what is due; returns how many lessons. To be called in a transaction.

    What could not be sent is tried again each morning for seven days, then marked as missed.
    """
    sent, today = 0, local_day(occasion.now)
    for line in await lessons.due(db, today):
        if today - line.day > MADE_UP_WITHIN:
            await lessons.mark_missed(db, line.id)
        else:
            sent += await _send(db, terms, line, occasion)
    return sent


async def _send(db: Database, terms: Terms, line: Line, occasion: Occasion) -> bool:
    order = Order(
        template=TEMPLATE,
        audience=line.audience,
        params={"text": line.text.strip().rstrip("。")},  # the wording has a full stop of its own
        key=f"{PLAN_KEY}{line.id}",
        card=line.tag if line.form == CARD else "",
    )
    try:
        campaign = await create_duty(db, terms, order, now=occasion.now, actor=audit.SYSTEM)
    except (AudienceError, CampaignError) as error:
        log.warning("lesson %s could not be sent", line.id)
        await lessons.note(db, line.id, str(error))
        return False
    return await lessons.mark_sent(db, line.id, campaign)
