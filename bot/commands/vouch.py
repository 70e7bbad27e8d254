"""`mingbai vouch`: the village's word, once, for who somebody is (domain.md, section 8)."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import click

from bot.commands import store, texts
from bot.commands.acting import actor
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from storage import identities
from storage.people import SeveralPeople, UnknownPerson, find_person
from storage.sealing import Sealer

_LAST_FOUR = re.compile(r"\d{3}[\dX]")


def run(
    config: Config, contact: str, *, name: str, last_four: str, note: str, person: str | None
) -> None:
    """Lets whoever writes from `contact` see the rows of that name and those last four.

    `note` says how it was checked, and stays on record with who vouched.
    """
    if not _LAST_FOUR.fullmatch(last_four.upper()):
        raise Refused(texts.NOT_FOUR)
    if not note.strip():
        raise Refused(texts.NO_NOTE)
    asyncio.run(_vouch(config, contact, name, last_four, note, person))
    click.echo(texts.VOUCHED)


async def _vouch(
    config: Config, contact: str, name: str, last_four: str, note: str, person: str | None
) -> None:
    loaded = load(config)
    async with store.opened(config, loaded) as db:
        sealer = Sealer(loaded)
        doing = await actor(db, sealer, person)
        try:
            known = await find_person(db, sealer, contact)
        except UnknownPerson:
            raise Refused(texts.UNKNOWN_CONTACT) from None
        except SeveralPeople as several:
            known = several.people[0]  # a household's number is its first person's
        key = identities.key_of(sealer, name.strip(), last_four)
        await identities.vouch(
            db, known.id, key, actor=doing, note=note.strip(), now=datetime.now(UTC)
        )
