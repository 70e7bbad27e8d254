"""A push end to end: our process between a provider on loopback and its reports, beside yardsticks.

    .venv/bin/python benchmarks/bench_delivery.py [--people 10000] [--postgres URL] [--celery 1500]
        [--broker redis://127.0.0.1:6379/9] [--only sms|wechat]

Our process is `serve` with a real config: rate limits, counters and reports on. The provider is a
process of its own that counts by person, and reports texts in arrays of 100 and template messages
by one encrypted event each. Seconds run from the first call that the provider sees to the last
delivery folded as `delivered`. Yardsticks, in the same run, against the same provider:

- SMS: an aiohttp client that signs the same way and does nothing else (no store, no reports);
- WeChat: such a client beside a handler that opens the events, in one process;
- a Celery worker set with `requests` in an environment of its own (made in the user's cache), that
  does the same work and the same writes (without --celery: left out).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from aiohttp import ClientSession, TCPConnector, web
from aliyunsdkcore.auth.composer.rpc_signature_composer import get_signed_url
from yarl import URL

from benchmarks.celery_set import celery_set
from benchmarks.crash_push import store
from benchmarks.pushing import APP_ID, APP_SECRET, KEY_ID, KEY_SECRET, SIGN, Setting, build, push
from bot.wechat.envelope import Envelope, Opened
from notifications.settings import WeChatSettings
from storage.database import Database
from storage.keys import Keys
from storage.sealing import Sealer

ROOT = Path(__file__).resolve().parent.parent
TOKEN, AES_KEY, SECRET = "loopbacktoken", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", "s" * 32
SIDE_BY_SIDE = 96
BARS = {"sms": 0.3, "wechat": 0.25, "celery": 5.0}
EVENT_ENDS_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Provider:
    base: str

    async def counts(self, *, arrivals: bool = False) -> dict[str, Any]:
        async with (
            ClientSession() as http,
            http.get(f"{self.base}/bench/counts{'?arrivals' if arrivals else ''}") as answer,
        ):
            return json.loads(await answer.read())  # type: ignore[no-any-return]


@asynccontextmanager
async def provider(push_to: str = "", latency: float = 0.0) -> AsyncIterator[Provider]:
    given = {
        "push": push_to, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "app_id": APP_ID,
        "latency": latency,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "benchmarks/loopback_provider.py"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(given).encode())
    process.stdin.close()
    try:
        yield Provider((await process.stdout.readline()).decode().strip())
    finally:
        process.terminate()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Place:
    """A county in a database of its own, and where its service listens."""

    folder: Path
    db: Database
    url: str
    keys: Keys
    port: int


@asynccontextmanager
async def place(channel: str, people: int, postgres: str) -> AsyncIterator[Place]:
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder:
        keys = Keys.create(Path(folder) / "keys.toml")
        async with store(folder, postgres) as url:
            db = await Database.open(url)
            try:
                number = {"wechat": 0, "sms": 0} | {channel: people}
                await build(db, Sealer(keys), keys, wechat=number["wechat"], sms=number["sms"])
                yield Place(Path(folder), db, url, keys, free_port())
            finally:
                await db.close()


@asynccontextmanager
async def service(here: Place, base: str, per_second: int = 20_000) -> AsyncIterator[int]:
    """`serve` with a real config; gives its process id."""
    config = here.folder / "config.toml"
    config.write_text(
        f"""
