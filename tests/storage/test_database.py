"""A server that ends connections: what ran on them says so, and whatever comes next works."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from storage.database import Database, DatabaseUnavailable

pytestmark = pytest.mark.postgres


@pytest.fixture
async def db(postgres_url: str) -> AsyncIterator[Database]:
    database = await Database.open(postgres_url)
    try:
        yield database
    finally:
        await database.close()


async def end_connections(url: str) -> None:
    """As when the server dies: every other connection to this database is gone."""
    other = await asyncpg.connect(url)
    try:
        await other.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await other.close()


async def one(db: Database) -> int:
    row = await db.row("SELECT 1 AS one")
    assert row
    return int(row["one"])


async def test_the_statement_under_way_is_lost_and_the_next_one_works(
    db: Database, postgres_url: str
) -> None:
    sleeping = asyncio.create_task(db.rows("SELECT pg_sleep(30)"))
    await asyncio.sleep(0.2)

    await end_connections(postgres_url)

    with pytest.raises(DatabaseUnavailable):
        await sleeping
    assert await one(db) == 1


async def test_a_transaction_that_is_cut_leaves_its_task_fit_for_more(
    db: Database, postgres_url: str
) -> None:
    async def cut() -> None:
        async with db.transaction():
            await db.run("CREATE TABLE kept (n INT)")
            await end_connections(postgres_url)
            await db.run("INSERT INTO kept VALUES (1)")

    with pytest.raises(DatabaseUnavailable):
        await cut()

    async with db.transaction():
        assert await one(db) == 1
    assert await db.rows("SELECT 1 FROM pg_tables WHERE tablename = 'kept'") == []


async def test_a_commit_that_is_cut_is_told(db: Database, postgres_url: str) -> None:
    async def cut() -> None:
        async with db.transaction():
            await one(db)
            await end_connections(postgres_url)

    with pytest.raises(DatabaseUnavailable):
        await cut()

    assert await one(db) == 1


async def test_what_broke_the_work_is_told_where_the_connection_went_too(
    db: Database, postgres_url: str
) -> None:
    async def broken() -> None:
        async with db.transaction():
            await one(db)
            await end_connections(postgres_url)
            raise KeyError

    with pytest.raises(KeyError):
        await broken()

    assert await one(db) == 1


async def test_a_transaction_that_cannot_begin_holds_no_connection(
    db: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError

    with monkeypatch.context() as broken:
        broken.setattr("asyncpg.transaction.Transaction.start", dead)
        for _ in range(12):  # more than the pool holds
            with pytest.raises(DatabaseUnavailable):
                async with db.transaction():
                    pass

    async with asyncio.timeout(5), db.transaction():
        assert await one(db) == 1
