"""The access token of WeChat's APIs, asked for once however many wait (wechat.md 2.1, 3.7)."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from storage.shared import Shared

MAX_MARGIN_SECONDS: Final = 300
"""In its last five minutes a token and its successor both live."""
_CONFIRMED_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the Unix seconds between which it is used."""

    value: str = field(repr=False)
    renew_at: float
    """From here on the next one is asked for."""

    @classmethod
    def lasting(cls, value: str, expires_in: float, *, now: float) -> "Token":
        """Whoever joins late gets a token that lives for seconds only; half of that is kept."""
        return cls(value, now + expires_in - min(MAX_MARGIN_SECONDS, expires_in / 2))


class TokenStore(Protocol):
    """Where processes share the token: in memory where there is one, Redis where there are more."""

    async def load(self) -> Token | None: ...

    async def save(self, token: Token) -> None: ...


class MemoryTokenStore:
    """Keeps the token in this process."""

    def __init__(self) -> None:
        self._token: Token | None = None

    async def load(self) -> Token | None:
        return self._token

    async def save(self, token: Token) -> None:
        self._token = token


class SharedTokenStore:
    """Keeps the token where all processes find it, sealed; while they cannot, each keeps its own.

    Two processes may ask the platform at once: stable_token gives both the same token.
    """

    def __init__(self, shared: Shared, app_id: str) -> None:
        self._shared = shared
        self._name = f"token:{app_id}"
        self._token: Token | None = None

    async def load(self) -> Token | None:
        content = await self._shared.get(self._name)
        if content is not None:
            value, renew_at = json.loads(content)
            self._token = Token(value, renew_at)
        return self._token

    async def save(self, token: Token) -> None:
        self._token = token
        content = json.dumps([token.value, token.renew_at]).encode()
        await self._shared.put(self._name, content, max(1.0, token.renew_at - time.time()))


class TokenSource:
    """Gives out the current token, renewing it in a single flight.

    `fetch` asks stable_token, never with force_refresh: that kills a token which others use, 20
    times a day at most. So a token that the platform refuses on one API and still believes in
    comes back unchanged; then it is given out as it is, the one retry fails, and the failure is
    for operators to see. All who wait for one flight get its failure too.

    `clock` is real time in Unix seconds.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        store: TokenStore,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._token: Token | None = None
        self._flight: asyncio.Task[Token] | None = None
        self._confirmed = ("", 0.0)

    @property
    def current(self) -> str:
        """The token last given out, empty before the first; does no I/O."""
        return self._token.value if self._token else ""

    async def get(self, stale: str | None = None) -> str:
        """The token to call with; `stale` is one that the platform has just refused."""
        if self._token is not None and self._usable(self._token, stale):
            return self._token.value
        if self._flight is None:
            self._flight = asyncio.create_task(self._renew(stale))
            self._flight.add_done_callback(self._landed)
        # Shielded: whoever gives up waiting must not take the token from the others.
        token = await asyncio.shield(self._flight)
        return token.value

    def _usable(self, token: Token, stale: str | None) -> bool:
        if self._clock() >= token.renew_at:
            return False
        if token.value != stale:
            return True
        # A moment ago the platform said that this is the token: asking again says nothing new.
        value, until = self._confirmed
        return value == stale and self._clock() < until

    async def _renew(self, stale: str | None) -> Token:
        token = await self._store.load()
        if token is None or not self._usable(token, stale):
            token = await self._fetch()
            if token.value == stale:
                self._confirmed = (token.value, self._clock() + _CONFIRMED_SECONDS)
            await self._store.save(token)
        self._token = token
        return token

    def _landed(self, flight: asyncio.Task[Token]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # seen, even where nobody is left waiting
