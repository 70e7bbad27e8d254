"""A short quiz after a lesson: up to three questions, one message each, answered by a digit.

The first answer of a person to a question counts. While a question is open no other numbered
choices are on screen, so that a digit can mean nothing else.
"""

from __future__ import annotations

import unicodedata

from handlers import texts
from handlers.turn import Reply, Turn
from notifications.education import item_behind
from storage import education
from storage.confirmations import Confirmation
from storage.database import Database
from storage.education import Question

TALK = "quiz"
QUESTIONS = 3

_LETTERS = "ABCDEF"


class Quiz:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self, turn: Turn, lesson: Confirmation) -> str:
        """The first question about what a reminder taught; empty where there is none left."""
        item = await item_behind(self._db, lesson.cause, lesson.params.get("text", ""))
        if item is None:
            return ""
        asked = await education.unanswered(self._db, turn.resident.person_id, item.id, QUESTIONS)
        return self._ask(turn, [one.id for one in asked], asked[0], right=0) if asked else ""

    async def go_on(self, turn: Turn) -> Reply | None:
        """What an answer leads to; None where something else was said."""
        offer = turn.conversation.offer
        ids = [str(one) for one in offer["left"]]
        asked = await education.question(self._db, ids[0])
        chosen = _number(turn)
        if asked is None or chosen is None:
            return None
        if not 1 <= chosen <= len(asked.options):
            return Reply(texts.QUIZ_NUMBERS.format(count=len(asked.options)))
        await education.note_answer(self._db, turn.resident.person_id, asked, chosen, turn.now)
        is_right = chosen == asked.answer
        right = int(offer["right"]) + is_right
        lines = [_judged(asked, is_right=is_right)]
        following = await education.question(self._db, ids[1]) if ids[1:] else None
        if following:
            lines.append(self._ask(turn, ids[1:], following, right=right))
        else:
            lines.append(texts.QUIZ_END.format(right=right, count=int(offer["count"])))
            turn.conversation.hand_back()
        return Reply("\n".join(lines))

    def _ask(self, turn: Turn, left: list[str], question: Question, *, right: int) -> str:
        conversation = turn.conversation
        count = int(conversation.offer.get("count", len(left))) if conversation.talk else len(left)
        conversation.show(None)
        conversation.hold(TALK, left=left, count=count, right=right)
        options = [f"{number}. {option}" for number, option in enumerate(question.options, 1)]
        head = texts.QUIZ_QUESTION.format(
            no=count - len(left) + 1, count=count, question=question.question
        )
        return "\n".join([head, *options, texts.QUIZ_HOW])


def _judged(asked: Question, *, is_right: bool) -> str:
    told = texts.QUIZ_RIGHT if is_right else texts.QUIZ_WRONG
    answer = asked.options[asked.answer - 1]
    return told.format(number=asked.answer, answer=answer) + asked.explanation


def _number(turn: Turn) -> int | None:
    """The number, or letter, that is all of the message."""
    said = unicodedata.normalize("NFKC", turn.inbound.text).strip(" 。.、,选").upper()
    if len(said) == 1 and said in _LETTERS:
        return _LETTERS.index(said) + 1
    return int(said) if said.isascii() and said.isdigit() and len(said) < 3 else None
