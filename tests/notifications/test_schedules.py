"""The clock: once per occurrence, caught up by the schedule's own rule."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from notifications.schedules import Job, Misfire, Occasion, Scheduler, next_run
from storage import schedules
from storage.clock import BEIJING
from storage.database import Database
from tests.conftest import NOW

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 09:00 in Beijing
DAY = timedelta(days=1)


class Runs:
    """A job that notes when it ran."""

    def __init__(self, misfire: Misfire = Misfire.RUN_LATEST) -> None:
        self.occasions: list[Occasion] = []
        self.fails = False
        self.job = Job(name="daily", cron="0 9 * * *", run=self.run, misfire=misfire)

    async def run(self, occasion: Occasion) -> None:
        if self.fails:
            raise RuntimeError
        self.occasions.append(occasion)


async def prepared(db: Database, runs: Runs) -> Scheduler:
    scheduler = Scheduler(db, [runs.job])
    await scheduler.prepare(NINE - timedelta(hours=1))
    return scheduler


def test_times_are_local() -> None:
    found = next_run("0 9 * * *", NOW)

    assert found.astimezone(BEIJING).isoformat() == "2026-11-25T09:00:00+08:00"
    assert next_run("0 9 * * *", NINE) == NINE + DAY


async def test_a_job_runs_once_when_its_time_comes(db: Database) -> None:
    runs = Runs()
    scheduler = await prepared(db, runs)

    early = await scheduler.tick(NINE - timedelta(seconds=1))
    due = [await scheduler.tick(NINE + timedelta(seconds=n)) for n in range(3)]

    assert (early, due) == (0, [1, 0, 0])
    assert runs.occasions == [Occasion(NINE, NINE, NINE)]


async def test_replicas_fire_an_occurrence_once(db: Database) -> None:
    runs = Runs()
    replicas = [await prepared(db, runs) for _ in range(4)]

    await asyncio.gather(*(replica.tick(NINE) for replica in replicas))

    assert len(runs.occasions) == 1


@pytest.mark.parametrize(
    ("misfire", "ran", "states"),
    [
        (Misfire.RUN_LATEST, [3], ["skipped", "skipped", "skipped", "done"]),
        (Misfire.RUN_ALL, [0, 1, 2, 3], ["done", "done", "done", "done"]),
        (Misfire.SKIP, [], ["skipped", "skipped", "skipped", "skipped"]),
    ],
)
async def test_missed_occurrences_are_made_up_by_rule(
    db: Database, misfire: Misfire, ran: list[int], states: list[str]
) -> None:
    runs = Runs(misfire)
    scheduler = await prepared(db, runs)

    await scheduler.tick(NINE + 3 * DAY + timedelta(hours=1))

    assert [occasion.due_at for occasion in runs.occasions] == [NINE + n * DAY for n in ran]
    rows = await db.rows("SELECT state FROM occurrences ORDER BY due_at")
    assert [row["state"] for row in rows] == states


async def test_a_run_that_makes_up_for_others_knows_since_when(db: Database) -> None:
    runs = Runs()
    scheduler = await prepared(db, runs)

    await scheduler.tick(NINE + 2 * DAY)

    assert runs.occasions == [Occasion(NINE + 2 * DAY, NINE, NINE + 2 * DAY)]


async def test_a_run_that_fails_is_undone_and_comes_again(db: Database) -> None:
    runs = Runs()
    scheduler = await prepared(db, runs)

    runs.fails = True
    failed = await scheduler.tick(NINE)
    nothing = await db.rows("SELECT id FROM occurrences")
    runs.fails = False
    again = await scheduler.tick(NINE + timedelta(seconds=1))

    assert (failed, nothing, again) == (0, [], 1)


async def test_a_start_later_keeps_what_is_due(db: Database) -> None:
    runs = Runs()
    await prepared(db, runs)

    later = Scheduler(db, [runs.job])
    await later.prepare(NINE + timedelta(hours=2))
    await later.tick(NINE + timedelta(hours=2))

    assert len(runs.occasions) == 1


async def test_a_changed_rule_takes_the_place_of_the_old_one(db: Database) -> None:
    runs = Runs()
    await prepared(db, runs)
    changed = Job(name="daily", cron="30 10 * * *", run=runs.run)

    await Scheduler(db, [changed]).prepare(NINE)

    (schedule,) = await schedules.due(db, NINE + DAY)
    assert schedule.next_run == NINE + timedelta(minutes=90)
