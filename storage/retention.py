"""What is kept no longer than the config says: found and deleted in small pages.

A page is looked for without a lock and deleted in a transaction of its own, with a pause after it,
so that nobody who writes has to wait for long. A purge that is broken off goes on with the next.

SQLite gives the room of deleted rows to new ones and never to the disk: its file stays as large as
it once was. Whoever wants it smaller stops the service and runs VACUUM on it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage import audit, disclosures
from storage.database import Database
from storage.listed import as_list, listed
from storage.moments import to_ms
from storage.settings import RetentionSettings
from workbooks.records.kinds import SUBSIDIES

PAGE = 500
PAUSE_SECONDS = 0.05

_NAMED = {SUBSIDIES.code: ("name",)}
"""The lists that name people for a posting period (domain.md, section 8), and by which fields."""


class Kind(StrEnum):
    """A kind of data with a time of its own."""

    INBOX = "inbox"
    CONVERSATIONS = "conversations"
    DELIVERIES = "deliveries"
    RECEIPTS = "receipts"
    NAMES = "names_in_lists"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows of a table that are too old: `where` takes the moment, `key` is their primary key.

    `beside` are tables whose rows go with them, and the column there that holds the key.
    """

    kind: Kind
    table: str
    key: str
    where: str
    beside: tuple[tuple[str, str], ...] = ()


_FINISHED = "state IN ('sent', 'delivered', 'refused', 'dead', 'cancelled', 'unknown')"
_OF_DELIVERIES = (("attempts", "delivery_id"),)

_ROWS = (
    _Rule(Kind.INBOX, "inbox", "key", "received_at < ?"),
    _Rule(Kind.CONVERSATIONS, "conversations", "person_id", "expires_at < ?"),
    _Rule(
        Kind.DELIVERIES,
        "deliveries",
        "id",
        f"campaign_id IS NULL AND updated_at < ? AND {_FINISHED}",
        _OF_DELIVERIES,
    ),
    _Rule(Kind.RECEIPTS, "receipts", "id", "at < ?"),
)

_OF_A_CAMPAIGN = _Rule(
    Kind.DELIVERIES,
    "deliveries",
    "id",
    f"campaign_id = ? AND updated_at < ? AND {_FINISHED}",
    _OF_DELIVERIES,
)
# What is counted stays so: only campaigns whose counts stand in a row of their own.
_OLD_CAMPAIGNS = (
    "SELECT c.id FROM campaigns c JOIN tallies t ON t.campaign_id = c.id"
    " WHERE c.state IN ('done', 'cancelled') AND c.planned_for < ? ORDER BY c.planned_for, c.id"
)
_NAMING = (
    "SELECT id, village, book, period FROM disclosures WHERE kind = ?"
    " AND state IN ('published', 'withdrawn') AND published_at < ? AND personal <> '{}'"
    " ORDER BY published_at, id"
)


async def due(db: Database, keep: RetentionSettings, now: datetime) -> dict[str, int]:
    """How many of each kind are kept too long already: rows, and lists that still name people."""
    before = _limits(keep, now)
    found = dict.fromkeys(map(str, Kind), 0)
    for rule in _ROWS:
        found[rule.kind] += await _count(db, rule, before[rule.kind])
    for campaign in await _campaigns(db, before[Kind.DELIVERIES]):
        found[Kind.DELIVERIES] += await _count(
            db, _OF_A_CAMPAIGN, campaign, before[Kind.DELIVERIES]
        )
    for kind in _NAMED:
        found[Kind.NAMES] += len(await db.rows(_NAMING, kind, before[Kind.NAMES]))
    found[Kind.AUDIT] = await audit.count_old(db, _since(keep, now))
    return found


