"""Workers side by side: how much more do two send than one, against a provider that takes its time?

    .venv/bin/python benchmarks/bench_workers.py [--people 8000] [--latency 0.08]

Each worker is `mingbai serve --role worker` on the PostgreSQL of MINGBAI_TEST_POSTGRES, woken over
the RabbitMQ of MINGBAI_TEST_AMQP, with about a hundred calls of one channel under way (the width of
a lane). The provider, on loopback, answers after 80 ms and counts by person. Seconds run from the
first call that it sees to the last. The yardstick is a bare aiohttp client with a hundred
connections, which is what latency alone allows. Where the cores are all busy, they and not the
workers are at their end: a longer latency shows whether the workers stand in each other's way.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aio_pika
import psutil
import uvloop
from aiohttp import ClientSession, TCPConnector

from benchmarks.bench_delivery import AES_KEY, SECRET, TOKEN, Provider, provider
from benchmarks.crash_push import store
from benchmarks.pushing import APP_ID, APP_SECRET, Setting, build, push
from notifications.waking import CHANNELS, wake_others
from storage.database import Database
from storage.keys import Keys
from storage.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("MINGBAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
AMQP = os.environ.get("MINGBAI_TEST_AMQP", "amqp://guest:guest@127.0.0.1:5672/")
CONNECTIONS = 100
BAR = 1.8

CONFIG = f"""
[database]
url = "{{database}}"
[queue]
url = "{AMQP}"
[wechat]
app_id = "{APP_ID}"
app_secret = "{APP_SECRET}"
token = "{TOKEN}"
encoding_aes_key = "{AES_KEY}"
api_base = "{{base}}"
rate_per_second = 10000
[sms]
gateway = "none"
callback_secret = "{SECRET}"
[security]
key_file = "keys.toml"
[schedule]
quiet_hours = "00:00-00:00"
noon_rest = "00:00-00:00"
"""


async def bare(people: int, latency: float) -> float:
    """Calls a second of a client that does nothing else."""
    async with (
        provider(latency=latency) as running,
        ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as http,
    ):
        url = f"{running.base}/cgi-bin/message/template/send?access_token=loopback"
        left = iter(range(people))

        async def send() -> None:
            for number in left:
                who = f"oBare{number:020d}"
                body = {"touser": who, "template_id": "wx-notice", "client_msg_id": who, "data": {}}
                async with http.post(url, json=body) as answer:
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
        return people / (time.perf_counter() - began)


async def ours(workers: int, people: int, latency: float) -> tuple[float, float]:
    """Calls a second of so many workers, and how many cores all of it kept busy; stops where
    somebody got none, or two."""
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder = Path(name)
        keys = Keys.create(folder / "keys.toml")
        async with store(name, POSTGRES) as url, AsyncExitStack() as running:
            db = await Database.open(url)
            running.push_async_callback(db.close)
            await build(db, Sealer(keys), keys, wechat=people, sms=0)
            pretend = await running.enter_async_context(provider(latency=latency))
            config = folder / "config.toml"
            config.write_text(CONFIG.format(database=url, base=pretend.base), "utf-8")
            config.chmod(0o600)
            for _ in range(workers):
                await running.enter_async_context(worker(config))
            running.push_async_callback(forget, keys.fingerprint)
            while len(await db.rows("SELECT id FROM processes")) < workers:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            await asyncio.sleep(2)  # until their hints come through
            await push(db, Setting(url, str(folder / "keys.toml"), pretend.base))
            await wake_others(AMQP, keys.fingerprint, CHANNELS)
            return await finished(db, pretend, people)


async def finished(db: Database, pretend: Provider, people: int) -> tuple[float, float]:
    stop = time.monotonic() + 300
    while not (await pretend.counts())["people"]:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    began, before = time.monotonic(), busy_seconds()
    while time.monotonic() < stop:
        counts = await pretend.counts()
        if counts["people"] >= people:
            break
        await asyncio.sleep(0.2)
    cores = (busy_seconds() - before) / (time.monotonic() - began)
    await asyncio.sleep(1)
    counts = await pretend.counts()
    if counts["people"] != people or counts["twice"]:
        raise SystemExit(f"{counts['people']} of {people} reached, {counts['twice']} twice")
    return people / (counts["last"] - counts["first"]), cores


def busy_seconds() -> float:
    """Seconds that the machine's cores have worked, whoever for."""
    spent = psutil.cpu_times()
    return float(spent.user + spent.nice + spent.system + spent.softirq)


@asynccontextmanager
async def worker(config: Path) -> AsyncIterator[None]:
    words = ("-m", "bot", "serve", "--role", "worker", "--config", str(config))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def forget(installation: str) -> None:
    """Removes the queues."""
    async with await aio_pika.connect(AMQP) as connection:
        channel = await connection.channel()
        for queue in ("drain", "plan"):
            await channel.queue_delete(f"mingbai.{installation}.{queue}")
            await channel.queue_delete(f"mingbai.{installation}.{queue}.dead")
            await channel.exchange_delete(f"mingbai.{installation}.{queue}")


async def main(people: int, latency: float) -> None:
    print(f"{people} people, {latency * 1000:g} ms, {os.cpu_count()} cores\n")
    print("| sender | calls/s | cores busy | beside one worker |\n| --- | ---: | ---: | ---: |")
    alone = await bare(people, latency)
    print(f"| bare client, {CONNECTIONS} connections | {alone:.0f} | | |", flush=True)
    one, cores = await ours(1, people, latency)
    print(f"| one worker | {one:.0f} | {cores:.1f} | 1 |", flush=True)
    two, cores = await ours(2, people, latency)
    print(f"| two workers | {two:.0f} | {cores:.1f} | {two / one:.2f} (bar {BAR}) |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=8000)
    parser.add_argument("--latency", type=float, default=0.08)
    given = parser.parse_args()
    uvloop.run(main(given.people, given.latency))
