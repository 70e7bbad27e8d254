"""Transactions on SQLite: the write lock with the first step, and nothing left of one cut short."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, Unavailable


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite://{tmp_path / 'mingbai.db'}")
    await database.run("CREATE TABLE kept (n INT)")
    try:
        yield database
    finally:
        await database.close()


async def test_nobody_else_writes_once_it_has_begun(db: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "mingbai.db", timeout=0)
    async with db.transaction():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO kept VALUES (1)")
        await db.run("INSERT INTO kept VALUES (2)")
    other.close()

    assert [row["n"] for row in await db.rows("SELECT n FROM kept")] == [2]


async def test_one_cut_short_at_any_step_keeps_none_from_the_next(db: Database) -> None:
    async def add(number: int) -> None:
        async with db.transaction():
            await db.run("INSERT INTO kept VALUES (?)", number)

    for turns in range(12):
        cut = asyncio.create_task(add(-1))
        for _ in range(turns):
            await asyncio.sleep(0)
        cut.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await cut
        async with asyncio.timeout(5):
            await add(turns)

    kept = [row["n"] for row in await db.rows("SELECT n FROM kept WHERE n >= 0 ORDER BY n")]
    assert kept == list(range(12))


async def test_whoever_cannot_begin_holds_nobody_up(db: Database, tmp_path: Path) -> None:
    await db.run("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "mingbai.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with db.transaction():
            pass
    other.execute("ROLLBACK")
    other.close()

    async with asyncio.timeout(5), db.transaction():
        await db.run("INSERT INTO kept VALUES (1)")
    assert await db.rows("SELECT n FROM kept") == [{"n": 1}]
