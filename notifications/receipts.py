"""Reports that come later: taken in with one INSERT, folded into attempts and deliveries by a loop.

A late or repeated report never moves a row backwards. One that says "did not arrive" lets another
channel try, or the same one once more, as the gateway's table says.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from notifications import policy
from notifications.alarms.conditions import of_report
from notifications.channels import aliyun_codes, wechat_codes
from notifications.channels.outcome import Outcome, Verdict
from notifications.judging import Moments, address_state
from notifications.memory import Memory
from notifications.policy import POLICIES, NoticeClass
from storage import receipts, refusals, settling
from storage.database import Database, Unavailable
from storage.moments import to_ms
from storage.receipts import Matched, NewReceipt
from storage.settling import Reported

log = logging.getLogger(__name__)

_AT_ONCE = 1000
_KEPT_AT_ONCE = 500


def sms_receipt(
    gateway: str, *, key: bytes, reference: str, out_id: str, success: bool, code: str
) -> NewReceipt:
    """A receipt of either SMS gateway; `key` is by which a repeat is known (16 bytes)."""
    return NewReceipt(
        key=key.hex(),
        gateway=gateway,
        reference=reference,
        attempt_id=out_id,
        delivered=success,
        code=code,
    )


def finished_job(*, reference: str, status: str, lookup: str) -> NewReceipt:
    """TEMPLATESENDJOBFINISH: `reference` is its MsgID, `status` as `FinishedJob` normalises it,
    `lookup` the keyed hash of the openid (for a message whose MsgID never reached us)."""
    return NewReceipt(
        key=_key("wechat", reference, lookup, status),
        gateway="wechat",
        reference=reference,
        attempt_id="",
        delivered=status == "success",
        code=status,
        lookup=lookup,
    )


def sent_subscription(*, reference: str, code: str, lookup: str) -> NewReceipt:
    """An item of subscribe_msg_sent_event: `code` is its ErrorCode, 0 where it arrived."""
    return NewReceipt(
        key=_key("subscribe", reference, lookup, code),
        gateway="subscribe",
        reference=reference,
        attempt_id="",
        delivered=code == "0",
        code=code,
        lookup=lookup,
    )


async def receive_receipts(db: Database, items: Sequence[NewReceipt], now: datetime) -> int:
    """Keeps what is new among reports, in one statement; returns how many. Real time."""
    return await receipts.keep(db, items, now)


class Receiver:
    """Keeps reports as they come; what comes in while one write runs is the next one.

    A platform that reports every message by a call of its own would else cost a commit for each.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[tuple[Sequence[NewReceipt], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, items: Sequence[NewReceipt]) -> None:
        """Returns when they are in the database; raises what the database raised."""
        if not items:
            return
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="reports")
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch: list[tuple[Sequence[NewReceipt], asyncio.Future[None]]] = []
            items: list[NewReceipt] = []
            while self._waiting and len(items) < _KEPT_AT_ONCE:
                batch.append(self._waiting.pop(0))
                items += batch[-1][0]
            failure: Exception | None = None
            try:
                await receive_receipts(self._db, items, datetime.now(UTC))
            except Exception as broken:
                failure = broken
            for _, kept in batch:
                if kept.done():  # whoever asked has hung up
                    continue
                if failure is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(failure)
        self._writing = None


