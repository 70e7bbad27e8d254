"""Doubtful rows that somebody may accept: who may, and what was accepted once and for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol, TypeVar

from storage import audit, wording
from storage.batches import Order
from storage.database import Database
from storage.dossiers import Reason, Remark, doubt_of
from storage.ids import new_id
from storage.moments import to_ms


class Doubted(Protocol):
    """A doubtful row as a file brings it."""

    @property
    def line(self) -> Iterable[Any]: ...
    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...


_Row = TypeVar("_Row", bound=Doubted)


async def settle(
    db: Database,
    village: str,
    book: str,
    asked: Iterable[tuple[_Row, Collection[str]]],
    reviewers: Collection[str],
    order: Order,
) -> tuple[tuple[_Row, ...], tuple[_Row, ...]]:
    """Accepts doubts, each row given with who brought it in; gives those that were, and may not be.

    Where the village has people with the role 审核, one of them who did not bring the row in must
    accept it.
    """
    settled, unsettled = [], []
    for row, importers in asked:
        if reviewers and (order.actor not in reviewers or order.actor in importers):
            unsettled.append(row)
            continue
        settled.append(row)
        await db.run(
            "INSERT INTO accepted_doubts (id, village, book, doubt, actor, at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (village, book, doubt) DO NOTHING",
            new_id(), village, book, doubt_of(row.line, row.reasons), order.actor,
            to_ms(order.now),
        )  # fmt: skip
    if settled:
        await audit.record(
            db, order.actor, "accepted", f"{village}/{book}",
            {"rows": [f"{row.sheet}!{row.row}" for row in settled]}, now=order.now,
        )  # fmt: skip
    return tuple(settled), tuple(unsettled)


def in_words(remarks: Iterable[Remark], text: str) -> tuple[str, ...]:
    """One sentence on rows that something stands against; none where there are no rows."""
    places = [wording.place(remark.sheet, remark.row) for remark in remarks]
    return (text.format(count=len(places), rows=wording.few(places)),) if places else ()


async def accepted(db: Database, village: str, book: str) -> frozenset[str]:
    """What was accepted for a book, now or earlier (`doubt_of`)."""
    rows = await db.rows(
        "SELECT doubt FROM accepted_doubts WHERE village = ? AND book = ?", village, book
    )
    return frozenset(row["doubt"] for row in rows)
