"""Matters: a villager's application along an item's steps (domain.md, M15, M32, M33).

Steps are done in their order only, and a matter is done only with a result. The applicant alone
sees where it stands; everybody else at most the masked result, where that may be shown.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from storage import audit
from storage.canonical import canonical
from storage.database import Database, Row
from storage.ids import new_id
from storage.residents import KIND
from storage.sealing import Sealer

NUMBER_DIGITS = 8
_LOCK = 0x6D62_0005


class MatterState(StrEnum):
    OPEN = "open"
    DONE = "done"


class UnknownMatter(LookupError):
    """No matter has this number."""


class NotInOrder(Exception):
    """Not the step that comes next: `expected` is its number, 0 where all are done."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"step {expected} comes next")
        self.expected = expected


class StepsLeft(Exception):
    """A matter cannot be done while steps are left: `expected` is the next one."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"step {expected} is not done")
        self.expected = expected


class NoResult(Exception):
    """A matter cannot be done without a result (M33)."""


class AlreadyDone(Exception):
    """The matter is closed: nothing about it changes any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the item, and the post that takes it."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a matter is opened with. `applicant_id` is None for whoever has no address with us."""

    village: str
    item_code: str
    item_name: str
    steps: tuple[Step, ...]
    applicant: str = field(repr=False)
    applicant_masked: str
    applicant_id: str | None
    due_on: date
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Where an application stands. `done_on` has a day for each step that is done."""

    id: str
    number: str
    village: str
    item_code: str
    item_name: str
    steps: tuple[Step, ...]
    done_on: tuple[date, ...]
    applicant_id: str | None
    applicant_masked: str
    opened_on: date
    due_on: date
    state: MatterState
    result: str
    amount_fen: int | None
    decided_on: date | None
    is_public: bool

    @property
    def next_step(self) -> int:
        """The number of the step that comes next, from 1; 0 where all are done."""
        return len(self.done_on) + 1 if len(self.done_on) < len(self.steps) else 0


@dataclass(frozen=True, slots=True)
class Result:
    """How a matter ended (M33). `amount_fen` is None where no money is involved."""

    text: str
    decided_on: date
    amount_fen: int | None = None


async def open_matter(
    db: Database,
    sealer: Sealer,
    application: Application,
    *,
    actor: str,
    now: datetime,
    today: date,
) -> Matter:
    """Opens a matter; gives it with its number, which is random: nobody guesses a neighbour's."""
    identity = new_id()
    async with db.transaction():
        number = await _free_number(db)
        await db.run(
            "INSERT INTO matters (id, number, village, item_code, item_name, steps,"
            " applicant_id, applicant_sealed, applicant_masked, opened_on, due_on, state, result,"
            " is_public) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '', ?)",
            identity, number, application.village, application.item_code, application.item_name,
            canonical([[step.name, step.post] for step in application.steps]),
            application.applicant_id, sealer.seal_address(application.applicant.encode()),
            application.applicant_masked, today.isoformat(), application.due_on.isoformat(),
            application.is_public,
        )  # fmt: skip
        await audit.record(db, actor, "matter_opened", identity, now=now)
    return await by_number(db, number)


async def do_step(
    db: Database, number: str, no: int, *, actor: str, note: str = "", now: datetime, today: date
) -> Matter:
    """Marks the next step as done. Raises NotInOrder for any other, and what `by_number` raises."""
    async with db.transaction():
        matter = await _open_one(db, number)
        if no != matter.next_step:
            raise NotInOrder(matter.next_step)
        await db.run(
            "INSERT INTO matter_steps (id, matter_id, no, done_on, actor, note)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            new_id(), matter.id, no, today.isoformat(), actor, note,
        )  # fmt: skip
        await audit.record(db, actor, "matter_step", matter.id, {"step": no}, now=now)
    return await by_number(db, number)


