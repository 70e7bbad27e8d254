"""The service: everything built and wired here, and nowhere else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, TCPConnector, web
from aiohttp.typedefs import Handler

from bot.campaign_api import CampaignApi
from bot.client_address import client_address
from bot.config import Config
from bot.console import console
from bot.counter import AtCounter
from bot.metrics import Metrics
from bot.pipeline import Pipeline
from bot.sms.webhook import SmsWebhook
from bot.wechat.envelope import Envelope
from bot.wechat.webhook import Webhook
from console.account_pages import AccountPages, Topical
from console.account_pictures import AccountPictures
from console.check_page import CheckPage
from console.confirm_page import ConfirmPage
from console.drawings import Drawings
from console.home import Home
from console.matter_pages import MatterPages
from console.notice_page import NoticePage
from console.open_data import OpenData
from console.outward import outward
from console.power_data import PowerData
from console.power_pages import PowerPages
from console.power_pictures import PowerPictures
from console.power_requests import PowerRequests
from console.question_pages import QuestionPages
from console.record_pages import RecordPages
from console.sections import Pages, Section
from console.site import Site
from console.staff.desk import PREFIX
from handlers.ad_hoc import AdHoc
from handlers.answering import Answers
from handlers.binding import Binding
from handlers.confirming import Confirming
from handlers.dialogue import Dialogue
from handlers.erasing import Erasing
from handlers.finance import Finance
from handlers.following import Following
from handlers.login_code import LoginCode
from handlers.matters import Matters
from handlers.own_money import OwnMoney
from handlers.power import Power
from handlers.quiz import Quiz
from handlers.rating import Rating
from handlers.records import Records
from handlers.requests import Requests
from handlers.service import Service
from handlers.topical import by_topic
from notifications.alarms import texts as alarm_texts
from notifications.alarms.conditions import Watch
from notifications.carriers import TIMEOUT_SECONDS, open_carriers
from notifications.channels.tokens import SharedTokenStore
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.channels.wire import sockets
from notifications.duty import DutyCalls
from notifications.housekeeping import Housekeeping
from notifications.process import ProcessRole
from notifications.service import Notifications
from notifications.settings import SmsGateway, WeChatMode
from notifications.terms import Terms
from notifications.wordings import Wordings
from storage import installation, regions
from storage.alarms import Condition
from storage.clock import Clock
from storage.database import Database, Unavailable
from storage.erasing import LIST_NAME
from storage.inbox import Inbox, heads
from storage.power_lists import PublishedPowerItems
from storage.published import PublishedAccounts
from storage.published_records import PublishedRecords
from storage.residents import Residents
from storage.sealing import Sealer
from storage.shared import Shared
from storage.turnstile import Turnstile
from understanding import Understanding, Village

log = logging.getLogger(__name__)

OUTGROWN_SECONDS = 5.0
MAX_CALLBACK_BYTES = 1 << 20  # gateways push arrays; the platform's own limit is its webhook's


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers messages, whoever brings them: the webhooks or `mingbai ask`."""

    pipeline: Pipeline
    residents: Residents
    villages: dict[str, Village]
    published: PublishedAccounts
    power_items: PublishedPowerItems
    records: PublishedRecords
    wordings: Wordings
    topical: Topical
    clock: Clock
    at_counter: AtCounter


