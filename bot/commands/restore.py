"""`mingbai restore`: a backup into an empty database."""

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
from storage import backup
from storage.backup import BackupError, Manifest
from storage.clock import BEIJING


def run(config: Config, file: Path) -> None:
    """Restores, and holds every unfinished delivery and missed occurrence until they are resumed.

    Refuses a database that holds data or is in use, and a key file of another fingerprint than the
    backup names.
    """
    try:
        manifest = backup.read_manifest(file)
        _refuse_other_keys(config, manifest)
        asyncio.run(_restore(config, file))
    except BackupError as error:
        raise Refused(texts.BACKUP[error.problem].format(file=file)) from None
    made_at = f"{manifest.made_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    click.echo(texts.RESTORED.format(made_at=made_at))


def _refuse_other_keys(config: Config, manifest: Manifest) -> None:
    path, needed = config.security.key_file, manifest.fingerprint
    if not os.path.lexists(path):
        raise Refused(texts.BACKUP_KEYS_MISSING.format(path=path, fingerprint=needed))
    fingerprint = keys.load(config).fingerprint
    if fingerprint != needed:
        text = texts.BACKUP_OTHER_KEYS
        raise Refused(text.format(needed=needed, fingerprint=fingerprint))


async def _restore(config: Config, file: Path) -> None:
    backup.refuse_file_in_use(config.database.url)
    async with making(config) as db:
        await backup.refuse_server_in_use(db)
        await backup.restore(db, file, datetime.now(UTC))
