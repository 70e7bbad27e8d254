"""The brake: half the pace after "too fast", and back again."""

import asyncio

from notifications.channels.brake import HOLDS_SECONDS, SMALLEST_SHARE, Brake
from notifications.channels.rate import Lane


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_telling_off_halves_the_pace_but_not_those_of_one_moment() -> None:
    clock = Clock()
    brake, shares = Brake(1000, clock=clock), []
    for clock.now in (0.0, 0.5, 2.0, 4.0, 6.0, 8.0, 10.0):
        brake.press()
        shares.append(brake.share)

    assert shares == [1 / 2, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16, SMALLEST_SHARE]


async def test_the_pace_comes_back_step_by_step() -> None:
    clock = Clock()
    brake, shares = Brake(1000, clock=clock), []
    brake.press()
    clock.now = 2.0
    brake.press()
    for clock.now in (HOLDS_SECONDS, 2 + HOLDS_SECONDS, 2 + 2 * HOLDS_SECONDS):
        await brake.permit(Lane.INTERACTIVE)
        shares.append(brake.share)

    assert shares == [1 / 4, 1 / 2, 1]


async def test_a_slowed_channel_gives_out_half_as_many() -> None:
    brake = Brake(200)
    brake.press()
    given = 0
    async with asyncio.timeout(2):
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < 0.3:
            await brake.permit(Lane.BULK)
            given += 1

    assert 20 <= given <= 36  # 100 a second
