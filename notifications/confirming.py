"""Reminders that end in something: confirmed, or repeated, sent by SMS, and told to the superior.

By a rule for each template that an admin may set. What follows is a campaign with a key of its own,
so that however many replicas look, nothing is sent twice (domain.md, M46, M47; contract.md, 5).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from notifications import policy, texts
from notifications.campaigns import Order, create_duty
from notifications.channels.rate import Lane
from notifications.policy import NoticeClass
from notifications.schedules import Job, Misfire, Occasion
from notifications.settings import ScheduleSettings
from notifications.terms import Terms
from storage import confirmations, people, regions
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.confirmations import FOLLOW_UP_KEY, Confirmation, Ended, Rule
from storage.database import Database
from storage.people import Post

log = logging.getLogger(__name__)

CONFIRMATIONS = "confirmations"
CONFIRMATIONS_CRON = "*/5 * * * *"
SYSTEM = "system"
INTEGRITY = "integrity_reminder"
UNCONFIRMED = "reminder_unconfirmed"

_DAY = timedelta(days=1)
_USUAL_HOURS = ScheduleSettings()
_USUAL = Rule(repeat_after=_DAY, repeats=1, sms_after=_DAY, superior_after=2 * _DAY)
_GENTLE = Rule(repeat_after=2 * _DAY, repeats=1, sms_after=None, superior_after=5 * _DAY)

DEFAULT_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "disclosure_due": _USUAL,
        "disclosure_overdue": _USUAL,
        "matter_due": Rule(repeat_after=_DAY, repeats=0, sms_after=_DAY, superior_after=_DAY),
        "power_changed": _GENTLE,
        INTEGRITY: _GENTLE,
    }
)
"""The templates that ask for a word back, and what follows unless an admin says otherwise."""

_MANAGES, _INSPECTS = "管理", "纪检"
_AT_ONCE = 500  # confirmations that one run follows up; the rest waits five minutes


class Step(StrEnum):
    REPEAT = "repeat"
    SMS = "sms"
    SUPERIOR = "superior"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A step, and how long after the one before it comes."""

    step: Step
    after: timedelta


