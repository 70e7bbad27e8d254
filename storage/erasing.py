"""Erasing people: what reaches them, what they asked for, where their talks stand.

What was sent stays countable: its rows go to a person without a name or an address. Whoever holds
or held an office keeps name and posts, for old records name them (contract.md, section 5), and
loses the addresses.

A backup taken before still holds what was erased. So each erased address leaves a mark, a hash of
its keyed hash, in a table and in a file beside the data (`keep_list`); a restore erases again what
the marks say (`replay`). Where the file is lost too, nobody can know of erasures after the backup.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import audit
from storage.database import Database
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.tallies import Moves

ERASED = "erased"
LIST_NAME = "erased.txt"
_RESIDENT = "居民"

# Everything that tells of a person by id (tests/storage/test_erasing.py finds a table left out).
FORGOTTEN = (
    "follows",
    "conversations",
    "identities",
    "identity_tries",
    "identity_uses",
    "staff_message_codes",
)
"""Of everybody."""
FORGOTTEN_OF_RESIDENTS = ("opt_outs", "quiz_answers", "posts", "relatives", "staff")
"""Of whoever holds no office: an officer's refusals stay, for duty goes on."""
HANDED_OVER = ("deliveries", "confirmations", "requests", "ratings", "ad_hoc")
"""Of whoever holds no office: to the person without a name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That an address was erased; `whole` with all that was known of whoever it reached first."""

    mark: str
    at: datetime
    whole: bool


def mark_of(lookup: str) -> str:
    """What tells an erased address, and nothing else: a hash of its keyed hash."""
    return hashlib.blake2b(lookup.encode(), digest_size=32, person=b"erased").hexdigest()


async def erase(
    db: Database, channel: str, lookup: str, *, whole: bool, actor: str, now: datetime
) -> int:
    """Erases an address and whom it reached; how many people are concerned.

    Nobody can tell who of a household wrote: the address goes from all that share it. Whoever is
    known by it first, so whoever we took for the writer, loses every other address too; an
    officer only where it is asked for as a `whole`, not where a platform revokes one address.
    """
    async with db.transaction():
        found = await db.rows(
            "SELECT DISTINCT person_id, created_at, id FROM addresses"
            " WHERE channel = ? AND lookup = ? ORDER BY created_at, id",
            channel, lookup,
        )  # fmt: skip
        people = list(dict.fromkeys(row["person_id"] for row in found))
        if not people:
            return 0
        writer = people[0]
        everything = whole or not await _holds_office(db, writer)
        gone = await db.rows(
            "DELETE FROM addresses WHERE (channel = ? AND lookup = ?)"
            " OR (person_id = ? AND CAST(? AS BOOLEAN)) RETURNING lookup",
            channel, lookup, writer, everything,
        )  # fmt: skip
        lookups = sorted({row["lookup"] for row in gone})
        await _note(db, [Mark(mark_of(lookup), now, whole)])
        await db.run_many(
            "UPDATE receipts SET lookup = '' WHERE lookup = ?", [(one,) for one in lookups]
        )
        for person in people:
            if person == writer or not await _is_reached(db, person):
                await _forget(db, person, now)
        await audit.record(
            db, actor, ERASED, "", {"addresses": len(gone), "people": len(people)}, now=now
        )
    return len(people)


async def _holds_office(db: Database, person: str) -> bool:
    """Whether somebody holds or has ever held a post; to be a resident is none."""
    row = await db.row(
        "SELECT 1 AS one FROM posts WHERE person_id = ? AND role <> ? LIMIT 1", person, _RESIDENT
    )
    return row is not None


async def _is_reached(db: Database, person: str) -> bool:
    row = await db.row("SELECT 1 AS one FROM addresses WHERE person_id = ? LIMIT 1", person)
    return row is not None


async def _forget(db: Database, person: str, now: datetime) -> None:
    await _cancel(db, person, now)
    for table in FORGOTTEN:
        await db.run(f"DELETE FROM {table} WHERE person_id = ?", person)  # noqa: S608
    await db.run("UPDATE matters SET applicant_id = NULL WHERE applicant_id = ?", person)
    await db.run("UPDATE requests SET asker_sealed = NULL WHERE person_id = ?", person)
    if await _holds_office(db, person):
        return
    await db.run("DELETE FROM relatives WHERE relative_id = ?", person)
    for table in FORGOTTEN_OF_RESIDENTS:
        await db.run(f"DELETE FROM {table} WHERE person_id = ?", person)  # noqa: S608
    # A new id: the old one of whoever only wrote to us follows from the address, and would come
    # back with it. The village stays for the counts of what was sent there.
    nameless = new_id()
    await db.run(
        "INSERT INTO people (id, name, village, known, texts_answered, created_at)"
        " SELECT CAST(? AS VARCHAR(20)), '', village, CAST(? AS BOOLEAN), CAST(? AS BOOLEAN),"
        " CAST(? AS BIGINT) FROM people WHERE id = ?",
        nameless, False, False, to_ms(now), person,
    )  # fmt: skip
    for table in HANDED_OVER:
        await db.run(
            f"UPDATE {table} SET person_id = ? WHERE person_id = ?",  # noqa: S608
            nameless,
            person,
        )
    await db.run("DELETE FROM people WHERE id = ?", person)


