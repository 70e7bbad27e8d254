"""Tells administrators what is wrong: once, and never over the channel that is in trouble.

Whoever tells takes the alarm and makes its campaign in one transaction, so that several processes
tell once. An alarm that can go nowhere now stays untold, and is tried again every minute: where
both channels stand still, by whichever comes back first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications import policy
from notifications.alarms import texts
from notifications.campaigns import CampaignError, Order, create_duty, local_day
from notifications.channels.rate import Lane
from notifications.terms import Terms, routes
from storage import alarms, halts, people, regions, templates
from storage.alarms import Alarm
from storage.audience import Audience, Group
from storage.database import Database
from storage.moments import to_ms
from storage.regions import COUNTY

MANAGES = "管理"
SYSTEM = "system"
ALARM, NOTICE = "alarm", "notice"
AT_ONCE = 3
"""So many are told one by one; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class Way:
    """The template that carries an alarm, and the channels over which it may."""

    template: str
    channels: tuple[str, ...]


async def tell(db: Database, terms: Terms, *, now: datetime, real: datetime) -> int:
    """Tells what nobody was told of; how many alarms. `now` is business time."""
    untold = [one for one in await alarms.open_alarms(db) if one.told_at is None]
    return await _tell(db, terms, untold, over=False, now=now, real=real) if untold else 0


async def tell_over(
    db: Database, terms: Terms, cleared: Sequence[Alarm], *, now: datetime, real: datetime
) -> None:
    """Tells that alarms are over of which somebody was told, where it can be told now."""
    told = [one for one in cleared if one.told_at is not None]
    if told:
        await _tell(db, terms, told, over=True, now=now, real=real)


async def _tell(
    db: Database,
    terms: Terms,
    alarms_to_tell: Sequence[Alarm],
    *,
    over: bool,
    now: datetime,
    real: datetime,
) -> int:
    together: defaultdict[tuple[Way, str], list[Alarm]] = defaultdict(list)
    for alarm in alarms_to_tell:
        if way := await _way(db, terms, alarm.channel, real):
            together[way, alarm.region].append(alarm)
    told = 0
    for (way, region), some in together.items():
        whom = await _administrators(db, region, now)
        if not whom:
            continue
        if len(some) > AT_ONCE and not over:
            told += await _tell_together(db, terms, some, way, whom, now=now, real=real)
            continue
        for alarm in some:
            told += await _tell_one(db, terms, alarm, way, whom, over=over, now=now, real=real)
    return told


async def _tell_one(
    db: Database,
    terms: Terms,
    alarm: Alarm,
    way: Way,
    whom: Collection[str],
    *,
    over: bool,
    now: datetime,
    real: datetime,
) -> int:
    text = texts.OVER.format(detail=alarm.detail) if over else alarm.detail
    key = f"alarm{'-over' if over else ''}:{alarm.key}:{to_ms(alarm.since)}"
    async with db.transaction():
        if not over and not await alarms.take(db, alarm, real):
            return 0
        await _send(db, terms, text, key, way, whom, Lane.NORMAL if over else Lane.URGENT, now)
    return 1


async def _tell_together(
    db: Database,
    terms: Terms,
    some: Sequence[Alarm],
    way: Way,
    whom: Collection[str],
    *,
    now: datetime,
    real: datetime,
) -> int:
    async with db.transaction():
        taken = [one for one in some if await alarms.take(db, one, real)]
        if taken:
            text = texts.SEVERAL.format(count=len(taken))
            key = f"alarms:{taken[0].key}:{to_ms(taken[0].since)}"
            await _send(db, terms, text, key, way, whom, Lane.URGENT, now)
    return len(taken)


async def _send(
    db: Database,
    terms: Terms,
    text: str,
    key: str,
    way: Way,
    whom: Collection[str],
    lane: Lane,
    now: datetime,
) -> None:
    order = _order(text, key, way, whom, lane, now)
    try:
        await create_duty(db, terms, order, now=now, actor=SYSTEM)
    except CampaignError:
        # A provider's code or an id that looks to the gateway like a contact or a link.
        order = _order(texts.SEVERAL.format(count=1), key, way, whom, lane, now)
        await create_duty(db, terms, order, now=now, actor=SYSTEM)


def _order(
    text: str, key: str, way: Way, whom: Collection[str], lane: Lane, now: datetime
) -> Order:
    regions_told = tuple(sorted(whom))
    said = {"text": text.replace("微信", texts.CHANNELS["wechat"])}  # which no text by SMS may say
    return Order(
        template=way.template,
        audience=f"role={MANAGES},region={'|'.join(regions_told)}",
        whom=Audience(groups=(Group(roles=(MANAGES,), regions=regions_told),), on=local_day(now)),
        params=said | ({"title": texts.NOTICE_TITLE} if way.template == NOTICE else {}),
        lane=lane,
        key=key,
        channels=way.channels,
    )


async def _way(db: Database, terms: Terms, troubled: str, real: datetime) -> Way | None:
    """Over what it can go now: a channel that works, by its own template or else as a notice."""
    standing = {
        (halt.channel, halt.template) for halt in await halts.halts(db) if halt.until > real
    }
    bound = await templates.bindings(db)
    for template in (ALARM, NOTICE):
        open_ways = tuple(
            channel
            for channel in policy.CHANNEL_ORDER
            if channel in routes(template, bound, terms)
            and channel != troubled
            and not standing & {(channel, ""), (channel, template)}
        )
        if open_ways:
            return Way(template, open_ways)
    return None


async def _administrators(db: Database, region: str, now: datetime) -> list[str]:
    """The regions whose administrators are told: the counties, the one concerned, all between."""
    codes = [one.code for one in await regions.of_level(db, COUNTY)]
    code: str | None = region or None
    while code and code not in codes:
        codes.append(code)
        above = await regions.region(db, code)
        code = above.parent if above else None
    today = local_day(now)
    return [one for one in codes if await people.holders(db, MANAGES, one, today)]
