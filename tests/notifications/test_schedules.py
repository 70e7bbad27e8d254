"""The clock: once per occurrence, caught up by the schedule's own rule."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from notifications.schedules import Job, Misfire, Occasion, Scheduler, next_run
from storage import schedules
from storage.clock import BEIJING
from storage.database import Database
from storage.schedules import Firing, Schedule
from tests.conftest import NOW

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 09:00 in Beijing
DAY = timedelta(days=1)


class Runs:
    """A job that notes when it ran."""

    def __init__(
        self,
        misfire: Misfire = Misfire.RUN_LATEST,
        *,
        name: str = "daily",
        cron: str = "0 9 * * *",
    ) -> None:
        self.occasions: list[Occasion] = []
        self.fails_at: datetime | None = None
        self.job = Job(name=name, cron=cron, run=self.run, misfire=misfire)

    async def run(self, occasion: Occasion) -> None:
        if occasion.due_at == self.fails_at:
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


@pytest.mark.parametrize("misfire", list(Misfire))
async def test_replicas_fire_an_occurrence_once(db: Database, misfire: Misfire) -> None:
    runs = Runs(misfire)
    replicas = [await prepared(db, runs) for _ in range(4)]

    for day in range(3):
        now = NINE + 2 * day * DAY
        await asyncio.gather(*(replica.tick(now) for replica in replicas))

    ran = [occasion.due_at for occasion in runs.occasions]
    assert sorted(ran) == sorted(set(ran))
    wanted = range(5) if misfire is Misfire.RUN_ALL else range(0, 5, 2)
    assert sorted(ran) == [NINE + n * DAY for n in wanted]
    rows = await db.rows("SELECT due_at FROM occurrences")
    assert len(rows) == 5


@pytest.mark.parametrize("misfire", list(Misfire))
async def test_thousands_of_missed_occurrences_are_all_accounted_for(
    db: Database, misfire: Misfire
) -> None:
    runs = Runs(misfire, cron="*/20 * * * *")
    scheduler = await prepared(db, runs)
    now = NINE + 30 * DAY  # a clock that was moved ahead

    ticks = [await scheduler.tick(now + timedelta(seconds=n)) for n in range(4)]

    states = Counter(row["state"] for row in await db.rows("SELECT state FROM occurrences"))
    assert sum(states.values()) == 30 * 72 + 3  # from 08:20 on
    assert len({occasion.due_at for occasion in runs.occasions}) == len(runs.occasions)
    if misfire is Misfire.RUN_ALL:
        assert (ticks, states["done"]) == ([1000, 1000, 163, 0], 2163)
    else:
        (only,) = runs.occasions  # the last one is on time, even where the others are skipped
        first = NINE - timedelta(minutes=40)
        since = first if misfire is Misfire.RUN_LATEST else now
        assert (ticks, only) == ([1, 0, 0, 0], Occasion(now, since, now))


async def test_what_was_done_of_many_stays_done_when_one_fails(db: Database) -> None:
    runs = Runs(Misfire.RUN_ALL)
    scheduler = await prepared(db, runs)
    runs.fails_at = NINE + DAY

    await scheduler.tick(NINE + 3 * DAY)
    done = [occasion.due_at for occasion in runs.occasions]
    runs.fails_at = None
    await scheduler.tick(NINE + 3 * DAY + timedelta(seconds=1))

    assert done == [NINE]
    assert [o.due_at for o in runs.occasions] == [NINE + n * DAY for n in range(4)]


async def test_one_that_fails_keeps_no_other_from_its_turn(db: Database) -> None:
    broken, sound = Runs(name="broken"), Runs(name="sound")
    broken.fails_at = NINE
    scheduler = Scheduler(db, [broken.job, sound.job])
    await scheduler.prepare(NINE - timedelta(hours=1))
    await schedules.record(db, "broken", [Firing(NINE - DAY, "resumed")], NINE)

    await scheduler.tick(NINE)

    assert len(sound.occasions) == 1


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

    runs.fails_at = NINE
    failed = await scheduler.tick(NINE)
    nothing = await db.rows("SELECT id FROM occurrences")
    runs.fails_at = None
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

    await Scheduler(db, [changed]).prepare(NINE - timedelta(minutes=30))

    (schedule,) = await schedules.due(db, NINE + DAY)
    assert schedule.next_run == NINE + timedelta(minutes=90)


async def test_a_changed_rule_takes_no_turn_away_that_is_due(db: Database) -> None:
    runs = Runs()
    await prepared(db, runs)
    later = NINE + timedelta(hours=1)
    changed = Scheduler(db, [Job(name="daily", cron="30 10 * * *", run=runs.run)])

    await changed.prepare(later)
    await changed.tick(later)
    await changed.tick(NINE + DAY + timedelta(minutes=90))

    due = [occasion.due_at for occasion in runs.occasions]
    assert due == [NINE, NINE + DAY + timedelta(minutes=90)]


async def test_an_operators_rule_outlives_a_start_and_decides_the_next_run(db: Database) -> None:
    runs = Runs()
    scheduler = await prepared(db, runs)
    eight = next_run("0 8 * * *", NINE - timedelta(hours=1))
    own = Schedule(name="daily", cron="0 8 * * *", misfire="skip", next_run=eight, own_rule=True)

    await schedules.set_rule(db, own, NINE - timedelta(hours=1))
    await scheduler.prepare(NINE)
    await scheduler.tick(eight)

    (left,) = await schedules.load_all(db)
    assert (left.cron, left.misfire, left.next_run) == ("0 8 * * *", "skip", eight + DAY)
    assert [occasion.due_at for occasion in runs.occasions] == [eight]
