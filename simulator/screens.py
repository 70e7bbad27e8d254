"""What stands on everybody's phone, who watches it, and what was counted."""

import asyncio
import contextlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from simulator.clock import Clock

KEPT_BUBBLES = 300  # per phone, and while it fills up to twice as many
KEPT_EVENTS = 1000  # per watching page, then it starts afresh

# Whom a bubble is from.
PERSON = "person"
SERVICE = "service"
PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing on a screen; `detail` is what only the page draws (a card's rows, a link)."""

    number: int
    source: str
    kind: str
    text: str
    at: str
    detail: dict[str, Any] | None = None

    def plain(self) -> dict[str, Any]:
        """The shape of contract.md 9."""
        return {"from": self.source, "kind": self.kind, "text": self.text, "at": self.at}

    def full(self) -> dict[str, Any]:
        return self.plain() | {"number": self.number, "detail": self.detail or {}}


class Watcher:
    """A page that wants to know what happens on the listed phones, as it happens."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(KEPT_EVENTS)

    def tell(self, event: dict[str, Any]) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._events.put_nowait(event)
            return
        while not self._events.empty():
            self._events.get_nowait()
        self._events.put_nowait({"type": "reload"})

    def close(self) -> None:
        """Let the watcher go: `next` answers None."""
        while not self._events.empty():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def next(self, patience: float) -> dict[str, Any] | None:
        """The next event, None when closed; raises TimeoutError after `patience` seconds."""
        async with asyncio.timeout(patience):
            return await self._events.get()


class Screens:
    """Every phone's transcript. Only the phones on the page are told to watchers."""

    def __init__(self, clock: Clock, listed: Iterable[str]) -> None:
        self._clock = clock
        self._listed = set(listed)
        self._numbers = itertools.count(1)
        self._bubbles: dict[str, list[Bubble]] = {}
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._watchers: set[Watcher] = set()

    def list_too(self, people: Iterable[str]) -> None:
        """From now on watchers are told of these phones too."""
        self._listed.update(people)

    def show(
        self, who: str, source: str, kind: str, text: str, detail: dict[str, Any] | None = None
    ) -> Bubble:
        """Put a bubble on the phone of `who`."""
        at = self._clock.shown().isoformat(timespec="seconds")
        bubble = Bubble(next(self._numbers), source, kind, text, at, detail)
        if (bubbles := self._bubbles.get(who)) is None:
            bubbles = self._bubbles[who] = []
        bubbles.append(bubble)
        if len(bubbles) >= 2 * KEPT_BUBBLES:
            del bubbles[:-KEPT_BUBBLES]
        if source != PERSON and who in self._waiting:
            for first in self._waiting[who]:
                first.set()
        if who in self._listed:
            self.tell({"type": "bubble", "who": who, "bubble": bubble.full()})
        return bubble

    def of(self, who: str) -> list[Bubble]:
        return self._bubbles.get(who, [])[-KEPT_BUBBLES:]

    def tell(self, event: dict[str, Any]) -> None:
        for watcher in self._watchers:
            watcher.tell(event)

    def waiting(self, who: str, *, on: bool) -> None:
        """The service is thinking about what `who` wrote: typing dots."""
        if who in self._listed:
            self.tell({"type": "waiting", "who": who, "on": on})

    @contextlib.contextmanager
    def watch(self) -> Iterator[Watcher]:
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def close(self) -> None:
        for watcher in self._watchers:
            watcher.close()

    def mark(self) -> int:
        """A number greater than that of every bubble so far."""
        return next(self._numbers)

    async def texts_since(
        self, who: str, mark: int, *, patience: float, settles: float
    ) -> list[str]:
        """What reached `who` after `mark`: waits for the first text, then `settles` seconds."""
        first = asyncio.Event()
        self._waiting[who].add(first)
        try:
            if not self._texts(who, mark):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(first.wait(), patience)
            if self._texts(who, mark):
                await asyncio.sleep(settles)
        finally:
            self._waiting[who].discard(first)
            if not self._waiting[who]:
                del self._waiting[who]
        return self._texts(who, mark)

    def _texts(self, who: str, mark: int) -> list[str]:
        return [b.text for b in self.of(who) if b.number > mark and b.source != PERSON]


class Counts:
    """Messages sent by API, by person, channel and the caller's own key."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], list[int]] = {}

    def accepted(self, who: str, channel: str, key: str) -> None:
        self._row(who, channel, key)[0] += 1

    def shown(self, who: str, channel: str, key: str) -> None:
        self._row(who, channel, key)[1] += 1

    def rows(self, who: str | None = None) -> list[dict[str, Any]]:
        """The shape of contract.md 9."""
        return [
            {"who": person, "channel": channel, "key": key, "accepted": row[0], "shown": row[1]}
            for (person, channel, key), row in self._rows.items()
            if who is None or person == who
        ]

    def _row(self, who: str, channel: str, key: str) -> list[int]:
        return self._rows.setdefault((who, channel, key), [0, 0])
