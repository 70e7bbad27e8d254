"""`mingbai serve`: the service."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from datetime import datetime

import click
import uvloop
from aiohttp import web

from bot.app import answering, create_app, notifying, sharing, terms, until_outgrown
from bot.commands import store, texts
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from bot.heartbeat import at_work
from bot.sms.replying import SmsReplies
from bot.sms.webhook import SmsWebhook
from bot.wechat.leftovers import answer_leftovers
from notifications.duty import DutyCalls
from notifications.process import ProcessRole
from storage.clock import Clock
from storage.database import Database, sqlite_path
from storage.keys import Keys
from storage.sealing import Sealer

_GRACE_SECONDS = 5.0


def run(config: Config, *, role: ProcessRole = ProcessRole.ALL, now: datetime | None) -> None:
    """Serves until SIGTERM or SIGINT; `now` (UTC) is where the business clock starts.

    Refuses a database that a demo made, and one of another schema.
    """
    quiet_logs()
    if role is not ProcessRole.ALL and sqlite_path(config.database.url):
        click.echo(texts.NOTE_FOR_SQLITE.format(role=role.value), err=True)
    uvloop.run(_serve(config, role, now))


_CHATTY = (
    "tortoise", "aiosqlite", "asyncio", "aiohttp", "apscheduler", "wechatpy", "taskiq", "aio_pika",
    "aiormq",
)  # fmt: skip


def quiet_logs() -> None:
    """Logs what operators need. The libraries' own would hold queries, values and addresses."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(config: Config, role: ProcessRole, now: datetime | None) -> None:
    keys = load(config)
    async with store.opened(config, keys, demo_allowed=False) as db:
        clock = await store.business_clock(db, now)
        if role.answers:
            await serve_on(config, db, keys, clock, role=role)
        else:
            await work_on(config, db, keys, clock, role)


async def work_on(
    config: Config, db: Database, keys: Keys, clock: Clock, role: ProcessRole
) -> None:
    """Does a part of the work that needs no port, until a signal comes or a later release."""
    sealer = Sealer(keys)
    async with (
        sharing(config, sealer) as shared,
        notifying(config, db, sealer, clock, role, shared),
        at_work(db, role),
    ):
        click.echo(texts.AT_WORK.format(role=role.value))
        await _stopped(db)


async def serve_on(
    config: Config,
    db: Database,
    keys: Keys,
    clock: Clock,
    add_to: Callable[[web.Application], None] = lambda _: None,
    *,
    role: ProcessRole = ProcessRole.ALL,
) -> None:
    """Serves an open database until a signal comes, or a later release takes it over.

    `add_to` may add routes of its own.
    """
    # Snapshots of accounts are hundreds of thousands of objects that live long: the collector's
    # usual pace would look through all of them again and again while people wait.
    gc.set_threshold(50_000, 20, 100)
    sealer = Sealer(keys)
    async with (
        sharing(config, sealer) as shared,
        notifying(config, db, sealer, clock, role, shared) as notifications,
        answering(db, sealer, clock, DutyCalls(db, terms(config), notifications.wake)) as parts,
    ):
        replies = SmsReplies(db, sealer, parts.wordings, config.sms.sign_name, notifications.wake)
        sms = SmsWebhook(config.sms, db, sealer, parts.pipeline, replies)
        await sms.answer_what_was_left()
        app = create_app(config, db, sealer, parts, sms, shared)
        add_to(app)
        leftovers = asyncio.create_task(answer_leftovers(db, sealer, parts.pipeline))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(
                runner, config.server.host, config.server.port, shutdown_timeout=_GRACE_SECONDS
            )
            try:
                await site.start()
            except OSError:
                text = texts.PORT_TAKEN.format(host=config.server.host, port=config.server.port)
                raise Refused(text) from None
            async with at_work(db, role):
                await _stopped(db)
        finally:
            leftovers.cancel()
            await runner.cleanup()
            await sms.stop()


async def _stopped(db: Database) -> None:
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled.set)
    waits = [asyncio.create_task(signalled.wait()), asyncio.create_task(until_outgrown(db))]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
