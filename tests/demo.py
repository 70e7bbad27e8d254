"""A demo of one's own for a test: the service and its simulator, as processes."""

import asyncio
import atexit
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path

from aiohttp import ClientConnectorError, ClientSession


def _two_free_ports() -> int:
    """A port whose next one is free too."""
    while True:
        with closing(socket.socket()) as one, closing(socket.socket()) as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@cache
def _built() -> Path:
    """A demo's folder, built once for all tests of a run: each gets a copy."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-demo-")) / "demo"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    code = "import sys, pathlib; from bot.demo.county import prepare; "
    code += "prepare(pathlib.Path(sys.argv[1]), 8080)"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, capture_output=True)
    return folder


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[tuple[ClientSession, int]]:
    """Serves a demo from that folder; gives an HTTP session and the service's port."""
    shutil.copytree(await asyncio.to_thread(_built), folder)
    port = _two_free_ports()
    words = ["-m", "bot", "demo", "--port", str(port), "--data", str(folder)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with ClientSession() as http:
            await _ready(http, f"http://127.0.0.1:{port}/readyz")
            await _ready(http, f"http://127.0.0.1:{port + 1}/sim/counts")
            yield http, port
    finally:
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 20)
    assert status == 0


async def _ready(http: ClientSession, url: str) -> None:
    for _ in range(600):
        try:
            async with http.get(url) as response:
                if response.status == 200:
                    return
        except ClientConnectorError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(f"no answer from {url}")
