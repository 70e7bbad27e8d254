"""What answers what: from an inbound message to the handler that knows, and its reply."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from handlers import texts, wording
from handlers.binding import Binding, ask_village
from handlers.finance import NOTHING_BRIEF, Finance
from handlers.following import ACCOUNTS, Following
from handlers.matters import Matters
from handlers.own_money import TALK as OWN_MONEY
from handlers.own_money import OwnMoney, asks_about_own_money
from handlers.power import Power
from handlers.records import Records
from handlers.service import Service
from handlers.turn import Kind, Reply, Turn
from notifications.wordings import Wordings
from storage.accounts import VillageAccounts
from understanding import Context, Intent, Meaning, Slots, Village
from understanding.own_matters import asks_about_own_matter
from understanding.wishes import wants_picture

# Sms.md 1.8. On WeChat nobody was told that a letter leaves, and N answers a question.
OPT_OUT_WORDS = {
    "sms": frozenset({"T", "TD", "R", "N", "退订", "拒收"}),
    "wechat": frozenset({"TD", "退订", "拒收"}),
}
_NO_WORD = re.compile(r"\W+")
CONTINUE_WORDS = frozenset({"0", "继续", "结果"})
MENU_KEYS = ("accounts", "power", "follow", "tip", "help", "human")  # digits 1 to 6

ACCOUNT_INTENTS = frozenset({
    Intent.QUERY_FINANCE, Intent.ASK_TOTAL, Intent.ASK_LARGEST, Intent.COMPARE, Intent.DETAIL,
    Intent.PAGE, Intent.REFINE,
})  # fmt: skip
ON_SCREEN_INTENTS = frozenset({Intent.DETAIL, Intent.PAGE, Intent.REFINE})
"""What concerns the answer on screen: it goes to whoever gave that."""
RECORD_INTENTS = frozenset({Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE})
OWN_MATTER_INTENTS = RECORD_INTENTS | {
    Intent.QUERY_POWER_ITEM, Intent.UNCLEAR, Intent.OUT_OF_SCOPE, Intent.DETAIL,
}  # fmt: skip
"""What a question about one's own application looks like to the scheme of queries.md."""
WORKS_INTENTS = frozenset({Intent.QUERY_FINANCE, Intent.ASK_TOTAL})
WORKS_TOPIC = "PROJ"
"""What was paid for works is told together with how they stand."""
BINDING_INTENTS = frozenset({Intent.BIND_VILLAGE, Intent.SWITCH_VILLAGE})
# Danger comes first in every state; a tip is never mixed up with a request (design.md, section 4).


