"""Permits of one channel shared by four processes: is the limit kept, and how much of it is used?

Each process has more to send than it may, asks for permits as the outbox does, and for each of them
posts to a provider on loopback, which notes when the request came. Prints, for the PostgreSQL of
MINGBAI_TEST_POSTGRES: permits in the fullest second by the database's clock, requests in the
fullest second of any at the provider, and the share of the rate that was used; beside it, what four
processes do that each keep a quarter of the rate, and what four do that do not share.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import uvloop
from aiohttp import ClientSession, TCPConnector, web

from notifications.channels.rate import Lane, LeasedRate, MessageRate, Rate
from storage import permits, schema
from storage.database import Database
from storage.ids import new_id
from storage.permits import Lease

POSTGRES = os.environ.get("MINGBAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
PROCESSES = 4
SECONDS = 6.0


async def send(url: str, provider: str, way: str, per_second: float, seconds: float) -> None:
    """One process: bulk in the line all the time, an urgent message now and then."""
    db = await Database.open(url)
    given: list[int] = []

    async def lease(count: int, interval_us: int) -> Lease:
        taken = await permits.lease(db, "bench", count, interval_us)
        given.extend(taken.moments)
        return taken

    rate: Rate = LeasedRate(per_second, lease) if way == "leased" else MessageRate(per_second)
    urgent: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=0)) as http:

        async def one(lane: Lane) -> None:
            asked = time.perf_counter()
            await rate.permit(lane)
            if lane is Lane.URGENT:
                urgent.append(time.perf_counter() - asked)
            async with http.post(provider) as answer:
                await answer.read()

        async def bulk() -> None:
            while True:
                await one(Lane.BULK)

        lines = [asyncio.create_task(bulk()) for _ in range(96)]
        stop = time.perf_counter() + seconds
        while time.perf_counter() < stop:
            await asyncio.sleep(0.1)
            await one(Lane.URGENT)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)
    await db.close()
    print(json.dumps({"moments": given, "urgent": urgent}))


async def measured(url: str, way: str, per_second: float, of_each: float) -> str:
    came: list[float] = []

    async def take(_: web.Request) -> web.Response:
        came.append(time.perf_counter())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    words = [sys.executable, __file__, "--send", url, f"http://{host}:{port}/", way]
    senders = [
        await asyncio.create_subprocess_exec(
            *words, str(of_each), str(SECONDS), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(PROCESSES)
    ]
    answers = [json.loads((await sender.communicate())[0]) for sender in senders]
    await runner.cleanup()
    aligned = Counter(moment // 1_000_000 for answer in answers for moment in answer["moments"])
    urgent = sorted(wait for answer in answers for wait in answer["urgent"])
    full = came[-1] - came[0]
    used = len(came) / full / per_second
    return (
        f"| {way} | {per_second:g} | {max(aligned.values(), default=0) or '-'}"
        f" | {most_in_a_second(came)} ({most_in_a_second(came) / per_second:.2f})"
        f" | {used:.0%} | {urgent[int(len(urgent) * 0.99)] * 1000:.0f} ms |"
    )


def most_in_a_second(times: Sequence[float]) -> int:
    """The fullest second of any."""
    ordered = sorted(times)
    return max(
        bisect.bisect_left(ordered, start + 1) - place for place, start in enumerate(ordered)
    )


async def main() -> None:
    name = f"mingbai_bench_{new_id()}"
    server = await asyncpg.connect(POSTGRES)
    await server.execute(f'CREATE DATABASE "{name}"')
    url = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    try:
        db = await Database.open(url)
        await schema.migrate(db)
        await db.close()
        print(f"{PROCESSES} processes, {SECONDS:g} s each, {os.cpu_count()} cores\n")
        print(
            "| permits | limit/s | fullest second, database's clock"
            " | any second, at the provider | used | urgent p99 |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for per_second in (100, 400, 1000):
            print(await measured(url, "leased", per_second, per_second), flush=True)
        print(await measured(url, "a quarter each", 400, 100), flush=True)
        print(await measured(url, "unshared", 400, 400), flush=True)
    finally:
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--send", nargs=5)
    given = parser.parse_args().send
    if given:
        uvloop.run(send(given[0], given[1], given[2], float(given[3]), float(given[4])))
    else:
        uvloop.run(main())
