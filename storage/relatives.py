"""Near relatives of people in office, as they declared them (domain.md, M53)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import audit
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms

RELATIONS = ("配偶", "父母", "子女", "兄弟姐妹", "祖孙", "姻亲")
"""Near relatives: those whom the village law bars from supervising one another."""


@dataclass(frozen=True, slots=True)
class Relation:
    """That two people are related, said of the first: the other is their 配偶, 子女, ..."""

    id: str
    person_id: str
    relative_id: str
    relation: str

    def other(self, person_id: str) -> str:
        """The one that this person is related to; empty where neither is this person."""
        if person_id == self.person_id:
            return self.relative_id
        return self.person_id if person_id == self.relative_id else ""


async def declare(
    db: Database, person_id: str, relative_id: str, relation: str, actor: str, now: datetime
) -> None:
    """Keeps what was declared; a second word on the same two replaces the first.

    Raises ValueError for oneself and for a relation that is not one of RELATIONS.
    """
    if person_id == relative_id or relation not in RELATIONS:
        raise ValueError(relation)
    async with db.transaction():
        await db.run(
            "DELETE FROM relatives WHERE person_id = ? AND relative_id = ?", relative_id, person_id
        )
        await db.run(
            "INSERT INTO relatives (id, person_id, relative_id, relation, declared_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id, relative_id)"
            " DO UPDATE SET relation = excluded.relation",
            new_id(), person_id, relative_id, relation, to_ms(now),
        )  # fmt: skip
        await audit.record(db, actor, "relative_declared", person_id, now=now)


async def withdraw(db: Database, identity: str, actor: str, now: datetime) -> None:
    """Takes a declaration back, as one made by mistake."""
    async with db.transaction():
        gone = await db.rows("DELETE FROM relatives WHERE id = ? RETURNING person_id", identity)
        if gone:
            subject = gone[0]["person_id"]
            await audit.record(db, actor, "relative_withdrawn", subject, now=now)


async def among(db: Database, some: Sequence[str], others: Sequence[str]) -> list[Relation]:
    """The declarations, made by either, between one of the first and one of the second."""
    if not some or not others:
        return []
    first, second = ", ".join("?" for _ in some), ", ".join("?" for _ in others)
    rows = await db.rows(
        "SELECT id, person_id, relative_id, relation FROM relatives"  # noqa: S608
        f" WHERE (person_id IN ({first}) AND relative_id IN ({second}))"
        f" OR (relative_id IN ({first}) AND person_id IN ({second})) ORDER BY declared_at, id",
        *some, *others, *some, *others,
    )  # fmt: skip
    return [
        Relation(row["id"], row["person_id"], row["relative_id"], row["relation"]) for row in rows
    ]
