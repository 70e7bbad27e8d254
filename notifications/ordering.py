"""Campaigns that people compose: a small one begins, a large one waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from notifications import campaigns, texts
from notifications.campaigns import CampaignError, Forecast, Order
from notifications.terms import Terms
from storage import audit, orders, templates
from storage.campaigns import id_of_key
from storage.database import Database
from storage.orders import APPROVED, REFUSED, WAITING, CampaignOrder


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of an order: a campaign, or (its id empty) one that waits."""

    campaign_id: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An order as somebody composed it, all of its audience in a `region` (12-digit code).

    `id` is new for each form, so that one sent twice is one order; `versions` are those of the
    words by channel that were shown.
    """

    id: str
    order: Order
    region: str
    versions: dict[str, int]


def needs_second(forecast: Forecast, terms: Terms) -> bool:
    """Whether a second person has to approve what comes to so many people."""
    return forecast.people > terms.delivery.second_person_over


async def words_now(db: Database, code: str) -> dict[str, int]:
    """By channel, the version of a template's words that is in use."""
    in_use = await templates.wordings_of(db, code)
    return {channel: wording.version for channel, wording in in_use.items()}


async def place(
    db: Database, terms: Terms, composed: Composed, *, actor: str, now: datetime
) -> Placed:
    """Begins it, or lays it before a second person. The same id again changes nothing.

    Raises as `campaigns.create` does, and CampaignError where the words were changed since they
    were shown. Business time.
    """
    key = f"composed:{composed.id}"
    order = replace(composed.order, key=key)
    if known := await id_of_key(db, key):
        return Placed(campaign_id=known)
    if await orders.load(db, composed.id):
        return Placed(order_id=composed.id)
    await _check_words(db, order.template, composed.versions)
    forecast = await campaigns.forecast(db, terms, order, now)
    if not needs_second(forecast, terms):
        details = {"template": order.template, "people": forecast.people}
        async with db.transaction():
            made = await campaigns.create(db, terms, order, now=now, actor=actor)
            await audit.record(db, actor, "created", made, details, now=now)
        return Placed(campaign_id=made)
    waiting = CampaignOrder(
        id=composed.id,
        template=order.template,
        audience=order.audience,
        region=composed.region,
        params=order.params,
        versions=composed.versions,
        planned_for=order.at,
        spread=order.spread,
        people=forecast.people,
        price_fen=forecast.price_fen,
        made_by=actor,
        made_at=now,
    )
    details = {"template": order.template, "people": forecast.people}
    async with db.transaction():
        await audit.record(db, actor, "campaign_proposed", composed.id, details, now=now)
        await orders.insert(db, waiting)
    return Placed(order_id=composed.id)


async def approve(db: Database, terms: Terms, order_id: str, *, actor: str, now: datetime) -> str:
    """Begins a campaign that waited; returns its id. Raises as `campaigns.create` does, and for
    whoever composed it."""
    waiting = await _waiting(db, order_id)
    if waiting.made_by == actor:
        raise CampaignError(texts.OWN_CAMPAIGN)
    await _check_words(db, waiting.template, dict(waiting.versions))
    order = as_order(waiting)
    async with db.transaction():
        if not await orders.decide(db, order_id, state=APPROVED, by=actor, now=now):
            raise CampaignError(texts.ORDER_DECIDED)
        made = await campaigns.create(db, terms, order, now=now, actor=waiting.made_by)
        await orders.note_campaign(db, order_id, made)
        details = {"campaign": made, "people": waiting.people}
        await audit.record(db, actor, "campaign_approved", order_id, details, now=now)
    return made


async def refuse(db: Database, order_id: str, *, actor: str, reason: str, now: datetime) -> None:
    """Lays an order aside; whoever composed it may take it back so. Raises CampaignError."""
    waiting = await _waiting(db, order_id)
    if not reason.strip() and waiting.made_by != actor:
        raise CampaignError(texts.REASON_NEEDED)
    async with db.transaction():
        if not await orders.decide(
            db, order_id, state=REFUSED, by=actor, now=now, reason=reason.strip()
        ):
            raise CampaignError(texts.ORDER_DECIDED)
        await audit.record(db, actor, "campaign_refused", order_id, now=now)


def as_order(waiting: CampaignOrder) -> Order:
    return Order(
        template=waiting.template,
        audience=waiting.audience,
        params=waiting.params,
        at=waiting.planned_for,
        key=f"composed:{waiting.id}",
        spread=waiting.spread,
    )


async def _waiting(db: Database, order_id: str) -> CampaignOrder:
    found = await orders.load(db, order_id)
    if found is None or found.state != WAITING:
        raise CampaignError(texts.ORDER_DECIDED)
    return found


async def _check_words(db: Database, code: str, shown: dict[str, int]) -> None:
    if shown != await words_now(db, code):
        raise CampaignError(texts.WORDS_CHANGED)
