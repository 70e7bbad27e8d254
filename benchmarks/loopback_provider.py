"""A provider on loopback, a process of its own that is as quick as Python allows: it takes messages
of both channels, counts them by person, and reports them to whoever it was told.

Told by its input (JSON): `push`, the base of the service ("": reports nothing), `secret` of the SMS
paths, `token`, `aes_key` and `app_id` of WeChat, `latency` in seconds. Prints its address, and
answers `GET /bench/counts`. Texts are reported in arrays of 100, template messages by one encrypted
TEMPLATESENDJOBFINISH each. It checks no signature and decides nothing: it is there to count.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import struct
import sys
import time
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvloop
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AT_ONCE = 100
FLUSH_SECONDS = 0.2
PUSHERS = {"sms": 2, "wechat": 16}
_TOKEN = b'{"access_token":"loopback","expires_in":7200}'


@dataclass
class Book:
    """What was taken, by person."""

    calls: Counter[str] = field(default_factory=Counter)
    arrived: dict[str, float] = field(default_factory=dict)
    """Unix seconds of a person's first message."""
    taken: int = 0
    first: float = 0.0
    last: float = 0.0
    reported: int = 0
    refused_reports: int = 0

    def note(self, who: str) -> int:
        now = time.time()
        self.first = self.first or now
        self.last = now
        self.calls[who] += 1
        self.arrived.setdefault(who, now)
        self.taken += 1
        return self.taken

    def as_json(self, *, arrivals: bool) -> dict[str, Any]:
        found = {
            "people": len(self.calls),
            "calls": self.taken,
            "twice": sum(number > 1 for number in self.calls.values()),
            "first": self.first,
            "last": self.last,
            "reported": self.reported,
            "refused_reports": self.refused_reports,
        }
        return found | ({"arrivals": self.arrived} if arrivals else {})


class Reporter:
    """Pushes reports over kept connections, as the two platforms do."""

    def __init__(self, given: dict[str, Any], book: Book) -> None:
        parts = urlsplit(given["push"])
        self._to = parts.hostname, parts.port
        self._given = given
        self._book = book
        self._queues: dict[str, asyncio.Queue[Any]] = {c: asyncio.Queue() for c in PUSHERS}
        key = b64decode(given["aes_key"] + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._nonce = 0
        self._tasks = [
            asyncio.create_task(self._push(channel))
            for channel, number in PUSHERS.items()
            for _ in range(number)
        ]

    def report(self, channel: str, *about: str) -> None:
        self._queues[channel].put_nowait(about)

    async def _push(self, channel: str) -> None:
        batch = [await self._queues[channel].get()]
        reader, writer = await asyncio.open_connection(*self._to)
        while True:
            if channel == "sms":
                await self._fill(batch, self._queues[channel])
                request = self._texts(batch)
            else:
                request = self._event(*batch[0])
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200"):
                self._book.reported += len(batch)
            else:
                self._book.refused_reports += len(batch)
            batch = [await self._queues[channel].get()]

    async def _fill(self, batch: list[Any], queue: asyncio.Queue[Any]) -> None:
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                while len(batch) < AT_ONCE:
                    batch.append(await queue.get())
        except TimeoutError:
            return

    def _texts(self, batch: list[tuple[str, str, str]]) -> bytes:
        at = time.strftime("%Y-%m-%d %H:%M:%S")
        body = json.dumps(
            [
                {
                    "phone_number": phone, "send_time": at, "report_time": at, "success": True,
                    "err_code": "DELIVERED", "err_msg": "", "sms_size": "1", "biz_id": reference,
                    "out_id": out_id,
                }
                for phone, reference, out_id in batch
            ]
        ).encode()  # fmt: skip
        return _post(f"/sms/{self._given['secret']}/receipts", "application/json", body)

    def _event(self, openid: str, reference: str, _: str) -> bytes:
        self._nonce += 1
        now = int(time.time())
        xml = (
            "<xml><ToUserName><![CDATA[gh_bench]]></ToUserName>"
            f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{now}</CreateTime>"
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
            f"<MsgID>{reference}</MsgID><Status><![CDATA[success]]></Status></xml>"
        ).encode()
        app_id = self._given["app_id"].encode()
        plain = os.urandom(16) + struct.pack(">I", len(xml)) + xml + app_id
        pad = 32 - len(plain) % 32
        coder = self._cipher.encryptor()
        sealed = b64encode(coder.update(plain + bytes([pad]) * pad) + coder.finalize()).decode()
        stamp, nonce = str(now), str(self._nonce)
        query = (
            f"signature={self._sign(stamp, nonce)}&timestamp={stamp}&nonce={nonce}"
            f"&encrypt_type=aes&msg_signature={self._sign(stamp, nonce, sealed)}"
        )
        body = (
            f"<xml><ToUserName>gh_bench</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        )
        return _post(f"/wechat?{query}", "text/xml", body.encode())

    def _sign(self, *parts: str) -> str:
        joined = "".join(sorted((self._given["token"], *parts)))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


class Provider(asyncio.Protocol):
    """One connection: whole requests in, answers out, in order."""

    book: Book
    reporter: Reporter | None = None
    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            length = 0
            for line in head.split(b"\r\n")[1:]:
                if line[:15].lower() == b"content-length:":
                    length = int(line[15:])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            target = head.split(b" ", 2)[1].decode()
            answer = self._answer(target, rest[:length])
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._write, answer)
            else:
                self._write(answer)

    def _write(self, body: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )

    def _answer(self, target: str, body: bytes) -> bytes:
        if target.startswith("/cgi-bin/message/template/send"):
            given = json.loads(body)
            number = self._take("wechat", given["touser"], given["client_msg_id"], "")
            return b'{"errcode":0,"errmsg":"ok","msgid":%d}' % number
        if target.startswith("/cgi-bin/"):
            return _TOKEN
        if target.startswith("/bench/counts"):
            return json.dumps(self.book.as_json(arrivals="arrivals" in target)).encode()
        if "QuerySendDetails" in target:
            return b'{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[]},"TotalCount":0}'
        form = parse_qs(body.decode())
        number = self._take("sms", form["PhoneNumbers"][0], form["OutId"][0], "^0")
        return b'{"Code":"OK","Message":"OK","BizId":"%d^0","RequestId":"r"}' % number

    def _take(self, channel: str, who: str, own_id: str, tail: str) -> int:
        number = self.book.note(who)
        if self.reporter:
            self.reporter.report(channel, who, f"{number}{tail}", own_id)
        return number


def _post(target: str, kind: str, body: bytes) -> bytes:
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def main() -> None:
    given = json.loads(sys.stdin.read())
    loop = asyncio.get_running_loop()
    Provider.book = Book()
    Provider.latency = given.get("latency", 0.0)
    server = await loop.create_server(Provider, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    if given["push"]:
        Provider.reporter = Reporter(given, Provider.book)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
