"""How a batch of the inbox gets into the store: one trip for SQLite, plain statements elsewhere.

Over the shared connection each statement costs two changes of thread. Under load, where the loop
hardly lets go of the interpreter, six of them a batch were most of an answer's time; so on SQLite
the inbox has a connection and a thread of its own, and a batch is one call.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from storage.database import SQLITE_BUSY_MS, Database, DatabaseUnavailable, sqlite_path
from storage.questions import COUNT as COUNT_QUESTION
from storage.questions import Asked, values_of
from storage.windows import WIDEN, Opened

HEADS = (
    "SELECT (SELECT COALESCE(MAX(seq), 0) FROM chain) AS chain,"
    " (SELECT COALESCE(MAX(seq), 0) FROM audit) AS audit"
)
_SETTLE = "UPDATE inbox SET state = 'done', sealed = NULL WHERE key = ?"
_COUNT = (
    "INSERT INTO asked (id, village, section, count) VALUES (?, ?, ?, 1)"
    " ON CONFLICT (id) DO UPDATE SET count = asked.count + 1"
)
_CONVERSE = (
    "INSERT INTO conversations (person_id, sealed, expires_at) VALUES (?, ?, ?)"
    " ON CONFLICT (person_id) DO UPDATE"
    " SET sealed = excluded.sealed, expires_at = excluded.expires_at"
)


class NewMessage(NamedTuple):
    """The columns of a row that may be new."""

    key: str
    channel: str
    body: str
    sealed: bytes
    received_at: int


class Settled(NamedTuple):
    """A message that was handled, and the conversation that it left (None: none)."""

    key: str
    person_id: str
    conversation: bytes | None
    expires_at: int
    asked: tuple[str, str] | None  # village and section of what it was answered from
    opened: Opened | None
    question: Asked | None


class Written(NamedTuple):
    """Which keys were new, body and state of those that were not, and both chains' heights."""

    new: frozenset[str]
    known: dict[str, tuple[str, str]]
    chain_head: int
    audit_head: int


class Writer(Protocol):
    """Writes a batch in one transaction; raises what `Unavailable` names."""

    async def write(
        self, messages: Sequence[NewMessage], settled: Sequence[Settled]
    ) -> Written: ...

    async def close(self) -> None: ...


def open_writer(db: Database) -> Writer:
    path = sqlite_path(db.url)
    return SqliteWriter(path) if path else StatementWriter(db)


class StatementWriter:
    """Over the shared connection, statement by statement."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, messages: Sequence[NewMessage], settled: Sequence[Settled]) -> Written:
        async with self._db.transaction():
            await self._db.run_many(_SETTLE, [(turn.key,) for turn in settled])
            await self._db.run_many(_CONVERSE, _conversations(settled))
            await self._db.run_many(_COUNT, _asked(settled))
            await self._db.run_many(COUNT_QUESTION, _questions(settled))
            await self._db.run_many(WIDEN, _opened(settled))
            new = await self._keys(_insert(len(messages)), messages)
            others = [m.key for m in messages if m.key not in new]
            known: dict[str, tuple[str, str]] = {}
            if others:
                rows = await self._db.rows(_look_up(len(others)), *others)
                known = {row["key"]: (row["body"], row["state"]) for row in rows}
            heads = await self._db.row(HEADS) or {"chain": 0, "audit": 0}
        return Written(new, known, heads["chain"], heads["audit"])

    async def _keys(self, statement: str, messages: Sequence[NewMessage]) -> frozenset[str]:
        if not messages:
            return frozenset()
        values = [value for message in messages for value in message]
        return frozenset(row["key"] for row in await self._db.rows(statement, *values))

    async def close(self) -> None:
        """The connection is the store's."""


class SqliteWriter:
    """A connection of its own in a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._connection: sqlite3.Connection | None = None

    async def write(self, messages: Sequence[NewMessage], settled: Sequence[Settled]) -> Written:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._write, messages, settled)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _write(self, messages: Sequence[NewMessage], settled: Sequence[Settled]) -> Written:
        try:
            connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                written = self._statements(connection, messages, settled)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise DatabaseUnavailable(type(error).__name__) from error
        return written

    def _statements(
        self,
        connection: sqlite3.Connection,
        messages: Sequence[NewMessage],
        settled: Sequence[Settled],
    ) -> Written:
        if settled:
            connection.executemany(_SETTLE, [(turn.key,) for turn in settled])
            connection.executemany(_CONVERSE, _conversations(settled))
            connection.executemany(_COUNT, _asked(settled))
            connection.executemany(COUNT_QUESTION, _questions(settled))
            connection.executemany(WIDEN, _opened(settled))
        new: frozenset[str] = frozenset()
        if messages:
            values = [value for message in messages for value in message]
            new = frozenset(key for (key,) in connection.execute(_insert(len(messages)), values))
        known: dict[str, tuple[str, str]] = {}
        if others := [m.key for m in messages if m.key not in new]:
            rows = connection.execute(_look_up(len(others)), others)
            known = {key: (body, state) for key, body, state in rows}
        chain_head, audit_head = connection.execute(HEADS).fetchone()
        return Written(new, known, chain_head, audit_head)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=SQLITE_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous = FULL")
        self._connection = connection
        return connection

    def _close(self) -> None:
        if self._connection:
            self._connection.close()


def _conversations(settled: Sequence[Settled]) -> list[tuple[Any, ...]]:
    return [
        (turn.person_id, turn.conversation, turn.expires_at)
        for turn in settled
        if turn.conversation is not None
    ]


def _asked(settled: Sequence[Settled]) -> list[tuple[str, str, str]]:
    return [(f"{turn.asked[0]}/{turn.asked[1]}", *turn.asked) for turn in settled if turn.asked]


def _questions(settled: Sequence[Settled]) -> list[tuple[Any, ...]]:
    """By key, so that two processes never wait for each other crosswise."""
    return sorted(values_of(turn.question) for turn in settled if turn.question)


def _opened(settled: Sequence[Settled]) -> list[tuple[Any, ...]]:
    now = time.time_ns() // 1_000_000
    return [turn.opened.values(now) for turn in settled if turn.opened]


def _insert(count: int) -> str:
    rows = ", ".join(["(?, ?, ?, ?, 'received', ?)"] * count)
    return (
        "INSERT INTO inbox (key, channel, body, sealed, state, received_at)"  # noqa: S608
        f" VALUES {rows} ON CONFLICT (key) DO NOTHING RETURNING key"
    )


def _look_up(count: int) -> str:
    return f"SELECT key, body, state FROM inbox WHERE key IN ({', '.join('?' * count)})"  # noqa: S608
