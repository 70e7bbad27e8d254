"""Messages that a crash left unanswered: handled once the platform repeats them no more."""

from __future__ import annotations

import asyncio
import logging

from bot.pipeline import Pipeline, load_inbound
from storage import inbox
from storage.database import Database, Unavailable
from storage.inbox import Arrival, Received
from storage.sealing import Sealer, SealError

log = logging.getLogger(__name__)

REPEATS_END_SECONDS = 20.0
"""The platform asks three times, five seconds apart (wechat.md 1.3); whoever it asks for is better
answered then, in the reply itself."""


async def answer_leftovers(
    db: Database, sealer: Sealer, pipeline: Pipeline, after_seconds: float = REPEATS_END_SECONDS
) -> None:
    """Handles what lay unanswered when it was called; 继续 finds the answers."""
    try:
        left = {key for key, _ in await inbox.unfinished(db, "wechat")}
        if not left:
            return
        await asyncio.sleep(after_seconds)
        for key, sealed in await inbox.unfinished(db, "wechat"):
            if key in left:
                await _answer(db, sealer, pipeline, sealed)
    except Unavailable as closed:
        log.error("what a crash left could not be answered: %s", type(closed).__name__)


async def _answer(db: Database, sealer: Sealer, pipeline: Pipeline, sealed: bytes) -> None:
    try:
        inbound = load_inbound(sealer.open_inbox(sealed))
    except SealError:
        log.error("a stored message cannot be opened with these keys")
        return
    heads = await inbox.heads(db)
    await pipeline.answer_late(inbound, Received(Arrival.UNFINISHED, *heads))
