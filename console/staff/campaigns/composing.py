"""A push as somebody composes it: read from the form, weighed, placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aiohttp import web

from console.staff.campaigns import audience, texts
from console.staff.campaigns.audience import Chosen, Read
from console.staff.desk import PREFIX, Desk
from console.staff.routes import Visit
from console.staff.wordings.form import Variable, variables
from console.staff.wordings.pages import name_of
from console.staff.wordings.phones import Phone, phone
from console.staff.wordings.texts import OLD_AT_PROVIDER
from notifications import campaigns, ordering
from notifications.audience import AudienceError
from notifications.campaigns import CampaignError, Forecast, Order
from notifications.menu import MENU
from notifications.ordering import Composed
from notifications.sizing import Sized, size
from notifications.templates import TemplateError
from notifications.terms import Terms
from storage import templates
from storage.clock import BEIJING
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from storage.templates import Template
from workbooks.people import ROLES as ALL_ROLES

SENDERS = frozenset({"管理"})
CAMPAIGNS = f"{PREFIX}/campaigns"

_SAMPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form. `id` is the order's, new for each form; `versions` are those of the words shown."""

    id: str
    template: Template
    choice: Chosen
    values: Mapping[str, str]
    at: str = ""
    spread: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    people: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What it would come to, as far as what was typed allows; `refused` says why not further."""

    sized: Sized | None
    forecast: Forecast | None
    needs_second: bool
    refused: str


class Composing:
    """The page on which a push is composed."""

    def __init__(
        self, db: Database, sealer: Sealer, desk: Desk, terms: Terms, topics: Mapping[str, str]
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._desk = desk
        self._terms = terms
        self._topics = topics

    async def open(self, visit: Visit) -> web.StreamResponse:
        asked = visit.request.query.get("template", texts.COMPOSED[0])
        template = await self._template(asked)
        typed = Typed(
            id=new_id(),
            template=template,
            choice=Chosen(region=visit.request.query.get("region", "")),
            values=dict.fromkeys(template.parameters, ""),
            versions=await ordering.words_now(self._db, template.code),
        )
        return await self._page(visit, typed, {}, weigh=False)

    async def send(self, visit: Visit) -> web.StreamResponse:
        """Shows what it would come to, or places it."""
        template = await self._template(visit.text("template"))
        typed = Typed(
            id=visit.text("id")[:20] or new_id(),
            template=template,
            choice=audience.chosen(visit),
            values={name: visit.text(f"value_{name}") for name in template.parameters},
            at=visit.text("at"),
            spread=visit.text("spread") == "yes",
            versions=_versions(visit.text("versions")),
            people=visit.text("people"),
        )
        if visit.text("do") == "place":
            return await self._place(visit, typed)
        shown = await ordering.words_now(self._db, template.code)
        return await self._page(visit, replace(typed, versions=shown), {})

    async def _place(self, visit: Visit, typed: Typed) -> web.StreamResponse:
        read = await self._read(visit, typed)
        problems = {**read.problems, **_missing(typed)}
        at, problem = _moment(typed.at, visit.now)
        if problem:
            problems["at"] = problem
        order = _order(typed, read, at)
        weighed = await self._weigh(visit, typed, read)
        if not problems and weighed.refused:
            problems["audience"] = weighed.refused
        if not problems and weighed.forecast and not weighed.needs_second:
            # Somebody who writes the number down has read it.
            people = weighed.forecast.people
            if typed.people != str(people):
                problems["people"] = texts.BAD_PEOPLE.format(people=f"{people:,}")
        if problems:
            return await self._page(visit, typed, problems, status=422)
        composed = Composed(
            id=typed.id, order=order, region=read.region, versions=dict(typed.versions)
        )
        try:
            placed = await ordering.place(
                self._db, self._terms, composed, actor=visit.staff.person_id, now=visit.now
            )
        except (CampaignError, AudienceError, TemplateError) as error:
            shown = await ordering.words_now(self._db, typed.template.code)
            again = replace(typed, versions=shown)
            return await self._page(visit, again, {"audience": str(error)}, status=422)
        if placed.campaign_id:
            said = texts.PLANNED if at else texts.PLACED
            return await self._desk.done(visit, f"{CAMPAIGNS}/{placed.campaign_id}", said)
        href = f"{CAMPAIGNS}/orders/{placed.order_id}"
        return await self._desk.done(visit, href, texts.HANDED_OVER)

    async def _page(
        self,
        visit: Visit,
        typed: Typed,
        problems: Mapping[str, str],
        *,
        status: int = 200,
        weigh: bool = True,
    ) -> web.Response:
        read = await self._read(visit, typed)
        weighed = await self._weigh(visit, typed, read) if weigh else None
        if weigh:
            problems = {**read.problems, **problems}
        return self._desk.page(
            visit,
            "campaigns/compose.html",
            title=texts.COMPOSE_TITLE,
            status=status,
            typed=typed,
            problems=problems,
            weighed=weighed,
            kinds=[(code, name_of(code)) for code in texts.COMPOSED],
            regions=await audience.choices(self._db, visit, SENDERS),
            roles=ALL_ROLES,
            topics=[("", texts.ANY), *sorted(self._topics.items())],
            fields=self._fields(typed, weigh=weigh),
            phones=await self._phones(typed),
            sign_name=self._terms.sign_name,
            name=name_of(typed.template.code),
            versions=",".join(f"{c}:{v}" for c, v in typed.versions.items()),
            whom=await audience.in_words(self._db, read.expression, self._topics),
            limit=self._terms.delivery.second_person_over,
            is_old=await is_old_at_provider(self._db, self._terms, typed.template.code),
            old=OLD_AT_PROVIDER,
        )

    def _fields(self, typed: Typed, *, weigh: bool) -> Sequence[Variable]:
        return variables(typed.template, typed.values, complain=weigh)

    async def _phones(self, typed: Typed) -> list[Phone]:
        """What is not written yet stands there as its name."""
        in_use = await templates.wordings_of(self._db, typed.template.code)
        found = await templates.bindings(self._db)
        bindings = {gate: b for (code, gate), b in found.items() if code == typed.template.code}
        values = {name: value or f"({name})" for name, value in typed.values.items()}
        menu = (await templates.wordings_of(self._db, MENU))["wechat"].text
        return [
            phone(
                typed.template, channel, in_use[channel].text, values, bindings, self._terms, menu
            )
            for channel in typed.template.channels
        ]

    async def _read(self, visit: Visit, typed: Typed) -> Read:
        return await audience.read(self._db, visit, typed.choice, SENDERS, self._topics)

    async def _weigh(self, visit: Visit, typed: Typed, read: Read) -> Weighed:
        """The audience alone as long as values are missing."""
        nothing = Weighed(sized=None, forecast=None, needs_second=False, refused="")
        if read.problems:
            return nothing
        sized, forecast, refused = None, None, ""
        at, _ = _moment(typed.at, visit.now)
        try:
            sized = await size(
                self._db, self._sealer, self._terms, typed.template.code, read.expression,
                now=visit.now, limit=_SAMPLE,
            )  # fmt: skip
            if not _missing(typed):
                order = _order(typed, read, at)
                forecast = await campaigns.forecast(self._db, self._terms, order, visit.now)
        except (CampaignError, AudienceError, TemplateError) as error:
            refused = str(error)
        needs = bool(forecast and ordering.needs_second(forecast, self._terms))
        return Weighed(sized=sized, forecast=forecast, needs_second=needs, refused=refused)

    async def _template(self, code: str) -> Template:
        """Raises HTTPNotFound for one that people do not send by themselves."""
        found = await templates.template(self._db, code) if code in texts.COMPOSED else None
        if found is None:
            raise web.HTTPNotFound
        return found


async def is_old_at_provider(db: Database, terms: Terms, code: str) -> bool:
    """Whether texts would still go out in words that were registered before."""
    return terms.sms_gateway == "aliyun" and code in await templates.edited_since_bound(
        db, "aliyun", "sms"
    )


def _order(typed: Typed, read: Read, at: datetime | None) -> Order:
    return Order(
        template=typed.template.code,
        audience=read.expression,
        params=typed.values,
        at=at,
        spread=typed.spread,
    )


def _missing(typed: Typed) -> dict[str, str]:
    return {
        f"value_{name}": texts.VALUE_MISSING for name, value in typed.values.items() if not value
    }


def _moment(text: str, now: datetime) -> tuple[datetime | None, str]:
    """Beijing time as a form gives it; None: at once. The second value is what is wrong."""
    if not text:
        return None, ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None, texts.BAD_TIME
    at = (at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(now.tzinfo)
    return (at, "") if at > now else (None, texts.PAST_TIME)


def _versions(text: str) -> dict[str, int]:
    """wechat:1,sms:2"""
    pairs = (piece.partition(":") for piece in text.split(",") if piece)
    return {channel: int(v) for channel, _, v in pairs if v.isdecimal() and len(v) < 9}
