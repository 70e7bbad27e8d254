"""Where a channel's permits come from: this process alone, or what several processes share."""

from __future__ import annotations

from functools import partial

from notifications.channels.rate import LeasedRate, MessageRate, Rate
from storage import permits
from storage.database import Database


def open_rate(db: Database, channel: str, per_second: float) -> Rate:
    """A rate of so many a second: over all processes where the database lets several work."""
    if db.dialect == "sqlite":
        return MessageRate(per_second)
    return LeasedRate(per_second, partial(permits.lease, db, channel))
