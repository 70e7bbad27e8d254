"""Permits of a channel: leased in blocks, evenly spaced, none of them twice."""

import asyncio
from itertools import pairwise

import pytest

from storage import permits
from storage.database import Database

EACH = 1000  # microseconds: a thousand a second


@pytest.fixture
def postgres(db: Database) -> Database:
    if db.dialect == "sqlite":
        pytest.skip("one process keeps its own pace")
    return db


async def test_permits_are_evenly_spaced_from_now_on(postgres: Database) -> None:
    taken = await permits.lease(postgres, "sms", 5, EACH)

    assert [later - earlier for earlier, later in pairwise(taken.moments)] == [EACH] * 4
    assert abs(taken.moments[0] - taken.now) < 1_000_000


async def test_leases_that_come_at_once_hold_different_moments(postgres: Database) -> None:
    await permits.lease(postgres, "sms", 1, EACH)

    taken = await asyncio.gather(*(permits.lease(postgres, "sms", 50, EACH) for _ in range(20)))

    moments = sorted(moment for lease in taken for moment in lease.moments)
    assert len(moments) == 1000
    assert all(later - earlier >= EACH for earlier, later in pairwise(moments))


async def test_channels_do_not_share(postgres: Database) -> None:
    await permits.lease(postgres, "sms", 10_000, EACH)

    taken = await permits.lease(postgres, "wechat", 1, EACH)

    assert taken.moments[0] - taken.now < 1_000_000


async def test_time_unused_is_not_saved_up(postgres: Database) -> None:
    await permits.lease(postgres, "sms", 1, EACH)
    await asyncio.sleep(0.2)

    taken = await permits.lease(postgres, "sms", 10, EACH)

    assert taken.moments[0] >= taken.now - 100_000


async def test_a_clock_that_was_set_back_stops_nothing(postgres: Database) -> None:
    await permits.lease(postgres, "sms", 1, EACH)
    await postgres.run("UPDATE rates SET next_at = next_at + 3600000000")

    taken = await permits.lease(postgres, "sms", 1, EACH)

    assert taken.moments[0] - taken.now < 1_000_000
