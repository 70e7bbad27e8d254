"""Campaigns: one notice to one audience, its wording frozen when it was created."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage import tallies
from storage.audit import SYSTEM
from storage.database import Database, Row
from storage.moments import NEVER, from_ms, to_ms
from storage.outbox import WAS_UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """`texts` are the wordings by channel, filled, and `versions` which versions of them those are;
    `state` is planned running held done cancelled.

    `whom` is JSON of a storage.audience.Audience, empty until it begins where `audience` says all.
    `card` is the heading of the picture that its text is drawn on, empty where there is none.
    `paused` is one that a person holds. `planned_for` and `expires_at` are business time.
    """

    id: str
    key: str
    template: str
    notice_class: str
    lane: int
    audience: str
    params: Mapping[str, str]
    texts: Mapping[str, str]
    link: str
    state: str
    revision: int
    planned_for: datetime
    expires_at: datetime
    created_by: str
    created_at: datetime
    versions: Mapping[str, int] = field(default_factory=dict)
    whom: str = ""
    card: str = ""
    paused: bool = False
    fanned_out: bool = False  # everybody has a delivery
    region: str = ""  # 12-digit code of the one region that `audience` names


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a campaign has come. `by_channel` are the people reached, `repeated` those of
    whom more than one attempt was taken, or may have been: after silence in the urgent lane."""

    total: int
    by_state: dict[str, int]
    by_channel: dict[str, int]
    people_reached: int
    repeated: int
    begun_at: datetime | None = None  # real time
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What goes on after a restore."""

    campaigns: int
    deliveries: int
    may_have_gone_out: int  # were due before the restore, so perhaps sent after the backup
    not_begun: int  # campaigns that had not begun then, and may have gone out whole since


async def insert(db: Database, new: Campaign) -> bool:
    """Adds a campaign; False, and no change, where its key is known."""
    made = await db.rows(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, expires_at, created_by, created_at, versions, whom,"
        " card, fanned_out, region, of_people)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        new.id, new.key, new.template, new.notice_class, new.lane, new.audience,
        json.dumps(dict(new.params), ensure_ascii=False),
        json.dumps(dict(new.texts), ensure_ascii=False), new.link, new.state, new.revision,
        to_ms(new.planned_for), to_ms(new.expires_at), new.created_by, to_ms(new.created_at),
        json.dumps(dict(new.versions)), new.whom, new.card, new.fanned_out, new.region,
        new.created_by != SYSTEM,
    )  # fmt: skip
    if made:
        await tallies.begin(db, new.id)
    return bool(made)


async def put_off_expiry(db: Database, campaign_id: str, until: datetime) -> None:
    """Lets a campaign be worth something for longer, before any of its deliveries is made."""
    await db.run("UPDATE campaigns SET expires_at = ? WHERE id = ?", to_ms(until), campaign_id)


async def id_of_key(db: Database, key: str) -> str | None:
    """The campaign that was created with this key."""
    row = await db.row("SELECT id FROM campaigns WHERE key = ?", key)
    return str(row["id"]) if row else None


async def load(db: Database, campaign_id: str) -> Campaign | None:
    row = await db.row("SELECT * FROM campaigns WHERE id = ?", campaign_id)
    return _campaign(row) if row else None


async def load_many(db: Database, ids: Sequence[str]) -> dict[str, Campaign]:
    """Campaigns by id."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    rows = await db.rows(f"SELECT * FROM campaigns WHERE id IN ({marks})", *ids)  # noqa: S608
    return {row["id"]: _campaign(row) for row in rows}


async def newest_of(db: Database, person_id: str, channel: str, since: datetime) -> str | None:
    """The campaign that last reached a person over a channel, or may have. Real time."""
    row = await db.row(
        "SELECT campaign_id FROM deliveries WHERE person_id = ? AND channel = ?"
        " AND campaign_id IS NOT NULL AND state IN ('sent', 'delivered', 'unknown')"
        " AND updated_at >= ? ORDER BY updated_at DESC, id LIMIT 1",
        person_id, channel, to_ms(since),
    )  # fmt: skip
    return str(row["campaign_id"]) if row else None


async def planned(db: Database, now: datetime) -> list[Campaign]:
    """Campaigns whose time has come, earliest first."""
    rows = await db.rows(
        "SELECT * FROM campaigns WHERE state = 'planned' AND planned_for <= ?"
        " ORDER BY planned_for, id",
        to_ms(now),
    )
    return [_campaign(row) for row in rows]


