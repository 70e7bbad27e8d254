"""The one door to the store: SQLite in WAL mode, or PostgreSQL; the same statements for both.

Tables are Tortoise models (they make the schema and its migrations); statements are SQL with `?`
for each value, because rows cost a tenth of what model instances cost (docs/decisions/0002).
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteTransactionContext
from tortoise.connection import get_connection, get_connections
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError
from tortoise.transactions import in_transaction

Row = dict[str, Any]

Conflict = IntegrityError
"""A row that must be unique is there already."""

SQLITE_BUSY_MS = 5_000

_SWITCH_SECONDS = 0.0005
"""So long a busy loop holds the interpreter while SQLite's thread waits for it, at each statement;
Python's own figure is ten times that."""


async def _left_as_it_is(_: object) -> None:
    """For asyncpg's pool: nothing here outlives its transaction on a connection, so the reset by
    which each is usually followed would be a round trip for nothing."""


_POOL = {"minsize": 1, "maxsize": 8, "reset": _left_as_it_is}

_LIMITS = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "60s",
    "statement_timeout": "600s",
}
"""What PostgreSQL ends by itself, whatever becomes of us. A process that stands still within a
transaction keeps its locks so long, and whoever waits for them outwaits it."""

_PLANS = {"plan_cache_mode": "force_custom_plan"}
"""A plan made once, while a table was small, would go on reading all of it when it is not."""


def _one_line(record: logging.LogRecord) -> bool:
    """For asyncpg's pool, which tells at each try, with a traceback, that the server is away."""
    record.exc_info = record.exc_text = None
    return True


class Unfit(ValueError):
    """A value that no column of its kind holds: a mistake of ours, not the store's. Nothing was
    changed. The value is not told: it may be anybody's."""


class DatabaseUnavailable(Exception):
    """The store cannot be opened, read or written now.

    Nothing was changed; but where the connection died under a COMMIT nobody knows, so that
    whatever is tried again must bear to have been done.
    """


Unavailable = (OperationalError, DBConnectionError, OSError, DatabaseUnavailable)


def sqlite_path(url: str) -> Path | None:
    """The file that a `sqlite://` URL names; None for another kind of URL."""
    scheme, _, rest = url.partition("://")
    return Path(rest) if scheme == "sqlite" else None