class Published(Protocol):
    """The accounts that villages have published."""

    async def village(self, code: str, head: int) -> VillageAccounts: ...


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
        published: Published,
        finance: Finance,
        binding: Binding,
        service: Service,
        matters: Matters,
        power: Power,
        records: Records,
        own_money: OwnMoney,
        following: Following,
        wordings: Wordings,
    ) -> None:
        self._reader = reader
        self._published = published
        self._finance = finance
        self._binding = binding
        self._service = service
        self._matters = matters
        self._power = power
        self._records = records
        self._own_money = own_money
        self._talks: Mapping[str, Talk] = {OWN_MONEY: own_money}
        self._following = following
        self._wordings = wordings

    async def respond(self, turn: Turn) -> Reply | None:
        """The reply to what came in; None where none is due (somebody left)."""
        kind = turn.inbound.kind
        if kind is Kind.UNFOLLOW:
            return None
        if kind in (Kind.FOLLOW, Kind.SCAN):
            return await self._arrive(turn)
        if kind is Kind.VOICE:
            return Reply(self._wordings.text("voice_hint"))
        if kind is Kind.OTHER:
            return Reply(texts.OTHER_KIND)
        if kind is Kind.MENU:
            return await self._menu(turn, turn.inbound.menu_key)
        return await self._text(turn)

    async def _arrive(self, turn: Turn) -> Reply:
        bound = await self._binding.scanned(turn)
        if turn.inbound.kind is Kind.SCAN and bound:
            return bound
        if turn.village and not bound:
            return self._service.spoken("welcome")
        said = bound or ask_village(turn)
        return replace(said, text=f"{self._wordings.text('welcome')}\n{said.text}")

    async def _text(self, turn: Turn) -> Reply | None:
        plain = _NO_WORD.sub("", unicodedata.normalize("NFKC", turn.inbound.text)).upper()
        if plain in CONTINUE_WORDS:
            return _go_on(turn)
        if plain in OPT_OUT_WORDS[turn.inbound.channel]:
            turn.meaning = Meaning(Intent.UNSUBSCRIBE)
            return await self._following.opt_out(turn)
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
        if not conversation.talk or turn.meaning.intent is Intent.URGENT:
            return None
        reply = None
        if turn.meaning.intent is not Intent.CANCEL:
            reply = await self._talks[conversation.talk].go_on(turn)
        if reply is None:
            conversation.hand_back()
        return reply

    async def _meant(self, turn: Turn) -> Reply:
        intent = turn.meaning.intent
        conversation = turn.conversation
        followed_just_now = conversation.offer.pop("follow", None)
        if intent in OWN_MATTER_INTENTS and asks_about_own_matter(turn.inbound.text):
            return await self._matters.answer(turn)
        if intent in BINDING_INTENTS:
            return await self._bind(turn, self._binding.said(turn))
        if intent is Intent.CHOOSE and (codes := conversation.offer.get("villages")):
            return await self._chosen(turn, codes)
        if intent is Intent.CONFIRM and (code := conversation.offer.get("bind")):
            return await self._bind_code(turn, str(code))
        if intent is Intent.CONFIRM:
            return await self._service.confirmed(turn)
        if intent in (Intent.CHOOSE, Intent.UNCLEAR) and (key := _menu_key(turn)):
            return await self._menu(turn, key)
        if intent is Intent.SUBSCRIBE:
            return await self._following.answer(turn, followed_just_now)
        if intent is Intent.UNSUBSCRIBE:
            return await self._following.unfollow(turn)
        if intent in (Intent.CANCEL, Intent.DENY) and followed_just_now:
            return await self._following.take_back(turn, *followed_just_now)
        return await self._about_a_village(turn)

    async def _about_a_village(self, turn: Turn) -> Reply:
        intent, slots = turn.meaning.intent, turn.meaning.slots
        needs_village = ACCOUNT_INTENTS | RECORD_INTENTS | {
            Intent.QUERY_POWER_ITEM, Intent.QUESTION_ENTRY,
        }  # fmt: skip
        if intent not in needs_village:
            return await self._served(turn)
        if slots.village_candidates or slots.village_unknown:
            return await self._binding.said(turn)
        on_screen = self._binding.village(turn.conversation.village)
        if slots.village:
            turn.village = slots.village
        elif on_screen and intent in ON_SCREEN_INTENTS | {Intent.QUESTION_ENTRY}:
            turn.village = on_screen
        if turn.village is None:
            return ask_village(turn, question=turn.inbound.text)
        turn.conversation.village = turn.village.code
        if intent is Intent.QUESTION_ENTRY:
            return self._service.objection(turn)
        if asks_about_own_money(intent, turn.inbound.text):
            return await self._own_money.answer(turn)
        last = turn.conversation.last_query
        about = last.intent if last and intent in ON_SCREEN_INTENTS else intent
        if about is Intent.QUERY_POWER_ITEM:
            return await self._powers(turn)
        if about in RECORD_INTENTS or await self._records.answers_instead(turn):
            return await self._disclosed(turn)
        return await self._accounts(turn)

    async def _served(self, turn: Turn) -> Reply:
        """What is no question about a village; whoever wants a person is told where one is."""
        if turn.meaning.intent is Intent.HUMAN and turn.village:
            offices = await self._records.offices(turn)
            if offices:
                return offices
        return await self._service.answer(turn)

    async def _disclosed(self, turn: Turn) -> Reply:
        """From lists and documents; what was paid for without any list, from the accounts."""
        reply = await self._records.answer(turn)
        if reply is None and turn.meaning.intent is Intent.QUERY_SUBSIDY:
            reply = await self._paid(turn)
        return reply or await self._records.nothing(turn)

    async def _paid(self, turn: Turn) -> Reply | None:
        """What the accounts of a year say of a subsidy; None where they say nothing."""
        if turn.village is None or turn.meaning.slots.topic is None:
            return None
        meaning, slots = turn.meaning, turn.meaning.slots
        period = slots.period or wording.year_to(turn.today)
        turn.meaning = Meaning(Intent.QUERY_FINANCE, replace(slots, period=period, ask=None))
        accounts = await self._published.village(turn.village.code, turn.chain_head)
        reply = self._finance.answer(turn, accounts)
        if reply.brief and reply.brief.template == NOTHING_BRIEF:
            turn.meaning = meaning
            return None
        return replace(reply, text=f"{texts.PAID_FROM_ACCOUNTS}\n{reply.text}")

    async def _powers(self, turn: Turn) -> Reply:
        if turn.village is None:
            return ask_village(turn)
        return await self._power.answer(turn) or self._service.not_disclosed(turn)

    async def _accounts(self, turn: Turn) -> Reply:
        if turn.village is None:
            return ask_village(turn)
        turn.conversation.ask("")
        accounts = await self._published.village(turn.village.code, turn.chain_head)
        reply = self._finance.answer(turn, accounts)
        if turn.meaning.intent in WORKS_INTENTS and (turn.meaning.slots.topic or "").startswith(
            WORKS_TOPIC
        ):
            works = await self._records.works(turn)
            return replace(reply, text=f"{reply.text}\n{works}") if works else reply
        return reply

    async def _menu(self, turn: Turn, key: str) -> Reply:
        turn.conversation.ask("")
        turn.conversation.village = turn.village.code if turn.village else ""
        if key == "accounts":
            turn.meaning = Meaning(Intent.QUERY_FINANCE, Slots())
            return await self._accounts(turn)
        if key == "follow":
            turn.meaning = Meaning(Intent.SUBSCRIBE, Slots(topic=ACCOUNTS))
            return await self._following.accounts(turn)
        intents = {"tip": Intent.FILE_TIP, "help": Intent.HELP, "human": Intent.HUMAN}
        if key in intents:
            turn.meaning = Meaning(intents[key])
            return await self._served(turn)
        turn.meaning = Meaning(Intent.QUERY_POWER_ITEM, Slots())
        return await self._powers(turn)

    async def _chosen(self, turn: Turn, codes: list[str]) -> Reply:
        number = turn.meaning.slots.option or 0
        if not 1 <= number <= len(codes):
            return self._service.spoken("not_understood")
        if "follow_there" in turn.conversation.offer:
            return await self._following.there(turn, codes[number - 1])
        return await self._bind_code(turn, codes[number - 1])

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
        turn.meaning = self._reader.read(str(question), today=turn.today, context=turn.context())
        if turn.meaning.intent in BINDING_INTENTS:
            return reply
        answer = await self._meant(turn)
        return replace(answer, text=f"{reply.text.splitlines()[0]}\n{answer.text}")


def _menu_key(turn: Turn) -> str | None:
    text = unicodedata.normalize("NFKC", turn.inbound.text).strip()
    return MENU_KEYS[int(text) - 1] if text in {"1", "2", "3", "4", "5", "6"} else None


def _go_on(turn: Turn) -> Reply:
    conversation = turn.conversation
    if conversation.late:
        late, conversation.late = conversation.late, ""
        return Reply(late)
    if conversation.rest:
        rest, conversation.rest = conversation.rest, ""
        return Reply(rest)
    return Reply(texts.NOTHING_LATE)
