"""What causes a push by itself: accounts published, accounts due, the county's list changed.

Each is a campaign with a key of its own, so that whatever runs twice sends once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notifications import texts
from notifications.audience import with_coarser
from notifications.calendar import (
    TOWN_STAGE,
    Owed,
    day_text,
    months_before,
    owed_around,
    period_text,
    stage,
)
from notifications.campaigns import Order, create_duty
from notifications.filing import MONEY
from notifications.news import Telling, tell
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import holidays, people, publications, regions, schedules
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.database import Database
from storage.follows import AT_ONCE
from storage.regions import Region

log = logging.getLogger(__name__)

REMINDERS = "disclosure_reminders"
REMINDERS_CRON = "0 9 * * *"
USUAL_BOOK = "村委会"
SYSTEM = "system"

_ENTERS, _ACCOUNTANT, _MANAGES = "录入", "会计", "管理"
_BOOKS_MONTHS = 12


async def announce_published(
    db: Database,
    terms: Terms,
    *,
    village: str,
    periods: Iterable[str],
    sequence: int,
    now: datetime,
) -> str:
    """Tells whoever follows at once that months were published; one notice for all of one command.

    `village` is a 12-digit code, `periods` are months (YYYY-MM), `sequence` the last link that the
    command added to the chain: with it the notice is made once. To be called in the transaction
    that publishes. `now` is business time. Returns the campaign's id.
    """
    months = sorted(set(periods))
    region = await regions.region(db, village)
    name = region.name if region else village
    page = f"/accounts/{months[0]}" if len(months) == 1 else ""
    group = Group(
        regions=(village,),
        topics=with_coarser(MONEY),
        topics_under=(MONEY,),
        rhythm=AT_ONCE,
    )
    order = Order(
        template="disclosure_published",
        audience=f"topic={MONEY},region={village}",
        whom=Audience(groups=(group,), on=_local_day(now)),
        params={"village": name, "period": period_text(months), "title": texts.STATEMENT},
        key=f"published:{village}:{sequence}",
        link=f"/v/{village}{page}",
    )
    return await create_duty(db, terms, order, now=now, actor=SYSTEM)


async def announce_records(
    db: Database, terms: Terms, ids: Sequence[str], *, village: str, sequence: int, now: datetime
) -> None:
    """Tells whoever follows at once that these versions of a village's were published.

    Each gets one message with all that concerns them; else as with `announce_published`.
    """
    telling = Telling(
        rhythm=AT_ONCE, template="news_published", key=f"news:{village}:{sequence}", now=now
    )
    await tell(db, terms, await publications.of_ids(db, ids), telling)


async def announce_template_changed(
    db: Database,
    terms: Terms,
    *,
    village: Region,
    items: Sequence[str],
    codes: Sequence[str],
    sequence: int,
    now: datetime,
) -> str | None:
    """Tells whoever enters a village's list that the county's was changed (domain.md, M12).

    `items` are the names of the items that differ, `codes` their codes, `sequence` the last link of
    the chain; as with `announce_published`. None where nobody enters it.
    """
    if not await people.holders(db, _ENTERS, village.code, _local_day(now)):
        return None
    page = f"/{codes[0]}" if len(codes) == 1 else ""
    order = Order(
        template="power_changed",
        audience=f"role={_ENTERS},region={village.code}",
        whom=Audience(
            groups=(Group(roles=(_ENTERS,), regions=(village.code,)),), on=_local_day(now)
        ),
        params={"village": village.name, "item": items[0], "count": str(len(items))},
        key=f"power:{village.code}:{sequence}",
        link=f"/v/{village.code}/power{page}",
    )
    return await create_duty(db, terms, order, now=now, actor=SYSTEM)


def reminders(db: Database, terms: Terms) -> Job:
    """Every morning: who is to publish soon, today, or should have."""

    async def run(occasion: Occasion) -> None:
        await remind(db, terms, occasion)

    return Job(name=REMINDERS, cron=REMINDERS_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def remind(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Makes the reminders of the days from `since` to `due_at`; returns how many campaigns.

    A village that has published everything it owes is left in peace.
    """
    first, last = _local_day(occasion.since), _local_day(occasion.due_at)
    table = await holidays.between(db, _shift(first, -70), _shift(last, 70))
    published = await _published(db, last)
    made = 0
    for village in await regions.villages(db):
        if not village.disclosure_day:
            continue
        for item in owed_around(village.rhythm, village.disclosure_day, last, table):
            reached = stage(item.due, first, last)
            if reached is None or _is_published(item, published[village.code]):
                continue
            await _remind(db, terms, village, item, reached, occasion.now)
            made += 1
    return made


@dataclass(frozen=True, slots=True)
class _Month:
    book: str
    period: str


async def _remind(
    db: Database, terms: Terms, village: Region, item: Owed, reached: int, now: datetime
) -> None:
    groups: tuple[Group, ...]
    if reached == TOWN_STAGE:
        # All twelve digits: the town's own posts, not those of its villages.
        region, who = village.parent or village.code, f"role={_MANAGES}"
        groups = (Group(roles=(_MANAGES,), regions=(region,)),)
    else:
        region, who = village.code, f"role={_ENTERS}|post={_ACCOUNTANT}"
        groups = (
            Group(roles=(_ENTERS,), regions=(region,)),
            Group(titles=(_ACCOUNTANT,), regions=(region,)),
        )
    order = Order(
        template="disclosure_due" if reached <= 0 else "disclosure_overdue",
        audience=f"{who},region={region}",
        whom=Audience(groups=groups, on=_local_day(now)),
        params={
            "village": village.name,
            "period": period_text(item.months),
            "due": day_text(item.due),
        },
        key=f"due:{village.code}:{item.due.isoformat()}:{reached}",
        link=f"/v/{village.code}",
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)


async def _published(db: Database, today: date) -> defaultdict[str, set[_Month]]:
    """What every village has published for the past year and more, by village."""
    since = months_before(f"{today.year:04d}-{today.month:02d}", _BOOKS_MONTHS + 4)
    found: defaultdict[str, set[_Month]] = defaultdict(set)
    for village, book, period in await schedules.published_months(db, since):
        found[village].add(_Month(book, period))
    return found


def _is_published(item: Owed, published: set[_Month]) -> bool:
    """Whether every book that the village keeps is published for every month that is owed."""
    since = months_before(item.months[0], _BOOKS_MONTHS)
    books = {m.book for m in published if since <= m.period < item.months[0]} or {USUAL_BOOK}
    return all(_Month(book, month) in published for book in books for month in item.months)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def _shift(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
