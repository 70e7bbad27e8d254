"""What happens to deliveries after the call: look-ups, reports, fallbacks, addresses that fail.

Nothing here moves a delivery backwards: each statement starts from unknown or sent, and from the
attempt that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage import tallies
from storage.database import Database, Row
from storage.moments import from_ms, to_ms
from storage.outbox import ADDRESS, SKIP_LOCKED, as_bytes
from storage.refusals import AT_ADDRESS
from storage.tallies import Moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A text of which nobody knows whether it was taken."""

    id: str
    person_id: str
    lane: int
    channel: str
    attempt_id: str
    looked_up: int  # how often the provider was asked, and did not know it
    started_at: datetime
    expires_at: datetime | None
    address: bytes | None = field(default=None, repr=False)


async def unsettled(
    db: Database, now: datetime, *, limit: int, until: datetime, repeat_after: datetime
) -> list[Unsettled]:
    """Takes unknown deliveries whose rest is over, putting them off until `until` meanwhile.

    Not those that WeChat may still be asked to repeat, begun after `repeat_after`. Real time.
    """
    rows = await db.rows(
        "UPDATE deliveries SET not_before = ? WHERE id IN (SELECT id FROM deliveries"  # noqa: S608
        " WHERE state = 'unknown' AND not_before <= ? AND NOT EXISTS (SELECT 1 FROM attempts t"
        " WHERE t.id = deliveries.attempt_id AND t.gateway = 'wechat' AND t.started_at > ?)"
        f" ORDER BY not_before, id LIMIT ?{SKIP_LOCKED[db.dialect]}){_UNSETTLED}",
        to_ms(until), to_ms(now), to_ms(repeat_after), limit,
    )  # fmt: skip
    return [_unsettled(row) for row in rows]


async def unreported(
    db: Database, now: datetime, *, limit: int, until: datetime
) -> list[Unsettled]:
    """Takes texts that were taken and not reported in time, putting them off until `until`."""
    rows = await db.rows(
        "UPDATE deliveries SET not_before = ? WHERE id IN (SELECT id FROM deliveries"  # noqa: S608
        " WHERE state = 'sent' AND channel = 'sms' AND not_before <= ?"
        f" ORDER BY not_before, id LIMIT ?{SKIP_LOCKED[db.dialect]}){_UNSETTLED}",
        to_ms(until), to_ms(now), limit,
    )  # fmt: skip
    return [_unsettled(row) for row in rows]


_UNSETTLED = (
    " RETURNING id, person_id, lane, channel, attempt_id, expires_at,"  # noqa: S608
    " (SELECT t.started_at FROM attempts t WHERE t.id = deliveries.attempt_id) AS started_at,"
    " (SELECT t.looked_up FROM attempts t WHERE t.id = deliveries.attempt_id) AS looked_up,"
    f" {ADDRESS}"
)