async def purge(
    db: Database,
    keep: RetentionSettings,
    *,
    actor: str,
    now: datetime,
    page: int = PAGE,
    pause_seconds: float = PAUSE_SECONDS,
) -> dict[str, int]:
    """Deletes what is kept too long; how many of each kind, which the audit tells too.

    A campaign's counts stay, and so do the sums of a list and its place in the chain. Of the audit
    the oldest go in one piece, and an act of its own tells where the rest begins.
    """
    before = _limits(keep, now)
    gone = dict.fromkeys(map(str, Kind), 0)
    for rule in _ROWS:
        async for count in _pages(db, rule, [before[rule.kind]], page):
            gone[rule.kind] += count
            await asyncio.sleep(pause_seconds)
    for campaign in await _campaigns(db, before[Kind.DELIVERIES]):
        values = [campaign, before[Kind.DELIVERIES]]
        async for count in _pages(db, _OF_A_CAMPAIGN, values, page):
            gone[Kind.DELIVERIES] += count
            await asyncio.sleep(pause_seconds)
    for kind, fields in _NAMED.items():
        for row in await db.rows(_NAMING, kind, before[Kind.NAMES]):
            place = (row["village"], row["book"], row["period"])
            gone[Kind.NAMES] += await _forget_names(db, row["id"], place, fields, actor, now)
            await asyncio.sleep(pause_seconds)
    gone[Kind.AUDIT] = await audit.cut(db, _since(keep, now), actor, now=now)
    if any(gone.values()):
        await audit.record(db, actor, "purged", "", gone, now=now)
    return gone


def _since(keep: RetentionSettings, now: datetime) -> datetime:
    """From when on the audit is kept."""
    return now - timedelta(days=keep.audit)


def _limits(keep: RetentionSettings, now: datetime) -> Mapping[Kind, int]:
    days = {
        Kind.INBOX: keep.inbox,
        Kind.CONVERSATIONS: keep.conversations,
        Kind.DELIVERIES: keep.deliveries,
        Kind.RECEIPTS: keep.deliveries,
        Kind.NAMES: keep.names_in_lists,
    }
    return {kind: to_ms(now - timedelta(days=count)) for kind, count in days.items()}


async def _campaigns(db: Database, before: int) -> list[str]:
    return [row["id"] for row in await db.rows(_OLD_CAMPAIGNS, before)]


async def _count(db: Database, rule: _Rule, *values: object) -> int:
    row = await db.row(f"SELECT COUNT(*) AS n FROM {rule.table} WHERE {rule.where}", *values)  # noqa: S608
    return int(row["n"]) if row else 0


async def _pages(
    db: Database, rule: _Rule, values: Sequence[object], page: int
) -> AsyncIterator[int]:
    """Deletes a page after another; gives how many rows each had."""
    look = f"SELECT {rule.key} AS key FROM {rule.table} WHERE {rule.where} LIMIT ?"  # noqa: S608
    chosen = f"IN (SELECT v.key FROM {listed(db, {'key': 'TEXT'})})"  # noqa: S608
    while found := await db.rows(look, *values, page):
        keys = as_list([row["key"]] for row in found)
        async with db.transaction():
            for table, column in rule.beside:
                await db.run(f"DELETE FROM {table} WHERE {column} {chosen}", keys)  # noqa: S608
            await db.run(f"DELETE FROM {rule.table} WHERE {rule.key} {chosen}", keys)  # noqa: S608
        yield len(found)


async def _forget_names(
    db: Database,
    identity: str,
    place: tuple[str, str, str],
    fields: Sequence[str],
    actor: str,
    now: datetime,
) -> int:
    """Erases whom a list names, and whose rows its were; 0 where nobody was named any more."""
    _, personal = await disclosures.content(db, identity)
    named = [name for name in json.loads(personal) if name.rpartition(".")[2] in fields]
    if not named:
        return 0
    async with db.transaction():
        await disclosures.erase_personal(db, identity, named, actor, now)
        await db.run("DELETE FROM claims WHERE village = ? AND book = ? AND period = ?", *place)
    return 1
