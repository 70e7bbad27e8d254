"""Several processes take turns by name, and nobody who dies holds the others up."""

import asyncio

import pytest

from storage.database import Database
from storage.turnstile import Turnstile


@pytest.fixture
def postgres(db: Database) -> Database:
    if db.dialect == "sqlite":
        pytest.skip("turns between processes need PostgreSQL")
    return db


async def test_one_at_a_time_goes_through(postgres: Database) -> None:
    first, second = Turnstile(postgres), Turnstile(postgres)
    order: list[str] = []

    async def pass_through(turnstile: Turnstile, name: str) -> None:
        async with turnstile.turn("somebody"):
            order.append(f"{name} in")
            await asyncio.sleep(0.1)
            order.append(f"{name} out")

    await asyncio.gather(pass_through(first, "a"), pass_through(second, "b"))

    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])
    await first.close()
    await second.close()


async def test_different_people_do_not_wait_for_each_other(postgres: Database) -> None:
    first, second = Turnstile(postgres), Turnstile(postgres)

    async with first.turn("one"), asyncio.timeout(1), second.turn("another"):
        pass

    await first.close()
    await second.close()


async def test_whoever_dies_leaves_the_turn_to_others(postgres: Database) -> None:
    dying, waiting = Turnstile(postgres), Turnstile(postgres)
    turn = dying.turn("somebody")
    await turn.__aenter__()
    connection = dying._connection
    assert connection is not None

    connection.terminate()

    async with asyncio.timeout(3), waiting.turn("somebody"):
        pass
    await turn.__aexit__(None, None, None)
    assert dying._connection is connection, "nothing is opened to give back what is gone"
    await waiting.close()


async def test_a_lost_database_holds_nobody_up(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turnstile = Turnstile(postgres)
    monkeypatch.setattr(turnstile, "_url", "postgres://nobody@127.0.0.1:1/nothing")

    async with asyncio.timeout(2), turnstile.turn("somebody"):
        pass
