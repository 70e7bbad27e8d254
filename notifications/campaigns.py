"""Campaigns: planned, weighed, made; texts and values are frozen at that moment."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from notifications import policy, quotas, texts
from notifications.audience import AudienceError, read_audience, region_of
from notifications.channels.rate import Lane
from notifications.messages import Message, Unsendable, compose
from notifications.nobody import why_nobody
from notifications.policy import POLICIES, NoticeClass
from notifications.quotas import NoRoom
from notifications.rendering import fill
from notifications.templates import known_template
from notifications.terms import BARRED, Route, Terms, routes
from storage import audience, campaigns, spending, templates, turns
from storage.audience import Audience, Between, FanOut, Reach, Selection
from storage.campaigns import Campaign
from storage.clock import BEIJING
from storage.database import Database
from storage.ids import new_id
from storage.spending import Share
from storage.templates import Template

log = logging.getLogger(__name__)

_NAMED = 20
"""So many of those whom nothing reaches are named."""

WHOLE_TEXT_PATH = "/v/notices/{id}"
"""Where a notice that a field had no room for is read."""


class CampaignError(ValueError):
    """A push cannot be made so: the message is for the operator, in plain Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be sent to whom. `audience` is an expression; `whom` stands for it where code
    decides. `at` is business time, None: now. Without a `key` each order is another campaign."""

    template: str
    audience: str
    params: Mapping[str, str] = field(default_factory=dict)
    whom: Audience | None = None
    at: datetime | None = None
    lane: Lane | None = None
    key: str = ""
    link: str = ""
    card: str = ""
    """The heading of a picture that its text is drawn on; empty: it goes out in words alone."""
    channels: tuple[str, ...] = ()
    """Over these alone, come what may; empty: over whichever there is."""
    spread: bool = False
    """Over as many days as the provider's quota makes it take."""
    words: Mapping[str, str] = field(default_factory=dict)
    """By channel, what stands for the words in use: somebody tries their own on themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What an order would come to, as `--dry-run` tells (contract.md, section 2).

    `quota` holds by channel how many messages it needs and how many are left, None: no limit.
    """

    people: int
    by_channel: dict[str, int]
    without_channel: int
    shortened: int  # people whose text has to be cut
    quota: dict[str, dict[str, int | None]]
    price_fen: int
    unreachable: tuple[str, ...] = ()  # ids of people without a channel, the first of them

    def as_json(self) -> dict[str, object]:
        return {
            "people": self.people,
            "by_channel": self.by_channel,
            "without_channel": self.without_channel,
            "shortened": self.shortened,
            "quota": self.quota,
            "price_fen": self.price_fen,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """An order that can be carried out."""

    order: Order
    template: Template
    notice_class: NoticeClass
    lane: Lane
    routes: Mapping[str, Route]
    texts: Mapping[str, str]
    versions: Mapping[str, int]
    whom: Audience


async def forecast(db: Database, terms: Terms, order: Order, now: datetime) -> Forecast:
    """Weighs an order without carrying it out. Raises CampaignError, AudienceError,
    TemplateError."""
    checked = await _check(db, terms, order, now)
    return await foreseen(db, terms, checked, now)


@dataclass(frozen=True, slots=True)
class Draft:
    """An order as it would go out: to whom, and by channel over which way and in which words."""

    whom: Selection
    routes: Mapping[str, Route]
    wordings: Mapping[str, str]  # their variables not filled yet
    messages: Mapping[str, Message]


async def draft(db: Database, terms: Terms, order: Order, now: datetime) -> Draft:
    """Writes an order out without carrying it out. Raises as `create` does."""
    checked = await _check(db, terms, order, now)
    whom = _selected(checked)
    if reason := await why_nobody(db, order.audience, whom, await audience.reach(db, whom)):
        raise CampaignError(reason)
    wordings = await templates.wordings_of(db, checked.template.code)
    made = {channel: _compose(checked, terms, channel) for channel in checked.routes}
    return Draft(
        whom=whom,
        routes=checked.routes,
        wordings={channel: wordings[channel].text for channel in checked.routes},
        messages={c: message for c, message in made.items() if isinstance(message, Message)},
    )


async def create(db: Database, terms: Terms, order: Order, *, now: datetime, actor: str) -> str:
    """Makes a campaign and, when its time has come, its deliveries; returns its id.

    The same key again changes nothing and gives the first id. Raises as `forecast` does, and where
    nothing would go out.
    """
    if order.key and (known := await campaigns.id_of_key(db, order.key)):
        return known
    checked = await _check(db, terms, order, now)
    weight = await _weigh(db, checked, terms)
    if reason := await why_nobody(db, order.audience, _selected(checked), weight.reach):
        raise CampaignError(reason)
    return await _create(db, terms, checked, now, actor, weight)


async def create_duty(
    db: Database, terms: Terms, order: Order, *, now: datetime, actor: str
) -> str:
    """As `create`, for triggers: what is not bound yet waits for its binding, and no budget of
    bulk pushes keeps it back."""
    if order.key and (known := await campaigns.id_of_key(db, order.key)):
        return known
    checked = await _check(db, terms, order, now, must_be_bound=False)
    return await _create(db, terms, checked, now, actor)


async def start_planned(db: Database, terms: Terms, now: datetime) -> int:
    """Makes the deliveries of campaigns whose time has come; returns how many campaigns."""
    started = 0
    for campaign in await campaigns.planned(db, now):
        try:
            whom = await _meant(db, campaign, now)
        except AudienceError:  # a village that was there when it was planned
            log.error("campaign %s has no audience any more", campaign.id)
            continue
        async with db.transaction():
            if await campaigns.start(db, campaign.id, whom.as_json()):
                channels = await _channels(db, terms, campaign)
                await _begin_fan_out(db, terms, campaign, whom, channels, now)
                started += 1
    return started


async def _meant(db: Database, campaign: Campaign, now: datetime) -> Audience:
    """Whom a campaign is for; raises AudienceError."""
    if campaign.whom:
        return Audience.from_json(campaign.whom)
    return await read_audience(db, campaign.audience, local_day(now))


async def _create(
    db: Database,
    terms: Terms,
    checked: Checked,
    now: datetime,
    actor: str,
    weight: _Weight | None = None,
) -> str:
    """Without a weight it reserves nothing: what a trigger makes is kept back by no quota."""
    order, identity = checked.order, new_id()
    planned_for = max(order.at or now, now)
    link = order.link
    if not link and (order.card or _is_shortened(checked, terms, "wechat")):
        link = WHOLE_TEXT_PATH.format(id=identity)
    campaign = Campaign(
        id=identity,
        key=order.key or identity,
        template=checked.template.code,
        notice_class=checked.notice_class,
        lane=checked.lane,
        audience=order.audience,
        params=order.params,
        texts=checked.texts,
        link=link,
        card=order.card,
        state="planned" if planned_for > now else "running",
        revision=1,
        planned_for=planned_for,
        expires_at=planned_for + POLICIES[checked.notice_class].expires_after,
        created_by=actor,
        created_at=now,
        versions=checked.versions,
        # Written down where code decided, and where it begins: who is meant is of that day.
        whom=checked.whom.as_json() if order.whom or planned_for <= now else "",
        region=region_of(order.audience),
    )
    async with db.transaction():
        if weight:
            await turns.take(db, quotas.TURN)
        if not await campaigns.insert(db, campaign):
            return await campaigns.id_of_key(db, campaign.key) or identity
        if weight:
            campaign = await _reserve(db, terms, checked, campaign, weight, now)
        if campaign.state == "running":
            channels = _with_words(checked.routes, checked.template, checked.texts)
            people = weight.reach.people if weight else None
            await _begin_fan_out(db, terms, campaign, checked.whom, channels, now, people)
    return identity


async def _reserve(
    db: Database,
    terms: Terms,
    checked: Checked,
    campaign: Campaign,
    weight: _Weight,
    now: datetime,
) -> Campaign:
    """Sets aside what it may need; what goes out over several days is worth something as long."""
    at = campaign.planned_for
    shares = await shares_for(
        db, terms, checked, calls=weight.calls, fen=weight.price_fen, at=at, now=now
    )
    await spending.reserve(db, campaign.id, shares)
    if not (more := extra_days(shares)):
        return campaign
    later = campaign.expires_at + more
    await campaigns.put_off_expiry(db, campaign.id, later)
    return replace(campaign, expires_at=later)


async def shares_for(
    db: Database,
    terms: Terms,
    checked: Checked,
    *,
    calls: int,
    fen: int,
    at: datetime,
    now: datetime,
) -> list[Share]:
    """What has to be set aside of so many calls and so much money, for an order that begins at
    `at`, business time; raises CampaignError.

    In the transaction that sets it aside, which must have taken its turn (quotas.TURN).
    """
    try:
        return await quotas.plan(
            db,
            terms,
            lane=checked.lane,
            calls=calls,
            fen=fen,
            at=_real_start(checked, terms, at, now),
            real=datetime.now(UTC),
            spread=checked.order.spread,
        )
    except NoRoom as error:
        raise CampaignError(str(error)) from None


def extra_days(shares: Sequence[Share]) -> timedelta:
    """How much longer than a day it takes for the provider's quota."""
    days = sum(1 for share in shares if share.quota == quotas.WECHAT)
    return timedelta(days=max(days - 1, 0))


def _real_start(checked: Checked, terms: Terms, at: datetime, now: datetime) -> datetime:
    """When its first message leaves, by the providers' clock."""
    opens = policy.opens_at(checked.notice_class, checked.lane, max(at, now), terms.schedule)
    return datetime.now(UTC) + (opens - now)


SMALL = 5_000
"""An audience of so many gets its deliveries in the transaction that makes the campaign."""

PAGE = 10_000
"""People looked at in one transaction of a larger fan-out: short enough for who waits to write."""


async def _begin_fan_out(
    db: Database,
    terms: Terms,
    campaign: Campaign,
    whom: Audience,
    channels: tuple[str, ...],
    now: datetime,
    people: int | None = None,
) -> None:
    """Makes the deliveries of a small audience at once; a large one's follow page by page.

    `people` is how many are meant, where that has been counted already.
    """
    chosen = selection(whom, NoticeClass(campaign.notice_class), channels)
    small = await audience.is_small(db, chosen, SMALL) if people is None else people <= SMALL
    if small:
        await _fan_out(db, terms, campaign, chosen, now)
        await campaigns.note_page(db, campaign.id, "", complete=True)


async def fan_out_more(db: Database, terms: Terms, now: datetime, *, page: int = PAGE) -> bool:
    """Makes the next deliveries of each campaign that misses some; whether any are left.

    Whoever calls goes on where the last one stopped or died; two at once take turns by the page.
    """
    left = False
    for campaign in await campaigns.fanning_out(db):
        whom = await _meant(db, campaign, now)
        channels = await _channels(db, terms, campaign)
        chosen = selection(whom, NoticeClass(campaign.notice_class), channels)
        left |= await _fan_out_page(db, terms, campaign, chosen, now, page)
    return left


async def _fan_out_page(
    db: Database, terms: Terms, campaign: Campaign, chosen: Selection, now: datetime, size: int
) -> bool:
    """One page in a transaction of its own; whether more are left."""
    async with db.transaction():
        after = await campaigns.take_page(db, campaign.id)
        if after is None:
            return False
        found = await audience.next_page(db, after, size)
        upto, last = after, True
        if found is not None:
            page, last = found
            upto = page.upto
            await _fan_out(db, terms, campaign, chosen, now, page)
        await campaigns.note_page(db, campaign.id, upto, complete=last)
    return not last


async def _channels(db: Database, terms: Terms, campaign: Campaign) -> tuple[str, ...]:
    template = await known_template(db, campaign.template)
    return _with_words(await _ways(db, terms, template), template, campaign.texts)


def _with_words(
    ways: Collection[str], template: Template, wordings: Collection[str]
) -> tuple[str, ...]:
    """The channels that the campaign has words for, for whoever chose some has words for those
    alone: those that are open, or all where none is yet."""
    spoken = tuple(channel for channel in template.channels if channel in wordings)
    return tuple(channel for channel in spoken if channel in ways) or spoken


async def _fan_out(
    db: Database,
    terms: Terms,
    campaign: Campaign,
    chosen: Selection,
    now: datetime,
    page: Between | None = None,
) -> None:
    notice_class, schedule = NoticeClass(campaign.notice_class), terms.schedule
    opens = policy.opens_at(notice_class, campaign.lane, now, schedule)
    per_day = policy.next_cap(campaign.lane, notice_class)
    if per_day is not None:
        # Two at once would both find that nobody has had any today.
        await turns.take(db, f"cap:{notice_class}")
    await audience.fan_out(
        db,
        chosen,
        FanOut(
            campaign_id=campaign.id,
            revision=campaign.revision,
            lane=campaign.lane,
            not_before=opens,
            expires_at=campaign.expires_at,
            now=now,
            per_day=per_day,
            days=policy.days_from(notice_class, campaign.lane, opens, schedule),
        ),
        page,
    )


async def _check(
    db: Database, terms: Terms, order: Order, now: datetime, *, must_be_bound: bool = True
) -> Checked:
    template = await known_template(db, order.template)
    notice_class = NoticeClass(template.notice_class)
    if notice_class is NoticeClass.ANSWER:
        raise CampaignError(texts.ANSWERS_ONLY.format(code=template.code))
    _check_params(template, order.params)
    whom = order.whom or await read_audience(db, order.audience, local_day(order.at or now))
    ways = await _ways(db, terms, template)
    if not ways and must_be_bound:
        if not terms.wechat and not terms.sms_gateway:
            raise CampaignError(texts.NO_GATEWAY)
        raise CampaignError(await _why_closed(db, template))
    wordings = await templates.wordings_of(db, template.code)
    wordings = {c: w for c, w in wordings.items() if c in (order.channels or wordings)}
    ways = {channel: route for channel, route in ways.items() if channel in wordings}
    said = {channel: order.words.get(channel, w.text) for channel, w in wordings.items()}
    filled = {channel: fill(text, order.params) for channel, text in said.items()}
    lane = order.lane if order.lane is not None else POLICIES[notice_class].lane
    versions = {channel: wording.version for channel, wording in wordings.items()}
    checked = Checked(order, template, notice_class, lane, ways, filled, versions, whom)
    for channel in ways:
        made = _compose(checked, terms, channel)
        if isinstance(made, Unsendable):
            raise CampaignError(texts.UNSENDABLE.format(name=made.parameter))
    return checked


async def check_again(
    db: Database, terms: Terms, campaign: Campaign, whom: Audience, *, spread: bool
) -> Checked:
    """A campaign that exists as an order to `whom`, in its own words, over the ways that are open
    now. Raises CampaignError where none is."""
    template = await known_template(db, campaign.template)
    ways = await _ways(db, terms, template)
    ways = {channel: route for channel, route in ways.items() if channel in campaign.texts}
    if not ways:
        raise CampaignError(await _why_closed(db, template))
    order = Order(
        template=template.code, audience=campaign.audience, params=campaign.params, spread=spread
    )
    notice_class, lane = NoticeClass(campaign.notice_class), Lane(campaign.lane)
    return Checked(
        order, template, notice_class, lane, ways, campaign.texts, campaign.versions, whom
    )


async def _why_closed(db: Database, template: Template) -> str:
    """Why no way is open to a template: not bound, or not approved by whom it is bound at."""
    for (code, gateway), binding in (await templates.bindings(db)).items():
        if code == template.code and binding.approval in BARRED:
            return texts.BARRED[binding.approval].format(
                code=code, gateway=gateway, reason=binding.reason or texts.NO_REASON
            )
    return texts.UNBOUND.format(code=template.code)


def _check_params(template: Template, params: Mapping[str, str]) -> None:
    missing = [name for name in template.parameters if name not in params]
    if missing:
        names = "、".join(missing)
        raise CampaignError(texts.MISSING_PARAMETER.format(code=template.code, names=names))
    extra = [name for name in params if name not in template.parameters]
    if extra:
        text = texts.EXTRA_PARAMETER
        known = " ".join(template.parameters) or "(没有)"
        raise CampaignError(
            text.format(code=template.code, names="、".join(extra), parameters=known)
        )
    for name, value in params.items():
        if not value.strip():
            raise CampaignError(texts.EMPTY_PARAMETER.format(name=name))


async def _ways(db: Database, terms: Terms, template: Template) -> dict[str, Route]:
    """The routes that are open, in the order in which channels are tried."""
    found = routes(template.code, await templates.bindings(db), terms)
    return {
        channel: found[channel]
        for channel in policy.CHANNEL_ORDER
        if channel in found and channel in template.channels
    }


def _compose(checked: Checked, terms: Terms, channel: str) -> Message | Unsendable:
    return compose(
        checked.template.code,
        checked.routes[channel],
        checked.order.params,
        checked.texts[channel],
        terms,
    )


def _is_shortened(checked: Checked, terms: Terms, channel: str) -> bool:
    if channel not in checked.routes:
        return False
    made = _compose(checked, terms, channel)
    return isinstance(made, Message) and made.shortened


@dataclass(frozen=True, slots=True)
class _Weight:
    """What an order comes to, before any quota is looked at."""

    reach: Reach
    shortened: int
    price_fen: int

    @property
    def calls(self) -> int:
        return self.reach.by_channel.get("wechat", 0)


async def _weigh(db: Database, checked: Checked, terms: Terms) -> _Weight:
    reach = await audience.reach(db, _selected(checked))
    price, shortened = 0, 0
    for channel, people in reach.by_channel.items():
        made = _compose(checked, terms, channel)
        if isinstance(made, Message):
            shortened += people if made.shortened else 0
            price += people * made.cost_fen
    return _Weight(reach, shortened, price)


async def foreseen(db: Database, terms: Terms, checked: Checked, now: datetime) -> Forecast:
    """What a checked order would come to."""
    weight = await _weigh(db, checked, terms)
    at = _real_start(checked, terms, checked.order.at or now, now)
    room = await quotas.room(db, terms, checked.lane, at, datetime.now(UTC))
    by_sms, quota = weight.reach.by_channel.get("sms", 0), {}
    if "wechat" in checked.routes:
        quota["wechat"] = _quota(weight.calls, room.calls)
    if "sms" in checked.routes:
        each = weight.price_fen // by_sms if by_sms else terms.price_fen
        left = room.fen // each if room.fen is not None and each else None
        quota["sms"] = _quota(by_sms, left)
    return Forecast(
        people=weight.reach.people,
        by_channel=weight.reach.by_channel,
        without_channel=weight.reach.without_channel,
        shortened=weight.shortened,
        quota=quota,
        price_fen=weight.price_fen,
        unreachable=await _unreachable(db, checked, weight.reach),
    )


async def _unreachable(db: Database, checked: Checked, reach: Reach) -> tuple[str, ...]:
    if not reach.without_channel:
        return ()
    return tuple(await audience.without_channel(db, _selected(checked), _NAMED))


def _quota(needed: int, left: int | None) -> dict[str, int | None]:
    return {"needed": needed, "left": left}


def _selected(checked: Checked) -> Selection:
    return selection(checked.whom, checked.notice_class, tuple(checked.routes))


def selection(whom: Audience, notice_class: NoticeClass, channels: tuple[str, ...]) -> Selection:
    return Selection(
        audience=whom,
        notice_class=notice_class.value,
        may_refuse=POLICIES[notice_class].may_refuse,
        channels=tuple(c for c in policy.CHANNEL_ORDER if c in channels),
    )


def local_day(moment: datetime) -> date:
    """The date in Beijing."""
    return moment.astimezone(BEIJING).date()
