"""Both platforms, wired once: what the web application serves and what a test holds in its hand."""

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.keys import Keys
from simulator.screens import Counts, Screens
from simulator.sms.platform import Sms
from simulator.timing import Timing
from simulator.wechat.api import Api
from simulator.wechat.endpoints import Endpoints
from simulator.wechat.platform import WeChat

PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
DEMO_SECONDS = 30


class DemoError(Exception):
    """The service did not move its clock."""


class Platforms:
    """The handle for tests and for `/sim`.

    `wechat.pushes.attempts`, `wechat.followers`, `wechat.tokens`, `sms.texting.texts()`,
    `sms.callbacks.posts`, `screens.of(who)` and `counts.rows()` tell what happened; `faults`,
    `wechat.sending.templates.approve`, `sms.registry.approve` and `sms.handsets.profiles` say what
    is to happen.
    """

    def __init__(
        self, keys: Keys, *, clock: Clock, seed: int, push: str = "", timing: Timing | None = None
    ) -> None:
        self.keys = keys
        self.clock = clock
        self.timing = timing or Timing()
        self.push_url = push.rstrip("/")
        self.faults = Faults()
        self.counts = Counts()
        self.schedule = Schedule(clock)
        self.screens = Screens(clock, [phone.who for phone in keys.phones])
        # Not for secrets: a seed makes a run repeatable.
        rng = random.Random(seed)  # noqa: S311
        self.wechat = WeChat(
            keys.wechat,
            self.push_url,
            clock=clock,
            schedule=self.schedule,
            screens=self.screens,
            counts=self.counts,
            faults=self.faults,
            rng=rng,
            timing=self.timing,
        )
        self.sms = Sms(
            keys.sms,
            self.push_url,
            clock=clock,
            schedule=self.schedule,
            screens=self.screens,
            counts=self.counts,
            faults=self.faults,
            rng=rng,
            timing=self.timing,
        )
        self.wechat_api = Api(
            Endpoints(self.wechat, clock, self.faults).table(),
            check_token=self.wechat.tokens.check,
            count=self.wechat.quotas.count,
            faults=self.faults,
            rng=rng,
        )
        self._http: ClientSession | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the connections to the service and let time do its work."""
        async with ClientSession(connector=TCPConnector(limit=0), trust_env=False) as http:
            self._http = self.wechat.pushes.http = self.sms.callbacks.http = http
            clockwork = asyncio.create_task(self.schedule.run())
            try:
                yield
            finally:
                clockwork.cancel()
                await asyncio.gather(clockwork, return_exceptions=True)
                await self.schedule.stop()

    async def advance(self, seconds: float) -> None:
        """Move platform time and wait until all that falls due has been done."""
        self.clock.move(seconds)
        await self.schedule.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        await self.schedule.settle()

    async def say(self, who: str, text: str) -> None:
        """Somebody writes: by SMS from a mobile number, else on WeChat."""
        if phone := phone_number(who):
            await self.sms.say(phone, text)
        else:
            await self.wechat.say(who, text)

    async def move_clock(self, seconds: float) -> str:
        """Move the demo's business clock and our own windows by the same; what phones now show."""
        if self.keys.demo and self.push_url:
            await self._demo_clock("POST", {"seconds": seconds}, seconds)
        else:
            self.clock.move(seconds)
        self.schedule.wake()
        shown = self.shown()
        self.screens.tell({"type": "clock", "now": shown})
        return shown

    async def read_clock(self) -> str:
        """What the phones show, after asking the demo's business clock where there is one."""
        if self.keys.demo and self.push_url:
            with contextlib.suppress(DemoError):
                await self._demo_clock("GET", None, 0)
        return self.shown()

    def shown(self) -> str:
        return self.clock.shown().isoformat(timespec="seconds")

    async def _demo_clock(self, method: str, body: dict[str, Any] | None, seconds: float) -> None:
        if self._http is None:
            raise DemoError("the simulator is not running")
        url, timeout = f"{self.push_url}/demo/clock", ClientTimeout(total=DEMO_SECONDS)
        try:
            async with self._http.request(method, url, json=body, timeout=timeout) as answer:
                if answer.status != 200:
                    raise DemoError(f"HTTP {answer.status}")
                now = datetime.fromisoformat((await answer.json())["now"])
        except (ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise DemoError(type(error).__name__) from None
        self.clock.move(seconds)
        self.clock.show(now)


def phone_number(who: str) -> str | None:
    """The eleven digits where `who` is a mobile number."""
    found = PHONE.fullmatch(who.strip())
    return found[1] if found else None
