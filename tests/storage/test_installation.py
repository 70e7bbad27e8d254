"""What a database is, and whether this program may use it."""

from datetime import timedelta

import pytest

from storage import installation
from storage.clock import HeldClock
from storage.database import Database
from storage.installation import DemoClock, Purpose, Unfit, judge
from storage.people import ensure_person
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.storage.making import on_sqlite


@on_sqlite
async def test_fresh_database_is_fit_once_it_is_written_down(db: Database) -> None:
    before = await judge(db, "aaaa")

    made = await installation.create(db, Purpose.LIVE, "aaaa")
    again = await installation.create(db, Purpose.DEMO, "bbbb")

    assert before is Unfit.EMPTY
    assert (made, again) == (True, False)
    assert await judge(db, "aaaa") is None
    assert await judge(db, "bbbb") is Unfit.OTHER_KEYS
    assert await judge(db, None) is None


@on_sqlite
async def test_demo_is_unfit_for_what_is_for_real_use(db: Database) -> None:
    await installation.create(db, Purpose.DEMO, "aaaa")

    assert await judge(db, "aaaa", demo_allowed=False) is Unfit.DEMO
    assert await judge(db, "aaaa") is None


@on_sqlite
async def test_running_process_learns_that_a_later_release_changed_the_schema(
    db: Database,
) -> None:
    await installation.create(db, Purpose.LIVE, "aaaa")
    before = await installation.outgrown(db)

    await db.run("UPDATE tortoise_migrations SET name = '9999_later'")

    assert (before, await installation.outgrown(db)) == (False, True)
    assert await judge(db, "aaaa") is Unfit.NEWER


async def test_demos_clock_is_moved_for_every_process(db: Database) -> None:
    await installation.create(db, Purpose.DEMO, "aaaa", clock_offset_ms=3_600_000)
    found = await installation.load(db)
    assert found is not None
    mine, other = (DemoClock(found.clock_offset, HeldClock(NOW)) for _ in range(2))

    moved = await installation.move_clock(db, 86_400_000)
    await other.refresh(db)

    assert moved == timedelta(days=1, hours=1)
    assert mine.now() == NOW + timedelta(hours=1)
    assert other.now() == NOW + timedelta(days=1, hours=1)
    assert other.today().isoformat() == "2026-11-25"


@on_sqlite
async def test_real_clock_cannot_be_moved(db: Database) -> None:
    await installation.create(db, Purpose.LIVE, "aaaa")

    with pytest.raises(LookupError):
        await installation.move_clock(db, 1)


async def test_keys_may_be_changed_only_while_nothing_is_sealed(
    db: Database, sealer: Sealer
) -> None:
    await installation.create(db, Purpose.LIVE, "aaaa")

    while_empty = await installation.adopt_keys(db, "bbbb")
    await ensure_person(db, sealer, "sms", "13900000001", NOW)
    sealed = await installation.adopt_keys(db, "cccc")

    found = await installation.load(db)
    assert (while_empty, sealed) == (None, "bbbb")
    assert found is not None
    assert found.fingerprint == "bbbb"


@on_sqlite
async def test_restored_database_says_since_when(db: Database) -> None:
    await installation.create(db, Purpose.LIVE, "aaaa")

    await installation.mark_restored(db, NOW)

    found = await installation.load(db)
    assert found is not None
    assert found.restored_at == NOW