async def _cancel(db: Database, person: str, now: datetime) -> None:
    """What waits is not sent any more, and an answer's content goes whatever its state."""
    moves = Moves()
    for state in ("new", "held"):
        left = await db.rows(
            "UPDATE deliveries SET state = 'cancelled', reason = ?, updated_at = ?"  # noqa: S608
            f" WHERE state = '{state}' AND person_id = ? RETURNING campaign_id, channel",
            ERASED, to_ms(now), person,
        )  # fmt: skip
        for row in left:
            moves.moved(row["campaign_id"], state, "cancelled", channel=row["channel"])
    await db.run("UPDATE deliveries SET sealed = NULL WHERE person_id = ?", person)
    await moves.write(db)


# --- what a restore must not bring back -----------------------------------------------------------


async def _note(db: Database, marks: Iterable[Mark]) -> None:
    await db.run_many(
        "INSERT INTO erasures (mark, at, whole) VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET"
        " at = excluded.at, whole = excluded.whole WHERE erasures.at <= excluded.at",
        [(one.mark, to_ms(one.at), one.whole) for one in marks],
    )


async def marks(db: Database) -> list[Mark]:
    """All erasures, the earliest first."""
    rows = await db.rows("SELECT mark, at, whole FROM erasures ORDER BY at, mark")
    return [Mark(row["mark"], from_ms(row["at"]), bool(row["whole"])) for row in rows]


async def extent(db: Database) -> tuple[int, int]:
    """How many marks there are, and when the newest was made: whether there is any news."""
    row = await db.row("SELECT COUNT(*) AS n, MAX(at) AS at FROM erasures")
    return (int(row["n"]), int(row["at"] or 0)) if row else (0, 0)


async def keep_list(db: Database, file: Path) -> int:
    """Writes the marks beside the data, with those that the file has; how many there are."""
    known = await marks(db)
    return await asyncio.to_thread(_merged, file, known)


def read_list(file: Path) -> list[Mark]:
    """The marks of a file; none where there is no file. Raises ValueError for what is no mark."""
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text("ascii").splitlines(), 1):
        mark, at, kind = line.split() if len(line.split()) == 3 else ("", "", "")
        if len(mark) != 64 or not at.isdigit() or kind not in ("whole", "one"):
            raise ValueError(f"{file.name}:{number}")
        found.append(Mark(mark, from_ms(int(at)), kind == "whole"))
    return found


def _merged(file: Path, known: Sequence[Mark]) -> int:
    written = {one.mark: one for one in read_list(file)}
    newest = dict(written)
    for one in known:
        if one.mark not in newest or newest[one.mark].at < one.at:
            newest[one.mark] = one
    if newest != written:
        draft = file.with_name(f".{file.name}.new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            for one in sorted(newest.values(), key=lambda one: (one.at, one.mark)):
                kind = "whole" if one.whole else "one"
                opened.write(f"{one.mark} {to_ms(one.at)} {kind}\n")
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    return len(newest)


async def replay(db: Database, listed: Iterable[Mark], *, now: datetime) -> int:
    """Erases again, after a restore, what was erased before; how many addresses.

    An address that became known after its erasure was given anew, and stays.
    """
    await _note(db, listed)
    told = {one.mark: one for one in await marks(db)}
    if not told:
        return 0
    addresses = await db.rows(
        "SELECT channel, lookup, MIN(created_at) AS known_at FROM addresses"
        " GROUP BY channel, lookup"
    )
    erased = 0
    for row in addresses:
        one = told.get(mark_of(row["lookup"]))
        if one is None or row["known_at"] > to_ms(one.at):
            continue
        await erase(
            db, row["channel"], row["lookup"], whole=one.whole, actor=audit.SYSTEM, now=one.at
        )
        erased += 1
    if erased:
        await audit.record(db, audit.SYSTEM, "erased_again", "", {"addresses": erased}, now=now)
    return erased
