"""What administrators have laid down for the five rhythms, instead of what the program has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from storage import audit
from storage.database import Database
from storage.moments import to_ms


@dataclass(frozen=True, slots=True)
class RhythmRule:
    """`number` is what the rhythm counts by: a day, working days, hours; 0 where it counts nothing.

    `stages` are the days from the due day on which those who enter it are reminded, in order.
    """

    number: int
    stages: tuple[int, ...]

    @property
    def town_stage(self) -> int:
        """The day after the last of them the town is told, once."""
        return self.stages[-1] + 1


async def laid_down(db: Database) -> dict[str, RhythmRule]:
    """By rhythm, those that somebody changed."""
    rows = await db.rows("SELECT rhythm, number, stages FROM rhythm_rules")
    return {
        row["rhythm"]: RhythmRule(int(row["number"]), tuple(json.loads(row["stages"])))
        for row in rows
    }


async def lay_down(db: Database, rhythm: str, rule: RhythmRule, actor: str, now: datetime) -> None:
    """Changes a rhythm's rule, and records the act."""
    async with db.transaction():
        await db.run(
            "INSERT INTO rhythm_rules (rhythm, number, stages, changed_by, changed_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (rhythm) DO UPDATE SET number = excluded.number,"
            " stages = excluded.stages, changed_by = excluded.changed_by,"
            " changed_at = excluded.changed_at",
            rhythm, rule.number, json.dumps(rule.stages), actor, to_ms(now),
        )  # fmt: skip
        await audit.record(
            db, actor, "rhythm_rule", rhythm,
            {"number": rule.number, "stages": list(rule.stages)}, now=now,
        )  # fmt: skip
