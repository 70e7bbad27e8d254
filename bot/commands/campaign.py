"""`mingbai campaign`: one notice to one audience."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import click

from bot.commands import store, texts
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from notifications import campaigns, progress, restored
from notifications.audience import AudienceError, by_ids
from notifications.campaigns import CampaignError, Forecast, Order
from notifications.channels.rate import Lane
from notifications.memory import BUDGET, KEPT
from notifications.progress import Shown
from notifications.restored import Resumed
from notifications.templates import TemplateError
from notifications.terms import Terms
from notifications.waking import CHANNELS, wake_others
from storage.campaigns import id_of_key
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.halts import Halt
from storage.keys import Keys
from storage.sealing import Sealer

OPERATOR = "operator"


def terms(config: Config) -> Terms:
    """What pushes depend on, from the config."""
    return Terms.of(
        config.wechat,
        config.sms,
        delivery=config.delivery,
        schedule=config.schedule,
        public_url=config.server.public_url,
    )


def create(
    config: Config,
    *,
    template: str,
    audience: str,
    params: Mapping[str, str],
    at: datetime | None,
    lane: str | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
    now: datetime | None,
    spread: bool = False,
) -> None:
    """Plans a push, its id alone on the last line; with `dry_run`, prints what would happen.

    `lane` is urgent, normal or bulk, None the template's own. With a `key` seen before, the first
    id is printed and nothing is sent. Times are UTC.
    """
    order = Order(
        template=template,
        audience=audience,
        params=params,
        at=at,
        lane=Lane[lane.upper()] if lane else None,
        key=key or "",
        spread=spread,
    )
    if dry_run:
        forecast = asyncio.run(_forecast(config, order, now))
        if as_json:
            click.echo(json.dumps(forecast.as_json(), ensure_ascii=False))
        else:
            click.echo("\n".join([*forecast_lines(forecast), texts.NOT_SENT_YET]))
        return
    made = asyncio.run(_create(config, order, now))
    if made.forecast:
        click.echo("\n".join(forecast_lines(made.forecast)))
    click.echo(made.id)


def show(config: Config, campaign_id: str, *, as_json: bool, now: datetime | None) -> None:
    """Prints how far a campaign has come."""
    shown = asyncio.run(_shown(config, campaign_id))
    if as_json:
        click.echo(json.dumps(shown.as_json(), ensure_ascii=False))
        return
    for line in _progress_lines(shown):
        click.echo(line)


def resume(config: Config, campaign_id: str | None, *, now: datetime | None) -> None:
    """Lets a held campaign go on, or all of them (None), saying how many may have gone out."""
    if campaign_id:
        from bot.commands import steering

        if steering.go_on(config, campaign_id, now=now):
            return
    resumed = asyncio.run(_resume(config, campaign_id, now))
    if not (resumed.campaigns or resumed.deliveries or resumed.occurrences):
        raise Refused(texts.NOT_HELD)
    for line in _resumed_lines(resumed):
        click.echo(line)


@asynccontextmanager
async def _business(
    config: Config, now: datetime | None, keys: Keys | None = None
) -> AsyncIterator[tuple[Database, Clock]]:
    async with store.opened(config, keys) as db:
        yield db, await store.business_clock(db, now)


async def _forecast(config: Config, order: Order, now: datetime | None) -> Forecast:
    keys = load(config)
    async with _business(config, now, keys) as (db, clock):
        try:
            order = replace(order, audience=await by_ids(db, Sealer(keys), order.audience))
            return await campaigns.forecast(db, terms(config), order, clock.now())
        except (CampaignError, AudienceError, TemplateError) as error:
            raise Refused(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Made:
    """A campaign, and what it was foreseen to come to; None where its key was known already."""

    id: str
    forecast: Forecast | None


async def _create(config: Config, order: Order, now: datetime | None) -> _Made:
    keys = load(config)
    async with _business(config, now, keys) as (db, clock):
        try:
            order = replace(order, audience=await by_ids(db, Sealer(keys), order.audience))
            known = order.key and await id_of_key(db, order.key)
            foreseen = None
            if not known:
                foreseen = await campaigns.forecast(db, terms(config), order, clock.now())
            created = await campaigns.create(
                db, terms(config), order, now=clock.now(), actor=OPERATOR
            )
        except (CampaignError, AudienceError, TemplateError) as error:
            raise Refused(str(error)) from None
    await wake_others(config.queue.url, keys.fingerprint, CHANNELS)
    return _Made(created, foreseen)


async def _shown(config: Config, campaign_id: str) -> Shown:
    async with store.opened(config) as db:
        shown = await progress.show(db, campaign_id)
    if shown is None:
        raise Refused(texts.NO_CAMPAIGN.format(id=campaign_id))
    return shown


async def _resume(config: Config, campaign_id: str | None, now: datetime | None) -> Resumed:
    async with _business(config, now) as (db, clock):
        if campaign_id and await progress.show(db, campaign_id) is None:
            raise Refused(texts.NO_CAMPAIGN.format(id=campaign_id))
        return await restored.resume(db, campaign_id, now=clock.now(), real=datetime.now(UTC))


def forecast_lines(forecast: Forecast) -> list[str]:
    """What a push comes to, for whoever starts it."""
    lines = [texts.FORECAST_PEOPLE.format(people=forecast.people)]
    lines += [
        texts.FORECAST_CHANNEL.format(channel=texts.CHANNELS[channel], count=count)
        for channel, count in forecast.by_channel.items()
    ]
    if forecast.without_channel:
        lines.append(texts.FORECAST_NONE.format(count=forecast.without_channel))
        lines += [f"    {identity}" for identity in forecast.unreachable]
        if len(forecast.unreachable) < forecast.without_channel:
            lines.append(texts.FORECAST_MORE)
    if forecast.shortened:
        lines.append(texts.FORECAST_SHORTENED.format(count=forecast.shortened))
    lines += [
        texts.FORECAST_LEFT.format(channel=texts.CHANNELS[channel], left=quota["left"])
        for channel, quota in forecast.quota.items()
        if quota["left"] is not None
    ]
    if forecast.price_fen:
        lines.append(texts.FORECAST_PRICE.format(yuan=f"{forecast.price_fen / 100:.2f}"))
    return lines


_BAR = 30


def _progress_lines(shown: Shown) -> list[str]:
    campaign, counts = shown.campaign, shown.progress
    state = texts.CAMPAIGN_STATES[campaign.state]
    lines = [
        texts.CAMPAIGN_HEAD.format(
            id=campaign.id, template=campaign.template, state=state, total=counts.total
        )
    ]
    if campaign.revision > 1:
        lines.append(texts.REVISION.format(revision=campaign.revision))
    if campaign.state == "planned":
        lines.append(texts.CAMPAIGN_PLANNED.format(at=_local(campaign.planned_for)))
    elif counts.total:
        lines += _bar_lines(shown)
    if campaign.state == "running" and not campaign.fanned_out:
        lines.append(texts.FANNING_OUT)
    width = max((len(f"{count:,}") for count in counts.by_state.values()), default=0)
    lines += [
        texts.CAMPAIGN_LINE.format(
            state=texts.DELIVERY_STATES[state].ljust(_NAME, _WIDE), count=f"{count:,}".rjust(width)
        )
        for state, count in counts.by_state.items()
    ]
    if counts.people_reached:
        channels = ",".join(
            f"{texts.CHANNELS[channel]} {count:,}" for channel, count in counts.by_channel.items()
        )
        lines.append(texts.CAMPAIGN_REACHED.format(people=counts.people_reached, channels=channels))
    if counts.repeated:
        lines.append(texts.CAMPAIGN_REPEATED.format(count=counts.repeated))
    return lines + [_halt_line(halt) for halt in shown.halts]


_WIDE = "\u3000"
_NAME = max(len(name) for name in texts.DELIVERY_STATES.values())


def _bar_lines(shown: Shown) -> list[str]:
    """How much is done, how fast it went so far, and what is left at that rate."""
    counts = shown.progress
    left = sum(counts.by_state.get(state, 0) for state in ("new", "held", "sending"))
    done = counts.total - left
    full = _BAR * done // counts.total
    bar = "#" * full + "." * (_BAR - full)
    lines = [
        texts.PROGRESS_BAR.format(
            bar=f"[{bar}]", percent=100 * done // counts.total, done=f"{done:,}",
            total=f"{counts.total:,}",
        )
    ]  # fmt: skip
    if shown.campaign.state != "running" or not (left and counts.begun_at and counts.moved_at):
        return lines
    seconds = (counts.moved_at - counts.begun_at).total_seconds()
    if done and seconds >= 1:
        rate = done / seconds
        lines.append(
            texts.PROGRESS_RATE.format(rate=f"{max(rate, 1):,.0f}", left=_time_left(left / rate))
        )
    return lines


def _time_left(seconds: float) -> str:
    if seconds < 90:
        return texts.SECONDS_LEFT.format(n=max(1, round(seconds)))
    if seconds < 5400:
        return texts.MINUTES_LEFT.format(n=round(seconds / 60))
    return texts.HOURS_LEFT.format(n=round(seconds / 3600))


def _halt_line(halt: Halt) -> str:
    if halt.channel in (BUDGET, KEPT):
        return texts.BUDGET_HALT.format(detail=halt.detail)
    return texts.CAMPAIGN_HALT.format(
        channel=texts.CHANNELS[halt.channel],
        detail=halt.detail,
        code=halt.code,
        until=_local(halt.until),
    )


def _resumed_lines(resumed: Resumed) -> list[str]:
    lines = [texts.RESUMED.format(campaigns=resumed.campaigns, deliveries=resumed.deliveries)]
    if resumed.may_have_gone_out:
        lines.append(texts.MAY_HAVE_GONE_OUT.format(count=resumed.may_have_gone_out))
    if resumed.not_begun:
        lines.append(texts.NOT_BEGUN.format(count=resumed.not_begun))
    if resumed.occurrences:
        lines.append(texts.OCCURRENCES.format(count=resumed.occurrences))
    return lines


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"
