"""A process says in the database that it is at work: workers listen on no port to be asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from notifications.process import ProcessRole
from storage import processes
from storage.database import Database, Unavailable
from storage.ids import new_id

log = logging.getLogger(__name__)


@asynccontextmanager
async def at_work(db: Database, role: ProcessRole) -> AsyncIterator[None]:
    """Says so at once and again and again, and at the end that it is over."""
    identity = new_id()
    beating = asyncio.create_task(_beat(db, identity, role), name="heartbeat")
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        with suppress(*Unavailable):
            await processes.leave(db, identity)


async def _beat(db: Database, identity: str, role: ProcessRole) -> None:
    while True:
        try:
            await processes.beat(db, identity, role.value, datetime.now(UTC))
        except Unavailable as closed:
            log.debug("no heartbeat could be written: %s", type(closed).__name__)
        await asyncio.sleep(processes.BEAT_SECONDS)
