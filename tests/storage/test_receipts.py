"""Reports in the store: kept once, matched by our id, by theirs, or by the address."""

from datetime import timedelta

from storage import receipts, tallies
from storage.database import Database
from storage.moments import to_ms
from storage.receipts import NewReceipt
from tests.conftest import NOW


def receipt(key: str = "k", **changes: object) -> NewReceipt:
    usual = {
        "key": key,
        "gateway": "aliyun",
        "reference": "9^0",
        "attempt_id": "",
        "delivered": True,
        "code": "DELIVERED",
    }
    return NewReceipt(**(usual | changes))  # type: ignore[arg-type]


async def attempt(
    db: Database, identity: str, reference: str = "", *, state: str = "taken", person: str = "p"
) -> None:
    await db.run(
        "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"
        " looked_up, cost_fen, started_at) VALUES (?, ?, 'sms', ?, ?, '', ?, 0, 0, ?)",
        identity, f"d{identity}", "wechat" if person != "p" else "aliyun", state, reference,
        int(NOW.timestamp() * 1000),
    )  # fmt: skip
    await db.run(
        "INSERT INTO deliveries (id, person_id, revision, lane, state, channel, attempt_id, tries,"
        " not_before, owner, reason, updated_at)"
        " VALUES (?, ?, 1, 2, 'sent', 'sms', ?, 1, 1, '', '', 1)",
        f"d{identity}", person, identity,
    )  # fmt: skip


async def address(db: Database, person: str, lookup: str) -> None:
    await db.run(
        "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
        " VALUES (?, ?, 'wechat', ?, ?, 'active', 1)",
        person, person, lookup, b"sealed",
    )  # fmt: skip


async def test_a_repeat_within_one_push_is_kept_once(db: Database) -> None:
    assert await receipts.keep(db, [receipt("a"), receipt("a"), receipt("b")], NOW) == 2
    assert await receipts.keep(db, [receipt("b")], NOW) == 0


async def test_a_report_finds_its_attempt_by_our_id_or_by_theirs(db: Database) -> None:
    await attempt(db, "a1", "1^0")
    await attempt(db, "a2", "2^0")
    found = [receipt("k1", attempt_id="a1"), receipt("k2", reference="2^0")]
    await receipts.keep(db, [*found, receipt("k3", reference="3^0")], NOW)

    matched = await receipts.unfolded(db, 10)
    await receipts.mark_folded(db, [m.id for m in matched])

    assert sorted(m.attempt_id for m in matched) == ["a1", "a2"]
    assert await receipts.unfolded(db, 10) == []


async def test_a_report_about_a_call_under_way_waits_for_its_end(db: Database) -> None:
    await attempt(db, "a1", state="sending")
    await receipts.keep(db, [receipt(attempt_id="a1")], NOW)

    waiting = await receipts.unfolded(db, 10)
    await db.run("UPDATE attempts SET state = 'taken'")

    assert waiting == []
    assert len(await receipts.unfolded(db, 10)) == 1


async def test_another_gateways_reference_is_another_message(db: Database) -> None:
    await attempt(db, "a1", "1^0")
    await receipts.keep(db, [receipt(gateway="http", reference="1^0")], NOW)

    assert await receipts.unfolded(db, 10) == []


async def test_an_address_names_the_attempt_only_where_there_is_one_choice(db: Database) -> None:
    await address(db, "one", "lookup1")
    await address(db, "two", "lookup2")
    await attempt(db, "a1", state="unknown", person="one")
    await attempt(db, "a2", state="unknown", person="two")
    await attempt(db, "a3", state="unknown", person="two")
    events = [
        receipt(f"k{n}", gateway="wechat", reference=f"{n}", lookup=f"lookup{n}") for n in (1, 2)
    ]
    await receipts.keep(db, events, NOW)

    early = await receipts.name_by_address(db, NOW + timedelta(seconds=5), 10)
    late = await receipts.name_by_address(db, NOW + timedelta(seconds=40), 10)

    assert (early, late) == (0, 1)
    assert [m.attempt_id for m in await receipts.unfolded(db, 10)] == ["a1"]


async def test_reports_of_nothing_that_we_know_are_dropped_after_an_hour(db: Database) -> None:
    await receipts.keep(db, [receipt()], NOW)

    assert await receipts.drop_orphans(db, NOW + timedelta(minutes=59)) == 0
    assert await receipts.drop_orphans(db, NOW + timedelta(minutes=61)) == 1


async def test_arrivals_are_folded_together_and_counted_once(db: Database) -> None:
    await tallies.begin(db, "c")
    for n in range(3):
        await attempt(db, f"a{n}", f"{n}^0")
    await db.run("UPDATE deliveries SET campaign_id = 'c', person_id = id")
    await db.run("UPDATE deliveries SET state = 'unknown' WHERE id = 'da2'")
    await db.run("UPDATE tallies SET total = 3, sent = 2, unknown = 1, sms = 2")
    await receipts.keep(db, [receipt(f"k{n}", reference=f"{n}^0") for n in range(3)], NOW)
    arrived = await receipts.unfolded(db, 10)

    await receipts.fold_arrived(db, arrived, NOW)
    await receipts.fold_arrived(db, arrived, NOW)  # another process had read them too

    counts = (await tallies.load(db, "c")).counts
    assert {state: n for state, n in counts.items() if n} == {"total": 3, "delivered": 3, "sms": 3}
    assert {row["state"] for row in await db.rows("SELECT state FROM attempts")} == {"delivered"}
    assert await receipts.unfolded(db, 10) == []


async def test_an_arrival_of_an_earlier_attempt_moves_no_newer_one(db: Database) -> None:
    await attempt(db, "a1", "1^0")
    await db.run("UPDATE deliveries SET attempt_id = 'a2', state = 'sent'")
    await receipts.keep(db, [receipt(reference="1^0")], NOW)

    await receipts.fold_arrived(db, await receipts.unfolded(db, 10), NOW)

    assert await db.rows("SELECT state, attempt_id FROM deliveries") == [
        {"state": "sent", "attempt_id": "a2"}
    ]
    assert await db.rows("SELECT state FROM attempts") == [{"state": "delivered"}]


async def test_texts_without_a_report_are_counted(db: Database) -> None:
    for n in range(3):
        await attempt(db, f"a{n}", f"{n}^0")
    await db.run("UPDATE attempts SET finished_at = ?", to_ms(NOW))
    await db.run("UPDATE deliveries SET state = 'delivered' WHERE id = 'da2'")
    await receipts.keep(db, [receipt(reference="2^0")], NOW)
    hour = timedelta(hours=1)

    missing = await receipts.silence(db, taken_after=NOW - hour, taken_before=NOW + hour)
    earlier = await receipts.silence(db, taken_after=NOW - 2 * hour, taken_before=NOW - hour)

    assert missing == receipts.Silence(2, NOW)
    assert earlier.unreported == 0
