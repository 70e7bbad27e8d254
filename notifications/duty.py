"""Danger: calls the officers on duty of the town, or, nobody being on duty there, of the county.

The call says where, never what was written: that stays sealed (contract.md, section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from notifications.campaigns import Order, create_duty
from notifications.channels.rate import Lane
from notifications.terms import Terms
from notifications.texts import SOMEWHERE
from storage import people, regions
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.database import Database
from storage.regions import COUNTY, Region

ON_DUTY = "值班"


class DutyCalls:
    """Calls in the urgent lane, which no quiet hour and no cap holds back.

    `wake` says that something is to be sent now: nobody waits for the next poll.
    """

    def __init__(self, db: Database, terms: Terms, wake: Callable[[], None] = lambda: None) -> None:
        self._db = db
        self._terms = terms
        self._wake = wake

    async def call(self, village: str | None, key: str, now: datetime) -> bool:
        """Calls for help for somebody of a village (12-digit code; None: nobody knows which).

        `key` is the message's: with it one call is made, however often it comes. False where
        nobody is on duty at any level above.
        """
        today = now.astimezone(BEIJING).date()
        region = await regions.region(self._db, village) if village else None
        above = await self._on_duty(region, today)
        if not above:
            return False
        groups = tuple(Group(roles=(ON_DUTY,), regions=(code,)) for code in above)
        order = Order(
            template="duty_call",
            audience=f"role={ON_DUTY},region={'|'.join(above)}",
            whom=Audience(groups=groups, on=today),
            params={"village": region.name if region else SOMEWHERE, "time": _clock_time(now)},
            lane=Lane.URGENT,
            key=f"duty:{key}",
        )
        await create_duty(self._db, self._terms, order, now=now, actor="system")
        self._wake()
        return True

    async def _on_duty(self, region: Region | None, today: date) -> list[str]:
        """The nearest level above with somebody on duty; without a region every county."""
        if region is None:
            counties = [one.code for one in await regions.of_level(self._db, COUNTY)]
            return [code for code in counties if await self._has_duty(code, today)]
        code = region.parent
        while code:
            if await self._has_duty(code, today):
                return [code]
            above = await regions.region(self._db, code)
            code = above.parent if above else None
        return []

    async def _has_duty(self, code: str, today: date) -> bool:
        return bool(await people.holders(self._db, ON_DUTY, code, today))


def _clock_time(moment: datetime) -> str:
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local.hour}点{local.minute:02d}分"
