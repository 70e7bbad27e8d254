"""What causes a push by itself: something published, something due, the county's list changed.

Each is a campaign with a key of its own, so that whatever runs twice sends once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from notifications import texts
from notifications.audience import with_coarser
from notifications.calendar import day_text, period_text
from notifications.campaigns import Order, create_duty
from notifications.digest import joins
from notifications.filing import MONEY
from notifications.news import Telling, tell
from notifications.rhythms import keep
from notifications.rhythms.rules import SAME_DAY, Rhythm, in_force
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import audit, campaigns, dues, people, publications, regions
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.database import Database
from storage.dues import Due
from storage.follows import AT_ONCE
from storage.regions import Region
from storage.rhythm_rules import RhythmRule

log = logging.getLogger(__name__)

REMINDERS = "disclosure_reminders"
REMINDERS_CRON = "0 9 * * *"
CALENDAR = "disclosure_calendar"
CALENDAR_CRON = "20 * * * *"
SYSTEM = "system"

_ENTERS, _ACCOUNTANT, _MANAGES = "录入", "会计", "管理"


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
    that publishes. `now` is business time. Returns the campaign's id, empty where it is told with
    what else is published close by.
    """
    await keep(db, now, village=village)
    months = sorted(set(periods))
    key = f"published:{village}:{sequence}"
    if known := await campaigns.id_of_key(db, key):
        return known
    ids = await publications.accounts_of(db, village, months)
    if await joins(db, terms, village=village, ids=ids, now=now):
        return ""
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
        key=key,
        link=f"/v/{village}{page}",
    )
    return await create_duty(db, terms, order, now=now, actor=SYSTEM)


async def announce_records(
    db: Database, terms: Terms, ids: Sequence[str], *, village: str, sequence: int, now: datetime
) -> None:
    """Tells whoever follows at once that these versions of a village's were published.

    Each gets one message with all that concerns them; else as with `announce_published`.
    """
    await keep(db, now, village=village)
    if await joins(db, terms, village=village, ids=ids, now=now):
        return
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


def disclosure_calendar(db: Database, terms: Terms) -> Job:
    """Every hour: what has become due by an event, what was published, what cannot wait longer."""

    async def run(occasion: Occasion) -> None:
        found = await keep(db, occasion.now, since=occasion.since)
        today = _local_day(occasion.now)
        urgent = [due for due in found if due.rhythm in SAME_DAY and due.due_on == today]
        await _tell(db, terms, urgent, occasion.now)

    return Job(name=CALENDAR, cron=CALENDAR_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def remind(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Makes the reminders that have become due; returns how many campaigns.

    Each stage of what is due is reminded of once; of several that nobody was there for, the latest.
    What is published is left in peace.
    """
    found = await keep(db, occasion.now, since=occasion.since)
    return await _tell(db, terms, found, occasion.now)


async def _tell(db: Database, terms: Terms, due: Iterable[Due], now: datetime) -> int:
    """What is due by one name on one day is one message."""
    rules = await in_force(db)
    alike: defaultdict[tuple[str, str, date, int], list[Due]] = defaultdict(list)
    for one in due:
        for stage in stages_reached(one, rules[one.rhythm], now):
            if await dues.note_reminded(db, one.id, stage):
                alike[one.village, one.title, one.due_on, stage].append(one)
    for (*_, stage), found in alike.items():
        is_towns = stage >= rules[found[0].rhythm].town_stage
        await _remind(db, terms, found[0], stage, now, is_towns=is_towns)
    return len(alike)


async def _remind(
    db: Database, terms: Terms, due: Due, stage: int, now: datetime, *, is_towns: bool
) -> None:
    village = await regions.region(db, due.village)
    groups: tuple[Group, ...]
    if is_towns:
        # All twelve digits: the town's own posts, not those of its villages.
        region, who = (village and village.parent) or due.village, f"role={_MANAGES}"
        groups = (Group(roles=(_MANAGES,), regions=(region,)),)
    else:
        region, who = due.village, f"role={_ENTERS}|post={_ACCOUNTANT}"
        groups = (
            Group(roles=(_ENTERS,), regions=(region,)),
            Group(titles=(_ACCOUNTANT,), regions=(region,)),
        )
    order = Order(
        template="disclosure_due" if stage <= 0 else "disclosure_overdue",
        audience=f"{who},region={region}",
        whom=Audience(groups=groups, on=_local_day(now)),
        params={
            "village": village.name if village else due.village,
            "period": due.title,
            "due": day_text(due.due_on),
        },
        key=f"due:{due.id}:{stage}",
        link=f"/v/{due.village}",
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)


async def urge(db: Database, terms: Terms, due: Due, *, by: str, now: datetime) -> bool:
    """Reminds by hand those who are to publish; False where somebody has done so today."""
    key = f"due:{due.id}:urge:{_local_day(now).isoformat()}"
    async with db.transaction():
        if await campaigns.id_of_key(db, key):
            return False
        village = await regions.region(db, due.village)
        is_late = due.due_on < _local_day(now)
        order = Order(
            template="disclosure_overdue" if is_late else "disclosure_due",
            audience=f"role={_ENTERS}|post={_ACCOUNTANT},region={due.village}",
            whom=Audience(
                groups=(
                    Group(roles=(_ENTERS,), regions=(due.village,)),
                    Group(titles=(_ACCOUNTANT,), regions=(due.village,)),
                ),
                on=_local_day(now),
            ),
            params={
                "village": village.name if village else due.village,
                "period": due.title,
                "due": day_text(due.due_on),
            },
            key=key,
            link=f"/v/{due.village}",
        )
        await create_duty(db, terms, order, now=now, actor=by)
        await audit.record(db, by, "urged", due.id, {"village": due.village}, now=now)
    return True


def stages_reached(due: Due, rule: RhythmRule, now: datetime) -> list[int]:
    """The stages to be told of now: the latest of those who enter it, and the town's.

    What became known only after its day counts from then.
    """
    rhythm, today, town_stage = Rhythm(due.rhythm), _local_day(now), rule.town_stage
    target = timedelta(hours=rule.number)
    if rhythm in SAME_DAY and due.due_on >= today and now - due.made_at < target:
        return []
    day = max(due.due_on, _local_day(due.made_at) - timedelta(days=1))
    passed = (today - day).days
    told = due.reminded if due.reminded is not None else rule.stages[0] - 1
    reached = [stage for stage in rule.stages if told < stage <= passed][-1:]
    return reached + [town_stage] * (told < town_stage <= passed)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
