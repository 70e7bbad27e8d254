"""What villages have published, told briefly: enough to say that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.moments import from_ms, to_ms
from storage.record_bodies import parse
from workbooks.records.kinds import KINDS

_COLUMNS = "village, kind, disclosure_class, book, period, published_at, body, personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version that was published. `heads` are the names of things that are no list of people."""

    village: str
    kind: str
    disclosure_class: str
    book: str
    period: str
    at: datetime
    heads: tuple[str, ...] = ()


async def published_between(db: Database, since: datetime, until: datetime) -> list[Publication]:
    """What was published from a moment up to, without, another, and stands."""
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM disclosures WHERE state = 'published'"  # noqa: S608
        " AND published_at >= ? AND published_at < ?",
        to_ms(since), to_ms(until),
    )  # fmt: skip
    return [_publication(row) for row in rows]


async def of_ids(db: Database, ids: Sequence[str]) -> list[Publication]:
    """These versions of disclosures, as far as they are published."""
    marks = ", ".join("?" for _ in ids)
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM disclosures WHERE state = 'published' AND id IN ({marks})",  # noqa: S608
        *ids,
    )
    return [_publication(row) for row in rows]


async def accounts_of(db: Database, village: str, periods: Sequence[str]) -> list[str]:
    """The ids of a village's published accounts of these months, of every book."""
    marks = ", ".join("?" for _ in periods)
    rows = await db.rows(
        "SELECT id FROM disclosures WHERE village = ? AND kind = 'accounts'"  # noqa: S608
        f" AND state = 'published' AND period IN ({marks}) ORDER BY id",
        village, *periods,
    )  # fmt: skip
    return [row["id"] for row in rows]


def _publication(row: Row) -> Publication:
    return Publication(
        village=row["village"],
        kind=row["kind"],
        disclosure_class=row["disclosure_class"],
        book=row["book"],
        period=row["period"],
        at=from_ms(row["published_at"]),
        heads=_heads(row),
    )


def _heads(row: Row) -> tuple[str, ...]:
    kind = KINDS.get(row["kind"])
    if kind is None or kind.is_list:
        return ()
    version = parse(kind, row["body"], row["personal"])
    lines = (dict(entry.line) for entry in version.entries)
    return tuple(" ".join(str(line[key]) for key in kind.head if line.get(key)) for line in lines)
