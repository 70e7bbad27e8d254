"""People, the addresses that reach them, and the posts they hold (contract.md, section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import to_ms
from storage.sealing import AddressKind, Sealer, normal_phone

Channel = Literal["wechat", "sms"]

_KINDS: dict[Channel, AddressKind] = {"wechat": "openid", "sms": "phone"}


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str  # empty: somebody who only wrote to us
    village: str | None  # 12-digit code
    group_no: int | None
    known: bool  # brought in by a people file


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in a region; `starts_on` and `ends_on` are the first and last day in office."""

    person_id: str
    role: str
    region: str
    title: str  # 职务; empty where there is none
    starts_on: date | None
    ends_on: date | None


class UnknownPerson(LookupError):
    """Nobody has this id, phone number or openid."""


class SeveralPeople(LookupError):
    """A phone number that several people of a household share: `people` says who."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        super().__init__(f"{len(people)} people share the number")
        self.people = people


_PEOPLE_AT = (
    "SELECT people.* FROM addresses JOIN people ON people.id = addresses.person_id"
    " WHERE addresses.channel = ? AND addresses.lookup = ?"
    " ORDER BY addresses.created_at, addresses.id"
)


def lookup(sealer: Sealer, channel: Channel, value: str) -> str:
    """The keyed hash by which an address is found: `value` is a phone number or an openid."""
    return sealer.lookup_hash(_KINDS[channel], value)


async def people_at(db: Database, sealer: Sealer, channel: Channel, value: str) -> list[Person]:
    """Everybody whom this phone number or openid reaches, the earliest known first."""
    rows = await db.rows(_PEOPLE_AT, channel, lookup(sealer, channel, value))
    return [_person(row) for row in rows]


async def person_by_address(
    db: Database, sealer: Sealer, channel: Channel, value: str
) -> Person | None:
    """Who is taken to write from this address: of a household, the one known first.

    Nobody can tell who holds a shared phone; that it is always the same one keeps a conversation
    together. What needs a right must ask `people_at` and refuse where there are several.
    """
    row = await db.row(f"{_PEOPLE_AT} LIMIT 1", channel, lookup(sealer, channel, value))
    return _person(row) if row else None


async def ensure_person(
    db: Database, sealer: Sealer, channel: Channel, value: str, now: datetime
) -> tuple[Person, bool]:
    """The person at this address; one who writes for the first time is made, nameless.

    The second value tells whether somebody was made. Messages that arrive at the same moment, here
    and on other replicas, make one: the id follows from the keyed hash of the address.
    """
    found = await person_by_address(db, sealer, channel, value)
    if found:
        return found, False
    key = lookup(sealer, channel, value)
    identity = hashlib.blake2b(key.encode(), digest_size=10, person=b"first writer").hexdigest()
    async with db.transaction():
        made = await db.rows(
            "INSERT INTO people (id, name, known, texts_answered, created_at)"
            " VALUES (?, '', ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id",
            identity, False, False, to_ms(now),
        )  # fmt: skip
        await add_address(db, sealer, identity, channel, value, now)
    found = await person_by_address(db, sealer, channel, value)
    if found is None:
        raise RuntimeError("an address that was just written is not there")
    return found, bool(made)


async def add_address(
    db: Database, sealer: Sealer, person_id: str, channel: Channel, value: str, now: datetime
) -> bool:
    """Lets this phone number or openid reach the person; False where it does already."""
    plain = normal_phone(value) if channel == "sms" else value
    key = lookup(sealer, channel, plain)
    sealed = sealer.seal_address(plain.encode())
    async with db.transaction():
        # Two who add the same address at once take the same place: the later waits for the other's
        # commit, has a conflict, and then finds the other there.
        while True:
            made = await db.row(_ADD, new_id(), person_id, channel, key, key, sealed, to_ms(now))
            if made is not None:
                break
            if await _reaches(db, person_id, channel, key):
                return False
        if made["holder"]:
            await db.run("UPDATE addresses SET shared = true WHERE lookup = ?", key)
    return True


_ADD = (
    "INSERT INTO addresses (id, person_id, channel, lookup, holder, sealed, state, created_at)"
    " VALUES (?, ?, ?, ?, (SELECT COALESCE(MAX(holder) + 1, 0) FROM addresses WHERE lookup = ?), ?,"
    " 'active', ?) ON CONFLICT DO NOTHING RETURNING holder"
)


async def _reaches(db: Database, person_id: str, channel: Channel, key: str) -> bool:
    row = await db.row(
        "SELECT 1 AS one FROM addresses WHERE person_id = ? AND channel = ? AND lookup = ?",
        person_id, channel, key,
    )  # fmt: skip
    return row is not None


async def person(db: Database, person_id: str) -> Person | None:
    row = await db.row("SELECT * FROM people WHERE id = ?", person_id)
    return _person(row) if row else None


async def find_person(db: Database, sealer: Sealer, text: str) -> Person:
    """PERSON of the command line: an id, a phone number or an openid (contract.md, section 2).

    Raises UnknownPerson, and SeveralPeople for a number that a household shares.
    """
    people = await find_people(db, sealer, text)
    if len(people) > 1:
        raise SeveralPeople(tuple(people))
    if not people:
        raise UnknownPerson
    return people[0]


async def find_people(db: Database, sealer: Sealer, text: str) -> list[Person]:
    """As `find_person`, with everybody whom a shared number reaches; empty for nobody."""
    text = text.strip()
    found = await person(db, text)
    if found:
        return [found]
    by_phone = await people_at(db, sealer, "sms", text)
    return by_phone or await people_at(db, sealer, "wechat", text)


async def address_of(db: Database, sealer: Sealer, person_id: str, channel: str) -> str | None:
    """The phone number or openid that reaches a person, opened; None where there is none."""
    row = await db.row(
        "SELECT sealed FROM addresses WHERE person_id = ? AND channel = ? AND state = 'active'"
        " ORDER BY created_at, id LIMIT 1",
        person_id, channel,
    )  # fmt: skip
    return sealer.open_address(bytes(row["sealed"])).decode() if row else None


_VALID = (
    " AND (posts.starts_on IS NULL OR posts.starts_on <= ?)"
    " AND (posts.ends_on IS NULL OR posts.ends_on >= ?)"
)


async def posts_of(db: Database, person_id: str, on: date) -> list[Post]:
    """The posts that a person holds on a day: the first and the last day of a term count."""
    rows = await db.rows(
        f"SELECT * FROM posts WHERE person_id = ?{_VALID} ORDER BY region, role",  # noqa: S608
        person_id, on.isoformat(), on.isoformat(),
    )  # fmt: skip
    return [_post(row) for row in rows]


async def holders(db: Database, role: str, region: str, on: date) -> list[Person]:
    """Who holds a role in just this region on a day, by name."""
    rows = await db.rows(
        "SELECT DISTINCT people.* FROM posts JOIN people ON people.id = posts.person_id"  # noqa: S608
        f" WHERE posts.role = ? AND posts.region = ?{_VALID} ORDER BY people.name, people.id",
        role, region, on.isoformat(), on.isoformat(),
    )  # fmt: skip
    return [_person(row) for row in rows]


async def in_office(db: Database, region: str, on: date) -> list[str]:
    """The ids of whoever holds a post, of residents' apart, in just this region on a day."""
    rows = await db.rows(
        f"SELECT DISTINCT person_id FROM posts WHERE region = ? AND role <> '居民'{_VALID}",  # noqa: S608
        region, on.isoformat(), on.isoformat(),
    )  # fmt: skip
    return [row["person_id"] for row in rows]


