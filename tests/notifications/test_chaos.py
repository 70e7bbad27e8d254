"""The short form of `make chaos`: real processes, kill -9, and the count is the provider's.

Each run starts servers of its own; docs/chaos.md holds the long form's table.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.chaos_run import (
    Plan,
    Report,
    Stage,
    create_all,
    run,
    stage,
    start_clocks,
    start_processes,
)
from benchmarks.chaos_servers import there
from bot.config import load_config
from notifications.settings import DeliverySettings
from tests.conftest import missing

PLAN = Plan(
    store="postgres", people=1200, campaigns=2, kills=0, clocks=2, schedulers=1,
    lease_seconds=3, rest_seconds=2, per_second=400, patience_seconds=120,
)  # fmt: skip


@pytest.fixture
async def many() -> AsyncIterator[Stage]:
    """The product in several processes, on a PostgreSQL and a RabbitMQ of the test's own."""
    if lacking := there():
        missing(", ".join(lacking))
    async with stage(PLAN) as made:
        await start_processes(made)
        await start_clocks(made)
        yield made


@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_doubled_while_every_part_is_killed(many: Stage) -> None:
    chosen = random.Random(5)  # noqa: S311 - it kills by chance, and alike each time
    creating = asyncio.create_task(create_all(many, chosen))  # killed in its fan-out, too
    await many.until(lambda: many.reached(100), 90, "the first messages")

    # Stopped for longer than a lease: the other worker takes over what this one holds.
    frozen = many.processes["worker"][0]
    assert frozen.freeze()
    # The broker is gone for good, and what it kept.
    assert many.rabbitmq
    await many.rabbitmq.kill_and_wipe()
    await many.kill("web", chosen)
    await many.until(lambda: many.reached(300), 90, "messages without a broker")
    await many.kill("clock", chosen)
    await many.kill("database", chosen)
    await many.until(lambda: many.reached(500), 90, "messages after the database's death")
    assert many.processes["worker"][1].kill()
    await many.kill("scheduler", chosen)
    await creating
    for clock in many.processes.pop("clock"):
        await clock.end()
    await many.until(many.finished, 120, "everything is finished")
    calls = (await many.provider.progress())["calls"]

    frozen.thaw()
    await asyncio.sleep(1.5)

    assert (await many.provider.progress())["calls"] == calls, "a thawed worker sent"
    assert_spotless(await many.report(0))


@pytest.mark.timeout(300)
async def test_one_process_on_sqlite_loses_and_doubles_nothing() -> None:
    plan = replace(
        PLAN, store="sqlite", people=600, kills=3, kinds={"all": 3}, webs=1, clocks=1,
        campaigns=1,
    )  # fmt: skip

    assert_spotless(await run(plan))


@pytest.mark.timeout(300)
async def test_the_count_sees_what_plain_lease_and_retry_doubles() -> None:
    plan = replace(
        PLAN, store="sqlite", people=400, kills=2, kinds={"worker": 2}, naive=True, workers=1,
        clocks=0, campaigns=1,
    )  # fmt: skip

    found = await run(plan)

    assert found.twice > 0  # texts; WeChat drops what it has seen
    assert found.repeats_dropped > 0


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
@pytest.mark.timeout(300)
async def test_who_was_stopped_for_longer_than_a_lease_sends_nothing_stale(store: str) -> None:
    if store == "postgres" and (lacking := there()):
        missing(", ".join(lacking))
    # So slowly that whoever is stopped holds rows which wait for their turn.
    plan = replace(
        PLAN, store=store, people=500, campaigns=1, webs=1, clocks=0, broker=False, per_second=50
    )
    senders = 1 if store == "sqlite" else plan.workers

    async def all_hold_some() -> bool:
        return await made.holders() == senders

    async with stage(plan) as made:
        await start_processes(made)
        await made.create_campaign(0)
        await made.until(all_hold_some, 90, "everybody is about to send")

        sender = made.processes["all" if store == "sqlite" else "worker"][0]
        assert sender.freeze()
        stopped = time.time()
        await asyncio.sleep(2 * plan.lease_seconds)
        before = set(await made.provider.texts())
        assert sender.thaw()
        await made.until(made.finished, 120, "everything is finished")

        taken = set(await made.provider.texts())
        begun = await made.texts_begun(before=stopped)
        found = await made.report(0)

    assert not begun & (taken - before), "sent after its lease"
    assert begun - taken, "nothing was held when it was stopped"
    assert taken - before, "nothing was sent after it"
    assert_nobody_missed_or_doubled(found)


async def test_what_runs_are_shortened_by_is_long_by_default(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n')

    assert load_config(config, {}).delivery == DeliverySettings(
        lease_seconds=30, unknown_rest_seconds=600, poll_seconds=1
    )


def assert_spotless(found: Report) -> None:
    assert found.occurrences > 5
    assert_nobody_missed_or_doubled(found)


def assert_nobody_missed_or_doubled(found: Report) -> None:
    assert found.reached + sum(found.explained.values()) == found.expected
    assert found.spotless, found
