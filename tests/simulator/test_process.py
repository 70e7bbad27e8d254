"""`python -m simulator` as the command line starts it."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest


@pytest.fixture
def process() -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield running
    running.kill()
    running.communicate()


def test_it_tells_its_address_answers_and_ends_with_0(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    phone = {"who": "16600010071", "channel": "sms", "name": "李婆婆"}
    process.stdin.write(json.dumps({"phones": [phone], "demo": True}))
    process.stdin.close()
    process.stdin = None

    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert found, line
    script, page = (HTTPConnection("127.0.0.1", int(found[1]), timeout=5) for _ in range(2))
    script.request("GET", "/sim/phones")
    phones = json.load(script.getresponse())["phones"]
    page.request("GET", "/sim/events")
    stream = page.getresponse()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    status = process.wait(5)
    seconds = time.monotonic() - began
    stream.close()
    script.close()
    page.close()

    assert [phone["name"] for phone in phones] == ["李婆婆"]
    assert status == 0
    assert seconds < 2


@pytest.mark.parametrize(
    ("words", "given", "status", "said"),
    [
        ([], "{", 1, "no JSON"),
        ([], '{"wechat": {"mode": "loud"}}', 1, "wechat.mode"),
        (["--push", "http://example.com"], "", 2, "loopback"),
        (["--push", "ftp://127.0.0.1"], "", 2, "loopback"),
    ],
)
def test_it_refuses_what_it_cannot_use(
    words: list[str], given: str, status: int, said: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", "0", *words],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == status
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
