"""What people do not want to get: a class of notices on a channel, or everywhere.

What is refused on a channel is refused for the address there, whoever shares it: whoever answers a
number with TD means the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.tallies import Moves

EVERYWHERE = ""
OPTED_OUT = "opted_out"

AT_ADDRESS = (
    "EXISTS (SELECT 1 FROM addresses s WHERE s.lookup = a.lookup AND s.channel = a.channel"
    " AND (SELECT COUNT(*) FROM opt_outs o WHERE o.person_id = s.person_id"
    " AND o.notice_class = ? AND o.channel = s.channel) > 0)"
)
"""Whether a class, the one parameter, is refused at an address `a` on its channel."""

_SHARING = (
    "SELECT s.person_id FROM addresses a JOIN addresses s ON s.channel = a.channel"
    " AND s.lookup = a.lookup WHERE a.person_id = ? AND a.channel = ?"
)


async def refuse(
    db: Database, person_id: str, classes: Sequence[str], channel: str, now: datetime
) -> None:
    """Notes that a person wants none of these classes on a channel, or EVERYWHERE."""
    await db.run_many(
        "INSERT INTO opt_outs (id, person_id, notice_class, channel, created_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id, notice_class, channel) DO NOTHING",
        [(new_id(), person_id, name, channel, to_ms(now)) for name in classes],
    )


async def leave(
    db: Database, person_id: str, classes: Sequence[str], channel: str, now: datetime
) -> None:
    """Refuses these classes at once: what waits to be sent there is not sent any more."""
    concerned, whom = "channel = ?", _SHARING
    values = [channel, person_id, channel]
    if channel == EVERYWHERE:
        concerned, whom, values = "1 = 1", "?", [person_id]
    marks = ", ".join("?" for _ in classes)
    async with db.transaction():
        await refuse(db, person_id, classes, channel, now)
        moves = Moves()
        for state in ("new", "held"):
            left = await db.rows(
                "UPDATE deliveries SET state = 'cancelled', reason = ?, updated_at = ?"  # noqa: S608
                f" WHERE state = '{state}' AND {concerned} AND person_id IN ({whom})"
                f" AND campaign_id IN (SELECT id FROM campaigns WHERE notice_class IN ({marks}))"
                " RETURNING campaign_id, channel",
                OPTED_OUT, to_ms(now), *values, *classes,
            )  # fmt: skip
            for row in left:
                moves.moved(row["campaign_id"], state, "cancelled", channel=row["channel"])
        await moves.write(db)


async def accept(db: Database, person_id: str, classes: Sequence[str], channel: str) -> None:
    """Takes back what was refused of these classes on a channel and everywhere."""
    marks = ", ".join("?" for _ in classes)
    await db.run(
        f"DELETE FROM opt_outs WHERE notice_class IN ({marks}) AND"  # noqa: S608
        f" ((channel = ? AND person_id IN ({_SHARING})) OR (channel = '' AND person_id = ?))",
        *classes, channel, person_id, channel, person_id,
    )  # fmt: skip
