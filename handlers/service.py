"""What is not a question about accounts: menu, help, danger, tips, what we must not tell."""

from __future__ import annotations

from handlers import texts
from handlers.turn import Brief, Reply, Turn
from notifications.duty import DutyCalls
from notifications.wordings import Wordings
from storage import requests
from storage.database import Database
from storage.sealing import Sealer
from understanding import Intent

READERS = {"question": texts.READER_CLERK, "objection": texts.READER_SUPERVISORS}

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
    Intent.RATE: texts.RATED,
}
"""Intents whose answer is always the same."""

SPOKEN = {Intent.HELP: "help", Intent.GREETING: "welcome"}
"""Intents whose answer may be edited, by its template."""


class Service:
    """`duty` is who is called for danger; None: nobody, as where an operator only tries a text."""

    def __init__(
        self, db: Database, sealer: Sealer, wordings: Wordings, duty: DutyCalls | None = None
    ) -> None:
        self._db = db
        self._sealer = sealer
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
            turn.conversation.ask("")
            return Reply(texts.DENIED)
        if intent in SAID:
            return Reply(SAID[intent])
        if intent in SPOKEN:
            return self.spoken(SPOKEN[intent])
        return self._not_understood(turn)

    def spoken(self, code: str) -> Reply:
        """The newest words of a template, the menu below them."""
        text, menu = self._wordings.text(code), self._wordings.text("menu")
        return Reply(f"{text}\n{menu}", Brief(code, {}))

    async def _urgent(self, turn: Turn) -> Reply:
        village = turn.village.code if turn.village else None
        if self._duty and await self._duty.call(village, turn.inbound.key, turn.now):
            return Reply(f"{texts.URGENT}{texts.URGENT_CALLED}")
        return Reply(texts.URGENT)

    def _not_understood(self, turn: Turn) -> Reply:
        """Asks for other words; the second time in a row for a digit, or a person."""
        turn.conversation.missed += 1
        again = turn.conversation.missed > 1
        return self.spoken("not_understood_again" if again else "not_understood")

    def not_disclosed(self, turn: Turn) -> Reply:
        """No record: says so, and offers to hand the question on."""
        village = turn.village.name if turn.village else ""
        reader = texts.READER_CLERK
        turn.conversation.ask("confirm", kind="question", subject="", text=turn.inbound.text)
        said = texts.NOT_DISCLOSED.format(village=village)
        return Reply(
            f"{said}\n{texts.ASK_ON.format(reader=reader)}",
            Brief("answer_none", {"village": village, "period": texts.NOTHING_PERIOD}),
        )

    def objection(self, turn: Turn) -> Reply:
        """Doubt about an entry: asks whether the supervision committee may read it."""
        entry = str(turn.conversation.offer.get("entry", ""))
        turn.conversation.ask("confirm", kind="objection", subject=entry, text=turn.inbound.text)
        return Reply(texts.OBJECTION_OFFER.format(reader=texts.READER_SUPERVISORS))

    async def confirmed(self, turn: Turn) -> Reply:
        """Keeps the request that a yes was asked for."""
        offer = turn.conversation.offer
        kind = str(offer.get("kind", ""))
        village = turn.conversation.village
        if turn.conversation.pending != "confirm" or kind not in READERS or not village:
            return Reply(texts.NOTHING_TO_CONFIRM)
        turn.conversation.ask("")
        await requests.store(
            self._db,
            self._sealer,
            kind=kind,
            person_id=turn.resident.person_id,
            village=village,
            text=str(offer.get("text", "")),
            reader=READERS[kind],
            subject=str(offer.get("subject", "")),
            message_key=turn.inbound.key,
            now=turn.now,
        )
        return Reply(texts.REQUEST_KEPT.format(reader=READERS[kind]))
