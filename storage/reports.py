"""What became of a campaign, counted by village, channel and outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
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
class Place:
    """A town of the audience, or a village where it is one town's: how many, how many reached."""

    code: str
    name: str
    people: int
    reached: int


async def by_place(db: Database, campaign_id: str, digits: int, limit: int) -> list[Place]:
    """By the first digits of the village's code (9: towns, 12: villages), the least reached first.

    Whoever has bound no village stands under an empty code.
    """
    rows = await db.rows(
        "SELECT g.code, COALESCE(r.name, '') AS name, g.people, g.reached FROM (SELECT"
        " COALESCE(SUBSTR(p.village, 1, CAST(? AS INTEGER)), '') AS code, COUNT(*) AS people,"
        " SUM(CASE WHEN d.state IN ('sent', 'delivered') THEN 1 ELSE 0 END) AS reached"
        " FROM deliveries d LEFT JOIN people p ON p.id = d.person_id WHERE d.campaign_id = ?"
        " GROUP BY 1) g LEFT JOIN regions r ON r.code = SUBSTR(g.code || '000', 1, 12)"
        " AND g.code <> '' ORDER BY g.people - g.reached DESC, g.code LIMIT ?",
        digits, campaign_id, limit,
    )  # fmt: skip
    return [
        Place(row["code"], row["name"], int(row["people"]), int(row["reached"])) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Missed:
    """So many deliveries that did not arrive, over a channel, for one reason."""

    channel: str
    state: str
    code: str
    people: int


async def missed(db: Database, campaign_id: str, limit: int) -> list[Missed]:
    """Why deliveries did not arrive, the most frequent reason first."""
    rows = await db.rows(
        "SELECT channel, state, reason, COUNT(*) AS people FROM deliveries WHERE campaign_id = ?"
        " AND state IN ('refused', 'dead', 'unknown', 'cancelled')"
        " GROUP BY channel, state, reason ORDER BY COUNT(*) DESC, channel, state, reason LIMIT ?",
        campaign_id, limit,
    )  # fmt: skip
    return [Missed(r["channel"], r["state"], r["reason"], int(r["people"])) for r in rows]


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
    audience: str = ""
    created_by: str = ""


async def newest(db: Database, limit: int) -> list[Listed]:
    """The campaigns made last, newest first."""
    rows = await db.rows(
        "SELECT c.id, c.template, c.state, c.created_at, t.total, t.sent + t.delivered AS reached,"
        " t.new + t.held + t.sending AS open FROM campaigns c"
        " JOIN tallies t ON t.campaign_id = c.id ORDER BY c.created_at DESC, c.id LIMIT ?",
        limit,
    )
    return [_listed(row) for row in rows]


async def below(
    db: Database, prefixes: Sequence[str], *, by_people: bool, limit: int, offset: int
) -> list[Listed]:
    """Campaigns in regions whose codes begin so, newest first; none to single persons.

    Those of no one region are for whoever holds a county (six digits). `by_people`: without what
    the program began by itself.
    """
    if not prefixes:
        return []
    within = " OR ".join("c.region BETWEEN ? AND ?" for _ in prefixes)
    bounds = [digits for p in prefixes for digits in (p.ljust(12, "0"), p.ljust(12, "9"))]
    if any(len(prefix) <= _COUNTY_DIGITS for prefix in prefixes):
        within += " OR c.region = ''"
    theirs = " AND c.of_people = true" if by_people else ""
    rows = await db.rows(
        "SELECT c.id, c.template, c.state, c.created_at, c.audience, c.created_by, t.total,"  # noqa: S608
        " t.sent + t.delivered AS reached, t.new + t.held + t.sending AS open FROM campaigns c"
        f" JOIN tallies t ON t.campaign_id = c.id WHERE ({within}){theirs}"
        " AND c.audience NOT LIKE 'person=%' ORDER BY c.created_at DESC, c.id LIMIT ? OFFSET ?",
        *bounds, limit, offset,
    )  # fmt: skip
    return [_listed(row, row["audience"], row["created_by"]) for row in rows]


_COUNTY_DIGITS = 6


def _listed(row: Row, audience: str = "", created_by: str = "") -> Listed:
    return Listed(
        row["id"], row["template"], row["state"], from_ms(row["created_at"]), row["total"],
        row["reached"], row["open"], audience, created_by,
    )  # fmt: skip
