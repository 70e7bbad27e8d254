"""How far campaigns have come, as operators see it."""

from __future__ import annotations

from dataclasses import dataclass

from storage import campaigns, halts
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
    return Shown(campaign, await campaigns.progress(db, campaign_id), concerning)
