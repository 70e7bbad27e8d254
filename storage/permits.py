"""Permits of a channel that several processes share: one row, leased from in blocks.

A lease is a row of moments, evenly spaced, that no other lease holds (the generic cell rate
algorithm): so the channel's pace holds in every second, whoever sends, by the database's clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Database

_NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
_FURTHEST_US = 60_000_000
"""No queue of leases is so long: a pace further ahead comes from a clock that was set back."""

_LEASE = (
    "UPDATE rates SET next_at = CAST(? AS BIGINT) + CASE"  # noqa: S608
    f" WHEN next_at BETWEEN {_NOW} AND {_NOW} + {_FURTHEST_US} THEN next_at ELSE {_NOW} END"
    f" WHERE channel = ? RETURNING next_at, {_NOW} AS now,"
    # Not to wait for the disk: a lease that a crash of the database takes back is over by then.
    " set_config('synchronous_commit', 'off', true) AS commits"
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Moments in microseconds since 1970 by the database's clock, and that clock's own."""

    moments: list[int]
    now: int


async def lease(db: Database, channel: str, count: int, interval_us: int) -> Lease:
    """The channel's next `count` permits, `interval_us` apart. PostgreSQL only."""
    rows = await db.rows(_LEASE, count * interval_us, channel)
    if not rows:
        await db.run(
            "INSERT INTO rates (channel, next_at) VALUES (?, 0) ON CONFLICT (channel) DO NOTHING",
            channel,
        )
        rows = await db.rows(_LEASE, count * interval_us, channel)
    end, now = rows[0]["next_at"], rows[0]["now"]
    return Lease([end - left * interval_us for left in range(count, 0, -1)], now)
