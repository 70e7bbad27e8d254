"""`mingbai campaign list|report|pause|cancel|resend`: what is said of a campaign that exists."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from unicodedata import east_asian_width

import click

from bot.commands import store, texts
from bot.commands.campaign import OPERATOR, forecast_lines, terms
from bot.config import Config
from bot.errors import Refused
from notifications import reporting, steering
from notifications import texts as words
from notifications.campaigns import CampaignError
from notifications.steering import Hand, Resent
from storage import campaigns, reports
from storage.clock import BEIJING
from storage.database import Database
from storage.reports import Listed, Outcomes

_NEWEST = 50

_T = TypeVar("_T")


def pause(config: Config, campaign_id: str, *, now: datetime | None) -> None:
    """Holds a campaign."""
    _say(config, now, lambda db, hand: steering.pause(db, campaign_id, hand))
    click.echo(texts.PAUSED.format(id=campaign_id))


def cancel(config: Config, campaign_id: str, *, now: datetime | None) -> None:
    """Ends a campaign for good."""
    _say(config, now, lambda db, hand: steering.cancel(db, campaign_id, hand))
    click.echo(texts.CANCELLED)


def go_on(config: Config, campaign_id: str, *, now: datetime | None) -> bool:
    """Lets go on what a person paused; False where a restore holds it, or nothing does."""
    went_on = _say(config, now, lambda db, hand: steering.go_on(db, campaign_id, hand))
    if went_on:
        click.echo(texts.WENT_ON)
    return went_on


def resend(
    config: Config,
    campaign_id: str,
    *,
    unknown: bool,
    spread: bool,
    dry_run: bool,
    now: datetime | None,
) -> None:
    """Sends again to whom it failed to reach, and prints what that comes to; with `dry_run` prints
    it alone."""

    async def again(db: Database, hand: Hand) -> Resent:
        return await steering.resend(
            db, terms(config), campaign_id, hand, unknown=unknown, spread=spread, dry_run=dry_run
        )

    resent = _say(config, now, again)
    for line in forecast_lines(resent.forecast):
        click.echo(line)
    click.echo(texts.NOT_SENT_YET if dry_run else texts.RESENT.format(revision=resent.revision))


def show_list(config: Config, *, as_json: bool) -> None:
    """Prints the newest campaigns."""
    found = asyncio.run(_listed(config))
    if as_json:
        click.echo(json.dumps([as_object(one) for one in found], ensure_ascii=False))
        return
    if not found:
        click.echo(texts.NO_CAMPAIGNS)
        return
    for line in table(
        texts.LIST_HEAD,
        [
            (
                one.id, f"{one.created_at.astimezone(BEIJING):%m-%d %H:%M}", one.template,
                texts.CAMPAIGN_STATES[one.state], f"{one.total:,}", f"{one.reached:,}",
            )
            for one in found
        ],
    ):  # fmt: skip
        click.echo(line)


def as_object(one: Listed) -> dict[str, object]:
    """A campaign of a list, as JSON tells it."""
    return {
        "id": one.id,
        "template": one.template,
        "state": one.state,
        "created_at": one.created_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        "total": one.total,
        "people_reached": one.reached,
    }


def report(config: Config, campaign_id: str, file: Path | None) -> None:
    """Prints what became of a campaign, or writes it for a spreadsheet."""
    lines = asyncio.run(_outcomes(config, campaign_id))
    if file is not None:
        try:
            file.write_text(reporting.as_csv(lines), encoding="utf-8", newline="")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Refused(texts.REPORT_UNWRITABLE.format(file=file, reason=reason)) from None
        click.echo(texts.REPORT_WRITTEN.format(file=file))
        return
    if not lines:
        click.echo(texts.REPORT_EMPTY)
    for line in table(words.REPORT_COLUMNS, [reporting.cells(one) for one in lines]):
        click.echo(line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side, figures to the right; a Chinese character is two wide."""
    every = [head, *rows]
    widths = [max(_width(row[place]) for row in every) for place in range(len(head))]
    return ["  ".join(_cell(c, w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in every]  # fmt: skip


def _cell(text: str, width: int) -> str:
    room = " " * (width - _width(text))
    return room + text if text.replace(",", "").isdecimal() else text + room


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _say(
    config: Config, now: datetime | None, word: Callable[[Database, Hand], Awaitable[_T]]
) -> _T:
    async def said() -> _T:
        async with store.opened(config) as db:
            clock = await store.business_clock(db, now)
            hand = Hand(actor=OPERATOR, now=clock.now(), real=datetime.now(UTC))
            try:
                return await word(db, hand)
            except CampaignError as refused:
                raise Refused(str(refused)) from None

    return asyncio.run(said())


async def _listed(config: Config) -> list[Listed]:
    async with store.opened(config) as db:
        return await reports.newest(db, _NEWEST)


async def _outcomes(config: Config, campaign_id: str) -> list[Outcomes]:
    async with store.opened(config) as db:
        if await campaigns.load(db, campaign_id) is None:
            raise Refused(texts.NO_CAMPAIGN.format(id=campaign_id))
        return await reports.outcomes(db, campaign_id)
