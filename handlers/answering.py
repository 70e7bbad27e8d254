"""What answers a question: accounts, lists, power items, or what always says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

from handlers import texts, wording
from handlers.binding import Binding, ask_village, ask_which
from handlers.finance import NOTHING_BRIEF, Finance, meant
from handlers.own_money import OwnMoney, asks_about_own_money
from handlers.power import Power
from handlers.records import Records
from handlers.service import Service
from handlers.turn import Answerable, Reply, Turn
from storage.accounts import VillageAccounts
from understanding import Intent, Meaning, Slots, Village
from understanding.topics import is_under

ON_SCREEN_INTENTS = frozenset({Intent.DETAIL, Intent.PAGE, Intent.REFINE})
"""What concerns the answer on screen: it goes to whoever gave that."""
RECORD_INTENTS = frozenset({Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE})
VILLAGE_INTENTS = ON_SCREEN_INTENTS | RECORD_INTENTS | {
    Intent.QUERY_FINANCE, Intent.ASK_TOTAL, Intent.ASK_LARGEST, Intent.COMPARE,
    Intent.QUERY_POWER_ITEM, Intent.QUESTION_ENTRY,
}  # fmt: skip
"""What is asked of one village."""
WORKS_INTENTS = frozenset({Intent.QUERY_FINANCE, Intent.ASK_TOTAL})
WORKS_TOPIC = "PROJ"
"""What was paid for works is told together with how they stand."""
PAID_TOPICS = ("AID", "PEN", "SUB", "SHARE", "LAND.COMP", "MED")
"""What the accounts pay to people; what they hold of others is no subsidy."""
ASKS_OF_AN_ITEM = frozenset({"payee", "handler", "date", "reason", "purpose"})
_BARE_DOUBT = re.compile(r"\W*(?:我|对|这|那|个|笔|条|账|有|点|些)*(?:疑问|问题|疑义|异议)\W*")


class Published(Protocol):
    """The accounts that villages have published."""

    async def village(self, code: str, head: int) -> VillageAccounts: ...


class Answers:
    """Finds out whose question it is, which village it is about, and who knows the answer."""

    def __init__(
        self,
        published: Published,
        finance: Finance,
        power: Power,
        records: Records,
        own_money: OwnMoney,
        binding: Binding,
        service: Service,
    ) -> None:
        self._published = published
        self._finance = finance
        self._power = power
        self._records = records
        self._own_money = own_money
        self._binding = binding
        self._service = service

    async def answer(self, turn: Turn) -> Reply:
        """The reply to `turn.meaning`."""
        intent, slots = turn.meaning.intent, turn.meaning.slots
        if intent not in VILLAGE_INTENTS:
            return await self._served(turn)
        if slots.village_candidates:
            return ask_which(turn, slots.village_candidates, about=turn.inbound.text)
        if slots.village_unknown:
            return Reply(texts.VILLAGE_UNKNOWN_THERE.format(name=slots.village_unknown))
        on_screen = self._binding.village(turn.conversation.village)
        if slots.village:
            turn.village = slots.village
        elif on_screen and intent in ON_SCREEN_INTENTS | {Intent.QUESTION_ENTRY}:
            turn.village = on_screen
        if turn.village is None:
            return ask_village(turn, question=turn.inbound.text)
        turn.village = self._binding.named_apart(turn.village)
        turn.conversation.village = turn.village.code
        if intent is Intent.QUESTION_ENTRY:
            return await self._doubted(turn)
        if asks_about_own_money(intent, turn.inbound.text):
            return await self._own_money.answer(turn)
        return await self._answered(turn)

    async def _answered(self, turn: Turn) -> Reply:
        """By whoever knows of such things; of what is on screen, by whoever put it there."""
        if _asks_of_an_item(turn):
            number = _number_meant(turn)
            if not number:
                return Reply(texts.WHICH_ITEM)
            turn.meaning = Meaning(Intent.DETAIL, replace(turn.meaning.slots, item_no=number))
        intent, last = turn.meaning.intent, turn.conversation.last_query
        about = last.intent if last and intent in ON_SCREEN_INTENTS else intent
        if about is Intent.QUERY_POWER_ITEM:
            return await self._powers(turn)
        if about in RECORD_INTENTS or await self._records.answers_instead(turn):
            return await self._disclosed(turn)
        if intent is Intent.COMPARE and (told := await self._records.compared(turn)):
            return told
        return await self._accounts(turn)

    async def _doubted(self, turn: Turn) -> Reply:
        """Doubt: about the number that is said, else what was opened last, else about what is said.

        A bare 有疑问 needs one of the first two.
        """
        conversation, doubt = turn.conversation, turn.meaning
        last = conversation.on_screen
        of_entries = last is not None and last.intent is not Intent.QUERY_POWER_ITEM
        number = _number_meant(turn)
        if of_entries and number:
            conversation.ask("")
            turn.meaning = Meaning(Intent.DETAIL, Slots(item_no=number))
            opened, turn.meaning = await self._answered(turn), doubt
            return self._service.objection(turn) if "entry" in conversation.offer else opened
        if "named" not in conversation.offer and _BARE_DOUBT.fullmatch(turn.inbound.text):
            return Reply(texts.WHICH_DOUBT if of_entries else texts.DOUBT_WHAT)
        return self._service.objection(turn)

    async def _served(self, turn: Turn) -> Reply:
        """What is no question about a village; whoever wants a person is told where one is."""
        if turn.meaning.intent is Intent.HUMAN and turn.village:
            offices = await self._records.offices(turn)
            if offices:
                return offices
        return await self._service.answer(turn)

    async def _disclosed(self, turn: Turn) -> Reply:
        """From lists and documents; what was paid for without any list, from the accounts."""
        is_subsidy = turn.meaning.intent is Intent.QUERY_SUBSIDY
        if is_subsidy and turn.meaning.slots.ask and await self._records.is_only_decided(turn):
            paid = await self._paid(turn)
            if paid:
                return paid
        reply = await self._records.answer(turn)
        if reply is None and is_subsidy:
            reply = await self._paid(turn)
        return reply or await self._records.nothing(turn)

    async def _paid(self, turn: Turn) -> Reply | None:
        """What the accounts of a year say of a subsidy; None where they say nothing."""
        topic = turn.meaning.slots.topic
        if turn.village is None or topic is None:
            return None
        if not any(is_under(topic, code) for code in PAID_TOPICS):
            return None
        meaning, slots = turn.meaning, turn.meaning.slots
        paid = replace(
            slots,
            period=slots.period or wording.year_to(turn.today),
            direction=slots.direction or "expense",
            ask=None,
        )
        turn.meaning = Meaning(Intent.QUERY_FINANCE, paid)
        accounts = await self._published.village(turn.village.code, turn.chain_head)
        reply = self._finance.answer(turn, accounts)
        if _found_nothing(reply):
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
        other = _compared_village(turn)
        own = self._binding.village(turn.resident.village)
        if other and own and own.code != other.code:
            both = (await self._answerable(turn, own), await self._answerable(turn, other))
            return self._finance.compare_villages(turn, both)
        reply = self._finance.answer(turn, (await self._answerable(turn, turn.village)).accounts)
        if _found_nothing(reply):
            return await self._told_elsewhere(turn) or reply
        if turn.meaning.intent in WORKS_INTENTS and is_under(
            turn.meaning.slots.topic or "", WORKS_TOPIC
        ):
            works = await self._records.works(turn)
            return replace(reply, text=f"{reply.text}\n{works}") if works else reply
        return reply

    async def _answerable(self, turn: Turn, village: Village) -> Answerable:
        accounts = await self._published.village(village.code, turn.chain_head)
        return Answerable(self._binding.named_apart(village), accounts)

    async def _told_elsewhere(self, turn: Turn) -> Reply | None:
        """What else is disclosed of a topic of which the accounts hold nothing."""
        if not turn.meaning.slots.topic:
            return None
        told = await self._records.answer(turn)
        return told and replace(told, text=f"{texts.NOT_IN_ACCOUNTS}\n{told.text}")


def _found_nothing(reply: Reply) -> bool:
    return reply.brief is not None and reply.brief.template == NOTHING_BRIEF


def _compared_village(turn: Turn) -> Village | None:
    """The village that one's own is to be compared with; None where it is not."""
    intent, slots = meant(turn)
    return slots.village if intent is Intent.COMPARE else None


def _asks_of_an_item(turn: Turn) -> bool:
    """Whether somebody asks more of an entry on screen, and nothing else: 这笔是哪个批的."""
    slots, last = turn.meaning.slots, turn.conversation.on_screen
    if turn.meaning.intent is not Intent.QUERY_FINANCE or slots.ask not in ASKS_OF_AN_ITEM:
        return False
    is_list = last is not None and last.intent is not Intent.QUERY_POWER_ITEM
    return is_list and slots == Slots(ask=slots.ask, direction=slots.direction)


def _number_meant(turn: Turn) -> int:
    """The number on screen that is said, or was opened last, or is the only one; 0: none."""
    last = turn.conversation.on_screen
    only = int(last is not None and last.results == 1)
    return turn.meaning.slots.item_no or turn.conversation.viewed or only
