"""What the providers, and the county's purse, still allow: reserved before a campaign begins.

WeChat takes so many template messages a day, of which campaigns may never take a fixed part: it is
kept for what is urgent. The budget is so much money for texts a month, and what is urgent passes
it. All is counted in the database, so that no two processes give away the last one twice.
Real time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from notifications import policy, texts
from notifications.terms import Terms
from storage import spending
from storage.clock import BEIJING, day_of
from storage.database import Database
from storage.spending import Reserved, Share

WECHAT, SMS = "wechat", "sms"
TURN: Final = "reservations"

KEPT_PERCENT: Final = 5
"""Of the day's messages, for what is urgent: no campaign of a later lane takes it."""

_MOST_DAYS: Final = 60
"""A campaign that would take longer is none: its news would be old."""


class NoRoom(ValueError):
    """It does not fit: the message has the figures, in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the quotas: calls on a day, fen in a month. None: there is no limit."""

    calls: int
    fen: int | None


def for_campaigns(limit: int) -> int:
    """What campaigns may take of a quota."""
    return limit - limit * KEPT_PERCENT // 100


async def room(db: Database, terms: Terms, lane: int, at: datetime, real: datetime) -> Room:
    """What a lane finds when it begins at `at`, after what others have used and reserved."""
    fen = None
    if terms.budget_fen:
        fen = max(terms.budget_fen - await _committed_fen(db, at, real), 0)
    per_day = terms.wechat_per_day
    limit = per_day if policy.passes(lane) else for_campaigns(per_day)
    return Room(max(limit - await _committed_calls(db, day_of(at), real), 0), fen)


async def plan(
    db: Database,
    terms: Terms,
    *,
    lane: int,
    calls: int,
    fen: int,
    at: datetime,
    real: datetime,
    spread: bool = False,
) -> list[Share]:
    """What a campaign reserves; raises NoRoom. `spread`: over as many days as it takes.

    In the transaction that makes the campaign, which must have taken its turn (TURN).
    """
    found = await room(db, terms, lane, at, real)
    if policy.passes(lane):
        return [Share(WECHAT, day_of(at), calls), Share(SMS, month_of(at), fen)]
    if found.fen is not None and fen > found.fen:
        raise NoRoom(texts.OVER_BUDGET.format(price=_yuan(fen), left=_yuan(found.fen)))
    if calls <= found.calls:
        shares = [Share(WECHAT, day_of(at), calls)]
    elif not spread:
        raise NoRoom(
            texts.OVER_QUOTA.format(
                needed=calls,
                left=found.calls,
                limit=terms.wechat_per_day,
                kept=terms.wechat_per_day - for_campaigns(terms.wechat_per_day),
            )
        )
    else:
        shares = await _over_days(db, terms, calls, at, real)
    return [*shares, Share(SMS, month_of(at), fen)]


async def _over_days(
    db: Database, terms: Terms, calls: int, at: datetime, real: datetime
) -> list[Share]:
    limit, shares, left = for_campaigns(terms.wechat_per_day), [], calls
    for ahead in range(_MOST_DAYS):
        day = day_of(at + timedelta(days=ahead))
        today = min(left, max(limit - await _committed_calls(db, day, real), 0))
        shares.append(Share(WECHAT, day, today))
        left -= today
        if not left:
            return [share for share in shares if share.amount]
    raise NoRoom(texts.TOO_MANY_DAYS.format(needed=calls, days=_MOST_DAYS))


async def _committed_calls(db: Database, day: str, real: datetime) -> int:
    """Calls of a day that were made, or that campaigns still need."""
    today = day_of(real)
    needed = needed_in(await spending.reserved(db, WECHAT), day, today)
    if day == today:
        needed += await spending.calls(db, day) + await spending.unreserved(db)
    return needed


async def _committed_fen(db: Database, at: datetime, real: datetime) -> int:
    month = month_of(at)
    needed = needed_in(await spending.reserved(db, SMS), month, month_of(real))
    spent = await spending.spent_fen(db, month_began(real)) if month == month_of(real) else 0
    return needed + spent


def needed_in(reservations: Sequence[Reserved], period: str, current: str) -> int:
    """What campaigns still need in a period. What is late is needed in the current one."""
    by_campaign: dict[str, list[Reserved]] = {}
    for one in reservations:
        by_campaign.setdefault(one.campaign_id, []).append(one)
    return sum(
        share.amount
        for shares in by_campaign.values()
        for share in _needed(shares, current)
        if share.period == period
    )


def _needed(shares: Sequence[Reserved], current: str) -> list[Share]:
    """What one campaign still needs of a quota, of which it has reserved these shares."""
    if not shares:
        return []
    whole, first, found = sum(one.share.amount for one in shares), shares[0], []
    left = whole if not first.left_of else -(-whole * first.left // first.left_of)
    # The last periods keep their shares; whatever else is left belongs to the current one.
    for one in reversed(shares):
        taken = min(left, one.share.amount)
        found.append(Share(one.share.quota, max(one.share.period, current), taken))
        left -= taken
    return found


def with_what_is_left(
    reserved: Sequence[Reserved], new: Sequence[Share], real: datetime
) -> list[Share]:
    """New shares of a campaign together with what it still needs of those it has. Real time."""
    amounts: Counter[tuple[str, str]] = Counter()
    for quota, current in ((WECHAT, day_of(real)), (SMS, month_of(real))):
        for share in _needed([one for one in reserved if one.share.quota == quota], current):
            amounts[quota, share.period] += share.amount
    for share in new:
        amounts[share.quota, share.period] += share.amount
    return [Share(quota, period, amount) for (quota, period), amount in sorted(amounts.items())]


def month_of(real: datetime) -> str:
    return day_of(real)[:7]


def month_began(real: datetime) -> datetime:
    """The beginning of the month in Beijing, in which budgets run."""
    local = real.astimezone(BEIJING)
    began = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return began.astimezone(real.tzinfo)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"
