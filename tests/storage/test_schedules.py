"""Schedules in the store: a compare-and-set, and occurrences that are unique."""

from datetime import timedelta

from storage import schedules
from storage.database import Database
from storage.schedules import Firing, Schedule
from tests.conftest import NOW

DAILY = Schedule(name="daily", cron="0 9 * * *", misfire="run_latest", next_run=NOW)


async def test_a_schedule_is_due_from_its_next_run_on(db: Database) -> None:
    await schedules.ensure(db, DAILY, NOW)

    assert await schedules.due(db, NOW - timedelta(seconds=1)) == []
    assert await schedules.due(db, NOW) == [DAILY]


async def test_a_turn_is_taken_once(db: Database) -> None:
    await schedules.ensure(db, DAILY, NOW)

    taken = [await schedules.advance(db, DAILY, NOW + timedelta(days=1)) for _ in range(2)]

    assert taken == [True, False]


async def test_preparing_again_does_not_move_what_is_due(db: Database) -> None:
    await schedules.ensure(db, DAILY, NOW)
    later = Schedule(
        name="daily", cron=DAILY.cron, misfire="run_all", next_run=NOW + timedelta(days=3)
    )

    await schedules.ensure(db, later, NOW)

    (found,) = await schedules.due(db, NOW)
    assert (found.next_run, found.misfire) == (NOW, "run_all")


async def test_an_occurrence_is_written_down_once(db: Database) -> None:
    firings = [Firing(NOW, "done"), Firing(NOW + timedelta(days=1), "skipped")]

    first = await schedules.record(db, "daily", firings, NOW)
    again = await schedules.record(db, "daily", [*firings, Firing(NOW, "held")], NOW)

    assert (first, again) == (firings, [])


async def test_what_happened_long_ago_is_forgotten_unless_somebody_must_decide(
    db: Database,
) -> None:
    old = NOW - timedelta(days=200)
    firings = [Firing(old, "done"), Firing(old + timedelta(days=1), "held"), Firing(NOW, "done")]
    await schedules.record(db, "daily", firings, NOW)

    await schedules.forget(db, "daily", NOW - timedelta(days=100))

    rows = await db.rows("SELECT state FROM occurrences ORDER BY due_at")
    assert [row["state"] for row in rows] == ["held", "done"]
    assert await schedules.last_firings(db) == {"daily": Firing(NOW, "done")}


async def test_held_occurrences_wait_to_be_resumed(db: Database) -> None:
    await schedules.record(db, "daily", [Firing(NOW, "held")], NOW)

    assert await schedules.held(db) == 1
    assert await schedules.resumed(db) == set()
    await schedules.resume(db)
    assert await schedules.resumed(db) == {"daily"}
    assert await schedules.take_resumed(db, "daily") == [NOW]
    assert await schedules.take_resumed(db, "daily") == []
