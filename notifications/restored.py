"""After a restore nothing that was unfinished goes out until an operator says so.

The backup is older than the moment of the crash: whatever was due in between may have gone out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.schedules import hold_missed
from storage import campaigns, schedules
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Resumed:
    """What goes on, and how much of it may already have gone out."""

    campaigns: int
    deliveries: int
    may_have_gone_out: int  # deliveries
    not_begun: int  # campaigns that may have gone out whole
    occurrences: int


async def hold_restored(db: Database, now: datetime) -> bool:
    """Holds, once, what a restored database had unfinished; whether there was anything.

    Done by whoever comes first: the service as it starts, or `campaign resume`. Business time.
    """
    async with db.transaction():
        if await campaigns.restored_at(db) is None or await campaigns.anything_held(db):
            return False
        await campaigns.hold_unfinished(db)
        await hold_missed(db, now)
        if not await campaigns.anything_held(db):
            await campaigns.forget_restore(db)
            return False
        return True


async def resume(
    db: Database, campaign_id: str | None, *, now: datetime, real: datetime
) -> Resumed:
    """Lets one held campaign go on, or (None) all that is held. `now` is business time."""
    async with db.transaction():
        await hold_restored(db, now)
        restored = await campaigns.restored_at(db)
        resumed = await campaigns.resume(db, campaign_id, restored=restored or now, now=real)
        occurrences = 0
        if campaign_id is None:
            occurrences = await schedules.held(db)
            await schedules.resume(db)
        if not await campaigns.anything_held(db):
            await campaigns.forget_restore(db)
    return Resumed(
        campaigns=resumed.campaigns,
        deliveries=resumed.deliveries,
        may_have_gone_out=resumed.may_have_gone_out,
        not_begun=resumed.not_begun,
        occurrences=occurrences,
    )
