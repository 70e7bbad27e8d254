"""Pictures and notices, drawn once a version, beside the loop; what was drawn is kept a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

KEPT_BYTES = 32 * 1024 * 1024


class Drawings:
    """One for a process. A key names all that a drawing is made of, its version first of all."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Future[bytes]] = {}
        # One at a time: residents who ask for accounts must not wait for somebody's pictures.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawing")

    async def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """The drawing, made by `draw` unless it is there; whoever asks meanwhile waits for it."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        under_way = self._under_way.get(key)
        if under_way is None:
            loop = asyncio.get_running_loop()
            under_way = asyncio.ensure_future(loop.run_in_executor(self._thread, draw))
            self._under_way[key] = under_way
            under_way.add_done_callback(lambda drawn: self._keep(key, drawn))
        return await asyncio.shield(under_way)

    def _keep(self, key: Hashable, drawn: asyncio.Future[bytes]) -> None:
        del self._under_way[key]
        if drawn.cancelled() or drawn.exception():
            return
        self._kept[key] = drawn.result()
        self._bytes += len(drawn.result())
        while self._bytes > self._kept_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)
