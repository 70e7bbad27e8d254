"""`mingbai restore`: a backup into an empty database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands import keys, texts
from bot.commands.store import making
from bot.config import Config
from bot.errors import Refused
from storage import backup, erasing
from storage.backup import BackupError, Manifest
from storage.clock import BEIJING
from storage.erasing import LIST_NAME, Mark, read_list


def run(config: Config, file: Path) -> None:
    """Restores, and holds every unfinished delivery and missed occurrence until they are resumed.

    Refuses a database that holds data or is in use, and a key file of another fingerprint than the
    backup names.
    """
    try:
        manifest = backup.read_manifest(file)
        _refuse_other_keys(config, manifest)
        erased = asyncio.run(_restore(config, file, _listed(config)))
    except BackupError as error:
        raise Refused(texts.BACKUP[error.problem].format(file=file)) from None
    made_at = f"{manifest.made_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    click.echo(texts.RESTORED.format(made_at=made_at))
    click.echo(texts.ERASED_AGAIN.format(count=erased, list=config.server.data_dir / LIST_NAME))


def _listed(config: Config) -> list[Mark]:
    try:
        return read_list(config.server.data_dir / LIST_NAME)
    except ValueError as wrong:
        raise Refused(texts.ERASED_LIST_DAMAGED.format(place=wrong)) from None


def _refuse_other_keys(config: Config, manifest: Manifest) -> None:
    path, needed = config.security.key_file, manifest.fingerprint
    if not os.path.lexists(path):
        raise Refused(texts.BACKUP_KEYS_MISSING.format(path=path, fingerprint=needed))
    fingerprint = keys.load(config).fingerprint
    if fingerprint != needed:
        text = texts.BACKUP_OTHER_KEYS
        raise Refused(text.format(needed=needed, fingerprint=fingerprint))


async def _restore(config: Config, file: Path, listed: Sequence[Mark]) -> int:
    """Returns how many addresses had been erased since the backup, and are erased again."""
    backup.refuse_file_in_use(config.database.url)
    async with making(config) as db:
        await backup.refuse_server_in_use(db)
        now = datetime.now(UTC)
        await backup.restore(db, file, now)
        return await erasing.replay(db, listed, now=now)
