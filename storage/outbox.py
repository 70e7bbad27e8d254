"""The outbox: every statement that moves a delivery from one state to the next.

A worker claims rows under a lease, and with them writes its intent (`sending`, an attempt); only
then it calls a provider, and after the call it finishes them. A lease that runs out in between
leaves `unknown`, never `new` (delivery.md, section 3). Each statement names the state, the worker
and the attempt that it leaves behind, so that a worker thawed too late changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage import spending, tallies
from storage.audience import RANDOM_ID
from storage.clock import day_of
from storage.database import Database, Row
from storage.ids import new_id
from storage.listed import as_list, listed
from storage.moments import from_ms, to_ms
from storage.tallies import Moves

WAS_UNKNOWN = "was_unknown"
EXPIRED = "expired"
ABSENT = "absent"  # the provider was asked twice and has never heard of it

SKIP_LOCKED = {"sqlite": "", "postgres": " FOR UPDATE SKIP LOCKED"}
# The address that a person gave first and that still works; what is not active is passed over.
ADDRESS = (
    "(SELECT a.sealed FROM addresses a WHERE a.person_id = deliveries.person_id"
    " AND a.channel = deliveries.channel AND a.state = 'active'"
    " ORDER BY a.created_at, a.id LIMIT 1) AS address"
)
_RETURNING = (
    " RETURNING id, campaign_id, person_id, revision, lane, channel, attempt_id, tries, begun,"
    f" way, not_before, expires_at, sealed, {ADDRESS}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who claims, and until when it may hold what it claims. Real time."""

    owner: str
    now: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this worker may send now. `sealed` is an answer's content."""

    id: str
    campaign_id: str | None
    person_id: str
    lane: int
    channel: str
    attempt_id: str
    tries: int  # this one included
    not_before: datetime
    expires_at: datetime | None
    owner: str
    way: str = ""  # the gateway on that channel after a fallback; empty: the first that is open
    was_unknown: bool = False
    sealed: bytes | None = field(default=None, repr=False)
    address: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What became of a claimed delivery and of its attempt."""

    claimed: Claimed
    state: str
    attempt: str  # taken refused unknown
    code: str = ""
    reference: str = ""
    channel: str = ""  # another one, after a fallback
    way: str = ""  # another gateway on the same channel, after a fallback
    tries: int = 0
    not_before: int = 0  # milliseconds
    cost_fen: int = 0


async def add_answer(
    db: Database,
    *,
    message_key: str,
    person_id: str,
    sealed: bytes,
    now: datetime,
    expires_at: datetime,
) -> bool:
    """Puts an answer by SMS into the interactive lane; False where that message has one."""
    made = await db.rows(
        "INSERT INTO deliveries (id, message_key, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, expires_at, owner, sealed, reason, updated_at)"
        " VALUES (?, ?, ?, 1, 0, 'new', 'sms', '', 0, ?, ?, '', ?, '', ?)"
        " ON CONFLICT (message_key) DO NOTHING RETURNING id",
        new_id(), message_key, person_id, to_ms(now), to_ms(expires_at), sealed, to_ms(now),
    )  # fmt: skip
    return bool(made)


async def due(db: Database, channels: Sequence[str], now: datetime) -> set[tuple[str, int]]:
    """The channels and lanes in which something is waiting to be sent."""
    questions = [(channel, lane) for channel in channels for lane in range(4)]
    if not questions:
        return set()
    # The state stands in the statement itself: only so the partial index serves it.
    asked = ", ".join(
        "CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE state = 'new' AND channel = ?"  # noqa: S608
        f" AND lane = {lane} AND not_before <= ?) THEN 1 ELSE 0 END AS q{place}"
        for place, (_, lane) in enumerate(questions)
    )
    values = [value for channel, _ in questions for value in (channel, to_ms(now))]
    row = await db.row(f"SELECT {asked}", *values)
    return {q for place, q in enumerate(questions) if row and row[f"q{place}"]}


class Care(StrEnum):
    """What else may need looking after."""

    LEASES = "leases"
    UNKNOWN = "unknown"
    SILENT = "silent"
    UNREPORTED = "unreported"
    RECEIPTS = "receipts"
    PLANNED = "planned"


_NEEDED = {
    Care.LEASES: "deliveries WHERE state = 'sending' AND lease_until < ?",
    Care.UNKNOWN: "deliveries WHERE state = 'unknown' AND not_before <= ?",
    Care.SILENT: "deliveries WHERE state = 'sent' AND lane = 1 AND channel = 'wechat'"
    " AND not_before <= ?",
    Care.UNREPORTED: "deliveries WHERE state = 'sent' AND channel = 'sms' AND not_before <= ?",
    Care.RECEIPTS: "receipts WHERE folded = false AND at <= ?",
    Care.PLANNED: "campaigns WHERE state = 'planned' AND planned_for <= ?",
}


async def needed(db: Database, *, now: datetime, real: datetime) -> set[Care]:
    """What needs looking after: reading takes no lock, while statements that write do."""
    asked = ", ".join(
        f"CASE WHEN EXISTS (SELECT 1 FROM {what}) THEN 1 ELSE 0 END AS {care}"  # noqa: S608
        for care, what in _NEEDED.items()
    )
    moments = [to_ms(now) if care is Care.PLANNED else to_ms(real) for care in _NEEDED]
    row = await db.row(f"SELECT {asked}", *moments)
    return {care for care in _NEEDED if row and row[care.value]}


async def claim(
    db: Database,
    worker: Worker,
    *,
    channel: str,
    gateway: str,
    lane: int,
    limit: int,
    now: datetime,
    repeat_after: datetime,
    resting: Sequence[str] = (),
    halted: Sequence[str] = (),
) -> list[Claimed]:
    """Takes what is due in a lane, writing the intent to send it.

    `now` is business time. A retry over WeChat begun after `repeat_after` goes on with the same
    attempt, so that the platform drops a double. Notices of `resting` classes and of `halted`
    templates stay where they are. What has expired is closed, and not returned.
    """
    excluded, values = _excluded(resting, halted)
    same = (
        "EXISTS (SELECT 1 FROM attempts t WHERE t.id = deliveries.attempt_id"
        " AND t.gateway = 'wechat' AND deliveries.channel = 'wechat' AND t.started_at > ?"
        " AND deliveries.way IS NULL)"
    )
    moves = Moves(worker.now)
    async with db.transaction():
        rows = await db.rows(
            "UPDATE deliveries SET state = 'sending', owner = ?, lease_until = ?,"  # noqa: S608
            " tries = tries + 1, updated_at = ?,"
            f" begun = begun + CASE WHEN {same} THEN 0 ELSE 1 END,"
            f" attempt_id = CASE WHEN {same} THEN attempt_id ELSE {RANDOM_ID[db.dialect]} END"
            " WHERE id IN (SELECT id FROM deliveries WHERE state = 'new' AND channel = ?"
            f" AND lane = ? AND not_before <= ?{excluded}{_NOT_STOPPED}"
            " ORDER BY not_before, id LIMIT ?"
            f"{SKIP_LOCKED[db.dialect]}){_RETURNING}",
            worker.owner, to_ms(worker.lease_until), to_ms(worker.now), to_ms(repeat_after),
            to_ms(repeat_after), channel, lane, to_ms(now), *values, limit,
        )  # fmt: skip
        if not rows:
            return []
        at = to_ms(now)
        late = [row for row in rows if row["expires_at"] is not None and row["expires_at"] <= at]
        live = [row for row in rows if row["expires_at"] is None or row["expires_at"] > at]
        await db.run_many(
            "UPDATE deliveries SET state = 'dead', reason = 'expired', owner = '',"
            " lease_until = NULL, sealed = NULL WHERE id = ?",
            [(row["id"],) for row in late],
        )
        await db.run(
            "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"  # noqa: S608
            " looked_up, cost_fen, started_at) SELECT v.id, v.delivery_id, v.channel, v.gateway,"
            f" 'sending', '', '', 0, 0, CAST(? AS BIGINT) FROM {listed(db, _BEGUN)} WHERE true"
            " ON CONFLICT (id) DO UPDATE SET state = 'sending', finished_at = NULL",
            to_ms(worker.now),
            as_list((r["attempt_id"], r["id"], channel, r["way"] or gateway) for r in live),
        )
        _count(moves, late, "new", "dead")
        _count(moves, live, "new", "sending")
        await tallies.note_repeated(db, moves, (row["id"] for row in live if row["begun"] > 1))
        await moves.write(db)
    return [_claimed(row, worker.owner) for row in live]


_BEGUN = {"id": "TEXT", "delivery_id": "TEXT", "channel": "TEXT", "gateway": "TEXT"}

_NOT_STOPPED = (
    " AND (campaign_id IS NULL OR campaign_id NOT IN"
    " (SELECT s.id FROM campaigns s WHERE s.stopped = true))"
)


def _count(moves: Moves, rows: Iterable[Row], before: str, after: str) -> None:
    for row in rows:
        moves.moved(row["campaign_id"], before, after, channel=row["channel"])


async def claim_unknown(
    db: Database, worker: Worker, *, limit: int, repeat_after: datetime
) -> list[Claimed]:
    """Takes WeChat messages of unknown outcome that may still be repeated with the same id."""
    moves = Moves(worker.now)
    async with db.transaction():
        rows = await db.rows(
            "UPDATE deliveries SET state = 'sending', owner = ?, lease_until = ?,"  # noqa: S608
            " tries = tries + 1, updated_at = ? WHERE id IN (SELECT deliveries.id FROM deliveries"
            " JOIN attempts t ON t.id = deliveries.attempt_id WHERE deliveries.state = 'unknown'"
            " AND deliveries.channel = 'wechat' AND deliveries.not_before <= ?"
            " AND t.gateway = 'wechat' AND t.started_at > ?"
            " ORDER BY deliveries.not_before, deliveries.id LIMIT ?"
            f"{_of('deliveries', db)}){_RETURNING}",
            worker.owner, to_ms(worker.lease_until), to_ms(worker.now), to_ms(worker.now),
            to_ms(repeat_after), limit,
        )  # fmt: skip
        await db.run_many(
            "UPDATE attempts SET state = 'sending' WHERE id = ?",
            [(row["attempt_id"],) for row in rows],
        )
        _count(moves, rows, "unknown", "sending")
        await tallies.note_repeated(db, moves, (row["id"] for row in rows if row["begun"] > 1))
        await moves.write(db)
    return [_claimed(row, worker.owner, was_unknown=True) for row in rows]


async def set_gateway(db: Database, attempt_id: str, gateway: str) -> None:
    """Notes, before the call, that an attempt goes by another gateway of its channel."""
    await db.run("UPDATE attempts SET gateway = ? WHERE id = ?", gateway, attempt_id)


async def finish(db: Database, results: Iterable[Finish], now: datetime) -> None:
    """Writes outcomes, all of them in one transaction. Real time.

    A row that somebody else has taken over meanwhile stays theirs; but that a provider took the
    message settles what a lease had left unknown.
    """
    done, at = list(results), to_ms(now)
    if not done:
        return
    moves = Moves(now)
    async with db.transaction():
        moved = await _move_finished(db, done, at, "sending")
        missed = [r for r in done if r.claimed.id not in {row["id"] for row in moved}]
        _count_finished(moves, moved, "sending")
        if taken := [r for r in missed if r.attempt == "taken"]:
            _count_finished(moves, await _move_finished(db, taken, at, "unknown"), "unknown")
        # What was not taken, and came too late, is settled by whoever has the row now.
        lost = {r.claimed.id for r in missed if r.attempt != "taken"}
        known = [r for r in done if r.claimed.id not in lost]
        await db.run(
            "UPDATE attempts SET state = v.state, code = v.code, reference = v.reference,"  # noqa: S608
            f" cost_fen = v.cost_fen, finished_at = CAST(? AS BIGINT) FROM {listed(db, _ENDED)}"
            " WHERE attempts.id = v.id AND attempts.state IN ('sending', 'unknown')",
            at,
            as_list(
                (r.claimed.attempt_id, r.attempt, r.code[:64], r.reference[:80], r.cost_fen)
                for r in sorted(known, key=lambda r: r.claimed.attempt_id)
            ),
        )
        again = {row["id"] for row in moved if row["begun"] > 1} | {r.claimed.id for r in missed}
        await tallies.note_repeated(db, moves, again)
        await moves.write(db)
        await spending.count_calls(db, day_of(now), sum(map(_is_template_message, done)))
        await spending.count_spent(db, day_of(now)[:7], sum(r.cost_fen for r in done))


def _is_template_message(result: Finish) -> bool:
    """Whether WeChat counts it in the day's template messages."""
    by_template = result.claimed.channel == "wechat" and result.claimed.way in ("", "wechat")
    return by_template and result.attempt in ("taken", "unknown")


