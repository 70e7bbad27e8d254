"""Schedules and their occurrences: what is due when, and every firing, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`cron` has five fields in local time; `misfire` is run_latest, run_all or skip."""

    name: str
    cron: str
    misfire: str
    next_run: datetime  # business time


@dataclass(frozen=True, slots=True)
class Firing:
    """One occurrence, and how it was recorded: done skipped held."""

    due_at: datetime
    state: str


async def ensure(db: Database, schedule: Schedule) -> None:
    """Adds a schedule that is not there; a changed rule takes the place of the old one."""
    await db.run(
        "INSERT INTO schedules (name, cron, misfire, next_run) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, misfire = excluded.misfire,"
        " next_run = CASE WHEN schedules.cron = excluded.cron THEN schedules.next_run"
        " ELSE excluded.next_run END",
        schedule.name, schedule.cron, schedule.misfire, to_ms(schedule.next_run),
    )  # fmt: skip


async def due(db: Database, now: datetime) -> list[Schedule]:
    """Schedules whose time has come."""
    rows = await db.rows(
        "SELECT * FROM schedules WHERE next_run <= ? ORDER BY next_run, name", to_ms(now)
    )
    return [_schedule(row) for row in rows]


async def advance(db: Database, schedule: Schedule, next_run: datetime) -> bool:
    """Takes a schedule's turn: False when another replica has taken it (compare-and-set)."""
    taken = await db.rows(
        "UPDATE schedules SET next_run = ? WHERE name = ? AND next_run = ? RETURNING name",
        to_ms(next_run), schedule.name, to_ms(schedule.next_run),
    )  # fmt: skip
    return bool(taken)


async def record(db: Database, name: str, firings: Sequence[Firing], now: datetime) -> list[Firing]:
    """Writes down occurrences; returns those that nobody has written down before."""
    new = []
    for firing in firings:
        made = await db.rows(
            "INSERT INTO occurrences (id, schedule, due_at, state, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (schedule, due_at) DO NOTHING RETURNING id",
            new_id(), name, to_ms(firing.due_at), firing.state, to_ms(now),
        )  # fmt: skip
        if made:
            new.append(firing)
    return new


async def held(db: Database) -> int:
    """How many occurrences wait for an operator."""
    row = await db.row("SELECT COUNT(*) AS n FROM occurrences WHERE state = 'held'")
    return int(row["n"]) if row else 0


async def resume(db: Database) -> None:
    """Lets held occurrences be caught up at the next tick."""
    await db.run("UPDATE occurrences SET state = 'resumed' WHERE state = 'held'")


async def any_resumed(db: Database, name: str) -> bool:
    row = await db.row(
        "SELECT 1 AS one FROM occurrences WHERE schedule = ? AND state = 'resumed' LIMIT 1", name
    )
    return row is not None


async def take_resumed(db: Database, name: str) -> list[datetime]:
    """Takes the resumed occurrences of a schedule, earliest first."""
    rows = await db.rows(
        "UPDATE occurrences SET state = 'done' WHERE schedule = ? AND state = 'resumed'"
        " RETURNING due_at",
        name,
    )
    return sorted(from_ms(row["due_at"]) for row in rows)


async def published_months(db: Database, since: str) -> list[tuple[str, str, str]]:
    """Village, book and month (YYYY-MM) of all accounts published from that month on."""
    rows = await db.rows(
        "SELECT DISTINCT village, book, period FROM disclosures"
        " WHERE kind = 'accounts' AND state = 'published' AND period >= ?",
        since,
    )
    return [(row["village"], row["book"], row["period"]) for row in rows]


def _schedule(row: Row) -> Schedule:
    return Schedule(
        name=row["name"],
        cron=row["cron"],
        misfire=row["misfire"],
        next_run=from_ms(row["next_run"]),
    )
