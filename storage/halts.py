"""Halts: a channel, or a template on a channel, that a provider will not serve for now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.moments import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Halt:
    """`template` is empty where the whole channel stands still. Real time."""

    channel: str
    template: str
    code: str
    detail: str  # a sentence for operators, without anything personal
    since: datetime
    until: datetime  # then it is tried again


async def halts(db: Database) -> list[Halt]:
    """All that are noted, those that may be tried again included."""
    rows = await db.rows("SELECT * FROM halts ORDER BY scope")
    return [
        Halt(
            *_parts(row["scope"]),
            row["code"],
            row["detail"],
            from_ms(row["since"]),
            from_ms(row["until"]),
        )
        for row in rows
    ]


async def note(db: Database, halt: Halt) -> None:
    """Halts, or halts on: the first moment stays."""
    await db.run(
        "INSERT INTO halts (scope, code, detail, since, until) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (scope) DO UPDATE SET code = excluded.code, detail = excluded.detail,"
        " until = excluded.until",
        _scope(halt.channel, halt.template), halt.code[:64], halt.detail[:200],
        to_ms(halt.since), to_ms(halt.until),
    )  # fmt: skip


async def lift(db: Database, channel: str, template: str = "") -> None:
    """Forgets a halt: something went through, or an operator has mended it."""
    await db.run("DELETE FROM halts WHERE scope = ?", _scope(channel, template))


def _scope(channel: str, template: str) -> str:
    return f"{channel}/{template}" if template else channel


def _parts(scope: str) -> tuple[str, str]:
    channel, _, template = scope.partition("/")
    return channel, template
