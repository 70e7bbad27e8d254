"""Turns that several processes take: what concerns one person happens one after another.

Advisory locks of PostgreSQL, all of a process on one connection of its own: they end with it, so a
process that is killed holds nobody up.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from storage.database import Database

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.02
_ANSWER_SECONDS = 3.0
_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Turnstile:
    """Lets one at a time through by name, over all processes on this database.

    Within a process the caller has to see to it itself: a lock that this connection holds is given
    to it again.
    """

    def __init__(self, db: Database) -> None:
        self._url = db.url
        self._connection: asyncpg.Connection[Any] | None = None
        self._talking = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Waits for the turn. Where the database is lost, nobody waits: nothing can be done."""
        number = _number(name)
        holder = None
        try:
            while not await self._ask("SELECT pg_try_advisory_lock($1)", number):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
            holder = self._connection
        except _LOST as lost:
            log.warning("no turn could be taken: %s", type(lost).__name__)
        try:
            yield
        finally:
            # A turn ends with its connection: there is nothing to give back over another one.
            if holder is not None and not holder.is_closed():
                with contextlib.suppress(*_LOST):
                    await self._ask("SELECT pg_advisory_unlock($1)", number)

    async def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):
                await self._connection.close(timeout=1)

    async def _ask(self, statement: str, number: int) -> bool:
        async with self._talking:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._url, timeout=_ANSWER_SECONDS)
            return bool(await self._connection.fetchval(statement, number, timeout=_ANSWER_SECONDS))


def _number(name: str) -> int:
    """64 bits of a name, as PostgreSQL's locks are numbered."""
    digest = hashlib.blake2b(name.encode(), digest_size=8, person=b"mingbai turn").digest()
    return int.from_bytes(digest, signed=True)
