"""The chain: whatever is changed from inside is seen."""

import contextlib
from datetime import timedelta

import pytest

from storage import audit, chain, disclosures, open_data
from storage.canonical import GENESIS, canonical, digest
from storage.chain import Broken, Event, Flaw
from storage.database import Database
from storage.disclosures import NotPossible
from storage.published import PublishedAccounts
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_batch, make_line, on_sqlite, publish


async def three_versions(db: Database) -> list[str]:
    """A month published, corrected, and another month."""
    first = await publish(db, make_batch(make_line(payee="郑*秀")))
    second = await publish(db, make_batch(make_line(payee="郑*秀", amount=1)))
    third = await publish(db, make_batch(make_line("2026-04-01")))
    return [months[0].id for months in (first, second, third)]


async def test_untouched_chain_holds_from_any_head(db: Database) -> None:
    heads = [GENESIS]
    for month in (3, 4, 5):
        await publish(db, make_batch(make_line(f"2026-0{month}-01")))
        heads.append((await chain.head(db)).hash)

    verdicts = [await chain.verify(db, noted) for noted in (*heads, heads[1][:16], "")]

    assert verdicts == [None] * 6
    assert (await chain.head(db)).length == await chain.height(db) == 3


@on_sqlite
async def test_link_is_what_docs_say_it_is(db: Database) -> None:
    identity = (await publish(db, make_batch(make_line())))[0].id

    (link,) = await open_data.links(db, 0)

    body, _ = await disclosures.content(db, identity)
    told = {
        "at": "2026-11-24T01:30:00.000Z",
        "content": digest(body),
        "disclosure": identity,
        "event": "published",
        "previous": GENESIS,
        "seq": 1,
    }
    assert link["hash"] == digest(canonical(told))


TAMPERING = {
    "a figure in a body": (
        "UPDATE disclosures SET body = replace(body, '\"amount\":68000', '\"amount\":58000')",
        Flaw.BODY,
    ),
    "a figure in the newest body": (
        "UPDATE disclosures SET body = replace(body, '\"amount\":1,', '\"amount\":2,')",
        Flaw.BODY,
    ),
    "a name": ("UPDATE disclosures SET personal = replace(personal, '郑', '王')", Flaw.PERSONAL),
    "a name taken out without a link": (
        "UPDATE disclosures SET personal = '{}' WHERE version = 2",
        Flaw.PERSONAL,
    ),
    "the month of a version": (
        "UPDATE disclosures SET period = '2026-05' WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "the village of a version": (
        "UPDATE disclosures SET village = '990101101201' WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "the reason of a correction": (
        "UPDATE disclosures SET reason = '笔误' WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "when it was published": (
        "UPDATE disclosures SET published_at = published_at - 1 WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "a version hidden without a word": (
        "UPDATE disclosures SET state = 'draft' WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "a correction undone": (
        "UPDATE disclosures SET state = CASE version WHEN 1 THEN 'published' ELSE 'corrected' END",
        Flaw.COLUMNS,
    ),
    "a version withdrawn without a link": (
        "UPDATE disclosures SET state = 'withdrawn' WHERE version = 2",
        Flaw.COLUMNS,
    ),
    "a version deleted": ("DELETE FROM disclosures WHERE version = 2", Flaw.BODY),
    "a link deleted": ("DELETE FROM chain WHERE seq = 2", Flaw.ORDER),
    "the last link deleted": ("DELETE FROM chain WHERE seq = 3", Flaw.UNLINKED),
    "a link's content": ("UPDATE chain SET content = hash WHERE seq = 2", Flaw.LINK),
    "a link's time": ("UPDATE chain SET at = at + 1 WHERE seq = 1", Flaw.LINK),
    "a link's event": ("UPDATE chain SET event = 'withdrawn' WHERE seq = 1", Flaw.LINK),
}


class Undo(Exception):
    """Takes a change back."""


async def after(db: Database, *statements: str) -> Flaw | None:
    """What the check says after these changes, which are taken back."""
    broken: Broken | None = None
    with contextlib.suppress(Undo):
        async with db.transaction():
            for statement in statements:
                await db.run(statement)
            broken = await chain.verify(db)
            raise Undo
    return broken.flaw if broken else None


async def test_whatever_is_changed_from_inside_is_seen(db: Database) -> None:
    await three_versions(db)

    seen = {what: await after(db, statement) for what, (statement, _) in TAMPERING.items()}

    assert seen == {what: flaw for what, (_, flaw) in TAMPERING.items()}
    assert await chain.verify(db) is None


@on_sqlite
async def test_two_links_that_change_places_are_seen(db: Database) -> None:
    await three_versions(db)

    flaw = await after(
        db,
        "UPDATE chain SET seq = seq + 10 WHERE seq < 3",
        "UPDATE chain SET seq = CASE seq WHEN 11 THEN 2 ELSE 1 END WHERE seq > 10",
    )

    assert flaw is Flaw.LINK


@on_sqlite
async def test_chain_rewritten_from_inside_fails_against_a_noted_head(db: Database) -> None:
    ids = await three_versions(db)
    noted = (await chain.head(db)).hash

    await db.run("DELETE FROM chain")
    await db.run("DELETE FROM disclosures WHERE version = 1 AND period = '2026-03'")
    for identity in ids[1:]:
        body, _ = await disclosures.content(db, identity)
        await chain.append(db, Event.PUBLISHED, identity, digest(body), NOW)

    assert await chain.verify(db) is None
    assert await chain.verify(db, noted) == Broken(Flaw.HEAD)


