"""A demo of one's own for a test: the service and its simulator, as processes."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
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


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[tuple[ClientSession, int]]:
    """Serves a demo from that folder; gives an HTTP session and the service's port."""
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
