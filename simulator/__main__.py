"""`python -m simulator --port N [--push URL]`: the pretend platforms as a process of their own.

Reads one JSON object from its input, until the end: the keys of the service's config, and whose
phones to show (simulator/keys.py). Ends with 0 on SIGTERM.
"""

import argparse
import asyncio
import ipaddress
import json
import secrets
import signal
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

import uvloop
from aiohttp import web

from simulator.app import create_app
from simulator.keys import Keys, KeysError, keys_from_json

HOST = "127.0.0.1"
SHUTDOWN_SECONDS = 0.5


def main(words: Sequence[str] | None = None) -> int:
    options = _arguments(words)
    try:
        keys = _keys()
    except (ValueError, KeysError) as wrong:
        reason = wrong if isinstance(wrong, KeysError) else "its input is no JSON"
        print(f"simulator: {reason}", file=sys.stderr)  # noqa: T201
        return 1
    seed = secrets.randbits(64) if options.seed is None else options.seed
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(keys, options.port, options.push or "", seed))


async def _serve(keys: Keys, port: int, push: str, seed: int) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = create_app(keys, seed=seed, push=push)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError as error:
        print(f"simulator: port {port}: {error.strerror}", file=sys.stderr)  # noqa: T201
        await runner.cleanup()
        return 1
    bound = runner.addresses[0][1]
    print(f"simulator listening on http://{HOST}:{bound}/", flush=True)  # noqa: T201
    await stop.wait()
    await runner.cleanup()
    return 0


def _keys() -> Keys:
    text = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
    return keys_from_json(json.loads(text)) if text.strip() else Keys()


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--push", type=_loopback, metavar="URL", help="the service")
    parser.add_argument("--seed", type=int, help="makes a run repeatable")
    return parser.parse_args(words)


def _loopback(url: str) -> str:
    """An address on this machine: nothing pretended may reach a real service elsewhere."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if parts.scheme not in ("http", "https") or not near:
        raise argparse.ArgumentTypeError(
            "expected a loopback address such as http://127.0.0.1:8080"
        )
    return url


if __name__ == "__main__":
    sys.exit(main())
