"""One HTTP call, whose failures are told apart by the one question that matters: may the other side
have taken it?

No exception here carries what aiohttp says: its texts hold addresses with tokens in them.
"""

import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from aiohttp import (
    AddrInfoType,
    BytesPayload,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
)
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from notifications.channels import texts
from notifications.channels.outcome import Outcome, Scope, Verdict

MAX_ANSWER_BYTES: Final = 1024 * 1024


class NotSent(Exception):
    """No connection came about (refused, no such name, TLS failed): nothing has been sent."""


class Unsure(Exception):
    """Sent, and no whole answer came: whether it was taken is open."""


class Unreadable(Exception):
    """An answer that is none of the API's: a proxy's page, a truncated text."""

    def __init__(self, status: int) -> None:
        super().__init__(f"http_{status}")
        self.status = status


_no_later_than: ContextVar[float | None] = ContextVar("no_later_than", default=None)


@contextmanager
def no_later_than(moment: float) -> Iterator[None]:
    """Calls of this task write nothing after a moment of `time.monotonic`.

    A process that was frozen between its last look at the lease and the connection must not send
    what another has taken over by now: so the look is repeated where the bytes are written.
    """
    token = _no_later_than.set(moment)
    try:
        yield
    finally:
        _no_later_than.reset(token)


class _Timely(BytesPayload):
    """A body that is written, and the headers with it, only as long as it may be."""

    def __init__(self, value: bytes, moment: float) -> None:
        super().__init__(value)
        self._moment = moment

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        if time.monotonic() > self._moment:
            raise TimeoutError
        await super().write_with_length(writer, content_length)


def sockets(seconds: float) -> Callable[[AddrInfoType], socket.socket]:
    """Makes sockets of which the kernel drops what nobody has acknowledged for so long.

    Else it goes on sending for minutes, after our call has ended and even after a kill -9: a text
    could arrive when its lease is long over, and it has been looked up. Linux only; elsewhere that
    a text rests before it is looked up has to do.
    """

    def make(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        if sys.platform == "linux":
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
        return made

    return make


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = ""


async def call(
    http: ClientSession,
    method: str,
    url: URL,
    *,
    timeout_seconds: float,
    data: bytes | FormData | BytesPayload | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Sends once and reads the answer; raises NotSent or Unsure, whose text is a short code."""
    if http.closed:
        raise NotSent("closed")
    # Connecting gets half the time, so that a slow start is known as what it is: nothing sent.
    timeout = ClientTimeout(total=timeout_seconds, connect=timeout_seconds / 2)
    moment = _no_later_than.get()
    if isinstance(data, bytes) and moment is not None:
        data = _Timely(data, moment)
    try:
        async with http.request(
            method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            body = await response.content.read(max_bytes + 1)
            while not response.content.at_eof() and len(body) <= max_bytes:
                body += await response.content.read(max_bytes + 1 - len(body))
            if len(body) > max_bytes:
                raise Unsure("too_long")
            return Answer(response.status, body, response.content_type)
    except (ClientConnectorError, ConnectionTimeoutError, InvalidURL):
        raise NotSent("not_sent") from None
    except TimeoutError:
        raise Unsure("timeout") from None
    except (ClientError, OSError):
        raise Unsure("reset") from None


def failed_call(failure: NotSent | Unsure | Unreadable) -> Outcome:
    """What a call without a usable answer means for the message."""
    code = str(failure)
    if isinstance(failure, NotSent):
        return Outcome(verdict=Verdict.LATER, code=code, scope=Scope.CHANNEL, detail=texts.NOT_SENT)
    if isinstance(failure, Unsure):
        return Outcome(verdict=Verdict.UNKNOWN, code=code, detail=texts.UNSURE)
    if failure.status == 429:
        return Outcome(verdict=Verdict.LATER, code=code, scope=Scope.CHANNEL, detail=texts.TOO_MANY)
    if 300 <= failure.status < 500 and failure.status != 408:
        # A wrong address, or a proxy that lets nothing through: the same for every message.
        return Outcome(
            verdict=Verdict.HALT, code=code, scope=Scope.CHANNEL, detail=texts.ANSWERED_OTHERWISE
        )
    return Outcome(verdict=Verdict.UNKNOWN, code=code, detail=texts.UNREADABLE)
