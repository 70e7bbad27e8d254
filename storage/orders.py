"""Campaigns that one person composed and a second one has to approve before they begin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.moments import from_ms, to_ms

WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrder:
    """`region` is the 12-digit code in which all of the audience lies, `versions` are those of the
    words by channel that were shown, `people` and `price_fen` what it came to then.

    Moments are business time; `planned_for` None: as soon as it is approved.
    """

    id: str
    template: str
    audience: str
    region: str
    params: Mapping[str, str]
    versions: Mapping[str, int]
    planned_for: datetime | None
    spread: bool
    people: int
    price_fen: int
    made_by: str
    made_at: datetime
    state: str = WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    campaign_id: str = ""


async def insert(db: Database, new: CampaignOrder) -> bool:
    """Adds an order; False, and no change, where its id is known."""
    made = await db.rows(
        "INSERT INTO campaign_orders (id, template, audience, region, params, versions,"
        " planned_for, spread, people, price_fen, state, made_by, made_at, decided_by, reason,"
        " campaign_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '')"
        " ON CONFLICT (id) DO NOTHING RETURNING id",
        new.id, new.template, new.audience, new.region,
        json.dumps(dict(new.params), ensure_ascii=False), json.dumps(dict(new.versions)),
        None if new.planned_for is None else to_ms(new.planned_for), new.spread, new.people,
        new.price_fen, new.state, new.made_by, to_ms(new.made_at),
    )  # fmt: skip
    return bool(made)


async def load(db: Database, order_id: str) -> CampaignOrder | None:
    row = await db.row("SELECT * FROM campaign_orders WHERE id = ?", order_id)
    return _order(row) if row else None


async def decide(
    db: Database, order_id: str, *, state: str, by: str, now: datetime, reason: str = ""
) -> bool:
    """Approves or refuses an order; False where it waits no longer."""
    changed = await db.rows(
        "UPDATE campaign_orders SET state = ?, decided_by = ?, decided_at = ?, reason = ?"
        " WHERE id = ? AND state = ? RETURNING id",
        state, by, to_ms(now), reason[:200], order_id, WAITING,
    )  # fmt: skip
    return bool(changed)


async def note_campaign(db: Database, order_id: str, campaign_id: str) -> None:
    """Notes what came of an order."""
    await db.run("UPDATE campaign_orders SET campaign_id = ? WHERE id = ?", campaign_id, order_id)


async def of_campaign(db: Database, campaign_id: str) -> CampaignOrder | None:
    """The order that a campaign came of; None where nobody had to approve it."""
    row = await db.row("SELECT * FROM campaign_orders WHERE campaign_id = ? LIMIT 1", campaign_id)
    return _order(row) if row else None


async def waiting(db: Database, prefixes: Sequence[str], limit: int) -> list[CampaignOrder]:
    """What waits in regions whose codes begin so, the oldest first."""
    if not prefixes:
        return []
    within = " OR ".join("region BETWEEN ? AND ?" for _ in prefixes)
    bounds = [digits for p in prefixes for digits in (p.ljust(12, "0"), p.ljust(12, "9"))]
    rows = await db.rows(
        f"SELECT * FROM campaign_orders WHERE state = ? AND ({within})"  # noqa: S608
        " ORDER BY made_at, id LIMIT ?",
        WAITING, *bounds, limit,
    )  # fmt: skip
    return [_order(row) for row in rows]


def _order(row: Row) -> CampaignOrder:
    return CampaignOrder(
        id=row["id"],
        template=row["template"],
        audience=row["audience"],
        region=row["region"],
        params=json.loads(row["params"]),
        versions=json.loads(row["versions"]),
        planned_for=_moment(row["planned_for"]),
        spread=bool(row["spread"]),
        people=row["people"],
        price_fen=row["price_fen"],
        made_by=row["made_by"],
        made_at=from_ms(row["made_at"]),
        state=row["state"],
        decided_by=row["decided_by"],
        decided_at=_moment(row["decided_at"]),
        reason=row["reason"],
        campaign_id=row["campaign_id"],
    )


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
