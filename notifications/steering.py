"""What a person says of a campaign that exists: pause, go on, cancel, send to whom it missed.

Each is refused in plain words where it cannot be, and stands in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import policy, texts
from notifications.campaigns import CampaignError, fan_out_more, local_day, selection
from notifications.policy import POLICIES, NoticeClass
from notifications.terms import Terms
from storage import audience, audit, campaigns, steering
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


async def resend(
    db: Database, terms: Terms, campaign_id: str, hand: Hand, *, unknown: bool = False
) -> int:
    """Sends again to those whom it failed to reach, as the next revision; returns how many.

    With `unknown` also to those of whom nobody will know any more: some may get it twice. Whoever
    has a newer delivery already is not asked again. Raises CampaignError.
    """
    campaign = await _known(db, campaign_id)
    states = (*FAILED, "unknown") if unknown else FAILED
    group = Group(failed_of=campaign_id, failed_in=states)
    whom = Audience(groups=(group,), on=local_day(hand.now))
    notice_class = NoticeClass(campaign.notice_class)
    chosen = selection(whom, notice_class, policy.CHANNEL_ORDER)
    people = sum((await audience.reach(db, chosen)).by_channel.values())
    if not people:
        raise CampaignError(texts.NOTHING_FAILED)
    details = {"revision": campaign.revision + 1, "people": people, "unknown": unknown}
    async with db.transaction():
        expires_at = hand.now + POLICIES[notice_class].expires_after
        if not await steering.send_again(
            db, campaign_id, whom.as_json(), revision=campaign.revision + 1, expires_at=expires_at
        ):
            raise _cannot(texts.CANNOT_RESEND, campaign)
        await audit.record(db, hand.actor, "resent", campaign_id, details, now=hand.now)
    # The first page at once; the service makes the others.
    await fan_out_more(db, terms, hand.now)
    return people


async def _known(db: Database, campaign_id: str) -> Campaign:
    campaign = await campaigns.load(db, campaign_id)
    if campaign is None:
        raise UnknownCampaign(texts.NO_SUCH_CAMPAIGN.format(id=campaign_id))
    return campaign


class UnknownCampaign(CampaignError):
    """Nobody has this id."""


def _cannot(text: str, campaign: Campaign) -> CampaignError:
    return CampaignError(text.format(state=texts.STATES_OF_CAMPAIGN[campaign.state]))
