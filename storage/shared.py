"""What several processes remember together for a while: Redis, under sealed values.

Nothing here is the truth, and nothing waits for it long: a server that does not answer is left
alone for a moment, and each process goes on with what it knows itself.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from storage.sealing import Sealer, SealError

log = logging.getLogger(__name__)

_ANSWER_SECONDS: Final = 0.3
_LEFT_ALONE_SECONDS: Final = 2.0


class Shared:
    """Values by name, gone after a time. Names hold no address and no text of anybody."""

    def __init__(self, url: str, sealer: Sealer) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._sealer = sealer
        self._prefix = f"mingbai:{sealer.fingerprint}:"
        self._left_alone_until = 0.0
        self._warned = False

    async def close(self) -> None:
        await self._redis.aclose()

    @property
    def answers(self) -> bool:
        """Whether the server answered when it was last asked."""
        return time.monotonic() >= self._left_alone_until

    async def put(self, name: str, value: bytes, seconds: float) -> None:
        """Remembers a value, sealed; or does not, where the server is gone."""
        if not self.answers:
            return
        try:
            sealed = self._sealer.seal_inbox(value)
            await self._redis.set(self._prefix + name, sealed, px=max(1, int(seconds * 1000)))
            self._well()
        except (RedisError, OSError, TimeoutError) as lost:
            self._lost(lost)

    async def get(self, name: str) -> bytes | None:
        """The value, None where there is none, or nobody to ask."""
        if not self.answers:
            return None
        try:
            sealed = await self._redis.get(self._prefix + name)
            self._well()
        except (RedisError, OSError, TimeoutError) as lost:
            self._lost(lost)
            return None
        try:
            return self._sealer.open_inbox(sealed) if isinstance(sealed, bytes) else None
        except SealError:  # somebody else's, or changed on the way
            return None

    def _lost(self, failure: Exception) -> None:
        self._left_alone_until = time.monotonic() + _LEFT_ALONE_SECONDS
        if not self._warned:
            log.warning(
                "Redis does not answer (%s): each process by itself", type(failure).__name__
            )
        self._warned = True

    def _well(self) -> None:
        if self._warned:
            log.info("Redis answers again")
        self._warned = False