def confirming(db: Database, terms: Terms) -> Job:
    """Every few minutes: who has been reminded, who has not confirmed, and what follows."""

    async def run(occasion: Occasion) -> None:
        await follow_up(db, terms, occasion.now)

    return Job(name=CONFIRMATIONS, cron=CONFIRMATIONS_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def rules_in_force(db: Database) -> dict[str, Rule]:
    """The rule of every template that asks for a word back."""
    return {**DEFAULT_RULES, **await confirmations.rules(db)}


async def open_for(
    db: Database,
    now: datetime,
    who: Sequence[str] | None = None,
    schedule: ScheduleSettings = _USUAL_HOURS,
) -> None:
    """Writes down what has reached these people (None: everybody) and waits for their word."""
    for template, rule in (await rules_in_force(db)).items():
        if rule.is_on:
            await confirmations.open_new(
                db,
                template,
                now=now,
                people=who,
                next_step_at=_working(schedule, now, _first(rule)),
            )


async def follow_up(db: Database, terms: Terms, now: datetime) -> int:
    """Does what is due; returns how many steps were taken. To be called in a transaction."""
    await open_for(db, now, schedule=terms.schedule)
    await confirmations.close_done(db)
    rules, untold = await rules_in_force(db), list[Confirmation]()
    steps = 0
    for one in await confirmations.due(db, now, _AT_ONCE):
        rule = rules.get(one.template)
        if rule is None or not rule.is_on:
            await confirmations.expire(db, one, Ended.OFF)
        elif not await _posts(db, one, _day(now)):
            await confirmations.expire(db, one, Ended.LEFT)
        else:
            steps += await _take_step(db, terms, one, rule, now, untold)
    await _tell_superiors(db, terms, untold, now)
    return steps


async def _take_step(
    db: Database,
    terms: Terms,
    one: Confirmation,
    rule: Rule,
    now: datetime,
    untold: list[Confirmation],
) -> bool:
    channels = await confirmations.reachable_on(db, one.person_id)
    plan = follow_ups(rule, channels)
    current = plan[one.step] if one.step < len(plan) else None
    if current is None:
        await confirmations.expire(db, one, Ended.UNANSWERED)
        return False
    after = plan[one.step + 1].after if one.step + 1 < len(plan) else confirmations.LOOKED_BACK
    later = None if current.step is Step.SUPERIOR else _working(terms.schedule, now, after)
    if not await confirmations.advance(db, one, later):
        return False
    if current.step is Step.SUPERIOR:
        untold.append(one)
    else:
        await _repeat(db, terms, one, current.step, channels, now)
    return True


def follow_ups(rule: Rule, channels: frozenset[str]) -> list[FollowUp]:
    """What follows, for somebody with an address on these channels.

    Who is not on WeChat is reminded again by SMS, and by SMS but once.
    """
    plan = [FollowUp(Step.REPEAT, rule.repeat_after)] * rule.repeats
    if rule.sms_after and "sms" in channels and ("wechat" in channels or not plan):
        plan.append(FollowUp(Step.SMS, rule.sms_after))
    if rule.superior_after:
        plan.append(FollowUp(Step.SUPERIOR, rule.superior_after))
    return plan


async def _repeat(
    db: Database,
    terms: Terms,
    one: Confirmation,
    step: Step,
    channels: frozenset[str],
    now: datetime,
) -> None:
    over = "sms" if step is Step.SMS or "wechat" not in channels else "wechat"
    order = Order(
        template=one.template,
        audience=f"person={one.person_id}",
        whom=Audience(groups=(Group(people=(one.person_id,)),), on=_day(now)),
        params=one.params,
        key=f"{FOLLOW_UP_KEY}{one.id}:{one.step + 1}",
        link=one.link,
        channels=(over,),
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)


# --- the superior ---------------------------------------------------------------------------------


async def _tell_superiors(
    db: Database, terms: Terms, untold: Sequence[Confirmation], now: datetime
) -> None:
    """One notice for a reminder and a place, naming posts and never people."""
    alike: defaultdict[tuple[str, str], list[tuple[Confirmation, Post]]] = defaultdict(list)
    for one in untold:
        post = (await _posts(db, one, _day(now)))[0]
        alike[one.campaign_id, post.region].append((one, post))
    for (_, region), found in alike.items():
        role = _INSPECTS if found[0][0].template == INTEGRITY else _MANAGES
        if not await _tell_superior(db, terms, region, role, found, now):
            log.warning("nobody above %s holds %s: not confirmed and told to nobody", region, role)


async def _tell_superior(
    db: Database,
    terms: Terms,
    region: str,
    role: str,
    found: Sequence[tuple[Confirmation, Post]],
    now: datetime,
) -> bool:
    place = await regions.region(db, region)
    above = await superior_region(db, region, role, _day(now))
    if above is None:
        return False
    first = found[0][0]
    posts = sorted({post.title or post.role for _, post in found})
    order = Order(
        template=UNCONFIRMED,
        audience=f"role={role},region={above}",
        whom=Audience(groups=(Group(roles=(role,), regions=(above,)),), on=_day(now)),
        params={
            "village": place.name if place else region,
            "post": texts.POSTS_JOINT.join(posts),
            "item": item_of(first),
        },
        key=f"{FOLLOW_UP_KEY}{first.id}:superior",
        link=first.link,
    )
    await create_duty(db, terms, order, now=now, actor=SYSTEM)
    return True


async def superior_region(db: Database, region: str, role: str, on: date) -> str | None:
    """The nearest region above where somebody holds the role; None where nobody does."""
    found = await regions.region(db, region)
    above = found.parent if found else None
    while above:
        if await people.holders(db, role, above, on):
            return above
        found = await regions.region(db, above)
        above = found.parent if found else None
    return None


async def _posts(db: Database, one: Confirmation, on: date) -> list[Post]:
    """The posts for which the person was reminded and that they still hold."""
    held = await people.posts_of(db, one.person_id, on)
    meant = confirmations.audience_of(one)
    groups = [g for g in meant.groups if g.roles or g.titles or g.regions] if meant else []
    if not groups:  # it was for the person, whatever the office
        return held
    return [post for post in held if any(_is_of(post, group) for group in groups)]


def _is_of(post: Post, group: Group) -> bool:
    titles = post.title.split("、")
    return (
        (not group.roles or post.role in group.roles)
        and (not group.titles or any(title in titles for title in group.titles))
        and (not group.regions or post.region.startswith(group.regions))
    )


# --- words ----------------------------------------------------------------------------------------


def item_of(one: Confirmation) -> str:
    """What a reminder is about, in few words."""
    if one.template == INTEGRITY:
        return texts.ITEM_INTEGRITY
    if one.template == "power_changed":
        return texts.ITEM_POWER.format(item=one.params.get("item", ""))
    return one.params.get("period") or one.params.get("item") or texts.ITEM_OTHER


def _first(rule: Rule) -> timedelta:
    plan = follow_ups(rule, frozenset(("wechat", "sms")))
    return plan[0].after if plan else confirmations.LOOKED_BACK


def _working(schedule: ScheduleSettings, now: datetime, after: timedelta) -> datetime:
    """So long from now, and not at night: nobody is chased in the quiet hours."""
    return policy.opens_at(NoticeClass.DUTY, Lane.NORMAL, now + after, schedule)


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
