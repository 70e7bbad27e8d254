"""Hints wake whoever works, at once; without a broker nothing is lost but time."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aio_pika
import pytest

from notifications.process import ProcessRole
from notifications.waking import SHARDS, Waking, wake_others
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from tests.conftest import missing
from tests.notifications.world import County, World, open_world, usual_terms

AMQP = os.environ.get("MINGBAI_TEST_AMQP", "amqp://guest:guest@127.0.0.1:5672/")
NOBODY = "amqp://guest:guest@127.0.0.1:1/"


class Ears:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def __call__(self) -> None:
        self.woken += 1


async def until(holds: Callable[[], Any], seconds: float = 10) -> None:
    stop = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < stop, "not in time"
        await asyncio.sleep(0.01)


@pytest.fixture
async def installation() -> AsyncIterator[str]:
    """A name of its own on RabbitMQ, whose queues are gone afterwards."""
    try:
        connection = await aio_pika.connect(AMQP, timeout=3)
    except (OSError, aio_pika.exceptions.AMQPError):
        missing("RabbitMQ (MINGBAI_TEST_AMQP says where)")
    name = new_id()
    yield name
    async with connection:
        channel = await connection.channel()
        for queue in ("drain", "plan"):
            await channel.queue_delete(f"mingbai.{name}.{queue}")
            await channel.queue_delete(f"mingbai.{name}.{queue}.dead")
            await channel.exchange_delete(f"mingbai.{name}.{queue}")


async def test_without_a_broker_the_same_tasks_run_in_this_process() -> None:
    outbox, plans = Ears(), Ears()
    waking = Waking(["wechat", "sms"], on_drain=outbox, on_plan=plans)
    await waking.start()

    waking.drain()
    waking.plan()
    await until(lambda: outbox.woken == 2 and plans.woken == 1)

    await waking.stop()


async def test_many_hints_at_once_are_few() -> None:
    outbox = Ears()
    waking = Waking(["wechat"], on_drain=outbox)
    await waking.start()

    for _ in range(1000):
        waking.drain()
    await until(lambda: outbox.woken)
    await asyncio.sleep(0.1)

    assert outbox.woken == 1
    await waking.stop()


async def test_whoever_only_wakes_others_needs_none_where_there_is_no_broker() -> None:
    waking = Waking(["wechat"])
    await waking.start()

    waking.drain(SHARDS)
    waking.plan()

    await waking.stop()


async def test_a_big_campaign_wakes_every_worker(installation: str) -> None:
    first, second = Ears(), Ears()
    waker = Waking(["wechat"], url=AMQP, installation=installation)
    workers = [
        Waking(["wechat"], url=AMQP, installation=installation, on_drain=ears)
        for ears in (first, second)
    ]
    for waking in (*workers, waker):
        await waking.start()
    await asyncio.sleep(1)

    waker.drain(SHARDS)
    await until(lambda: first.woken + second.woken == SHARDS)

    assert first.woken
    assert second.woken
    for waking in (*workers, waker):
        await waking.stop()


async def test_a_command_wakes_workers_and_schedulers(installation: str) -> None:
    outbox, plans = Ears(), Ears()
    worker = Waking(["sms"], url=AMQP, installation=installation, on_drain=outbox, on_plan=plans)
    await worker.start()
    await asyncio.sleep(0.5)

    await wake_others(AMQP, installation, ["sms"])
    await until(lambda: outbox.woken == SHARDS and plans.woken == 1)

    await worker.stop()


async def test_a_command_does_not_wait_for_a_broker_that_is_not_there() -> None:
    began = time.monotonic()

    await wake_others(NOBODY, "nobody", ["sms"])

    assert time.monotonic() - began < 2


async def test_a_broker_that_is_not_there_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    waking = Waking(["wechat"], url=NOBODY, installation="nobody", on_drain=Ears())
    await waking.start()

    waking.drain()
    await asyncio.sleep(1.5)
    await waking.stop()

    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2  # for the workers' hints, and for the schedulers'
    assert not any("guest" in line for line in said)


async def test_a_connection_that_breaks_is_made_again(installation: str) -> None:
    """What a broker that restarts looks like from here."""
    proxy = Proxy()
    url = await proxy.open()
    outbox = Ears()
    worker = Waking(["wechat"], url=AMQP, installation=installation, on_drain=outbox)
    waker = Waking(["wechat"], url=url, installation=installation)
    await worker.start()
    await waker.start()
    waker.drain()
    await until(lambda: outbox.woken == 1)

    await proxy.cut()
    waker.drain()  # this one may be lost
    await asyncio.sleep(0.2)
    await proxy.reopen()

    async def again() -> None:
        before = outbox.woken
        while outbox.woken <= before:
            waker.drain()
            await asyncio.sleep(0.2)

    await asyncio.wait_for(again(), 15)
    await waker.stop()
    await worker.stop()
    await proxy.cut()


class Proxy:
    """Stands between us and RabbitMQ, and can be cut."""

    def __init__(self) -> None:
        self._port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return AMQP.replace(":5672", f":{self._port}")

    async def reopen(self) -> None:
        await self.open()

    async def cut(self) -> None:
        if self._server:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", 5672)
        self._writers |= {writer, back}
        await asyncio.gather(_pump(reader, back), _pump(there, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.transport.abort()


async def test_a_worker_that_never_polls_sends_what_another_process_wrote(
    db: Database, sealer: Sealer, clock: Any, installation: str
) -> None:
    county = County(db, sealer, clock)
    await county.build()
    await county.cadres(wechat=3)
    terms = usual_terms()
    slow = usual_terms(delivery=type(terms.delivery)(lease_seconds=4, poll_seconds=60))
    async with open_world(county, slow) as world:
        await world.bind("notice")
        worker = _process(world, ProcessRole.WORKER, installation)
        web = _process(world, ProcessRole.WEB, installation)
        await worker.start()
        await web.start()
        await asyncio.sleep(1)  # the worker has looked, and seen nothing

        await world.notice()
        web.wake(many=True)
        await world.until_states(sent=3)

        await web.stop()
        await worker.stop()


def _process(world: World, role: ProcessRole, installation: str) -> Any:
    return world.notifications(role=role, broker=AMQP, installation=installation)