class Folder:
    """Folds kept reports into what they are about."""

    def __init__(self, db: Database, memory: Memory) -> None:
        self._db = db
        self._memory = memory

    async def fold(self, at: Moments) -> int:
        """Folds what can be folded now; returns how many."""
        folded = 0
        while matched := await receipts.unfolded(self._db, _AT_ONCE):
            await self._fold_all(matched, at)
            folded += len(matched)
            if len(matched) < _AT_ONCE:
                break
        if await receipts.name_by_address(self._db, at.real, _AT_ONCE):
            log.info("reports were matched by whom they are about")
        if dropped := await receipts.drop_orphans(self._db, at.real):
            log.warning("%d reports of nothing that we have sent", dropped)
        return folded

    async def _fold_all(self, matched: Sequence[Matched], at: Moments) -> None:
        """Arrivals first, all at once: one that arrived has arrived, whatever else is said."""
        outcomes = {receipt.id: _outcome(receipt, at.real) for receipt in matched}
        arrived = [r for r in matched if outcomes[r.id].verdict is Verdict.TAKEN]
        others = [r for r in matched if outcomes[r.id].verdict is not Verdict.TAKEN]
        if arrived:
            await receipts.fold_arrived(self._db, arrived, at.real)
        for receipt in others:
            await self._fold_one(receipt, outcomes[receipt.id], at)
        await receipts.mark_folded(self._db, [receipt.id for receipt in others])

    async def _fold_one(self, receipt: Matched, outcome: Outcome, at: Moments) -> None:
        try:
            reported = await settling.reported(self._db, receipt.delivery_id)
            if reported is not None:
                await self.apply(reported, receipt.attempt_id, outcome, at)
        except Unavailable:
            raise
        except Exception as failure:
            # It must not hold up those after it.
            log.error("report %s could not be folded: %s", receipt.id, type(failure).__name__)

    async def apply(
        self, reported: Reported, attempt_id: str, outcome: Outcome, at: Moments
    ) -> None:
        """What a report or a look-up says of one attempt; TAKEN means that it arrived."""
        if outcome.verdict is Verdict.UNKNOWN:
            # The carrier is silent, or said nothing sense can be made of; but the gateway has it.
            await self._settle(reported, attempt_id, "sent", "taken", "", at)
        elif outcome.verdict is Verdict.TAKEN:
            await self._settle(reported, attempt_id, "delivered", "delivered", "", at)
        else:
            await self._failed(reported, attempt_id, outcome, at)

    async def _failed(
        self, reported: Reported, attempt_id: str, outcome: Outcome, at: Moments
    ) -> None:
        address = address_state(outcome.code)
        notice_class, template = self._about(reported)
        if address == "opted_out":
            await refusals.refuse(
                self._db, reported.person_id, [notice_class], reported.channel, at.real
            )
        elif address:
            await settling.mark_address(self._db, reported.person_id, reported.channel, address)
        if outcome.verdict is Verdict.HALT:
            # Whoever comes next is refused likewise; the gateway itself will say so, and halt.
            log.error("%s: a report says %s", reported.channel, outcome.code)
            await self._memory.alarm(of_report(reported.channel, outcome), at.real)
        if attempt_id != reported.attempt_id:
            await settling.note_failed(self._db, attempt_id, outcome.code, at.real)
            return
        if await self._reaches_otherwise(reported, notice_class, template):
            await self._settle(
                reported, attempt_id, "new", "failed", outcome.code, at,
                channel="sms", not_before=to_ms(at.business),
            )  # fmt: skip
        elif await self._is_worth_another_try(reported, outcome):
            retry_at = outcome.retry_at or at.real + timedelta(minutes=30)
            await self._settle(
                reported, attempt_id, "new", "failed", outcome.code, at,
                not_before=at.business_at(retry_at),
            )  # fmt: skip
        else:
            await self._settle(reported, attempt_id, "refused", "failed", outcome.code, at)

    async def _reaches_otherwise(
        self, reported: Reported, notice_class: NoticeClass, template: str
    ) -> bool:
        if reported.channel != "wechat" or not await self._memory.may_go_by(
            "sms", template, reported.campaign_id
        ):
            return False
        may_refuse = POLICIES[notice_class].may_refuse
        return await settling.reachable(
            self._db, reported.person_id, "sms", notice_class, may_refuse=may_refuse
        )

    async def _is_worth_another_try(self, reported: Reported, outcome: Outcome) -> bool:
        """Once more, where the table names a time and the content is still there."""
        if outcome.verdict not in (Verdict.AT, Verdict.LATER) or reported.campaign_id is None:
            return False
        failed = await receipts.failures(self._db, reported.id, reported.channel)
        return failed < policy.RETRIES_AFTER_REPORTS

    async def _settle(
        self,
        reported: Reported,
        attempt_id: str,
        state: str,
        attempt: str,
        code: str,
        at: Moments,
        *,
        channel: str = "",
        not_before: int | None = None,
    ) -> None:
        await settling.settle(
            self._db,
            reported.id,
            attempt_id,
            state=state,
            attempt=attempt,
            code=code,
            now=at.real,
            channel=channel,
            not_before=not_before,
        )

    def _about(self, reported: Reported) -> tuple[NoticeClass, str]:
        return NoticeClass(reported.notice_class or NoticeClass.ANSWER), reported.template


def _outcome(receipt: Matched, now: datetime) -> Outcome:
    if receipt.gateway == "wechat":
        return wechat_codes.finish_outcome(receipt.code, now)
    if receipt.gateway == "subscribe":
        if receipt.delivered:
            return Outcome(verdict=Verdict.TAKEN, code="0")
        code = int(receipt.code) if receipt.code.lstrip("-").isdigit() else -2
        return wechat_codes.send_outcome(code, now)
    return aliyun_codes.receipt_outcome(receipt.code, now, success=receipt.delivered)


def _key(*parts: str) -> str:
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(framed.encode(), digest_size=16).hexdigest()
