"""Delivers messages and events to the service as WeChat does (wechat.md 1.1 to 1.3)."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from simulator.faults import Faults
from simulator.keys import WeChatKeys
from simulator.timing import Timing
from simulator.wechat.envelope import Envelope, random_bytes, sign
from simulator.wechat.inner import to_xml
from simulator.wechat.replies import Asked, Faulty, Judge, Reply

ATTEMPTS = 4  # the push and up to three repeats
KEPT_ATTEMPTS = 20_000
FREE_CONNECTIONS = 200

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver one push, so that a test can ask for exactly one side effect."""

    who: str
    key: str  # MsgId, or Event and CreateTime
    number: int  # from 1
    outcome: str  # reply, silent, faulty, timeout, unreachable, refused
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a push: a reply, silence (None), or `failed` with the reason."""

    reply: Reply | None = None
    failed: str = ""


class Pushes:
    def __init__(
        self,
        keys: WeChatKeys,
        url: str,
        *,
        faults: Faults,
        rng: random.Random,
        timing: Timing,
        real: Callable[[], float],
        has_media: Callable[[str], bool],
    ) -> None:
        self._url = url
        self._faults = faults
        self._rng = rng
        self._timing = timing
        self._real = real
        self._has_media = has_media
        self._connections = asyncio.Semaphore(FREE_CONNECTIONS)
        self._handshake = asyncio.Lock()
        self.attempts: deque[Attempt] = deque(maxlen=KEPT_ATTEMPTS)
        self.accepted = False  # the address has answered the handshake
        self.http: ClientSession | None = None
        self._use(keys, [])

    def _use(self, keys: WeChatKeys, earlier: list[Envelope]) -> None:
        self.keys = keys
        self._envelope = None
        if keys.encoding_aes_key:
            self._envelope = Envelope(keys.encoding_aes_key, keys.app_id)
        # The console goes on reading replies under the key before, as wechat.md 1.2 has it.
        self._envelopes = [*([self._envelope] if self._envelope else []), *earlier]
        self._judge = Judge(keys.mode, keys.token, self._envelopes, self._has_media)

    def rotate(self, keys: WeChatKeys) -> None:
        """Keys changed in the console: the address must answer a new handshake."""
        self._use(keys, self._envelopes[:1])
        self.accepted = False

    @property
    def on(self) -> bool:
        return bool(self._url) and self.keys.mode != "off"

    async def handshake(self) -> bool:
        """Try the address by GET; nothing is pushed before the echo has come back verbatim."""
        if self.accepted:
            return True
        async with self._handshake:
            if not self.accepted:
                echo = str(self._rng.randrange(10**18, 10**19))
                query = urlencode(self._signed() | {"echostr": echo})
                try:
                    status, body = await self._send("GET", query, None)
                except (ClientError, TimeoutError):
                    return False
                self.accepted = status == 200 and body == echo.encode()
            return self.accepted

    async def deliver(self, message: Message) -> Delivered:
        """Push until somebody answers, up to four times, with the same MsgId and CreateTime."""
        who = str(message["FromUserName"])
        key = str(message.get("MsgId") or f"{message.get('Event')} {message.get('CreateTime')}")
        asked = Asked(who, self.keys.original_id, str(message["MsgType"]))
        reason = ""
        for number in range(1, ATTEMPTS + 1):
            began = asyncio.get_running_loop().time()
            reply, outcome, reason = await self._attempt(message, who, asked)
            seconds = asyncio.get_running_loop().time() - began
            self.attempts.append(Attempt(who, key, number, outcome, reason, seconds))
            if outcome in ("reply", "silent"):
                return Delivered(reply)
            if outcome == "faulty":
                break
            if outcome in ("unreachable", "refused") and number < ATTEMPTS:
                await asyncio.sleep(self._timing.wechat_pause)
        return Delivered(failed=reason)

    async def _attempt(
        self, message: Message, who: str, asked: Asked
    ) -> tuple[Reply | None, str, str]:
        if not await self.handshake():
            return None, "refused", "the address did not answer the handshake"
        query, body = self._wrap(message, who)
        try:
            async with self._connections:
                status, answer = await self._send("POST", query, body)
        except TimeoutError:
            return None, "timeout", f"no answer in {self._timing.wechat_answer:g} s"
        except ClientError as error:
            return None, "unreachable", type(error).__name__
        try:
            reply = self._judge.read(status, answer, asked)
        except Faulty as faulty:
            return None, "faulty", str(faulty)
        return reply, "reply" if reply else "silent", ""

    def _signed(self) -> dict[str, str]:
        stamp = str(int(self._real()) - self._faults.stale_seconds)
        nonce = str(self._rng.randrange(10**8, 10**10))
        signature = sign(self.keys.token, stamp, nonce)
        if self._faults.wrong_signature:
            signature = signature[::-1]
        return {"signature": signature, "timestamp": stamp, "nonce": nonce}

    def _wrap(self, message: Message, who: str) -> tuple[str, bytes]:
        """The query and the body in the account's mode, with whatever is to be wrong with them."""
        query = self._signed() | {"openid": who}
        inner = to_xml(message)
        if self._faults.padding_bytes:
            inner = _insert(inner, b"<Padding>" + b"x" * self._faults.padding_bytes + b"</Padding>")
        if levels := self._faults.nested_levels:
            inner = _insert(inner, b"<d>" * levels + b"</d>" * levels)
        if self._faults.doctype:
            inner = b'<!DOCTYPE xml [<!ENTITY e "e">]>' + inner
        if self.keys.mode == "plain" or self._envelope is None:
            return urlencode(query), inner
        envelope = self._envelope
        if self._faults.other_app_id:
            envelope = Envelope(self.keys.encoding_aes_key, self.keys.app_id[::-1])
        encrypt = envelope.seal(inner, random_bytes(self._rng.getrandbits))
        signature = sign(self.keys.token, query["timestamp"], query["nonce"], encrypt)
        if self._faults.wrong_msg_signature:
            signature = signature[::-1]
        query |= {"encrypt_type": "aes", "msg_signature": signature}
        if self.keys.mode == "compatible":
            return urlencode(query), _insert(
                inner, f"<Encrypt><![CDATA[{encrypt}]]></Encrypt>".encode()
            )
        return urlencode(query), to_xml({"ToUserName": message["ToUserName"], "Encrypt": encrypt})

    async def _send(self, method: str, query: str, body: bytes | None) -> tuple[int, bytes]:
        if self.http is None:
            raise RuntimeError("the simulator is not running")
        data: bytes | AsyncIterator[bytes] | None = body
        if body is not None and self._faults.slow_body_seconds:
            data = _slowly(body, self._faults.slow_body_seconds)
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        async with self.http.request(
            method,
            f"{self._url}/wechat?{query}",
            data=data,
            headers=headers,
            allow_redirects=False,
            timeout=ClientTimeout(total=self._timing.wechat_answer),
        ) as answer:
            return answer.status, await answer.read()


def _insert(inner: bytes, element: bytes) -> bytes:
    return inner.removesuffix(b"</xml>") + element + b"</xml>"


async def _slowly(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    half = len(body) // 2
    yield body[:half]
    await asyncio.sleep(seconds)
    yield body[half:]
