"""Posts receipts and replies to the service, again where the rules say so (sms.md 1.3)."""

import asyncio
import contextlib
import json
import math
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.timing import Timing

REPEATS = (60.0, 300.0, 600.0)
LONG_REPEATS = (60.0, 300.0, 600.0, 1800.0, *[3600.0] * 5)
MOST_IN_AN_ARRAY = 100
GATHERED_SECONDS = 0.1  # receipts that fall due within it go out in one array
KEPT_POSTS = 10_000

RECEIPTS = "receipts"
UPLINK = "uplink"


@dataclass(frozen=True, slots=True)
class Post:
    """One try to hand over one array."""

    kind: str
    items: int
    number: int  # from 1
    accepted: bool
    reason: str


class Callbacks:
    def __init__(
        self,
        url: str,
        secret: str,
        *,
        clock: Clock,
        schedule: Schedule,
        faults: Faults,
        timing: Timing,
    ) -> None:
        self._base = f"{url}/sms/{secret}" if url and secret else ""
        self._clock = clock
        self._schedule = schedule
        self._faults = faults
        self._timing = timing
        self._gathered: dict[int, list[dict[str, Any]]] = {}  # by tenths of a second
        self._saved: dict[str, bool] = {}
        self._saving = {RECEIPTS: asyncio.Lock(), UPLINK: asyncio.Lock()}
        self.posts: deque[Post] = deque(maxlen=KEPT_POSTS)
        self.lost = {RECEIPTS: 0, UPLINK: 0}  # items dropped after the last try
        self.http: ClientSession | None = None

    @property
    def on(self) -> bool:
        return bool(self._base)

    def receipt(self, item: dict[str, Any], seconds: float) -> None:
        """Hand a receipt over after `seconds`, together with others that fall due about then."""
        if not self.on or self._faults.receipts_withheld:
            return
        now = self._clock.now()
        moment = math.ceil((now + seconds) / GATHERED_SECONDS)
        if (gathered := self._gathered.get(moment)) is None:
            gathered = self._gathered[moment] = []
            wait = moment * GATHERED_SECONDS - now
            self._schedule.after(wait, lambda: self._send_gathered(moment))
        gathered.append(item)

    async def receipt_now(self, item: dict[str, Any]) -> None:
        """Hand one receipt over at once, and wait for the service's answer."""
        if self.on:
            await self._hand_over(RECEIPTS, [item], 0)

    async def reply(self, item: dict[str, Any]) -> None:
        """Hand over what a person has written."""
        if self.on:
            await self._hand_over(UPLINK, [item], 0)

    async def probe(self, kind: str) -> bool:
        """As the console does before it saves an address: it must answer an empty array in form."""
        async with self._saving[kind]:
            if not self._saved.get(kind):
                self._saved[kind] = not await self._post(kind, b"[]")
            return self._saved[kind]

    async def _send_gathered(self, moment: int) -> None:
        items = self._gathered.pop(moment)
        if self._faults.receipts_doubled:
            items += items
        if self._faults.receipts_reversed:
            items.reverse()
        size = 1 if self._faults.receipts_single else MOST_IN_AN_ARRAY
        for start in range(0, len(items), size):
            await self._hand_over(RECEIPTS, items[start : start + size], 0)

    async def _hand_over(self, kind: str, items: list[dict[str, Any]], tried: int) -> None:
        reason = ""
        if not await self.probe(kind):
            reason = "the address did not answer the probe"
        else:
            body = json.dumps(items, ensure_ascii=False).encode()
            if self._faults.take("next_callbacks_truncated"):
                body = body[: len(body) // 2]
            reason = await self._post(kind, body)
        self.posts.append(Post(kind, len(items), tried + 1, not reason, reason))
        if not reason:
            return
        repeats = LONG_REPEATS if self._faults.long_repeats else REPEATS
        if tried >= len(repeats):
            self.lost[kind] += len(items)
            return
        self._schedule.after(repeats[tried], lambda: self._hand_over(kind, items, tried + 1))

    async def _post(self, kind: str, body: bytes) -> str:
        """Why the answer does not count; empty when it does."""
        if self.http is None:
            raise RuntimeError("the simulator is not running")
        timeout = ClientTimeout(total=self._timing.sms_answer)
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        url = f"{self._base}/{kind}"
        try:
            async with self.http.post(
                url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                content = await answer.read()
        except TimeoutError:
            return f"no answer in {self._timing.sms_answer:g} s"
        except ClientError as error:
            return type(error).__name__
        if answer.status != 200:
            return f"HTTP {answer.status}"
        given: object = None
        with contextlib.suppress(ValueError):
            given = json.loads(content)
        code = given.get("code") if isinstance(given, dict) else None
        if not isinstance(code, int | float) or isinstance(code, bool):
            return "no numeric code in the answer"
        return ""
