"""kill -9 in the middle of a push of 1,000 by WeChat and 1,000 by SMS: nobody missed, none twice.

    .venv/bin/python benchmarks/crash_push.py [--wechat 1000] [--sms 1000] [--kills 3]
        [--postgres URL]

The same with a plain lease-and-retry shows doubles, so the count is known to see them: it is the
simulator's, which drops no SMS repeat. Last, a backup taken in the middle and restored sends
nothing again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import asyncpg
from aiohttp import ClientSession

from benchmarks.pushing import (
    Platforms,
    Setting,
    Tally,
    Worker,
    build,
    killed_push,
    platforms,
    push,
    reached,
    tally,
)
from storage import backup
from storage.database import Database
from storage.ids import new_id
from storage.keys import Keys
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Size:
    wechat: int
    sms: int
    kills: int

    @property
    def people(self) -> int:
        return self.wechat + self.sms


@dataclass(frozen=True, slots=True)
class Place:
    """An empty county in a database of its own, and platforms of its own."""

    db: Database
    setting: Setting
    running: Platforms


async def main(size: Size, postgres: str) -> None:
    stores = ["sqlite"] + (["postgres"] if postgres else [])
    print(f"{size.wechat} by WeChat, {size.sms} by SMS, {size.kills} x kill -9")
    print(f"{'run':<44}{'reached':>9}{'missed':>8}{'twice':>7}{'seconds':>9}")
    for store in stores:
        url = postgres if store == "postgres" else ""
        await show(f"{store}, intent and look-up", size, url, "push_worker.py")
        await show(f"{store}, plain lease and retry", size, url, "naive_worker.py")
    await show_restore(size)


async def show(name: str, size: Size, postgres: str, script: str) -> None:
    async with place(size, postgres) as here:
        began = time.monotonic()
        found = await killed_push(
            here.db,
            here.setting,
            here.running,
            kills=size.kills,
            people=size.people,
            script=script,
        )
        _print(name, found, time.monotonic() - began)


async def show_restore(size: Size) -> None:
    """A backup from the middle of a push that went on, restored: it must send nothing by itself."""
    async with place(size, "") as here:
        began = time.monotonic()
        folder = Path(here.setting.keys).parent
        await push(here.db, here.setting)
        worker = await Worker.start(here.setting)
        await reached(here.running, size.people // 3, 60)
        await backup.write(here.db, folder / "backup", datetime.now(UTC))
        await reached(here.running, size.people, 120)
        await worker.end()
        other = replace(here.setting, database=f"sqlite://{folder / 'restored.sqlite3'}")
        restored = await Database.open(other.database)
        try:
            await backup.restore(restored, folder / "backup", datetime.now(UTC))
            worker = await Worker.start(other)
            await asyncio.sleep(3 * other.lease_seconds)
            await worker.end()
            row = await restored.row("SELECT COUNT(*) AS n FROM deliveries WHERE state = 'held'")
        finally:
            await restored.close()
        found = tally(await here.running.counts(), size.people)
        held = row["n"] if row else 0
        _print(f"restored from the middle ({held} held)", found, time.monotonic() - began)


@asynccontextmanager
async def place(size: Size, postgres: str) -> AsyncIterator[Place]:
    with tempfile.TemporaryDirectory(prefix="mingbai-crash-") as folder:
        keys_file = Path(folder) / "keys.toml"
        keys = Keys.create(keys_file)
        async with (
            ClientSession() as http,
            platforms(http) as running,
            store(folder, postgres) as url,
        ):
            setting = Setting(database=url, keys=str(keys_file), platforms=running.base)
            db = await Database.open(url)
            try:
                await build(db, Sealer(keys), keys, wechat=size.wechat, sms=size.sms)
                yield Place(db, setting, running)
            finally:
                await db.close()


@asynccontextmanager
async def store(folder: str, postgres: str) -> AsyncIterator[str]:
    if not postgres:
        yield f"sqlite://{folder}/mingbai.sqlite3"
        return
    name = f"mingbai_crash_{new_id()}"
    await _on_server(postgres, f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    await _on_server(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _on_server(postgres: str, statement: str) -> None:
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _print(name: str, found: Tally, seconds: float) -> None:
    print(
        f"{name:<44}{found.reached:>9}{found.missed:>8}{found.twice:>7}{seconds:>9.1f}", flush=True
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wechat", type=int, default=1000)
    parser.add_argument("--sms", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--postgres", default="", help="a server on which databases may be made")
    options = parser.parse_args()
    asyncio.run(main(Size(options.wechat, options.sms, options.kills), options.postgres))
