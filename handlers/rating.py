"""1, 2 or 3: how content somebody is with an answer or a matter (domain.md, M5).

A digit is a rating only where no other numbered choices are open; the words always are.
"""

from __future__ import annotations

import re

from handlers import texts
from handlers.requests import Requests
from handlers.turn import Reply, Turn
from notifications.satisfaction import rate
from storage import confirmations, ratings, requests
from storage.database import Database
from storage.ratings import LOW, Asked, Subject
from storage.requests import State

_DIGITS = {"1": 1, "2": 2, "3": 3}
_WORDS = (
    (3, re.compile(r"(?:我|很|太|非常)?(?:很|太|非常)?不(?:太|大|是很|怎么)?满意")),
    (2, re.compile(r"我?(?:基本|还算|大体|比较)满意")),
    (1, re.compile(r"(?:我|很|非常|十分)?(?:很|非常|十分)?满意")),
)
_SCORES = {5: 1, 4: 1, 3: 2, 2: 3, 1: 3}
"""From a rating as understanding has it, five being best."""


class Rating:
    """Takes ratings that were asked for; asks for none by itself."""

    def __init__(self, db: Database, own: Requests) -> None:
        self._db = db
        self._own = own

    async def answer(self, turn: Turn, plain: str) -> Reply | None:
        """The reply to a digit or word that may rate; None where nothing waits for one.

        `plain` is the message without spaces and marks. Nothing is looked up for other messages.
        """
        score = _score(turn, plain)
        return await self._take(turn, score) if score else None

    async def said(self, turn: Turn) -> Reply:
        """The reply to an evaluation in other words, asked for or not."""
        rating = turn.meaning.slots.rating
        taken = await self._take(turn, _SCORES[rating]) if rating in _SCORES else None
        return taken or Reply(texts.RATED_NOTHING)

    async def _take(self, turn: Turn, score: int) -> Reply | None:
        if await ratings.with_key(self._db, turn.inbound.key):  # a repeat after a restart
            return Reply(texts.RATED)
        who = await confirmations.household(self._db, turn.resident.person_id, turn.inbound.channel)
        asked = await rate(
            self._db,
            who,
            score,
            said=turn.inbound.text.strip(),
            message_key=turn.inbound.key,
            now=turn.now,
        )
        if asked is None:
            return None
        turn.conversation.ask("")
        return await self._thanks(turn, asked, score)

    async def _thanks(self, turn: Turn, asked: Asked, score: int) -> Reply:
        """Whoever is not content is told that the region above can look at it."""
        if score != LOW or asked.kind is not Subject.REQUEST:
            return Reply(texts.RATED)
        request = await requests.by_id(self._db, asked.subject_id)
        if request.state is not State.ANSWERED:
            return Reply(texts.RATED)
        return await self._own.offer_above(turn, request, said=f"{texts.RATED}\n")


def _score(turn: Turn, plain: str) -> int:
    conversation = turn.conversation
    if plain in _DIGITS:
        is_free = not (conversation.pending or conversation.talk or conversation.on_screen)
        return _DIGITS[plain] if is_free else 0
    return next((score for score, words in _WORDS if words.fullmatch(plain)), 0)
