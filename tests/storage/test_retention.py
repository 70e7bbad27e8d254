"""What is kept too long goes, in pages; what was counted, summed or linked stays so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from storage import audit, chain, retention, tallies
from storage.audit import OPERATOR
from storage.database import Database
from storage.identities import Claim, save_claims
from storage.ids import new_id
from storage.moments import to_ms
from storage.settings import RetentionSettings
from tests.conftest import NOW
from tests.storage.test_records import batch, names, publish, relief

KEEP = RetentionSettings()
OLD, FRESH = NOW - timedelta(days=800), NOW - timedelta(days=1)


async def purge(db: Database, *, now: datetime = NOW, page: int = 3) -> dict[str, int]:
    return await retention.purge(db, KEEP, actor=OPERATOR, now=now, page=page, pause_seconds=0)


async def add_message(db: Database, at: datetime, state: str = "done") -> None:
    await db.run(
        "INSERT INTO inbox (key, channel, body, state, received_at) VALUES (?, 'sms', '', ?, ?)",
        new_id(), state, to_ms(at),
    )  # fmt: skip


async def add_conversation(db: Database, at: datetime) -> None:
    await db.run(
        "INSERT INTO conversations (person_id, sealed, expires_at) VALUES (?, ?, ?)",
        new_id(), b"sealed", to_ms(at),
    )  # fmt: skip


async def add_campaign(db: Database, at: datetime, *, state: str = "done", people: int = 4) -> str:
    identity = new_id()
    await db.run(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, created_by, created_at)"
        " VALUES (?, ?, 'notice', 'news', 2, '', '{}', '{}', '', ?, 1, ?, 'operator', ?)",
        identity, identity, state, to_ms(at), to_ms(at),
    )  # fmt: skip
    await tallies.begin(db, identity)
    await db.run("UPDATE tallies SET total = ? WHERE campaign_id = ?", people, identity)
    for _ in range(people):
        await add_delivery(db, at, campaign=identity)
    return identity


async def add_delivery(
    db: Database, at: datetime, *, campaign: str | None = None, state: str = "delivered"
) -> str:
    identity, attempt = new_id(), new_id()
    await db.run(
        "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at)"
        " VALUES (?, ?, ?, 1, 2, ?, 'sms', ?, 1, ?, '', '', ?)",
        identity, campaign, new_id(), state, attempt, to_ms(at), to_ms(at),
    )  # fmt: skip
    await db.run(
        "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"
        " looked_up, cost_fen, started_at)"
        " VALUES (?, ?, 'sms', 'aliyun', 'delivered', '', '', 0, 5, ?)",
        attempt, identity, to_ms(at),
    )  # fmt: skip
    await db.run(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered, code,"
        " at, folded) VALUES (?, ?, 'aliyun', '', ?, '', ?, '', ?, ?)",
        new_id(), new_id(), attempt, True, to_ms(at), True,
    )  # fmt: skip
    return identity


async def count(db: Database, table: str) -> int:
    row = await db.row(f"SELECT COUNT(*) AS n FROM {table}")  # noqa: S608
    assert row
    return int(row["n"])


async def test_old_messages_and_conversations_go_in_pages(db: Database) -> None:
    for _ in range(7):
        await add_message(db, OLD)
        await add_conversation(db, OLD)
    await add_message(db, OLD, state="received")  # one that nobody could ever handle
    await add_message(db, FRESH)
    await add_conversation(db, FRESH)
    gone = await purge(db)
    assert (gone["inbox"], gone["conversations"]) == (8, 7)
    assert (await count(db, "inbox"), await count(db, "conversations")) == (1, 1)


async def test_sent_records_go_and_the_counts_stay(db: Database) -> None:
    old, fresh = await add_campaign(db, OLD), await add_campaign(db, FRESH)
    held = await add_campaign(db, OLD, state="running")
    gone = await purge(db)
    assert gone["deliveries"] == 4
    left = {row["campaign_id"] for row in await db.rows("SELECT campaign_id FROM deliveries")}
    assert left == {fresh, held}
    assert await count(db, "attempts") == 8
    totals = await db.rows("SELECT campaign_id, total FROM tallies ORDER BY campaign_id")
    assert {row["campaign_id"]: row["total"] for row in totals} == {old: 4, fresh: 4, held: 4}


async def test_answers_and_receipts_go_by_their_own_age(db: Database) -> None:
    await add_delivery(db, OLD)
    await add_delivery(db, OLD, state="held")
    fresh = await add_delivery(db, FRESH)
    gone = await purge(db)
    assert (gone["deliveries"], gone["receipts"]) == (1, 2)
    states = {row["id"]: row["state"] for row in await db.rows("SELECT id, state FROM deliveries")}
    assert states[fresh] == "delivered"
    assert sorted(states.values()) == ["delivered", "held"]


async def test_a_list_loses_its_names_after_the_posting_period_and_still_verifies(
    db: Database,
) -> None:
    listed = await publish(db, batch(relief("李*英"), relief("王*", group="2组")))
    await save_claims(db, [Claim("990101101200", listed.book, listed.period, "ab" * 32, "cd" * 32)])
    kept = NOW + timedelta(days=364)
    assert (await purge(db, now=kept))["names_in_lists"] == 0
    assert await names(db) == ["李*英", "王*"]
    later = NOW + timedelta(days=366)
    assert (await retention.due(db, KEEP, later))["names_in_lists"] == 1
    assert (await purge(db, now=later))["names_in_lists"] == 1
    row = await db.row("SELECT body, personal FROM disclosures WHERE id = ?", listed.id)
    assert row
    assert json.loads(row["personal"]) == {}
    assert "84000" in row["body"]  # the sums stay
    assert await count(db, "claims") == 0
    assert await chain.verify(db) is None
    assert (await purge(db, now=later))["names_in_lists"] == 0


async def test_to_count_deletes_nothing(db: Database) -> None:
    await add_message(db, OLD)
    await add_campaign(db, OLD)
    found = await retention.due(db, KEEP, NOW)
    assert found["inbox"] == 1
    assert found["deliveries"] == 4
    assert await count(db, "deliveries") == 4


async def test_the_oldest_of_the_audit_go_and_the_rest_can_still_be_checked(db: Database) -> None:
    for years in (9, 8, 6, 4, 1):
        await audit.record(db, OPERATOR, "done", f"y{years}", now=NOW - timedelta(days=365 * years))
    kept, gone = (await audit.about(db, "y4"))[0], (await audit.about(db, "y6"))[0]
    hashes = {row["seq"]: row["hash"] for row in await db.rows("SELECT seq, hash FROM audit")}
    assert (await retention.due(db, KEEP, NOW))["audit"] == 3

    assert (await purge(db))["audit"] == 3
    again = await purge(db)

    assert again["audit"] == 0
    acts = [act.action for act in await audit.newest(db, 10)]
    assert acts == ["purged", "audit_cut", "done", "done"]
    assert await audit.verify(db, hashes[kept.seq][:12]) == (None, True)
    assert await audit.verify(db, hashes[gone.seq][:12]) == (None, True)  # where it was cut
    assert await audit.verify(db, hashes[1][:12]) == (None, False)
    assert (await purge(db, now=NOW + timedelta(days=365 * 2)))["audit"] == 1
    assert await audit.verify(db) == (None, False)


async def test_what_is_cut_off_without_a_word_is_seen(db: Database) -> None:
    for years in (9, 8, 6, 4, 1):
        await audit.record(db, OPERATOR, "done", f"y{years}", now=NOW - timedelta(days=365 * years))
    await purge(db)

    await db.run("DELETE FROM audit WHERE seq = 4")
    assert (await audit.verify(db))[0] == 4

    await db.run("UPDATE audit SET details = '{}' WHERE action = 'audit_cut'")
    assert (await audit.verify(db))[0] is not None


async def test_the_audit_tells_how_many_went_and_nothing_where_nothing_did(db: Database) -> None:
    await purge(db)
    assert (await audit.head(db))[0] == 0
    await add_message(db, OLD)
    await purge(db)
    (act,) = await audit.about(db, "")
    assert (act.action, act.details["inbox"]) == ("purged", 1)


async def test_a_purge_that_breaks_off_goes_on_with_the_next(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        await add_message(db, OLD)

    class Broken(Exception):
        pass

    async def breaks_off(_: float) -> None:
        raise Broken

    with monkeypatch.context() as patched:
        patched.setattr("storage.retention.asyncio.sleep", breaks_off)
        with pytest.raises(Broken):
            await purge(db)
    assert await count(db, "inbox") == 4
    await purge(db)
    assert await count(db, "inbox") == 0
