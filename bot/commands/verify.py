"""`mingbai verify`: whether anything published was changed."""

from __future__ import annotations

import asyncio
import re

import click

from bot.commands import texts
from bot.commands.store import opened
from bot.config import Config
from bot.errors import Refused
from storage import audit, chain
from storage.chain import Broken, Flaw
from storage.database import Database

_HEAD = re.compile(r"[0-9a-f]{16,64}")


def run(config: Config, *, head: str | None) -> None:
    """Checks the hash chains, and that `head`, noted earlier, is one of their links.

    A head may be cut to its first 16 digits or more. Refuses, naming the first broken link, where
    something was changed.
    """
    noted = (head or "").strip().lower()
    if noted and not _HEAD.fullmatch(noted):
        raise Refused(texts.HEAD_TOO_SHORT)
    asyncio.run(_verify(config, noted))


async def _verify(config: Config, noted: str) -> None:
    async with opened(config) as db, db.snapshot():
        broken = await _first_flaw(db, noted)
        links, acts = await chain.head(db), await audit.head(db)
    if broken:
        raise Refused(_explain(broken))
    click.echo(texts.VERIFIED.format(links=links.length, acts=acts[0]))
    click.echo(texts.CHAIN_HEAD.format(head=links.hash))
    click.echo(texts.AUDIT_HEAD.format(head=acts[1]))
    if noted:
        click.echo(texts.HEAD_KNOWN)


async def _first_flaw(db: Database, noted: str) -> Broken | None:
    entry, in_audit = await audit.verify(db, noted)
    broken = await chain.verify(db, "" if in_audit else noted)
    if broken is None and entry is not None:
        return Broken(Flaw.AUDIT, entry)
    return broken


def _explain(broken: Broken) -> str:
    lines = [texts.BROKEN[broken.flaw].format(link=broken.link)]
    if broken.disclosure:
        lines.append(texts.BROKEN_WHERE.format(disclosure=broken.disclosure))
    return "\n".join([*lines, texts.BROKEN_REMEDY])
