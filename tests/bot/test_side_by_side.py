"""Two web processes: one person's messages in order, a repeat elsewhere gets the same bytes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.pipeline import Outcome, Pipeline
from bot.wechat.webhook import Replies
from handlers.turn import Reply
from notifications.channels.tokens import SharedTokenStore, Token
from notifications.wordings import Wordings
from storage.clock import HeldClock
from storage.database import Database
from storage.inbox import Inbox
from storage.keys import Keys
from storage.residents import Residents
from storage.sealing import Sealer
from storage.shared import Shared
from storage.turnstile import Turnstile
from tests.bot.test_pipeline import Answers, make_inbound
from tests.conftest import missing

REDIS = os.environ.get("MINGBAI_TEST_REDIS", "redis://127.0.0.1:6379/0")


@asynccontextmanager
async def replica(
    db: Database, sealer: Sealer, clock: HeldClock, answers: Answers
) -> AsyncIterator[Pipeline]:
    inbox, turnstile = Inbox(db), Turnstile(db)
    await inbox.start()
    pipeline = Pipeline(
        db=db,
        sealer=sealer,
        clock=clock,
        inbox=inbox,
        residents=Residents(db, sealer),
        dialogue=answers,
        wordings=Wordings(db),
        villages={},
        patience_seconds=2,
        turnstile=turnstile,
    )
    yield pipeline
    await pipeline.stop()
    await inbox.stop()
    await turnstile.close()


@pytest.fixture
async def replicas(
    db: Database, sealer: Sealer, clock: HeldClock
) -> AsyncIterator[list[tuple[Pipeline, Answers]]]:
    if db.dialect == "sqlite":
        pytest.skip("several processes need PostgreSQL")
    async with AsyncExitStack() as running:
        made = []
        for _ in range(2):
            answers = Answers(seconds=0.3)
            pipeline = await running.enter_async_context(replica(db, sealer, clock, answers))
            made.append((pipeline, answers))
        yield made


Replicas = list[tuple[Pipeline, Answers]]


async def test_a_repeat_at_another_process_runs_nothing(replicas: Replicas) -> None:
    (first, _), (second, idle) = replicas
    running = asyncio.create_task(first.handle(make_inbound(), "body"))
    await asyncio.sleep(0.1)

    repeated = await second.handle(make_inbound(), "body")

    assert (await running).reply == Reply("答 问")
    assert repeated.outcome is Outcome.REPEATED
    assert idle.order == []


async def test_the_next_message_waits_at_another_process_and_knows_the_last(
    replicas: Replicas,
) -> None:
    (first, _), (second, answers) = replicas
    answers.reply = lambda turn: Reply(turn.conversation.rest or "nothing")

    def leave(turn: object) -> Reply:
        turn.conversation.rest = "what was left"  # type: ignore[attr-defined]
        return Reply("first")

    replicas[0][1].reply = leave
    running = asyncio.create_task(first.handle(make_inbound("一"), "body 1"))
    await asyncio.sleep(0.1)

    after = await second.handle(make_inbound("二"), "body 2")

    assert running.done()
    assert after.reply == Reply("what was left")
    assert (await running).reply == Reply("first")


async def test_what_one_process_keeps_is_not_stale_after_another(replicas: Replicas) -> None:
    (first, here), (second, there) = replicas
    here.seconds = there.seconds = 0

    def count(turn: object) -> Reply:
        turn.conversation.rest += "."  # type: ignore[attr-defined]
        return Reply(turn.conversation.rest)  # type: ignore[attr-defined]

    here.reply = there.reply = count
    said = []
    for number in range(4):
        pipeline = (first, second)[number % 2]
        answer = await pipeline.handle(make_inbound(f"第{number}"), f"body {number}")
        said.append(answer.reply)

    assert said == [Reply("." * n) for n in (1, 2, 3, 4)]


async def test_different_people_are_answered_side_by_side(replicas: Replicas) -> None:
    (first, _), (second, _) = replicas

    async with asyncio.timeout(0.55):
        await asyncio.gather(
            first.handle(make_inbound("一", address="oOne"), "1"),
            second.handle(make_inbound("二", address="oTwo"), "2"),
        )


# --- what they share over Redis -------------------------------------------------------------------


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Sealer, Shared, Shared]]:
    """Two processes' views of one Redis, under keys of an installation of its own."""
    sealer = Sealer(Keys.create(tmp_path / "own.toml"))
    redis = Redis.from_url(REDIS, socket_connect_timeout=2)
    try:
        await redis.ping()
    except (RedisError, OSError):
        await redis.aclose()
        missing("Redis (MINGBAI_TEST_REDIS says where)")
    first, second = Shared(REDIS, sealer), Shared(REDIS, sealer)
    yield sealer, first, second
    await first.close()
    await second.close()
    async for name in redis.scan_iter(f"mingbai:{sealer.fingerprint}:*"):
        await redis.delete(name)
    await redis.aclose()


async def test_a_repeat_elsewhere_gets_the_same_bytes(
    pair: tuple[Sealer, Shared, Shared],
) -> None:
    sealer, here, there = pair
    answering, asked_again = Replies(sealer, here), Replies(sealer, there)

    waiting = asyncio.create_task(asked_again.find("key"))
    await asyncio.sleep(0.05)
    await answering.keep("key", b"<xml>sealed</xml>")

    assert await waiting == b"<xml>sealed</xml>"


async def test_processes_use_one_token(pair: tuple[Sealer, Shared, Shared]) -> None:
    _, here, there = pair
    token = Token("a token", renew_at=4_000_000_000.0)

    await SharedTokenStore(here, "wx1").save(token)

    assert await SharedTokenStore(there, "wx1").load() == token
    assert await SharedTokenStore(there, "wx2").load() is None


async def test_without_redis_each_process_uses_its_own(sealer: Sealer) -> None:
    gone = Shared("redis://127.0.0.1:1/0", sealer)
    store, replies = SharedTokenStore(gone, "wx1"), Replies(sealer, gone)
    token = Token("a token", renew_at=4_000_000_000.0)

    await store.save(token)
    await replies.keep("key", b"bytes")

    assert await store.load() == token
    assert await replies.find("key") == b"bytes"
    assert await replies.find("other") is None
    await gone.close()
