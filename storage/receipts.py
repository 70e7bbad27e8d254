"""What providers report later: kept as it comes, a row each, folded into its attempt by a loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database
from storage.ids import new_id
from storage.moments import from_ms, to_ms

_ORPHANED = timedelta(hours=1)
_WITHOUT_REFERENCE = timedelta(seconds=30)
_SLACK = timedelta(seconds=5)  # their clock and ours


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceipt:
    """One report. `key` tells a repeat: of gateway, reference, person and status.

    `attempt_id` is our own id where it came back, else empty; `lookup` is the address's keyed hash.
    """

    key: str
    gateway: str
    reference: str
    attempt_id: str
    delivered: bool
    code: str
    lookup: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A receipt and the attempt that it is about."""

    id: str
    gateway: str
    delivered: bool
    code: str
    attempt_id: str
    delivery_id: str
    at: datetime


async def keep(db: Database, receipts: Sequence[NewReceipt], now: datetime) -> int:
    """Stores what is new among them in one statement; returns how many. Real time."""
    if not receipts:
        return 0
    values = ", ".join("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" for _ in receipts)
    rows = await db.rows(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered, code,"  # noqa: S608
        f" at, folded) VALUES {values} ON CONFLICT (key) DO NOTHING RETURNING id",
        *(
            value
            for r in receipts
            for value in (
                new_id(), r.key, r.gateway, r.reference[:80], r.attempt_id[:20], r.lookup,
                r.delivered, r.code[:64], to_ms(now), False,
            )
        ),
    )  # fmt: skip
    return len(rows)


_UNFOLDED = (
    "SELECT r.id, r.gateway, r.delivered, r.code, r.at, t.id AS attempt_id, t.delivery_id"
    " FROM receipts r JOIN attempts t ON "
)


async def unfolded(db: Database, limit: int) -> list[Matched]:
    """Receipts whose attempt is known, oldest first; those of a call under way wait for its end."""
    by_id = _UNFOLDED + "t.id = r.attempt_id WHERE r.attempt_id <> ''"
    by_reference = (
        _UNFOLDED + "t.reference = r.reference AND t.gateway = r.gateway"
        " WHERE r.attempt_id = '' AND r.reference <> ''"
    )
    waiting = " AND r.folded = false AND t.state <> 'sending' ORDER BY r.at, r.id LIMIT ?"
    rows = await db.rows(by_id + waiting, limit)
    rows += await db.rows(by_reference + waiting, limit)
    return [
        Matched(
            id=row["id"],
            gateway=row["gateway"],
            delivered=bool(row["delivered"]),
            code=row["code"],
            attempt_id=row["attempt_id"],
            delivery_id=row["delivery_id"],
            at=from_ms(row["at"]),
        )
        for row in rows
    ]


async def name_by_address(db: Database, now: datetime, limit: int) -> int:
    """Finds the attempt of receipts whose reference we never learned; returns how many.

    A call that broke off left an unknown attempt without a reference. A report about that address
    belongs to it, where it is the only one of its gateway that was begun before the report came.
    """
    rows = await db.rows(
        "SELECT r.id, MIN(t.id) AS attempt_id FROM receipts r"
        " JOIN addresses a ON a.lookup = r.lookup AND a.channel = 'wechat'"
        " JOIN deliveries d ON d.person_id = a.person_id"
        " JOIN attempts t ON t.delivery_id = d.id AND t.gateway = r.gateway"
        " WHERE r.folded = false AND r.attempt_id = '' AND r.lookup <> '' AND r.at < ?"
        " AND t.state = 'unknown' AND t.reference = '' AND t.started_at <= r.at + ?"
        " AND NOT EXISTS (SELECT 1 FROM attempts k WHERE k.reference = r.reference"
        " AND k.gateway = r.gateway)"
        " GROUP BY r.id HAVING COUNT(DISTINCT t.id) = 1 LIMIT ?",
        to_ms(now - _WITHOUT_REFERENCE), int(_SLACK.total_seconds() * 1000), limit,
    )  # fmt: skip
    await db.run_many(
        "UPDATE receipts SET attempt_id = ? WHERE id = ?",
        [(row["attempt_id"], row["id"]) for row in rows],
    )
    return len(rows)


async def mark_folded(db: Database, ids: Sequence[str]) -> None:
    await db.run_many("UPDATE receipts SET folded = true WHERE id = ?", [(i,) for i in ids])


async def drop_orphans(db: Database, now: datetime) -> int:
    """Gives up on receipts of nothing that we know, such as of before a restore."""
    rows = await db.rows(
        "UPDATE receipts SET folded = true WHERE folded = false AND at < ? RETURNING id",
        to_ms(now - _ORPHANED),
    )
    return len(rows)


async def failures(db: Database, delivery_id: str, channel: str) -> int:
    """How many attempts of a delivery over a channel were reported as failed."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM attempts WHERE delivery_id = ? AND channel = ?"
        " AND state = 'failed'",
        delivery_id,
        channel,
    )
    return int(row["n"]) if row else 0
