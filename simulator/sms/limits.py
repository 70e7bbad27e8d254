"""How many texts: per number by type (sms.md 1.5), per account, per second."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.sms.errors import Refusal

DAY = 86_400
WINDOWS = {"minute": ("分钟级", 60), "hour": ("小时级", 3600), "day": ("天级", DAY)}
BY_TYPE = {
    "verification": {"minute": 1, "hour": 5, "day": 10},
    "notification": {"day": 50},
    "promotion": {"day": 50},
}
CODES_A_DAY = 40  # verification texts of all senders together


@dataclass(slots=True)
class _Window:
    """Began at `start`; the day runs from the first text, minute and hour by the clock."""

    start: float
    count: int = 0


class NumberLimits:
    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._windows: dict[tuple[str, ...], _Window] = {}

    def check(self, sign: str, template: str, kind: str, phone: str) -> list[_Window]:
        """The windows that a text to `phone` counts in; Refusal where one is full."""
        if phone in self._faults.unlimited_numbers:
            return []
        windows: list[_Window] = []
        # Codes are limited per signature and number, all else per template too.
        group = (sign, phone) if kind == "verification" else (sign, template, phone)
        for name, permits in BY_TYPE[kind].items():
            windows.append(self._window((name, *group), name, permits))
        if kind == "verification":
            windows.append(self._window(("all", phone), "day", CODES_A_DAY))
        return windows

    @staticmethod
    def count(windows: list[_Window]) -> None:
        for window in windows:
            window.count += 1

    def _window(self, key: tuple[str, ...], name: str, permits: int) -> _Window:
        now = self._clock.now()
        word, seconds = WINDOWS[name]
        # Beijing is a whole number of hours ahead of UTC: minutes and hours begin alike.
        start = now if name == "day" else now - now % seconds
        window = self._windows.get(key)
        if window is None or now - window.start >= seconds:
            window = self._windows[key] = _Window(start)
        if window.count >= permits:
            raise Refusal("isv.BUSINESS_LIMIT_CONTROL", f"触发{word}流控Permits:{permits}")
        return window


class Account:
    """Balance, totals a day and a month, and calls a second."""

    def __init__(self, clock: Clock, faults: Faults, real: Callable[[], float]) -> None:
        self._clock = clock
        self._faults = faults
        self._real = real
        self._tokens = faults.sms_per_second
        self._filled_at = real()
        self._day: tuple[str, int] = ("", 0)
        self._month: tuple[str, int] = ("", 0)
        self.billed_segments = 0

    def admit(self) -> None:
        """One call against the token bucket."""
        rate, now = self._faults.sms_per_second, self._real()
        # A clock that was set back must not empty the bucket.
        self._tokens = min(rate, self._tokens + max(0.0, now - self._filled_at) * rate)
        self._filled_at = now
        if self._tokens < 1:
            raise Refusal("Throttling.User", "Request was denied due to user flow control.", 400)
        self._tokens -= 1

    def check(self) -> None:
        """The account's own state, before anything is looked at."""
        faults = self._faults
        if faults.suspended:
            raise Refusal("isv.OUT_OF_SERVICE", "业务停机")
        if faults.balance_fen is not None and faults.balance_fen <= 0:
            raise Refusal("isv.AMOUNT_NOT_ENOUGH", "账户余额不足")
        today = self._clock.today()
        day = self._day[1] if self._day[0] == today else 0
        month = self._month[1] if self._month[0] == today[:6] else 0
        if faults.day_limit is not None and day >= faults.day_limit:
            raise Refusal("isv.DAY_LIMIT_CONTROL", "触发日发送限额")
        if faults.month_limit is not None and month >= faults.month_limit:
            raise Refusal("isv.MONTH_LIMIT_CONTROL", "触发月发送限额")
        self._day, self._month = (today, day), (today[:6], month)

    def bill(self, segments: int, texts: int, price_fen: int) -> None:
        self.billed_segments += segments
        if self._faults.balance_fen is not None:
            self._faults.balance_fen -= segments * price_fen
        self._day = (self._day[0], self._day[1] + texts)
        self._month = (self._month[0], self._month[1] + texts)


def segments(text: str) -> int:
    """Billed texts: up to 70 characters one, beyond that 67 each (sms.md 1.6)."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)
