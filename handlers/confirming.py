"""收到: what an office holder says to a reminder (contract.md, section 5; domain.md, M46, M47).

A reply bears no reference, so it confirms all that the person has been shown and not answered yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import texts
from handlers.quiz import Quiz
from handlers.turn import Reply, Turn
from notifications.confirming import INTEGRITY, item_of, open_for
from storage import confirmations
from storage.confirmations import Confirmation, State
from storage.database import Database

DIGIT = "9"
"""Contract.md keeps 1 to 6 for the menu, queries.md 0 for going on."""

_SHOWN = 5
_HEARD = re.compile(
    r"(?:好的?|嗯+|哦|行|是)?(?:我|都)?(?:已经?)?(?:收到|晓得|知道|明白|看到|记到|记住|确认|阅)"
    r"了?(?:哈|哦|嘛|谢谢)?"
)


class Confirming:
    """Takes answers to reminders; asks nobody for anything by itself."""

    def __init__(self, db: Database, quiz: Quiz) -> None:
        self._db = db
        self._quiz = quiz

    async def pressed(self, turn: Turn) -> Reply:
        """The reply to the menu's key, which means nothing else; a talk that goes on stays open."""
        return await self._confirm(turn, "menu") or Reply(texts.CONFIRMED_NOTHING)

    async def answer(self, turn: Turn, plain: str) -> Reply | None:
        """The reply to a word or digit that may confirm; None where nothing waits for one.

        `plain` is the message without spaces and marks. Nothing is looked up for other messages.
        """
        return await self._confirm(turn, "reply") if _may_confirm(turn, plain) else None

    async def _confirm(self, turn: Turn, how: str) -> Reply | None:
        who = await confirmations.household(self._db, turn.resident.person_id, turn.inbound.channel)
        async with self._db.transaction():
            await open_for(self._db, turn.now, who)
            await confirmations.close_done(self._db)
            confirmed = await confirmations.confirm(self._db, who, how, turn.now)
            late = [] if confirmed else await confirmations.answer_late(self._db, who, turn.now)
        if confirmed:
            return await self._thanks(turn, confirmed)
        if late:
            return Reply(_late(late))
        return None

    async def _thanks(self, turn: Turn, confirmed: Sequence[Confirmation]) -> Reply:
        lesson = next((one for one in confirmed if one.template == INTEGRITY), None)
        is_free = not (turn.conversation.talk or turn.conversation.pending == "tip_text")
        question = await self._quiz.begin(turn, lesson) if lesson and is_free else ""
        said = texts.CONFIRMED.format(what=_named(confirmed))
        return Reply(f"{said}\n{question}" if question else said)


def _may_confirm(turn: Turn, plain: str) -> bool:
    conversation = turn.conversation
    if conversation.pending == "tip_text":
        return False
    if plain == DIGIT:  # unless it is the number of something
        return not (conversation.pending or conversation.talk or conversation.on_screen)
    if conversation.pending == "confirm" and "收到" not in plain:
        return False  # it answers what the bot asked
    return bool(_HEARD.fullmatch(plain))


def _late(late: Sequence[Confirmation]) -> str:
    told = [one for one in late if one.state is State.ESCALATED]
    if told:
        return texts.CONFIRMED_LATE.format(what=_named(told))
    return texts.CONFIRMED_DONE.format(what=_named(late))


def _named(these: Sequence[Confirmation]) -> str:
    """What they are about, each once."""
    words = list(dict.fromkeys(_in_words(one) for one in these))
    more = texts.CONFIRMED_MORE.format(count=len(words)) if len(words) > _SHOWN else ""
    return "、".join(words[:_SHOWN]) + more


def _in_words(one: Confirmation) -> str:
    return f"{one.params.get('village', '')}{item_of(one)}"
