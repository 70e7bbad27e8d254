"""One token for all who wait, renewed in time and never by force."""

import asyncio

import pytest

from notifications.channels.tokens import MemoryTokenStore, Token, TokenSource


class Platform:
    """Gives out numbered tokens, or fails; `gate` holds its answers back."""

    def __init__(self, *, lifetime: float = 7200) -> None:
        self.now = 1000.0
        self.lifetime = lifetime
        self.asked = 0
        self.valid = 1
        self.failure: Exception | None = None
        self.gate: asyncio.Event | None = None

    def clock(self) -> float:
        return self.now

    async def fetch(self) -> Token:
        self.asked += 1
        if self.gate:
            await self.gate.wait()
        if self.failure:
            raise self.failure
        return Token.lasting(f"token-{self.valid}", self.lifetime, now=self.now)


def make_source(platform: Platform, store: MemoryTokenStore | None = None) -> TokenSource:
    return TokenSource(platform.fetch, store or MemoryTokenStore(), clock=platform.clock)


async def test_five_hundred_who_wait_ask_once() -> None:
    platform = Platform()
    platform.gate = asyncio.Event()
    source = make_source(platform)

    waiting = [asyncio.create_task(source.get()) for _ in range(500)]
    await asyncio.sleep(0)
    platform.gate.set()

    assert set(await asyncio.gather(*waiting)) == {"token-1"}
    assert platform.asked == 1


async def test_a_token_is_kept_until_five_minutes_before_its_end() -> None:
    platform = Platform()
    source = make_source(platform)
    await source.get()

    platform.now += 6899
    platform.valid = 2
    assert await source.get() == "token-1"
    platform.now += 1
    assert await source.get() == "token-2"
    assert source.current == "token-2"


async def test_a_token_that_lives_for_seconds_is_kept_for_half_of_them() -> None:
    platform = Platform(lifetime=30)
    source = make_source(platform)

    for _ in range(5):
        await source.get()
        platform.now += 2.5

    assert platform.asked == 1
    platform.now += 2.5
    await source.get()
    assert platform.asked == 2


async def test_a_refused_token_is_renewed_once_for_all_who_had_it() -> None:
    platform = Platform()
    source = make_source(platform)
    old = await source.get()
    platform.valid = 2

    renewed = await asyncio.gather(*(source.get(stale=old) for _ in range(500)))

    assert set(renewed) == {"token-2"}
    assert platform.asked == 2


async def test_whoever_comes_late_with_an_old_token_gets_the_new_one() -> None:
    platform = Platform()
    source = make_source(platform)
    old = await source.get()
    platform.valid = 2
    await source.get(stale=old)

    assert await source.get(stale=old) == "token-2"
    assert platform.asked == 2


async def test_a_token_that_the_platform_stands_by_is_asked_for_once_in_a_while() -> None:
    platform = Platform()
    source = make_source(platform)
    token = await source.get()

    for _ in range(100):
        assert await source.get(stale=token) == token
    assert platform.asked == 2

    platform.now += 31
    await source.get(stale=token)
    assert platform.asked == 3


async def test_all_who_wait_learn_of_the_failure_and_the_next_asks_again() -> None:
    platform = Platform()
    platform.failure = ValueError("refused")
    source = make_source(platform)

    results = await asyncio.gather(*(source.get() for _ in range(50)), return_exceptions=True)
    platform.failure = None

    assert all(isinstance(result, ValueError) for result in results)
    assert platform.asked == 1
    assert await source.get() == "token-1"


async def test_whoever_gives_up_does_not_take_the_token_from_the_others() -> None:
    platform = Platform()
    platform.gate = asyncio.Event()
    source = make_source(platform)
    impatient = asyncio.create_task(source.get())
    patient = asyncio.create_task(source.get())
    await asyncio.sleep(0)

    impatient.cancel()
    await asyncio.sleep(0)
    platform.gate.set()

    assert await patient == "token-1"
    assert impatient.cancelled()


async def test_a_failure_that_nobody_waits_for_any_more_is_no_warning() -> None:
    platform = Platform()
    platform.gate = asyncio.Event()
    platform.failure = ValueError("refused")
    source = make_source(platform)
    alone = asyncio.create_task(source.get())
    await asyncio.sleep(0)

    alone.cancel()
    platform.gate.set()
    await asyncio.sleep(0.01)

    assert alone.cancelled()
    with pytest.raises(ValueError, match="refused"):
        await source.get()


async def test_processes_that_share_a_store_share_the_token() -> None:
    platform, store = Platform(), MemoryTokenStore()
    one, other = make_source(platform, store), make_source(platform, store)

    first = await one.get()
    platform.valid = 2

    assert await other.get() == first
    assert await one.get(stale=first) == "token-2"
    assert await other.get(stale=first) == "token-2"
    assert platform.asked == 2


def test_a_token_is_not_shown() -> None:
    assert "token-1" not in repr(Token("token-1", 0.0))
