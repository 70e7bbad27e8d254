"""What people asked to hear about: topics of a village, how soon and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Database
from storage.ids import new_id
from storage.moments import from_ms, to_ms

AT_ONCE, WEEKLY = "at_once", "weekly"
OWN = ""
"""Stands for the person's own village, whichever that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """`village` is a 12-digit code or OWN; `channel` wechat, sms, or empty: whichever there is."""

    topic: str
    village: str = OWN
    rhythm: str = AT_ONCE
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Follower:
    """One thing that a person follows; `village` is a code here, `since` when it began so."""

    person_id: str
    village: str
    topic: str
    rhythm: str
    since: datetime


async def follow(db: Database, person_id: str, wanted: Follow, now: datetime) -> bool:
    """Follows, or changes how; False where it is so already."""
    changed = await db.rows(
        "INSERT INTO follows (id, person_id, topic, village, rhythm, channel, since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, topic, village) DO UPDATE"
        " SET rhythm = excluded.rhythm, channel = excluded.channel, since ="
        " CASE WHEN follows.rhythm = excluded.rhythm THEN follows.since ELSE excluded.since END"
        " WHERE follows.rhythm <> excluded.rhythm OR follows.channel <> excluded.channel"
        " RETURNING id",
        new_id(), person_id, wanted.topic, wanted.village, wanted.rhythm, wanted.channel,
        to_ms(now),
    )  # fmt: skip
    return bool(changed)


async def of_person(db: Database, person_id: str) -> list[Follow]:
    """What a person follows: of the own village first, by topic."""
    rows = await db.rows(
        "SELECT topic, village, rhythm, channel FROM follows WHERE person_id = ?"
        " ORDER BY village, topic",
        person_id,
    )
    return [Follow(**row) for row in rows]


async def unfollow(
    db: Database, person_id: str, *, topic: str | None = None, villages: Collection[str] = ()
) -> list[Follow]:
    """Leaves a topic with its finer ones, of these villages or all; None: every topic.

    Returns what was left.
    """
    sql, values = "", [person_id]
    if topic is not None:
        sql += " AND (topic = ? OR topic LIKE ?)"
        values += [topic, f"{topic}.%"]
    if villages:
        sql += f" AND village IN ({', '.join('?' for _ in villages)})"
        values += villages
    rows = await db.rows(
        f"DELETE FROM follows WHERE person_id = ?{sql}"  # noqa: S608
        " RETURNING topic, village, rhythm, channel",
        *values,
    )
    return [Follow(**row) for row in rows]


async def of_people_with(
    db: Database, rhythm: str, villages: Sequence[str], on: date
) -> list[Follower]:
    """All that people follow of these villages, so or otherwise, who follow anything so.

    One's own village is the one that was bound, and any where a post is held on that day.
    """
    if not villages:
        return []
    marks = ", ".join("?" for _ in villages)
    rows = await db.rows(
        f"WITH own AS (SELECT id AS person_id, village FROM people WHERE village IN ({marks})"  # noqa: S608
        f" UNION SELECT person_id, region AS village FROM posts WHERE region IN ({marks})"
        " AND (starts_on IS NULL OR starts_on <= ?) AND (ends_on IS NULL OR ends_on >= ?)),"
        " said AS (SELECT person_id, village, topic, rhythm, since FROM follows"
        f" WHERE village IN ({marks}) UNION ALL"
        " SELECT f.person_id, own.village, f.topic, f.rhythm, f.since FROM follows f"
        " JOIN own ON own.person_id = f.person_id WHERE f.village = ?)"
        " SELECT * FROM said WHERE person_id IN"
        " (SELECT person_id FROM follows WHERE rhythm = ?) ORDER BY person_id",
        *villages, *villages, on.isoformat(), on.isoformat(), *villages, OWN, rhythm,
    )  # fmt: skip
    return [
        Follower(
            row["person_id"], row["village"], row["topic"], row["rhythm"], from_ms(row["since"])
        )
        for row in rows
    ]
