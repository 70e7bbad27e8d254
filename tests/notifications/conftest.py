"""A county for each test. On PostgreSQL in one database, emptied in between: much quicker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from tests.conftest import POSTGRES
from tests.notifications.world import County, World, open_world


@pytest.fixture(scope="session")
def kept_postgres(_postgres_with_schema: str) -> Iterator[str]:
    name = f"mingbai_test_{new_id()}"
    asyncio.run(_on(POSTGRES, f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_with_schema}"'))
    yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    asyncio.run(_on(POSTGRES, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def postgres_url(kept_postgres: str) -> Iterator[str]:
    """A PostgreSQL database with the newest schema and nothing in it."""
    yield kept_postgres
    asyncio.run(_empty(kept_postgres))


async def _on(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=3)
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'tortoise_migrations'"
        )
        await connection.execute("; ".join(f'DELETE FROM "{row[0]}"' for row in tables))  # noqa: S608
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
