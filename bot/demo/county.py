"""The demo's county: a folder with its config, keys and database, made from the sample files."""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import uvloop

from bot.cli import main
from bot.commands import texts
from bot.commands.keys import create, load
from bot.config import Config, load_config
from bot.demo import staff, templates
from bot.errors import Refused
from notifications.templates import ensure_templates
from storage import installation, schema
from storage.clock import SystemClock, read_moment
from storage.database import Database
from storage.installation import Purpose
from storage.sealing import Sealer
from workbooks.records.kinds import KINDS

SAMPLE = Path(__file__).parents[1] / "sample"
VERSION = "8"
START = read_moment("2026-11-24T09:30")
_VERSION_FILE = "demo-version"
_FILES = (
    ("villages", "villages.csv"),
    ("holidays", "holidays_cn.json"),
    ("people", "people.csv"),
    ("education", "education.json"),
    ("power-items", "power_items.json", "--publish"),
    ("ledger", "ledger_sample.csv", "--balances", "ledger_balances.csv", "--publish"),
    *((kind, f"{kind}.csv", "--publish") for kind in KINDS),
)


def prepare(data: Path, port: int) -> Config:
    """The config of a demo that is ready to be served; what is of another version is made anew."""
    data = data.absolute()
    file = data / "config.toml"
    if not _is_current(data):
        _build(data, port)
    _write_config(file, port, _secrets_of(load_config(file)))
    return load_config(file)


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
    uvloop.run(_make_database(config, create(config).fingerprint))
    click.echo(texts.DEMO_IMPORTING)
    for words in _FILES:
        _import(file, *words)
    uvloop.run(_open_accounts(config))
    (data / _VERSION_FILE).write_text(VERSION, "utf-8")


async def _make_database(config: Config, fingerprint: str) -> None:
    db = await Database.open(config.database.url)
    try:
        await schema.migrate(db)
        ahead = START - SystemClock().now()
        await installation.create(
            db,
            Purpose.DEMO,
            fingerprint,
            sample=VERSION,
            clock_offset_ms=ahead // timedelta(milliseconds=1),
        )
        now = datetime.now(UTC)
        await ensure_templates(db, now)
        await templates.bind_all(db, now)
    finally:
        await db.close()


async def _open_accounts(config: Config) -> None:
    db = await Database.open(config.database.url)
    try:
        await staff.open_accounts(db, Sealer(load(config)), START)
    finally:
        await db.close()


def _import(config: Path, *words: str) -> None:
    paths = [str(SAMPLE / word) if (SAMPLE / word).is_file() else word for word in words]
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        status = main(["import", *paths, "--config", str(config)])
    if status:
        raise Refused(texts.DEMO_IMPORT_FAILED.format(reason=said.getvalue().strip()))


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


def _secrets_of(config: Config) -> dict[str, str]:
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

[delivery]
second_person_over = 3
""",
        "utf-8",
    )
