"""People's inbox: what nobody could answer, kept only after the asker said yes to that.

Who must answer by which day is decided above (notifications.inbox). Days are local, moments UTC.
Kept apart from tips: no kind here is one, and nothing here leads to one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.sealing import Sealer

_DIGITS = 8
_MATTERS_TOO = "SELECT 1 AS one FROM matters WHERE number = ? UNION ALL"


class Kind(StrEnum):
    """What somebody wants (domain.md, section 6)."""

    QUESTION = "question"
    APPLICATION = "application"  # 依申请公开
    REQUEST = "request"  # 诉求
    OBJECTION = "objection"  # to something that was disclosed


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


class UnknownRequest(LookupError):
    """No request has this id or number."""


class NotOpen(ValueError):
    """Somebody has answered already, or there is no answer to be dissatisfied with."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when an answer is due: `limit_on` as the rule counts, `due_on` the day that counts."""

    counted_from: date
    limit_on: date
    due_on: date
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A request before it is kept. `message_key` tells a repeat; `asker` is the name that was given
    at the counter; without a `person_id` nobody can be written to."""

    kind: Kind
    village: str
    role: str
    text: str = field(repr=False)
    deadline: Deadline
    message_key: str
    person_id: str | None = None
    channel: str = ""
    asker: str = field(default="", repr=False)
    subject: str = ""
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A row. What was said stays sealed until `text_of` opens it."""

    id: str
    number: str
    kind: Kind
    person_id: str | None
    channel: str
    village: str
    office: str
    role: str
    level: int
    subject: str
    state: State
    counted_from: date
    limit_on: date
    due_on: date
    provisional: bool
    extended: bool
    may_publish: bool
    public_question: str = field(repr=False)
    public_reply: str = field(repr=False)
    published_at: datetime | None
    taken_by: str
    created_at: datetime
    answered_at: datetime | None
    sealed: bytes = field(repr=False)
    asker_sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `delivery` is the state of the message that carries it, empty: there is none."""

    level: int
    office: str
    author: str
    text: str = field(repr=False)
    due_on: date
    at: datetime
    delivery: str


@dataclass(frozen=True, slots=True)
class Published:
    """A question and its reply as everybody may read them."""

    number: str
    question: str
    reply: str
    at: datetime


async def store(db: Database, sealer: Sealer, new: New, now: datetime) -> Request | None:
    """Keeps a request; None where this very message made one before."""
    rows = await db.rows(
        "INSERT INTO requests (id, number, kind, person_id, channel, village, office, role, level,"
        " sealed, asker_sealed, subject, state, counted_from, limit_on, due_on, provisional,"
        " extended, told_late, may_publish, public_question, public_reply, taken_by, message_key,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?,"
        " '', '', ?, ?, ?) ON CONFLICT (message_key) DO NOTHING RETURNING *",
        new_id(), await _free_number(db), new.kind.value, new.person_id, new.channel, new.village,
        new.village, new.role, sealer.seal_inbox(new.text.encode()),
        sealer.seal_address(new.asker.encode()) if new.asker else None, new.subject,
        *_days(new.deadline), False, False, False, new.taken_by, new.message_key, to_ms(now),
    )  # fmt: skip
    return _request(rows[0]) if rows else None


async def by_number(db: Database, number: str) -> Request:
    """Raises UnknownRequest."""
    row = await db.row("SELECT * FROM requests WHERE number = ?", number)
    if row is None:
        raise UnknownRequest
    return _request(row)


async def by_id(db: Database, identity: str) -> Request:
    """Raises UnknownRequest."""
    row = await db.row("SELECT * FROM requests WHERE id = ?", identity)
    if row is None:
        raise UnknownRequest
    return _request(row)


async def of_people(db: Database, people: Sequence[str], limit: int = 20) -> list[Request]:
    """What these people asked, the newest first."""
    if not people:
        return []
    rows = await db.rows(
        f"SELECT * FROM requests WHERE person_id IN ({', '.join('?' for _ in people)})"  # noqa: S608
        " ORDER BY created_at DESC, id LIMIT ?",
        *people, limit,
    )  # fmt: skip
    return [_request(row) for row in rows]


def text_of(sealer: Sealer, request: Request) -> str:
    """What was said."""
    return sealer.open_inbox(request.sealed).decode()


def asker_of(sealer: Sealer, request: Request) -> str:
    """The name that was given at the counter; empty where none was."""
    return sealer.open_address(request.asker_sealed).decode() if request.asker_sealed else ""


# --- lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose requests somebody sees: of offices under code prefixes, those of some roles or all.

    A prefix has 6, 9 or 12 digits and means every region under it.
    """

    prefixes: tuple[str, ...]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    open: int
    late: int
    answered: int


