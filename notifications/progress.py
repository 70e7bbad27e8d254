"""How far campaigns have come, as operators see it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notifications.audience import AudienceError, read_audience
from notifications.campaigns import local_day, selection
from notifications.policy import CHANNEL_ORDER, NoticeClass
from storage import audience, campaigns, halts
from storage.campaigns import Campaign, Progress
from storage.database import Database
from storage.halts import Halt


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign, its counts, and what stands in its way."""

    campaign: Campaign
    progress: Progress
    halts: tuple[Halt, ...]

    def as_json(self) -> dict[str, object]:
        """Contract.md, section 2."""
        return {
            "id": self.campaign.id,
            "state": self.campaign.state,
            "template": self.campaign.template,
            "total": self.progress.total,
            "by_state": self.progress.by_state,
            "by_channel": self.progress.by_channel,
            "people_reached": self.progress.people_reached,
            "repeated": self.progress.repeated,
        }


async def show(db: Database, campaign_id: str) -> Shown | None:
    """None for an id that nobody has."""
    campaign = await campaigns.load(db, campaign_id)
    if campaign is None:
        return None
    concerning = tuple(
        halt for halt in await halts.halts(db) if halt.template in ("", campaign.template)
    )
    counts = await campaigns.progress(db, campaign_id)
    if campaign.state == "planned":
        counts = replace(counts, total=await _expected(db, campaign))
    return Shown(campaign, counts, concerning)


async def _expected(db: Database, campaign: Campaign) -> int:
    """How many people a campaign that has not begun would reach as things are."""
    try:
        whom = await read_audience(db, campaign.audience, local_day(campaign.planned_for))
    except AudienceError:
        return 0
    chosen = selection(whom, NoticeClass(campaign.notice_class), CHANNEL_ORDER)
    return sum((await audience.reach(db, chosen)).by_channel.values())
