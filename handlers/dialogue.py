"""What answers what: from an inbound message to the handler that knows, and its reply."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from handlers import texts
from handlers.ad_hoc import AdHoc
from handlers.answering import RECORD_INTENTS, Answers
from handlers.binding import Binding, ask_village
from handlers.confirming import Confirming
from handlers.erasing import Erasing
from handlers.following import ACCOUNTS, Following
from handlers.login_code import LoginCode
from handlers.matters import Matters
from handlers.own_money import TALK as OWN_MONEY
from handlers.own_money import OwnMoney
from handlers.quiz import TALK as QUIZ
from handlers.quiz import Quiz
from handlers.rating import Rating
from handlers.requests import Requests
from handlers.service import Service
from handlers.turn import Conversation, Kind, Reply, Turn
from notifications.wordings import Wordings
from understanding import Context, Intent, Meaning, Slots, Village
from understanding.own_matters import asks_about_own_matter, matter_number
from understanding.wishes import wants_picture

# Sms.md 1.8. On WeChat nobody was told that a letter leaves, and N answers a question.
OPT_OUT_WORDS = {
    "sms": frozenset({"T", "TD", "R", "N", "退订", "拒收"}),
    "wechat": frozenset({"TD", "退订", "拒收"}),
}
_NO_WORD = re.compile(r"\W+")
CONTINUE_WORDS = frozenset({"0", "继续", "结果"})
MENU_KEYS = ("accounts", "power", "follow", "tip", "help", "human")  # digits 1 to 6
CONFIRM_KEY = "confirm"
"""A key of the account's menu alone: the digit that says the same is confirming.DIGIT."""
MENU_INTENTS = {
    "accounts": Intent.QUERY_FINANCE,
    "power": Intent.QUERY_POWER_ITEM,
    "tip": Intent.FILE_TIP,
    "help": Intent.HELP,
    "human": Intent.HUMAN,
}

OWN_MATTER_INTENTS = RECORD_INTENTS | {
    Intent.QUERY_POWER_ITEM, Intent.UNCLEAR, Intent.OUT_OF_SCOPE, Intent.DETAIL,
}  # fmt: skip
"""What a question about one's own application looks like to the scheme of queries.md."""
BINDING_INTENTS = frozenset({Intent.BIND_VILLAGE, Intent.SWITCH_VILLAGE})
ABOVE_TALKS = frozenset({Intent.URGENT, Intent.FILE_TIP})
"""What is answered as such, whoever holds the conversation: danger comes first in every state."""
MAY_ANSWER = BINDING_INTENTS | {
    Intent.CHOOSE, Intent.CONFIRM, Intent.DENY, Intent.CANCEL, Intent.GREETING, Intent.UNCLEAR,
}  # fmt: skip
"""What leaves an open question open. A tip never does: a later yes must not make it a request."""


class Reader(Protocol):
    """Understands a message."""

    def read(self, text: str, *, today: date, context: Context) -> Meaning: ...


class Talk(Protocol):
    """A handler that holds a conversation over several messages."""

    async def go_on(self, turn: Turn) -> Reply | None: ...