async def listed(
    db: Database,
    seen: Sequence[Seen],
    *,
    state: State,
    kind: Kind | None = None,
    village: str = "",
    limit: int,
    offset: int = 0,
) -> list[Request]:
    """A page of them: open ones by their day, answered ones the newest first."""
    where, values = _where(seen, kind, village)
    order = "due_on, id" if state is State.OPEN else "answered_at DESC, id"
    rows = await db.rows(
        f"SELECT * FROM requests WHERE state = ? AND {where} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
        state.value, *values, limit, offset,
    )  # fmt: skip
    return [_request(row) for row in rows]


async def counts(
    db: Database, seen: Sequence[Seen], today: date, kind: Kind | None = None, village: str = ""
) -> Counts:
    """How many are open, how many of those are late, and how many were answered."""
    where, values = _where(seen, kind, village)
    row = await db.row(
        "SELECT COALESCE(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0) AS open,"  # noqa: S608
        " COALESCE(SUM(CASE WHEN state = 'open' AND due_on < ? THEN 1 ELSE 0 END), 0) AS late,"
        " COALESCE(SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END), 0) AS answered"
        f" FROM requests WHERE {where}",
        today.isoformat(), *values,
    )  # fmt: skip
    return Counts(int(row["open"]), int(row["late"]), int(row["answered"])) if row else _NONE


_NONE = Counts(0, 0, 0)


def _where(seen: Sequence[Seen], kind: Kind | None, village: str) -> tuple[str, list[str]]:
    ways, values = list[str](), list[str]()
    for one in seen:
        for prefix in one.prefixes:
            way = "village BETWEEN ? AND ?"
            values += [prefix.ljust(12, "0"), prefix.ljust(12, "9")]
            if one.roles:
                way += f" AND role IN ({', '.join('?' for _ in one.roles)})"
                values += one.roles
            ways.append(f"({way})")
    where = f"({' OR '.join(ways)})" if ways else "1 = 0"
    if kind:
        where += " AND kind = ?"
        values.append(kind.value)
    if village:
        where += " AND village = ?"
        values.append(village)
    return where, values


async def untold(db: Database, key: str, limit: int) -> list[Request]:
    """Open ones of which nobody was told: no campaign has the key with their id and level."""
    rows = await db.rows(
        "SELECT r.* FROM requests r LEFT JOIN campaigns c"
        " ON c.key = CAST(? AS VARCHAR) || r.id || ':' || CAST(r.level AS VARCHAR)"
        " WHERE r.state = 'open' AND c.id IS NULL ORDER BY r.created_at, r.id LIMIT ?",
        key, limit,
    )  # fmt: skip
    return [_request(row) for row in rows]


async def overdue(db: Database, today: date, limit: int) -> list[Request]:
    """Open ones that are late and of which the superior has not heard, the earliest first."""
    rows = await db.rows(
        "SELECT * FROM requests WHERE state = 'open' AND due_on < ? AND told_late = ?"
        " ORDER BY due_on, id LIMIT ?",
        today.isoformat(), False, limit,
    )  # fmt: skip
    return [_request(row) for row in rows]


