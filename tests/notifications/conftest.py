"""A county for each test, in databases that are migrated once and emptied in between."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from storage import schema
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from tests.conftest import POSTGRES, missing
from tests.notifications.world import County, World, open_world


async def _migrate(url: str) -> None:
    database = await Database.open(url)
    try:
        await schema.migrate(database)
    finally:
        await database.close()


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "mingbai.sqlite3"
    asyncio.run(_migrate(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    name = f"mingbai_test_{new_id()}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        missing("PostgreSQL (MINGBAI_TEST_POSTGRES says where)")
    url = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    asyncio.run(_migrate(url))
    yield url
    asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the newest schema and nothing in it."""
    if request.param == "sqlite":
        copy = tmp_path / "mingbai.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), copy)
        yield f"sqlite://{copy}"
        return
    url: str = request.getfixturevalue("migrated_postgres")
    yield url
    asyncio.run(_empty(url))


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """As everywhere, on SQLite and on PostgreSQL, but quicker."""
    database = await Database.open(migrated_url)
    try:
        yield database
    finally:
        await database.close()


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=3)
    try:
        rows = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'tortoise_migrations'"
        )
        tables = ", ".join(f'"{row["tablename"]}"' for row in rows)
        await connection.execute(f"TRUNCATE {tables}")
    finally:
        await connection.close()


@pytest.fixture
async def county(db: Database, sealer: Sealer, clock: HeldClock) -> County:
    county = County(db, sealer, clock)
    await county.build()
    return county


@pytest.fixture
async def world(county: County) -> AsyncIterator[World]:
    async with open_world(county) as world:
        yield world
