"""`mingbai simulator`: the real one, started by name, with the keys of the config on its input."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.commands import simulator
from bot.config import load_config
from tests.bot.commands.conftest import Configure

SECRETS = """
[wechat]
app_id = "wx5a1c0e7f9b3d2468"
app_secret = "00112233445566778899aabbccddeeff"
token = "contractcheck"
encoding_aes_key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFU"
[sms]
access_key_id = "checkKeyId"
access_key_secret = "checkKeySecret"
sign_name = "明禾公开"
callback_secret = "5d41402abc4b2a76b9719d911017c592"
"""


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(SECRETS, "utf-8")
    file.chmod(0o600)
    return file


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(config_file: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    program = Path(sys.executable).with_name("mingbai")
    words = [str(program), "simulator", "--port", str(port), "--config", str(config_file)]
    words += ["--push", "http://127.0.0.1:9"]
    started = subprocess.Popen(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        assert started.stdout
        assert str(port) in started.stdout.readline().decode()
        yield started
    finally:
        started.kill()
        started.wait()
        if started.stdout:
            started.stdout.close()


def post(port: int, path: str, body: dict[str, str]) -> dict[str, object]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode())
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as answer:
        content: dict[str, object] = json.load(answer)
    return content


def token(port: int, secret: str) -> dict[str, object]:
    asked = {"grant_type": "client_credential", "appid": "wx5a1c0e7f9b3d2468", "secret": secret}
    return post(port, "/cgi-bin/stable_token", asked)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_with_the_keys_of_the_config_until_a_signal(
    config_file: Path, number: signal.Signals
) -> None:
    port = free_port()
    with running(config_file, port) as started:
        right = token(port, "00112233445566778899aabbccddeeff")
        wrong = token(port, "another")
        began = time.monotonic()
        started.send_signal(number)
        status = started.wait(10)

    assert "access_token" in right
    assert "access_token" not in wrong
    assert status == 0
    assert time.monotonic() - began < 10


def test_its_own_refusal_is_the_exit_status(config_file: Path) -> None:
    program = Path(sys.executable).with_name("mingbai")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        words = [str(program), "simulator", "--port", port, "--push", "http://127.0.0.1:9"]
        words += ["--config", str(config_file)]
        run = subprocess.run(words, capture_output=True, timeout=60)

    assert run.returncode == 1
    assert b"Traceback" not in run.stderr


def test_secrets_stand_on_no_command_line(config_file: Path) -> None:
    config = load_config(config_file, {})

    line = " ".join(simulator.command(8081, "http://127.0.0.1:8080"))

    assert line.endswith("-m simulator --port 8081 --push http://127.0.0.1:8080")
    for secret in (config.wechat.app_secret, config.wechat.token, config.sms.callback_secret):
        assert secret not in line


def test_the_keys_of_both_wires_are_handed_over(config_file: Path) -> None:
    handed = simulator.keys(load_config(config_file, {}))

    assert handed == {
        "wechat": {
            "app_id": "wx5a1c0e7f9b3d2468",
            "app_secret": "00112233445566778899aabbccddeeff",
            "token": "contractcheck",
            "encoding_aes_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFU",
            "mode": "safe",
        },
        "sms": {
            "gateway": "aliyun",
            "access_key_id": "checkKeyId",
            "access_key_secret": "checkKeySecret",
            "sign_name": "明禾公开",
            "callback_secret": "5d41402abc4b2a76b9719d911017c592",
        },
    }


def test_what_is_not_configured_is_left_to_the_simulator(configure: Configure) -> None:
    assert simulator.keys(configure()) == {"wechat": {"mode": "off"}, "sms": {"gateway": "none"}}
