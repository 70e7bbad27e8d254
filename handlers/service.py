"""What is not a question about accounts: menu, help, danger, tips, what we must not tell."""

from __future__ import annotations

import re

from handlers import texts
from handlers.handing_on import offer_to_ask
from handlers.turn import Brief, Reply, Turn
from notifications.duty import DutyCalls
from notifications.wordings import Wordings
from understanding import Intent

SAID: dict[Intent, str] = {
    Intent.HUMAN: texts.HUMAN,
    Intent.OUT_OF_SCOPE: texts.OUT_OF_SCOPE,
    Intent.ABUSIVE: texts.ABUSIVE,
    Intent.FILE_TIP: texts.TIP,
    Intent.TIP_TEXT: texts.TIP,
    Intent.TIP_SUPPLEMENT: texts.TIP,
    Intent.TIP_STATUS: texts.TIP_STATUS,
    Intent.TIP_SECRET: texts.TIP_STATUS,
    Intent.ACK_REMINDER: texts.ACKNOWLEDGED,
}
"""Intents whose answer is always the same."""

SPOKEN = {Intent.HELP: "help", Intent.GREETING: "welcome"}
"""Intents whose answer may be edited, by its template."""

_HEARD = re.compile(
    r"\W*(?:我|都|哦|噢|嗯)*(?:收到|晓得|知道|明白|清楚|懂|看到|记住|记到)了?(?:哈|哦|嘛)?\W*"
)
_PARTING = re.compile("谢|再见|拜拜|回见|慢走|晚安|辛苦|难为|费心|打扰")


class Service:
    """`duty` is who is called for danger; None: nobody, as where an operator only tries a text."""

    def __init__(self, wordings: Wordings, duty: DutyCalls | None = None) -> None:
        self._wordings = wordings
        self._duty = duty

    async def answer(self, turn: Turn) -> Reply:
        intent = turn.meaning.intent
        if intent is Intent.URGENT:
            return await self._urgent(turn)
        if intent is Intent.CANCEL:
            turn.conversation.ask("")
            return Reply(texts.CANCELLED)
        if intent is Intent.DENY:
            was_asked = turn.conversation.pending == "confirm"
            turn.conversation.ask("")
            return Reply(texts.DENIED if was_asked else texts.GO_ON_ASKING)
        if intent in SAID:
            return Reply(SAID[intent])
        if intent is Intent.GREETING and _PARTING.search(turn.inbound.text):
            return Reply(texts.THANKED)
        if intent is Intent.UNCLEAR and _HEARD.fullmatch(turn.inbound.text):
            return Reply(texts.GO_ON_ASKING)
        if intent in SPOKEN:
            return self.spoken(turn, SPOKEN[intent])
        return self._not_understood(turn)

    def spoken(self, turn: Turn, code: str) -> Reply:
        """The newest words of a template, the menu below them: a digit is one of its keys now."""
        if turn.conversation.pending != "bind":
            turn.conversation.ask("menu")
        text, menu = self._wordings.text(code), self._wordings.text("menu")
        return Reply(f"{text}\n{menu}", Brief(code, {}))

    async def _urgent(self, turn: Turn) -> Reply:
        village = turn.village.code if turn.village else None
        if self._duty and await self._duty.call(village, turn.inbound.key, turn.now):
            return Reply(f"{texts.URGENT}{texts.URGENT_CALLED}")
        return Reply(texts.URGENT)

    def _not_understood(self, turn: Turn) -> Reply:
        """Asks for other words, or again what is open; the second time in a row for a digit."""
        conversation = turn.conversation
        conversation.missed += 1
        if conversation.missed > 1:
            return self.spoken(turn, "not_understood_again")
        if asked := conversation.offer.get("asked"):
            return Reply(f"{texts.NOT_CLEAR}{asked}")
        return self.spoken(turn, "not_understood")

    def not_disclosed(self, turn: Turn) -> Reply:
        """No record: says so, and offers to hand the question on."""
        village = turn.village.name if turn.village else ""
        turn.conversation.show(None)
        return Reply(
            f"{texts.NOT_DISCLOSED.format(village=village)}\n{offer_to_ask(turn)}",
            Brief("answer_none", {"village": village, "period": texts.THIS}),
        )

    def objection(self, turn: Turn) -> Reply:
        """Doubt about what was opened last, or in general: may the supervision committee read it?

        What was opened stands in the offer, as its public id and what it is called.
        """
        offer = turn.conversation.offer
        entry, named = str(offer.get("entry", "")), str(offer.get("named", ""))
        what = texts.OBJECTION_TO.format(what=named) if named else texts.OBJECTION
        asked = texts.OBJECTION_OFFER.format(what=what, reader=texts.READER_SUPERVISORS)
        text = f"{named}:{turn.inbound.text}" if named else turn.inbound.text
        turn.conversation.ask("confirm", kind="objection", subject=entry, text=text, asked=asked)
        return Reply(asked)