@asynccontextmanager
async def answering(
    db: Database, sealer: Sealer, clock: Clock, duty: DutyCalls | None = None
) -> AsyncIterator[Parts]:
    """Builds the way from a message to its reply; what is under way ends before the exit.

    Without `duty` nobody is called for danger.
    """
    villages = {
        region.code: Village(region.code, region.name, region.town)
        for region in await regions.villages(db)
    }
    understanding = Understanding(villages.values())
    residents, published = Residents(db, sealer), PublishedAccounts(db)
    power_items, records = PublishedPowerItems(db), PublishedRecords(db)
    topical = Topical(by_topic(understanding.topics), understanding.topics.names)
    inbox, wordings = Inbox(db), Wordings(db)
    _, audit_head = await heads(db)
    await wordings.refresh(audit_head)
    binding = Binding(residents, villages.values(), wordings)
    quiz = Quiz(db)
    service, own_money = Service(wordings, duty), OwnMoney(db, sealer, records)
    requests = Requests(db, sealer)
    answers = Answers(
        published=published,
        finance=Finance(topical.of),
        power=Power(db, power_items, understanding.topics),
        records=Records(records, understanding.topics),
        own_money=own_money,
        binding=binding,
        service=service,
    )
    dialogue = Dialogue(
        reader=understanding,
        answers=answers,
        binding=binding,
        service=service,
        matters=Matters(db, sealer),
        own_money=own_money,
        following=Following(db, binding),
        confirming=Confirming(db, quiz),
        quiz=quiz,
        requests=requests,
        rating=Rating(db, requests),
        erasing=Erasing(db, sealer),
        login_code=LoginCode(db, sealer),
        ad_hoc=AdHoc(db, sealer),
        wordings=wordings,
    )
    # Several processes may answer side by side only where the database lets them.
    turnstile = Turnstile(db) if db.dialect == "postgres" else None
    pipeline = Pipeline(
        db=db,
        sealer=sealer,
        clock=clock,
        inbox=inbox,
        residents=residents,
        dialogue=dialogue,
        wordings=wordings,
        villages=villages,
        turnstile=turnstile,
    )
    await inbox.start()
    try:
        yield Parts(
            pipeline=pipeline,
            residents=residents,
            villages=villages,
            published=published,
            power_items=power_items,
            records=records,
            wordings=wordings,
            topical=topical,
            clock=clock,
            at_counter=AtCounter(db, clock, understanding, answers, villages),
        )
    finally:
        await pipeline.stop()
        await inbox.stop()
        if turnstile:
            await turnstile.close()


@asynccontextmanager
async def sharing(config: Config, sealer: Sealer) -> AsyncIterator[Shared | None]:
    """What processes remember together; None where the config names no Redis."""
    if not config.redis.url:
        yield None
        return
    shared = Shared(config.redis.url, sealer)
    try:
        yield shared
    finally:
        await shared.close()


@asynccontextmanager
async def notifying(
    config: Config,
    db: Database,
    sealer: Sealer,
    clock: Clock,
    role: ProcessRole = ProcessRole.ALL,
    shared: Shared | None = None,
) -> AsyncIterator[Notifications]:
    """What goes out by itself, as far as this process does it: started and stopped."""
    # Lanes are kept apart by permits, not by connections; an idle one is dropped before a gateway
    # does it under a request of ours, which would leave a text of unknown fate.
    connector = TCPConnector(
        limit=0, keepalive_timeout=10, socket_factory=sockets(config.delivery.lease_seconds / 2)
    )
    async with ClientSession(connector=connector, trust_env=False) as http:
        store = SharedTokenStore(shared, config.wechat.app_id) if shared else None
        client = AsyncWeChatClient(
            http, config.wechat, store=store, timeout_seconds=TIMEOUT_SECONDS
        )
        notifications = Notifications(
            db,
            sealer,
            clock,
            open_carriers(http, config.wechat, config.sms, client=client),
            terms(config),
            role=role,
            broker=config.queue.url,
            installation=sealer.fingerprint,
        )
        house = Housekeeping(
            db,
            clock,
            terms(config),
            config.retention,
            watches=(keys_beside_data(config),),
            erased_list=config.server.data_dir / LIST_NAME,
            wake=notifications.wake,
        )
        await notifications.start()
        if role.keeps_time:
            await house.start()
        try:
            yield notifications
        finally:
            await house.stop()
            await notifications.stop()


def keys_beside_data(config: Config) -> Watch:
    """On a live system the key file lies apart from what it opens."""

    async def watch(*_: object) -> list[Condition]:
        if not config.keys_lie_beside_data:
            return []
        return [Condition(key="keys", kind="keys", detail=alarm_texts.KEY_FILE)]

    return watch