def connection_config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for this URL, with the migrations of this package."""
    if path := sqlite_path(url):
        connection: dict[str, Any] = {
            "engine": "tortoise.backends.sqlite",
            "credentials": {
                "file_path": str(path),
                "journal_mode": "WAL",
                "synchronous": "FULL",
                "busy_timeout": SQLITE_BUSY_MS,
                "journal_size_limit": 64 << 20,
            },
        }
    else:
        connection = _postgres(url)
    return {
        "connections": {"default": connection},
        "apps": {
            "storage": {
                "models": ["storage.models"],
                "default_connection": "default",
                "migrations": "storage.migrations",
            }
        },
        "use_tz": True,
    }


def _postgres(url: str) -> dict[str, Any]:
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(url)
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            "host": parts.hostname or "127.0.0.1",
            "port": parts.port or 5432,
            "user": unquote(parts.username or "postgres"),
            "password": unquote(parts.password or ""),
            "database": parts.path.lstrip("/"),
            **_POOL,
            "server_settings": {**_LIMITS, **_PLANS},
        },
    }


def _postgres_losses() -> tuple[type[Exception], ...]:
    """What asyncpg raises when the server dies, starts, ends a connection or has no room; Tortoise
    passes it on as it is."""
    import asyncpg

    return (
        asyncpg.PostgresConnectionError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,  # told of the death between two operations
        asyncpg.OperatorInterventionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.ObjectNotInPrerequisiteStateError,  # no connections are let in, or a lock not given
        asyncpg.TransactionRollbackError,
        OSError,
    )


def _postgres_unfit() -> type[Exception]:
    """What asyncpg raises for a value, before it sends it or told by the server."""
    from asyncpg import DataError

    unfit: type[Exception] = DataError
    return unfit


@functools.cache
def _numbered(sql: str) -> str:
    """`?` as PostgreSQL wants it: $1, $2, ..."""
    count = 0

    def number(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${count}"

    return re.sub(r"\?", number, sql)


class Database:
    """An open store. Statements inside `transaction()` belong to it, in the same task."""

    def __init__(self, context: TortoiseContext, url: str) -> None:
        self._context = context
        self.url = url  # may hold a password
        self.dialect = "sqlite" if sqlite_path(url) else "postgres"
        self._losses = () if self.dialect == "sqlite" else _postgres_losses()
        self._unfit = OverflowError if self.dialect == "sqlite" else _postgres_unfit()

    @classmethod
    async def open(cls, url: str) -> Database:
        """Connects; the schema is not looked at (storage.schema does).

        Raises DatabaseUnavailable when there is no such database, or it does not answer.
        """
        path = sqlite_path(url)
        if path:
            if not path.parent.is_dir():
                raise DatabaseUnavailable(f"{path.parent}")
            sys.setswitchinterval(_SWITCH_SECONDS)
        else:
            logging.getLogger("asyncpg.pool").addFilter(_one_line)
        context = await Tortoise.init(config=connection_config(url), _enable_global_fallback=True)
        database = cls(context, url)
        try:
            await database.row("SELECT 1 AS one")
        except Exception as exc:
            await database.close()
            raise DatabaseUnavailable(type(exc).__name__) from exc
        return database

    async def close(self) -> None:
        await self._context.close_connections()

    @property
    def _connection(self) -> BaseDBAsyncClient:
        return get_connection("default")

    def _sql(self, statement: str) -> str:
        return statement if self.dialect == "sqlite" else _numbered(statement)

    async def rows(self, statement: str, *values: Any) -> list[Row]:
        """All rows of a query, or of a statement that ends in RETURNING."""
        with self._losses_named():
            return await self._connection.execute_query_dict(self._sql(statement), list(values))

    async def row(self, statement: str, *values: Any) -> Row | None:
        """The first row, if there is one."""
        found = await self.rows(statement, *values)
        return found[0] if found else None

    async def run(self, statement: str, *values: Any) -> None:
        """A statement whose result does not matter; count what it did with RETURNING and `rows`."""
        with self._losses_named():
            await self._connection.execute_query(self._sql(statement), list(values))

    async def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows of values, in one transaction."""
        rows = [list(row) for row in values]
        if rows:
            with self._losses_named():
                await self._connection.execute_many(self._sql(statement), rows)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All or nothing. On SQLite it takes the write lock at once.

        A transaction that reads first and writes later fails when another process wrote in between,
        however long it is ready to wait.
        """
        async with self._begun(writes=True):
            yield

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        """Everything read inside is of one moment; nobody who writes has to wait for it."""
        async with self._begun():
            if self.dialect == "postgres":
                await self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    @asynccontextmanager
    async def _begun(self, *, writes: bool = False) -> AsyncIterator[None]:
        """A transaction of Tortoise's that gives its connection back even where that has died.

        Tortoise's own keeps it, and leaves every later statement of the task to it.
        """
        context: Any = in_transaction("default")
        if writes and isinstance(context, SqliteTransactionContext):
            context.connection.begin = functools.partial(_begin_writing, context.connection)
        with self._losses_named():
            await _enter(context)
        try:
            yield
        except BaseException as failure:
            # A dead connection has nothing to roll back; what broke the work is told.
            with contextlib.suppress(*self._losses):
                await context.__aexit__(type(failure), failure, failure.__traceback__)
            raise
        else:
            with self._losses_named():
                await context.__aexit__(None, None, None)
        finally:
            _leave(context)

    @contextlib.contextmanager
    def _losses_named(self) -> Iterator[None]:
        try:
            yield
        except self._losses as lost:
            raise DatabaseUnavailable(type(lost).__name__) from lost
        except (OperationalError, OverflowError) as failure:
            cause = failure.args[0] if isinstance(failure, OperationalError) else failure
            if not isinstance(cause, self._unfit):
                raise
            raise Unfit(type(cause).__name__) from None


async def _begin_writing(client: Any) -> None:
    """Takes SQLite's write lock, in one go of the store's thread (Tortoise's own takes two)."""
    try:
        await client._connection.executescript("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as busy:
        raise OperationalError(busy) from busy


async def _enter(context: Any) -> None:
    """Begins; what cannot begin holds nothing afterwards."""
    try:
        await context.__aenter__()
    except BaseException:
        if hasattr(context, "token"):  # it held a connection already, and the task's statements
            _leave(context)
            if lock := getattr(context, "_trxlock", None):  # SQLite
                lock.release()
            else:
                with contextlib.suppress(Exception):
                    await context.client._parent._pool.release(context.client._connection)
        raise


def _leave(context: Any) -> None:
    """Statements of this task belong to the transaction no more."""
    client = getattr(context, "client", None) or getattr(context, "connection", None)
    if hasattr(context, "token") and get_connection("default") is client:
        get_connections().reset(context.token)