_ENDED = {
    "id": "TEXT", "state": "TEXT", "code": "TEXT", "reference": "TEXT", "cost_fen": "INTEGER",
}  # fmt: skip
_FINISHED = {
    "id": "TEXT", "attempt_id": "TEXT", "owner": "TEXT", "state": "TEXT", "channel": "TEXT",
    "tries": "INTEGER", "not_before": "BIGINT", "reason": "TEXT", "way": "TEXT",
}  # fmt: skip


async def _move_finished(
    db: Database, results: Sequence[Finish], at: int, before: str
) -> list[Row]:
    """Moves deliveries on from one state, where it is theirs to move; returns those."""
    mine = " AND deliveries.owner = v.owner" if before == "sending" else ""
    return await db.rows(
        "UPDATE deliveries SET state = v.state, channel = v.channel, tries = v.tries,"  # noqa: S608
        " way = NULLIF(v.way, ''),"
        " not_before = v.not_before, reason = v.reason, owner = '', lease_until = NULL,"
        " updated_at = CAST(? AS BIGINT),"
        " sealed = CASE WHEN v.state IN ('new', 'unknown') THEN sealed ELSE NULL END"
        f" FROM {listed(db, _FINISHED)} WHERE deliveries.id = v.id"
        f" AND deliveries.attempt_id = v.attempt_id AND deliveries.state = '{before}'{mine}"
        " RETURNING deliveries.id, deliveries.campaign_id, deliveries.state, deliveries.channel,"
        " deliveries.begun",
        at,
        as_list(
            (
                r.claimed.id, r.claimed.attempt_id, r.claimed.owner, r.state,
                r.channel or r.claimed.channel, r.tries, r.not_before, r.code[:64],
                r.way or ("" if r.channel else r.claimed.way),
            )
            for r in sorted(results, key=lambda r: r.claimed.id)
        ),
    )  # fmt: skip


