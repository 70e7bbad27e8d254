"""What deploy/ shows to operators names keys that the config knows, and logs no secret."""

import re
from pathlib import Path

import pytest

from bot.config import load_config

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
CONFIG = '[wechat]\napp_id = "wx5a1c0e7f9b3d2468"\n[sms]\nsign_name = "明禾公开"\n'
SECRETS = {
    "wechat_token": "contractcheck",
    "wechat_encoding_aes_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFU",
    "database_url": "postgres://mingbai:secret@db:5432/mingbai",
    "queue_url": "amqp://mingbai:secret@mq:5672/mingbai",
    "redis_url": "redis://:secret@redis:6379/0",
}


def environment(text: str) -> dict[str, str]:
    """Variables of a unit (`Environment=NAME=VALUE`) or of the compose file (`NAME: VALUE`)."""
    pairs = re.findall(r"^\s*(?:Environment=)?(MINGBAI_\w+)(?:=|: )(.+)$", text, re.MULTILINE)
    assert pairs
    return dict(pairs)


def loads(text: str, folder: Path) -> None:
    """The config with these variables, each secret in its file."""
    for name in set(re.findall(r"(?:%d|/run/secrets)/(\S+)", text)):
        file = folder / name
        file.write_text(SECRETS.get(name, "0123456789abcdef0123456789abcdef"), "utf-8")
        file.chmod(0o400)
    given = {
        name: re.sub(r"^(?:%d|/run/secrets)/", f"{folder}/", value).replace("%i", "8081")
        for name, value in environment(text).items()
    }
    config = folder / "config.toml"
    config.write_text(CONFIG, "utf-8")

    loaded = load_config(config, given)

    assert loaded.security.key_file.name == "keys.toml"
    assert not any("secret" in note for note in loaded.notes)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_sets_what_the_config_knows(unit: Path, tmp_path: Path) -> None:
    loads(unit.read_text("utf-8"), tmp_path)


def test_the_compose_file_sets_what_the_config_knows(tmp_path: Path) -> None:
    loads((DEPLOY / "compose.yaml").read_text("utf-8"), tmp_path)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_secret_a_unit_reads_is_a_credential(unit: Path) -> None:
    text = unit.read_text("utf-8")

    read = set(re.findall(r"=%d/(\S+)", text))
    given = set(re.findall(r"^LoadCredential=([^:]+):", text, re.MULTILINE))

    assert read == given


def test_nginx_writes_down_no_query_string_and_no_sms_path() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    (line,) = re.findall(r"^log_format .*$", text, re.MULTILINE)
    logs = re.findall(r"^\s*access_log .*$", text, re.MULTILINE)

    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer)\b", line)
    assert all(re.search(r"if=\$mingbai_logged|off;", log) for log in logs)
    assert re.search(r"~\^/sms/\s+0;", text)
