"""What providers report later: kept as it comes, a row each, folded into its attempt by a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import settling, tallies
from storage.database import Database, Row
from storage.ids import new_id
from storage.listed import as_list, listed
from storage.moments import from_ms, to_ms
from storage.outbox import SKIP_LOCKED
from storage.tallies import Moves

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
    rows = await db.rows(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered, code,"  # noqa: S608
        " at, folded) SELECT v.id, v.key, v.gateway, v.reference, v.attempt_id, v.lookup,"
        f" v.delivered, v.code, CAST(? AS BIGINT), false FROM {listed(db, _KEPT)} WHERE true"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        to_ms(now),
        as_list(
            (
                new_id(), r.key, r.gateway, r.reference[:80], r.attempt_id[:20], r.lookup,
                r.delivered, r.code[:64],
            )
            for r in receipts
        ),
    )  # fmt: skip
    return len(rows)


_KEPT = {
    "id": "TEXT", "key": "TEXT", "gateway": "TEXT", "reference": "TEXT", "attempt_id": "TEXT",
    "lookup": "TEXT", "delivered": "BOOLEAN", "code": "TEXT",
}  # fmt: skip


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


async def fold_arrived(db: Database, arrived: Sequence[Matched], now: datetime) -> None:
    """Folds reports that say "it arrived": by far the most, so a few statements for all of them.

    What another process has folded meanwhile is left alone. A report that is not about the newest
    attempt of a delivery that was sent is settled by itself.
    """
    moves = Moves()
    async with db.transaction():
        taken = await db.rows(
            "UPDATE receipts SET folded = true WHERE id IN (SELECT r.id FROM receipts r"  # noqa: S608
            f" WHERE r.id IN (SELECT v.id FROM {listed(db, {'id': 'TEXT'})}) AND r.folded = false"
            f" ORDER BY r.id{SKIP_LOCKED[db.dialect]}) RETURNING id",
            as_list([receipt.id] for receipt in arrived),
        )
        mine = {row["id"] for row in taken}
        # One attempt may have been reported twice, in different words.
        left = {r.attempt_id: r.delivery_id for r in arrived if r.id in mine}
        for before in ("sent", "unknown"):
            moved = await _move_arrived(db, left, before, now)
            for row in moved:
                moves.moved(row["campaign_id"], before, "delivered", channel=row["channel"])
            again = [row["id"] for row in moved if row["begun"] > 1]
            await tallies.note_repeated(db, moves, again)
            for row in moved:
                del left[row["attempt_id"]]
            if not left:
                break
        for attempt_id, delivery_id in sorted(left.items()):
            await settling.settle(
                db, delivery_id, attempt_id,
                state="delivered", attempt="delivered", code="", now=now, moves=moves,
            )  # fmt: skip
        await moves.write(db)


async def _move_arrived(
    db: Database, attempts: Mapping[str, str], before: str, now: datetime
) -> list[Row]:
    """Deliveries in that state whose newest attempt it is, and those attempts, become delivered."""
    moved = await db.rows(
        "UPDATE deliveries SET state = 'delivered', reason = '', tries = 0, sealed = NULL,"  # noqa: S608
        f" updated_at = CAST(? AS BIGINT) FROM {listed(db, _ARRIVED)} WHERE deliveries.id = v.id"
        f" AND deliveries.attempt_id = v.attempt_id AND deliveries.state = '{before}'"
        " RETURNING deliveries.id, deliveries.campaign_id, deliveries.channel,"
        " deliveries.attempt_id, deliveries.begun",
        to_ms(now),
        as_list(sorted((delivery, attempt) for attempt, delivery in attempts.items())),
    )
    await db.run(
        "UPDATE attempts SET state = 'delivered', code = '', finished_at = CAST(? AS BIGINT)"  # noqa: S608
        f" WHERE id IN (SELECT v.id FROM {listed(db, {'id': 'TEXT'})})"
        " AND (state IN ('sending', 'unknown', 'taken') OR code = 'absent')",
        to_ms(now),
        as_list(sorted([row["attempt_id"]] for row in moved)),
    )
    return moved


_ARRIVED = {"id": "TEXT", "attempt_id": "TEXT"}


async def mark_folded(db: Database, ids: Sequence[str]) -> None:
    """Nothing more is to be made of these."""
    if ids:
        await db.run(
            f"UPDATE receipts SET folded = true WHERE id IN (SELECT v.id FROM"  # noqa: S608
            f" {listed(db, {'id': 'TEXT'})})",
            as_list([identity] for identity in ids),
        )


async def drop_orphans(db: Database, now: datetime) -> int:
    """Gives up on receipts of nothing that we know, such as of before a restore; how many."""
    rows = await db.rows(
        "UPDATE receipts SET folded = true WHERE folded = false AND at < ? RETURNING id",
        to_ms(now - _ORPHANED),
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class Silence:
    """Texts taken and not reported, and when the newest report of a text came. Real time."""

    unreported: int
    newest: datetime | None


async def silence(db: Database, *, taken_after: datetime, taken_before: datetime) -> Silence:
    """How many texts taken between these moments have no report yet: are reports missing?"""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM deliveries d JOIN attempts t ON t.id = d.attempt_id"
        " WHERE d.state = 'sent' AND d.channel = 'sms' AND t.gateway = 'aliyun'"
        " AND t.state = 'taken' AND t.finished_at >= ? AND t.finished_at < ?",
        to_ms(taken_after),
        to_ms(taken_before),
    )
    newest = await db.row("SELECT MAX(at) AS at FROM receipts WHERE gateway = 'aliyun'")
    at = newest["at"] if newest else None
    return Silence(int(row["n"]) if row else 0, None if at is None else from_ms(at))


async def failures(db: Database, delivery_id: str, channel: str) -> int:
    """How many attempts of a delivery over a channel were reported as failed."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM attempts WHERE delivery_id = ? AND channel = ?"
        " AND state = 'failed'",
        delivery_id,
        channel,
    )
    return int(row["n"]) if row else 0
