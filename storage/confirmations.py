"""Reminders that ask for a word back: asked, confirmed, followed up, or closed by themselves.

One row for a person and a reminder. Of several reminders of the same thing the first that is still
open counts, so that its follow-ups are not put off by being reminded again. Business time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.audience import RANDOM_ID, Audience
from storage.database import Database, Row
from storage.moments import from_ms, to_ms
from storage.power_bodies import KIND as POWER_ITEMS

FOLLOW_UP_KEY = "confirm:"
"""How the keys of the campaigns begin that follow up: they ask for nothing of their own."""

LOOKED_BACK = timedelta(days=7)
"""A reminder older than that is asked about no more, and a late answer not answered."""


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    ESCALATED = "escalated"  # the superior was told
    EXPIRED = "expired"


class Ended(StrEnum):
    """Why one expired."""

    DONE = "done"  # what was reminded of was done meanwhile
    SAME = "same"  # an earlier reminder of the same thing was open
    LEFT = "left"  # the person holds the office no longer
    OFF = "off"  # the rule was switched off
    UNANSWERED = "unanswered"  # and the rule tells no superior


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows where nobody confirms. No `sms_after` or `superior_after`: not that."""

    repeat_after: timedelta
    repeats: int
    sms_after: timedelta | None
    superior_after: timedelta | None
    is_on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One that somebody was asked for, with the reminder that asked."""

    id: str
    campaign_id: str
    person_id: str
    template: str
    cause: str  # the campaign's key
    state: State
    how: str
    step: int
    asked_at: datetime
    params: Mapping[str, str]
    link: str
    whom: str  # JSON of whom the reminder was for; empty where it never began


# --- rules ----------------------------------------------------------------------------------------


async def rules(db: Database) -> dict[str, Rule]:
    """What admins have laid down, by template."""
    rows = await db.rows("SELECT * FROM reminder_rules ORDER BY template")
    return {row["template"]: _rule(row) for row in rows}


async def set_rule(db: Database, template: str, rule: Rule, actor: str, now: datetime) -> None:
    await db.run(
        "INSERT INTO reminder_rules (template, is_on, repeat_after, repeats, sms_after,"
        " superior_after, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (template) DO UPDATE SET is_on = excluded.is_on,"
        " repeat_after = excluded.repeat_after, repeats = excluded.repeats,"
        " sms_after = excluded.sms_after, superior_after = excluded.superior_after,"
        " changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        template, rule.is_on, _seconds(rule.repeat_after), rule.repeats,
        _seconds(rule.sms_after), _seconds(rule.superior_after), actor, to_ms(now),
    )  # fmt: skip


# --- asking ---------------------------------------------------------------------------------------


async def open_new(
    db: Database,
    template: str,
    *,
    now: datetime,
    next_step_at: datetime,
    people: Sequence[str] | None = None,
) -> int:
    """Writes down whom a reminder has reached since; returns how many.

    `people` None: everybody. What reaches somebody while the same is open already is written down
    as expired, so that one answer is enough.
    """
    whose, values = _among("d.person_id", people)
    made = await db.rows(
        "INSERT INTO confirmations (id, campaign_id, person_id, template, cause, state, how,"  # noqa: S608
        " step, asked_at, next_step_at, told_late)"
        f" SELECT {RANDOM_ID[db.dialect]}, d.campaign_id, d.person_id, c.template, c.key,"
        f" CASE WHEN {_SAME_OPEN} THEN 'expired' ELSE 'open' END,"
        f" CASE WHEN {_SAME_OPEN} THEN 'same' ELSE '' END,"
        " 0, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BOOLEAN)"
        " FROM campaigns c JOIN deliveries d ON d.campaign_id = c.id"
        " WHERE c.template = ? AND c.planned_for > ? AND c.key NOT LIKE 'confirm:%'"
        f" AND d.state IN ('sent', 'delivered'){whose}"
        " AND NOT EXISTS (SELECT 1 FROM confirmations k"
        " WHERE k.campaign_id = d.campaign_id AND k.person_id = d.person_id)"
        " ON CONFLICT (campaign_id, person_id) DO NOTHING RETURNING id",
        to_ms(now), to_ms(next_step_at), False, template, to_ms(now - LOOKED_BACK), *values,
    )  # fmt: skip
    return len(made)


# A due day is told of in several stages, each a campaign: its key without the stage is the thing.
_SAME_OPEN = (
    "EXISTS (SELECT 1 FROM confirmations o WHERE o.person_id = d.person_id AND o.state = 'open'"
    " AND c.key LIKE 'due:%' AND substr(o.cause, 1, 24) = substr(c.key, 1, 24))"
)


async def household(db: Database, person_id: str, channel: str) -> list[str]:
    """Who shares an address with a person there, and the person: a reply bears no other name."""
    rows = await db.rows(
        "SELECT DISTINCT b.person_id FROM addresses a JOIN addresses b"
        " ON b.channel = a.channel AND b.lookup = a.lookup"
        " WHERE a.person_id = ? AND a.channel = ?",
        person_id,
        channel,
    )
    return sorted({person_id, *(row["person_id"] for row in rows)})


# --- the answer -----------------------------------------------------------------------------------


async def confirm(
    db: Database, people: Sequence[str], how: str, now: datetime, *, campaign_id: str = ""
) -> list[Confirmation]:
    """Confirms all that these people are asked, or one reminder; gives what was confirmed."""
    whose, values = _among("person_id", people)
    one = " AND campaign_id = ?" if campaign_id else ""
    rows = await db.rows(
        "UPDATE confirmations SET state = 'confirmed', how = ?, confirmed_at = ?,"  # noqa: S608
        f" next_step_at = NULL WHERE state = 'open'{whose}{one} RETURNING id",
        how, to_ms(now), *values, *([campaign_id] if campaign_id else []),
    )  # fmt: skip
    return await _load(db, [row["id"] for row in rows])


async def answer_late(db: Database, people: Sequence[str], now: datetime) -> list[Confirmation]:
    """What these people were asked and nobody waits for any more, each told of once.

    What the superior was told of counts as confirmed from now on.
    """
    whose, values = _among("person_id", people)
    rows = await db.rows(
        "UPDATE confirmations SET told_late = CAST(? AS BOOLEAN), confirmed_at = ?"  # noqa: S608
        " WHERE told_late = CAST(? AS BOOLEAN) AND asked_at > ?"
        f" AND (state = 'escalated' OR (state = 'expired' AND how = 'done')){whose} RETURNING id",
        True, to_ms(now), False, to_ms(now - LOOKED_BACK), *values,
    )  # fmt: skip
    return await _load(db, [row["id"] for row in rows])


async def of_delivery(db: Database, delivery_id: str) -> tuple[str, str, str] | None:
    """The campaign, the person and the template of a delivery; None for an id nobody has."""
    row = await db.row(
        "SELECT d.campaign_id, d.person_id, c.template FROM deliveries d"
        " JOIN campaigns c ON c.id = d.campaign_id WHERE d.id = ?",
        delivery_id,
    )
    return (row["campaign_id"], row["person_id"], row["template"]) if row else None


async def asked(db: Database, campaign_id: str, person_id: str) -> Confirmation | None:
    row = await db.row(
        "SELECT id FROM confirmations WHERE campaign_id = ? AND person_id = ?",
        campaign_id,
        person_id,
    )
    return (await _load(db, [row["id"]]))[0] if row else None


async def repeated_by(db: Database, campaign_id: str) -> Confirmation | None:
    """What a campaign reminds of again; None for one that does not."""
    row = await db.row("SELECT key FROM campaigns WHERE id = ?", campaign_id)
    if row is None or not row["key"].startswith(FOLLOW_UP_KEY):
        return None
    return await by_id(db, row["key"].split(":")[1])


async def by_id(db: Database, identity: str) -> Confirmation | None:
    found = await _load(db, [identity])
    return found[0] if found else None


# --- what follows ---------------------------------------------------------------------------------


async def close_done(db: Database) -> int:
    """Closes what was done meanwhile: published, ended, or looked at; returns how many."""
    rows = await db.rows(
        "UPDATE confirmations SET state = 'expired', how = 'done', next_step_at = NULL"
        " WHERE state = 'open' AND ("
        "(cause LIKE 'due:%' AND EXISTS (SELECT 1 FROM dues"
        " WHERE dues.id = substr(confirmations.cause, 5, 20)"
        " AND dues.state IN ('published', 'late_published')))"
        " OR (cause LIKE 'matter:%' AND EXISTS (SELECT 1 FROM matters"
        " WHERE matters.id = substr(confirmations.cause, 8, 20) AND matters.state = 'done'))"
        " OR (cause LIKE 'power:%' AND EXISTS (SELECT 1 FROM disclosures"
        " WHERE disclosures.village = substr(confirmations.cause, 7, 12)"
        " AND disclosures.kind = ? AND disclosures.published_at > confirmations.asked_at)))"
        " RETURNING id",
        POWER_ITEMS,
    )
    return len(rows)


async def due(db: Database, now: datetime, limit: int) -> list[Confirmation]:
    """Open ones whose next step is due, the earliest first."""
    rows = await db.rows(
        "SELECT id FROM confirmations WHERE state = 'open' AND next_step_at <= ?"
        " ORDER BY next_step_at, id LIMIT ?",
        to_ms(now),
        limit,
    )
    return await _load(db, [row["id"] for row in rows])


async def advance(db: Database, one: Confirmation, next_step_at: datetime | None) -> bool:
    """Takes the next step, which is the last, the superior's, where no moment follows.

    False where another replica took it, or an answer came.
    """
    rows = await db.rows(
        "UPDATE confirmations SET step = step + 1, next_step_at = ?, state = ?"
        " WHERE id = ? AND state = 'open' AND step = ? RETURNING id",
        to_ms(next_step_at) if next_step_at else None,
        State.OPEN if next_step_at else State.ESCALATED,
        one.id,
        one.step,
    )
    return bool(rows)


async def expire(db: Database, one: Confirmation, why: Ended) -> None:
    await db.run(
        "UPDATE confirmations SET state = 'expired', how = ?, next_step_at = NULL"
        " WHERE id = ? AND state = 'open'",
        why,
        one.id,
    )


async def reachable_on(db: Database, person_id: str) -> frozenset[str]:
    """The channels on which a person has an address."""
    rows = await db.rows(
        "SELECT DISTINCT channel FROM addresses WHERE person_id = ? AND state = 'active'",
        person_id,
    )
    return frozenset(row["channel"] for row in rows)


def audience_of(one: Confirmation) -> Audience | None:
    """Whom the reminder was for."""
    return Audience.from_json(one.whom) if one.whom else None


def _among(column: str, people: Sequence[str] | None) -> tuple[str, list[str]]:
    if people is None:
        return "", []
    return f" AND {column} IN ({', '.join('?' for _ in people)})", list(people)


async def _load(db: Database, ids: Sequence[str]) -> list[Confirmation]:
    """By their ids, the earliest asked first."""
    if not ids:
        return []
    marks = ", ".join("?" for _ in ids)
    rows = await db.rows(
        "SELECT k.*, c.params, c.link, c.whom FROM confirmations k"  # noqa: S608
        f" JOIN campaigns c ON c.id = k.campaign_id WHERE k.id IN ({marks})"
        " ORDER BY k.asked_at, k.id",
        *ids,
    )
    return [
        Confirmation(
            id=row["id"],
            campaign_id=row["campaign_id"],
            person_id=row["person_id"],
            template=row["template"],
            cause=row["cause"],
            state=State(row["state"]),
            how=row["how"],
            step=row["step"],
            asked_at=from_ms(row["asked_at"]),
            params=json.loads(row["params"]),
            link=row["link"],
            whom=row["whom"],
        )
        for row in rows
    ]


def _rule(row: Row) -> Rule:
    return Rule(
        repeat_after=timedelta(seconds=row["repeat_after"]),
        repeats=row["repeats"],
        sms_after=_after(row["sms_after"]),
        superior_after=_after(row["superior_after"]),
        is_on=bool(row["is_on"]),
    )


def _after(seconds: int) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None


def _seconds(span: timedelta | None) -> int:
    return int(span.total_seconds()) if span else 0
