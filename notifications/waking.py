"""Hints between processes: something was written that may be due now (design.md, section 5).

The database is the queue and the truth. A hint carries no message, nobody waits for one, and none
is ever repeated: without a broker everything still happens, at the next poll.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from taskiq import AsyncBroker, AsyncTaskiqDecoratedTask, InMemoryBroker
from taskiq.receiver import Receiver
from taskiq_aio_pika import AioPikaBroker, Exchange, Queue

log = logging.getLogger(__name__)

SHARDS = 4
"""Among so many workers a big campaign is spread at once; any more find it at their next poll."""

CHANNELS = ("wechat", "sms")

_CONNECT_SECONDS = 5.0
_KICK_SECONDS = 2.0
_ONCE_SECONDS = 1.5
_BACKOFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
_HINT_LIVES_MS = 60_000
_MOST_HINTS = 1_000

Woken = Callable[[], None]
Hint = tuple[Any, ...]
Task = Callable[..., Awaitable[None]]


class Waking:
    """Wakes the workers, and the schedulers.

    `url` is RabbitMQ's; empty: the same tasks run in this process. `installation` keeps apart who
    shares a broker. `on_drain` and `on_plan` are called when this process is to look at the outbox,
    or for campaigns that begin; None: it is other processes that do.
    """

    def __init__(
        self,
        channels: Sequence[str],
        *,
        url: str = "",
        installation: str = "",
        on_drain: Woken | None = None,
        on_plan: Woken | None = None,
    ) -> None:
        self._channels = tuple(channels)

        async def drain(channel: str, shard: int) -> None:
            if on_drain:
                on_drain()

        async def plan() -> None:
            if on_plan:
                on_plan()

        def line(name: str, task: Task, listens: bool) -> _Line | None:
            if url:
                broker = _rabbit(url, f"mingbai.{installation}.{name}")
                return _Line(name, task, broker, listens=listens, reconnects=True)
            return _Line(name, task, InMemoryBroker) if listens else None

        self._drain = line("drain", drain, on_drain is not None)
        self._plan = line("plan", plan, on_plan is not None)

    async def start(self) -> None:
        """Begins to carry hints; does not wait for the broker."""
        for line in self._lines():
            line.start()

    async def stop(self) -> None:
        """Drops the hints that are not gone yet."""
        for line in self._lines():
            await line.stop()

    def drain(self, shards: int = 1) -> None:
        """Says that rows of the outbox may be due; with more shards, that there are many."""
        if self._drain:
            for channel in self._channels:
                for shard in range(shards):
                    self._drain.hint(channel, shard)

    def plan(self) -> None:
        """Says that a campaign may begin."""
        if self._plan:
            self._plan.hint()

    def _lines(self) -> list[_Line]:
        return [line for line in (self._drain, self._plan) if line]


async def wake_others(url: str, installation: str, channels: Sequence[str]) -> None:
    """Wakes workers and schedulers from a process that ends at once, such as a command.

    Does nothing without a URL, and gives up soon: what was written is found by the next poll.
    """
    if not url:
        return
    queues: dict[str, list[Hint]] = {
        "drain": [(channel, shard) for channel in channels for shard in range(SHARDS)],
        "plan": [()],
    }
    lines = [
        _Line(name, _nothing, _rabbit(url, f"mingbai.{installation}.{name}")) for name in queues
    ]
    try:
        async with asyncio.timeout(_ONCE_SECONDS), asyncio.TaskGroup() as sending:
            for line, hints in zip(lines, queues.values(), strict=True):
                sending.create_task(line.send_once(hints))
    except Exception as lost:
        log.info("the broker was not reached (%s): the next poll finds it", type(lost).__name__)


async def _nothing(*_: object) -> None:
    """What a process that only sends hints does about one."""


def quiet_libraries() -> None:
    """That a broker is lost is said here, once; the libraries would say it at every try."""
    for library in ("taskiq", "aio_pika", "aiormq"):
        logging.getLogger(library).setLevel(logging.CRITICAL)


def _rabbit(url: str, name: str) -> Callable[[], AsyncBroker]:
    """Makes brokers on a quorum queue of that name. Old hints are of no use: they are dropped."""
    quiet_libraries()
    bounds: dict[str, Any] = {"x-message-ttl": _HINT_LIVES_MS, "x-max-length": _MOST_HINTS}

    def make() -> AsyncBroker:
        return AioPikaBroker(
            url,
            qos=1,
            exchange=Exchange(name=name),
            task_queues=[Queue(name=name, arguments=bounds)],
            dead_letter_queue=Queue(name=f"{name}.dead", arguments=bounds),
            reconnect_interval=1,
            timeout=_CONNECT_SECONDS,
        )

    return make


class _Line:
    """Hints of one kind: sent, and where this process acts upon them received."""

    def __init__(
        self,
        name: str,
        task: Task,
        make: Callable[[], AsyncBroker],
        *,
        listens: bool = False,
        reconnects: bool = False,
    ) -> None:
        self._name = name
        self._task = task
        self._make = make
        self._listens = listens
        self._reconnects = reconnects
        self._hints: set[Hint] = set()
        self._work = asyncio.Event()
        self._broken = asyncio.Event()
        self._warned = False
        self._running: asyncio.Task[None] | None = None

    def hint(self, *arguments: object) -> None:
        self._hints.add(arguments)
        self._work.set()

    def start(self) -> None:
        self._running = asyncio.create_task(self._run(), name=f"hints {self._name}")

    async def stop(self) -> None:
        self._warned = True  # a connection that we close ourselves is no news
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def send_once(self, hints: Sequence[Hint]) -> None:
        """Connects, sends, and closes. Raises what goes wrong."""
        broker, task = self._opened()
        try:
            await broker.startup()
            for hint in hints:
                await task.kiq(*hint)
        finally:
            await _closed(broker)

    def _opened(self) -> tuple[AsyncBroker, AsyncTaskiqDecoratedTask[..., Any]]:
        broker = self._make()
        return broker, broker.register_task(self._task, task_name=self._name)

    async def _run(self) -> None:
        """Connects, and connects again, for as long as it takes."""
        failures = 0
        while True:
            broker, task = self._opened()
            broker.is_worker_process = self._listens and self._reconnects
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    await broker.startup()
                failures = 0
                await self._connected(broker, task)
            except Exception as lost:
                self._lost(type(lost).__name__)
            finally:
                await _closed(broker)
            failures = min(failures + 1, len(_BACKOFF_SECONDS) - 1)
            await asyncio.sleep(_BACKOFF_SECONDS[failures] * random.uniform(0.5, 1.5))  # noqa: S311

    async def _connected(
        self, broker: AsyncBroker, task: AsyncTaskiqDecoratedTask[..., Any]
    ) -> None:
        """Carries hints until the broker is lost for good; a short absence mends itself."""
        self._broken.clear()
        if isinstance(broker, AioPikaBroker):
            for connection in (broker.read_conn, broker.write_conn):
                if connection:
                    connection.close_callbacks.add(lambda *_: self._lost("ConnectionClosed"))
                    connection.reconnect_callbacks.add(lambda *_: self._back())
        self._back()
        parts: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._send(broker, task)),
            asyncio.create_task(self._broken.wait()),
        ]
        if broker.is_worker_process:
            parts.append(asyncio.create_task(self._listen(broker)))
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _send(self, broker: AsyncBroker, task: AsyncTaskiqDecoratedTask[..., Any]) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            hints, self._hints = self._hints, set()
            for hint in sorted(hints):
                try:
                    async with asyncio.timeout(_KICK_SECONDS):
                        await task.kiq(*hint)
                except Exception as lost:
                    self._lost(type(lost).__name__)
                    if _is_connected(broker):  # and still does not take it: begin anew
                        self._broken.set()
                    break

    async def _listen(self, broker: AsyncBroker) -> None:
        with ThreadPoolExecutor(1) as unused:
            receiver = Receiver(broker, unused, run_startup=False, max_async_tasks=10)
            await receiver.listen(asyncio.Event())

    def _lost(self, why: str) -> None:
        if not self._warned:
            log.warning("hints (%s): no broker (%s); the poll goes on", self._name, why)
        self._warned = True

    def _back(self) -> None:
        if self._warned:
            log.info("hints (%s): the broker is back", self._name)
        self._warned = False


def _is_connected(broker: AsyncBroker) -> bool:
    connection = broker.write_conn if isinstance(broker, AioPikaBroker) else None
    return connection is not None and connection.connected.is_set()


async def _closed(broker: AsyncBroker) -> None:
    """Closes what can be closed; a broker that is gone has nothing to say about it."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(1):
            await broker.shutdown()
    if isinstance(broker, AioPikaBroker):
        for connection in (broker.read_conn, broker.write_conn):
            if connection and not connection.is_closed:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(1):
                        await connection.close()
