"""`mingbai proposal`: early reminders that wait for a superior's word (domain.md, M60)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from bot.app import terms
from bot.commands import store, texts
from bot.commands.acting import actor
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from notifications import proposals as early
from notifications.campaigns import CampaignError
from notifications.proposals import NobodyConcerned, NotTheirs
from storage import proposals, regions
from storage.clock import BEIJING
from storage.database import Database
from storage.proposals import Decided, Form, Proposal
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class _Deciding:
    """What a decision needs; `by` is the id of whoever decides."""

    db: Database
    by: str
    now: datetime


def show(config: Config, *, as_json: bool) -> None:
    """Prints what nobody has decided on, the oldest first."""

    async def work() -> list[tuple[Proposal, str, str]]:
        async with store.opened(config) as db:
            return [
                (one, await _name(db, one.village), await _name(db, one.region))
                for one in await proposals.open_ones(db)
            ]

    found = asyncio.run(work())
    if as_json:
        click.echo(json.dumps([_as_json(one) for one, *_ in found], ensure_ascii=False))
        return
    if not found:
        click.echo(texts.NO_PROPOSALS)
    for one, village, region in found:
        click.echo(
            texts.PROPOSAL_LINE.format(
                number=one.number,
                at=one.made_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
                village=village,
                title=one.title,
                region=region,
                role=one.role,
            )
        )


def confirm(config: Config, number: str, *, form: str, person: str, now: datetime | None) -> None:
    """Somebody's yes: a message to whoever is concerned, or a note that the superior talks."""

    async def work() -> int:
        async with _deciding(config, person, now) as one:
            with _in_words(number):
                return await early.confirm(
                    one.db, terms(config), number, form=Form(form), by=one.by, now=one.now
                )

    people = asyncio.run(work())
    said = texts.PROPOSAL_TEXT if form == Form.TEXT else texts.PROPOSAL_CALL
    click.echo(said.format(people=people))


def dismiss(config: Config, number: str, *, reason: str, person: str, now: datetime | None) -> None:
    """Somebody's no; nobody concerned ever hears of it."""
    told = reason.strip()
    if not told or len(told) > proposals.LONGEST_REASON:
        raise Refused(
            texts.PROPOSAL_REASON.format(length=len(told), longest=proposals.LONGEST_REASON)
        )

    async def work() -> None:
        async with _deciding(config, person, now) as one:
            with _in_words(number):
                await early.dismiss(one.db, number, reason=told, by=one.by, now=one.now)

    asyncio.run(work())
    click.echo(texts.PROPOSAL_DISMISSED)


@asynccontextmanager
async def _deciding(config: Config, person: str, now: datetime | None) -> AsyncIterator[_Deciding]:
    keys = load(config)
    async with store.opened(config, keys) as db:
        by = await actor(db, Sealer(keys), person)
        yield _Deciding(db, by, (await store.business_clock(db, now)).now())


@contextmanager
def _in_words(number: str) -> Iterator[None]:
    try:
        yield
    except NotTheirs:
        raise Refused(texts.PROPOSAL_NOT_YOURS.format(number=number)) from None
    except Decided:
        raise Refused(texts.PROPOSAL_DECIDED.format(number=number)) from None
    except NobodyConcerned:
        raise Refused(texts.PROPOSAL_NOBODY) from None
    except CampaignError as error:
        raise Refused(str(error)) from None


async def _name(db: Database, code: str) -> str:
    place = await regions.region(db, code)
    return place.name if place else code


def _as_json(one: Proposal) -> dict[str, str]:
    return {
        "number": one.number,
        "signal": one.signal.value,
        "village": one.village,
        "title": one.title,
        "role": one.role,
        "region": one.region,
        "state": one.state.value,
        "made_at": one.made_at.astimezone(BEIJING).isoformat(timespec="seconds"),
    }
