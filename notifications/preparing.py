"""From a claimed row to what is handed over: address opened, message made, or why not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from notifications import texts
from notifications.answers import open_answer
from notifications.confirm_links import with_link
from notifications.memory import UNBOUND, Memory
from notifications.messages import Message, Unsendable, compose
from notifications.policy import QUOTA_USED_UP, NoticeClass
from notifications.terms import CUSTOM, Terms
from storage import outbox, windows
from storage.database import Database
from storage.outbox import Claimed
from storage.sealing import Sealer, SealError

log = logging.getLogger(__name__)

WINDOW_CLOSED: Final = "window_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that a call needs. The address is open here only."""

    template: str
    notice_class: NoticeClass
    message: Message
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Why a row cannot go out so: no_content unbound unsendable no_address window_closed."""

    code: str
    template: str = ""
    notice_class: NoticeClass = NoticeClass.ANSWER


class Preparer:
    """Prepares rows for one worker."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        memory: Memory,
        terms: Terms,
        real: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._real = real
        self._sealer = sealer
        self._memory = memory
        self._terms = terms

    async def prepare(self, row: Claimed) -> Prepared | Stuck:
        """Raises SealError for an answer that these keys do not open."""
        if row.campaign_id:
            return await self._notice(row)
        if row.sealed is None:
            return Stuck(code="no_content")
        answer = open_answer(self._sealer, row.sealed)
        route = self._memory.routes(answer.template).get(row.channel)
        if route is None:
            return Stuck(code=UNBOUND, template=answer.template)
        message = compose(
            answer.template, route, answer.params, answer.text, self._terms, tail=texts.CONTINUE
        )
        return self._addressed(row, message, answer.template, NoticeClass.ANSWER)

    async def _notice(self, row: Claimed) -> Prepared | Stuck:
        campaign = self._memory.campaign(row.campaign_id or "")
        if campaign is None:
            return Stuck(code="no_content")
        template, notice_class = campaign.template, NoticeClass(campaign.notice_class)
        route = self._memory.way(template, row.channel, row.way)
        if route is None:
            return Stuck(code=UNBOUND, template=template, notice_class=notice_class)
        if route.gateway == "wechat" and self._memory.quota_used_up(row.channel, self._real()):
            return Stuck(code=QUOTA_USED_UP, template=template, notice_class=notice_class)
        if route.gateway == "subscribe" and not row.way:
            # Nothing makes it safe to repeat a subscription notice, so it must be known as one.
            await outbox.set_gateway(self._db, row.attempt_id, route.gateway)
        if route is CUSTOM and not await windows.take(self._db, row.person_id, self._real()):
            return Stuck(code=WINDOW_CLOSED, template=template, notice_class=notice_class)
        message = self._memory.message(campaign, route)
        if isinstance(message, Message):
            message = with_link(message, template, row.id, self._sealer, self._terms.public_url)
        return self._addressed(row, message, template, notice_class)

    def _addressed(
        self, row: Claimed, message: Message | Unsendable, template: str, notice_class: NoticeClass
    ) -> Prepared | Stuck:
        if isinstance(message, Unsendable):
            log.error("template %s: a value has no form for %s", template, row.channel)
            return Stuck(code="unsendable", template=template, notice_class=notice_class)
        address = self._open(row)
        if not address:
            return Stuck(code="no_address", template=template, notice_class=notice_class)
        return Prepared(
            template=template, notice_class=notice_class, message=message, address=address
        )

    def _open(self, row: Claimed) -> str:
        if row.address is None:
            return ""
        try:
            return self._sealer.open_address(row.address).decode()
        except (SealError, UnicodeDecodeError):
            log.error("the address of delivery %s cannot be opened with these keys", row.id)
            return ""
