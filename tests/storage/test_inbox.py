"""The inbox knows repeats, keeps content only until it is handled, and commits many at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage import conversations
from storage.database import Database, Unavailable
from storage.inbox import Arrival, Inbox, Message, Turn, purge, unfinished
from tests.conftest import NOW


def make_message(key: str = "k1", body: str = "b1") -> Message:
    return Message(key, "wechat", body, b"sealed", NOW)


def make_turn(key: str = "k1", conversation: bytes | None = b"state") -> Turn:
    return Turn(key, "person", conversation, NOW + timedelta(hours=1))


async def written(inbox: Inbox) -> None:
    """Waits for what was settled: it is written before whatever comes later."""
    await inbox.receive(make_message("last"))


@pytest.fixture
async def inbox(db: Database) -> AsyncIterator[Inbox]:
    inbox = Inbox(db)
    await inbox.start()
    yield inbox
    await inbox.stop()


async def test_a_repeat_is_told_from_a_new_message(inbox: Inbox) -> None:
    first = await inbox.receive(make_message())
    meanwhile = await inbox.receive(make_message())
    inbox.settle(make_turn())
    later = await inbox.receive(make_message())

    assert first.arrival is Arrival.NEW
    assert meanwhile.arrival is Arrival.UNFINISHED
    assert later.arrival is Arrival.DONE


async def test_the_same_key_with_another_body_is_no_repeat(inbox: Inbox) -> None:
    await inbox.receive(make_message())

    altered = await inbox.receive(make_message(body="b2"))

    assert altered.arrival is Arrival.ALTERED


async def test_content_is_kept_until_the_message_is_handled(db: Database, inbox: Inbox) -> None:
    await inbox.receive(make_message())
    before = await unfinished(db, "wechat")
    inbox.settle(make_turn())
    await written(inbox)

    assert before == [("k1", b"sealed")]
    assert await unfinished(db, "wechat") == [("last", b"sealed")]
    row = await db.row("SELECT sealed FROM inbox WHERE key = 'k1'")
    assert row == {"sealed": None}


async def test_a_burst_is_stored_whole(db: Database, inbox: Inbox) -> None:
    messages = [make_message(f"key{n}") for n in range(450)]

    received = await asyncio.gather(*map(inbox.receive, messages))
    for message in messages:
        inbox.settle(make_turn(message.key))
    await written(inbox)

    assert {r.arrival for r in received} == {Arrival.NEW}
    assert await db.row("SELECT COUNT(*) AS n FROM inbox WHERE state = 'done'") == {"n": 450}


async def test_a_conversation_is_kept_with_the_turn_and_expires(db: Database, inbox: Inbox) -> None:
    await inbox.receive(make_message())
    inbox.settle(make_turn(conversation=b"one"))
    inbox.settle(make_turn(conversation=b"two"))
    await written(inbox)

    assert await conversations.load(db, "person", NOW) == b"two"
    assert await conversations.load(db, "person", NOW + timedelta(hours=2)) is None


async def test_whoever_waits_is_told_that_nothing_could_be_written(
    db: Database, inbox: Inbox
) -> None:
    await db.run("DROP TABLE inbox")

    with pytest.raises(Unavailable):
        await inbox.receive(make_message())


async def test_keys_are_forgotten_after_a_day(db: Database, inbox: Inbox) -> None:
    await inbox.receive(make_message())
    inbox.settle(make_turn())
    await written(inbox)

    assert await purge(db, NOW + timedelta(hours=23)) == 0
    assert await purge(db, NOW + timedelta(hours=25)) == 1


async def test_what_could_not_be_settled_is_settled_later(db: Database, inbox: Inbox) -> None:
    await inbox.receive(make_message())
    await db.run("ALTER TABLE conversations RENAME TO elsewhere")
    inbox.settle(make_turn())
    with pytest.raises(Unavailable):
        await written(inbox)
    await db.run("ALTER TABLE elsewhere RENAME TO conversations")
    await written(inbox)

    assert await unfinished(db, "wechat") == [("last", b"sealed")]
    assert await conversations.load(db, "person", NOW) == b"state"
