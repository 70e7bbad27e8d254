"""What a person does to a campaign that exists: pauses it, lets it go on, ends it, sends again.

The word takes effect at once (nothing of it is claimed any more); its deliveries, perhaps a
million, follow page by page, by whoever has time, so that nobody else's messages wait for them. A
crash in between leaves the campaign `stopped`, and the next one goes on.
"""

from __future__ import annotations

from datetime import datetime

from storage.campaigns import BEGUN, PAUSED
from storage.database import Database
from storage.moments import NEVER, to_ms
from storage.tallies import Moves

CANCELLED = "cancelled"
"""Why a delivery is not sent that a person cancelled."""

PAGE = 10_000


async def pause(db: Database, campaign_id: str) -> bool:
    """Holds a campaign; False where it is neither planned nor running. What is under way ends."""
    return await _changed(
        db,
        "state = 'held', paused = true, stopped = true WHERE state IN ('planned', 'running')",
        campaign_id,
    )


async def go_on(db: Database, campaign_id: str) -> bool:
    """Lets a paused campaign go on; False where no person paused it."""
    return await _changed(
        db,
        f"state = CASE WHEN {BEGUN} THEN 'running' ELSE 'planned' END, paused = false"
        " WHERE state = 'held' AND paused = true",
        campaign_id,
    )


async def cancel(db: Database, campaign_id: str) -> bool:
    """Ends a campaign for good; False where it has ended. What is under way ends by itself."""
    return await _changed(
        db,
        "state = 'cancelled', paused = false, stopped = true"
        " WHERE state IN ('planned', 'running', 'held')",
        campaign_id,
    )


async def send_again(
    db: Database, campaign_id: str, whom: str, *, revision: int, expires_at: datetime
) -> bool:
    """Fans a campaign out anew, as the next `revision`, to those of `whom`; False where it is not
    whole yet, or somebody else was faster."""
    return await _changed(
        db,
        "state = 'running', revision = ?, whom = ?, expires_at = ?, reached_to = '',"
        " fanned_out = false"
        " WHERE state IN ('running', 'done') AND fanned_out = true AND revision = ?",
        campaign_id,
        revision, whom, to_ms(expires_at), revision - 1,
    )  # fmt: skip


async def _changed(db: Database, change: str, campaign_id: str, *values: object) -> bool:
    rows = await db.rows(
        f"UPDATE campaigns SET {change} AND id = ? RETURNING id",  # noqa: S608
        *values,
        campaign_id,
    )
    return bool(rows)


async def follow_up(db: Database, now: datetime, *, page: int = PAGE) -> int:
    """Brings the deliveries of stopped campaigns into the state that was asked for; how many.

    Real time. Reads alone where there is nothing to do.
    """
    moved = 0
    for row in await db.rows(
        "SELECT c.id, c.state, t.new, t.held, t.sending, t.unknown FROM campaigns c"
        " JOIN tallies t ON t.campaign_id = c.id WHERE c.stopped = true ORDER BY c.id"
    ):
        if row["state"] == "held" and row["new"]:
            moved += await _move(db, row["id"], "new", "held", PAUSED, now, page)
        if row["state"] == "cancelled":
            for state in ("new", "held"):
                if row[state]:
                    moved += await _move(db, row["id"], state, "cancelled", CANCELLED, now, page)
        if row["state"] in ("running", "planned") and row["held"]:
            moved += await _move(db, row["id"], "held", "new", "", now, page)
        await _let_go(db, row["id"])
    return moved


async def _let_go(db: Database, campaign_id: str) -> None:
    """No longer stopped where all its deliveries are where they should be."""
    whole = (
        "id = ? AND stopped = true AND (state IN ('running', 'planned', 'done')"
        " OR (state = 'cancelled' AND EXISTS (SELECT 1 FROM tallies t"
        " WHERE t.campaign_id = campaigns.id AND t.new = 0 AND t.held = 0 AND t.sending = 0"
        " AND (t.unknown = 0 OR NOT EXISTS (SELECT 1 FROM deliveries d"
        " WHERE d.campaign_id = campaigns.id AND d.state = 'unknown' AND d.not_before < ?)))))"
    )
    if await db.row(f"SELECT id FROM campaigns WHERE {whole}", campaign_id, NEVER):  # noqa: S608
        await db.run(f"UPDATE campaigns SET stopped = false WHERE {whole}", campaign_id, NEVER)  # noqa: S608


_MEANWHILE = {
    "held": "state = 'held' AND paused = true",
    "cancelled": "state = 'cancelled'",
    "new": "state IN ('running', 'planned')",
}
"""What the campaign must still be while its deliveries go to a state."""


async def _move(
    db: Database, campaign_id: str, before: str, after: str, reason: str, now: datetime, page: int
) -> int:
    """All deliveries of a campaign from one state to another, in order of persons, by pages."""
    total, last, more = 0, "", True
    only = f" AND reason = '{PAUSED}'" if after == "new" else ""
    while more:
        moves = Moves()
        async with db.transaction():
            # Whoever changes their mind waits for the page, and a page sees what was said last.
            held = await db.row(
                "UPDATE campaigns SET stopped = true"  # noqa: S608
                f" WHERE id = ? AND {_MEANWHILE[after]} RETURNING id",
                campaign_id,
            )
            if held is None:
                return total
            end = await db.row(
                "SELECT MAX(person_id) AS last, COUNT(*) AS n FROM (SELECT person_id"
                " FROM deliveries WHERE campaign_id = ? AND person_id > ?"
                " ORDER BY person_id LIMIT ?) AS piece",
                campaign_id, last, page,
            )  # fmt: skip
            if end is None or not end["n"]:
                return total
            rows = await db.rows(
                "UPDATE deliveries SET state = ?, reason = ?, updated_at = ?"  # noqa: S608
                f" WHERE campaign_id = ? AND person_id > ? AND person_id <= ?"
                f" AND state = '{before}'{only} RETURNING channel",
                after, reason, to_ms(now), campaign_id, last, end["last"],
            )  # fmt: skip
            for row in rows:
                moves.moved(campaign_id, before, after, channel=row["channel"])
            await moves.write(db)
        total += len(rows)
        last, more = end["last"], end["n"] >= page
    return total
