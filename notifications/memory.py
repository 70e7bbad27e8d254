"""What a worker keeps in mind so that no row costs a query: campaigns, bindings, halts, money.

Read again at every poll; what other processes change is seen a second later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifications import policy
from notifications.channels.breaker import BREAKER
from notifications.channels.outcome import Outcome
from notifications.messages import CARD_PATH, Card, Message, Unsendable, compose
from notifications.quotas import for_campaigns, month_began
from notifications.terms import CUSTOM, Route, Terms, routes, ways
from storage import alarms, campaigns, halts, spending, templates
from storage.alarms import Condition
from storage.campaigns import Campaign
from storage.clock import day_of
from storage.database import Database
from storage.halts import Halt
from storage.templates import Binding

_KEPT = 500
_ALARMED_FOR = timedelta(minutes=10)

UNBOUND = "unbound"

KEPT = "kept"
"""The scope under which it is noted that the rest of the day's messages is kept for what is
urgent."""

BUDGET = "budget"
"""The scope under which it is noted that the month's money for SMS is spent."""


@dataclass(slots=True)
class _Known:
    campaign: Campaign
    messages: dict[Route, Message | Unsendable] = field(default_factory=dict)


class Memory:
    """Belongs to one worker."""

    def __init__(self, db: Database, terms: Terms) -> None:
        self._db = db
        self._terms = terms
        self._campaigns: dict[str, _Known] = {}
        self._bindings: Mapping[tuple[str, str], Binding] = {}
        self._halts: dict[tuple[str, str], Halt] = {}
        self._alarmed: dict[str, datetime] = {}
        self._month: datetime | None = None
        self._spent_fen = 0
        self._calls = 0

    async def refresh(self, now: datetime) -> None:
        """Reads bindings, halts, and what was spent, by other processes too. Real time."""
        self._bindings = await templates.bindings(self._db)
        self._halts = {(h.channel, h.template): h for h in await halts.halts(self._db)}
        self._calls = await spending.calls(self._db, day_of(now))
        month = month_began(now)
        if self._terms.budget_fen and month != self._month:
            self._spent_fen = await spending.spent_fen(self._db, month)
            self._month = month
        if self._terms.budget_fen:  # others spend too; what is under way here they do not know
            counted = await spending.counted_fen(self._db, day_of(now)[:7])
            self._spent_fen = max(self._spent_fen, counted)

    # --- campaigns and messages -------------------------------------------------------------------

    async def learn(self, ids: Iterable[str | None]) -> None:
        """Loads the campaigns that are not known yet."""
        missing = {i for i in ids if i is not None} - self._campaigns.keys()
        if not missing:
            return
        if len(self._campaigns) > _KEPT:
            self._campaigns.clear()
        found = await campaigns.load_many(self._db, sorted(missing))
        self._campaigns |= {i: _Known(campaign) for i, campaign in found.items()}

    def campaign(self, campaign_id: str) -> Campaign | None:
        known = self._campaigns.get(campaign_id)
        return known.campaign if known else None

    def message(self, campaign: Campaign, route: Route) -> Message | Unsendable:
        """The campaign's message over a route: the same for everybody, so made once."""
        known = self._campaigns.get(campaign.id)
        if known and (made := known.messages.get(route)):
            return made
        text = campaign.texts.get(route.channel, "")
        path = CARD_PATH.format(id=campaign.id)
        made = compose(
            campaign.template,
            route,
            campaign.params,
            text,
            self._terms,
            link=campaign.link,
            card=Card(campaign.card, path) if campaign.card else None,
        )
        if known:
            known.messages[route] = made
        return made

    def routes(self, code: str) -> dict[str, Route]:
        """The first way of a template, by channel."""
        return routes(code, self._bindings, self._terms)

    def ways(self, code: str, channel: str) -> tuple[Route, ...]:
        """The ways of a template over a channel, in the order in which they are tried."""
        return ways(code, self._bindings, self._terms).get(channel, ())

    def way(self, code: str, channel: str, gateway: str) -> Route | None:
        """The way by that gateway, the first one where it is empty; None where it is not open."""
        if gateway == CUSTOM.gateway:
            return CUSTOM
        found = self.ways(code, channel)
        return next((way for way in found if gateway in ("", way.gateway)), None)

    async def may_go_by(self, channel: str, template: str, campaign_id: str | None) -> bool:
        """Whether a channel is open to a template, and the campaign has a wording for it."""
        if channel not in self.routes(template):
            return False
        await self.learn([campaign_id])
        campaign = self.campaign(campaign_id) if campaign_id else None
        return campaign is None or channel in campaign.texts

    # --- halts ------------------------------------------------------------------------------------

    def standing_still(self, channel: str, now: datetime) -> bool:
        """Whether the whole channel is halted."""
        halt = self._halts.get((channel, ""))
        return halt is not None and halt.until > now

    def quota_used_up(self, channel: str, now: datetime) -> datetime | None:
        """Until when a channel stands still because the day's calls are used up; None: it is not.

        Other ways of the channel are open all the same.
        """
        halt = self._halts.get((channel, ""))
        used_up = halt is not None and halt.until > now and halt.code == policy.QUOTA_USED_UP
        return halt.until if halt and used_up else None

    def without_detour(self, channel: str) -> list[str]:
        """Templates that are bound on the channel as template messages only."""
        codes = {code for code, _ in self._bindings}
        bound = {code: [way.gateway for way in self.ways(code, channel)] for code in codes}
        return sorted(code for code, found in bound.items() if found == ["wechat", CUSTOM.gateway])

    def probing(self, channel: str) -> bool:
        """Whether a halt of the channel is over, and nothing has gone through since."""
        return (channel, "") in self._halts

    def halted_templates(self, channel: str, now: datetime) -> list[str]:
        """Which templates the channel does not carry now; a binding ends the want of one."""
        return sorted(
            template
            for (of, template), halt in self._halts.items()
            if of == channel
            and template
            and halt.until > now
            and not (halt.code == UNBOUND and channel in self.routes(template))
        )

    async def halt(
        self, channel: str, template: str, outcome: Outcome, *, now: datetime, until: datetime
    ) -> None:
        """Stops a channel, or a template on it, and keeps why."""
        halt = Halt(channel, template, outcome.code, outcome.detail, now, until)
        known = self._halts.get((channel, template))
        if known is None or known.until < until:
            self._halts[channel, template] = halt
            await halts.note(self._db, halt)

    async def answered(self, channel: str) -> None:
        """The provider answers, whatever it says: a halt for its silence is over."""
        halt = self._halts.get((channel, ""))
        if halt is not None and halt.code == BREAKER:
            del self._halts[channel, ""]
            await halts.lift(self._db, channel)

    async def went_through(self, channel: str, template: str) -> None:
        """Something was taken: the halts that this disproves are over."""
        for scope in ((channel, ""), (channel, template)):
            if self._halts.pop(scope, None) is not None:
                await halts.lift(self._db, *scope)

    # --- alarms -----------------------------------------------------------------------------------

    async def alarm(self, condition: Condition, now: datetime) -> None:
        """Notes what a provider said, once in a while: a storm of it is one row."""
        if now - self._alarmed.get(condition.key, now - _ALARMED_FOR) >= _ALARMED_FOR:
            self._alarmed[condition.key] = now
            await alarms.note(self._db, [condition], now)

    # --- money ------------------------------------------------------------------------------------

    def may_call(self) -> bool:
        """Whether campaigns of the later lanes may still send template messages today."""
        return self._calls < for_campaigns(self._terms.wechat_per_day)

    def spend(self, fen: int) -> None:
        self._spent_fen += fen

    def can_spend(self, fen: int) -> bool:
        """Whether the month's budget still pays for it."""
        budget = self._terms.budget_fen
        return not budget or self._spent_fen + fen <= budget
