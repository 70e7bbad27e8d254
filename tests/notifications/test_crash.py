"""kill -9 in the middle of a push: nobody missed, nobody twice. The large run is a benchmark's."""

import shutil
from pathlib import Path

import pytest
from aiohttp import ClientSession

from benchmarks.pushing import Setting, build, killed_push, platforms
from storage.database import Database
from storage.keys import Keys
from storage.sealing import Sealer

WECHAT, SMS = 120, 120


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    file = tmp_path / "keys.toml"
    Keys.create(file)
    return file


async def killed(url: str, keys_file: Path, script: str) -> tuple[int, int]:
    """How many were missed and how many got it twice."""
    keys = Keys.load(keys_file)
    db = await Database.open(url)
    try:
        await build(db, Sealer(keys), keys, wechat=WECHAT, sms=SMS)
        async with ClientSession() as http, platforms(http) as running:
            setting = Setting(
                database=url,
                keys=str(keys_file),
                platforms=running.base,
                lease_seconds=2,
                rest_seconds=0.5,
                per_second=100,
            )
            found = await killed_push(
                db, setting, running, kills=1, people=WECHAT + SMS, script=script, seconds=30
            )
    finally:
        await db.close()
    return found.missed, found.twice


async def test_a_killed_worker_neither_loses_nor_doubles(
    migrated_url: str, keys_file: Path
) -> None:
    assert await killed(migrated_url, keys_file, "push_worker.py") == (0, 0)


async def test_the_count_sees_the_doubles_of_a_plain_lease_and_retry(
    migrated_sqlite: Path, tmp_path: Path, keys_file: Path
) -> None:
    copy = tmp_path / "naive.sqlite3"
    shutil.copy(migrated_sqlite, copy)

    missed, twice = await killed(f"sqlite://{copy}", keys_file, "naive_worker.py")

    assert missed == 0
    assert twice > 0
