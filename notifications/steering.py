"""What a person says of a campaign that exists: pause, go on, cancel, send to whom it missed.

Each is refused in plain words where it cannot be, and stands in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from notifications import quotas, texts
from notifications.campaigns import (
    CampaignError,
    Checked,
    Forecast,
    check_again,
    extra_days,
    fan_out_more,
    foreseen,
    local_day,
    shares_for,
)
from notifications.policy import POLICIES
from notifications.terms import Terms
from storage import audit, campaigns, spending, steering, tallies, turns
from storage.audience import Audience, Group
from storage.campaigns import Campaign
from storage.database import Database

FAILED = ("refused", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who says it, and when: business time, and real time for the rows."""

    actor: str
    now: datetime
    real: datetime


async def pause(db: Database, campaign_id: str, hand: Hand) -> None:
    """Nothing more of it is begun; what is under way ends. Raises CampaignError."""
    campaign = await _known(db, campaign_id)
    async with db.transaction():
        if not await steering.pause(db, campaign_id):
            raise _cannot(texts.CANNOT_PAUSE, campaign)
        await audit.record(db, hand.actor, "paused", campaign_id, now=hand.now)
    await steering.follow_up(db, hand.real)


async def go_on(db: Database, campaign_id: str, hand: Hand) -> bool:
    """Lets go on what a person paused; False where nobody did, so that a restore may hold it.

    Raises CampaignError for an id that nobody has.
    """
    await _known(db, campaign_id)
    async with db.transaction():
        if not await steering.go_on(db, campaign_id):
            return False
        await audit.record(db, hand.actor, "resumed", campaign_id, now=hand.now)
    await steering.follow_up(db, hand.real)
    return True


async def cancel(db: Database, campaign_id: str, hand: Hand) -> None:
    """Ends it for good; what is under way ends by itself. Raises CampaignError."""
    campaign = await _known(db, campaign_id)
    async with db.transaction():
        if not await steering.cancel(db, campaign_id):
            raise _cannot(texts.CANNOT_CANCEL, campaign)
        await audit.record(db, hand.actor, "cancelled", campaign_id, now=hand.now)
    await steering.follow_up(db, hand.real)


@dataclass(frozen=True, slots=True)
class Resent:
    """What a resending comes to, and which revision of the campaign it is."""

    revision: int
    forecast: Forecast


async def resend(
    db: Database,
    terms: Terms,
    campaign_id: str,
    hand: Hand,
    *,
    unknown: bool = False,
    spread: bool = False,
    dry_run: bool = False,
) -> Resent:
    """Sends again to those whom it failed to reach, as the next revision, once what they need of
    quota and budget is set aside. `spread`: over as many days as it takes.

    With `unknown` also to those of whom nobody will know any more: some may get it twice. Whoever
    has a newer delivery already is not asked again. With `dry_run` it is weighed alone. Raises
    CampaignError.
    """
    campaign = await _known(db, campaign_id)
    states = (*FAILED, "unknown") if unknown else FAILED
    group = Group(failed_of=campaign_id, failed_in=states)
    whom = Audience(groups=(group,), on=local_day(hand.now))
    checked = await check_again(db, terms, campaign, whom, spread=spread)
    forecast = await foreseen(db, terms, checked, hand.now)
    if not sum(forecast.by_channel.values()):
        raise CampaignError(texts.NOTHING_FAILED)
    resent = Resent(campaign.revision + 1, forecast)
    if not dry_run:
        await _send_again(db, terms, campaign, checked, hand, resent, unknown=unknown)
        # The first page at once; the service makes the others.
        await fan_out_more(db, terms, hand.now)
    return resent


async def _send_again(
    db: Database,
    terms: Terms,
    campaign: Campaign,
    checked: Checked,
    hand: Hand,
    resent: Resent,
    *,
    unknown: bool,
) -> None:
    by_channel, fen = resent.forecast.by_channel, resent.forecast.price_fen
    calls, people = by_channel.get(quotas.WECHAT, 0), sum(by_channel.values())
    details = {"revision": resent.revision, "people": people, "unknown": unknown}
    async with db.transaction():
        await turns.take(db, quotas.TURN)
        shares = await shares_for(
            db, terms, checked, calls=calls, fen=fen, at=hand.now, now=hand.now
        )
        before = await spending.reserved_by(db, campaign.id)
        over = await tallies.over(db, campaign.id)
        expires_after = POLICIES[checked.notice_class].expires_after + extra_days(shares)
        if not await steering.send_again(
            db,
            campaign.id,
            checked.whom.as_json(),
            revision=resent.revision,
            expires_at=hand.now + expires_after,
        ):
            raise _cannot(texts.CANNOT_RESEND, campaign)
        whole = quotas.with_what_is_left(before, shares, datetime.now(UTC))
        await spending.reserve(db, campaign.id, whole, beyond=over)
        await audit.record(db, hand.actor, "resent", campaign.id, details, now=hand.now)


async def _known(db: Database, campaign_id: str) -> Campaign:
    campaign = await campaigns.load(db, campaign_id)
    if campaign is None:
        raise UnknownCampaign(texts.NO_SUCH_CAMPAIGN.format(id=campaign_id))
    return campaign


class UnknownCampaign(CampaignError):
    """Nobody has this id."""


def _cannot(text: str, campaign: Campaign) -> CampaignError:
    return CampaignError(text.format(state=texts.STATES_OF_CAMPAIGN[campaign.state]))
