"""Accounts of staff. What somebody may do is read from the posts they hold on the day, so rights
begin and end with a term (contract.md, section 5) and nothing is granted here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyotp

from storage import audit, people
from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import to_ms
from storage.people import Post
from storage.regions import prefix_of
from storage.sealing import Sealer

START_LASTS = timedelta(days=3)
MESSAGE_CODE_LASTS = timedelta(minutes=5)
ISSUER = "明白"

_HALF = 8  # characters of half a starting code
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for another
_STEP_SECONDS = 30


class LoginTaken(ValueError):
    """Another account has this log-in name, or the person has one already."""


class NotPossible(ValueError):
    """There is no such account, or nothing of the kind waits."""


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    person_id: str
    login: str
    password: str  # as kept; empty until it is chosen
    second: str  # totp or message, empty until one was given beside the password
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody with an account and the posts they hold today."""

    id: str
    person_id: str
    login: str
    name: str
    posts: tuple[Post, ...]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    def prefixes(self, roles: Iterable[str]) -> tuple[str, ...]:
        """Beginnings of the region codes that their posts of these roles cover."""
        wanted = frozenset(roles)
        return tuple(sorted({prefix_of(post.region) for post in self.posts if post.role in wanted}))

    def may(self, roles: Iterable[str], region: str) -> bool:
        """Whether a post of one of these roles covers a region: it is that one or lies above it."""
        return region.startswith(self.prefixes(roles))


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as a list shows it. `start`: whether a first password is still to be chosen."""

    id: str
    person_id: str
    login: str
    name: str
    is_closed: bool
    waits_for_start: bool
    waits_for_second: bool
    first_by: str


_RESIDENT = "居民"


async def add(db: Database, *, person_id: str, login: str, made_by: str, now: datetime) -> str:
    """Opens an account for somebody; its id. Raises LoginTaken."""
    identity, name = new_id(), login.strip().lower()
    async with db.transaction():
        made = await db.rows(
            "INSERT INTO staff (id, person_id, login, password, second, totp_step, is_closed,"
            " made_by, made_at) VALUES (?, ?, ?, '', '', 0, ?, ?, ?) ON CONFLICT DO NOTHING"
            " RETURNING id",
            identity, person_id, name, False, made_by, to_ms(now),
        )  # fmt: skip
        if not made:
            raise LoginTaken(name)
        await audit.record(db, made_by, "staff_added", identity, now=now)
    return identity


async def by_login(db: Database, login: str) -> Account | None:
    row = await db.row("SELECT * FROM staff WHERE login = ?", login.strip().lower())
    return _account(row) if row else None


async def account(db: Database, identity: str) -> Account | None:
    row = await db.row("SELECT * FROM staff WHERE id = ?", identity)
    return _account(row) if row else None


async def staff(db: Database, identity: str, today: date) -> Staff | None:
    """Who that is today; None for a closed account and for whoever holds no office."""
    found = await db.row(
        "SELECT staff.*, people.name AS name FROM staff JOIN people ON people.id = staff.person_id"
        " WHERE staff.id = ?",
        identity,
    )
    if found is None or found["is_closed"]:
        return None
    posts = await people.posts_of(db, found["person_id"], today)
    held = tuple(post for post in posts if post.role != _RESIDENT)
    if not held:
        return None
    return Staff(found["id"], found["person_id"], found["login"], found["name"], held)


async def listed(
    db: Database, prefixes: Sequence[str], *, named: str = "", limit: int = 50, offset: int = 0
) -> list[Listed]:
    """Accounts of whoever holds or held a post below these codes, by name."""
    within = " OR ".join("t.region BETWEEN ? AND ?" for _ in prefixes) or "1 = 0"
    bounds = [end for prefix in prefixes for end in (prefix.ljust(12, "0"), prefix.ljust(12, "9"))]
    rows = await db.rows(
        "SELECT staff.id, staff.person_id, staff.login, staff.is_closed, people.name,"  # noqa: S608
        " s.first_by, s.other_half FROM staff"
        " JOIN people ON people.id = staff.person_id"
        " LEFT JOIN staff_starts s ON s.staff_id = staff.id"
        f" WHERE EXISTS (SELECT 1 FROM posts t WHERE t.person_id = staff.person_id AND ({within}))"
        " AND (people.name LIKE ? OR staff.login LIKE ?)"
        " ORDER BY people.name, staff.id LIMIT ? OFFSET ?",
        *bounds, f"%{named}%", f"%{named}%", limit, offset,
    )  # fmt: skip
    return [
        Listed(
            id=row["id"],
            person_id=row["person_id"],
            login=row["login"],
            name=row["name"],
            is_closed=bool(row["is_closed"]),
            waits_for_start=row["other_half"] is not None,
            waits_for_second=row["other_half"] == "",
            first_by=row["first_by"] or "",
        )
        for row in rows
    ]


async def set_closed(
    db: Database, identity: str, *, is_closed: bool, by: str, now: datetime
) -> None:
    """Closes an account, its sessions with it, or opens it again."""
    async with db.transaction():
        await db.run("UPDATE staff SET is_closed = ? WHERE id = ?", is_closed, identity)
        await db.run("DELETE FROM staff_sessions WHERE staff_id = ?", identity)
        action = "staff_closed" if is_closed else "staff_opened"
        await audit.record(db, by, action, identity, now=now)


# --- a first password, and one after it was forgotten ---------------------------------------------


async def start_alone(db: Database, identity: str, by: str, now: datetime, real: datetime) -> str:
    """A whole starting code, from whoever works the command line. `real` is real time."""
    first, second = _half(), _half()
    async with db.transaction():
        await _begin_start(db, identity, _digest(first), by, real)
        await db.run(
            "UPDATE staff_starts SET other_half = ?, second_by = ? WHERE staff_id = ?",
            _digest(second), by, identity,
        )  # fmt: skip
        await audit.record(db, by, "staff_start", identity, now=now)
    return f"{first}-{second}"


async def ask_for_start(db: Database, identity: str, by: str, now: datetime, real: datetime) -> str:
    """The first half of a starting code, worth nothing until somebody else gives the other."""
    half = _half()
    async with db.transaction():
        await _begin_start(db, identity, _digest(half), by, real)
        await audit.record(db, by, "staff_start_asked", identity, now=now)
    return half


async def agree_to_start(
    db: Database, identity: str, by: str, now: datetime, real: datetime
) -> str:
    """The second half. Raises NotPossible where none waits, or who asks gave the first."""
    half = _half()
    async with db.transaction():
        agreed = await db.rows(
            "UPDATE staff_starts SET other_half = ?, second_by = ?"
            " WHERE staff_id = ? AND other_half = '' AND first_by <> ? AND expires_at > ?"
            " RETURNING staff_id",
            _digest(half), by, identity, by, to_ms(real),
        )  # fmt: skip
        if not agreed:
            raise NotPossible(identity)
        await audit.record(db, by, "staff_start_agreed", identity, now=now)
    return half


async def start_fits(db: Database, identity: str, code: str, real: datetime) -> bool:
    """Whether both halves are right, in either order, and not yet used or too old."""
    row = await db.row(
        "SELECT half, other_half FROM staff_starts WHERE staff_id = ? AND other_half <> ''"
        " AND expires_at > ?",
        identity, to_ms(real),
    )  # fmt: skip
    given = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    if row is None or len(given) != 2 * _HALF:
        return False
    halves = {_digest(given[:_HALF]), _digest(given[_HALF:])}
    return halves == {row["half"], row["other_half"]}


async def choose_password(
    db: Database, sealer: Sealer, account: Account, kept: str, now: datetime
) -> None:
    """Sets a password, as Passwords.hash gives it, by a starting code, which is used up.

    An authenticator is to be set up anew with it, and whoever is logged in is not any more.
    """
    async with db.transaction():
        used = await db.rows(
            "DELETE FROM staff_starts WHERE staff_id = ? RETURNING staff_id", account.id
        )
        if not used:
            raise NotPossible(account.id)
        await db.run(
            "UPDATE staff SET password = ?, totp = ?, totp_step = 0, second = '' WHERE id = ?",
            kept, sealer.seal_address(new_totp().encode()), account.id,
        )  # fmt: skip
        await db.run("DELETE FROM staff_sessions WHERE staff_id = ?", account.id)
        await audit.record(db, account.person_id, "staff_password", account.id, now=now)


async def change_password(db: Database, identity: str, kept: str, by: str, now: datetime) -> None:
    """Another password in place of one that was just given."""
    async with db.transaction():
        await db.run("UPDATE staff SET password = ? WHERE id = ?", kept, identity)
        await audit.record(db, by, "staff_password", identity, now=now)


async def _begin_start(db: Database, identity: str, first: str, by: str, real: datetime) -> None:
    await db.run("DELETE FROM staff_starts WHERE staff_id = ?", identity)
    await db.run(
        "INSERT INTO staff_starts (staff_id, half, other_half, first_by, second_by, expires_at)"
        " VALUES (?, ?, '', ?, '', ?)",
        identity, first, by, to_ms(real + START_LASTS),
    )  # fmt: skip


# --- the second thing: an authenticator, or a code by message -------------------------------------


def new_totp() -> str:
    """A secret for an authenticator (RFC 6238), base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str) -> str:
    """What an authenticator scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def totp_code(secret: str, real: datetime) -> str:
    """The six digits that an authenticator shows at that moment."""
    return pyotp.TOTP(secret).at(real)


async def set_second(db: Database, account: Account, second: str, now: datetime) -> None:
    """That somebody has shown for the first time that the authenticator, or a message, is theirs.

    From then on its secret is never shown again.
    """
    async with db.transaction():
        await db.run("UPDATE staff SET second = ? WHERE id = ?", second, account.id)
        await audit.record(
            db, account.person_id, "staff_second", account.id, {"second": second}, now=now
        )


async def totp_secret(db: Database, sealer: Sealer, identity: str) -> str | None:
    row = await db.row("SELECT totp FROM staff WHERE id = ?", identity)
    if row is None or row["totp"] is None:
        return None
    return sealer.open_address(bytes(row["totp"])).decode()


async def use_totp(db: Database, sealer: Sealer, identity: str, code: str, real: datetime) -> bool:
    """Whether it is a code of now or of half a minute to either side; each opens once."""
    secret = await totp_secret(db, sealer, identity)
    if secret is None:
        return False
    step = int(real.timestamp()) // _STEP_SECONDS
    for near in (step - 1, step, step + 1):
        expected = pyotp.TOTP(secret).at(near * _STEP_SECONDS)
        if hmac.compare_digest(expected, code):
            used = await db.rows(
                "UPDATE staff SET totp_step = ? WHERE id = ? AND totp_step < ? RETURNING id",
                near, identity, near,
            )  # fmt: skip
            return bool(used)
    return False


async def message_code(db: Database, sealer: Sealer, person_id: str, real: datetime) -> str | None:
    """A new code for whoever writes for one; None for whoever has no account."""
    row = await db.row(
        "SELECT 1 AS one FROM staff WHERE person_id = ? AND is_closed = ?", person_id, False
    )
    if row is None:
        return None
    code = f"{secrets.randbelow(10**6):06d}"
    key, expires = _message_key(sealer, person_id, code), to_ms(real + MESSAGE_CODE_LASTS)
    await db.run(
        "INSERT INTO staff_message_codes (person_id, code, expires_at) VALUES (?, ?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET code = ?, expires_at = ?",
        person_id, key, expires, key, expires,
    )  # fmt: skip
    return code


async def use_message_code(
    db: Database, sealer: Sealer, person_id: str, code: str, real: datetime
) -> bool:
    """Whether it is the one last sent; it opens once."""
    used = await db.rows(
        "DELETE FROM staff_message_codes WHERE person_id = ? AND code = ? AND expires_at > ?"
        " RETURNING person_id",
        person_id, _message_key(sealer, person_id, code), to_ms(real),
    )  # fmt: skip
    return bool(used)


def _message_key(sealer: Sealer, person_id: str, code: str) -> str:
    return sealer.lookup_hash("code", f"{person_id} {code}")


def _half() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_HALF))


def _digest(half: str) -> str:
    return hashlib.blake2b(half.encode(), digest_size=32, person=b"staff start").hexdigest()


def _account(row: Row) -> Account:
    return Account(
        id=row["id"],
        person_id=row["person_id"],
        login=row["login"],
        password=row["password"],
        second=row["second"],
        is_closed=bool(row["is_closed"]),
    )