async def due_between(db: Database, first: date, last: date) -> list[Request]:
    """Open ones whose day lies in these days."""
    rows = await db.rows(
        "SELECT * FROM requests WHERE state = 'open' AND due_on BETWEEN ? AND ?"
        " ORDER BY due_on, id",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [_request(row) for row in rows]


async def published(db: Database, village: str, limit: int = 100) -> list[Published]:
    """Questions and replies that everybody may read, the newest first."""
    rows = await db.rows(
        "SELECT number, public_question, public_reply, published_at FROM requests"
        " WHERE village = ? AND published_at IS NOT NULL ORDER BY published_at DESC, id LIMIT ?",
        village, limit,
    )  # fmt: skip
    return [
        Published(
            row["number"], row["public_question"], row["public_reply"],
            from_ms(row["published_at"]),
        )
        for row in rows
    ]  # fmt: skip


# --- what happens to one --------------------------------------------------------------------------


async def answer(
    db: Database, sealer: Sealer, request: Request, text: str, *, author: str, now: datetime
) -> None:
    """Answers what is open, once at each level. Raises NotOpen for whoever comes second."""
    async with db.transaction():
        changed = await db.rows(
            "UPDATE requests SET state = 'answered', answered_at = ?"
            " WHERE id = ? AND state = 'open' AND level = ? RETURNING id",
            to_ms(now), request.id, request.level,
        )  # fmt: skip
        if not changed:
            raise NotOpen
        await db.run(
            "INSERT INTO request_answers (id, request_id, level, office, author, sealed, due_on,"
            " at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            new_id(), request.id, request.level, request.office, author,
            sealer.seal_inbox(text.encode()), request.due_on.isoformat(), to_ms(now),
        )  # fmt: skip


async def note_campaign(db: Database, request: Request, campaign_id: str) -> None:
    """Keeps which campaign carries the answer of the present level."""
    await db.run(
        "UPDATE request_answers SET campaign_id = ? WHERE request_id = ? AND level = ?",
        campaign_id, request.id, request.level,
    )  # fmt: skip


async def publish(db: Database, request: Request, question: str, reply: str, at: datetime) -> None:
    """Lets everybody read it, in words that name nobody. Raises NotOpen without a yes."""
    changed = await db.rows(
        "UPDATE requests SET public_question = ?, public_reply = ?, published_at = ?"
        " WHERE id = ? AND may_publish = ? RETURNING id",
        question, reply, to_ms(at), request.id, True,
    )  # fmt: skip
    if not changed:
        raise NotOpen


async def agree(db: Database, number: str, person_id: str) -> bool:
    """Whoever asked lets question and reply be published; False where it is not theirs."""
    changed = await db.rows(
        "UPDATE requests SET may_publish = ? WHERE number = ? AND person_id = ?"
        " AND kind = 'question' RETURNING id",
        True, number, person_id,
    )  # fmt: skip
    return bool(changed)


async def pass_up(
    db: Database, request: Request, *, office: str, role: str, deadline: Deadline
) -> None:
    """Opens an answered one anew, for a region above. Raises NotOpen where it is open already."""
    changed = await db.rows(
        "UPDATE requests SET state = 'open', level = level + 1, office = ?, role = ?,"
        " counted_from = ?, limit_on = ?, due_on = ?, provisional = ?, extended = ?, told_late = ?"
        " WHERE id = ? AND state = 'answered' AND level = ? RETURNING id",
        office, role, *_days(deadline), False, False, request.id, request.level,
    )  # fmt: skip
    if not changed:
        raise NotOpen


async def extend(db: Database, request: Request, deadline: Deadline) -> None:
    """Gives an open one a later day, once. Raises NotOpen."""
    changed = await db.rows(
        "UPDATE requests SET limit_on = ?, due_on = ?, provisional = ?, extended = ?,"
        " told_late = ? WHERE id = ? AND state = 'open' AND extended = ? RETURNING id",
        *_days(deadline)[1:], True, False, request.id, False,
    )  # fmt: skip
    if not changed:
        raise NotOpen


async def note_told_late(db: Database, request: Request) -> bool:
    """Takes the turn of telling the superior: False where it was taken."""
    taken = await db.rows(
        "UPDATE requests SET told_late = ? WHERE id = ? AND told_late = ? AND state = 'open'"
        " RETURNING id",
        True, request.id, False,
    )  # fmt: skip
    return bool(taken)


async def answers(db: Database, sealer: Sealer, request: Request) -> list[Answer]:
    """What was answered, the earliest first."""
    rows = await db.rows(
        "SELECT a.*, (SELECT d.state FROM deliveries d WHERE d.campaign_id = a.campaign_id"
        " ORDER BY d.revision DESC LIMIT 1) AS delivery"
        " FROM request_answers a WHERE a.request_id = ? ORDER BY a.level",
        request.id,
    )
    return [
        Answer(
            row["level"], row["office"], row["author"],
            sealer.open_inbox(bytes(row["sealed"])).decode(), date.fromisoformat(row["due_on"]),
            from_ms(row["at"]), row["delivery"] or "",
        )
        for row in rows
    ]  # fmt: skip


def _days(deadline: Deadline) -> tuple[str, str, str, bool]:
    return (
        deadline.counted_from.isoformat(), deadline.limit_on.isoformat(),
        deadline.due_on.isoformat(), deadline.provisional,
    )  # fmt: skip


async def _free_number(db: Database) -> str:
    """One that no application has either: people are told one kind of number."""
    while True:
        number = f"{secrets.randbelow(9 * 10 ** (_DIGITS - 1)) + 10 ** (_DIGITS - 1)}"
        taken = await db.row(
            f"{_MATTERS_TOO} SELECT 1 AS one FROM requests WHERE number = ?",  # noqa: S608
            number, number,
        )  # fmt: skip
        if taken is None:
            return number


def _request(row: Row) -> Request:
    return Request(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        person_id=row["person_id"],
        channel=row["channel"],
        village=row["village"],
        office=row["office"],
        role=row["role"],
        level=row["level"],
        subject=row["subject"],
        state=State(row["state"]),
        counted_from=date.fromisoformat(row["counted_from"]),
        limit_on=date.fromisoformat(row["limit_on"]),
        due_on=date.fromisoformat(row["due_on"]),
        provisional=bool(row["provisional"]),
        extended=bool(row["extended"]),
        may_publish=bool(row["may_publish"]),
        public_question=row["public_question"],
        public_reply=row["public_reply"],
        published_at=_moment(row["published_at"]),
        taken_by=row["taken_by"],
        created_at=from_ms(row["created_at"]),
        answered_at=_moment(row["answered_at"]),
        sealed=bytes(row["sealed"]),
        asker_sealed=bytes(row["asker_sealed"]) if row["asker_sealed"] is not None else None,
    )


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
