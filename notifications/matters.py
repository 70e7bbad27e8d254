"""What matters cause: an alert on the day of their limit, and the result to the applicant.

Domain.md, M15 and M33.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from notifications.calendar import worked_days_on
from notifications.campaigns import Order, create_duty
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import holidays, matters, regions
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.database import Database
from storage.matters import Matter

LIMITS = "matter_limits"
LIMITS_CRON = "30 9 * * *"
SYSTEM = "system"
_SUPERVISES, _MANAGES = "监委会", "管理"
_LONGEST_HOLIDAY = 60  # days of the table that a limit of working days may need beside its own


async def limit_of(db: Database, opened_on: date, days: int, *, working: bool) -> date:
    """The last day of a limit that begins the day after `opened_on`."""
    if not working:
        return opened_on + timedelta(days=days)
    end = opened_on + timedelta(days=days * 2 + _LONGEST_HOLIDAY)
    return worked_days_on(opened_on, days, await holidays.between(db, opened_on, end))


def limits(db: Database, terms: Terms) -> Job:
    """Every morning: which matters reach their limit today and are not done."""

    async def run(occasion: Occasion) -> None:
        await alert(db, terms, occasion)

    return Job(name=LIMITS, cron=LIMITS_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def alert(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Alerts about the matters whose limit lies in the days from `since` to `due_at`; how many.

    To the post whose step it is, the village's supervision committee, and the town.
    """
    late = await matters.overrun(db, _day(occasion.since), _day(occasion.due_at))
    for matter in late:
        await _alert(db, terms, matter, occasion.now)
    return len(late)


async def _alert(db: Database, terms: Terms, matter: Matter, now: datetime) -> None:
    village = await regions.region(db, matter.village)
    number = matter.next_step or len(matter.steps)
    groups = [Group(roles=(_SUPERVISES,), regions=(matter.village,))]
    if matter.steps:
        post = matter.steps[number - 1].post
        groups.append(Group(titles=(post,), regions=(matter.village,)))
    if village and village.parent:
        groups.append(Group(roles=(_MANAGES,), regions=(village.parent,)))
    order = Order(
        template="matter_due",
        audience=f"role={_SUPERVISES}|{_MANAGES},region={matter.village}",
        whom=Audience(groups=tuple(groups), on=_day(now)),
        params={
            "village": village.name if village else matter.village,
            "item": matter.item_name,
            "number": matter.number,
            "step": str(number),
        },
        key=f"matter:{matter.id}:{matter.due_on.isoformat()}",
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)


async def tell_result(db: Database, terms: Terms, matter: Matter, now: datetime) -> bool:
    """Tells the applicant how the matter ended; False where there is nobody to write to."""
    if matter.applicant_id is None:
        return False
    order = Order(
        template="matter_done",
        audience=f"person={matter.applicant_id}",
        whom=Audience(groups=(Group(people=(matter.applicant_id,)),), on=_day(now)),
        params={"item": matter.item_name, "number": matter.number, "result": matter.result},
        key=f"matter:{matter.id}:done",
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)
    return True


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
