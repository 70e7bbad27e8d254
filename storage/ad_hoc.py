"""What a cadre wants to be public at once (M40): sent in by message, approved by a reviewer.

One who may review and had no hand in it is enough: it is public within hours. What it becomes is a
matter like any other (documents), masked and versioned as such.
"""

from __future__ import annotations

import asyncio
import csv
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import audit, disclosures, signatures, texts
from storage.batches import Order
from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.panels import Concern, panel
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, RecordBatch, bring_in
from storage.sealing import Sealer
from storage.signing import LONGEST_REASON, Refused
from workbooks.ledger import Verdict
from workbooks.records.kinds import DOCUMENTS
from workbooks.records.reader import read_kind

WAITING, PUBLISHED, REFUSED = "waiting", "published", "refused"
LONGEST = 1000
"""Characters of a text that can be public in one piece."""

_TITLE = 30
_DIGITS = 6
_COLUMNS = (
    "id, number, village, person_id, sealed, state, received_at, decided_by, reason, disclosure_id"
)


class Decided(Exception):
    """Somebody has decided on it already."""


@dataclass(frozen=True, slots=True)
class AdHoc:
    """A text and where it stands; `reason` is why it was refused."""

    id: str
    number: str
    village: str
    person_id: str
    text: str
    state: str
    received_at: datetime
    decided_by: str
    reason: str
    disclosure_id: str | None


async def receive(
    db: Database, sealer: Sealer, *, village: str, person_id: str, text: str, key: str,
    now: datetime,
) -> str:  # fmt: skip
    """Keeps a text until a reviewer decides; gives its number. The same message twice is one."""
    async with db.transaction():
        known = await db.row("SELECT number FROM ad_hoc WHERE message_key = ?", key)
        if known:
            return str(known["number"])
        identity, number = new_id(), "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
        await db.run(
            "INSERT INTO ad_hoc (id, number, village, person_id, sealed, state, message_key,"
            " received_at, decided_by, reason) VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, '', '')",
            identity, number, village, person_id, sealer.seal_inbox(text.encode()), key,
            to_ms(now),
        )  # fmt: skip
        await audit.record(db, person_id, "ad_hoc_sent", identity, now=now)
    return number


async def waiting(db: Database, sealer: Sealer, prefixes: Sequence[str], most: int) -> list[AdHoc]:
    """What waits for a decision under these beginnings of codes, the oldest first."""
    if not prefixes:
        return []
    places = " OR ".join("village LIKE ?" for _ in prefixes)
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM ad_hoc WHERE state = 'waiting' AND ({places})"  # noqa: S608
        " ORDER BY received_at, id LIMIT ?",
        *(f"{prefix}%" for prefix in prefixes), most,
    )  # fmt: skip
    return [_opened(row, sealer) for row in rows]


async def one(db: Database, sealer: Sealer, identity: str) -> AdHoc | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM ad_hoc WHERE id = ?", identity)  # noqa: S608
    return _opened(row, sealer) if row else None


async def approve(db: Database, sealer: Sealer, identity: str, order: Order) -> tuple[str, int]:
    """Makes it public, in the caller's transaction; gives the version and its link in the chain.

    Raises Refused with the rule against this reviewer, or what of the text may not be public, and
    Decided.
    """
    found = await _undecided(db, sealer, identity)
    reviewing = await panel(db, found.village, order.today)
    member = reviewing.member(order.actor)
    if member is None:
        raise Refused([texts.NOT_A_REVIEWER])
    concern = Concern(importers=frozenset((found.person_id,)))
    if against := reviewing.against(order.actor, concern):
        raise Refused(against)
    person = await db.row("SELECT name FROM people WHERE id = ?", found.person_id)
    row = await asyncio.to_thread(_read, found, str(person["name"]) if person else "", order)
    batch = RecordBatch(found.village, DOCUMENTS)
    batch.lists[row.line_key] = BroughtList([row.brought])
    sender = Order(found.person_id, order.now, order.today)
    (listed,) = (await bring_in(db, batch, sender)).lists
    await signatures.add(db, listed.id, member, order)
    (link,) = await disclosures.publish(db, [listed.id], order.actor, order.now)
    await _decide(db, found, PUBLISHED, order, disclosure=listed.id)
    return listed.id, link


async def refuse(db: Database, sealer: Sealer, identity: str, order: Order, reason: str) -> None:
    """Refuses it and says why. Raises Refused and Decided."""
    if not reason:
        raise Refused([texts.BACK_NEEDS_REASON])
    async with db.transaction():
        found = await _undecided(db, sealer, identity)
        reviewing = await panel(db, found.village, order.today)
        if reviewing.member(order.actor) is None:
            raise Refused([texts.NOT_A_REVIEWER])
        await _decide(db, found, REFUSED, order, reason=reason[:LONGEST_REASON])


@dataclass(frozen=True, slots=True)
class _Row:
    line_key: tuple[str, str]
    brought: BroughtRow


def _read(found: AdHoc, sender: str, order: Order) -> _Row:
    """The text as a row of the kind, read and masked as every other."""
    title = found.text.splitlines()[0][:_TITLE]
    told = {
        texts.NUMBER: f"{texts.AD_HOC}{found.number}",
        texts.CLASS: texts.VILLAGE_AFFAIRS,
        texts.RHYTHM: texts.AT_ANY_TIME,
        texts.TITLE: title,
        texts.CONTENT: found.text,
        texts.DAY_PUBLIC: order.today.isoformat(),
        texts.BEARER: sender,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ad_hoc.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(told), list(told.values())])
        (row,) = read_kind(path, DOCUMENTS).rows
    if row.verdict is Verdict.REFUSED:
        raise Refused([texts.UNFIT.format(expected=reason.expected) for reason in row.reasons])
    line = line_of(DOCUMENTS, row.values)
    return _Row((row.book, row.period), BroughtRow(line, path.name, row.sheet, row.row))


async def _undecided(db: Database, sealer: Sealer, identity: str) -> AdHoc:
    held = await db.rows(
        "UPDATE ad_hoc SET reason = reason WHERE id = ? AND state = 'waiting' RETURNING id",
        identity,
    )
    found = await one(db, sealer, identity) if held else None
    if found is None:
        raise Decided(identity)
    return found


async def _decide(
    db: Database, found: AdHoc, state: str, order: Order, *, reason: str = "",
    disclosure: str | None = None,
) -> None:  # fmt: skip
    await db.run(
        "UPDATE ad_hoc SET state = ?, decided_at = ?, decided_by = ?, reason = ?,"
        " disclosure_id = ? WHERE id = ?",
        state, to_ms(order.now), order.actor, reason, disclosure, found.id,
    )  # fmt: skip
    await audit.record(db, order.actor, f"ad_hoc_{state}", found.id, now=order.now)


def _opened(row: Row, sealer: Sealer) -> AdHoc:
    return AdHoc(
        row["id"], row["number"], row["village"], row["person_id"],
        sealer.open_inbox(bytes(row["sealed"])).decode(), row["state"],
        from_ms(row["received_at"]), row["decided_by"], row["reason"], row["disclosure_id"],
    )  # fmt: skip
