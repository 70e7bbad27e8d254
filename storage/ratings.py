"""How content people are: asked once after an answer or a closed matter (domain.md, M5).

A rating that comes from whoever did the work, or over an address of theirs, is void and in no sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms

LOW = 3
"""The score that says not content; 1 is content, 2 mostly."""


class Subject(StrEnum):
    """What is rated."""

    REQUEST = "request"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class Askable:
    """Something that ended, and whom to ask about it. `number` is the one that they were told."""

    kind: Subject
    id: str
    number: str
    village: str
    person_id: str
    handler: str
    channel: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question for a rating."""

    id: str
    kind: Subject
    subject_id: str
    village: str
    handler: str


# Told already (sent or delivered), not asked yet, in no talk now, and not asked of late.
_FREE = (
    " AND NOT EXISTS (SELECT 1 FROM conversations k WHERE k.person_id = p.person_id"
    " AND k.expires_at > ?)"
    " AND NOT EXISTS (SELECT 1 FROM ratings r WHERE r.person_id = p.person_id"
    " AND r.state = 'asked' AND r.asked_at > ?)"
)
_REQUESTS = (
    "SELECT * FROM (SELECT r.id, r.number, r.village, r.person_id, r.channel, a.author AS handler,"
    " a.at AS ended_at FROM requests r JOIN request_answers a ON a.request_id = r.id"
    " AND a.level = r.level JOIN deliveries d ON d.campaign_id = a.campaign_id"
    " WHERE r.state = 'answered' AND d.state IN ('sent', 'delivered')"
    " AND a.at BETWEEN ? AND ?"
    " AND NOT EXISTS (SELECT 1 FROM ratings x WHERE x.subject_kind = 'request'"
    " AND x.subject_id = r.id)) AS p WHERE p.person_id IS NOT NULL"
)
_MATTERS = (
    "SELECT * FROM (SELECT m.id, m.number, m.village, m.applicant_id AS person_id,"
    " '' AS channel, COALESCE((SELECT e.actor FROM audit e WHERE e.subject = m.id"
    " AND e.action = 'matter_done' ORDER BY e.seq DESC LIMIT 1), '') AS handler,"
    " c.created_at AS ended_at FROM matters m"
    " JOIN campaigns c ON c.key = 'matter:' || m.id || ':done'"
    " JOIN deliveries d ON d.campaign_id = c.id"
    " WHERE m.state = 'done' AND d.state IN ('sent', 'delivered') AND c.created_at BETWEEN ? AND ?"
    " AND NOT EXISTS (SELECT 1 FROM ratings x WHERE x.subject_kind = 'matter'"
    " AND x.subject_id = m.id)) AS p WHERE p.person_id IS NOT NULL"
)


async def askable(
    db: Database, *, ended: tuple[datetime, datetime], quiet_since: datetime, now: datetime,
    limit: int,
) -> list[Askable]:  # fmt: skip
    """What ended between two moments and is to be asked about now, the earliest first.

    Nobody is asked who is in a talk, whose screen may hold other numbers, or who was asked since
    `quiet_since` and has not replied. Business time.
    """
    found: list[tuple[int, Askable]] = []
    span = to_ms(ended[0]), to_ms(ended[1])
    for kind, query in ((Subject.REQUEST, _REQUESTS), (Subject.MATTER, _MATTERS)):
        rows = await db.rows(
            f"{query}{_FREE} ORDER BY p.ended_at, p.id LIMIT ?",
            *span, to_ms(now), to_ms(quiet_since), limit,
        )  # fmt: skip
        for row in rows:
            one = Askable(
                kind, row["id"], row["number"], row["village"], row["person_id"], row["handler"],
                row["channel"],
            )  # fmt: skip
            found.append((row["ended_at"], one))
    found.sort(key=lambda pair: pair[0])
    return [one for _, one in found[:limit]]


async def note_asked(db: Database, one: Askable, now: datetime, *, void: bool = False) -> bool:
    """Takes the one turn of asking about it: False where it was taken."""
    made = await db.rows(
        "INSERT INTO ratings (id, subject_kind, subject_id, village, person_id, handler, state,"
        " said, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)"
        " ON CONFLICT (subject_kind, subject_id) DO NOTHING RETURNING id",
        new_id(), one.kind.value, one.id, one.village, one.person_id, one.handler,
        "void" if void else "asked", to_ms(now),
    )  # fmt: skip
    return bool(made)


async def is_handlers(db: Database, person_id: str, handler: str) -> bool:
    """Whether somebody is whoever did the work, or is reached over an address of theirs."""
    if person_id == handler:
        return True
    row = await db.row(
        "SELECT 1 AS one FROM addresses a JOIN addresses b ON b.channel = a.channel"
        " AND b.lookup = a.lookup WHERE a.person_id = ? AND b.person_id = ? LIMIT 1",
        person_id, handler,
    )  # fmt: skip
    return row is not None


async def open_of(db: Database, people: Sequence[str], since: datetime) -> Asked | None:
    """The newest question for a rating that these people have not replied to."""
    if not people:
        return None
    row = await db.row(
        "SELECT * FROM ratings WHERE state = 'asked' AND asked_at > ?"  # noqa: S608
        f" AND person_id IN ({', '.join('?' for _ in people)}) ORDER BY asked_at DESC, id LIMIT 1",
        to_ms(since), *people,
    )  # fmt: skip
    if row is None:
        return None
    return Asked(
        row["id"], Subject(row["subject_kind"]), row["subject_id"], row["village"], row["handler"]
    )


async def note(
    db: Database, asked: Asked, score: int, *, said: str, message_key: str, now: datetime,
    void: bool,
) -> bool:  # fmt: skip
    """Keeps a reply, once; False where that message, or another, has replied."""
    taken = await db.rows(
        "UPDATE ratings SET state = ?, score = ?, said = ?, message_key = ?, rated_at = ?"
        " WHERE id = ? AND state = 'asked' RETURNING id",
        "void" if void else "rated", score, said[:20], message_key, to_ms(now), asked.id,
    )  # fmt: skip
    return bool(taken)


async def with_key(db: Database, message_key: str) -> bool:
    """Whether this very message has rated something already."""
    row = await db.row("SELECT 1 AS one FROM ratings WHERE message_key = ?", message_key)
    return row is not None
