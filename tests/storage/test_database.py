"""A server that ends connections: what ran on them says so, and whatever comes next works."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from storage import database
from storage.database import Database, DatabaseUnavailable
from tests.conftest import POSTGRES

pytestmark = pytest.mark.postgres

LIMITS = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "1min",
    "statement_timeout": "10min",
}


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


async def test_the_server_ends_what_stands_still(db: Database) -> None:
    for name, limit in LIMITS.items():
        row = await db.row(f"SHOW {name}")
        assert row == {name: limit}


async def test_a_connection_left_in_a_transaction_is_ended_and_others_go_on(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._LIMITS, "idle_in_transaction_session_timeout", "300ms")
    db = await Database.open(postgres_url)
    await db.run("CREATE TABLE counts (n BIGINT)")
    await db.run("INSERT INTO counts VALUES (0)")
    held = asyncio.Event()

    async def frozen() -> None:
        async with db.transaction():
            await db.run("UPDATE counts SET n = 100")
            held.set()
            await asyncio.sleep(1)
            await db.run("UPDATE counts SET n = 200")

    async def others() -> None:
        await held.wait()
        async with asyncio.timeout(5), db.transaction():
            await db.run("UPDATE counts SET n = n + 1")

    try:
        froze, *_ = await asyncio.gather(frozen(), others(), return_exceptions=True)

        assert isinstance(froze, DatabaseUnavailable)
        assert await db.rows("SELECT n FROM counts") == [{"n": 1}]
    finally:
        await db.close()


async def test_a_lock_that_is_not_given_is_told_as_such(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._LIMITS, "lock_timeout", "100ms")
    db = await Database.open(postgres_url)
    other = await asyncpg.connect(postgres_url)
    try:
        await db.run("CREATE TABLE counts (n BIGINT)")
        async with other.transaction():
            await other.execute("LOCK TABLE counts")
            with pytest.raises(DatabaseUnavailable, match="LockNotAvailableError"):
                await db.run("INSERT INTO counts VALUES (1)")
        await db.run("INSERT INTO counts VALUES (1)")
    finally:
        await other.close()
        await db.close()


async def test_a_server_that_is_away_costs_a_line_without_a_traceback(
    db: Database, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = urlsplit(postgres_url).path.lstrip("/")
    other = await asyncpg.connect(POSTGRES)
    try:
        await other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        with pytest.raises(DatabaseUnavailable):
            await one(db)
        async with asyncio.timeout(20):
            while not caplog.records:  # noqa: ASYNC110 (what is logged sets no event)
                await asyncio.sleep(0.1)
        await other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    finally:
        await other.close()

    assert {record.name for record in caplog.records} == {"asyncpg.pool"}
    assert "Traceback" not in caplog.text
    assert "Error" not in caplog.text
