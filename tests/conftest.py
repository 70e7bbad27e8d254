"""The world that tests stand in: a real database of their own, keys, a clock that is held."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from storage import schema
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.keys import Keys
from storage.sealing import Sealer

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # 09:30 in Beijing, a Tuesday
POSTGRES = os.environ.get("MINGBAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")


def missing(what: str) -> NoReturn:
    """Skips on a newcomer's machine; fails where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs {what}")
    pytest.skip(f"needs {what}")


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database that is dropped afterwards."""
    name = f"mingbai_test_{new_id()}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        missing("PostgreSQL (MINGBAI_TEST_POSTGRES says where)")
    yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite://{tmp_path / 'mingbai.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database: first SQLite, then PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open database with the newest schema, on SQLite and on PostgreSQL."""
    database = await Database.open(database_url)
    try:
        await schema.migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.create(tmp_path_factory.mktemp("keys") / "keys.toml")


@pytest.fixture
def sealer(keys: Keys) -> Sealer:
    return Sealer(keys)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(NOW)