def _count_finished(moves: Moves, rows: Iterable[Row], before: str) -> None:
    for row in rows:
        moves.moved(row["campaign_id"], before, row["state"], channel=row["channel"])


async def sweep(db: Database, now: datetime, *, sms_rests_until: datetime) -> int:
    """Leases that have run out leave `unknown`: nobody knows whether the call was made."""
    moves = Moves()
    async with db.transaction():
        rows = await db.rows(
            "UPDATE deliveries SET state = 'unknown', owner = '', lease_until = NULL,"  # noqa: S608
            " reason = 'lease', updated_at = ?,"
            " not_before = CASE WHEN channel = 'sms' THEN CAST(? AS BIGINT)"
            " ELSE CAST(? AS BIGINT) END"
            " WHERE id IN (SELECT id FROM deliveries WHERE state = 'sending' AND lease_until < ?"
            f"{SKIP_LOCKED[db.dialect]}) RETURNING id, campaign_id, channel, attempt_id, begun",
            to_ms(now), to_ms(sms_rests_until), to_ms(now), to_ms(now),
        )  # fmt: skip
        await db.run_many(
            "UPDATE attempts SET state = 'unknown' WHERE id = ? AND state = 'sending'",
            [(row["attempt_id"],) for row in rows],
        )
        _count(moves, rows, "sending", "unknown")
        await tallies.note_repeated(db, moves, (row["id"] for row in rows if row["begun"] > 1))
        await moves.write(db)
    return len(rows)


