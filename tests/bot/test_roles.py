"""Three processes, each with a part of the work, on PostgreSQL, RabbitMQ and Redis: a campaign that
the command line begins reaches every phone, and a message is answered, without waiting for a poll.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aio_pika
import asyncpg
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from notifications.catalogue import CATALOGUE
from simulator import Keys as Pretended
from simulator import Timing, create_app
from storage.keys import Keys
from tests.bot.home import SAMPLE, Home
from tests.conftest import missing

AMQP = os.environ.get("MINGBAI_TEST_AMQP", "amqp://guest:guest@127.0.0.1:5672/")
REDIS = os.environ.get("MINGBAI_TEST_REDIS", "redis://127.0.0.1:6379/0")
PRETENDED = Pretended()
POLL_SECONDS = 30  # so long that whatever goes on sooner was woken

CONFIG = """
[server]
port = {port}
[database]
url = "{database}"
[queue]
url = "{queue}"
[redis]
url = "{redis}"
[wechat]
app_id = "{wechat.app_id}"
app_secret = "{wechat.app_secret}"
token = "{wechat.token}"
encoding_aes_key = "{wechat.encoding_aes_key}"
api_base = "{platforms}"
[sms]
access_key_id = "{sms.access_key_id}"
access_key_secret = "{sms.access_key_secret}"
sign_name = "{sms.sign_name}"
endpoint = "{platforms}"
callback_secret = "{secret}"
[delivery]
poll_seconds = {poll}
[schedule]
quiet_hours = "00:00-00:00"
noon_rest = "00:00-00:00"
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Processes:
    """`mingbai serve --role ...`, started and ended by the test."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, role: str) -> subprocess.Popen[bytes]:
        program = Path(sys.executable).with_name("mingbai")
        words = [str(program), "serve", "--role", role, "--config", str(self._home.config)]
        with (self._home.folder / f"{role}-{len(self._running)}.log").open("wb") as log:
            started = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self._running.append(started)
        return started

    def end(self) -> list[int]:
        """SIGTERM to all; their exit statuses."""
        for one in self._running:
            one.send_signal(signal.SIGTERM)
        return [one.wait(20) for one in self._running]

    def said(self) -> str:
        return "\n".join(file.read_text("utf-8") for file in self._home.folder.glob("*.log"))


@pytest.fixture
async def servers() -> None:
    redis = Redis.from_url(REDIS, socket_connect_timeout=2)
    try:
        await redis.ping()
        await (await aio_pika.connect(AMQP, timeout=3)).close()
    except (RedisError, OSError, aio_pika.exceptions.AMQPError):
        missing("RabbitMQ and Redis (MINGBAI_TEST_AMQP and MINGBAI_TEST_REDIS say where)")
    finally:
        await redis.aclose()


@pytest.fixture
async def home(
    postgres_url: str, servers: None, tmp_path: Path
) -> AsyncIterator[tuple[Home, Callable[..., Any]]]:
    """An installation on all three servers, and the pretend platforms as `sim(action, ...)`."""
    port = free_port()
    timing = Timing(say_settles=0.05, say_patience=5)
    app = create_app(PRETENDED, push=f"http://127.0.0.1:{port}", timing=timing)
    async with TestServer(app) as platforms, ClientSession() as http:
        base = str(platforms.make_url("")).rstrip("/")
        made = Home.make(tmp_path / "home")
        text = CONFIG.format(
            port=port, database=postgres_url, queue=AMQP, redis=REDIS, platforms=base,
            wechat=PRETENDED.wechat, sms=PRETENDED.sms, secret=PRETENDED.sms.callback_secret,
            poll=POLL_SECONDS,
        )  # fmt: skip
        made.config.write_text(text, "utf-8")

        async def sim(action: str, **given: object) -> Any:
            async with http.post(f"{base}/sim/{action}", json=given) as response:
                assert response.status == 200, await response.text()
                return await response.json()

        for words in (
            ("migrate",),
            ("import", "villages", SAMPLE),
            ("import", "people", SAMPLE.with_name("people.csv")),
        ):
            said = await asyncio.to_thread(made.run, *words)
            assert said.status == 0, said.err
        await bind(made, sim)
        yield made, sim
        await forget(Keys.load(made.keys).fingerprint)


async def bind(home: Home, sim: Callable[..., Any]) -> None:
    """Has the notice approved by both platforms, and binds it."""
    text = CATALOGUE["notice"].sms
    kinds = {parameter.name: parameter.kind.value for parameter in CATALOGUE["notice"].parameters}
    await sim("templates", gateway="wechat", id="wx-notice",
              fields={"thing1": "thing", "thing2": "thing"})  # fmt: skip
    await sim("templates", gateway="aliyun", id="SMS_notice", fields=kinds, text=text)
    for words in (
        ("wechat", "--id", "wx-notice", "--field", "thing1=title", "--field", "thing2=text"),
        ("aliyun", "--id", "SMS_notice"),
    ):
        said = await asyncio.to_thread(home.run, "template", "bind", "notice", "--gateway", *words)
        assert said.status == 0, said.err


async def forget(installation: str) -> None:
    """Removes what the installation left on RabbitMQ and Redis."""
    async with await aio_pika.connect(AMQP) as connection:
        channel = await connection.channel()
        for queue in ("drain", "plan"):
            await channel.queue_delete(f"mingbai.{installation}.{queue}")
            await channel.queue_delete(f"mingbai.{installation}.{queue}.dead")
            await channel.exchange_delete(f"mingbai.{installation}.{queue}")
    redis = Redis.from_url(REDIS)
    async for name in redis.scan_iter(f"mingbai:{installation}:*"):
        await redis.delete(name)
    await redis.aclose()


async def shown(home: Home, campaign: str) -> dict[str, Any]:
    said = await asyncio.to_thread(home.run, "campaign", "show", campaign, "--json")
    assert said.status == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


@pytest.mark.timeout(240)
async def test_three_processes_carry_a_campaign_from_the_command_to_the_phones(
    home: tuple[Home, Callable[..., Any]], postgres_url: str
) -> None:
    installation, sim = home
    processes = Processes(installation)
    for role in ("web", "worker", "scheduler"):
        processes.start(role)
    try:
        await all_at_work(postgres_url)

        began = time.monotonic()
        campaign = await created(installation)
        found: dict[str, Any] = {}
        while time.monotonic() - began < 20:
            found = await shown(installation, campaign)
            if found["total"] and found["people_reached"] == found["total"]:
                break
            await asyncio.sleep(0.2)
        took = time.monotonic() - began
        answered = await sim("say", channel="wechat", who="oSimNewcomer00000000000009", text="你好")
    finally:
        statuses = processes.end()

    assert found["people_reached"] == found["total"] >= 3, processes.said()
    assert took < POLL_SECONDS
    assert answered["seen"]
    assert statuses == [0, 0, 0]
    assert "Traceback" not in processes.said()


async def created(home: Home) -> str:
    words = ("campaign", "create", "--template", "notice", "--audience", "role=干部")
    params = ("--param", "title=通知", "--param", "text=明天上午九点开会")
    said = await asyncio.to_thread(home.run, *words, *params)
    assert said.status == 0, said.err
    return said.out.split()[-1]


async def all_at_work(database: str) -> None:
    """Waits until each has said that it is at work."""
    connection = await asyncpg.connect(database)
    stop = time.monotonic() + 60
    try:
        while await connection.fetchval("SELECT COUNT(*) FROM processes") < 3:
            assert time.monotonic() < stop, "they do not start"
            await asyncio.sleep(0.2)
    finally:
        await connection.close()
