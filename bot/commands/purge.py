"""`mingbai purge`: deletes what the config keeps no longer; `--dry-run` only counts it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

import click

from bot.commands import keys, store, texts
from bot.config import Config
from storage import retention
from storage.audit import OPERATOR
from storage.database import sqlite_path


def run(config: Config, *, dry_run: bool, as_json: bool, now: datetime | None) -> None:
    """Prints how many of each kind went, or would go."""
    counted = asyncio.run(_purge(config, dry_run=dry_run, now=now))
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "counts": counted}))
        return
    for kind, count in counted.items():
        click.echo(texts.PURGE_KINDS[kind].format(count=count))
    click.echo(texts.PURGE_WOULD if dry_run else texts.PURGED)
    if not dry_run and sqlite_path(config.database.url):
        click.echo(texts.PURGE_FILE_STAYS)


async def _purge(config: Config, *, dry_run: bool, now: datetime | None) -> dict[str, int]:
    async with store.opened(config, keys.load(config)) as db:
        moment = (await store.business_clock(db, now)).now()
        if dry_run:
            return await retention.due(db, config.retention, moment)
        return await retention.purge(db, config.retention, actor=OPERATOR, now=moment)
