"""Tallies: how far each campaign has come, in one row, kept by whoever moves its deliveries.

A statement that moves deliveries names the state they leave and returns those that it really moved;
they are counted in the same transaction. So a row that two workers wanted is counted once, and what
a thawed worker comes too late for is not counted at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.listed import as_list, listed
from storage.moments import from_ms, to_ms

STATES = (
    "new", "held", "sending", "unknown", "sent", "delivered", "refused", "dead", "cancelled",
)  # fmt: skip
CHANNELS = ("wechat", "sms")
REACHED = ("sent", "delivered")
COLUMNS = ("total", *STATES, *CHANNELS, "repeated")

_REPEATED = (
    "((SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = deliveries.id"
    " AND a.state IN ('taken', 'delivered', 'unknown')) > 1)"
)


class Moves:
    """What a transaction has changed of campaigns' counts, until `write` adds it to them.

    `at` is real time, where deliveries were claimed or finished: from it the rate is told.
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._changes: dict[str, Counter[str]] = {}
        self._at = None if at is None else to_ms(at)

    def moved(
        self,
        campaign_id: str | None,
        before: str,
        after: str,
        *,
        channel: str,
        channel_before: str = "",
        count: int = 1,
    ) -> None:
        """Deliveries went from one state to another; an answer belongs to no campaign.

        `channel` is the one they have now, `channel_before` another that they had.
        """
        if campaign_id is None:
            return
        change = self._changes.setdefault(campaign_id, Counter())
        change[before] -= count
        change[after] += count
        if before in REACHED:
            change[channel_before or channel] -= count
        if after in REACHED:
            change[channel] += count

    def added(self, campaign_id: str, count: int) -> None:
        """New deliveries were made."""
        change = self._changes.setdefault(campaign_id, Counter())
        change["total"] += count
        change["new"] += count

    def repeated(self, campaign_id: str, by: int) -> None:
        """So many more people may have got it twice; fewer, if negative."""
        self._changes.setdefault(campaign_id, Counter())["repeated"] += by

    async def write(self, db: Database) -> None:
        """Adds it to the counts: the last statement of the transaction, campaigns in order of id,
        so that two workers never wait for each other crosswise."""
        changed = [
            (*(change[column] for column in COLUMNS), self._at, self._at, campaign_id)
            for campaign_id, change in sorted(self._changes.items())
            if any(change.values())
        ]
        self._changes.clear()
        for values in changed:
            await db.run(_ADD, *values)


_ADD = (
    "UPDATE tallies SET "  # noqa: S608
    + ", ".join(f"{column} = {column} + CAST(? AS INTEGER)" for column in COLUMNS)
    + ", begun_at = COALESCE(begun_at, CAST(? AS BIGINT)),"
    " moved_at = COALESCE(CAST(? AS BIGINT), moved_at) WHERE campaign_id = ?"
)


async def begin(db: Database, campaign_id: str) -> None:
    """The counts of a new campaign, all zero."""
    columns, zeros = ", ".join(COLUMNS), ", ".join("0" for _ in COLUMNS)
    await db.run(
        f"INSERT INTO tallies (campaign_id, {columns}) VALUES (?, {zeros})"  # noqa: S608
        " ON CONFLICT (campaign_id) DO NOTHING",
        campaign_id,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts by column, and since when deliveries move. Real time."""

    counts: Mapping[str, int]
    begun_at: datetime | None
    moved_at: datetime | None


async def load(db: Database, campaign_id: str) -> Tally:
    """The counts of a campaign; all zero for one that nobody knows."""
    row = await db.row("SELECT * FROM tallies WHERE campaign_id = ?", campaign_id)
    if row is None:
        return Tally(dict.fromkeys(COLUMNS, 0), None, None)
    return Tally(
        {column: int(row[column]) for column in COLUMNS},
        None if row["begun_at"] is None else from_ms(row["begun_at"]),
        None if row["moved_at"] is None else from_ms(row["moved_at"]),
    )


async def over(db: Database, campaign_id: str) -> int:
    """How many deliveries of a campaign are not to be sent any more."""
    counts = (await load(db, campaign_id)).counts
    return counts["total"] - counts["new"] - counts["held"] - counts["sending"]


async def note_repeated(db: Database, moves: Moves, delivery_ids: Iterable[str]) -> None:
    """Looks again at how many attempts of these deliveries may have arrived.

    Whoever changes an attempt holds its delivery's lock, so that two who change two attempts of
    one delivery see each other's.
    """
    ids = sorted(set(delivery_ids))
    if not ids:
        return
    changed = await db.rows(
        "UPDATE deliveries SET repeated = NOT repeated"  # noqa: S608
        f" WHERE id IN (SELECT v.id FROM {listed(db, {'id': 'TEXT'})}) AND begun > 1"
        f" AND repeated <> {_REPEATED} RETURNING campaign_id, repeated",
        as_list([identity] for identity in ids),
    )
    for row in changed:
        if row["campaign_id"] is not None:
            moves.repeated(row["campaign_id"], 1 if row["repeated"] else -1)


async def recount(db: Database, campaign_id: str | None = None) -> None:
    """Counts anew from the rows, for one campaign or all: after what moved them wholesale.

    Only where nobody else moves them meanwhile.
    """
    rows = await counted(db, campaign_id)
    for identity in sorted({row["campaign_id"] for row in rows}):
        await begin(db, identity)
    zeros = ", ".join(f"{column} = 0" for column in COLUMNS)
    that, its = ("", []) if campaign_id is None else (" WHERE campaign_id = ?", [campaign_id])
    await db.run(f"UPDATE tallies SET {zeros}{that}", *its)  # noqa: S608
    moves = Moves()
    for row in rows:
        moves.added(row["campaign_id"], int(row["n"]))
        moves.moved(
            row["campaign_id"], "new", row["state"], channel=row["channel"], count=int(row["n"])
        )
        moves.repeated(row["campaign_id"], int(row["repeated"] or 0))
    await moves.write(db)


async def counted(db: Database, campaign_id: str | None = None) -> list[Row]:
    """Deliveries by campaign, state and channel, as the rows themselves say."""
    that, its = ("campaign_id IS NOT NULL", [])
    if campaign_id is not None:
        that, its = ("campaign_id = ?", [campaign_id])
    return await db.rows(
        "SELECT campaign_id, state, channel, COUNT(*) AS n,"  # noqa: S608
        " SUM(CASE WHEN repeated THEN 1 ELSE 0 END) AS repeated FROM deliveries"
        f" WHERE {that} GROUP BY campaign_id, state, channel",
        *its,
    )
