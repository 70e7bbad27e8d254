"""Business time: what 上个月 means, what is due, quiet hours, what a page shows (design.md 5).

It is handed in, never looked up. Signatures, tokens, leases and the providers' windows use real
time instead.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# A fixed offset: China has kept it since 1991, and it needs no time zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(moment: datetime) -> str:
    """The date in Beijing, YYYY-MM-DD."""
    return moment.astimezone(BEIJING).date().isoformat()


class Clock(Protocol):
    """Tells the business time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The date in Beijing."""
        ...


class SystemClock:
    """Business time is real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.now().astimezone(BEIJING).date()


class MovableClock:
    """Runs at normal speed, ahead of another clock or behind it, and can be moved further."""

    def __init__(self, offset: timedelta = timedelta(0), *, base: Clock | None = None) -> None:
        self.offset = offset
        self._base = base or SystemClock()

    @classmethod
    def starting_at(cls, moment: datetime, *, base: Clock | None = None) -> MovableClock:
        """A clock that shows this aware moment now."""
        base = base or SystemClock()
        return cls(moment - base.now(), base=base)

    def move(self, by: timedelta) -> None:
        self.offset += by

    def now(self) -> datetime:
        return self._base.now() + self.offset

    def today(self) -> date:
        return self.now().astimezone(BEIJING).date()


class HeldClock:
    """Stands still until it is moved: for tests, and for reports as of a moment."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a business time needs its zone")
        self._moment = moment.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        self._moment += by

    def now(self) -> datetime:
        return self._moment

    def today(self) -> date:
        return self._moment.astimezone(BEIJING).date()


def read_moment(text: str) -> datetime:
    """An ISO 8601 time as typed, Beijing where no zone is given, as UTC; raises ValueError.

    A date alone is its first moment (contract.md, section 2).
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BEIJING)
    try:
        return moment.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError from beyond