async def close(db: Database, number: str, result: Result, *, actor: str, now: datetime) -> Matter:
    """Ends a matter. Raises StepsLeft, NoResult and what `by_number` raises."""
    async with db.transaction():
        matter = await _open_one(db, number)
        if matter.next_step:
            raise StepsLeft(matter.next_step)
        if not result.text.strip():
            raise NoResult
        await db.run(
            "UPDATE matters SET state = 'done', result = ?, amount_fen = ?, decided_on = ?"
            " WHERE id = ?",
            result.text.strip(), result.amount_fen, result.decided_on.isoformat(), matter.id,
        )  # fmt: skip
        await audit.record(db, actor, "matter_done", matter.id, now=now)
    return await by_number(db, number)


async def by_number(db: Database, number: str) -> Matter:
    """Raises UnknownMatter."""
    row = await db.row("SELECT * FROM matters WHERE number = ?", number)
    if row is None:
        raise UnknownMatter
    return (await _matters(db, [row]))[0]


async def of_address(db: Database, sealer: Sealer, channel: str, address: str) -> list[Matter]:
    """The matters of whoever writes from an address, the newest first; a household's share it."""
    rows = await db.rows(
        "SELECT * FROM matters WHERE applicant_id IN"
        " (SELECT person_id FROM addresses WHERE channel = ? AND lookup = ?)"
        " ORDER BY opened_on DESC, id",
        channel, sealer.lookup_hash(KIND[channel], address),
    )  # fmt: skip
    return await _matters(db, rows)


async def results(db: Database, village: str) -> list[Matter]:
    """What was decided in a village and may be shown to everybody, the newest first."""
    rows = await db.rows(
        "SELECT * FROM matters WHERE village = ? AND state = 'done' AND is_public = ?"
        " ORDER BY decided_on DESC, id",
        village, True,
    )  # fmt: skip
    return await _matters(db, rows)


async def overrun(db: Database, first: date, last: date) -> list[Matter]:
    """Matters still open whose limit lies in these days."""
    rows = await db.rows(
        "SELECT * FROM matters WHERE state = 'open' AND due_on BETWEEN ? AND ? ORDER BY due_on, id",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return await _matters(db, rows)


async def _open_one(db: Database, number: str) -> Matter:
    await audit.serialise(db, _LOCK)
    matter = await by_number(db, number)
    if matter.state is MatterState.DONE:
        raise AlreadyDone
    return matter


async def _free_number(db: Database) -> str:
    while True:
        number = f"{secrets.randbelow(9 * 10 ** (NUMBER_DIGITS - 1)) + 10 ** (NUMBER_DIGITS - 1)}"
        if await db.row("SELECT id FROM matters WHERE number = ?", number) is None:
            return number


async def _matters(db: Database, rows: Sequence[Row]) -> list[Matter]:
    if not rows:
        return []
    marks = ", ".join("?" * len(rows))
    done = await db.rows(
        f"SELECT matter_id, done_on FROM matter_steps WHERE matter_id IN ({marks}) ORDER BY no",  # noqa: S608
        *(row["id"] for row in rows),
    )
    days: dict[str, list[date]] = {row["id"]: [] for row in rows}
    for step in done:
        days[step["matter_id"]].append(date.fromisoformat(step["done_on"]))
    return [_matter(row, days[row["id"]]) for row in rows]


def _matter(row: Row, done_on: Sequence[date]) -> Matter:
    steps: list[Any] = json.loads(row["steps"])
    decided = row["decided_on"]
    return Matter(
        id=row["id"],
        number=row["number"],
        village=row["village"],
        item_code=row["item_code"],
        item_name=row["item_name"],
        steps=tuple(Step(name, post) for name, post in steps),
        done_on=tuple(done_on),
        applicant_id=row["applicant_id"],
        applicant_masked=row["applicant_masked"],
        opened_on=date.fromisoformat(row["opened_on"]),
        due_on=date.fromisoformat(row["due_on"]),
        state=MatterState(row["state"]),
        result=row["result"],
        amount_fen=row["amount_fen"],
        decided_on=date.fromisoformat(decided) if decided else None,
        is_public=bool(row["is_public"]),
    )
