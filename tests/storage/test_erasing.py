"""Whoever asks to be forgotten is nowhere any more, and what was sent stays countable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from storage import backup, erasing, models, people
from storage.database import Database
from storage.erasing import FORGOTTEN, FORGOTTEN_OF_RESIDENTS, HANDED_OVER, Mark
from storage.follows import Follow, follow
from storage.ids import new_id
from storage.moments import to_ms
from storage.refusals import refuse
from storage.sealing import Sealer
from storage.tallies import begin
from tests.conftest import NOW

OPENID, PHONE = "oForgotten0000000000000001", "13900001234"
VILLAGE = "990101101200"
LATER = NOW + timedelta(days=1)


async def somebody(db: Database, sealer: Sealer, *, role: str = "", phone: str = PHONE) -> str:
    """Bound on WeChat, with a phone, a talk, a follow, a refusal; with a role an officer."""
    person, _ = await people.ensure_person(db, sealer, "wechat", OPENID, NOW)
    await people.add_address(db, sealer, person.id, "sms", phone, NOW)
    await db.run("UPDATE people SET village = ?, name = '靳三' WHERE id = ?", VILLAGE, person.id)
    await follow(db, person.id, Follow(topic="FIN"), NOW)
    await refuse(db, person.id, ["news"], "sms", NOW)
    await db.run(
        "INSERT INTO conversations (person_id, sealed, expires_at) VALUES (?, ?, ?)",
        person.id, b"sealed", to_ms(LATER),
    )  # fmt: skip
    await db.run(
        "INSERT INTO identities (id, person_id, key, actor, note, at) VALUES (?, ?, ?, ?, '', ?)",
        new_id(), person.id, "ab" * 32, person.id, to_ms(NOW),
    )  # fmt: skip
    if role:
        await db.run(
            "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, ?, ?, '')",
            new_id(), person.id, role, VILLAGE,
        )  # fmt: skip
    return person.id


async def delivery(db: Database, person: str, state: str, campaign: str = "") -> str:
    campaign = campaign or new_id()
    await begin(db, campaign)
    await db.run(
        f"UPDATE tallies SET total = total + 1, {state} = {state} + 1 WHERE campaign_id = ?",  # noqa: S608
        campaign,
    )
    identity = new_id()
    await db.run(
        "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at)"
        " VALUES (?, ?, ?, 1, 2, ?, 'sms', '', 0, ?, '', '', ?)",
        identity, campaign, person, state, to_ms(NOW), to_ms(NOW),
    )  # fmt: skip
    await db.run(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered, code,"
        " at, folded) VALUES (?, ?, 'wechat', '', '', ?, ?, '', ?, ?)",
        new_id(), new_id(), await _lookup_of(db, person), True, to_ms(NOW), True,
    )  # fmt: skip
    return identity


async def _lookup_of(db: Database, person: str) -> str:
    row = await db.row("SELECT lookup FROM addresses WHERE person_id = ? LIMIT 1", person)
    return str(row["lookup"]) if row else ""


async def erase(db: Database, sealer: Sealer, *, whole: bool = True) -> int:
    key = people.lookup(sealer, "wechat", OPENID)
    return await erasing.erase(db, "wechat", key, whole=whole, actor="operator", now=LATER)


async def everything(db: Database) -> str:
    """All that stands in any table, as text; bytes in hexadecimal."""
    said = []
    for table in await backup._tables(db):
        for row in await db.rows(f'SELECT * FROM "{table}"'):  # noqa: S608
            for value in row.values():
                is_bytes = isinstance(value, bytes | memoryview)
                said.append(bytes(value).hex() if is_bytes else str(value))
    return "\n".join(said)


async def test_nothing_of_them_is_left_in_any_table(db: Database, sealer: Sealer) -> None:
    person = await somebody(db, sealer)
    await delivery(db, person, "delivered")
    rows = await db.rows("SELECT lookup, sealed FROM addresses")
    traces = [row["lookup"] for row in rows] + [bytes(row["sealed"]).hex() for row in rows]
    before = await everything(db)
    assert all(trace in before for trace in traces)
    assert await erase(db, sealer) == 1
    after = await everything(db)
    for trace in (*traces, OPENID, PHONE, "靳三", person):
        assert trace not in after
    for table in ("addresses", "follows", "opt_outs", "conversations", "identities"):
        assert await db.rows(f"SELECT * FROM {table}") == []  # noqa: S608


async def test_what_was_sent_stays_countable_and_what_waits_is_cancelled(
    db: Database, sealer: Sealer
) -> None:
    person = await somebody(db, sealer)
    campaign = new_id()
    await delivery(db, person, "new", campaign)
    done = await delivery(db, person, "delivered")
    await erase(db, sealer)
    rows = await db.rows("SELECT id, state, reason, person_id FROM deliveries")
    assert {row["state"] for row in rows} == {"cancelled", "delivered"}
    assert {row["reason"] for row in rows if row["id"] != done} == {"erased"}
    (nameless,) = {row["person_id"] for row in rows}
    (row,) = await db.rows("SELECT * FROM people")
    assert (row["id"], row["name"], row["village"]) == (nameless, "", VILLAGE)
    tally = await db.row("SELECT * FROM tallies WHERE campaign_id = ?", campaign)
    assert tally
    assert (tally["total"], tally["new"], tally["cancelled"]) == (1, 0, 1)


async def test_an_officer_keeps_name_and_post_and_loses_the_addresses(
    db: Database, sealer: Sealer
) -> None:
    person = await somebody(db, sealer, role="干部")
    await delivery(db, person, "delivered")
    await erase(db, sealer)
    (row,) = await db.rows("SELECT id, name FROM people")
    assert (row["id"], row["name"]) == (person, "靳三")
    assert len(await db.rows("SELECT * FROM posts")) == 1
    assert await db.rows("SELECT * FROM addresses") == []
    assert [r["person_id"] for r in await db.rows("SELECT person_id FROM deliveries")] == [person]


async def test_an_officers_phone_outlives_a_revoked_wechat_account(
    db: Database, sealer: Sealer
) -> None:
    await somebody(db, sealer, role="干部")
    await erase(db, sealer, whole=False)
    rows = await db.rows("SELECT channel FROM addresses")
    assert [row["channel"] for row in rows] == ["sms"]


async def test_a_resident_goes_whole_with_a_revoked_wechat_account(
    db: Database, sealer: Sealer
) -> None:
    await somebody(db, sealer, role="居民")
    await erase(db, sealer, whole=False)
    assert await db.rows("SELECT * FROM addresses") == []
    assert await db.rows("SELECT * FROM posts") == []


async def test_a_number_that_a_household_shares_goes_from_all_of_it(
    db: Database, sealer: Sealer
) -> None:
    first = await somebody(db, sealer)
    second, third = new_id(), new_id()
    for person in (second, third):
        await db.run(
            "INSERT INTO people (id, name, known, texts_answered, created_at)"
            " VALUES (?, '家人', ?, ?, ?)",
            person, True, False, to_ms(NOW),
        )  # fmt: skip
        await people.add_address(db, sealer, person, "sms", PHONE, NOW + timedelta(hours=1))
    await people.add_address(db, sealer, third, "wechat", "oFamily000000000000000001", NOW)
    key = people.lookup(sealer, "sms", PHONE)
    assert await erasing.erase(db, "sms", key, whole=True, actor=first, now=LATER) == 3
    rows = await db.rows("SELECT person_id, channel FROM addresses")
    assert [(row["person_id"], row["channel"]) for row in rows] == [(third, "wechat")]


async def test_whoever_comes_back_is_a_stranger(db: Database, sealer: Sealer) -> None:
    person = await somebody(db, sealer)
    await delivery(db, person, "delivered")
    await erase(db, sealer)
    again, made = await people.ensure_person(db, sealer, "wechat", OPENID, LATER)
    assert made
    assert (again.name, again.village) == ("", None)
    sent = await db.rows("SELECT id FROM deliveries WHERE person_id = ?", again.id)
    assert sent == []


async def test_nobody_there_changes_nothing(db: Database, sealer: Sealer) -> None:
    assert await erase(db, sealer) == 0
    assert await erasing.marks(db) == []


async def test_a_restored_backup_is_erased_again_but_not_who_came_back_since(
    db: Database, sealer: Sealer, tmp_path: Path
) -> None:
    await somebody(db, sealer)
    await erase(db, sealer)
    file = tmp_path / erasing.LIST_NAME
    assert await erasing.keep_list(db, file) == 1
    assert file.stat().st_mode & 0o077 == 0
    kept = erasing.read_list(file)

    await db.run("DELETE FROM erasures")  # as a backup from before has it
    await somebody(db, sealer)
    assert await erasing.replay(db, kept, now=LATER) == 1
    assert await db.rows("SELECT * FROM addresses") == []

    await people.ensure_person(db, sealer, "wechat", OPENID, LATER + timedelta(days=1))
    assert await erasing.replay(db, kept, now=LATER) == 0
    assert len(await db.rows("SELECT * FROM addresses")) == 1


async def test_the_list_keeps_what_the_database_has_lost(db: Database, tmp_path: Path) -> None:
    file = tmp_path / erasing.LIST_NAME
    file.write_text(f"{'a' * 64} 5 one\n", "ascii")
    assert await erasing.keep_list(db, file) == 1
    await erasing.replay(db, [Mark("b" * 64, NOW, True)], now=NOW)
    assert await erasing.keep_list(db, file) == 2


def test_a_line_that_is_no_mark_is_named(tmp_path: Path) -> None:
    file = tmp_path / erasing.LIST_NAME
    file.write_text(f"{'a' * 64} 5 one\nhalf a line\n", "ascii")
    with pytest.raises(ValueError, match=r"erased\.txt:2"):
        erasing.read_list(file)


def test_every_table_that_tells_of_a_person_is_decided_on() -> None:
    decided = {*FORGOTTEN, *FORGOTTEN_OF_RESIDENTS, *HANDED_OVER, "addresses"}
    telling = {
        model._meta.db_table for model in models.__models__ if "person_id" in model._meta.fields
    }
    assert telling == decided
