"""`mingbai demo`: the service over the sample county, with the simulator's phones."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import uvloop
from aiohttp import web

from bot.commands import simulator, store, texts
from bot.commands.keys import load
from bot.commands.serve import quiet_logs, serve_on
from bot.config import Config
from bot.demo.county import prepare
from bot.demo.staff import CODES, PASSWORD, SAMPLES, CodePage
from bot.demo.templates import approve_all
from storage import installation
from storage.database import Database
from storage.installation import DemoClock
from storage.sealing import Sealer


def run(*, port: int, data: Path, now: datetime | None) -> None:
    """Serves a demo until it is stopped.

    `data` is made, or rebuilt when of another version; it holds `config.toml` for other commands.
    The service listens on `port`, the simulator on the next one. `now` (UTC) is where the demo's
    clock, kept in its database, starts or goes on.
    """
    quiet_logs()
    config = prepare(data, port)
    phones = _start_simulator(config, port)
    try:
        uvloop.run(_serve(config, port, now))
    finally:
        phones.terminate()
        phones.wait(10)


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
        await approve_all(f"http://127.0.0.1:{port + 1}")
        click.echo(texts.DEMO_READY.format(url=f"http://127.0.0.1:{port}/", config=config.file))
        _tell_staff(port)
        demo, codes = _Demo(db, clock, port), CodePage(db, Sealer(loaded))

        def add_to(app: web.Application) -> None:
            demo.add_to(app)
            codes.add_to(app)

        await serve_on(config, db, loaded, clock, add_to)


def _tell_staff(port: int) -> None:
    click.echo(texts.DEMO_STAFF.format(url=f"http://127.0.0.1:{port}", codes=CODES))
    for one in SAMPLES:
        click.echo(
            texts.DEMO_STAFF_LINE.format(
                login=one.login, password=PASSWORD, name=one.name, office=one.office
            )
        )


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
