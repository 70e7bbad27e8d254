"""Access tokens by both endpoints (wechat.md 2.1). Everything here runs on real time."""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass

from simulator.wechat.errors import ApiError

LIFETIME = 7200
EARLY = 300  # the last five minutes, and how long a replaced token of /token lives on
FORCED_A_DAY = 20
FORCED_APART = 30
ALPHABET = string.ascii_letters + string.digits + "_-"
LENGTH = 136
KEPT = 10_000


@dataclass(slots=True)
class Token:
    value: str
    expires_at: float
    dies_at: float  # earlier than it expires where another has replaced it


class Tokens:
    def __init__(
        self, app_id: str, app_secret: str, real: Callable[[], float], rng: random.Random
    ) -> None:
        self._app_id = app_id
        self._app_secret = app_secret
        self._real = real
        self._rng = rng
        self._issued: dict[str, Token] = {}
        self._plain: Token | None = None
        self._stable: Token | None = None
        self._forced_at = float("-inf")
        self._forced: tuple[str, int] = ("", 0)
        self.fetched = 0

    def authenticate(self, app_id: object, secret: object) -> None:
        if not app_id:
            raise ApiError(41002)
        if not secret:
            raise ApiError(41004)
        if app_id != self._app_id:
            raise ApiError(40013)
        if secret != self._app_secret:
            raise ApiError(40125)

    def plain(self) -> tuple[str, int]:
        """`/token`: always a new one; the one before lives for five minutes more."""
        now = self._real()
        if self._plain:
            self._plain.dies_at = min(self._plain.dies_at, now + EARLY)
        self._plain = self._issue(now)
        return self._plain.value, LIFETIME

    def stable(self, today: str, *, force: bool) -> tuple[str, int]:
        """`/stable_token`: the same while valid. A forced renewal kills the one before at once."""
        now = self._real()
        current = self._stable
        if current and now >= current.dies_at:
            current = None
        if current and force and now - self._forced_at >= FORCED_APART:
            self._count_forced(today)
            self._forced_at = now
            current.dies_at = now
            current = None
        elif current and current.expires_at - now <= EARLY:
            current = None  # early renewal: the old one lives until it expires
        if current is None:
            current = self._issue(now)
        self._stable = current
        return current.value, int(current.expires_at - now)

    def revoke(self) -> None:
        """Kill every token, as somebody else's refresh would: 40001 from now on."""
        now = self._real()
        for token in self._issued.values():
            token.dies_at = min(token.dies_at, now)

    def check(self, value: str | None) -> None:
        """41001, 40014, 42001 or 40001 for what opens nothing."""
        if not value:
            raise ApiError(41001)
        token = self._issued.get(value)
        if token is None:
            malformed = len(value) < LENGTH or set(value) - set(ALPHABET)
            raise ApiError(40014 if malformed else 40001)
        now = self._real()
        if now >= token.expires_at:
            raise ApiError(42001)
        if now >= token.dies_at:
            raise ApiError(40001)

    def _issue(self, now: float) -> Token:
        self.fetched += 1
        token = Token(
            "".join(self._rng.choices(ALPHABET, k=LENGTH)), now + LIFETIME, now + LIFETIME
        )
        self._issued[token.value] = token
        if len(self._issued) > KEPT:
            del self._issued[next(iter(self._issued))]
        return token

    def _count_forced(self, today: str) -> None:
        day, count = self._forced
        count = count if day == today else 0
        if count >= FORCED_A_DAY:
            raise ApiError(45009)
        self._forced = (today, count + 1)
