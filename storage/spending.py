"""What was sent, what it cost and what is set aside for it, for quotas and budgets.

A day's calls are counted by whoever finishes deliveries, in the same transaction; what a campaign
may still need follows from its reservation and its tally, so that it is given back by itself when
the campaign ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms

_OPEN = "('planned', 'running', 'held')"


@dataclass(frozen=True, slots=True)
class Share:
    """What a campaign may need of a quota in one of its periods, a day or a month in Beijing."""

    quota: str  # wechat: calls, sms: fen
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """The shares of a campaign that is not finished; `left_of` that many deliveries are to do."""

    campaign_id: str
    share: Share
    left: int
    left_of: int  # 0: nobody has begun, all of it is needed


SPENT = (
    "SELECT COALESCE(SUM(cost_fen), 0) AS fen FROM attempts WHERE channel = 'sms'"
    " AND started_at >= ?"
)


async def spent_fen(db: Database, since: datetime) -> int:
    """What SMS have cost since that moment (real time), those of unknown outcome included."""
    row = await db.row(SPENT, to_ms(since))
    return int(row["fen"]) if row else 0


async def count_calls(db: Database, day: str, calls: int) -> None:
    """Adds to the template messages of a day: the last statement of the transaction."""
    if calls:
        await db.run(
            "INSERT INTO marks (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = marks.value + excluded.value",
            f"calls:{day}", calls,
        )  # fmt: skip


async def count_spent(db: Database, month: str, fen: int) -> None:
    """Adds to what texts cost in a month, for all processes: the last statement, as above."""
    if fen:
        await db.run(
            "INSERT INTO marks (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = marks.value + excluded.value",
            f"spent:{month}", fen,
        )  # fmt: skip


async def counted_fen(db: Database, month: str) -> int:
    """What all processes have counted as spent in a month (YYYY-MM, Beijing)."""
    row = await db.row("SELECT value FROM marks WHERE name = ?", f"spent:{month}")
    return int(row["value"]) if row else 0


async def calls(db: Database, day: str) -> int:
    """How many template messages were handed over on a day (YYYY-MM-DD, Beijing)."""
    row = await db.row("SELECT value FROM marks WHERE name = ?", f"calls:{day}")
    return int(row["value"]) if row else 0


async def reserve(
    db: Database, campaign_id: str, shares: Iterable[Share], *, beyond: int = 0
) -> None:
    """Sets aside for a campaign these shares, and no others; in a transaction.

    `beyond` of its deliveries are over already and need none of them.
    """
    await db.run("DELETE FROM reservations WHERE campaign_id = ?", campaign_id)
    await db.run_many(
        "INSERT INTO reservations (id, campaign_id, quota, period, amount, beyond)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (new_id(), campaign_id, share.quota, share.period, share.amount, beyond)
            for share in shares
            if share.amount
        ],
    )


async def reserved(db: Database, quota: str) -> list[Reserved]:
    """What campaigns that are not finished have reserved, each one's earliest period first."""
    return await _reserved(db, f"r.quota = ? AND c.state IN {_OPEN}", quota)


async def reserved_by(db: Database, campaign_id: str) -> list[Reserved]:
    """What one campaign has reserved, finished or not, by quota and period."""
    return await _reserved(db, "r.campaign_id = ?", campaign_id)


async def _reserved(db: Database, which: str, value: str) -> list[Reserved]:
    rows = await db.rows(
        "SELECT r.campaign_id, r.quota, r.period, r.amount,"  # noqa: S608
        " t.new + t.held + t.sending AS to_do,"
        " CASE WHEN c.fanned_out THEN t.total - r.beyond ELSE 0 END AS total"
        " FROM reservations r JOIN campaigns c ON c.id = r.campaign_id"
        " LEFT JOIN tallies t ON t.campaign_id = r.campaign_id"
        f" WHERE {which} ORDER BY r.campaign_id, r.quota, r.period",
        value,
    )
    return [
        Reserved(
            row["campaign_id"],
            Share(row["quota"], row["period"], int(row["amount"])),
            int(row["to_do"] or 0),
            int(row["total"] or 0),
        )
        for row in rows
    ]


async def shares_of(db: Database, campaign_id: str) -> list[Share]:
    """What a campaign has reserved, by period."""
    rows = await db.rows(
        "SELECT quota, period, amount FROM reservations WHERE campaign_id = ?"
        " ORDER BY quota, period",
        campaign_id,
    )
    return [Share(row["quota"], row["period"], int(row["amount"])) for row in rows]


async def unreserved(db: Database) -> int:
    """Deliveries over WeChat that are to go out for campaigns which have reserved nothing."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " WHERE d.state = 'new' AND d.channel = 'wechat' AND c.state = 'running'"
        " AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.campaign_id = c.id)"
    )
    return int(row["n"]) if row else 0
