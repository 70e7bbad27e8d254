"""The chain over all that was published, withdrawn or erased: nobody can change it unseen.

A link commits to the link before it and to the bytes of what happened (docs/verify.md): of a
publication the body, which holds a salted hash in place of each personal value; so a value can be
erased, and everything still be verified.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from storage.audit import serialise
from storage.canonical import GENESIS, canonical, digest, salted
from storage.database import Database, Row
from storage.moments import from_ms, to_ms
from storage.personal import personal_hashes

_LOCK = 0x6D62_0001
_PAGE = 500
_SHOWN = ("published", "corrected", "withdrawn")
_MOMENTS = "%Y-%m-%dT%H:%M:%S"


class Event(StrEnum):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"  # personal values, not figures


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: `hash` is GENESIS and `at` None while nothing is published."""

    length: int
    hash: str
    at: datetime | None


class Flaw(StrEnum):
    """What shows that something was changed."""

    ORDER = "order"  # a link is missing, or there twice
    LINK = "link"  # a link does not follow from the one before
    BODY = "body"  # what was published is not what the link says
    COLUMNS = "columns"  # village, month, version, date or state contradict the body or the chain
    PERSONAL = "personal"  # a personal value does not fit its salted hash
    UNLINKED = "unlinked"  # shown as published, but in no link
    HEAD = "head"  # the head that was noted is nowhere in the chain: it was rewritten
    AUDIT = "audit"  # the record of who did what does not follow from itself


@dataclass(frozen=True, slots=True)
class Broken:
    """The first flaw found; `link` is its place in the chain, or in the audit for AUDIT."""

    flaw: Flaw
    link: int = 0
    disclosure: str = ""


def moment(ms: int) -> str:
    """A time as it is hashed and shown to programs: 2026-11-08T01:30:00.000Z."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):{_MOMENTS}}.{ms % 1000:03d}Z"


def link_hash(previous: str, seq: int, event: str, disclosure: str, content: str, at: str) -> str:
    """What binds a link to all before it."""
    return digest(
        canonical(
            {
                "at": at,
                "content": content,
                "disclosure": disclosure,
                "event": event,
                "previous": previous,
                "seq": seq,
            }
        )
    )


async def append(db: Database, event: Event, disclosure: str, content: str, now: datetime) -> int:
    """Adds a link, in the transaction of what it stands for; gives its number."""
    return (await append_all(db, event, [(disclosure, content)], now))[0]


async def append_all(
    db: Database, event: Event, told: Iterable[tuple[str, str]], now: datetime
) -> list[int]:
    """Adds a link for each disclosure and content, in their order; gives their numbers."""
    async with db.transaction():
        await serialise(db, _LOCK)
        last = await db.row("SELECT seq, hash FROM chain ORDER BY seq DESC LIMIT 1")
        first, previous = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
        at, rows = to_ms(now), []
        for seq, (disclosure, content) in enumerate(told, first):
            previous = link_hash(previous, seq, event.value, disclosure, content, moment(at))
            rows.append((seq, disclosure, event.value, content, previous, at))
        await db.run_many(
            "INSERT INTO chain (seq, disclosure_id, event, content, hash, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    return [row[0] for row in rows]


async def height(db: Database) -> int:
    """How many links there are: what `published` caches by."""
    row = await db.row("SELECT MAX(seq) AS seq FROM chain")
    return int(row["seq"] or 0) if row else 0


async def head(db: Database) -> Head:
    row = await db.row("SELECT seq, hash, at FROM chain ORDER BY seq DESC LIMIT 1")
    return Head(row["seq"], row["hash"], from_ms(row["at"])) if row else Head(0, GENESIS, None)


async def changed_at(db: Database, regions: Collection[str]) -> datetime | None:
    """When anything that these regions published last came, went or lost a name."""
    marks = ", ".join("?" for _ in regions)
    row = await db.row(
        "SELECT MAX(chain.at) AS at FROM chain JOIN disclosures ON disclosures.id = disclosure_id"  # noqa: S608
        f" WHERE village IN ({marks})",
        *regions,
    )
    return from_ms(row["at"]) if row and row["at"] is not None else None


def withdrawal(disclosure: str, reason: str) -> str:
    """The digest that a withdrawal's link holds."""
    return digest(canonical({"disclosure": disclosure, "reason": reason}))


def erasure(disclosure: str, fields: list[str]) -> str:
    """The digest that an erasure's link holds: of all fields erased so far (`ID.payee`)."""
    return digest(canonical({"disclosure": disclosure, "fields": sorted(fields)}))