def terms(config: Config) -> Terms:
    """What pushes depend on, from the config's sections."""
    return Terms.of(
        config.wechat,
        config.sms,
        delivery=config.delivery,
        schedule=config.schedule,
        public_url=config.server.public_url,
    )


def create_app(
    config: Config,
    db: Database,
    sealer: Sealer,
    parts: Parts,
    sms: SmsWebhook,
    shared: Shared | None = None,
) -> web.Application:
    """The HTTP face of the service (contract.md, section 4)."""
    metrics, site = Metrics(config.server, db), Site(db)
    app = web.Application(
        client_max_size=MAX_CALLBACK_BYTES,
        middlewares=[metrics.measure, outward, site.politely],
    )
    metrics.add_to(app)
    if config.sms.gateway is not SmsGateway.NONE:
        sms.add_to(app)
    if config.wechat.mode is not WeChatMode.OFF:
        webhook = Webhook(
            Envelope(config.wechat), parts.pipeline, db, sealer, config.server.public_url, shared
        )
        app.router.add_get("/wechat", webhook.handshake, allow_head=False)
        app.router.add_post("/wechat", webhook.push)
    for name, content in config.wechat.verify_files.items():
        app.router.add_get(f"/{name}", _text(content))
    for part in _public_pages(site, db, sealer, parts, config.server.public_url):
        part.add_to(app)
    _add_console(app, config, db, sealer, parts)
    CampaignApi(db, sealer, parts.clock, terms(config), config.server.api_token).add_to(app)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _Readiness(db).answer)
    return app


def _public_pages(
    site: Site, db: Database, sealer: Sealer, parts: Parts, public_url: str
) -> list[Pages]:
    """What anybody may read; a village's home page leads to the sections in this order."""
    power, drawings = PowerRequests(db, parts.power_items, parts.clock), Drawings()
    sections: list[Section] = [
        PowerPages(site, power),
        RecordPages(site, db, parts.records, parts.clock),
        MatterPages(site, db),
        QuestionPages(site, db),
        CheckPage(site, db, parts.clock),
    ]
    return [
        site,
        Home(site, db, parts.published, sections),
        AccountPages(site, db, parts.published, parts.topical),
        AccountPictures(site, db, parts.published, drawings, parts.clock, public_url),
        PowerPictures(power, drawings),
        *sections,
        NoticePage(site, db, drawings),
        ConfirmPage(site, db, sealer, parts.clock),
        OpenData(db, parts.published),
        PowerData(power),
    ]


def _add_console(
    app: web.Application, config: Config, db: Database, sealer: Sealer, parts: Parts
) -> None:
    async def to_home(_: web.Request) -> web.StreamResponse:
        raise web.HTTPSeeOther(f"{PREFIX}/")

    def address_of(request: web.Request) -> str:
        return str(client_address(request, config.server.trusted_proxies))

    is_https = config.server.public_url.startswith("https:")
    _, pages = console(
        db,
        sealer,
        parts.clock,
        terms(config),
        is_https=is_https,
        address_of=address_of,
        asks=parts.at_counter,
    )
    app.router.add_get(PREFIX, to_home)
    app.add_subapp(PREFIX, pages)


def _text(content: str) -> Handler:
    """Serves one of the platform's `MP_verify_*.txt`, by which it sees that the host is ours."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=content)

    return answer


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok")


class _Readiness:
    """Whether messages can be answered: the database answers, its schema is ours."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def answer(self, _: web.Request) -> web.Response:
        try:
            unfit = await installation.judge(self._db, None)
        except Unavailable:
            return web.Response(status=503, text="database")
        return web.Response(status=503, text=unfit.value) if unfit else web.Response(text="ok")


async def until_outgrown(db: Database) -> None:
    """Returns when a later release has changed the schema: an old process must stop then."""
    while True:
        await asyncio.sleep(OUTGROWN_SECONDS)
        try:
            if await installation.outgrown(db):
                log.error("the database has a later release's schema: stopping")
                return
        except Unavailable:
            log.warning("the database does not answer")
