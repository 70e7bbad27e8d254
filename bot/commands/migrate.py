"""`mingbai migrate`: the newest schema."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands import keys, texts
from bot.commands.store import making
from bot.config import Config
from bot.errors import Refused
from notifications.templates import ensure_templates
from storage import backup, installation, schema
from storage.database import Database
from storage.installation import Purpose, Unfit
from storage.keys import Keys
from storage.schema import Schema
from storage.sealed import needed_fingerprint


def run(config: Config) -> None:
    """Brings the database to this release's schema, after a backup where there is data.

    Makes the key file where there is none and nothing sealed is stored; else refuses and names the
    fingerprint that is needed.
    """
    asyncio.run(_migrate(config))


async def _migrate(config: Config) -> None:
    async with making(config) as db:
        await _bring_up(db, config)


async def _bring_up(db: Database, config: Config) -> None:
    state = await schema.inspect(db)
    if state is Schema.NEWER:
        raise Refused(texts.UNFIT[Unfit.NEWER])
    loaded = await _keys(db, config)
    if state is Schema.OLDER and await backup.holds_data(db):
        kept = await _back_up(db, config, loaded)
        click.echo(texts.BACKED_UP_FIRST.format(file=kept))
    done = await schema.migrate(db)
    await ensure_templates(db, datetime.now(UTC))
    await installation.create(db, Purpose.LIVE, loaded.fingerprint)
    needed = await installation.adopt_keys(db, loaded.fingerprint)
    if needed is not None:
        _refuse_keys(needed, loaded, config)
    click.echo(texts.MIGRATED.format(count=len(done)) if done else texts.SCHEMA_CURRENT)


async def _keys(db: Database, config: Config) -> Keys:
    """The keys at hand; made where there are none, and nothing stored needs others."""
    needed = await needed_fingerprint(db)
    if _lies_there(config.security.key_file):
        loaded = keys.load(config)
        if needed not in (None, loaded.fingerprint):
            _refuse_keys(needed or "", loaded, config)
        return loaded
    keys.refuse_if_sealed(needed, config)
    made = keys.create(config)
    click.echo(texts.KEYS_MADE.format(path=config.security.key_file, fingerprint=made.fingerprint))
    return made


def _lies_there(file: Path) -> bool:
    return os.path.lexists(file)


def _refuse_keys(needed: str, loaded: Keys, config: Config) -> None:
    text = texts.UNFIT[Unfit.OTHER_KEYS]
    raise Refused(text.format(needed=needed, fingerprint=loaded.fingerprint))


async def _back_up(db: Database, config: Config, loaded: Keys) -> Path:
    folder = config.server.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    file = folder / f"before-migration-{now:%Y%m%d-%H%M%S}.mingbai"
    await backup.write(db, file, now)
    return file
