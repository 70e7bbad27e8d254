"""Outcomes on their way into the database, those of a moment together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from storage import outbox
from storage.database import Database, Unavailable
from storage.outbox import Finish

log = logging.getLogger(__name__)

_AT_ONCE = 500
_GATHER_SECONDS = 0.02
"""So long outcomes are gathered: a transaction for each few would take the store from others."""
_PAUSE_SECONDS = 0.5


class Writer:
    """Writes finished deliveries, many in one transaction, for all lanes of a process."""

    def __init__(self, db: Database, real: Callable[[], datetime]) -> None:
        self._db = db
        self._real = real
        self._waiting: list[tuple[Finish, asyncio.Future[None]]] = []
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outcomes")

    async def stop(self) -> None:
        """Writes what is waiting; what cannot be written is left to its lease."""
        self._stopping = True
        self._work.set()
        if self._task:
            await asyncio.wait({self._task}, timeout=5)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def write(self, finish: Finish) -> None:
        """Returns when the outcome is in the database."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((finish, written))
        self._work.set()
        await written

    async def _run(self) -> None:
        while not (self._stopping and not self._waiting):
            await self._work.wait()
            self._work.clear()
            while self._waiting:
                if not self._stopping:
                    await asyncio.sleep(_GATHER_SECONDS)
                batch = self._waiting[:_AT_ONCE]
                try:
                    await self._write(batch)
                except Unavailable as closed:
                    # Kept and tried again: the leases see to it that nobody sends them meanwhile.
                    log.warning("outcomes cannot be written: %s", type(closed).__name__)
                    await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                del self._waiting[: len(batch)]
                for _, written in batch:
                    if not written.done():
                        written.set_result(None)

    async def _write(self, batch: Sequence[tuple[Finish, asyncio.Future[None]]]) -> None:
        """All of them in one transaction; where one breaks it, each by itself."""
        finishes = [finish for finish, _ in batch]
        try:
            await outbox.finish(self._db, finishes, self._real())
        except Unavailable:
            raise
        except Exception as failure:
            log.error("outcomes written one by one: %s", type(failure).__name__)
            for finish in finishes:
                await self._write_alone(finish)

    async def _write_alone(self, finish: Finish) -> None:
        """What cannot be written is left to its lease, and becomes unknown."""
        try:
            await outbox.finish(self._db, [finish], self._real())
        except Unavailable:
            raise
        except Exception as failure:
            named = finish.claimed.id, type(failure).__name__
            log.error("the outcome of delivery %s cannot be written: %s", *named)
