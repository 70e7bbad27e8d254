"""`mingbai ask`: one message through the real pipeline."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime
from typing import Any

import click

from bot.app import Parts, answering
from bot.commands import store, texts
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from bot.importing.places import named_village
from bot.pipeline import Answer
from bot.sms.replying import as_sms
from handlers.turn import Inbound, Kind, Reply
from notifications.answers import SmsAnswer
from storage import people, regions
from storage.clock import SystemClock
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer


def run(
    config: Config,
    text: str,
    *,
    village: str | None,
    channel: str,
    person: str | None,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Prints the reply to `text` over `channel` (wechat or sms).

    With `person` the conversation goes on from call to call; without, a new resident bound to
    `village` asks.
    """
    answer, sms = asyncio.run(_ask(config, text, village, channel, person, now))
    reply = answer.reply
    if reply is None:
        raise Refused(texts.NO_ANSWER)
    if as_json:
        click.echo(json.dumps(_as_json(answer, reply, sms), ensure_ascii=False))
    else:
        click.echo(sms.text if sms else reply.text)


async def _ask(
    config: Config,
    text: str,
    village: str | None,
    channel: str,
    person: str | None,
    now: datetime | None,
) -> tuple[Answer, SmsAnswer | None]:
    """The answer and, where asked by SMS, how it is said there."""
    loaded = load(config)
    async with store.opened(config, loaded) as db:
        sealer = Sealer(loaded)
        address = await _address(db, sealer, channel, person)
        async with answering(db, sealer, await store.business_clock(db, now)) as parts:
            if village is not None:
                region = named_village(await regions.villages(db), village)
                await _bind(parts, channel, address, region.code)
            key = new_id()
            body = hashlib.sha256(text.encode()).hexdigest()
            inbound = Inbound(channel, key, Kind.TEXT, address, text=text)
            answer = await parts.pipeline.handle(inbound, body)
            by_sms = answer.reply if channel == "sms" else None
            return answer, as_sms(by_sms, parts.wordings) if by_sms else None


async def _address(db: Database, sealer: Sealer, channel: str, person: str | None) -> str:
    """Where the asker writes from: their own address, or one that nobody has."""
    if person is None:
        return f"ask-{new_id()}"
    try:
        found = await people.find_person(db, sealer, person)
    except (people.UnknownPerson, people.SeveralPeople):
        raise Refused(texts.UNKNOWN_ASKER) from None
    address = await people.address_of(db, sealer, found.id, channel)
    if address is None:
        raise Refused(texts.NO_ADDRESS)
    return address


async def _bind(parts: Parts, channel: str, address: str, village: str) -> None:
    now = SystemClock().now()
    asker = await parts.residents.meet(channel, address, audit_head=None, now=now)
    await parts.residents.bind(channel, address, asker, village, None)


def _as_json(answer: Answer, reply: Reply, sms: SmsAnswer | None) -> dict[str, object]:
    meaning: Any = answer.meaning.as_json() if answer.meaning else {"intent": None}
    intent = meaning.pop("intent")
    said: dict[str, object] = {"text": reply.text, "intent": intent, "slots": meaning}
    said["links"] = [reply.link] if reply.link else []
    if sms:
        said |= {"text": sms.text, "template": sms.template, "params": dict(sms.params)}
    return said
