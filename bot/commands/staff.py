"""`mingbai staff`: accounts for the console. The first one is made here, by whoever has the keys.

What somebody may do is no matter of their account: the people file says which posts they hold.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import click

from bot.commands import store, texts
from bot.commands.acting import actor
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from console.staff.access.accounts import is_login
from storage import people, staff
from storage.audit import OPERATOR
from storage.sealing import Sealer
from storage.staff import Listed, LoginTaken

_EVERYWHERE = ("",)
_AT_MOST = 100_000


def add(config: Config, login: str, person: str) -> None:
    """Opens an account for somebody in office and prints its starting code, once."""
    if not is_login(login):
        raise Refused(texts.STAFF_LOGIN.format(login=login))

    async def work() -> tuple[str, str]:
        keys = load(config)
        async with store.opened(config, keys) as db:
            identity = await actor(db, Sealer(keys), person)
            clock = await store.business_clock(db, None)
            posts = await people.posts_of(db, identity, clock.today())
            held = [f"{post.role}({post.region})" for post in posts if post.role != "居民"]
            if not held:
                raise Refused(texts.STAFF_NO_POST)
            try:
                made = await staff.add(
                    db, person_id=identity, login=login, made_by=OPERATOR, now=clock.now()
                )
            except LoginTaken:
                raise Refused(texts.STAFF_TAKEN.format(login=login)) from None
            code = await staff.start_alone(db, made, OPERATOR, clock.now(), datetime.now(UTC))
            return "、".join(held), code

    held, code = asyncio.run(work())
    click.echo(texts.STAFF_ADDED.format(login=login, held=held))
    click.echo(texts.STAFF_START.format(url=config.server.public_url, code=code))


def reset(config: Config, login: str) -> None:
    """A new starting code for an account; its password and authenticator hold until it is used."""

    async def work() -> str:
        async with store.opened(config, load(config)) as db:
            account = await staff.by_login(db, login)
            if account is None:
                raise Refused(texts.STAFF_UNKNOWN.format(login=login))
            now = (await store.business_clock(db, None)).now()
            return await staff.start_alone(db, account.id, OPERATOR, now, datetime.now(UTC))

    click.echo(texts.STAFF_START.format(url=config.server.public_url, code=asyncio.run(work())))


def show(config: Config, *, as_json: bool) -> None:
    """Prints every account."""

    async def work() -> list[Listed]:
        async with store.opened(config) as db:
            return await staff.listed(db, _EVERYWHERE, limit=_AT_MOST)

    found = asyncio.run(work())
    if as_json:
        told = [
            {"login": one.login, "name": one.name, "person": one.person_id, "state": _state(one)}
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not found:
        click.echo(texts.STAFF_NOBODY)
    for one in found:
        click.echo(f"{one.login}  {one.name}  {texts.STAFF_STATES[_state(one)]}")


def _state(one: Listed) -> str:
    if one.is_closed:
        return "closed"
    return "starting" if one.waits_for_start else "open"
