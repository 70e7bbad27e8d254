"""What a field or a text had no room for, read in full: on the page, or by 回复0看全文."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import campaigns
from storage.database import Database

_REMEMBERED = timedelta(days=7)


async def notice(db: Database, campaign_id: str) -> str | None:
    """The whole text of a notice, for its page (/v/notices/ID); None for an id nobody has."""
    campaign = await campaigns.load(db, campaign_id)
    if campaign is None:
        return None
    return campaign.texts.get("wechat") or campaign.texts.get("sms")


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """What stands on the picture of a notice."""

    heading: str
    text: str


async def card(db: Database, campaign_id: str) -> NoticeCard | None:
    """The card of a notice; None where it has none."""
    campaign = await campaigns.load(db, campaign_id)
    if campaign is None or not campaign.card:
        return None
    return NoticeCard(campaign.card, campaign.params.get("text", ""))


async def last_notice(db: Database, person_id: str, real: datetime) -> str | None:
    """The whole text of the notice that a person last got by SMS; None where there is none."""
    found = await campaigns.newest_of(db, person_id, "sms", real - _REMEMBERED)
    campaign = await campaigns.load(db, found) if found else None
    return campaign.texts.get("sms") if campaign else None
