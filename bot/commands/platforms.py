"""What `mingbai check` asks the platforms: do they answer, and what do they refuse us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import ClientSession

from bot.commands import keys, store, texts
from bot.commands.findings import Finding, Level
from bot.config import Config
from bot.errors import Refused
from notifications import approvals
from notifications.approvals import Ask, Asked
from notifications.channels.aliyun import AliyunGateway, LookUpFailed
from notifications.channels.outcome import Verdict
from notifications.channels.wechat import ApiProbe, ApiState, probe_apis
from notifications.channels.wechat_client import AsyncWeChatClient
from notifications.rhythms import missing_table
from notifications.settings import SmsGateway, WeChatMode
from storage import audit
from storage.clock import SystemClock
from storage.database import Database

_NOBODY = "16600000000"  # asked after, never written to

_REFUSALS: Mapping[ApiState, tuple[Level, str, str]] = {
    ApiState.NOT_GRANTED: (Level.NOTE, texts.API_NOT_GRANTED, texts.API_NOT_GRANTED_REMEDY),
    ApiState.ADDRESS_REFUSED: (Level.CHANGE, texts.API_ADDRESS, texts.API_ADDRESS_REMEDY),
    ApiState.CREDENTIALS_REFUSED: (Level.CHANGE, texts.API_KEYS, texts.API_KEYS_REMEDY),
    ApiState.REFUSED: (Level.NOTE, texts.API_REFUSED, texts.API_REFUSED_REMEDY),
    ApiState.UNREACHABLE: (Level.NOTE, texts.UNREACHABLE, texts.UNREACHABLE_REMEDY),
}


async def wechat(config: Config) -> list[Finding]:
    """Which APIs of the account answer; one that it lacks is left out when pushes choose."""
    if config.wechat.mode is WeChatMode.OFF:
        return []
    async with ClientSession() as http:
        probes = await probe_apis(AsyncWeChatClient(http, config.wechat))
    answering = [texts.API_NAMES[p.api] for p in probes if p.state is ApiState.ANSWERS]
    found = [_refused(config, probe) for probe in probes if probe.state is not ApiState.ANSWERS]
    if answering:
        found.insert(0, Finding(Level.GOOD, texts.APIS_FINE.format(apis="、".join(answering))))
    return found


def _refused(config: Config, probe: ApiProbe) -> Finding:
    level, what, remedy = _REFUSALS[probe.state]
    host = urlsplit(config.wechat.api_base).netloc
    said = {"api": texts.API_NAMES[probe.api], "code": probe.code, "host": host}
    return Finding(level, what.format(**said), remedy.format(address=probe.address or "?"))


async def sms(config: Config) -> list[Finding]:
    """Whether the SMS provider knows our key; asks it after a number that nobody has."""
    if config.sms.gateway is not SmsGateway.ALIYUN:
        return []
    async with ClientSession() as http:
        try:
            await AliyunGateway(http, config.sms).details(_NOBODY, SystemClock().today())
        except LookUpFailed as failed:
            return [_no_sms(config, failed)]
    return [Finding(Level.GOOD, texts.SMS_FINE)]


def _no_sms(config: Config, failed: LookUpFailed) -> Finding:
    outcome = failed.outcome
    if outcome.verdict is Verdict.HALT:
        return Finding(
            Level.CHANGE, texts.SMS_REFUSED.format(code=outcome.code), texts.SMS_REFUSED_REMEDY
        )
    host = urlsplit(config.sms.endpoint).netloc
    return Finding(Level.NOTE, texts.UNREACHABLE.format(host=host), texts.UNREACHABLE_REMEDY)


async def ask_templates(config: Config, db: Database) -> list[Asked]:
    """Asks both platforms how the review of each bound template stands, and notes it."""
    async with ClientSession() as http:
        providers: dict[str, Ask] = {}
        if config.wechat.mode is not WeChatMode.OFF:
            providers |= approvals.by_wechat(AsyncWeChatClient(http, config.wechat))
        if config.sms.gateway is SmsGateway.ALIYUN:
            providers |= approvals.by_aliyun(AliyunGateway(http, config.sms))
        return await approvals.ask_all(db, providers, now=datetime.now(UTC), actor=audit.OPERATOR)


async def bound_templates(config: Config) -> list[Finding]:
    """Whether the platforms have approved the templates that are bound there."""
    try:
        async with store.opened(config, keys.load(config)) as db:
            asked = await ask_templates(config, db)
    except Refused:
        return []  # another probe tells of it
    approved = sum(one.approval == approvals.APPROVED and not one.failed for one in asked)
    found = [Finding(Level.GOOD, texts.TEMPLATES_FINE.format(count=approved))] if approved else []
    for one in asked:
        if one.approval != approvals.APPROVED and not one.failed:
            what = texts.TEMPLATE_STANDS.format(**as_words(one))
            found.append(Finding(Level.NOTE, what, texts.TEMPLATE_STANDS_REMEDY))
    return found + [
        Finding(Level.NOTE, texts.TEMPLATES_UNASKED.format(why=why))
        for why in approvals.failures(asked)
    ]


def as_words(one: Asked) -> dict[str, str]:
    """What was found of a template, for whoever reads it."""
    return {
        "code": one.code,
        "gateway": texts.GATEWAYS[one.gateway],
        "state": texts.APPROVALS[one.approval],
        "reason": f":{one.reason}" if one.reason else "",
    }


async def holiday_table(config: Config) -> list[Finding]:
    """Whether the days off of this year, and from December of the next, are known."""
    try:
        async with store.opened(config, keys.load(config)) as db:
            year = await missing_table(db, (await store.business_clock(db, None)).today())
    except Refused:
        return []  # another probe tells of it
    if year is None:
        return []
    return [Finding(Level.NOTE, texts.NO_HOLIDAYS.format(year=year), texts.NO_HOLIDAYS_REMEDY)]
