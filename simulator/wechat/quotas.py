"""Daily quotas of each API, reset at 00:00 Beijing time (wechat.md 2.5), and calls a minute."""

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.wechat.errors import ApiError

# path after /cgi-bin/ -> (verified account, test account) a day
DAILY = {
    "token": (2_000, 200),
    "stable_token": (500_000, 500_000),
    "menu/create": (1_000, 1_000),
    "menu/get": (10_000, 10_000),
    "menu/delete": (1_000, 1_000),
    "media/upload": (100_000, 500),
    "media/get": (200_000, 1_000),
    "message/custom/send": (500_000, 50_000),
    "message/template/send": (100_000, 100_000),
    "qrcode/create": (100_000, 10_000),
    "user/get": (500, 100),
    "user/info": (5_000_000, 500_000),
    "user/info/updateremark": (10_000, 10_000),
}
A_MINUTE = {"stable_token": 10_000}
CLEARINGS_A_MONTH = 10


class Quotas:
    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._day = ""
        self._used: dict[str, int] = {}
        self._minute: dict[str, tuple[int, int]] = {}
        self._clearings: tuple[str, int] = ("", 0)

    def count(self, path: str) -> None:
        """Count a call; 45009 when the day's are used up, 45011 when this minute's are."""
        self._turn_day()
        self._count_minute(path)
        limit = self.limit(path)
        used = self._used.get(path, 0)
        if limit is not None and used >= limit:
            raise ApiError(45009)
        self._used[path] = used + 1

    def limit(self, path: str) -> int | None:
        """Calls a day, None where no limit is published.

        A real account with very many followers gets more templates: set the knob `daily_limits`.
        """
        if path in self._faults.daily_limits:
            return self._faults.daily_limits[path]
        return DAILY[path][self._faults.test_account] if path in DAILY else None

    def used(self, path: str) -> int:
        self._turn_day()
        return self._used.get(path, 0)

    def clear(self) -> None:
        """Begin every API's day anew; ten times a month, then 48006."""
        month, count = self._clearings
        this_month = self._clock.today()[:6]
        count = count if month == this_month else 0
        if count >= CLEARINGS_A_MONTH:
            raise ApiError(48006)
        self._clearings = (this_month, count + 1)
        self._used.clear()

    def _turn_day(self) -> None:
        if (today := self._clock.today()) != self._day:
            self._day = today
            self._used.clear()

    def _count_minute(self, path: str) -> None:
        limit = self._faults.wechat_per_minute or A_MINUTE.get(path)
        if not limit:
            return
        minute = int(self._clock.now() // 60)
        last, count = self._minute.get(path, (minute, 0))
        count = count if last == minute else 0
        if count >= limit:
            raise ApiError(45011)
        self._minute[path] = (minute, count + 1)