class Dialogue:
    """Answers one turn."""

    def __init__(
        self,
        reader: Reader,
        answers: Answers,
        binding: Binding,
        service: Service,
        matters: Matters,
        own_money: OwnMoney,
        following: Following,
        confirming: Confirming,
        erasing: Erasing,
        login_code: LoginCode,
        ad_hoc: AdHoc,
        quiz: Quiz,
        requests: Requests,
        rating: Rating,
        wordings: Wordings,
    ) -> None:
        self._reader = reader
        self._answers = answers
        self._binding = binding
        self._service = service
        self._matters = matters
        self._talks: Mapping[str, Talk] = {OWN_MONEY: own_money, QUIZ: quiz}
        self._following = following
        self._confirming = confirming
        self._erasing = erasing
        self._login_code = login_code
        self._ad_hoc = ad_hoc
        self._requests = requests
        self._rating = rating
        self._wordings = wordings

    async def respond(self, turn: Turn) -> Reply | None:
        """The reply to what came in; None where none is due (somebody left)."""
        kind = turn.inbound.kind
        if kind is Kind.UNFOLLOW:
            return None
        if kind is Kind.REVOKED:
            await self._erasing.revoked(turn)
            return None
        if kind in (Kind.FOLLOW, Kind.SCAN):
            return await self._arrive(turn)
        if kind is Kind.VOICE:
            return Reply(self._wordings.text("voice_hint"))
        if kind is Kind.OTHER:
            return Reply(texts.OTHER_KIND)
        if kind is Kind.MENU:
            key = turn.inbound.menu_key
            if key == CONFIRM_KEY:
                turn.meaning = Meaning(Intent.ACK_REMINDER)
                return await self._confirming.pressed(turn)
            key = key if key in MENU_KEYS else "help"
            turn.inbound = replace(turn.inbound, text=str(MENU_KEYS.index(key) + 1))
            return await self._menu(turn, key)
        return await self._text(turn)

    async def _arrive(self, turn: Turn) -> Reply:
        bound = await self._binding.scanned(turn)
        if turn.inbound.kind is Kind.SCAN and bound:
            return bound
        if turn.village and not bound:
            return self._service.spoken(turn, "welcome")
        said = bound or ask_village(turn)
        return replace(said, text=f"{self._wordings.text('welcome')}\n{said.text}")

    async def _text(self, turn: Turn) -> Reply | None:
        plain = _NO_WORD.sub("", unicodedata.normalize("NFKC", turn.inbound.text)).upper()
        if plain in CONTINUE_WORDS and (rest := _rest(turn)):
            return rest
        if plain == "0":
            return Reply(texts.NOTHING_LATE)
        if said := await self._erasing.heard(turn, plain):
            return said
        if code := await self._login_code.answer(turn, plain):
            return code
        if taken := await self._ad_hoc.answer(turn):
            return taken
        if plain in OPT_OUT_WORDS[turn.inbound.channel]:
            turn.meaning = Meaning(Intent.UNSUBSCRIBE)
            return await self._following.opt_out(turn)
        if confirmed := await self._confirming.answer(turn, plain):
            turn.meaning = Meaning(Intent.ACK_REMINDER)
            return confirmed
        if rated := await self._rating.answer(turn, plain):
            turn.meaning = Meaning(Intent.RATE)
            return rated
        context = turn.context()
        turn.meaning = self._reader.read(turn.inbound.text, today=turn.today, context=context)
        missed_before = turn.conversation.missed
        reply = await self._held(turn) or await self._meant(turn)
        if turn.conversation.missed == missed_before:
            turn.conversation.missed = 0
        return reply if wants_picture(turn.inbound.text) else replace(reply, picture="")

    async def _held(self, turn: Turn) -> Reply | None:
        """The reply of the handler that holds the conversation; None where it is let go."""
        conversation = turn.conversation
        if not conversation.talk or turn.meaning.intent in ABOVE_TALKS:
            return None
        reply = None
        if turn.meaning.intent is not Intent.CANCEL:
            reply = await self._talks[conversation.talk].go_on(turn)
        if reply is None:
            conversation.hand_back()
        return reply

    async def _meant(self, turn: Turn) -> Reply:
        intent, conversation = turn.meaning.intent, turn.conversation
        followed_just_now = conversation.offer.pop("follow", None)
        if intent not in MAY_ANSWER:
            conversation.let_go()
        if intent in OWN_MATTER_INTENTS and asks_about_own_matter(turn.inbound.text):
            return await self._own_matter(turn)
        if intent is Intent.RATE:
            return await self._rating.said(turn)
        if said := await self._about_requests(turn):
            return said
        if intent is Intent.SUBSCRIBE:
            return await self._following.answer(turn, followed_just_now)
        if intent is Intent.UNSUBSCRIBE:
            return await self._following.unfollow(turn)
        if intent in (Intent.CANCEL, Intent.DENY) and followed_just_now:
            return await self._following.take_back(turn, *followed_just_now)
        answered = await self._to_open_question(turn) or await self._numbered(turn)
        return answered or await self._answers.answer(turn)

    async def _own_matter(self, turn: Turn) -> Reply:
        """How an application of one's own stands, or what was answered: numbers look alike."""
        number = matter_number(turn.inbound.text)
        told = await self._requests.told(turn, number) if number else None
        return told or await self._matters.answer(turn)

    async def _about_requests(self, turn: Turn) -> Reply | None:
        """What is to be handed on to people, or was; None for everything else."""
        return (
            self._requests.begun(turn)
            or await self._requests.seen_again(turn)
            or await self._requests.asked_back(turn)
        )

    async def _to_open_question(self, turn: Turn) -> Reply | None:
        """What was asked for a village, or for a yes; None for what answers no question."""
        intent, offer = turn.meaning.intent, turn.conversation.offer
        if intent in BINDING_INTENTS:
            return await self._bind(turn, self._binding.said(turn))
        if intent is Intent.CHOOSE and "villages" in offer:
            return await self._chosen(turn, offer["villages"])
        if intent is Intent.DENY and offer.keys() & {"about", "follow_there"}:
            turn.conversation.ask("")
            return Reply(texts.ANOTHER_VILLAGE)
        if intent is Intent.DENY and "villages" in offer:
            return ask_village(turn, **_waiting(turn.conversation))
        if intent is Intent.CONFIRM and "bind" in offer:
            return await self._bind_code(turn, str(offer["bind"]))
        if intent is Intent.CONFIRM:
            return await self._requests.confirmed(turn)
        return None

    async def _numbered(self, turn: Turn) -> Reply | None:
        """A digit that means a key of the menu; None where it means something on screen."""
        intent, on_screen = turn.meaning.intent, turn.conversation.on_screen
        key, number = _menu_key(turn), turn.meaning.slots.item_no or 0
        is_alone = on_screen is not None and on_screen.results == 1 < number  # then none is shown
        if key and (intent in (Intent.CHOOSE, Intent.UNCLEAR) or not on_screen or is_alone):
            return await self._menu(turn, key)
        if intent is Intent.CHOOSE and on_screen:  # a number above the menu's
            turn.meaning = Meaning(Intent.DETAIL, Slots(item_no=turn.meaning.slots.option))
        if intent in (Intent.DETAIL, Intent.PAGE) and not on_screen:
            return Reply(texts.NO_LIST)
        return None

    async def _menu(self, turn: Turn, key: str) -> Reply:
        turn.conversation.ask("")
        if key == "follow":
            turn.meaning = Meaning(Intent.SUBSCRIBE, Slots(topic=ACCOUNTS))
            return await self._following.accounts(turn)
        turn.meaning = Meaning(MENU_INTENTS[key])
        return await self._answers.answer(turn)

    async def _chosen(self, turn: Turn, codes: list[str]) -> Reply:
        offer, number = turn.conversation.offer, turn.meaning.slots.option or 0
        if not 1 <= number <= len(codes):
            return await self._service.answer(turn)
        if "follow_there" in offer:
            return await self._following.there(turn, codes[number - 1])
        if "about" in offer:
            return await self._about_another(turn, str(offer["about"]), codes[number - 1])
        return await self._bind_code(turn, codes[number - 1])

    async def _about_another(self, turn: Turn, question: str, code: str) -> Reply:
        """Answers a question whose village had several names alike; one's own stays what it is."""
        turn.conversation.ask("")
        self._take_up(turn, question)
        slots = replace(
            turn.meaning.slots, village=self._binding.village(code), village_candidates=()
        )
        turn.meaning = replace(turn.meaning, slots=slots)
        return await self._answers.answer(turn)

    def _take_up(self, turn: Turn, question: str) -> None:
        """Has the turn be about what was asked earlier."""
        turn.inbound = replace(turn.inbound, text=question)
        turn.meaning = self._reader.read(question, today=turn.today, context=turn.context())

    async def _bind_code(self, turn: Turn, code: str) -> Reply:
        village = self._binding.village(code)
        if village is None:
            return ask_village(turn)
        return await self._bind(turn, self._binding.bind(turn, village))

    async def _bind(self, turn: Turn, step: Awaitable[Reply]) -> Reply:
        """Binds; a question that waited for the village is answered in the same breath."""
        question = turn.conversation.offer.get("question")
        before: Village | None = turn.village
        reply = await step
        if not question:
            return reply
        if turn.village is before:
            turn.conversation.offer["question"] = question
            return reply
        turn.conversation.offer.pop("question", None)
        self._take_up(turn, str(question))
        if turn.meaning.intent in BINDING_INTENTS:
            return reply
        answer = await self._meant(turn)
        return replace(answer, text=f"{reply.text.splitlines()[0]}\n{answer.text}")


def _menu_key(turn: Turn) -> str | None:
    """The menu's key that a message of nothing but a digit means."""
    said = unicodedata.normalize("NFKC", turn.inbound.text).strip(" 。.、,")
    digit = int(said) if said in {"1", "2", "3", "4", "5", "6"} else 0
    number = turn.meaning.slots.option or digit
    return MENU_KEYS[number - 1] if 1 <= number <= len(MENU_KEYS) else None


def _waiting(conversation: Conversation) -> dict[str, Any]:
    """The question that waits for the village, if one does."""
    question = conversation.offer.get("question")
    return {"question": question} if question else {}


def _rest(turn: Turn) -> Reply | None:
    """What came after its time, or had no room; None where nothing is left."""
    conversation = turn.conversation
    if conversation.late:
        late, conversation.late = conversation.late, ""
        return Reply(late)
    if conversation.rest:
        rest, conversation.rest = conversation.rest, ""
        return Reply(rest)
    return None
