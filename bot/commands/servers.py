"""What `mingbai check` asks the servers beside the database, and who of us is at work."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import aio_pika
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.commands import store, texts
from bot.commands.findings import Finding, Level
from bot.config import Config
from bot.errors import Refused
from notifications.process import ProcessRole
from notifications.waking import quiet_libraries
from storage import alarms, processes
from storage.clock import BEIJING
from storage.database import sqlite_path

_SECONDS = 3.0


async def queue(config: Config) -> list[Finding]:
    """Whether RabbitMQ lets us in; without it only time is lost, so it is a note at most."""
    if not config.queue.url:
        return []
    quiet_libraries()
    try:
        connection = await aio_pika.connect(config.queue.url, timeout=_SECONDS)
    except (OSError, TimeoutError, RuntimeError, aio_pika.exceptions.AMQPError) as closed:
        what = texts.QUEUE_CLOSED.format(error=type(closed).__name__)
        return [Finding(Level.NOTE, what, texts.QUEUE_CLOSED_REMEDY)]
    await connection.close()
    return [Finding(Level.GOOD, texts.QUEUE_FINE)]


async def redis(config: Config) -> list[Finding]:
    """Whether Redis lets us in; each process goes on by itself without it."""
    if not config.redis.url:
        return []
    asked = Redis.from_url(
        config.redis.url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
    )
    try:
        await asked.ping()
    except (RedisError, OSError, TimeoutError) as closed:
        what = texts.REDIS_CLOSED.format(error=type(closed).__name__)
        return [Finding(Level.NOTE, what, texts.REDIS_CLOSED_REMEDY)]
    finally:
        await asked.aclose()
    return [Finding(Level.GOOD, texts.REDIS_FINE)]


async def open_alarms(config: Config) -> list[Finding]:
    """What the service has found wrong and what was told to nobody yet."""
    try:
        async with store.opened(config) as db:
            found = await alarms.open_alarms(db)
    except Refused:
        return []  # which `database` tells
    return [
        Finding(
            Level.NOTE,
            texts.ALARM_SINCE.format(since=_shown(alarm.since), detail=alarm.detail),
            "" if alarm.told_at else texts.ALARM_UNTOLD,
        )
        for alarm in found
    ]


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"


async def at_work(config: Config) -> list[Finding]:
    """Which processes are at work, and whether a part of the work is nobody's."""
    try:
        async with store.opened(config) as db:
            present = await processes.present(db, datetime.now(UTC))
    except Refused:
        return []  # which `database` tells
    return judge_processes(present, one_file=sqlite_path(config.database.url) is not None)


def judge_processes(present: Counter[str], *, one_file: bool) -> list[Finding]:
    """What to say of the processes at work, by role; `one_file`: on SQLite."""
    if not present:
        return [Finding(Level.NOTE, texts.NOBODY_AT_WORK, texts.NOBODY_AT_WORK_REMEDY)]
    roles = [ProcessRole(role) for role in present]
    found = []
    if not any(role.answers for role in roles):
        found.append(Finding(Level.NOTE, texts.NO_WEB, texts.START_ONE.format(role="web")))
    if not any(role.sends for role in roles):
        found.append(Finding(Level.NOTE, texts.NO_WORKER, texts.START_ONE.format(role="worker")))
    if not any(role.keeps_time for role in roles):
        remedy = texts.START_ONE.format(role="scheduler")
        found.append(Finding(Level.NOTE, texts.NO_SCHEDULER, remedy))
    if one_file and present.total() > 1:
        found.append(Finding(Level.NOTE, texts.MANY_ON_SQLITE, texts.MANY_ON_SQLITE_REMEDY))
    listed = "、".join(f"{role} {count}" for role, count in sorted(present.items()))
    return found or [Finding(Level.GOOD, texts.AT_WORK_NOW.format(processes=listed))]