async def posts_in(db: Database, region: str, on: date) -> list[Post]:
    """The posts of just this region that somebody holds on a day."""
    rows = await db.rows(
        f"SELECT * FROM posts WHERE region = ?{_VALID} ORDER BY person_id, role",  # noqa: S608
        region, on.isoformat(), on.isoformat(),
    )  # fmt: skip
    return [_post(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody in office: public, as whoever acts for a village is (domain.md, section 8)."""

    name: str
    role: str
    region: str
    title: str


async def officers(db: Database, regions: Sequence[str], on: date) -> list[Officer]:
    """Who holds a post with a title in one of these regions on a day, by name."""
    rows = await db.rows(
        "SELECT people.name, posts.role, posts.region, posts.title"  # noqa: S608
        " FROM posts JOIN people ON people.id = posts.person_id"
        f" WHERE posts.title <> '' AND posts.region IN ({', '.join('?' for _ in regions)}){_VALID}"
        " ORDER BY people.name, people.id, posts.role",
        *regions, on.isoformat(), on.isoformat(),
    )  # fmt: skip
    return [Officer(row["name"], row["role"], row["region"], row["title"]) for row in rows]


def _person(row: Row) -> Person:
    return Person(row["id"], row["name"], row["village"], row["group_no"], bool(row["known"]))


def _post(row: Row) -> Post:
    return Post(
        row["person_id"], row["role"], row["region"], row["title"],
        _day(row["starts_on"]), _day(row["ends_on"]),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