async def verify(
    db: Database, noted: str = "", regions: Collection[str] | None = None
) -> Broken | None:
    """The first sign that something published was changed; None where there is none.

    `noted` is a head written down earlier, or its first digits: it must be one of the links, or
    the whole chain was made anew. With `regions` (codes) the links are checked, and what those
    regions published; of others only whether it is there at all.
    """
    previous, expected, seen = GENESIS, 1, GENESIS.startswith(noted)
    events: dict[Event, dict[str, Row]] = {event: {} for event in Event}
    async for row in _pages(db):
        if row["seq"] != expected:
            return Broken(Flaw.ORDER, expected)
        told = (row["event"], row["disclosure_id"], row["content"], moment(row["at"]))
        if row["hash"] != link_hash(previous, expected, *told):
            return Broken(Flaw.LINK, expected, row["disclosure_id"])
        known = events[Event(row["event"])]
        if row["event"] != Event.ERASED and row["disclosure_id"] in known:
            return Broken(Flaw.ORDER, expected, row["disclosure_id"])
        known[row["disclosure_id"]] = row
        previous, expected = row["hash"], expected + 1
        seen = seen or previous.startswith(noted)
    if flaw := await _verify_disclosures(db, events, regions):
        return flaw
    return None if seen else Broken(Flaw.HEAD)


Series = tuple[str, str, str, str]
"""Village, kind, book, month: what the versions of one disclosure share."""


async def _verify_disclosures(
    db: Database, events: dict[Event, dict[str, Row]], regions: Collection[str] | None
) -> Broken | None:
    newest: dict[Series, int] = {}
    elsewhere = await _published_elsewhere(db, regions) if regions else frozenset()
    for name, link in events[Event.PUBLISHED].items():
        if name in elsewhere:
            continue
        row = await db.row("SELECT * FROM disclosures WHERE id = ?", name)
        withdrawn, erased = events[Event.WITHDRAWN].get(name), events[Event.ERASED].get(name)
        if row is None:
            return Broken(Flaw.BODY, link["seq"], name)
        flaw = _judge(row, link, withdrawn, newest) or _judge_personal(row, erased)
        if flaw:
            return Broken(flaw, link["seq"], name)
    return await _verify_states(db, set(events[Event.PUBLISHED]), newest, elsewhere)


async def _published_elsewhere(db: Database, regions: Collection[str]) -> frozenset[str]:
    """The versions of all other regions, by the column and by the body: one of them may lie."""
    theirs = " OR ".join("village = ? OR body LIKE ?" for _ in regions)
    values = [value for code in regions for value in (code, f'%"village":"{code}"%')]
    rows = await db.rows(f"SELECT id FROM disclosures WHERE NOT ({theirs})", *values)  # noqa: S608
    return frozenset(row["id"] for row in rows)


def _judge(row: Row, link: Row, withdrawn: Row | None, newest: dict[Series, int]) -> Flaw | None:
    if digest(row["body"]) != link["content"]:
        return Flaw.BODY
    body = json.loads(row["body"])
    told = ("village", "kind", "book", "period", "version", "reason")
    if any(body[column] != row[column] for column in told) or row["published_at"] != link["at"]:
        return Flaw.COLUMNS
    series = (row["village"], row["kind"], row["book"], row["period"])
    if row["version"] <= newest.get(series, 0):
        return Flaw.ORDER
    newest[series] = row["version"]
    is_withdrawn = row["state"] == "withdrawn"
    if row["state"] not in _SHOWN or is_withdrawn != (withdrawn is not None):
        return Flaw.COLUMNS
    if withdrawn and withdrawn["content"] != withdrawal(row["id"], row["withdrawn_reason"]):
        return Flaw.BODY
    return None


def _judge_personal(row: Row, erased: Row | None) -> Flaw | None:
    """Values that are there fit their hashes; a link says which were erased."""
    personal = json.loads(row["personal"])
    hashes = personal_hashes(json.loads(row["body"]))
    absent = [name for name in hashes if name not in personal]
    known = erasure(row["id"], absent) == erased["content"] if erased else not absent
    if not known or personal.keys() - hashes.keys():
        return Flaw.PERSONAL
    if any(salted(salt, value) != hashes[name] for name, (salt, value) in personal.items()):
        return Flaw.PERSONAL
    return None


async def _verify_states(
    db: Database, published: set[str], newest: dict[Series, int], elsewhere: frozenset[str]
) -> Broken | None:
    """Whether the newest version, and it alone, stands as published, and none without a link."""
    rows = await db.rows(
        "SELECT id, village, kind, book, period, version, state FROM disclosures"
        " WHERE state IN ('published', 'corrected', 'withdrawn') ORDER BY id"
    )
    for row in rows:
        if row["id"] in elsewhere:
            continue
        if row["id"] not in published:
            return Broken(Flaw.UNLINKED, 0, row["id"])
        series = (row["village"], row["kind"], row["book"], row["period"])
        is_newest = row["version"] == newest[series]
        if row["state"] != "withdrawn" and (row["state"] == "published") != is_newest:
            return Broken(Flaw.COLUMNS, 0, row["id"])
    return None


async def _pages(db: Database) -> AsyncIterator[Row]:
    after = 0
    while rows := await db.rows(
        "SELECT * FROM chain WHERE seq > ? ORDER BY seq LIMIT ?", after, _PAGE
    ):
        for row in rows:
            yield row
        after = rows[-1]["seq"]
