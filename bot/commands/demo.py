"""`mingbai demo`: the service over the sample county, with the simulator's phones."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import uvloop
from aiohttp import web

from bot.commands import simulator, store, texts
from bot.commands.keys import load
from bot.commands.serve import quiet_logs, serve_on
from bot.config import Config, load_config
from bot.errors import Refused
from notifications.templates import ensure_templates
from storage import installation, schema
from storage.clock import SystemClock, read_moment
from storage.database import Database
from storage.installation import DemoClock, Purpose
from storage.keys import Keys

SAMPLE = Path(__file__).parents[1] / "sample"
VERSION = "1"
START = read_moment("2026-11-24T09:30")
_VERSION_FILE = "demo-version"


def run(*, port: int, data: Path, now: datetime | None) -> None:
    """Serves a demo until it is stopped.

    `data` is made, or rebuilt when of another version; it holds `config.toml` for other commands.
    The service listens on `port`, the simulator on the next one. `now` (UTC) is where the demo's
    clock, kept in its database, starts or goes on.
    """
    quiet_logs()
    data = data.absolute()
    file = data / "config.toml"
    if not _is_current(data):
        _build(data, port)
    _write_config(file, port, _secrets_of(file))
    config = load_config(file)
    phones = _start_simulator(config, port)
    try:
        uvloop.run(_serve(config, port, now))
    finally:
        phones.terminate()
        phones.wait(10)


def _is_current(data: Path) -> bool:
    marker = data / _VERSION_FILE
    return marker.exists() and marker.read_text("utf-8") == VERSION


def _build(data: Path, port: int) -> None:
    """Makes the sample county anew; only a folder that a demo made, or an empty one, is touched."""
    if data.exists() and any(data.iterdir()):
        if not (data / _VERSION_FILE).exists():
            raise Refused(texts.DEMO_NOT_OURS.format(data=data))
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / _VERSION_FILE).write_text("", "utf-8")  # ours, though not finished
    file = data / "config.toml"
    _write_config(file, port, _new_secrets())
    config = load_config(file)
    Keys.create(config.security.key_file)
    uvloop.run(_make_database(config))
    click.echo(texts.DEMO_IMPORTING)
    for words in (
        ["villages", "villages.csv"],
        ["holidays", "holidays_cn.json"],
        ["ledger", "ledger_sample.csv", "--balances", "ledger_balances.csv", "--publish"],
    ):
        _import(file, words)
    (data / _VERSION_FILE).write_text(VERSION, "utf-8")


async def _make_database(config: Config) -> None:
    db = await Database.open(config.database.url)
    try:
        await schema.migrate(db)
        await ensure_templates(db, START)
        ahead = START - SystemClock().now()
        await installation.create(
            db,
            Purpose.DEMO,
            load(config).fingerprint,
            sample=VERSION,
            clock_offset_ms=ahead // timedelta(milliseconds=1),
        )
    finally:
        await db.close()


def _import(config: Path, words: list[str]) -> None:
    paths = [str(SAMPLE / word) if (SAMPLE / word).is_file() else word for word in words]
    command = [sys.executable, "-m", "bot", "import", *paths, "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused(texts.DEMO_IMPORT_FAILED.format(reason=done.stderr.strip()))


def _new_secrets() -> dict[str, str]:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    aes_key = "".join(secrets.choice(alphabet) for _ in range(42)) + "A"
    return {
        "app_id": "wx" + secrets.token_hex(8),
        "app_secret": secrets.token_hex(16),
        "token": secrets.token_hex(8),
        "encoding_aes_key": aes_key,
        "callback_secret": secrets.token_hex(16),
        "access_key_id": "demo" + secrets.token_hex(6),
        "access_key_secret": secrets.token_hex(15),
    }


def _secrets_of(file: Path) -> dict[str, str]:
    config = load_config(file)
    return {
        "app_id": config.wechat.app_id,
        "app_secret": config.wechat.app_secret,
        "token": config.wechat.token,
        "encoding_aes_key": config.wechat.encoding_aes_key,
        "callback_secret": config.sms.callback_secret,
        "access_key_id": config.sms.access_key_id,
        "access_key_secret": config.sms.access_key_secret,
    }


def _write_config(file: Path, port: int, given: dict[str, str]) -> None:
    s = {name: json.dumps(value) for name, value in given.items()}
    file.touch(0o600)
    file.write_text(
        f"""[server]
port = {port}
data_dir = "."

[database]
url = "sqlite://mingbai.sqlite3"

[security]
key_file = "keys.toml"

[wechat]
app_id = {s["app_id"]}
app_secret = {s["app_secret"]}
token = {s["token"]}
encoding_aes_key = {s["encoding_aes_key"]}
api_base = "http://127.0.0.1:{port + 1}"

[sms]
access_key_id = {s["access_key_id"]}
access_key_secret = {s["access_key_secret"]}
endpoint = "http://127.0.0.1:{port + 1}"
sign_name = "明禾公开"
callback_secret = {s["callback_secret"]}
""",
        "utf-8",
    )


def _start_simulator(config: Config, port: int) -> subprocess.Popen[bytes]:
    words = simulator.command(port + 1, f"http://127.0.0.1:{port}")
    phones = subprocess.Popen(words, stdin=subprocess.PIPE)  # noqa: S603
    assert phones.stdin is not None  # noqa: S101 - a pipe was asked for
    phones.stdin.write(json.dumps({**simulator.keys(config), "demo": True}).encode())
    phones.stdin.close()
    return phones


async def _serve(config: Config, port: int, now: datetime | None) -> None:
    loaded = load(config)
    async with store.opened(config, loaded) as db:
        if now is not None:
            await _set_clock(db, now)
        clock = await store.business_clock(db, None)
        assert isinstance(clock, DemoClock)  # noqa: S101 - the database was made by a demo
        click.echo(texts.DEMO_READY.format(url=f"http://127.0.0.1:{port}/"))
        await serve_on(config, db, loaded, clock, _Demo(db, clock, port).add_to)


async def _set_clock(db: Database, now: datetime) -> None:
    found = await installation.load(db)
    shown = datetime.now(UTC) + (found.clock_offset if found else timedelta(0))
    await installation.move_clock(db, (now - shown) // timedelta(milliseconds=1))


class _Demo:
    """What only a demo has: the way to its phones, and a clock that buttons move."""

    def __init__(self, db: Database, clock: DemoClock, port: int) -> None:
        self._db, self._clock, self._port = db, clock, port

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self._phones)
        app.router.add_get("/demo/clock", self._tell)
        app.router.add_post("/demo/clock", self._move)

    async def _phones(self, _: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://127.0.0.1:{self._port + 1}/")

    async def _tell(self, _: web.Request) -> web.Response:
        return web.json_response({"now": self._clock.now().isoformat()})

    async def _move(self, request: web.Request) -> web.Response:
        try:
            seconds = float((await request.json())["seconds"])
        except (KeyError, TypeError, ValueError):
            raise web.HTTPBadRequest(text="seconds") from None
        await installation.move_clock(self._db, int(seconds * 1000))
        await self._clock.refresh(self._db)
        return await self._tell(request)