def _excluded(resting: Sequence[str], halted: Sequence[str]) -> tuple[str, list[str]]:
    conditions = [
        f"{column} IN ({', '.join('?' for _ in values)})"
        for column, values in (("notice_class", resting), ("template", halted))
        if values
    ]
    if not conditions:
        return "", []
    sql = (
        " AND (campaign_id IS NULL OR campaign_id NOT IN"  # noqa: S608
        f" (SELECT c.id FROM campaigns c WHERE {' OR '.join(conditions)}))"
    )
    return sql, [*resting, *halted]


def _of(table: str, db: Database) -> str:
    return f" FOR UPDATE OF {table} SKIP LOCKED" if db.dialect == "postgres" else ""


def _claimed(row: Row, owner: str, *, was_unknown: bool = False) -> Claimed:
    return Claimed(
        id=row["id"],
        campaign_id=row["campaign_id"],
        person_id=row["person_id"],
        lane=row["lane"],
        channel=row["channel"],
        attempt_id=row["attempt_id"],
        tries=row["tries"],
        not_before=from_ms(row["not_before"]),
        expires_at=None if row["expires_at"] is None else from_ms(row["expires_at"]),
        owner=owner,
        way=row["way"] or "",
        was_unknown=was_unknown,
        sealed=as_bytes(row["sealed"]),
        address=as_bytes(row["address"]),
    )


def as_bytes(value: object) -> bytes | None:
    return None if value is None else bytes(value)  # type: ignore[call-overload]
