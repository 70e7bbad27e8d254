"""kill -9 in the middle of a push: nobody missed, nobody twice. The large run is a benchmark's."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from benchmarks.pushing import Setting, Tally, build, killed_push, platforms
from storage.database import Database
from storage.keys import Keys
from storage.sealing import Sealer

WECHAT, SMS = 80, 80


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    file = tmp_path / "keys.toml"
    Keys.create(file)
    return file


async def killed(db: Database, url: str, keys_file: Path, script: str) -> Tally:
    keys = Keys.load(keys_file)
    await build(db, Sealer(keys), keys, wechat=WECHAT, sms=SMS)
    async with ClientSession() as http, platforms(http) as running:
        setting = Setting(
            database=url,
            keys=str(keys_file),
            platforms=running.base,
            lease_seconds=1,
            rest_seconds=0.3,
            per_second=100,
        )
        return await killed_push(
            db, setting, running, kills=1, people=WECHAT + SMS, script=script, seconds=30
        )


async def test_a_killed_worker_neither_loses_nor_doubles(
    db: Database, database_url: str, keys_file: Path
) -> None:
    found = await killed(db, database_url, keys_file, "push_worker.py")

    assert (found.missed, found.twice) == (0, 0)


async def test_the_count_sees_the_doubles_of_a_plain_lease_and_retry(
    db: Database, database_url: str, keys_file: Path
) -> None:
    if db.dialect == "postgres":
        pytest.skip("once is enough to see that the count sees them")
    found = await killed(db, database_url, keys_file, "naive_worker.py")

    assert found.missed == 0
    assert found.twice > 0