async def test_erased_value_leaves_everything_verifiable(db: Database) -> None:
    first, second, _ = await three_versions(db)
    entry = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries[0]

    links = await disclosures.erase_personal(
        db, second, [f"{entry.id}.payee"], "operator", NOW + timedelta(hours=1)
    )

    assert len(links) == 2  # the corrected version held the name as well
    assert await chain.verify(db) is None
    rows = await db.rows("SELECT personal FROM disclosures WHERE period = '2026-03'")
    assert all("郑" not in row["personal"] for row in rows)
    shown = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries[0]
    assert (shown.payee, shown.summary, shown.amount_fen) == ("已隐去", entry.summary, 1)
    assert first != second


@on_sqlite
async def test_one_more_value_erased_by_hand_is_seen(db: Database) -> None:
    _, second, _ = await three_versions(db)
    entry = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries[0]
    await disclosures.erase_personal(db, second, [f"{entry.id}.payee"], "operator", NOW)

    await db.run("UPDATE disclosures SET personal = '{}'")

    assert (await chain.verify(db) or Broken(Flaw.ORDER)).flaw is Flaw.PERSONAL


async def test_withdrawn_version_is_hidden_and_says_why(db: Database) -> None:
    _, second, third = await three_versions(db)

    await disclosures.withdraw(db, second, "误公开了另一个村的账", "operator", NOW)

    published = PublishedAccounts(db)
    assert [m.id for m in (await published.newest(VILLAGE)).months] == [third]
    newest = (await published.history(VILLAGE, "2026-03"))[0]
    assert (newest.state, newest.accounts) == ("withdrawn", None)
    assert newest.withdrawn_reason == "误公开了另一个村的账"
    assert await chain.verify(db) is None
    with pytest.raises(NotPossible):
        await disclosures.withdraw(db, second, "again", "operator", NOW)


@on_sqlite
async def test_reason_of_a_withdrawal_cannot_be_changed(db: Database) -> None:
    _, second, _ = await three_versions(db)
    await disclosures.withdraw(db, second, "误公开", "operator", NOW)

    await db.run("UPDATE disclosures SET withdrawn_reason = '技术原因' WHERE version = 2")

    assert (await chain.verify(db) or Broken(Flaw.ORDER)).flaw is Flaw.BODY


@on_sqlite
async def test_month_that_was_withdrawn_can_be_published_anew(db: Database) -> None:
    first = (await publish(db, make_batch(make_line())))[0].id
    await disclosures.withdraw(db, first, "误公开", "operator", NOW)

    months = await publish(db, make_batch(make_line()))

    assert [(m.version, m.state.value) for m in months] == [(2, "published")]
    assert await chain.verify(db) is None


@on_sqlite
async def test_audit_tells_who_did_what_and_shows_any_change(db: Database) -> None:
    identity = (await publish(db, make_batch(make_line()), "operator"))[0].id
    await audit.record(db, "system", "looked", "somewhere", {"count": 3}, now=NOW)

    (act,) = await audit.about(db, identity)
    sound = await audit.verify(db)
    await db.run("UPDATE audit SET actor = 'somebody' WHERE seq = 1")

    assert (act.actor, act.action, act.at) == ("operator", "published", NOW)
    assert sound == (None, False)
    assert await audit.verify(db) == (1, False)


@on_sqlite
async def test_audit_entry_that_is_gone_or_changed_is_named(db: Database) -> None:
    await three_versions(db)
    statements = {
        "DELETE FROM audit WHERE seq = 2": 2,
        "UPDATE audit SET details = '{}' WHERE seq = 3": 3,
        "UPDATE audit SET at = at + 1 WHERE seq = 1": 1,
    }

    for statement, entry in statements.items():
        with contextlib.suppress(Undo):
            async with db.transaction():
                await db.run(statement)
                assert (await audit.verify(db))[0] == entry
                raise Undo


OTHER = "990101101201"


async def test_region_is_checked_apart_from_what_others_published(db: Database) -> None:
    await three_versions(db)
    await publish(db, make_batch(make_line(amount=4), village=OTHER))

    await db.run("UPDATE disclosures SET body = replace(body, ':4,', ':5,')")

    assert await chain.verify(db, regions=[VILLAGE]) is None
    assert (await chain.verify(db, regions=[OTHER]) or Broken(Flaw.ORDER)).flaw is Flaw.BODY


@on_sqlite
async def test_version_cannot_leave_a_region_unseen(db: Database) -> None:
    await three_versions(db)
    await publish(db, make_batch(make_line(), village=OTHER))
    assert await chain.verify(db, regions=[VILLAGE]) is None

    await db.run("UPDATE disclosures SET village = ? WHERE period = '2026-04'", OTHER)
    moved = await chain.verify(db, regions=[VILLAGE])
    await db.run("DELETE FROM disclosures WHERE period = '2026-04'")
    gone = await chain.verify(db, regions=[VILLAGE])

    assert moved is not None
    assert (moved.flaw, moved.link) == (Flaw.COLUMNS, 3)
    assert gone is not None
    assert (gone.flaw, gone.link) == (Flaw.BODY, 3)


async def test_change_of_a_region_is_that_of_its_newest_link(db: Database) -> None:
    identity = (await publish(db, make_batch(make_line())))[0].id
    later = NOW + timedelta(days=3)
    await disclosures.withdraw(db, identity, "误公开", "operator", later)

    assert await chain.changed_at(db, [VILLAGE, OTHER]) == later
    assert await chain.changed_at(db, [OTHER]) is None
