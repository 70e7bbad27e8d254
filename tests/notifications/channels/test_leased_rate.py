"""Leased permits: the earlier lane first, each at its moment, none saved up for a burst."""

import asyncio

import pytest

from notifications.channels.rate import Lane, LeasedRate
from storage.permits import Lease
from tests.notifications.channels.test_rate import Clock, settle

START_US = 1_000_000_000_000  # the database's clock is far from the monotonic one


class Row:
    """The row that processes share, by the database's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = 0
        self.leases: list[int] = []
        self.broken = False

    async def lease(self, count: int, interval_us: int) -> Lease:
        if self.broken:
            raise OSError
        self.leases.append(count)
        now = START_US + int(self._clock.now * 1_000_000)
        first = max(self._next, now)
        self._next = first + count * interval_us
        return Lease([first + n * interval_us for n in range(count)], now)


class Line:
    def __init__(self, per_second: float) -> None:
        self.clock = Clock()
        self.row = Row(self.clock)
        self.rate = LeasedRate(per_second, self.row.lease, clock=self.clock)
        self.through: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    def join(self, name: str, lane: Lane) -> asyncio.Task[None]:
        async def wait() -> None:
            await self.rate.permit(lane)
            self.through.append(name)

        task = asyncio.create_task(wait())
        self.tasks.append(task)
        return task

    async def advance(self, seconds: float) -> None:
        self.clock.now += seconds
        self.rate._serve()  # as the timer would
        await settle()

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_whoever_is_in_an_earlier_lane_gets_the_next_permit_leased_for_a_later() -> None:
    line = Line(per_second=10)
    line.join("first", Lane.BULK)
    await settle()
    line.join("bulk", Lane.BULK)
    await settle()  # it has leased the next permit

    line.join("urgent", Lane.URGENT)
    await settle()
    await line.advance(0.101)

    assert line.through[:2] == ["first", "urgent"]
    await line.close()


async def test_blocks_are_small() -> None:
    line = Line(per_second=1000)
    for number in range(500):
        line.join(str(number), Lane.BULK)
    await settle()

    assert max(line.row.leases) == 50
    await line.close()


async def test_nothing_is_leased_for_nobody() -> None:
    line = Line(per_second=1000)
    line.join("only", Lane.NORMAL)
    await settle()
    await line.advance(1)

    assert line.through == ["only"]
    assert sum(line.row.leases) == 1
    await line.close()


async def test_steady_use_costs_no_lease_for_each_message() -> None:
    line = Line(per_second=10_000)
    for number in range(200):
        line.join(str(number), Lane.NORMAL)
        await settle()
        await line.advance(0.001)

    assert len(line.through) == 200
    assert len(line.row.leases) < 40
    assert sum(line.row.leases) < 500
    await line.close()


async def test_what_a_frozen_process_missed_does_not_go_out_as_a_burst() -> None:
    line = Line(per_second=1000)
    for number in range(200):
        line.join(str(number), Lane.BULK)
    await settle()
    before = len(line.through)

    line.clock.now += 10  # frozen
    line.rate._serve()

    assert len(line.through) - before <= 1
    await line.close()


async def test_without_the_database_nobody_is_let_through_until_it_is_back() -> None:
    line = Line(per_second=1000)
    line.row.broken = True
    line.join("waiting", Lane.URGENT)
    await settle()
    assert line.through == []

    line.row.broken = False
    async with asyncio.timeout(5):
        await line.tasks[0]

    assert line.through == ["waiting"]


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_that_is_none_is_a_mistake(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        LeasedRate(rate, Row(Clock()).lease)
