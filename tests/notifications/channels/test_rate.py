"""So many a second, and nobody in an earlier lane waits for a later one."""

import asyncio
from itertools import pairwise

import pytest

from notifications.channels.rate import Lane, MessageRate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def settle() -> None:
    """Lets the real timers of a fast rate come round a few times."""
    for _ in range(5):
        await asyncio.sleep(0.002)


class Line:
    """Callers at one rate; remembers in which order they were let through, and when."""

    def __init__(self, per_second: float = 1000) -> None:
        self.clock = Clock()
        self.rate = MessageRate(per_second, clock=self.clock)
        self.through: list[tuple[str, float]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def join(self, name: str, lane: Lane) -> asyncio.Task[None]:
        async def wait() -> None:
            await self.rate.permit(lane)
            self.through.append((name, self.clock.now))

        task = asyncio.create_task(wait())
        self.tasks.append(task)
        return task

    async def advance(self, seconds: float) -> None:
        self.clock.now += seconds
        await settle()

    async def advance_until(self, count: int) -> None:
        """Half a millisecond at a time, until so many are through; timers may be late."""
        for _ in range(400):
            if len(self.through) >= count:
                return
            await self.advance(0.0005)

    def names(self) -> list[str]:
        return [name for name, _ in self.through]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_permits_come_evenly_spaced() -> None:
    line = Line(per_second=1000)
    for number in range(5):
        line.join(str(number), Lane.BULK)
    await settle()

    await line.advance_until(5)

    times = [at for _, at in line.through]
    assert line.names() == ["0", "1", "2", "3", "4"]
    assert all(later - earlier > 0.0009 for earlier, later in pairwise(times))
    await line.close()


async def test_whoever_is_in_an_earlier_lane_goes_first() -> None:
    line = Line()
    line.clock.now -= 0.02  # nothing is due yet
    for name, lane in (
        ("bulk", Lane.BULK),
        ("normal", Lane.NORMAL),
        ("urgent", Lane.URGENT),
        ("answer", Lane.INTERACTIVE),
        ("answer 2", Lane.INTERACTIVE),
    ):
        line.join(name, lane)
    await settle()
    assert line.names() == []

    await line.advance_until(5)

    assert line.names() == ["answer", "answer 2", "urgent", "normal", "bulk"]
    await line.close()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (Lane.INTERACTIVE, Lane.URGENT),
        (Lane.URGENT, Lane.NORMAL),
        (Lane.NORMAL, Lane.BULK),
        (Lane.INTERACTIVE, Lane.BULK),
    ],
)
async def test_a_full_later_lane_does_not_delay_an_earlier_one_at_all(
    earlier: Lane, later: Lane
) -> None:
    line = Line(per_second=1)
    for number in range(100):
        line.join(f"later {number}", later)
    await settle()
    assert "later 99" not in line.names()

    line.join("earlier", earlier)
    await settle()

    assert line.names()[-1] == "earlier"
    await line.close()


async def test_in_no_second_there_are_more_than_the_rate_and_four() -> None:
    line = Line(per_second=100)
    for number in range(400):
        line.join(f"b{number}", Lane.BULK)
        line.join(f"i{number}", Lane.INTERACTIVE)

    for _ in range(150):
        line.clock.now += 0.01
        line.rate._serve()  # as the timer would
        await asyncio.sleep(0)

    times = [at for _, at in line.through]
    most = max(sum(start <= at < start + 1 for at in times) for start in times)
    assert most <= 104
    assert len(times) >= 150
    await line.close()


async def test_time_unused_is_not_saved_up() -> None:
    line = Line(per_second=1000)
    await line.advance(60)

    for number in range(10):
        line.join(str(number), Lane.BULK)
    await settle()

    assert len(line.through) == 1
    await line.close()


async def test_whoever_gives_up_takes_no_permit() -> None:
    line = Line(per_second=1000)
    line.join("first", Lane.BULK)
    leaving = line.join("leaving", Lane.BULK)
    line.join("staying", Lane.BULK)
    await settle()

    leaving.cancel()
    await line.advance_until(2)

    assert line.names() == ["first", "staying"]
    await line.close()


async def test_real_time_keeps_the_rate() -> None:
    rate = MessageRate(200)
    loop = asyncio.get_running_loop()
    began = loop.time()

    await asyncio.gather(*(rate.permit(Lane.BULK) for _ in range(41)))

    assert 0.19 < loop.time() - began < 2


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_that_is_none_is_a_mistake(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        MessageRate(rate)
