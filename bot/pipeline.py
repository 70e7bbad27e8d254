"""A message's way from the inbox to its reply: stored, in order, once, within four seconds.

Channels differ only in how they read and write; this is what they share (design.md, section 2).
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.windows import Windows
from handlers import memory
from handlers.counting import question_of
from handlers.turn import Brief, Conversation, Inbound, Kind, Reply, Turn
from notifications.wordings import Wordings
from storage import conversations
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.inbox import Arrival, Inbox, Message, Received, is_done
from storage.inbox import Turn as Handled
from storage.residents import Resident, Residents
from storage.sealing import LookUp, Sealer
from storage.turnstile import Turnstile
from understanding import Intent, Meaning, Village
from understanding.personal import hide_personal

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 4.0  # the platform waits five
REMEMBERED_SECONDS = 60.0
CONVERSATION_KEPT = timedelta(minutes=30)
_CONVERSATIONS = 50_000
_PAGE = re.compile(r"/v/(\d{12})/([a-z]+)")
_ENTRIES = {"entries": "accounts"}
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


class Responds(Protocol):
    """Whoever knows what to say (handlers.dialogue)."""

    async def respond(self, turn: Turn) -> Reply | None: ...


Deliver = Callable[[Turn, Reply], Awaitable[None]]


class Outcome(StrEnum):
    ANSWERED = "answered"
    SILENT = "silent"  # nothing is due
    REPEATED = "repeated"  # handled before, its reply gone
    REFUSED = "refused"  # the same key with another body
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    reply: Reply | None = None
    meaning: Meaning | None = None


@dataclass(slots=True)
class _Known:
    conversation: Conversation
    expires_at: datetime


class Pipeline:
    """Handles each message once; one person's messages one after another.

    With a turnstile other processes do so too, on the same database: then nothing of a conversation
    is kept from one message to the next, and a person's next message waits until what the last one
    left is written.
    """

    def __init__(
        self,
        *,
        db: Database,
        sealer: Sealer,
        clock: Clock,
        inbox: Inbox,
        residents: Residents,
        dialogue: Responds,
        wordings: Wordings,
        villages: Mapping[str, Village],
        patience_seconds: float = PATIENCE_SECONDS,
        turnstile: Turnstile | None = None,
    ) -> None:
        self._db = db
        self._turnstile = turnstile
        self._sealer = sealer
        self._clock = clock
        self._inbox = inbox
        self._residents = residents
        self._dialogue = dialogue
        self._wordings = wordings
        self._villages = villages
        self._patience = patience_seconds
        self._windows = Windows(sealer)
        self._running: dict[str, tuple[asyncio.Task[Answer], str]] = {}
        self._late: set[asyncio.Task[None]] = set()
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def handle(self, inbound: Inbound, body: str) -> Answer:
        """The answer to a message; a repeat that is still under way waits for the first run.

        `body` is a digest of the message. Never raises: what goes wrong is logged and apologised
        for.
        """
        running, first_body = self._running.get(inbound.key, (None, body))
        if first_body != body:
            return _altered()
        if running is None:
            running = asyncio.create_task(self._handle(inbound, body), name="message")
            self._running[inbound.key] = (running, body)
            running.add_done_callback(lambda _: self._running.pop(inbound.key, None))
        if not await self._in_time(running):
            self._keep_late(inbound, running)
            return Answer(Outcome.ANSWERED, Reply(self._wordings.text("late")))
        return running.result()

    async def _in_time(self, running: asyncio.Task[Answer]) -> bool:
        """Whether the task ends within patience; it goes on either way."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[bool] = loop.create_future()

        def end(in_time: bool) -> None:
            if not ended.done():
                ended.set_result(in_time)

        timer = loop.call_later(self._patience, end, False)
        running.add_done_callback(lambda _: end(True))
        try:
            return await ended
        finally:
            timer.cancel()

    async def stop(self) -> None:
        """Waits for what is under way."""
        waiting = [*(task for task, _ in self._running.values()), *self._late]
        if waiting:
            await asyncio.wait(waiting, timeout=self._patience)

    async def receive(self, inbound: Inbound, body: str) -> Received:
        """Stores a message. Raises what the database raises: the sender is to repeat it."""
        sealed = self._sealer.seal_inbox(dump_inbound(inbound))
        message = Message(inbound.key, inbound.channel, body, sealed, datetime.now(UTC))
        return await self._inbox.receive(message)

    async def _handle(self, inbound: Inbound, body: str) -> Answer:
        try:
            received = await self.receive(inbound, body)
        except Exception as failure:
            log.error("the inbox cannot be written: %s", type(failure).__name__)
            return self._sorry()
        return await self.proceed(inbound, received)

    async def proceed(
        self, inbound: Inbound, received: Received, deliver: Deliver | None = None
    ) -> Answer:
        """Answers a message that is stored. Never raises.

        `deliver` puts the reply where it leaves from, before the message counts as handled: what a
        crash leaves in between is done again, and must then change nothing.
        """
        if received.arrival is Arrival.ALTERED:
            return _altered()
        if received.arrival is Arrival.DONE:
            return Answer(Outcome.REPEATED)
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._turn_of(inbound))
            try:
                if self._turnstile:
                    await turn.enter_async_context(self._turnstile.turn(self._name(inbound)))
                    if received.arrival is Arrival.UNFINISHED and await is_done(
                        self._db, inbound.key
                    ):
                        return Answer(Outcome.REPEATED)  # while this one waited for its turn
                answer, written = await self._answer(inbound, received, deliver)
            except Exception as failure:
                log.error("a message could not be handled: %s", where(failure))
                return self._sorry()
            if self._turnstile and not written.done():
                self._end_when(written, turn.pop_all())
            return answer

    def _end_when(self, written: asyncio.Future[None], turn: AsyncExitStack) -> None:
        """Ends a turn once what it left can be read by others; the answer need not wait for it."""

        async def end() -> None:
            async with turn:
                await asyncio.wait([written], timeout=self._patience)

        ending = asyncio.create_task(end(), name="turn")
        self._late.add(ending)
        ending.add_done_callback(self._late.discard)

    def _name(self, inbound: Inbound) -> str:
        """Whoever writes, as processes name them to one another: a keyed hash."""
        kind: LookUp = "openid" if inbound.channel == "wechat" else "phone"
        return self._sealer.lookup_hash(kind, inbound.address)

    async def _answer(
        self, inbound: Inbound, received: Received, deliver: Deliver | None
    ) -> tuple[Answer, asyncio.Future[None]]:
        """The answer, and what is done when all that it changed is written."""
        now = self._clock.now()
        await self._wordings.refresh(received.audit_head)
        resident = await self._residents.meet(
            inbound.channel, inbound.address, audit_head=received.audit_head, now=now
        )
        if inbound.kind in (Kind.FOLLOW, Kind.UNFOLLOW):
            await self._residents.set_following_account(
                inbound.channel, inbound.address, active=inbound.kind is Kind.FOLLOW
            )
        conversation = await self._conversation(resident.person_id, now)
        turn = self._turn(inbound, resident, conversation, now, received.chain_head)
        try:
            reply = _filtered(await self._dialogue.respond(turn), by_sms=turn.by_sms)
            if turn.is_erased and turn.by_sms:
                reply = None  # nobody knows any more where to send it
            if reply and deliver:
                await deliver(turn, reply)
        except BaseException:
            self._known.pop(resident.person_id, None)  # half a turn is no turn
            raise
        if turn.is_erased:
            return self._erased(turn, reply)
        expires_at = now + CONVERSATION_KEPT
        self._remember(resident.person_id, _Known(conversation, expires_at))
        sealed = self._sealer.seal_inbox(memory.dump(conversation))
        asked = _section(reply.link) if reply else None
        opened = self._windows.opened(inbound)
        written = self._inbox.settle(
            Handled(
                inbound.key, resident.person_id, sealed, expires_at, asked, opened,
                question_of(turn, reply),
            )
        )  # fmt: skip
        outcome = Outcome.ANSWERED if reply else Outcome.SILENT
        return Answer(outcome, reply, turn.meaning), written

    def _erased(self, turn: Turn, reply: Reply | None) -> tuple[Answer, asyncio.Future[None]]:
        """Keeps nothing of whoever was erased but that the message was handled."""
        inbound, person = turn.inbound, turn.resident.person_id
        self._known.pop(person, None)
        self._residents.forget(inbound.channel, inbound.address)
        written = self._inbox.settle(Handled(inbound.key, person, None, turn.now))
        outcome = Outcome.ANSWERED if reply else Outcome.SILENT
        return Answer(outcome, reply, turn.meaning), written

    def _sorry(self) -> Answer:
        return Answer(Outcome.FAILED, Reply(self._wordings.text("apology"), Brief("apology", {})))

    def _turn(
        self,
        inbound: Inbound,
        resident: Resident,
        conversation: Conversation,
        now: datetime,
        chain_head: int,
    ) -> Turn:
        return Turn(
            inbound=inbound,
            resident=resident,
            meaning=Meaning(Intent.UNCLEAR),
            conversation=conversation,
            now=now,
            today=now.astimezone(BEIJING).date(),
            village=self._villages.get(resident.village or ""),
            chain_head=chain_head,
        )

    async def _conversation(self, person_id: str, now: datetime) -> Conversation:
        known = self._known.get(person_id)
        if known and known.expires_at > now:
            return known.conversation
        sealed = None if known else await conversations.load(self._db, person_id, now)
        if sealed is None:
            return Conversation()
        return memory.load(self._sealer.open_inbox(sealed), self._villages)

    def _remember(self, person_id: str, known: _Known) -> None:
        if self._turnstile:  # the next message may come to another process
            return
        self._known[person_id] = known
        self._known.move_to_end(person_id)
        if len(self._known) > _CONVERSATIONS:
            self._known.popitem(last=False)

    def _turn_of(self, inbound: Inbound) -> asyncio.Lock:
        """The lock of whoever writes; it goes when nobody waits for it."""
        address = (inbound.channel, inbound.address)
        lock = self._turns.get(address)
        if lock is None:
            lock = self._turns[address] = asyncio.Lock()
            if len(self._turns) > _CONVERSATIONS:
                self._turns = {a: held for a, held in self._turns.items() if held.locked()}
                self._turns[address] = lock
        return lock

    def _keep_late(self, inbound: Inbound, running: asyncio.Task[Answer]) -> None:
        keeping = asyncio.create_task(self._when_late(inbound, running), name="late answer")
        self._late.add(keeping)
        keeping.add_done_callback(self._late.discard)

    async def answer_late(self, inbound: Inbound, received: Received) -> None:
        """Answers a stored message for which nobody waits any more: 继续 finds the answer."""
        await self._put_by(inbound, await self.proceed(inbound, received))

    async def _when_late(self, inbound: Inbound, running: asyncio.Task[Answer]) -> None:
        await self._put_by(inbound, await running)

    async def _put_by(self, inbound: Inbound, answer: Answer) -> None:
        """Puts a late answer where 继续 finds it."""
        if answer.reply is None:
            return
        async with AsyncExitStack() as one_after_another:
            await one_after_another.enter_async_context(self._turn_of(inbound))
            if self._turnstile:
                name = self._name(inbound)
                await one_after_another.enter_async_context(self._turnstile.turn(name))
            now = self._clock.now()
            resident = await self._residents.meet(
                inbound.channel, inbound.address, audit_head=None, now=now
            )
            conversation = await self._conversation(resident.person_id, now)
            conversation.late = answer.reply.text
            expires_at = now + CONVERSATION_KEPT
            self._remember(resident.person_id, _Known(conversation, expires_at))
            sealed = self._sealer.seal_inbox(memory.dump(conversation))
            written = self._inbox.settle(
                Handled(inbound.key, resident.person_id, sealed, expires_at)
            )
            if self._turnstile:
                await asyncio.wait([written], timeout=self._patience)


