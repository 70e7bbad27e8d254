"""Processes say that they are at work, and are missed when they no longer do."""

from collections import Counter
from datetime import timedelta

from storage import processes
from storage.database import Database
from tests.conftest import NOW


async def test_whoever_beats_is_present(db: Database) -> None:
    await processes.beat(db, "one", "worker", NOW)
    await processes.beat(db, "two", "worker", NOW)
    await processes.beat(db, "three", "web", NOW)

    assert await processes.present(db, NOW) == Counter(worker=2, web=1)


async def test_whoever_was_killed_is_missed_soon(db: Database) -> None:
    await processes.beat(db, "dead", "worker", NOW)
    later = NOW + timedelta(minutes=1)
    await processes.beat(db, "alive", "worker", later)

    assert await processes.present(db, later) == Counter(worker=1)
    assert len(await processes.seen(db)) == 2


async def test_whoever_ends_in_order_leaves_nothing(db: Database) -> None:
    await processes.beat(db, "one", "worker", NOW)

    await processes.leave(db, "one")

    assert await processes.seen(db) == []


async def test_the_dead_of_yesterday_are_forgotten(db: Database) -> None:
    await processes.beat(db, "dead", "worker", NOW - timedelta(days=2))

    await processes.beat(db, "alive", "web", NOW)

    assert [one.id for one in await processes.seen(db)] == ["alive"]


async def test_a_beat_keeps_when_a_process_began(db: Database) -> None:
    await processes.beat(db, "one", "web", NOW)

    await processes.beat(db, "one", "web", NOW + timedelta(hours=2))

    (one,) = await processes.seen(db)
    assert (one.started_at, one.seen_at) == (NOW, NOW + timedelta(hours=2))
