"""What may be wrong: each question is asked of the database, and answered by conditions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from notifications import policy
from notifications.alarms import texts
from notifications.channels import texts as gateway_texts
from notifications.channels.outcome import Outcome
from notifications.memory import BUDGET, KEPT, UNBOUND
from notifications.policy import NoticeClass
from notifications.quotas import month_began
from notifications.terms import Terms
from storage import alarms, halts, holidays, installation, processes, regions, spending
from storage.alarms import Condition, Standing
from storage.audience import Audience
from storage.clock import BEIJING, day_of
from storage.database import Database
from storage.halts import Halt
from storage.installation import Purpose

LOW_PERCENT = 80
BACKUP_AFTER = timedelta(days=2)
STANDS_AFTER = timedelta(minutes=30)
SILENT_AFTER = timedelta(hours=3)
MANY = 20
"""So many of a day are a pile."""
WARN_FROM_MONTH = 12  # design.md, section 5

_ADDRESS_CODES = frozenset({"40164", "isv.DENY_IP_RANGE"})
_QUOTA_CODES = frozenset({"45009", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"})
_MONEY_CODES = frozenset({"isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE"})
_SIGNATURE_CODES = frozenset({"SIGNATURE_BLACKLIST", "PORT_NOT_REGISTERED"})
_UNSEEN = frozenset({gateway_texts.WECHAT_UNKNOWN, gateway_texts.ALIYUN_UNKNOWN})
"""How the gateways' tables speak of a code that they do not know. Carriers' own codes are many."""


@dataclass(frozen=True, slots=True)
class Now:
    """One moment on both clocks."""

    business: datetime
    real: datetime

    @property
    def today(self) -> date:
        return self.business.astimezone(BEIJING).date()


Watch = Callable[[Database, Terms, Now], Awaitable[list[Condition]]]


# --- what stands still ----------------------------------------------------------------------------


async def halted(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """Channels and templates that a provider will not serve, and the month's money being spent."""
    found = [halt for halt in await halts.halts(db) if halt.until > now.real]
    # What is not bound yet is no provider's word; it shows where a campaign stands still for it.
    return [_of_halt(halt) for halt in found if halt.code not in (UNBOUND, KEPT)]


def _of_halt(halt: Halt) -> Condition:
    if halt.channel == BUDGET:
        return Condition(key="budget", kind="budget", channel="sms", detail=texts.BUDGET_SPENT)
    scope = f"{halt.channel}/{halt.template}" if halt.template else halt.channel
    wording = texts.TEMPLATE_HALTED if halt.template else texts.HALTED
    detail = wording.format(
        channel=texts.CHANNELS.get(halt.channel, halt.channel),
        template=halt.template,
        detail=halt.detail or halt.code,
    )
    kind = _kind_of(halt)
    return Condition(key=f"{kind}:{scope}", kind=kind, channel=halt.channel, detail=detail)


def _kind_of(halt: Halt) -> str:
    if halt.code in _ADDRESS_CODES:
        return "address"
    if halt.code in _QUOTA_CODES:
        return "quota"
    if halt.code in _MONEY_CODES:
        return "balance"
    return "template" if halt.template else "halted"


