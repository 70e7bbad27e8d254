"""Offering to hand a question on that nothing published answers."""

from __future__ import annotations

from handlers import texts
from handlers.turn import Turn


def offer_to_ask(turn: Turn) -> str:
    """The offer, in words; a yes to it keeps the question for the village clerk."""
    asked = texts.ASK_ON.format(reader=texts.READER_CLERK)
    text = turn.inbound.text
    turn.conversation.ask("confirm", kind="question", subject="", text=text, asked=asked)
    return asked
