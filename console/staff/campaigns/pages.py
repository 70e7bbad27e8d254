"""Pushes: listed, approved, watched as they run, paused, cancelled, sent again, reported."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import aiohttp_jinja2
from aiohttp import web

from console.staff.campaigns import audience, texts
from console.staff.campaigns.composing import (
    CAMPAIGNS,
    SENDERS,
    Composing,
    is_old_at_provider,
)
from console.staff.campaigns.counts import Counts, counts
from console.staff.desk import Desk
from console.staff.routes import Entry, Route, Todo, Visit
from console.staff.wordings.pages import name_of
from console.staff.wordings.texts import OLD_AT_PROVIDER
from notifications import campaigns as making
from notifications import ordering, progress, reporting, steering
from notifications import texts as notice_texts
from notifications.audience import AudienceError
from notifications.campaigns import CampaignError, Forecast
from notifications.progress import Shown
from notifications.rendering import fill
from notifications.steering import Hand
from notifications.templates import TemplateError
from notifications.terms import Terms
from storage import orders, people, regions, reports, templates
from storage.campaigns import Campaign
from storage.database import Database, Unavailable
from storage.orders import WAITING, CampaignOrder
from storage.sealing import Sealer

READERS = frozenset({"管理", "审计"})

_PAGE = 50
_PLACES, _REASONS = 50, 30
_COUNTY_DIGITS, _TOWN_DIGITS, _CODE_DIGITS = 6, 9, 12
_TICK_SECONDS = 1.0
_STREAM_SECONDS = 600
"""Then the browser connects anew, and is asked again who it is."""


class Campaigns:
    def __init__(
        self, db: Database, sealer: Sealer, desk: Desk, terms: Terms, topics: Mapping[str, str]
    ) -> None:
        self._db = db
        self._desk = desk
        self._terms = terms
        self._topics = topics
        self._composing = Composing(db, sealer, desk, terms, topics)

    def routes(self) -> Sequence[Route]:
        order, one = f"{CAMPAIGNS}/orders/{{id:\\w+}}", f"{CAMPAIGNS}/{{id:\\w+}}"
        return [
            Route("GET", CAMPAIGNS, self.index, READERS),
            Route("GET", f"{CAMPAIGNS}/new", self._composing.open, SENDERS),
            Route("POST", f"{CAMPAIGNS}/new", self._composing.send, SENDERS),
            Route("GET", order, self.order, READERS),
            Route("POST", f"{order}/decide", self.decide, SENDERS),
            Route("GET", one, self.show, READERS),
            Route("GET", f"{one}/events", self.events, READERS),
            Route("GET", f"{one}/resend", self.resending, SENDERS),
            Route("POST", f"{one}/steer", self.steer, SENDERS),
            Route("GET", f"{one}/report", self.report, READERS),
            Route("POST", f"{one}/report", self.export, READERS),
        ]

    def entries(self) -> Sequence[Entry]:
        return [Entry(texts.TITLE, CAMPAIGNS, READERS)]

    async def waiting(self, visit: Visit) -> Sequence[Todo]:
        """Pushes of others that the visitor may approve."""
        found = await orders.waiting(self._db, visit.prefixes(SENDERS), _PAGE)
        return [
            Todo(
                texts.TODO.format(name=name_of(one.template), people=f"{one.people:,}"),
                f"{CAMPAIGNS}/orders/{one.id}",
            )
            for one in found
            if one.made_by != visit.staff.person_id
        ]

    async def index(self, visit: Visit) -> web.StreamResponse:
        prefixes = visit.prefixes(READERS)
        by_people = visit.request.query.get("by") != "all"
        number = visit.request.query.get("page", "1")
        page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
        listed = await reports.below(
            self._db, prefixes, by_people=by_people, limit=_PAGE + 1, offset=(page - 1) * _PAGE
        )
        shown = listed[:_PAGE]
        waiting = await orders.waiting(self._db, prefixes, _PAGE)
        whom = {
            expression: await audience.in_words(self._db, expression, self._topics)
            for expression in {*(s.audience for s in shown), *(w.audience for w in waiting)}
        }
        return self._desk.page(
            visit,
            "campaigns/list.html",
            title=texts.TITLE,
            listed=shown,
            waiting=waiting,
            whom=whom,
            names={
                code: name_of(code)
                for code in {*(s.template for s in shown), *(w.template for w in waiting)}
            },
            authors=await self._authors(
                [*(one.created_by for one in shown), *(one.made_by for one in waiting)]
            ),
            states=texts.STATES,
            by_people=by_people,
            page_number=page,
            has_more=len(listed) > _PAGE,
            may_send=bool(visit.prefixes(SENDERS)),
        )

    async def order(self, visit: Visit) -> web.StreamResponse:
        return await self._order_page(visit, await self._order(visit, READERS), {})

    async def decide(self, visit: Visit) -> web.StreamResponse:
        found = await self._order(visit, SENDERS)
        actor = visit.staff.person_id
        try:
            if visit.text("do") == "approve":
                made = await ordering.approve(
                    self._db, self._terms, found.id, actor=actor, now=visit.now
                )
                return await self._desk.done(visit, f"{CAMPAIGNS}/{made}", texts.APPROVED)
            await ordering.refuse(
                self._db, found.id, actor=actor, reason=visit.text("reason"), now=visit.now
            )
        except (CampaignError, AudienceError, TemplateError) as error:
            return await self._order_page(visit, found, {"reason": str(error)}, status=422)
        said = texts.TAKEN_BACK if found.made_by == actor else texts.REFUSED
        return await self._desk.done(visit, CAMPAIGNS, said)

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, await self._campaign(visit, READERS), {})

    async def events(self, visit: Visit) -> web.StreamResponse:
        """How far it has come, told whenever that changes, until it is over."""
        campaign = await self._campaign(visit, READERS)
        stream = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await stream.prepare(visit.request)
        told = ""
        loop = asyncio.get_running_loop()
        until = loop.time() + _STREAM_SECONDS
        try:
            while loop.time() < until:
                shown = await progress.show(self._db, campaign.id)
                if shown is None:
                    break
                html = self._progress(visit, counts(shown))
                # Said again when nothing moved too: so it shows that nobody listens any more.
                await stream.write(_event("progress", html) if html != told else b": \n\n")
                told = html
                if shown.campaign.state in ("done", "cancelled"):
                    await stream.write(_event("over", ""))
                    break
                await asyncio.sleep(_TICK_SECONDS)
            await stream.write_eof()
        except ConnectionError:
            pass  # the page was closed
        except Unavailable:
            pass  # the browser connects anew in a moment
        return stream

    async def steer(self, visit: Visit) -> web.StreamResponse:
        """Pauses, goes on, cancels, or sends again to whom it missed."""
        campaign = await self._campaign(visit, SENDERS)
        doing = visit.text("do")
        hand = Hand(actor=visit.staff.person_id, now=visit.now, real=datetime.now(UTC))
        try:
            said = await self._steered(visit, campaign, doing, hand)
        except CampaignError as error:
            return await self._shown(visit, campaign, {"steer": str(error)}, status=422)
        return await self._desk.done(visit, f"{CAMPAIGNS}/{campaign.id}", said)

    async def resending(self, visit: Visit) -> web.StreamResponse:
        """What sending again would come to, before it is done."""
        campaign = await self._campaign(visit, SENDERS)
        hand = Hand(actor=visit.staff.person_id, now=visit.now, real=datetime.now(UTC))
        try:
            weighed = await steering.resend(self._db, self._terms, campaign.id, hand, dry_run=True)
        except CampaignError as error:
            return await self._shown(visit, campaign, {"steer": str(error)}, status=422)
        return self._desk.page(
            visit,
            "campaigns/resend.html",
            title=texts.RESEND_TITLE,
            campaign=campaign,
            forecast=weighed.forecast,
            people=sum(weighed.forecast.by_channel.values()),
            channels=texts.CHANNELS,
        )

    async def report(self, visit: Visit) -> web.StreamResponse:
        campaign = await self._campaign(visit, READERS)
        shown = await self._known(campaign)
        digits = _digits(campaign)
        missed = await reports.missed(self._db, campaign.id, _REASONS)
        return self._desk.page(
            visit,
            "campaigns/report.html",
            title=texts.REPORT_TITLE.format(name=name_of(campaign.template)),
            campaign=campaign,
            counts=counts(shown),
            places=await reports.by_place(self._db, campaign.id, digits, _PLACES),
            most_places=_PLACES,
            missed=[(one, reporting.in_words(one.code)) for one in missed],
            states=notice_texts.STATES_OF_DELIVERY,
            channels=texts.CHANNELS,
            nowhere=texts.NO_VILLAGE_BOUND,
        )

    async def export(self, visit: Visit) -> web.StreamResponse:
        campaign = await self._campaign(visit, READERS)
        lines = await reports.outcomes(self._db, campaign.id)
        return await self._desk.export(
            visit, texts.REPORT_FILE, "text/csv", reporting.as_csv(lines).encode(),
            what="campaign_report", subject=campaign.id,
        )  # fmt: skip

    async def _steered(self, visit: Visit, campaign: Campaign, doing: str, hand: Hand) -> str:
        if doing == "pause":
            await steering.pause(self._db, campaign.id, hand)
            return texts.PAUSED
        if doing == "resume":
            if not await steering.go_on(self._db, campaign.id, hand):
                raise CampaignError(texts.NOT_PAUSED)
            return texts.WENT_ON
        if doing == "cancel":
            if visit.text("sure") != "yes":
                raise CampaignError(texts.SURE)
            await steering.cancel(self._db, campaign.id, hand)
            return texts.CANCELLED
        if doing == "resend":
            resent = await steering.resend(self._db, self._terms, campaign.id, hand)
            reached = sum(resent.forecast.by_channel.values())
            return texts.RESENT.format(people=f"{reached:,}")
        raise web.HTTPNotFound

    async def _shown(
        self, visit: Visit, campaign: Campaign, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        shown = await self._known(campaign)
        in_use = await ordering.words_now(self._db, campaign.template)
        order = await orders.of_campaign(self._db, campaign.id)
        deciders = [order.made_by, order.decided_by] if order else []
        return self._desk.page(
            visit,
            "campaigns/show.html",
            title=name_of(campaign.template),
            status=status,
            campaign=shown.campaign,
            counts=counts(shown),
            problems=problems,
            whom=await audience.in_words(self._db, campaign.audience, self._topics),
            authors=await self._authors([campaign.created_by, *deciders]),
            order=order,
            is_newer=any(in_use.get(c, v) > v for c, v in campaign.versions.items()),
            channels=texts.CHANNELS,
            may_send=self._may(visit, SENDERS, campaign),
        )

    async def _order_page(
        self, visit: Visit, found: CampaignOrder, problems: Mapping[str, str], status: int = 200
    ) -> web.Response:
        forecast, refused = await self._forecast(visit, found)
        in_use = await templates.wordings_of(self._db, found.template)
        filled = {c: fill(w.text, found.params) for c, w in in_use.items()}
        return self._desk.page(
            visit,
            "campaigns/order.html",
            title=texts.ORDER_TITLE,
            status=status,
            order=found,
            name=name_of(found.template),
            problems=problems,
            forecast=forecast,
            refused=refused,
            filled=filled,
            whom=await audience.in_words(self._db, found.audience, self._topics),
            authors=await self._authors([found.made_by, found.decided_by]),
            states=texts.ORDER_STATES,
            channels=texts.CHANNELS,
            is_old=await is_old_at_provider(self._db, self._terms, found.template),
            old=OLD_AT_PROVIDER,
            may_decide=found.state == WAITING and visit.may(SENDERS, found.region),
            me=visit.staff.person_id,
        )

    async def _forecast(self, visit: Visit, found: CampaignOrder) -> tuple[Forecast | None, str]:
        """What it would come to by now, or why it would be refused."""
        if found.state != WAITING:
            return None, ""
        try:
            order = ordering.as_order(found)
            return await making.forecast(self._db, self._terms, order, visit.now), ""
        except (CampaignError, AudienceError, TemplateError) as error:
            return None, str(error)

    def _progress(self, visit: Visit, counted: Counts) -> str:
        return aiohttp_jinja2.render_string(
            "campaigns/progress.html", visit.request, {"counts": counted}
        )

    async def _known(self, campaign: Campaign) -> Shown:
        shown = await progress.show(self._db, campaign.id)
        if shown is None:
            raise web.HTTPNotFound
        return shown

    async def _campaign(self, visit: Visit, roles: frozenset[str]) -> Campaign:
        """The one of the path. Raises HTTPNotFound for one that is not the visitor's to see."""
        shown = await progress.show(self._db, visit.request.match_info["id"])
        if shown is None or not self._may(visit, roles, shown.campaign):
            raise web.HTTPNotFound
        return shown.campaign

    @staticmethod
    def _may(visit: Visit, roles: frozenset[str], campaign: Campaign) -> bool:
        """What goes to single persons is theirs, but for what one has sent to oneself."""
        if campaign.audience.startswith("person="):
            return campaign.audience == f"person={visit.staff.person_id}"
        if campaign.region:
            return visit.may(roles, campaign.region)
        return any(len(prefix) <= _COUNTY_DIGITS for prefix in visit.prefixes(roles))

    async def _order(self, visit: Visit, roles: frozenset[str]) -> CampaignOrder:
        """The one of the path. Raises HTTPNotFound."""
        found = await orders.load(self._db, visit.request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        visit.require(roles, found.region)
        return found

    async def _authors(self, ids: Iterable[str]) -> dict[str, str]:
        names = dict(texts.AUTHORS)
        for one in set(ids):
            if one and one not in names:
                person = await people.person(self._db, one)
                names[one] = person.name if person and person.name else one
        return names


def _digits(campaign: Campaign) -> int:
    """By what a report counts: towns of a county, villages of a town."""
    is_wide = len(regions.prefix_of(campaign.region)) <= _COUNTY_DIGITS
    return _TOWN_DIGITS if is_wide else _CODE_DIGITS


def _event(name: str, html: str) -> bytes:
    data = "\n".join(f"data: {line}" for line in html.splitlines()) or "data: "
    return f"event: {name}\n{data}\n\n".encode()
