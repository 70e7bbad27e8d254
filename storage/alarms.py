"""Alarms: what an operator has to mend, told once until it is cleared. Real time throughout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.moments import NEVER, from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong now. `key` is of the kind and of what it is about.

    `channel` is the one in trouble, empty: none. `region` is whom it concerns beside the county.
    `detail` is a sentence for operators, without anything personal.
    """

    key: str
    kind: str
    detail: str
    channel: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A condition with its history; `told_at` is None as long as nobody was told."""

    key: str
    kind: str
    channel: str
    region: str
    detail: str
    since: datetime
    told_at: datetime | None
    cleared_at: datetime | None


async def note(db: Database, conditions: Iterable[Condition], now: datetime) -> None:
    """Raises alarms, or keeps them up; one that had been cleared begins anew."""
    at = to_ms(now)
    await db.run_many(
        "INSERT INTO alarms (key, kind, channel, region, detail, since, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " detail = excluded.detail, seen_at = excluded.seen_at, cleared_at = NULL,"
        " since = CASE WHEN alarms.cleared_at IS NULL THEN alarms.since ELSE excluded.since END,"
        " told_at = CASE WHEN alarms.cleared_at IS NULL THEN alarms.told_at ELSE NULL END",
        [
            (one.key[:80], one.kind, one.channel, one.region, one.detail[:200], at, at)
            for one in conditions
        ],
    )


async def clear_quiet(
    db: Database,
    *,
    unseen_since: datetime,
    unheard_since: datetime,
    heard: Sequence[str],
    now: datetime,
) -> list[Alarm]:
    """Clears what was not seen since then, and of the kinds `heard`, of which a provider speaks
    only now and then, what was not heard of since; returns what this call cleared.
    """
    marks = ", ".join("?" for _ in heard)
    quiet = (
        f"cleared_at IS NULL AND seen_at <= CASE WHEN kind IN ({marks})"
        " THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END"
    )
    values = [*heard, to_ms(unheard_since), to_ms(unseen_since)]
    # Looked for first: an UPDATE that changes nothing takes SQLite's write lock all the same.
    if not await db.row(f"SELECT 1 AS one FROM alarms WHERE {quiet} LIMIT 1", *values):  # noqa: S608
        return []
    rows = await db.rows(
        f"UPDATE alarms SET cleared_at = ? WHERE {quiet} RETURNING *",  # noqa: S608
        to_ms(now),
        *values,
    )
    return [_alarm(row) for row in rows]


async def open_alarms(db: Database) -> list[Alarm]:
    """What is wrong and not cleared, the oldest first."""
    rows = await db.rows("SELECT * FROM alarms WHERE cleared_at IS NULL ORDER BY since, key")
    return [_alarm(row) for row in rows]


async def take(db: Database, alarm: Alarm, now: datetime) -> bool:
    """Marks an alarm as told; False where another process was faster, or it is over.

    To be called in the transaction that tells it.
    """
    taken = await db.rows(
        "UPDATE alarms SET told_at = ? WHERE key = ? AND since = ? AND told_at IS NULL"
        " AND cleared_at IS NULL RETURNING key",
        to_ms(now), alarm.key, to_ms(alarm.since),
    )  # fmt: skip
    return bool(taken)


async def count_by_kind(db: Database) -> dict[str, int]:
    """How many are open, by kind."""
    rows = await db.rows(
        "SELECT kind, COUNT(*) AS n FROM alarms WHERE cleared_at IS NULL GROUP BY kind"
    )
    return {row["kind"]: int(row["n"]) for row in rows}


def _alarm(row: Row) -> Alarm:
    told, cleared = row["told_at"], row["cleared_at"]
    return Alarm(
        key=row["key"],
        kind=row["kind"],
        channel=row["channel"],
        region=row["region"],
        detail=row["detail"],
        since=from_ms(row["since"]),
        told_at=None if told is None else from_ms(told),
        cleared_at=None if cleared is None else from_ms(cleared),
    )


# --- what is asked every few minutes --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign that does not move. `whom` is JSON of who is meant."""

    id: str
    notice_class: str
    lane: int
    whom: str


async def standing(
    db: Database, *, due_since: datetime, still_since: datetime, limit: int = 20
) -> list[Standing]:
    """Running campaigns with a delivery due since then (business time), none of whose deliveries
    has moved since then (real time)."""
    rows = await db.rows(
        "SELECT c.id, c.notice_class, c.lane, c.whom FROM campaigns c"
        " JOIN tallies t ON t.campaign_id = c.id WHERE c.state = 'running' AND NOT c.paused"
        " AND t.new > 0 AND c.planned_for <= ? AND (t.moved_at IS NULL OR t.moved_at <= ?)"
        " AND EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = c.id AND d.state = 'new'"
        " AND d.not_before <= ?) ORDER BY c.planned_for, c.id LIMIT ?",
        to_ms(due_since), to_ms(still_since), to_ms(due_since), limit,
    )  # fmt: skip
    return [Standing(row["id"], row["notice_class"], row["lane"], row["whom"]) for row in rows]


async def unknown_for_good(db: Database, *, since: datetime) -> int:
    """How many deliveries of that time stay unknown unless somebody does something."""
    row = await db.row(
        "SELECT COUNT(*) AS n FROM deliveries WHERE state = 'unknown' AND not_before >= ?"
        " AND updated_at >= ?",
        NEVER,
        to_ms(since),
    )
    return int(row["n"]) if row else 0


TAKEN = (
    "SELECT COUNT(*) AS n FROM attempts WHERE channel = 'sms' AND gateway = ?"
    " AND state = 'taken' AND started_at BETWEEN ? AND ?"
)


async def texts_without_a_word(
    db: Database, gateway: str, *, first: datetime, last: datetime
) -> int:
    """How many texts a gateway took in that time, where it has reported nothing at all since."""
    row = await db.row(TAKEN, gateway, to_ms(first), to_ms(last))
    count = int(row["n"]) if row else 0
    if not count:
        return 0
    heard = await db.row(
        "SELECT 1 AS one FROM receipts WHERE gateway = ? AND at >= ? LIMIT 1",
        gateway,
        to_ms(first),
    )
    return 0 if heard else count


async def begun_at(db: Database) -> datetime | None:
    """When anybody first did anything with this installation."""
    row = await db.row("SELECT at FROM audit ORDER BY seq LIMIT 1")
    return from_ms(row["at"]) if row else None
