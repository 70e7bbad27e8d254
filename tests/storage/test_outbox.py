"""Claims under a lease: what is written before a call, and what a crash leaves behind."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import outbox
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.outbox import Care, Claimed, Finish, Worker
from tests.conftest import NOW

REAL = datetime(2031, 5, 1, tzinfo=UTC)


async def rows(db: Database, count: int, **changes: object) -> None:
    """Deliveries that are due, of one campaign, whose people have a phone each."""
    usual = {"lane": 2, "state": "new", "channel": "sms", "not_before": to_ms(NOW)}
    for n in range(count):
        values = usual | changes
        person = new_id()
        await db.run(
            "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
            " attempt_id, tries, not_before, expires_at, owner, reason, updated_at)"
            " VALUES (?, 'c', ?, 1, ?, ?, ?, '', 0, ?, ?, '', '', 1)",
            new_id(), person, values["lane"], values["state"], values["channel"],
            values["not_before"], to_ms(NOW + timedelta(days=1)),
        )  # fmt: skip
        await db.run(
            "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'active', 1)",
            new_id(), person, values["channel"], new_id(), f"sealed {n}".encode(),
        )  # fmt: skip


def worker(owner: str = "w1", at: datetime = REAL) -> Worker:
    return Worker(owner=owner, now=at, lease_until=at + timedelta(seconds=30))


async def claim(db: Database, by: Worker | None = None, **changes: object) -> list[Claimed]:
    usual: dict[str, object] = {
        "channel": "sms",
        "gateway": "aliyun",
        "lane": 2,
        "limit": 10,
        "now": NOW,
        "repeat_after": REAL - timedelta(minutes=9),
    }
    return await outbox.claim(db, by or worker(), **(usual | changes))  # type: ignore[arg-type]


async def states(db: Database) -> list[str]:
    return sorted(row["state"] for row in await db.rows("SELECT state FROM deliveries"))


async def test_a_claim_writes_the_intent_before_anything_is_called(db: Database) -> None:
    await rows(db, 3)

    claimed = await claim(db, limit=2)

    assert await states(db) == ["new", "sending", "sending"]
    attempts = await db.rows("SELECT id, state, gateway, started_at FROM attempts")
    assert {a["id"] for a in attempts} == {row.attempt_id for row in claimed}
    assert {(a["state"], a["gateway"]) for a in attempts} == {("sending", "aliyun")}
    assert all(row.address and row.tries == 1 and len(row.attempt_id) == 20 for row in claimed)


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "wechat"},
        {"lane": 3},
        {"state": "held"},
        {"state": "unknown"},
        {"not_before": to_ms(NOW + timedelta(seconds=1))},
    ],
)
async def test_only_what_is_due_in_that_lane_is_claimed(
    db: Database, changes: dict[str, object]
) -> None:
    await rows(db, 1, **changes)

    assert await claim(db) == []


async def test_workers_side_by_side_claim_each_row_once(db: Database) -> None:
    await rows(db, 40)

    found = await asyncio.gather(*(claim(db, worker(f"w{n}")) for n in range(8)))

    ids = [row.id for claimed in found for row in claimed]
    assert len(ids) == len(set(ids)) == 40


async def test_the_earliest_are_claimed_first(db: Database) -> None:
    await rows(db, 1, not_before=to_ms(NOW - timedelta(minutes=1)))
    await rows(db, 1, not_before=to_ms(NOW - timedelta(hours=1)))

    (first,) = await claim(db, limit=1)

    assert first.not_before == NOW - timedelta(hours=1)


async def test_what_has_expired_is_closed_without_an_attempt(db: Database) -> None:
    await rows(db, 2)

    claimed = await claim(db, now=NOW + timedelta(days=2))

    assert claimed == []
    assert await states(db) == ["dead", "dead"]
    assert await db.rows("SELECT id FROM attempts") == []


async def test_resting_classes_and_halted_templates_stay_where_they_are(db: Database) -> None:
    await rows(db, 1)
    await db.run(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, created_by, created_at) VALUES ('c', 'c', 'notice',"
        " 'news', 2, '', '{}', '{}', '', 'running', 1, 1, 'system', 1)"
    )

    assert await claim(db, resting=["news"]) == []
    assert await claim(db, halted=["notice"]) == []
    assert await claim(db, resting=["duty"], halted=["other"]) != []


async def test_an_outcome_is_written_for_whoever_holds_the_lease(db: Database) -> None:
    await rows(db, 1)
    (row,) = await claim(db)

    done = Finish(claimed=row, state="sent", attempt="taken", reference="biz^0", cost_fen=5)
    await outbox.finish(db, [done], REAL)

    assert await states(db) == ["sent"]
    attempt = await db.row("SELECT state, reference, cost_fen FROM attempts")
    assert attempt == {"state": "taken", "reference": "biz^0", "cost_fen": 5}


async def test_a_lease_that_ran_out_leaves_unknown_and_never_new(db: Database) -> None:
    await rows(db, 2)
    await claim(db)

    early = await outbox.sweep(db, REAL + timedelta(seconds=29), sms_rests_until=REAL)
    late = await outbox.sweep(
        db, REAL + timedelta(seconds=31), sms_rests_until=REAL + timedelta(minutes=10)
    )

    assert (early, late) == (0, 2)
    assert await states(db) == ["unknown", "unknown"]
    rests = await db.rows("SELECT not_before FROM deliveries")
    assert {row["not_before"] for row in rests} == {to_ms(REAL + timedelta(minutes=10))}
    assert await claim(db) == []


async def test_a_row_that_somebody_else_took_over_stays_theirs(db: Database) -> None:
    await rows(db, 1)
    (mine,) = await claim(db)
    await db.run("UPDATE deliveries SET owner = 'w2', lease_until = 1")

    await outbox.finish(db, [Finish(claimed=mine, state="new", attempt="refused")], REAL)

    assert await states(db) == ["sending"]


async def test_a_retry_over_wechat_goes_on_with_the_same_attempt(db: Database) -> None:
    await rows(db, 1, channel="wechat")
    (first,) = await claim(db, channel="wechat", gateway="wechat")
    again = Finish(claimed=first, state="new", attempt="refused", tries=1, not_before=to_ms(NOW))
    await outbox.finish(db, [again], REAL)

    (soon,) = await claim(db, channel="wechat", gateway="wechat")
    await outbox.finish(
        db,
        [Finish(claimed=soon, state="new", attempt="refused", tries=2, not_before=to_ms(NOW))],
        REAL,
    )
    (late,) = await claim(db, channel="wechat", gateway="wechat", repeat_after=REAL)

    assert soon.attempt_id == first.attempt_id
    assert late.attempt_id != first.attempt_id
    assert late.tries == 3


async def test_a_fallback_is_an_attempt_of_its_own(db: Database) -> None:
    await rows(db, 1, channel="wechat")
    (by_wechat,) = await claim(db, channel="wechat", gateway="wechat")
    fallen = Finish(
        claimed=by_wechat, state="new", attempt="refused", channel="sms", not_before=to_ms(NOW)
    )
    await outbox.finish(db, [fallen], REAL)

    (by_sms,) = await claim(db)

    assert by_sms.id == by_wechat.id
    assert by_sms.attempt_id != by_wechat.attempt_id
    assert by_sms.tries == 1


async def test_what_is_due_is_told_by_channel_and_lane(db: Database) -> None:
    await rows(db, 1)
    await rows(db, 1, channel="wechat", lane=3)
    await rows(db, 1, channel="wechat", lane=1, not_before=to_ms(NOW + timedelta(hours=1)))

    found = await outbox.due(db, ["wechat", "sms"], NOW)

    assert found == {("sms", 2), ("wechat", 3)}
    assert await outbox.due(db, [], NOW) == set()


async def test_what_needs_care_is_told_without_a_lock(db: Database) -> None:
    nothing = await outbox.needed(db, now=NOW, real=REAL)
    await rows(db, 1)
    await claim(db)
    later = await outbox.needed(db, now=NOW, real=REAL + timedelta(minutes=1))

    assert (nothing, later) == (set(), {Care.LEASES})
