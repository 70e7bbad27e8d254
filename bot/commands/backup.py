"""`mingbai backup`: the database in one file, without the keys."""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands import texts
from bot.commands.store import opened
from bot.config import Config
from bot.errors import Refused
from storage import backup, installation
from storage.backup import BackupError
from storage.database import Unavailable


def run(config: Config, file: Path) -> None:
    """Writes a consistent backup that names the fingerprint of the keys; the service may run on."""
    if os.path.lexists(file):
        raise Refused(texts.BACKUP["exists"].format(file=file))
    asyncio.run(_back_up(config, file))


async def _back_up(config: Config, file: Path) -> None:
    async with opened(config) as db:
        try:
            now = datetime.now(UTC)
            manifest = await backup.write(db, file, now)
        except BackupError as error:
            raise Refused(texts.BACKUP[error.problem].format(file=file)) from None
        # The backup is there; where somebody writes for long, only the note of it is missing.
        with contextlib.suppress(*Unavailable):
            await installation.mark_backed_up(db, now)
    click.echo(texts.BACKED_UP.format(file=file, fingerprint=manifest.fingerprint))
