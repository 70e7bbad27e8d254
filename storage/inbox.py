"""The inbox: every message is stored before it is handled, many of them in one transaction.

A row keeps its key for a day, so that a repeat is known; the message itself, sealed, is kept only
until it has been handled (design.md, section 2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.database import Database
from storage.inbox_writers import HEADS, NewMessage, Settled, Written, open_writer
from storage.moments import to_ms
from storage.questions import Asked
from storage.windows import Opened

KEPT = timedelta(days=1)  # contract.md, section 4
_BATCH = 200


class Arrival(StrEnum):
    NEW = "new"
    UNFINISHED = "unfinished"  # received before, never answered: handle it now
    DONE = "done"  # a repeat of what was answered
    ALTERED = "altered"  # the same key with another body: refuse, and raise the alarm


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message, and how far publications and the audit had come at that moment."""

    arrival: Arrival
    chain_head: int
    audit_head: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is stored: key and body are hashes, the content is sealed."""

    key: str
    channel: str
    body: str
    sealed: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What is left behind when a message has been handled."""

    key: str
    person_id: str
    conversation: bytes | None  # sealed; None: there is nothing to remember
    expires_at: datetime
    asked: tuple[str, str] | None = None  # village and section of what it was answered from
    opened: Opened | None = None  # the window in which WeChat now lets us write freely
    question: Asked | None = None  # what is counted of it


class Inbox:
    """Writes to the inbox. Waiters share transactions, so that a burst costs few commits."""

    def __init__(self, db: Database) -> None:
        self._writer = open_writer(db)
        self._arriving: list[tuple[Message, asyncio.Future[Received]]] = []
        self._settling: list[tuple[Turn, asyncio.Future[None]]] = []
        self._work = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        self._writing = asyncio.create_task(self._write(), name="inbox")

    async def stop(self) -> None:
        """Writes what is still to be settled, and ends."""
        if self._writing:
            self._stopping = True
            self._work.set()
            await self._writing
        await self._writer.close()

    async def receive(self, message: Message) -> Received:
        """Stores a message unless its key is known. Raises what the database raises."""
        future: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._arriving.append((message, future))
        self._work.set()
        return await future

    def settle(self, turn: Turn) -> asyncio.Future[None]:
        """Erases the message's content soon, and keeps where the conversation stands.

        Nobody in this process needs to wait until it is written: a message that a crash leaves
        unsettled is handled again, and changes nothing. A repeat that comes later is written later,
        and finds it settled.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._settling.append((turn, written))
        self._work.set()
        return written

    async def _write(self) -> None:
        while not self._stopping:
            await self._work.wait()
            self._work.clear()
            while self._arriving or self._settling:
                arriving, self._arriving[:_BATCH] = self._arriving[:_BATCH], []
                settling, self._settling = self._settling, []
                try:
                    received = await self._write_batch(
                        [one for one, _ in arriving], [turn for turn, _ in settling]
                    )
                except Exception as failure:  # whoever waits decides what to say
                    self._settling[:0] = settling  # they go with the next batch
                    _fail(arriving, failure)
                    if not self._arriving:
                        break
                    continue
                for _, written in settling:
                    if not written.done():
                        written.set_result(None)
                for (_, arrived), outcome in zip(arriving, received, strict=True):
                    if not arrived.done():
                        arrived.set_result(outcome)

    async def _write_batch(
        self, messages: Sequence[Message], turns: Sequence[Turn]
    ) -> list[Received]:
        written = await self._writer.write(
            [
                NewMessage(m.key, m.channel, m.body, m.sealed, to_ms(m.received_at))
                for m in messages
            ],
            [
                Settled(
                    t.key,
                    t.person_id,
                    t.conversation,
                    to_ms(t.expires_at),
                    t.asked,
                    t.opened,
                    t.question,
                )
                for t in turns
            ],
        )
        return [
            Received(_arrival(m, written), written.chain_head, written.audit_head) for m in messages
        ]


def _fail(queue: Sequence[tuple[Message, asyncio.Future[Received]]], failure: Exception) -> None:
    for _, waiting in queue:
        if not waiting.done():
            waiting.set_exception(failure)


def _arrival(message: Message, written: Written) -> Arrival:
    if message.key in written.new:
        return Arrival.NEW
    body, state = written.known[message.key]
    if body != message.body:
        return Arrival.ALTERED
    return Arrival.DONE if state == "done" else Arrival.UNFINISHED


async def heads(db: Database) -> tuple[int, int]:
    """How far publications and the audit have come."""
    row = await db.row(HEADS)
    return (row["chain"], row["audit"]) if row else (0, 0)


async def unfinished(db: Database, channel: str) -> list[tuple[str, bytes]]:
    """Key and sealed content of what a crash left unhandled, oldest first."""
    rows = await db.rows(
        "SELECT key, sealed FROM inbox WHERE state = 'received' AND channel = ?"
        " AND sealed IS NOT NULL ORDER BY received_at, key",
        channel,
    )
    return [(row["key"], bytes(row["sealed"])) for row in rows]


async def is_done(db: Database, key: str) -> bool:
    """Whether a message has been handled, by whichever process."""
    row = await db.row("SELECT state FROM inbox WHERE key = ?", key)
    return row is not None and row["state"] == "done"


async def erase(db: Database, key: str) -> None:
    """Forgets the content of a message at once; its key stays."""
    await db.run("UPDATE inbox SET state = 'done', sealed = NULL WHERE key = ?", key)


async def purge(db: Database, now: datetime) -> int:
    """Drops keys that are older than a day and were handled; returns how many."""
    gone = await db.rows(
        "DELETE FROM inbox WHERE received_at < ? AND state = 'done' RETURNING key",
        to_ms(now - KEPT),
    )
    return len(gone)
