"""Asking at the counter: a question put for somebody who stands there (design.md, section 1).

It is answered as a resident's would be, but belongs to nobody: no conversation is kept, nothing is
bound, followed or counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.staff.inbox import texts
from console.staff.inbox.counter import Heard
from handlers.answering import Answers
from handlers.counting import COUNTED
from handlers.requests import OF_TIPS
from handlers.turn import Conversation, Inbound, Kind, Turn
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.ids import new_id
from storage.inbox import heads
from storage.residents import Resident
from understanding import Context, Intent, Understanding, Village
from understanding.personal import hide_personal

_NOBODY = Resident(person_id="", village=None, group=None, known=False)


class AtCounter:
    """One for a process."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        reader: Understanding,
        answers: Answers,
        villages: Mapping[str, Village],
    ) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader
        self._answers = answers
        self._villages = villages

    async def __call__(self, village: str, text: str) -> Heard:
        """What a resident of that village would hear; only questions about what is disclosed are
        answered, and an allegation is told where to go."""
        now = self._clock.now()
        today, place = now.astimezone(BEIJING).date(), self._villages.get(village)
        meaning = self._reader.read(text, today=today, context=Context(bound_village=place))
        if meaning.intent in OF_TIPS - {Intent.ABUSIVE, Intent.URGENT}:
            return Heard("", answered=False, is_tip=True)
        if meaning.intent not in COUNTED or place is None:
            return Heard(texts.COUNTER_UNASKABLE, answered=False)
        chain_head, _ = await heads(self._db)
        turn = Turn(
            inbound=Inbound("wechat", new_id(), Kind.TEXT, "", text=text),
            resident=_NOBODY,
            meaning=meaning,
            conversation=Conversation(),
            now=now,
            today=today,
            village=place,
            chain_head=chain_head,
        )
        reply = await self._answers.answer(turn)
        is_open = turn.conversation.pending in ("confirm", "bind") or bool(turn.conversation.talk)
        return Heard(hide_personal(_on_paper(turn, reply.text)), answered=not is_open)


def _on_paper(turn: Turn, text: str) -> str:
    """The answer without what one would reply by message: here a form asks that."""
    asked = str(turn.conversation.offer.get("asked", ""))
    lines = (text.replace(asked, "") if asked else text).splitlines()
    return "\n".join(line for line in lines if line and not line.startswith(texts.REPLY_BY_MESSAGE))
