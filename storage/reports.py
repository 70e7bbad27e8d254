"""What became of a campaign, counted by village, channel and outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.moments import from_ms


@dataclass(frozen=True, slots=True)
class Outcomes:
    """So many people of a village, by what became of their deliveries of one revision.

    `code` is what decided it, empty where nothing had to; `village` is empty for whoever has none.
    """

    revision: int
    village: str
    name: str
    channel: str
    state: str
    code: str
    people: int


async def outcomes(db: Database, campaign_id: str) -> list[Outcomes]:
    """One line for each, villages in order of their codes."""
    rows = await db.rows(
        "SELECT d.revision, COALESCE(p.village, '') AS village, COALESCE(r.name, '') AS name,"
        " d.channel, d.state, CASE WHEN d.state IN ('sent', 'delivered', 'new', 'sending') THEN ''"
        " ELSE d.reason END AS code, COUNT(*) AS people FROM deliveries d"
        " LEFT JOIN people p ON p.id = d.person_id LEFT JOIN regions r ON r.code = p.village"
        " WHERE d.campaign_id = ? GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 4, 5, 6",
        campaign_id,
    )
    return [
        Outcomes(
            row["revision"], row["village"], row["name"], row["channel"], row["state"],
            row["code"], int(row["people"]),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign in a list of them."""

    id: str
    template: str
    state: str
    created_at: datetime
    total: int
    reached: int
    open: int


async def newest(db: Database, limit: int) -> list[Listed]:
    """The campaigns made last, newest first."""
    rows = await db.rows(
        "SELECT c.id, c.template, c.state, c.created_at, t.total, t.sent + t.delivered AS reached,"
        " t.new + t.held + t.sending AS open FROM campaigns c"
        " JOIN tallies t ON t.campaign_id = c.id ORDER BY c.created_at DESC, c.id LIMIT ?",
        limit,
    )
    return [
        Listed(
            row["id"], row["template"], row["state"], from_ms(row["created_at"]), row["total"],
            row["reached"], row["open"],
        )
        for row in rows
    ]  # fmt: skip