[server]
port = {here.port}
[database]
url = "{here.url}"
[wechat]
app_id = "{APP_ID}"
app_secret = "{APP_SECRET}"
token = "{TOKEN}"
encoding_aes_key = "{AES_KEY}"
api_base = "{base}"
rate_per_second = {per_second}
[sms]
access_key_id = "{KEY_ID}"
access_key_secret = "{KEY_SECRET}"
endpoint = "{base}"
sign_name = "{SIGN}"
callback_secret = "{SECRET}"
rate_per_second = {per_second}
[security]
key_file = "keys.toml"
[schedule]
quiet_hours = "00:00-00:00"
noon_rest = "00:00-00:00"
""",
        "utf-8",
    )
    config.chmod(0o600)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", "--config", str(config), cwd=ROOT,
        stderr=open(here.folder / "log", "wb"),  # noqa: ASYNC230, SIM115
    )  # fmt: skip
    try:
        await ready(here.port, process)
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        errors = [
            line
            for line in (here.folder / "log").read_text("utf-8").splitlines()
            if not line.startswith("INFO")
        ]
        for line in errors[:3] + errors[-3:]:
            print("   ", line)


async def ready(port: int, process: asyncio.subprocess.Process) -> None:
    async with ClientSession() as http:
        for _ in range(600):
            try:
                async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            if process.returncode is not None:
                break
            await asyncio.sleep(0.05)
    raise SystemExit("the service does not start")


async def ours(channel: str, people: int, postgres: str) -> float:
    """Deliveries a second, all told; stops where somebody got none, or two."""
    async with (
        place(channel, people, postgres) as here,
        provider(f"http://127.0.0.1:{here.port}") as running,
        service(here, running.base) as pid,
    ):
        print(f"    process {pid}", flush=True)
        await push(here.db, replace(SETTING, database=here.url))
        return await finished(here, running, people)


async def finished(here: Place, running: Provider, people: int, seconds: float = 600) -> float:
    """Waits until everybody's delivery is folded; deliveries a second since the first call."""
    stop = time.time() + seconds
    while (done := await delivered(here.db)) < people and time.time() < stop:  # noqa: ASYNC110
        await asyncio.sleep(0.1 if done else 0.3)
    ended, counts = time.time(), await running.counts()
    if done != people or counts["people"] != people or counts["twice"]:
        rows = await here.db.rows(
            "SELECT state, reason, COUNT(*) AS n FROM deliveries GROUP BY 1, 2"
        )
        print("    ", {k: v for k, v in counts.items() if k != "arrivals"}, rows)
        raise SystemExit(f"{done} of {people} delivered, {counts['twice']} twice")
    print(
        f"    {people:,} reached once, none twice, all {counts['reported']:,} reports folded;"
        f" sent {people / (counts['last'] - counts['first']):,.0f}/s,"
        f" folded {people / (ended - counts['first']):,.0f}/s",
        flush=True,
    )
    return people / (ended - counts["first"])


async def delivered(db: Database) -> int:
    row = await db.row("SELECT COUNT(*) AS n FROM deliveries WHERE state = 'delivered'")
    return int(row["n"]) if row else 0


async def bare_sms(people: int) -> float:
    """Signs and posts, and reads each answer."""
    async with (
        provider() as running,
        ClientSession(connector=TCPConnector(limit=SIDE_BY_SIDE)) as http,
    ):
        numbers, values = iter(range(people)), json.dumps(PARAMS, ensure_ascii=False)

        async def one_after_another() -> None:
            for number in numbers:
                form = {
                    "PhoneNumbers": f"1661{number:07d}", "SignName": SIGN, "OutId": f"o{number}",
                    "TemplateCode": "SMS_notice", "TemplateParam": values,
                }  # fmt: skip
                public = {"Action": "SendSms", "Version": "2017-05-25", "RegionId": "cn-hangzhou"}
                path, _ = get_signed_url(public, KEY_ID, KEY_SECRET, "JSON", "POST", dict(form))
                async with http.post(
                    URL(running.base + path, encoded=True),
                    data=urlencode(form).encode(),
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                ) as answer:
                    assert json.loads(await answer.read())["Code"] == "OK"

        await asyncio.gather(*(one_after_another() for _ in range(SIDE_BY_SIDE)))
        counts = await running.counts()
    return people / (counts["last"] - counts["first"])  # type: ignore[no-any-return]


