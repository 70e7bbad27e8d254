"""How content people are: one question after an answer or a closed matter (domain.md, M5).

It goes alone, to somebody who is in no talk: no other numbered choices are on that screen. Whoever
did the work rates nothing, over whichever address. What is said later counts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications import texts
from notifications.campaigns import Order, create_duty, local_day
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import audit, ratings
from storage.audience import Audience, Group
from storage.database import Database
from storage.ratings import Askable, Asked

SATISFACTION = "satisfaction"
SATISFACTION_CRON = "*/10 * * * *"
RATED_WITHIN = timedelta(days=7)
"""So long a digit is taken for a rating; the words are too."""

_ASKED_AFTER = timedelta(minutes=30)  # time to read what was answered
_ASKED_BEFORE = timedelta(days=5)  # later nobody remembers
_ONE_AT_A_TIME = timedelta(days=2)
_AT_ONCE = 500


def satisfaction(db: Database, terms: Terms) -> Job:
    """Every ten minutes: who was answered, or whose matter ended, and has had time to read it."""

    async def run(occasion: Occasion) -> None:
        await ask(db, terms, occasion.now)

    return Job(name=SATISFACTION, cron=SATISFACTION_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def ask(db: Database, terms: Terms, now: datetime) -> int:
    """Asks whom it is time to ask; returns how many. To be called in a transaction."""
    found = await ratings.askable(
        db,
        ended=(now - _ASKED_BEFORE, now - _ASKED_AFTER),
        quiet_since=now - _ONE_AT_A_TIME,
        now=now,
        limit=_AT_ONCE,
    )
    asked, people = 0, set[str]()
    for one in found:
        if one.person_id in people:  # one at a time: the digit must mean one thing
            continue
        is_own = bool(one.handler) and await ratings.is_handlers(db, one.person_id, one.handler)
        if not await ratings.note_asked(db, one, now, void=is_own) or is_own:
            continue
        people.add(one.person_id)
        await _ask(db, terms, one, now)
        asked += 1
    return asked


async def _ask(db: Database, terms: Terms, one: Askable, now: datetime) -> None:
    order = Order(
        template="rate_service",
        audience=f"person={one.person_id}",
        whom=Audience(groups=(Group(people=(one.person_id,)),), on=local_day(now)),
        params={"number": one.number, "how": texts.RATE_HOW},
        key=f"rate:{one.kind}:{one.id}",
        channels=(one.channel,) if one.channel else (),
    )
    await create_duty(db, terms, order, now=now, actor=audit.SYSTEM)


async def rate(
    db: Database,
    people: list[str],
    score: int,
    *,
    said: str,
    message_key: str,
    now: datetime,
) -> Asked | None:
    """Takes a reply of these people for the newest question; None where none is open.

    A score is 1, 2 or 3 (not content). The same message changes nothing a second time.
    """
    asked = await ratings.open_of(db, people, now - RATED_WITHIN)
    if asked is None:
        return None
    is_own = False
    for person in people:
        is_own |= bool(asked.handler) and await ratings.is_handlers(db, person, asked.handler)
    noted = await ratings.note(
        db, asked, score, said=said, message_key=message_key, now=now, void=is_own
    )
    return asked if noted else None
