"""People who write to the sample county, one message after another, by WeChat or by SMS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bot.app import Parts, answering
from bot.commands.keys import load
from bot.config import load_config
from bot.sms.replying import as_sms
from handlers.turn import Inbound, Kind, Reply, Turn
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.bot.home import Home
from tests.conftest import NOW

OWN = "听竹村"
ADDRESSES = {"wechat": "oPerson", "sms": "16600010099"}


@dataclass
class Talk:
    """`say` gives what the phone then shows."""

    db: Database
    parts: Parts
    clock: HeldClock
    said: count[int] = field(default_factory=count)

    async def say(self, text: str, channel: str = "wechat", kind: Kind = Kind.TEXT) -> str:
        inbound = Inbound(
            channel, f"key{next(self.said)}", kind, ADDRESSES[channel], text=text, menu_key=text
        )
        shown = ""

        async def by_sms(turn: Turn, reply: Reply) -> None:
            nonlocal shown
            answer = as_sms(reply, self.parts.wordings)
            turn.conversation.rest = answer.rest or (reply.text if reply.brief else "")
            shown = answer.text

        received = await self.parts.pipeline.receive(inbound, text)
        deliver = by_sms if channel == "sms" else None
        answer = await self.parts.pipeline.proceed(inbound, received, deliver)
        assert answer.reply is not None, text
        return shown or answer.reply.text

    async def sms(self, text: str) -> str:
        return await self.say(text, "sms")

    async def at_home(self, channel: str = "wechat") -> None:
        await self.say(f"我是{OWN}的", channel)


@asynccontextmanager
async def talking(home: Home) -> AsyncIterator[Talk]:
    db = await Database.open(f"sqlite://{home.database}")
    clock = HeldClock(NOW)
    try:
        async with answering(db, Sealer(load(load_config(home.config))), clock) as parts:
            yield Talk(db, parts, clock)
    finally:
        await db.close()
