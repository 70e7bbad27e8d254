"""The console, wired: its areas in the order of the navigation, and the one way in."""

from __future__ import annotations

from aiohttp import web

from bot.importing.desk import DeskImports
from console.staff.access.accounts import Accounts
from console.staff.access.entering import AddressOf, Entering
from console.staff.access.own import Own
from console.staff.access.record import Record
from console.staff.calendar.pages import Calendar
from console.staff.calendar.rhythms import Rhythms
from console.staff.calendar.ruling import Ruling
from console.staff.campaigns.pages import Campaigns
from console.staff.desk import Desk
from console.staff.gate import Gate
from console.staff.inbox.counter import Asks, Counter
from console.staff.inbox.pages import Inbox
from console.staff.overview.pages import Overviews
from console.staff.publishing.ad_hoc import AdHocPages
from console.staff.publishing.pages import Publishing
from console.staff.publishing.register import Register
from console.staff.publishing.versions import Versions
from console.staff.routes import Area, Waiting
from console.staff.wordings.pages import Wordings
from notifications.terms import Terms
from storage.clock import Clock
from storage.database import Database
from storage.passwords import Passwords
from storage.sealing import Sealer
from understanding.topics import Topics


def console(
    db: Database,
    sealer: Sealer,
    clock: Clock,
    terms: Terms,
    *,
    is_https: bool,
    address_of: AddressOf,
    asks: Asks,
) -> tuple[Gate, web.Application]:
    """The gate, and the application to be mounted below /console."""
    desk, keeper = Desk(db), Passwords()
    gate = Gate(db, sealer, clock, desk, is_https=is_https)
    entering = Entering(db, sealer, clock, desk, gate, keeper, address_of)
    areas, waiting = _areas(db, sealer, clock, desk, terms, asks)
    own = Own(db, sealer, desk, keeper, waiting)
    return gate, gate.application([own, *areas], entering.outside())


def _areas(
    db: Database, sealer: Sealer, clock: Clock, desk: Desk, terms: Terms, asks: Asks
) -> tuple[list[Area], list[Waiting]]:
    """The areas, and what of them tells somebody what waits for them."""
    wordings, inbox = Wordings(db, desk, terms), Inbox(db, sealer, desk, terms)
    campaigns = Campaigns(db, sealer, desk, terms, Topics().names)
    publishing = Publishing(db, sealer, desk, DeskImports(db, sealer, terms))
    at_once = AdHocPages(db, sealer, desk, terms)
    areas: list[Area] = [
        publishing,
        at_once,
        Versions(db, sealer, desk, terms),
        Register(db, desk),
        inbox,
        Counter(db, sealer, desk, asks),
        Calendar(db, desk, terms),
        Rhythms(db, desk, terms),
        Ruling(db, desk),
        Overviews(db, desk, Topics().names),
        wordings,
        campaigns,
        Accounts(db, sealer, desk),
        Record(db, desk),
    ]
    return areas, [
        publishing.waiting,
        at_once.waiting,
        inbox.waiting,
        wordings.waiting,
        campaigns.waiting,
    ]
