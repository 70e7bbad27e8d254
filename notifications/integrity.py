"""Integrity reminders to whoever holds an office, before festivals and events (domain.md 9).

Never two of the class a day: the plan gives each day one at most, and the class has its cap. Never
at night: its quiet hours. Never to a resident: the audience is posts, and none of them is 居民.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Protocol

from notifications import texts
from notifications.campaigns import Order, create_duty, local_day
from notifications.festivals import ELECTION, Event, Planned, plan, reminders_of
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import holidays, integrity
from storage.audience import Audience, Group
from storage.database import Database

NAME = "integrity_reminders"
CRON = "30 9 * * *"
TEMPLATE = "integrity_reminder"
ROLES: Final = ("干部", "录入", "审核", "监委会", "部门", "管理")
"""Cadres and whoever keeps, checks or manages what is public."""
_SYSTEM = "system"
_REMEMBERED = 40  # pushes that a text is compared with
_YEAR = timedelta(days=400)


class Library(Protocol):
    """Where the texts come from: the education library, by the tag of a festival or event."""

    async def texts(self, tag: str) -> Sequence[str]:
        """Texts of the tag in their order; empty where there is none."""
        ...


class ShippedLibrary:
    """The texts that come with the program."""

    async def texts(self, tag: str) -> Sequence[str]:
        return texts.INTEGRITY_TEXTS.get(tag, ())


def integrity_reminders(db: Database, terms: Terms, library: Library | None = None) -> Job:
    """Every morning, as far as the plan has a reminder; `library` None: the shipped texts."""

    async def run(occasion: Occasion) -> None:
        await remind(db, terms, library or ShippedLibrary(), occasion)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def remind(db: Database, terms: Terms, library: Library, occasion: Occasion) -> int:
    """Makes the reminder of the day, or the latest missed one whose festival is still to come.

    Returns how many campaigns: one, or one for each village whose head's term ends.
    """
    since, today = local_day(occasion.since), local_day(occasion.now)
    table = await holidays.between(db, today - _YEAR - _YEAR, today + _YEAR)
    planned = plan(today, table)
    timely = [one for one in planned if since <= one.on <= today < one.event.day]
    if timely:
        return await _send(db, terms, library, timely[-1], occasion)
    used = {one.on for one in planned}
    return await _before_elections(db, terms, library, occasion, table, used)


async def _before_elections(
    db: Database,
    terms: Terms,
    library: Library,
    occasion: Occasion,
    table: dict[date, str],
    used: set[date],
) -> int:
    """Where a head's term ends, the village's own officers are reminded once."""
    since, today = local_day(occasion.since), local_day(occasion.now)
    sent = 0
    for end in await integrity.terms_ending(db, today, today + timedelta(days=10)):
        event = Event(end.day, ELECTION, is_festival=False)
        for one in reminders_of(event, table, set(used)):
            if since <= one.on <= today < end.day:
                sent += await _send(db, terms, library, one, occasion, region=end.village)
    return sent


async def _send(
    db: Database,
    terms: Terms,
    library: Library,
    planned: Planned,
    occasion: Occasion,
    *,
    region: str = "",
) -> int:
    text = await _choose(db, library, planned.event.tag)
    if not text:
        return 0
    event, regions = planned.event, (region,) if region else ()
    place = f":{region}" if region else ""
    order = Order(
        template=TEMPLATE,
        audience=f"role={'|'.join(ROLES)}" + (f",region={region}" if region else ""),
        whom=Audience(groups=(Group(roles=ROLES, regions=regions),), on=local_day(occasion.now)),
        params={"text": text},
        key=f"integrity:{event.tag}:{event.day.isoformat()}{place}:{planned.number}",
    )
    await create_duty(db, terms, order, now=occasion.now, actor=_SYSTEM)
    return 1


async def _choose(db: Database, library: Library, tag: str) -> str:
    """The text of the tag that was said longest ago, or never; never the one that was said last.

    The shipped ones stand in for a library that has no other. The wording by SMS ends in a full
    stop of its own.
    """
    said = await integrity.last_texts(db, TEMPLATE, _REMEMBERED)
    for source in (library, ShippedLibrary()):
        found = [text.strip().rstrip("。") for text in await source.texts(tag)]
        ages = {text: said.index(text) if text in said else _REMEMBERED for text in found}
        oldest = max(found, key=lambda text: ages[text], default="")
        if oldest and ages[oldest]:
            return oldest
    return ""
