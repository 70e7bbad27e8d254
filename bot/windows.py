"""When somebody's message or event opens a window for customer-service messages (wechat.md 2.2)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from handlers.turn import Inbound, Kind
from storage.people import lookup
from storage.sealing import Sealer
from storage.windows import Opened

_MINUTE: Final = 60
_ALLOWED: Final[Mapping[Kind, tuple[int, int]]] = {
    # seconds, messages
    **dict.fromkeys((Kind.TEXT, Kind.VOICE, Kind.OTHER), (48 * 60 * _MINUTE, 5)),
    **dict.fromkeys((Kind.MENU, Kind.FOLLOW, Kind.SCAN), (_MINUTE, 3)),
}
_EVERY: Final = 10 * _MINUTE
"""So often a person's window is written at most: messages come in bursts, and a window that ends
ten minutes early is still one."""
_KEPT: Final = 100_000


class Windows:
    """Keeps in mind what was written of whom, so that most messages write nothing more."""

    def __init__(self, sealer: Sealer, *, clock: Callable[[], float] = time.time) -> None:
        self._sealer = sealer
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()

    def opened(self, inbound: Inbound) -> Opened | None:
        """What is to be written; None where that would say hardly anything new."""
        allowed = _ALLOWED.get(inbound.kind)
        if inbound.channel != "wechat" or allowed is None:
            return None
        seconds, messages = allowed
        until = self._clock() + seconds
        if until < self._until.get(inbound.address, 0) + min(_EVERY, seconds / 2):
            return None
        self._until[inbound.address] = until
        self._until.move_to_end(inbound.address)
        if len(self._until) > _KEPT:
            self._until.popitem(last=False)
        return Opened(lookup(self._sealer, "wechat", inbound.address), int(until * 1000), messages)
