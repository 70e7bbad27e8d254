"""The world that tests stand in: a real database of their own, keys, a clock that is held."""

import asyncio
import os
import shutil
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


async def _make_schema(url: str) -> None:
    database = await Database.open(url)
    try:
        await schema.migrate(database)
    finally:
        await database.close()


def _create(template: str) -> str:
    name = f"mingbai_test_{new_id()}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        missing("PostgreSQL (MINGBAI_TEST_POSTGRES says where)")
    return name


def _drop(name: str) -> None:
    asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _url(name: str) -> str:
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def _postgres_with_schema() -> Iterator[str]:
    """A database with the newest schema, which others are copied from: much quicker."""
    name = _create("template1")
    asyncio.run(_make_schema(_url(name)))
    yield name
    _drop(name)


@pytest.fixture(scope="session")
def _sqlite_with_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("schema") / "mingbai.sqlite3"
    asyncio.run(_make_schema(f"sqlite://{file}"))
    return file


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL database that is dropped afterwards; empty, unless it is to be `db`'s."""
    is_for_db = "db" in request.fixturenames
    template = request.getfixturevalue("_postgres_with_schema") if is_for_db else "template1"
    name = _create(template)
    yield _url(name)
    _drop(name)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a SQLite database may be made; one is there already if it is to be `db`'s."""
    file = tmp_path / "mingbai.sqlite3"
    if "db" in request.fixturenames:
        shutil.copy(request.getfixturevalue("_sqlite_with_schema"), file)
    return f"sqlite://{file}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database: first SQLite, then PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open database with the newest schema, on SQLite and on PostgreSQL."""
    database = await Database.open(database_url)
    try:
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
