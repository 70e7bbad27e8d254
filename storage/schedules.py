"""Schedules and their occurrences: what is due when, and every firing, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms

_AT_ONCE = 200  # occurrences in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`cron` has five fields in local time; `misfire` is run_latest, run_all or skip."""

    name: str
    cron: str
    misfire: str
    next_run: datetime  # business time
    own_rule: bool = False  # an operator's, not the program's


@dataclass(frozen=True, slots=True)
class Firing:
    """One occurrence, and how it was recorded: done skipped held."""

    due_at: datetime
    state: str


async def ensure(db: Database, schedule: Schedule, now: datetime) -> None:
    """Adds a schedule that is not there; a changed rule takes the place of the old one.

    An operator's own rule stays, and so does the turn of what is due already.
    """
    await db.run(
        "INSERT INTO schedules (name, cron, misfire, next_run, own_rule) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, misfire = excluded.misfire,"
        " next_run = CASE WHEN schedules.cron = excluded.cron OR schedules.next_run <= ?"
        " THEN schedules.next_run ELSE excluded.next_run END WHERE NOT schedules.own_rule",
        schedule.name, schedule.cron, schedule.misfire, to_ms(schedule.next_run), False,
        to_ms(now),
    )  # fmt: skip


async def set_rule(db: Database, schedule: Schedule, now: datetime) -> bool:
    """Gives a schedule another rule; what is due already keeps its turn. False: there is none."""
    changed = await db.rows(
        "UPDATE schedules SET cron = ?, misfire = ?, own_rule = ?,"
        " next_run = CASE WHEN next_run <= ? THEN next_run ELSE CAST(? AS BIGINT) END"
        " WHERE name = ? RETURNING name",
        schedule.cron, schedule.misfire, schedule.own_rule, to_ms(now), to_ms(schedule.next_run),
        schedule.name,
    )  # fmt: skip
    return bool(changed)


async def load_all(db: Database) -> list[Schedule]:
    """Every schedule, by its next run."""
    return [
        _schedule(row) for row in await db.rows("SELECT * FROM schedules ORDER BY next_run, name")
    ]


async def last_firings(db: Database) -> dict[str, Firing]:
    """By schedule, its latest occurrence."""
    rows = await db.rows(
        "SELECT o.schedule, o.due_at, o.state FROM occurrences o JOIN (SELECT schedule,"
        " MAX(due_at) AS due_at FROM occurrences GROUP BY schedule) AS latest"
        " ON latest.schedule = o.schedule AND latest.due_at = o.due_at"
    )
    return {row["schedule"]: Firing(from_ms(row["due_at"]), row["state"]) for row in rows}


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
    new: set[int] = set()
    for start in range(0, len(firings), _AT_ONCE):
        some = firings[start : start + _AT_ONCE]
        values = [
            value
            for firing in some
            for value in (new_id(), name, to_ms(firing.due_at), firing.state, to_ms(now))
        ]
        made = await db.rows(
            "INSERT INTO occurrences (id, schedule, due_at, state, at)"  # noqa: S608
            f" VALUES {', '.join(['(?, ?, ?, ?, ?)'] * len(some))}"
            " ON CONFLICT (schedule, due_at) DO NOTHING RETURNING due_at",
            *values,
        )
        new |= {row["due_at"] for row in made}
    return [firing for firing in firings if to_ms(firing.due_at) in new]


async def forget(db: Database, name: str, before: datetime) -> None:
    """Erases what a schedule did long ago; what waits for an operator stays."""
    await db.run(
        "DELETE FROM occurrences WHERE schedule = ? AND due_at < ?"
        " AND state IN ('done', 'skipped')",
        name, to_ms(before),
    )  # fmt: skip


async def held(db: Database) -> int:
    """How many occurrences wait for an operator."""
    row = await db.row("SELECT COUNT(*) AS n FROM occurrences WHERE state = 'held'")
    return int(row["n"]) if row else 0


async def resume(db: Database) -> None:
    """Lets held occurrences be caught up at the next tick."""
    await db.run("UPDATE occurrences SET state = 'resumed' WHERE state = 'held'")


async def resumed(db: Database) -> set[str]:
    """The schedules that have something to catch up."""
    rows = await db.rows("SELECT DISTINCT schedule FROM occurrences WHERE state = 'resumed'")
    return {row["schedule"] for row in rows}


async def take_resumed(db: Database, name: str) -> list[datetime]:
    """Takes the resumed occurrences of a schedule, earliest first."""
    rows = await db.rows(
        "UPDATE occurrences SET state = 'done' WHERE schedule = ? AND state = 'resumed'"
        " RETURNING due_at",
        name,
    )
    return sorted(from_ms(row["due_at"]) for row in rows)


def _schedule(row: Row) -> Schedule:
    return Schedule(
        name=row["name"],
        cron=row["cron"],
        misfire=row["misfire"],
        next_run=from_ms(row["next_run"]),
        own_rule=bool(row["own_rule"]),
    )