def dump_inbound(inbound: Inbound) -> bytes:
    """A message as the inbox seals it, so that it can be handled after a crash."""
    return _ENCODE(
        [
            inbound.channel, inbound.key, inbound.kind, inbound.address, inbound.text,
            inbound.scene, inbound.menu_key,
        ]
    ).encode()  # fmt: skip


def load_inbound(content: bytes) -> Inbound:
    channel, key, kind, address, text, scene, menu_key = json.loads(content)
    return Inbound(channel, key, Kind(kind), address, text, scene, menu_key)


def where(failure: BaseException) -> str:
    """The kind of an error and the lines that led to it: never its text, which may quote people."""
    frames = traceback.extract_tb(failure.__traceback__)
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-4:]))
    return f"{type(failure).__name__} at {places}"


def _filtered(reply: Reply | None, *, by_sms: bool) -> Reply | None:
    """The one place where answers leave, for every channel: no identity number, phone or card."""
    if reply is None:
        return None
    text, brief = hide_personal(reply.text), reply.brief
    if brief and by_sms:  # nothing of it is said elsewhere
        values = {name: hide_personal(value) for name, value in brief.values.items()}
        brief = Brief(brief.template, values, tuple(map(hide_personal, brief.entries)))
    return replace(reply, text=text, brief=brief)


def _section(link: str) -> tuple[str, str] | None:
    """Village and section of the page that an answer leads to."""
    found = _PAGE.match(link)
    return (found[1], _ENTRIES.get(found[2], found[2])) if found else None


def _altered() -> Answer:
    log.warning("a message key came again with another body: refused")
    return Answer(Outcome.REFUSED)