def _unsettled(row: Row) -> Unsettled:
    return Unsettled(
        id=row["id"],
        person_id=row["person_id"],
        lane=row["lane"],
        channel=row["channel"],
        attempt_id=row["attempt_id"],
        looked_up=row["looked_up"] or 0,
        started_at=from_ms(row["started_at"] or 0),
        expires_at=None if row["expires_at"] is None else from_ms(row["expires_at"]),
        address=as_bytes(row["address"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A delivery that a report is about. Without a campaign it is an answer."""

    id: str
    campaign_id: str | None
    person_id: str
    channel: str
    attempt_id: str  # the newest
    template: str
    notice_class: str


async def reported(db: Database, delivery_id: str) -> Reported | None:
    row = await db.row(
        "SELECT d.id, d.campaign_id, d.person_id, d.channel, d.attempt_id, c.template,"
        " c.notice_class FROM deliveries d LEFT JOIN campaigns c ON c.id = d.campaign_id"
        " WHERE d.id = ?",
        delivery_id,
    )
    if row is None:
        return None
    return Reported(
        id=row["id"],
        campaign_id=row["campaign_id"],
        person_id=row["person_id"],
        channel=row["channel"],
        attempt_id=row["attempt_id"],
        template=row["template"] or "",
        notice_class=row["notice_class"] or "",
    )


async def note_failed(
    db: Database, attempt_id: str, code: str, now: datetime, *, moves: Moves | None = None
) -> None:
    """An attempt that is not the newest did not arrive after all: nobody got it twice.

    Whoever settles many in one transaction hands `moves` in and writes them at its end.
    """
    counts = moves or Moves()
    async with db.transaction():
        row = await db.row(
            "SELECT id FROM deliveries WHERE id ="  # noqa: S608
            f" (SELECT t.delivery_id FROM attempts t WHERE t.id = ?){_LOCKED[db.dialect]}",
            attempt_id,
        )
        changed = await db.rows(
            "UPDATE attempts SET state = 'failed', code = ?, finished_at = ?"
            " WHERE id = ? AND state IN ('unknown', 'taken') RETURNING delivery_id",
            code[:64], to_ms(now), attempt_id,
        )  # fmt: skip
        if row and changed:
            await tallies.note_repeated(db, counts, [row["id"]])
        if moves is None:
            await counts.write(db)


_LOCKED = {"sqlite": "", "postgres": " FOR UPDATE"}


async def _locked(db: Database, delivery_id: str) -> Row | None:
    """A delivery as it is now, so that nobody moves it before this transaction ends."""
    return await db.row(
        "SELECT id, campaign_id, attempt_id, state, channel, begun FROM deliveries"  # noqa: S608
        f" WHERE id = ?{_LOCKED[db.dialect]}",
        delivery_id,
    )


async def put_off(db: Database, delivery_id: str, attempt_id: str, until: int) -> None:
    """Lets an unknown delivery, or an urgent one without a report, rest until then (ms)."""
    await db.run(
        "UPDATE deliveries SET not_before = ? WHERE id = ? AND attempt_id = ?"
        " AND state IN ('unknown', 'sent')",
        until, delivery_id, attempt_id,
    )  # fmt: skip


async def note_absent(db: Database, row: Unsettled) -> int | None:
    """Counts that the provider was asked and does not know the text; how often by now.

    None where somebody else has counted since: asked at the same time is asked once.
    """
    counted = await db.row(
        "UPDATE attempts SET looked_up = looked_up + 1 WHERE id = ? AND looked_up = ?"
        " AND state = 'unknown' RETURNING looked_up",
        row.attempt_id,
        row.looked_up,
    )
    return int(counted["looked_up"]) if counted else None


async def settle(
    db: Database,
    delivery_id: str,
    attempt_id: str,
    *,
    state: str,
    attempt: str,
    code: str,
    now: datetime,
    channel: str = "",
    not_before: int | None = None,
    moves: Moves | None = None,
) -> bool:
    """Moves a delivery on once it is known what became of its newest attempt.

    Never backwards: only from unknown or sent, and an attempt that arrived stays so. One that the
    provider's books did not have, and that arrived all the same, is known as such from then on.
    False where somebody else was faster. Whoever settles many in one transaction hands `moves` in
    and writes them at its end.
    """
    counts = moves or Moves()
    async with db.transaction():
        before = await _locked(db, delivery_id)
        await db.run(
            "UPDATE attempts SET state = ?, code = ?, finished_at = ? WHERE id = ?"
            " AND (state IN ('sending', 'unknown', 'taken') OR code = 'absent')",
            attempt, code[:64], to_ms(now), attempt_id,
        )  # fmt: skip
        moved = await db.rows(
            "UPDATE deliveries SET state = ?, reason = ?, updated_at = ?, tries = 0,"
            " channel = CASE WHEN ? THEN channel ELSE ? END,"
            " not_before = CASE WHEN ? THEN not_before ELSE CAST(? AS BIGINT) END,"
            " sealed = CASE WHEN ? THEN sealed ELSE NULL END"
            " WHERE id = ? AND attempt_id = ? AND state IN ('unknown', 'sent') RETURNING id",
            state, code[:64], to_ms(now), channel == "", channel,
            not_before is None, not_before or 0, state in ("new", "unknown"),
            delivery_id, attempt_id,
        )  # fmt: skip
        if before and moved:
            _count(counts, before, state, channel)
        if before and before["begun"] > 1:
            await tallies.note_repeated(db, counts, [delivery_id])
        if moves is None:
            await counts.write(db)
    return bool(moved)


def _count(moves: Moves, before: Row, state: str, channel: str) -> None:
    moves.moved(
        before["campaign_id"],
        before["state"],
        state,
        channel=channel or before["channel"],
        channel_before=before["channel"],
    )


async def silent(db: Database, now: datetime, *, limit: int) -> list[tuple[str, str, str]]:
    """Urgent deliveries that were taken and not reported in time: id, attempt, person."""
    rows = await db.rows(
        "SELECT id, attempt_id, person_id FROM deliveries WHERE state = 'sent' AND lane = 1"
        " AND channel = 'wechat' AND not_before <= ? ORDER BY not_before, id LIMIT ?",
        to_ms(now),
        limit,
    )
    return [(row["id"], row["attempt_id"], row["person_id"]) for row in rows]


async def send_again(
    db: Database,
    delivery_id: str,
    attempt_id: str,
    *,
    channel: str,
    code: str,
    now: datetime,
    not_before: int,
) -> None:
    """Sends over another channel what may have been lost; the attempt before keeps its state."""
    moves = Moves()
    async with db.transaction():
        before = await _locked(db, delivery_id)
        moved = await db.rows(
            "UPDATE deliveries SET state = 'new', channel = ?, tries = 0, reason = ?,"
            " not_before = ?, updated_at = ?"
            " WHERE id = ? AND attempt_id = ? AND state IN ('unknown', 'sent') RETURNING id",
            channel, code, not_before, to_ms(now), delivery_id, attempt_id,
        )  # fmt: skip
        if before and moved:
            _count(moves, before, "new", channel)
        await moves.write(db)


async def reachable(
    db: Database, person_id: str, channel: str, notice_class: str, *, may_refuse: bool
) -> bool:
    """Whether a person has an address on a channel, and has not refused the class there."""
    row = await db.row(
        "SELECT 1 AS one FROM addresses a WHERE a.person_id = ? AND a.channel = ?"  # noqa: S608
        f" AND a.state = 'active' AND (NOT ? OR NOT ({AT_ADDRESS} OR EXISTS"
        " (SELECT 1 FROM opt_outs o WHERE o.person_id = a.person_id AND o.notice_class = ?"
        " AND o.channel = ''))) LIMIT 1",
        person_id, channel, may_refuse, notice_class, notice_class,
    )  # fmt: skip
    return row is not None


async def mark_address(db: Database, person_id: str, channel: str, state: str) -> None:
    """Notes that the address in use on a channel does not work: unfollowed or dead."""
    await db.run(
        "UPDATE addresses SET state = ? WHERE id = (SELECT id FROM addresses WHERE person_id = ?"
        " AND channel = ? AND state = 'active' ORDER BY created_at, id LIMIT 1)",
        state, person_id, channel,
    )  # fmt: skip
