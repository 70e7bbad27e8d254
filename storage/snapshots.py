"""What villages have published, a snapshot each: read once, kept until the chain has news of it.

A snapshot is read in one statement, so it is of one moment. Nothing here looks at a clock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage import chain
from storage.database import Database
from storage.freshness import Freshness

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[Value]):
    """`seq` is the chain's height when it was read, None where nothing was there to tell it."""

    value: Value
    seq: int | None
    size: int


Load = Callable[[str], Awaitable[Snapshot[Value]]]


class Snapshots(Generic[Value]):
    """Snapshots up to a size altogether; the one asked for longest ago makes room."""

    def __init__(self, db: Database, load: Load[Value], kept: int) -> None:
        self._db = db
        self._load = load
        self._kept = kept
        self._size = 0
        self._snapshots: OrderedDict[str, tuple[Value, int, int]] = OrderedDict()
        self._freshness = Freshness(db)

    def cached(self, code: str, head: int) -> Value | None:
        """What is in memory, if it holds all that the chain's first `head` links say; at once."""
        value, seq, _ = self._snapshots.get(code, (None, -1, 0))
        if value is None or head > self._freshness.seen or seq < self._freshness.of(code):
            return None
        self._snapshots.move_to_end(code)
        return value

    async def at(self, code: str, head: int) -> Value:
        """All that the chain's first `head` links say, or more; a later call never gives less."""
        await self._freshness.look_ahead(head)
        known = self.cached(code, head)
        return known if known is not None else await self._read(code)

    async def newest(self, code: str) -> Value:
        """All that is published now, for whoever does not know the chain's height."""
        return await self.at(code, await chain.height(self._db))

    async def _read(self, code: str) -> Value:
        read = await self._load(code)
        seq = read.seq if read.seq is not None else self._freshness.of(code)
        value, known, size = self._snapshots.get(code, (None, -1, 0))
        if value is not None and known > seq:  # another reader was faster, and saw more
            return value
        self._size += read.size - size
        self._snapshots[code] = (read.value, seq, read.size)
        self._snapshots.move_to_end(code)
        while self._size > self._kept and len(self._snapshots) > 1:
            _, (_, _, gone) = self._snapshots.popitem(last=False)
            self._size -= gone
        return read.value
