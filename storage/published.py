"""Published accounts as readers see them: one immutable snapshot a village, cached by version.

A snapshot is read in one statement, so it is of one moment; it stays until the chain has a newer
link of its village. Nothing here looks at a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.accounts import Accounts, VillageAccounts
from storage.bodies import KIND, Shared, as_accounts
from storage.database import Database, Row
from storage.moments import from_ms
from storage.snapshots import Snapshot, Snapshots

KEPT_ENTRIES = 300_000
"""About 120 MB of snapshots; the village asked for longest ago goes first."""

_CURRENT = (
    "SELECT id, body, personal, published_at,"
    " (SELECT COALESCE(MAX(seq), 0) FROM chain) AS head"
    " FROM disclosures WHERE village = ? AND kind = ? AND state = 'published'"
    " ORDER BY period, book"
)

_NOTED = (
    "disclosures.id, period, book, version, state, published_at, reason, withdrawn_reason,"
    " withdrawal.at AS withdrawn_at"
)


@dataclass(frozen=True, slots=True)
class VersionNote:
    """A version as it stands in the history of a month: `state` is published, corrected, withdrawn.

    Why it was withdrawn, and when, is empty and None where it was not.
    """

    id: str
    period: str
    book: str
    version: int
    state: str
    published_at: datetime
    reason: str
    withdrawn_reason: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastVersion(VersionNote):
    """The same with what it says; None for what was withdrawn."""

    accounts: Accounts | None


class PublishedAccounts:
    """All that villages have published and not withdrawn: one for a process, for all readers."""

    def __init__(self, db: Database, kept_entries: int = KEPT_ENTRIES) -> None:
        self._db = db
        self._snapshots = Snapshots(db, self._load, kept_entries)

    def cached(self, code: str, head: int) -> VillageAccounts | None:
        """What is in memory, if it holds all that the chain's first `head` links say; at once."""
        return self._snapshots.cached(code, head)

    async def village(self, code: str, head: int) -> VillageAccounts:
        """A village's accounts, with all that the chain's first `head` links say, or more.

        A month is in its old or its new version, never between; a later call never gives less.
        """
        return await self._snapshots.at(code, head)

    async def newest(self, code: str) -> VillageAccounts:
        """The same with all that is published now, for whoever does not know the chain's height."""
        return await self._snapshots.newest(code)

    async def _load(self, village: str) -> Snapshot[VillageAccounts]:
        rows = await self._db.rows(_CURRENT, village, KIND)
        shared = Shared()
        accounts = VillageAccounts(village, tuple(_accounts(row, shared) for row in rows))
        return Snapshot(accounts, rows[0]["head"] if rows else None, _size(accounts))

    async def versions(self, village: str, period: str) -> list[VersionNote]:
        """Every version that a month was published in, by book, the newest first."""
        return [VersionNote(**_note(row)) for row in await self._past(_NOTED, village, period)]

    async def history(self, village: str, period: str) -> list[PastVersion]:
        """The same with what each says."""
        return [
            PastVersion(
                **_note(row), accounts=None if row["state"] == "withdrawn" else _accounts(row)
            )
            for row in await self._past(f"{_NOTED}, body, personal", village, period)
        ]

    async def _past(self, columns: str, village: str, period: str) -> list[Row]:
        return await self._db.rows(
            f"SELECT {columns} FROM disclosures"  # noqa: S608 - ours
            " LEFT JOIN chain withdrawal ON withdrawal.disclosure_id = disclosures.id"
            " AND withdrawal.event = 'withdrawn'"
            " WHERE village = ? AND kind = ? AND period = ?"
            " AND state IN ('published', 'corrected', 'withdrawn') ORDER BY book, version DESC",
            village, KIND, period,
        )  # fmt: skip

    async def entry_history(self, village: str, identity: str) -> list[PastVersion]:
        """Every version of the book and month that an entry stands or once stood in, newest first.

        Empty for an id that no entry of the village has or had.
        """
        place = await self._place(village, identity)
        if place is None:
            return []
        period, book = place
        return [version for version in await self.history(village, period) if version.book == book]

    async def _place(self, village: str, identity: str) -> tuple[str, str] | None:
        """Month and book of an entry."""
        for accounts in (await self.newest(village)).months:
            if any(entry.id == identity for entry in accounts.entries):
                return accounts.period, accounts.book
        if not identity.isalnum():
            return None
        row = await self._db.row(
            "SELECT period, book FROM disclosures WHERE village = ? AND kind = ?"
            " AND state IN ('corrected', 'withdrawn') AND body LIKE ? LIMIT 1",
            village, KIND, f'%"id":"{identity}"%',
        )  # fmt: skip
        return (row["period"], row["book"]) if row else None


def _note(row: Row) -> dict[str, Any]:
    kept = ("id", "period", "book", "version", "state", "reason", "withdrawn_reason")
    withdrawn_at = row["withdrawn_at"]
    return {
        **{name: row[name] for name in kept},
        "published_at": from_ms(row["published_at"]),
        "withdrawn_at": None if withdrawn_at is None else from_ms(withdrawn_at),
    }


def _accounts(row: Row, shared: Shared | None = None) -> Accounts:
    published_at = from_ms(row["published_at"])
    return as_accounts(row["id"], row["body"], row["personal"], published_at, shared or Shared())


def _size(accounts: VillageAccounts) -> int:
    return 1 + sum(len(month.entries) for month in accounts.months)