async def bare_wechat(people: int) -> float:
    """Posts, and opens one encrypted event a message, on one loop."""
    settings = WeChatSettings(app_id=APP_ID, token=TOKEN, encoding_aes_key=AES_KEY)
    envelope, opened = Envelope(settings), 0
    everything = asyncio.Event()

    async def event(request: web.Request) -> web.Response:
        nonlocal opened
        admitted = envelope.admit(request.query)
        assert isinstance(envelope.open(admitted, await request.read()), Opened)  # type: ignore[arg-type]
        opened += 1
        if opened == people:
            everything.set()
        return web.Response(text="success")

    app, port = web.Application(), free_port()
    app.router.add_post("/wechat", event)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with (
        provider(f"http://127.0.0.1:{port}") as running,
        ClientSession(connector=TCPConnector(limit=SIDE_BY_SIDE)) as http,
    ):
        numbers = iter(range(people))
        url = f"{running.base}/cgi-bin/message/template/send?access_token=loopback"
        data = {"thing1": {"value": PARAMS["title"]}, "thing2": {"value": PARAMS["text"]}}

        async def one_after_another() -> None:
            for number in numbers:
                body = {
                    "touser": f"o{number:027d}", "template_id": "wx-notice", "data": data,
                    "client_msg_id": f"c{number}",
                }  # fmt: skip
                async with http.post(
                    url, data=json.dumps(body, ensure_ascii=False).encode()
                ) as answer:
                    assert json.loads(await answer.read())["errcode"] == 0

        await asyncio.gather(*(one_after_another() for _ in range(SIDE_BY_SIDE)))
        await everything.wait()
        ended, counts = time.time(), await running.counts()
    await runner.cleanup()
    return people / (ended - counts["first"])  # type: ignore[no-any-return]


async def celery(channel: str, people: int, postgres: str, broker: str) -> float:
    async with (
        place(channel, people, postgres) as here,
        provider(f"http://127.0.0.1:{here.port}") as running,
    ):
        await push(here.db, replace(SETTING, database=here.url))
        told = {
            "BENCH_BROKER": broker, "BENCH_STORE": here.url, "BENCH_PROVIDER": running.base,
            "BENCH_ADDRESS_KEY": here.keys.addresses.secret.hex(), "BENCH_ID_BYTES": "4",
            "BENCH_AES_KEY": AES_KEY, "BENCH_TOKEN": TOKEN,
        }  # fmt: skip
        async with celery_set(told, channel, here.port):
            return await finished(here, running, people)


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


PARAMS = {"title": "通知", "text": "明天开会"}
SETTING = Setting(database="", keys="", platforms="http://127.0.0.1:9")


async def main(options: argparse.Namespace) -> None:
    rows: list[str] = []
    for channel, bare in (("sms", bare_sms), ("wechat", bare_wechat)):
        if options.only not in ("", channel):
            continue
        yardstick = await bare(options.people)
        rows.append(f"{f'{channel}: bare client (yardstick)':<44}{'-':>10}{yardstick:>12,.0f}")
        print(rows[-1], flush=True)
        for url in ["", *([options.postgres] if options.postgres else [])]:
            name = "postgres" if url else "sqlite"
            rate = await ours(channel, options.people, url)
            beside = f"   {rate / yardstick:.2f} x bare (bar {BARS[channel]})"
            if options.celery:
                slow = await celery(channel, options.celery, url, options.broker)
                row = f"{f'{channel}: Celery + requests (yardstick)':<44}{name:>10}{slow:>12,.0f}"
                rows.append(row)
                beside += f", {rate / slow:.1f} x Celery (bar {BARS['celery']:.0f})"
            rows.append(f"{f'{channel}: ours':<44}{name:>10}{rate:>12,.0f}{beside}")
            print(rows[-1], flush=True)
    print(f"\n{'deliveries, all told':<44}{'store':>10}{'per second':>12}")
    print("\n".join(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument(
        "--celery", type=int, default=0, help="how many messages the Celery set gets"
    )
    parser.add_argument("--broker", default="redis://127.0.0.1:6379/9")
    parser.add_argument("--postgres", default="", help="a server on which databases may be made")
    parser.add_argument("--only", default="", choices=["", "sms", "wechat"])
    uvloop.run(main(parser.parse_args()))
