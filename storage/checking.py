"""Whether all that a region shows is as it was published: what its page says, and what of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage import chain
from storage.chain import Broken, Head
from storage.database import Database, Row
from storage.moments import from_ms


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `versions` were published from `first_at` to `newest_at`."""

    head: Head
    versions: int
    first_at: datetime | None
    newest_at: datetime | None
    broken: Broken | None
    kind: str = ""  # of what is broken, as far as anybody can tell
    period: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A head that somebody wrote down: it is this link of the chain."""

    seq: int
    at: datetime


async def check(db: Database, regions: Collection[str]) -> Finding:
    """Checks the whole chain, and against it what these regions (12-digit codes) published.

    No transaction, which would keep everybody else from an SQLite store: what somebody publishes
    meanwhile may look like a flaw, so a flaw counts only if the chain stood still.
    """
    while True:
        head = await chain.head(db)
        broken = await chain.verify(db, regions=regions)
        if broken is None or await chain.height(db) == head.length:
            break
    rows = await _versions(db, regions)
    times = [from_ms(row["published_at"]) for row in rows]
    named = broken.disclosure if broken else ""
    kind, period = next(
        ((row["kind"], row["period"]) for row in rows if row["id"] == named), ("", "")
    )
    return Finding(
        head=head,
        versions=len(rows),
        first_at=min(times, default=None),
        newest_at=max(times, default=None),
        broken=broken,
        kind=kind,
        period=period,
    )


async def _versions(db: Database, regions: Collection[str]) -> list[Row]:
    marks = ", ".join("?" for _ in regions)
    return await db.rows(
        f"SELECT id, kind, period, published_at FROM disclosures WHERE village IN ({marks})"  # noqa: S608
        " AND state IN ('published', 'corrected', 'withdrawn')",
        *regions,
    )


async def find_head(db: Database, digits: str) -> Noted | None:
    """The newest link whose hash begins with these hexadecimal digits."""
    row = await db.row(
        "SELECT seq, at FROM chain WHERE hash LIKE ? ORDER BY seq DESC LIMIT 1", f"{digits}%"
    )
    return Noted(row["seq"], from_ms(row["at"])) if row else None
