"""Replies as texts: one registered template each, queued in the interactive lane, with a cap."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time

from handlers.turn import Reply, Turn
from notifications import answers
from notifications.answers import SmsAnswer
from notifications.wordings import Wordings
from storage.clock import BEIJING
from storage.database import Database
from storage.moments import to_ms
from storage.sealing import Sealer

log = logging.getLogger(__name__)

A_DAY_FOR_STRANGERS = 3  # until they have answered one of our questions (contract.md, section 8)
A_DAY = 30


def as_sms(reply: Reply, wordings: Wordings, sign_name: str = "") -> SmsAnswer:
    """The one text in which a reply is said by SMS."""
    brief = reply.brief
    if brief is None:
        return answers.plain(reply.text)
    if not brief.values:  # words without figures
        return wordings.by_sms(brief.template)
    if brief.entries:
        return answers.three(brief.values, brief.entries, reply.text, sign_name=sign_name)
    if brief.template == "answer_three":
        return answers.fitted("answer_total", brief.values, reply.text)
    return answers.fitted(brief.template, brief.values, reply.text)


class SmsReplies:
    """Queues the text that answers a message; once, however often the message is handled."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        wordings: Wordings,
        sign_name: str,
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._wordings = wordings
        self._sign_name = sign_name
        self._wake = wake

    async def deliver(self, turn: Turn, reply: Reply) -> None:
        answer = as_sms(reply, self._wordings, self._sign_name)
        # What is left of the text, or all of it after a template of its own, is had by 0.
        turn.conversation.rest = answer.rest or (reply.text if reply.brief else "")
        if not turn.resident.known and await self._is_over_the_cap(turn):
            log.warning("an unknown number has had its texts for today")
            return
        await answers.answer_by_sms(
            self._db,
            self._sealer,
            person_id=turn.resident.person_id,
            message_key=turn.inbound.key,
            answer=answer,
            now=turn.now,
        )
        self._wake()

    async def _is_over_the_cap(self, turn: Turn) -> bool:
        midnight = datetime.combine(turn.today, time(), BEIJING)
        row = await self._db.row(
            "SELECT people.texts_answered AS trusted,"
            " (SELECT COUNT(*) FROM deliveries WHERE deliveries.person_id = people.id"
            " AND message_key IS NOT NULL AND not_before >= ?) AS texts"
            " FROM people WHERE people.id = ?",
            to_ms(midnight),
            turn.resident.person_id,
        )
        if row is None:
            return False
        return int(row["texts"]) >= (A_DAY if row["trusted"] else A_DAY_FOR_STRANGERS)
