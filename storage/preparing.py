"""What is in preparation, and what was published lately, for those whose work it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.disclosures import OPEN, State, signers_of
from storage.moments import from_ms
from workbooks.records.kinds import KINDS

PAGE = 50


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version told briefly; `head` names a thing that is no list."""

    id: str
    village: str
    kind: str
    book: str
    period: str
    version: int
    state: State
    author: str
    given_back: str
    signers: tuple[str, ...]
    at: datetime
    head: str


_COLUMNS = (
    "id, village, kind, book, period, version, state, author, dossier, signatures,"
    " CASE WHEN kind IN ('accounts', 'power-items', 'subsidies') THEN '' ELSE body END AS body,"
    " CASE WHEN kind IN ('accounts', 'power-items', 'subsidies') THEN '' ELSE personal END"
    " AS personal,"
    " COALESCE(published_at, created_at) AS at"
)


async def in_preparation(db: Database, prefixes: Sequence[str], page: int = 0) -> list[Prepared]:
    """The open versions under these beginnings of codes, the oldest first, one more than a page."""
    return await _under(db, prefixes, OPEN, "created_at, id", page)


async def public_lately(db: Database, prefixes: Sequence[str], page: int = 0) -> list[Prepared]:
    """What was published, the newest first, one more than a page."""
    where = "state IN ('published', 'corrected', 'withdrawn')"
    return await _under(db, prefixes, where, "published_at DESC, id", page)


async def _under(
    db: Database, prefixes: Sequence[str], where: str, order: str, page: int
) -> list[Prepared]:
    if not prefixes:
        return []
    places = " OR ".join("village BETWEEN ? AND ?" for _ in prefixes)
    bounds = [bound for prefix in prefixes for bound in (prefix.ljust(12, "0"), f"{prefix:9<12}")]
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM disclosures WHERE {where} AND ({places})"  # noqa: S608
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        *bounds, PAGE + 1, page * PAGE,
    )  # fmt: skip
    return [_prepared(row) for row in rows]


def _prepared(row: Row) -> Prepared:
    dossier = json.loads(row["dossier"])
    return Prepared(
        row["id"], row["village"], row["kind"], row["book"], row["period"], row["version"],
        State(row["state"]), row["author"], dossier.get("given_back", ""),
        signers_of(row["signatures"]), from_ms(row["at"]), _head(row),
    )  # fmt: skip


def _head(row: Row) -> str:
    """What a thing that is no list is called; empty for lists and accounts."""
    kind = KINDS.get(row["kind"])
    if kind is None or kind.is_list:
        return ""
    entry = json.loads(row["body"])["entries"][0]
    values = json.loads(row["personal"])
    told = (values.get(f"{entry['id']}.{key}", ["", entry.get(key)])[1] for key in kind.head)
    return " ".join(str(value) for value in told if value)
