"""What people would get of a template, told or sent to one of them before it goes to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notifications import campaigns
from notifications.campaigns import Draft, Order, local_day
from notifications.channels.rate import Lane
from notifications.rendering import fill
from notifications.segments import segments
from notifications.terms import Terms
from notifications.trying import as_fitted
from storage import audience, audit, people
from storage.audience import Reached
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer

_SHOWN_BEFORE, _SHOWN_AFTER = 3, 4
"""Digits of a phone number that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one recipient would get, and who that is as far as an operator needs to know.

    `address` is a masked phone number, empty for WeChat: an openid is nobody's to see. Where
    `fields` are there the platform puts them into a text of its own.
    """

    name: str
    post: str
    channel: str
    gateway: str
    address: str
    text: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    shortened: bool = False
    segments: int = 0
    price_fen: int = 0

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "post": self.post,
            "channel": self.channel,
            "gateway": self.gateway,
            "address": self.address,
            "text": self.text,
            "fields": dict(self.fields),
            "shortened": self.shortened,
            "segments": self.segments,
            "price_fen": self.price_fen,
        }


async def preview(
    db: Database, sealer: Sealer, terms: Terms, order: Order, *, limit: int, now: datetime
) -> list[Preview]:
    """The first recipients, by their ids, with what each would get; writes nothing.

    Raises CampaignError, AudienceError, TemplateError, as `campaigns.create` would.
    """
    made = await campaigns.draft(db, terms, order, now)
    contents = {channel: _content(made, channel, order.params, terms) for channel in made.messages}
    found = await audience.first_reached(db, made.whom, limit)
    return [await _preview(db, sealer, one, contents[one.channel], now) for one in found]


async def send_test(
    db: Database,
    terms: Terms,
    code: str,
    params: Mapping[str, str],
    *,
    to: str,
    now: datetime,
    real: datetime,
    actor: str = audit.OPERATOR,
    words: Mapping[str, str] | None = None,
) -> str:
    """Sends to the person with this id alone, at once; returns the campaign's id. On record.

    `words`, by channel, stand for those in use: of a wording that nobody has approved yet. `now` is
    business time, `real` the record's. Raises as `campaigns.create` does.
    """
    order = Order(
        template=code,
        audience=f"person={to}",
        params=params,
        lane=Lane.URGENT,
        key=f"test:{new_id()}",
        words=words or {},
    )
    async with db.transaction():
        campaign_id = await campaigns.create(db, terms, order, now=now, actor=actor)
        await audit.record(db, actor, "tested", code, {"campaign": campaign_id}, now=real)
    return campaign_id


@dataclass(frozen=True, slots=True)
class _Content:
    """What goes over one channel, the same for everybody."""

    gateway: str
    text: str
    fields: Mapping[str, str]
    shortened: bool
    segments: int
    price_fen: int


def _content(made: Draft, channel: str, params: Mapping[str, str], terms: Terms) -> _Content:
    message, route = made.messages[channel], made.routes[channel]
    if channel != "sms":
        return _Content(route.gateway, "", message.values, message.shortened, 0, 0)
    text = fill(made.wordings[channel], {**params, **as_fitted(route, message)})
    billed = segments(text, terms.sign_name)
    price = billed * terms.price_fen
    return _Content(route.gateway, text, message.values, message.shortened, billed, price)


async def _preview(
    db: Database, sealer: Sealer, one: Reached, content: _Content, now: datetime
) -> Preview:
    who = await masked(db, sealer, one, now)
    return Preview(
        name=who.name,
        post=who.post,
        channel=who.channel,
        gateway=content.gateway,
        address=who.address,
        text=content.text,
        fields=content.fields,
        shortened=content.shortened,
        segments=content.segments,
        price_fen=content.price_fen,
    )


@dataclass(frozen=True, slots=True)
class Masked:
    """A recipient, as far as an operator needs to know who that is."""

    name: str
    post: str
    channel: str
    address: str


async def masked(db: Database, sealer: Sealer, one: Reached, now: datetime) -> Masked:
    """Business time: of the posts, one that is held on that day."""
    person = await people.person(db, one.person_id)
    posts = await people.posts_of(db, one.person_id, local_day(now))
    address = ""
    if one.channel == "sms":
        address = mask_phone(sealer.open_address(one.address).decode())
    return Masked(
        name=f"{person.name[:1] if person else ''}*",
        post=next((post.title or post.role for post in posts), audience.RESIDENT),
        channel=one.channel,
        address=address,
    )


def mask_phone(number: str) -> str:
    """A phone number as it may be shown.

    >>> mask_phone("13800000000"), mask_phone("12345")
    ('138****0000', '****')
    """
    hidden = len(number) - _SHOWN_BEFORE - _SHOWN_AFTER
    if hidden < _SHOWN_AFTER:
        return "****"
    return f"{number[:_SHOWN_BEFORE]}{'*' * hidden}{number[-_SHOWN_AFTER:]}"
