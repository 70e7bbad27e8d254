"""From an accepted call to the handset: the store of texts, their receipts, and look-ups."""

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import BEIJING, Clock, Schedule
from simulator.faults import Faults
from simulator.screens import SERVICE, Counts, Screens
from simulator.sms.callbacks import Callbacks
from simulator.sms.errors import Refusal
from simulator.sms.handsets import RECEIPT_SECONDS, Fate, Handsets
from simulator.sms.limits import segments

STAMP = "%Y-%m-%d %H:%M:%S"
KEPT_DAYS = 30
MOST_A_PAGE = 50
WAITING, FAILED, DELIVERED = 1, 2, 3


@dataclass(slots=True)
class Text:
    """One text to one number. `sent_at` is real time: look-ups go by it."""

    phone: str
    content: str
    template: str
    biz_id: str
    out_id: str
    sent_at: float
    status: int = WAITING
    code: str = ""
    received_at: float = 0.0


class Texting:
    def __init__(
        self,
        *,
        clock: Clock,
        schedule: Schedule,
        screens: Screens,
        counts: Counts,
        callbacks: Callbacks,
        handsets: Handsets,
        faults: Faults,
        rng: random.Random,
    ) -> None:
        self._clock = clock
        self._schedule = schedule
        self._screens = screens
        self._counts = counts
        self._callbacks = callbacks
        self._handsets = handsets
        self._faults = faults
        self._rng = rng
        self._numbers = itertools.count(1)
        # Fresh after every start, as real ids are.
        self._epoch = int(clock.real() * 1000)
        self._texts: dict[str, list[Text]] = defaultdict(list)

    def new_biz_id(self) -> str:
        """digits^digits, one per call."""
        return f"{self._epoch}{next(self._numbers):07d}^0"

    async def carry(
        self, phone: str, content: str, *, template: str, biz_id: str, out_id: str, filed: bool
    ) -> None:
        """Take one text, put it on the handset where it gets there, and see to its receipt."""
        text = Text(phone, content, template, biz_id, out_id, self._clock.real())
        self._texts[phone].append(text)
        self._counts.accepted(phone, "sms", out_id)
        fate = self._handsets.fate(phone, filed=filed)
        if not fate.delay:
            self._arrive(text, fate)
        else:
            self._schedule.after(fate.delay, lambda: self._arrive_later(text, fate))
        if not fate.code:
            return
        item = self._receipt(text, fate)
        if self._faults.receipts_before_answer:
            await self._callbacks.receipt_now(item)
        else:
            wait = fate.delay + self._rng.uniform(*RECEIPT_SECONDS)
            self._callbacks.receipt(item, wait)

    def details(self, phone: str, day: str, biz_id: str, size: int, page: int) -> dict[str, Any]:
        """One number's texts of one Beijing day, the newest first."""
        try:
            date = datetime.strptime(day, "%Y%m%d").replace(tzinfo=BEIJING)
        except ValueError:
            raise Refusal("isv.INVALID_PARAMETERS", "SendDate 格式错误") from None
        now = self._clock.real()
        today = self._clock.beijing(now).replace(hour=0, minute=0, second=0, microsecond=0)
        if not timedelta(0) <= today - date <= timedelta(days=KEPT_DAYS):
            raise Refusal("isv.INVALID_PARAMETERS", "SendDate 只支持最近30天")
        if not 1 <= size <= MOST_A_PAGE or page < 1:
            raise Refusal("isv.INVALID_PARAMETERS", "PageSize 或 CurrentPage 错误")
        begin, end = date.timestamp(), date.timestamp() + 86_400
        known_until = now - self._faults.details_lag_seconds
        found = [
            text
            for text in reversed(self._texts.get(phone, ()))
            if begin <= text.sent_at < end
            and text.sent_at <= known_until
            and biz_id in ("", text.biz_id)
        ]
        rows = [self._row(text) for text in found[(page - 1) * size : page * size]]
        return {"TotalCount": len(found), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}

    def texts(self, phone: str | None = None) -> list[Text]:
        """What was taken, for assertions."""
        if phone is not None:
            return list(self._texts.get(phone, ()))
        return [text for texts in self._texts.values() for text in texts]

    async def _arrive_later(self, text: Text, fate: Fate) -> None:
        self._arrive(text, fate)

    def _arrive(self, text: Text, fate: Fate) -> None:
        if fate.shown:
            self._counts.shown(text.phone, "sms", text.out_id)
            detail = {"segments": segments(text.content)}
            self._screens.show(text.phone, SERVICE, "sms", text.content, detail)
        if fate.code in ("", "REQUEST_SUCCESS"):
            text.code = "REQUEST_SUCCESS"
            return
        text.code = fate.code
        text.status = DELIVERED if fate.shown else FAILED
        text.received_at = self._clock.real()

    def _receipt(self, text: Text, fate: Fate) -> dict[str, Any]:
        reported = text.sent_at + fate.delay + 1
        return {
            "phone_number": text.phone,
            "send_time": self._stamp(text.sent_at),
            "report_time": self._stamp(reported),
            "success": fate.code == "DELIVERED",
            "err_code": fate.code,
            "err_msg": fate.words,
            "sms_size": str(segments(text.content)),
            "biz_id": text.biz_id,
            "out_id": text.out_id,
        }

    def _row(self, text: Text) -> dict[str, Any]:
        row = {
            "PhoneNum": text.phone,
            "SendStatus": text.status,
            "ErrCode": text.code,
            "TemplateCode": text.template,
            "Content": text.content,
            "SendDate": self._stamp(text.sent_at),
            "OutId": text.out_id,
        }
        return row | ({"ReceiveDate": self._stamp(text.received_at)} if text.received_at else {})

    def _stamp(self, unix: float) -> str:
        """Beijing time without a zone, as this gateway writes it."""
        return self._clock.beijing(unix).strftime(STAMP)
