"""How a command gets at the database: open, and fit for this release and these keys, or refused."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from tortoise.exceptions import DBConnectionError, OperationalError

from bot.commands import texts
from bot.config import Config
from bot.errors import Refused
from storage import installation
from storage.clock import Clock, MovableClock, SystemClock
from storage.database import Database, Unavailable, sqlite_path
from storage.installation import DemoClock, Purpose, Unfit
from storage.keys import Keys


@asynccontextmanager
async def opened(
    config: Config, keys: Keys | None = None, *, demo_allowed: bool = True
) -> AsyncIterator[Database]:
    """The configured database, closed at the end; without `keys` only the schema is looked at.

    Refuses, with what to do, a database that is not there, does not answer, is of another schema or
    sealed under other keys, or (unless `demo_allowed`) was made by a demo. None is made.
    """
    file = sqlite_path(config.database.url)
    if file and not file.exists():
        raise Refused(texts.UNFIT[Unfit.EMPTY])
    try:
        db = await Database.open(config.database.url)
    except Unavailable:
        raise Refused(texts.DATABASE_CLOSED) from None
    try:
        await _refuse_unfit(db, keys, demo_allowed=demo_allowed)
        yield db
    except (OperationalError, DBConnectionError) as error:
        if _is_busy(error):
            raise Refused(texts.DATABASE_BUSY) from error
        raise
    finally:
        await db.close()


@asynccontextmanager
async def making(config: Config) -> AsyncIterator[Database]:
    """The configured database, made where it is a file that is not there, whatever its schema."""
    file = sqlite_path(config.database.url)
    try:
        if file:
            _make(file)
        db = await Database.open(config.database.url)
    except Unavailable:
        raise Refused(texts.DATABASE_CLOSED) from None
    try:
        yield db
    except (OperationalError, DBConnectionError) as error:
        if _is_busy(error):
            raise Refused(texts.DATABASE_BUSY) from error
        raise
    finally:
        await db.close()


def _make(file: Path) -> None:
    """An empty database that only its owner can read: there are names in it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


async def business_clock(db: Database, now: datetime | None) -> Clock:
    """Where `--now` set it; else a demo's own clock, which lies in its database; else real time."""
    if now:
        return MovableClock.starting_at(now)
    found = await installation.load(db)
    if found and found.purpose is Purpose.DEMO:
        return DemoClock(found.clock_offset)
    return SystemClock()


async def _refuse_unfit(db: Database, keys: Keys | None, *, demo_allowed: bool) -> None:
    fingerprint = keys.fingerprint if keys else None
    try:
        unfit = await installation.judge(db, fingerprint, demo_allowed=demo_allowed)
    except Unavailable as error:
        raise Refused(texts.DATABASE_BUSY if _is_busy(error) else texts.DATABASE_CLOSED) from error
    if unfit is Unfit.OTHER_KEYS:
        found = await installation.load(db)
        needed = found.fingerprint if found else ""
        raise Refused(texts.UNFIT[unfit].format(needed=needed, fingerprint=fingerprint))
    if unfit:
        raise Refused(texts.UNFIT[unfit])


def _is_busy(error: BaseException) -> bool:
    """SQLite is being written by another, or the server went away: not a mistake of ours."""
    return isinstance(error, DBConnectionError) or "locked" in str(error)