async def standing_campaigns(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """Campaigns of which something has been due for half an hour, and nothing has moved.

    Not while a channel is halted, which is told by itself, nor where the class rests.
    """
    if any(halt.until > now.real and not halt.template for halt in await halts.halts(db)):
        return []
    due_since, still_since = now.business - STANDS_AFTER, now.real - STANDS_AFTER
    standing = await alarms.standing(db, due_since=due_since, still_since=still_since)
    return [
        Condition(
            key=f"standing:{one.id}",
            kind="standing",
            detail=texts.STANDING.format(id=one.id),
            region=await _region_of(db, one),
        )
        for one in standing
        if not _rests(one, terms, now)
    ]


def _rests(one: Standing, terms: Terms, now: Now) -> bool:
    """Whether the class rested at any time within the half hour."""
    notice_class = NoticeClass(one.notice_class)
    return any(
        policy.opens_at(notice_class, one.lane, moment, terms.schedule) > moment
        for moment in (now.business - STANDS_AFTER, now.business)
    )


async def _region_of(db: Database, one: Standing) -> str:
    """The one region that a campaign is for; empty where it is for several, or for all."""
    codes = {
        code
        for group in (Audience.from_json(one.whom).groups if one.whom else ())
        for code in group.regions
    }
    code = codes.pop() if len(codes) == 1 else ""
    padded = code.ljust(12, "0")
    return padded if code and await regions.region(db, padded) else ""


async def unknown_pile(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """Many deliveries of a day whose fate nobody will learn by themselves."""
    count = await alarms.unknown_for_good(db, since=now.real - timedelta(days=1))
    if count < MANY:
        return []
    return [Condition(key="unknown", kind="unknown", detail=texts.UNKNOWN_PILE.format(count=count))]


async def without_receipts(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """Texts that were taken hours ago while no receipt at all came: is the address right?"""
    if not terms.sms_gateway:
        return []
    day = now.real - timedelta(days=1)
    count = await alarms.texts_without_a_word(
        db, terms.sms_gateway, first=day, last=now.real - SILENT_AFTER
    )
    if count < MANY:
        return []
    detail = texts.NO_RECEIPTS.format(count=count)
    return [Condition(key="receipts", kind="receipts", channel="sms", detail=detail)]


async def silent_processes(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """A role of which a process fell silent without a word, and nobody took its place."""
    seen = await processes.seen(db)  # once: one that starts between two looks would seem silent
    silent = {one.role for one in seen} - {one.role for one in seen if one.is_present(now.real)}
    return [
        Condition(key=f"process:{role}", kind="process", detail=texts.HEARTBEAT.format(role=role))
        for role in sorted(silent)
    ]


# --- what runs low --------------------------------------------------------------------------------


async def budget(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """The month's money for texts, from four fifths of it on; that it is spent is a halt."""
    if not terms.budget_fen or not terms.sms_gateway:
        return []
    spent = await spending.spent_fen(db, month_began(now.real))
    percent = spent * 100 // terms.budget_fen
    if percent < LOW_PERCENT:
        return []
    if percent >= 100:
        return [Condition(key="budget", kind="budget", channel="sms", detail=texts.BUDGET_SPENT)]
    detail = texts.BUDGET_LOW.format(percent=percent)
    return [Condition(key="budget-low", kind="budget", channel="sms", detail=detail)]


async def wechat_quota(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """The day's template messages, from four fifths of them on."""
    if not terms.wechat:
        return []
    used = await spending.calls(db, day_of(now.real))
    percent = used * 100 // terms.wechat_per_day
    if percent < LOW_PERCENT:
        return []
    detail = texts.QUOTA_LOW.format(percent=percent)
    return [Condition(key="quota-low:wechat", kind="quota", channel="wechat", detail=detail)]


# --- what operators forget ------------------------------------------------------------------------


async def backup(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """A live installation without a backup of the last two days."""
    found = await installation.load(db)
    if found is None or found.purpose is not Purpose.LIVE:
        return []
    since = found.backed_up_at or await alarms.begun_at(db)
    if since is None or now.real - since <= BACKUP_AFTER:
        return []
    days = (now.real - since).days
    detail = texts.BACKUP_OLD.format(days=days) if found.backed_up_at else texts.BACKUP_NEVER
    return [Condition(key="backup", kind="backup", detail=detail)]


async def holiday_tables(db: Database, terms: Terms, now: Now) -> list[Condition]:
    """The days off of this year, and from 1 December of the next."""
    known, year = await holidays.years(db), now.today.year
    needed = [year, year + 1] if now.today.month >= WARN_FROM_MONTH else [year]
    return [
        Condition(key=f"holidays:{one}", kind="holidays", detail=texts.NO_HOLIDAYS.format(year=one))
        for one in needed
        if one not in known
    ]


QUICK: tuple[Watch, ...] = (halted, silent_processes)
"""Asked every minute."""

SLOW: tuple[Watch, ...] = (
    standing_campaigns,
    unknown_pile,
    without_receipts,
    budget,
    wechat_quota,
    backup,
    holiday_tables,
)
"""Asked every ten minutes: they count, or change by the day."""


# --- what a provider says once --------------------------------------------------------------------

HEARD = ("unseen", "signature", "carrier", "account")
"""Kinds that are noted when a provider says so, and are not asked for."""


def of_outcome(channel: str, outcome: Outcome) -> Condition | None:
    """An alarm for a code that no table knows; None for all others."""
    if outcome.detail not in _UNSEEN:
        return None
    detail = texts.UNSEEN_CODE.format(channel=texts.CHANNELS[channel], code=outcome.code)
    key = f"unseen:{channel}:{outcome.code}"
    return Condition(key=key, kind="unseen", channel=channel, detail=detail)


def of_report(channel: str, outcome: Outcome) -> Condition:
    """An alarm for a report after which everybody else would be refused likewise."""
    if outcome.code in _SIGNATURE_CODES:
        detail = texts.SIGNATURE.format(code=outcome.code)
        return Condition(key="signature", kind="signature", channel=channel, detail=detail)
    detail = texts.CONTENT.format(code=outcome.code)
    return Condition(key=f"carrier:{outcome.code}", kind="carrier", channel=channel, detail=detail)


ACCOUNT_EVENTS = frozenset(
    {"qualification_verify_fail", "naming_verify_fail", "annual_renew", "verify_expired"}
)
"""The platform's events that tell of the account's certification (wechat.md 1.5)."""


def of_account(event: str) -> Condition:
    """An alarm for what the platform says of the account's certification."""
    detail = texts.ACCOUNT.format(event=event)
    return Condition(key=f"account:{event}", kind="account", channel="wechat", detail=detail)
