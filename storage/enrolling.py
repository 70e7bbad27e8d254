"""People as a people file tells them: found again, added, given their posts (contract.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.people import Channel, Person, add_address, people_at
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Facts:
    """One row: a person, and the roles held in one region. Phone or openid is there, or both."""

    name: str
    roles: tuple[str, ...]
    region: str  # 12-digit code
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    phone: str | None = field(default=None, repr=False)
    openid: str | None = field(default=None, repr=False)


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    UNKNOWN_REGION = "unknown_region"  # refused: import the villages first
    OPENID_TAKEN = "openid_taken"  # refused: it is another person's, who has another number


async def enrol(
    db: Database, sealer: Sealer, rows: Sequence[Facts], now: datetime
) -> list[Outcome]:
    """Stores the rows in one transaction; what a row refuses stops no other.

    A row is the person with this phone number and this name, else the one with this openid; else
    whoever wrote from that address before and has no name yet; else somebody new. Nobody's office
    ends but by a last day in the row.
    """
    async with db.transaction():
        regions = {row["code"]: row["level"] for row in await db.rows("SELECT * FROM regions")}
        # A number's first person is the one who writes from it: moments keep the file's order.
        moments = (now + timedelta(milliseconds=place) for place in range(1, len(rows) + 1))
        return [
            await _enrol(db, sealer, row, regions, moment)
            for row, moment in zip(rows, moments, strict=True)
        ]


async def _enrol(
    db: Database, sealer: Sealer, row: Facts, regions: dict[str, str], now: datetime
) -> Outcome:
    if row.region not in regions:
        return Outcome.UNKNOWN_REGION
    by_openid = await _first(db, sealer, "wechat", row.openid)
    person = await _by_phone(db, sealer, row) or by_openid
    if person and by_openid and person.id != by_openid.id:
        if by_openid.name:
            return Outcome.OPENID_TAKEN
        await _take_over(db, person.id, by_openid.id)
    person = person or await _nameless(db, sealer, row)
    identity = person.id if person else await _add(db, row.name, now)
    home = row.region if regions[row.region] == "village" else None
    changed = await _describe(db, identity, row.name, home)
    addresses: tuple[tuple[Channel, str | None], ...] = (("sms", row.phone), ("wechat", row.openid))
    for channel, value in addresses:
        if value:
            changed |= await add_address(db, sealer, identity, channel, value, now)
    for role in row.roles:
        changed |= await _appoint(db, identity, role, row)
    if person is None:
        return Outcome.ADDED
    return Outcome.CHANGED if changed else Outcome.SAME


async def _first(
    db: Database, sealer: Sealer, channel: Channel, value: str | None
) -> Person | None:
    people = await people_at(db, sealer, channel, value) if value else []
    return people[0] if people else None


async def _by_phone(db: Database, sealer: Sealer, row: Facts) -> Person | None:
    people = await people_at(db, sealer, "sms", row.phone) if row.phone else []
    return next((person for person in people if person.name == row.name), None)


async def _nameless(db: Database, sealer: Sealer, row: Facts) -> Person | None:
    """Whoever wrote from the number before any file named its holder."""
    people = await people_at(db, sealer, "sms", row.phone) if row.phone else []
    return people[0] if people and not any(person.name for person in people) else None


async def _add(db: Database, name: str, now: datetime) -> str:
    identity = new_id()
    await db.run(
        "INSERT INTO people (id, name, known, texts_answered, created_at) VALUES (?, ?, ?, ?, ?)",
        identity, name, True, False, to_ms(now),
    )  # fmt: skip
    return identity


async def _describe(db: Database, person_id: str, name: str, home: str | None) -> bool:
    """Name and village as the file has them; a village that the person chose stays."""
    row = await db.row("SELECT name, known, village FROM people WHERE id = ?", person_id)
    if row is None:
        raise RuntimeError("a person who was just found is not there")
    village = row["village"] or home
    if (row["name"], bool(row["known"]), row["village"]) == (name, True, village):
        return False
    await db.run(
        "UPDATE people SET name = ?, known = ?, village = ? WHERE id = ?",
        name, True, village, person_id,
    )  # fmt: skip
    return True


async def _take_over(db: Database, person_id: str, nameless_id: str) -> None:
    """What somebody did on WeChat before the file told who it is becomes that person's own."""
    moves = {
        "addresses": "channel, lookup",
        "follows": "topic, village",
        "opt_outs": "notice_class, channel",
    }
    for table, columns in moves.items():
        await db.run(
            f"DELETE FROM {table} WHERE person_id = ? AND ({columns}) IN"  # noqa: S608
            f" (SELECT {columns} FROM {table} WHERE person_id = ?)",
            nameless_id, person_id,
        )  # fmt: skip
        await db.run(
            f"UPDATE {table} SET person_id = ? WHERE person_id = ?",  # noqa: S608
            person_id, nameless_id,
        )  # fmt: skip
    await db.run("DELETE FROM conversations WHERE person_id = ?", nameless_id)


async def _appoint(db: Database, person_id: str, role: str, row: Facts) -> bool:
    """The post with the term of the row; a day that the row leaves open stays as it was."""
    starts, ends = _iso(row.starts_on), _iso(row.ends_on)
    held = await db.row(
        "SELECT id, starts_on, ends_on FROM posts"
        " WHERE person_id = ? AND role = ? AND region = ? AND title = ?",
        person_id, role, row.region, row.title,
    )  # fmt: skip
    if held is None:
        await db.run(
            "INSERT INTO posts (id, person_id, role, region, title, starts_on, ends_on)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            new_id(), person_id, role, row.region, row.title, starts, ends,
        )  # fmt: skip
        return True
    again = starts and held["ends_on"] and starts > held["ends_on"]  # a new term in the same post
    term = (starts or held["starts_on"], ends or (None if again else held["ends_on"]))
    if term == (held["starts_on"], held["ends_on"]):
        return False
    await db.run("UPDATE posts SET starts_on = ?, ends_on = ? WHERE id = ?", *term, held["id"])
    return True


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
