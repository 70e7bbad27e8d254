"""What nobody knows yet: leases that ran out, texts to ask about, urgent messages without a word.

A text of unknown outcome rests, then the provider is asked by our OutId, twice. What it has, is
settled as it says. Twice absent from its books, after a rest each time, means that it was never
taken: only then it is sent again, as a new attempt. What nobody can be asked about stays unknown,
and only a person sends it again (contract.md, section 7).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from datetime import timedelta

from notifications.carriers import Carrier, NoLookUp
from notifications.channels.aliyun import LookUpFailed
from notifications.channels.outcome import Verdict
from notifications.channels.rate import Lane
from notifications.judging import Moments
from notifications.memory import Memory
from notifications.policy import POLICIES, NoticeClass
from notifications.receipts import Folder
from storage import outbox, settling
from storage.database import Database
from storage.moments import NEVER, to_ms
from storage.outbox import ABSENT, EXPIRED
from storage.sealing import Sealer, SealError
from storage.settling import Unsettled

log = logging.getLogger(__name__)

LOOK_UPS = 2
_AT_ONCE = 50
_SIDE_BY_SIDE = 10  # look-ups
_MEANWHILE = timedelta(minutes=2)  # a look-up that a crash ended is taken up again then
_ASK_AGAIN = timedelta(minutes=1)  # the provider could not be asked
_GIVE_UP = timedelta(days=1)
_ASK_LATER = timedelta(minutes=10)  # for a receipt
_NO_WORD_YET = frozenset({"WAITING", "REQUEST_SUCCESS"})  # the carrier is silent: a phone is off
_SILENCE = "silence"


class Settler:
    """Settles what can be settled, for one worker."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        carriers: Mapping[str, Carrier],
        memory: Memory,
        *,
        repeat_within: timedelta,
    ) -> None:
        self._db = db
        self._sealer = sealer
        self._carriers = carriers
        self._memory = memory
        self._repeat_within = repeat_within
        self._folder = Folder(db, memory)

    async def fold(self, at: Moments) -> int:
        """Folds the reports that have come in."""
        return await self._folder.fold(at)

    async def sweep(self, at: Moments) -> int:
        """Leases that ran out leave unknown deliveries."""
        swept = await outbox.sweep(self._db, at.real, sms_rests_until=at.real + at.sms_rest)
        if swept:
            log.warning("%d deliveries of unknown outcome", swept)
        return swept

    async def settle(self, at: Moments) -> int:
        """Looks at the unknown deliveries whose rest is over; returns how many there were.

        WeChat messages that may still be repeated are the outbox's, and passed over here.
        """
        began = time.monotonic()
        due = await settling.unsettled(
            self._db,
            at.real,
            limit=_AT_ONCE,
            until=at.real + min(_MEANWHILE, at.sms_rest),
            repeat_after=at.real - self._repeat_within,
        )
        texts = [row for row in due if row.channel == "sms"]
        for first in range(0, len(texts), _SIDE_BY_SIDE):
            batch = texts[first : first + _SIDE_BY_SIDE]
            await asyncio.gather(*(self._ask(row, at, began) for row in batch))
        for row in due:
            if row.channel != "sms":
                await self._beyond_repeating(row, at)
        return len(due)

    async def chase(self, at: Moments) -> int:
        """Urgent messages that were taken and of which no word came: over the next channel too."""
        silent = await settling.silent(self._db, at.real, limit=_AT_ONCE)
        for delivery_id, attempt_id, person_id in silent:
            await self._send_otherwise(delivery_id, attempt_id, person_id, at)
        return len(silent)

    async def ask_for_reports(self, at: Moments) -> int:
        """Texts that were taken and not reported: the provider is asked; returns how many.

        Its push may have been lost, or its callback address be wrong. Nothing here sends again but
        what it says was not delivered.
        """
        until = at.real + _ASK_LATER
        late = await settling.unreported(self._db, at.real, limit=_AT_ONCE, until=until)
        for first in range(0, len(late), _SIDE_BY_SIDE):
            batch = late[first : first + _SIDE_BY_SIDE]
            await asyncio.gather(*(self._ask_for_report(row, at) for row in batch))
        return len(late)

    async def _ask_for_report(self, row: Unsettled, at: Moments) -> None:
        address, carrier = self._open(row), self._carriers.get("sms")
        if carrier is None or not address:
            await self._leave(row)
            return
        try:
            found = await carrier.look_up(address, row.attempt_id, row.started_at)
        except NoLookUp:
            await self._leave(row)
            return
        except LookUpFailed as failed:
            log.warning("a receipt cannot be asked for: %s", failed.outcome.code)
            if at.real - row.started_at > _GIVE_UP:
                await self._leave(row)
            return  # again after a while
        if found is None:
            log.warning("the gateway does not know text %s, which it took", row.attempt_id)
            await self._leave(row)
        elif found.code in _NO_WORD_YET:
            again = row.started_at + _GIVE_UP
            until = to_ms(again) if again > at.real else NEVER
            await settling.put_off(self._db, row.id, row.attempt_id, until)
        elif reported := await settling.reported(self._db, row.id):
            await self._folder.apply(reported, row.attempt_id, found, at)
            if found.verdict is Verdict.UNKNOWN:
                await self._leave(row)

    async def _ask(self, row: Unsettled, at: Moments, began: float) -> None:
        address = self._open(row)
        carrier = self._carriers.get("sms")
        if carrier is None or not address:
            await self._leave(row)
            return
        try:
            found = await carrier.look_up(address, row.attempt_id, row.started_at)
        except NoLookUp:
            await self._leave(row)
            return
        except LookUpFailed as failed:
            log.warning("a text cannot be asked about: %s", failed.outcome.code)
            if at.real - row.started_at > _GIVE_UP:
                await self._leave(row)
            else:
                until = to_ms(at.real + _ASK_AGAIN)
                await settling.put_off(self._db, row.id, row.attempt_id, until)
            return
        if found is None:
            await self._absent(row, at, began)
            return
        reported = await settling.reported(self._db, row.id)
        if found.code == "WAITING":
            await settling.settle(
                self._db, row.id, row.attempt_id,
                state="sent", attempt="taken", code="", now=at.real,
            )  # fmt: skip
        elif reported:
            await self._folder.apply(reported, row.attempt_id, found, at)

    async def _absent(self, row: Unsettled, at: Moments, began: float) -> None:
        # `at` is when this round began; the rest counts from the look-up, which may have been slow.
        until = to_ms(at.real + timedelta(seconds=time.monotonic() - began) + at.sms_rest)
        async with self._db.transaction():
            asked = await settling.note_absent(self._db, row)
            if asked is not None and asked < LOOK_UPS:
                await settling.put_off(self._db, row.id, row.attempt_id, until)
        if asked is None or asked < LOOK_UPS:
            return
        expired = row.expires_at is not None and row.expires_at <= at.business
        await settling.settle(
            self._db,
            row.id,
            row.attempt_id,
            state="dead" if expired else "new",
            attempt="refused",
            code=EXPIRED if expired else ABSENT,
            now=at.real,
            not_before=to_ms(at.business),
        )

    async def _beyond_repeating(self, row: Unsettled, at: Moments) -> None:
        """A WeChat message whose window is over: its finish event may still tell."""
        if row.lane == Lane.URGENT:
            await self._send_otherwise(row.id, row.attempt_id, row.person_id, at)
        else:
            await self._leave(row)

    async def _send_otherwise(
        self, delivery_id: str, attempt_id: str, person_id: str, at: Moments
    ) -> None:
        """Urgent, and silent: better twice than not at all (contract.md, section 7)."""
        reported = await settling.reported(self._db, delivery_id)
        if reported and await self._memory.may_go_by(
            "sms", reported.template, reported.campaign_id
        ):
            notice_class = NoticeClass(reported.notice_class or NoticeClass.ANSWER)
            may_refuse = POLICIES[notice_class].may_refuse
            if "sms" in self._carriers and await settling.reachable(
                self._db, person_id, "sms", notice_class, may_refuse=may_refuse
            ):
                await settling.send_again(
                    self._db, delivery_id, attempt_id,
                    channel="sms", code=_SILENCE, now=at.real, not_before=to_ms(at.business),
                )  # fmt: skip
                return
        await settling.put_off(self._db, delivery_id, attempt_id, NEVER)

    async def _leave(self, row: Unsettled) -> None:
        """It stays unknown; only a report, or a person, moves it now."""
        await settling.put_off(self._db, row.id, row.attempt_id, NEVER)

    def _open(self, row: Unsettled) -> str:
        if row.address is None:
            return ""
        try:
            return self._sealer.open_address(row.address).decode()
        except (SealError, UnicodeDecodeError):
            log.error("the address of delivery %s cannot be opened with these keys", row.id)
            return ""