async def start(db: Database, campaign_id: str, whom: str) -> bool:
    """Takes a planned campaign up, for those of `whom`; False when another worker was faster."""
    taken = await db.rows(
        "UPDATE campaigns SET state = 'running', whom = ? WHERE id = ? AND state = 'planned'"
        " RETURNING id",
        whom,
        campaign_id,
    )
    return bool(taken)


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that is not over, with the versions of the words that it keeps, by channel."""

    id: str
    state: str
    created_at: datetime
    versions: Mapping[str, int]


async def running_of(db: Database, template: str, limit: int) -> list[Running]:
    """Campaigns of a template that are not over, the newest first; none to single persons."""
    rows = await db.rows(
        "SELECT id, state, created_at, versions FROM campaigns WHERE template = ?"
        " AND state IN ('planned', 'running', 'held') AND audience NOT LIKE 'person=%'"
        " ORDER BY created_at DESC, id LIMIT ?",
        template, limit,
    )  # fmt: skip
    return [
        Running(row["id"], row["state"], from_ms(row["created_at"]), json.loads(row["versions"]))
        for row in rows
    ]


async def fanning_out(db: Database) -> list[Campaign]:
    """Running campaigns of which not everybody has a delivery yet."""
    rows = await db.rows(
        "SELECT * FROM campaigns WHERE state = 'running' AND fanned_out = false ORDER BY id"
    )
    return [_campaign(row) for row in rows]


async def take_page(db: Database, campaign_id: str) -> str | None:
    """The last person whom the fan-out has looked at, empty before the first; no other worker goes
    on with it before this transaction ends. None where nothing is left to do, or it was stopped."""
    row = await db.row(
        "UPDATE campaigns SET reached_to = reached_to WHERE id = ? AND state = 'running'"
        " AND fanned_out = false RETURNING reached_to",
        campaign_id,
    )
    return None if row is None else str(row["reached_to"])


async def note_page(db: Database, campaign_id: str, reached_to: str, *, complete: bool) -> None:
    """Notes, with the deliveries of a page, how far the fan-out has come."""
    await db.run(
        "UPDATE campaigns SET reached_to = ?, fanned_out = ? WHERE id = ?",
        reached_to, complete, campaign_id,
    )  # fmt: skip


async def close_finished(db: Database) -> list[str]:
    """Marks as done the running campaigns of which nothing is left to do; returns their ids.

    What stays unknown for good counts as finished (contract.md, section 7).
    """
    # Looked for first: an UPDATE that changes nothing takes SQLite's write lock all the same.
    if not await db.rows(f"SELECT id FROM campaigns WHERE {_FINISHED} LIMIT 1", NEVER):  # noqa: S608
        return []
    rows = await db.rows(
        f"UPDATE campaigns SET state = 'done' WHERE {_FINISHED} RETURNING id",  # noqa: S608
        NEVER,
    )
    return [row["id"] for row in rows]


_FINISHED = (
    "state = 'running' AND fanned_out = true AND EXISTS (SELECT 1 FROM tallies t"
    " WHERE t.campaign_id = campaigns.id AND t.new = 0 AND t.held = 0 AND t.sending = 0"
    " AND (t.unknown = 0 OR t.campaign_id NOT IN (SELECT d.campaign_id FROM deliveries d"
    " WHERE d.state = 'unknown' AND d.not_before < ? AND d.campaign_id IS NOT NULL)))"
)


async def progress(db: Database, campaign_id: str) -> Progress:
    """How far it has come: one row, whatever its size."""
    tally = await tallies.load(db, campaign_id)
    counts = tally.counts
    by_channel = {name: counts[name] for name in tallies.CHANNELS if counts[name]}
    return Progress(
        total=counts["total"],
        by_state={state: counts[state] for state in tallies.STATES if counts[state]},
        by_channel=by_channel,
        people_reached=sum(by_channel.values()),
        repeated=counts["repeated"],
        begun_at=tally.begun_at,
        moved_at=tally.moved_at,
    )


async def hold_unfinished(db: Database) -> None:
    """Holds whatever was unfinished when the backup was taken; what a person had paused stays so.

    What was under way then becomes unknown again when it is resumed, not new. Nobody sends yet.
    """
    await db.run("UPDATE campaigns SET state = 'held' WHERE state IN ('planned', 'running')")
    await db.run("UPDATE attempts SET state = 'unknown' WHERE state = 'sending'")
    await db.run(
        "UPDATE deliveries SET state = 'held', reason = ?, owner = '', lease_until = NULL"
        " WHERE state = 'sending' OR (state = 'unknown' AND not_before < ?)",
        WAS_UNKNOWN,
        NEVER,
    )
    await db.run(
        "UPDATE deliveries SET state = 'held', reason = CASE WHEN campaign_id IN"
        " (SELECT c.id FROM campaigns c WHERE c.paused = true) THEN ? ELSE '' END"
        " WHERE state = 'new'",
        PAUSED,
    )
    await tallies.recount(db)


async def anything_held(db: Database) -> bool:
    """Whether deliveries, campaigns or occurrences wait for an operator since a restore."""
    row = await db.row(
        "SELECT 1 AS one WHERE EXISTS"
        " (SELECT 1 FROM deliveries WHERE state = 'held' AND reason <> ?)"
        " OR EXISTS (SELECT 1 FROM campaigns WHERE state = 'held' AND paused = false)"
        " OR EXISTS (SELECT 1 FROM occurrences WHERE state = 'held')",
        PAUSED,
    )
    return row is not None


async def restored_at(db: Database) -> datetime | None:
    """When the database was restored, as long as something may wait for an operator since."""
    row = await db.row("SELECT restored_at FROM installation WHERE id = 1")
    return from_ms(row["restored_at"]) if row and row["restored_at"] is not None else None


async def forget_restore(db: Database) -> None:
    await db.run("UPDATE installation SET restored_at = NULL WHERE id = 1")


async def resume(
    db: Database, campaign_id: str | None, *, restored: datetime, now: datetime
) -> Resumed:
    """Lets a campaign that a restore holds go on, or (None) all of them, and the answers.

    `restored` is when the restore was; `now` is real time, for what is unknown. What a person
    paused goes on by storage.steering alone.
    """
    one = " AND reason <> ?" + (" AND campaign_id = ?" if campaign_id else "")
    that = " AND paused = false" + (" AND id = ?" if campaign_id else "")
    its = [campaign_id] if campaign_id else []
    async with db.transaction():
        held = await _count(db, f"deliveries WHERE state = 'held'{one}", PAUSED, *its)
        before = f"deliveries WHERE state = 'held' AND not_before <= ?{one}"
        due = await _count(db, before, to_ms(restored), PAUSED, *its)
        not_begun = await _count(
            db,
            f"campaigns WHERE state = 'held' AND NOT {BEGUN} AND planned_for <= ?{that}",
            to_ms(restored),
            *its,
        )
        await db.run(
            "UPDATE deliveries SET state = 'unknown', not_before = ?, reason = ''"  # noqa: S608
            f" WHERE state = 'held' AND reason = ?{one}",
            to_ms(now), WAS_UNKNOWN, PAUSED, *its,
        )  # fmt: skip
        await db.run(
            f"UPDATE deliveries SET state = 'new' WHERE state = 'held'{one}",  # noqa: S608
            PAUSED,
            *its,
        )
        resumed = await db.rows(
            "UPDATE campaigns SET state ="  # noqa: S608
            f" CASE WHEN {BEGUN} THEN 'running' ELSE 'planned' END"
            f" WHERE state = 'held'{that} RETURNING id",
            *its,
        )
        if held:
            await tallies.recount(db, campaign_id)
    return Resumed(len(resumed), held, due, not_begun)


PAUSED = "paused"
"""Why a delivery is held that a person paused."""

BEGUN = (
    "(reached_to <> '' OR EXISTS (SELECT 1 FROM deliveries b WHERE b.campaign_id = campaigns.id))"
)


async def _count(db: Database, what: str, *values: object) -> int:
    row = await db.row(f"SELECT COUNT(*) AS n FROM {what}", *values)  # noqa: S608
    return int(row["n"]) if row else 0


def _campaign(row: Row) -> Campaign:
    return Campaign(
        id=row["id"],
        key=row["key"],
        template=row["template"],
        notice_class=row["notice_class"],
        lane=row["lane"],
        audience=row["audience"],
        params=json.loads(row["params"]),
        texts=json.loads(row["texts"]),
        link=row["link"],
        state=row["state"],
        revision=row["revision"],
        planned_for=from_ms(row["planned_for"]),
        expires_at=from_ms(row["expires_at"]),
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
        versions=json.loads(row["versions"]),
        whom=row["whom"],
        card=row["card"],
        paused=bool(row["paused"]),
        fanned_out=bool(row["fanned_out"]),
        region=row["region"],
    )
