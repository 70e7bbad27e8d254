"""What a question was about, to be counted by topic: never by person, and never a tip."""

from __future__ import annotations

from handlers.turn import Reply, Turn
from storage.questions import Asked
from understanding import Intent

COUNTED = frozenset(
    {
        Intent.QUERY_FINANCE, Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE, Intent.ASK_TOTAL,
        Intent.ASK_LARGEST, Intent.COMPARE, Intent.QUERY_POWER_ITEM,
    }
)  # fmt: skip
"""Questions about what a village discloses. What concerns tips is none of them."""


def question_of(turn: Turn, reply: Reply | None) -> Asked | None:
    """The question that a turn was, and whether anything published answered it."""
    meaning = turn.meaning
    if reply is None or turn.village is None or meaning.intent not in COUNTED:
        return None
    return Asked(
        village=turn.village.code,
        month=f"{turn.today:%Y-%m}",
        topic=(meaning.slots.topic or "")[:30],
        answered=not _was_offered(turn, reply),
    )


def _was_offered(turn: Turn, reply: Reply) -> bool:
    """Whether the reply ends in the offer to hand the question on (handlers.handing_on)."""
    offer = turn.conversation.offer
    return offer.get("kind") == "question" and str(offer.get("asked")) in reply.text
