"""A provider that counts: WeChat and SMS gateway in one process, which nobody kills.

Told by its input (JSON, `Wiring`), it prints its address. It drops a repeated `client_msg_id` for
ten minutes as WeChat does, and counts it; it never drops an SMS. Reports come late, doubled, out of
order, or before the answer; some answers are lost after the message was taken; the look-up lags.
`GET /chaos/tally` tells what each person got of each campaign, whose tag is the title.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web

from simulator.wechat.envelope import Envelope, sign

BEIJING = timezone(timedelta(hours=8))
DROPS_DOUBLES_SECONDS = 600
EVENTS_AT_ONCE = 12
RECEIPTS_AT_ONCE = 100
# Longer than a run: what is never reported cannot be shown.
PATIENCE_SECONDS = 3600
# Beyond it the kernel drops what a caller takes for connected, and bytes come many seconds late.
BACKLOG = 4096
OPENID, PHONE = "oChaos", "166"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Where reports go, with which keys, and how the provider behaves; seconds and shares."""

    webs: list[str]
    secret: str
    token: str
    aes_key: str
    app_id: str
    seed: int = 1
    latency: float = 0.02
    lag: float = 1.0  # so long the look-up does not know a text
    lost_answers: float = 0.003
    doubled: float = 0.3
    early: float = 0.1  # reports that come before the answer
    silent: float = 0.2  # messages that arrived, and of which no report ever tells
    blocked_each: int = 211  # every so many persons block the account: WeChat reports a failure
    refusing_each: int = 223  # ... and so many numbers are on a black list, as a receipt tells


@dataclass
class Book:
    """What was taken, by campaign and person; `failed` is what was reported as such."""

    calls: Counter[str] = field(default_factory=Counter)
    taken: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failed: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    history: defaultdict[tuple[str, int], list[tuple[str, str, float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    messages: int = 0
    repeats_dropped: int = 0
    answers_lost: int = 0
    reports: int = 0
    given_up: int = 0
    latest: float = 0.0
    longest_pause: float = 0.0
    last_call: float = 0.0

    def take(
        self, channel: str, tag: str, person: int, attempt: str, signed_at: float | None = None
    ) -> None:
        """`signed_at` tells how long a call was under way before anybody here read it."""
        now, late = time.time(), 0.0
        if signed_at is not None:
            late = round(now - signed_at, 1)
        self.latest = max(self.latest, late)
        self.history[tag, person].append((channel, attempt, round(now, 3), late))
        self.taken[tag][person] += 1
        self.messages += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "calls": dict(self.calls),
            "repeats_dropped": self.repeats_dropped,
            "answers_lost": self.answers_lost,
            "reports": self.reports,
            "given_up": self.given_up,
            "latest": self.latest,
            "longest_pause": round(self.longest_pause, 2),
            "taken": {tag: dict(people) for tag, people in self.taken.items()},
            "failed": {tag: dict(people) for tag, people in self.failed.items()},
            "more_than_one": [
                [tag, person, taken]
                for (tag, person), taken in self.history.items()
                if len(taken) > 1
            ],
        }


class Provider:
    """Both gateways."""

    def __init__(self, wiring: Wiring, http: ClientSession) -> None:
        self._wiring = wiring
        self._http = http
        self._random = random.Random(wiring.seed)
        self._envelope = Envelope(wiring.aes_key, wiring.app_id)
        self._seen: dict[tuple[str, str], tuple[int, float]] = {}
        self._texts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._events: asyncio.Queue[tuple[str, int, str, float]] = asyncio.Queue()
        self._receipts: list[tuple[dict[str, Any], float]] = []
        self._later: set[asyncio.Task[None]] = set()
        self._number = 1_000_000
        self.book = Book()

    # --- what is called ---------------------------------------------------------------------------

    async def token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "chaos", "expires_in": 7200})

    async def template(self, request: web.Request) -> web.Response:
        body = await request.json()
        openid, key = body["touser"], (body["touser"], body["client_msg_id"])
        person, tag = int(openid.removeprefix(OPENID)), _tag(body["data"])
        self._count("wechat")
        known = self._seen.get(key)
        if known and time.monotonic() - known[1] < DROPS_DOUBLES_SECONDS:
            self.book.repeats_dropped += 1
            return await self._answer(request, {"errcode": 0, "msgid": known[0]})
        msgid = self._next()
        self._seen[key] = msgid, time.monotonic()
        self.book.take("wechat", tag, person, body["client_msg_id"])
        blocked = person % self._wiring.blocked_each == 1
        if blocked:
            self.book.failed[tag][person] += 1
        status = "failed:user block" if blocked else "success"
        await self._report(
            lambda: self._events.put((openid, msgid, status, time.monotonic())), bad=blocked
        )
        return await self._answer(request, {"errcode": 0, "errmsg": "ok", "msgid": msgid})

    async def sms(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        if request.query["Action"] == "QuerySendDetails":
            return self._details(form)
        phone, tag = form["PhoneNumbers"], json.loads(form["TemplateParam"])["title"]
        person = int(phone.removeprefix(PHONE))
        self._count("sms")
        signed = datetime.fromisoformat(request.query["Timestamp"])
        self.book.take("sms", tag, person, form["OutId"], signed.timestamp())
        refused = person % self._wiring.refusing_each == 1
        if refused:
            self.book.failed[tag][person] += 1
        reference, now = f"{self._next()}^0", datetime.now(BEIJING)
        moment = f"{now:%Y-%m-%d %H:%M:%S}"
        report = {
            "phone_number": phone, "send_time": moment, "report_time": moment,
            "success": not refused, "err_code": "MOBILE_IN_BLACK" if refused else "DELIVERED",
            "err_msg": "", "sms_size": "1", "biz_id": reference, "out_id": form["OutId"],
        }  # fmt: skip
        self._texts[phone].append({**report, "at": time.monotonic(), "day": f"{now:%Y%m%d}"})
        await self._report(lambda: self._keep_receipt(report), bad=refused)
        answer = {"Code": "OK", "Message": "OK", "BizId": reference, "RequestId": "chaos"}
        return await self._answer(request, answer)

    def _details(self, form: dict[str, str]) -> web.Response:
        self._count("look-up")
        now = time.monotonic()
        rows = [
            {
                "OutId": text["out_id"], "SendDate": text["send_time"],
                "ReceiveDate": text["report_time"], "PhoneNum": text["phone_number"],
                "SendStatus": 3 if text["success"] else 2, "ErrCode": text["err_code"],
                "TemplateCode": "SMS_notice", "Content": "",
            }
            for text in self._texts[form["PhoneNumber"]]
            if text["day"] == form["SendDate"] and now - text["at"] > self._wiring.lag
        ]  # fmt: skip
        page = int(form["CurrentPage"]) - 1
        size = int(form["PageSize"])
        listed = rows[page * size : (page + 1) * size]
        return web.json_response(
            {
                "Code": "OK", "Message": "OK", "TotalCount": len(rows),
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": listed},
            }
        )  # fmt: skip

    async def tally(self, _: web.Request) -> web.Response:
        return web.json_response(self.book.as_json())

    async def texts(self, _: web.Request) -> web.Response:
        taken = [text["out_id"] for texts in self._texts.values() for text in texts]
        return web.json_response(taken)

    async def progress(self, _: web.Request) -> web.Response:
        waiting = self._events.qsize() + len(self._receipts) + len(self._later)
        return web.json_response(
            {
                "messages": self.book.messages,
                "calls": sum(self.book.calls.values()),
                "reports_waiting": waiting,
                "last_call": self.book.last_call,
            }
        )

    def _count(self, what: str) -> None:
        self.book.calls[what] += 1
        self.book.last_call = time.time()

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def _answer(self, request: web.Request, content: dict[str, Any]) -> web.Response:
        await asyncio.sleep(self._random.random() * 2 * self._wiring.latency)
        if self._random.random() < self._wiring.lost_answers:
            self.book.answers_lost += 1
            if request.transport:
                request.transport.abort()
        return web.json_response(content)

    # --- what it reports --------------------------------------------------------------------------

    async def _report(self, put: Callable[[], Awaitable[None]], *, bad: bool) -> None:
        """Once or twice, at random moments, some before the answer; not all that is good."""
        if not bad and self._random.random() < self._wiring.silent:
            return
        times = 2 if self._random.random() < self._wiring.doubled else 1
        if self._random.random() < self._wiring.early:
            times -= 1
            await put()
        for _ in range(times):
            self._run(self._put_later(put, self._random.random()))

    async def _put_later(self, put: Callable[[], Awaitable[None]], seconds: float) -> None:
        await asyncio.sleep(seconds)
        await put()

    async def _keep_receipt(self, report: dict[str, Any]) -> None:
        self._receipts.append((report, time.monotonic()))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def watch_itself(self) -> None:
        """How long nothing was read at all: the machine had no time for it."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.05)
            pause = time.monotonic() - before - 0.05
            self.book.longest_pause = max(self.book.longest_pause, pause)

    async def push_events(self) -> None:
        """One of several that push finish events, each until it was acknowledged."""
        while True:
            openid, msgid, status, since = await self._events.get()
            if await self._push_event(openid, msgid, status):
                self.book.reports += 1
            elif time.monotonic() - since > PATIENCE_SECONDS:
                self.book.given_up += 1
            else:
                await asyncio.sleep(0.2)
                self._events.put_nowait((openid, msgid, status, since))

    async def _push_event(self, openid: str, msgid: int, status: str) -> bool:
        wiring, now = self._wiring, int(time.time())
        message = (
            "<xml><ToUserName><![CDATA[gh_chaos]]></ToUserName>"
            f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{now}</CreateTime>"
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
            f"<MsgID>{msgid}</MsgID><Status><![CDATA[{status}]]></Status></xml>"
        )
        sealed = self._envelope.seal(message.encode(), self._random.randbytes(16))
        nonce = str(self._number)
        query = {
            "timestamp": str(now), "nonce": nonce, "encrypt_type": "aes",
            "signature": sign(wiring.token, str(now), nonce),
            "msg_signature": sign(wiring.token, str(now), nonce, sealed),
        }  # fmt: skip
        body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return await self._posted("/wechat", body, query)

    async def push_receipts(self) -> None:
        """Receipts of texts, in arrays, each until it was acknowledged."""
        while True:
            await asyncio.sleep(0.1)
            while self._receipts:
                self._random.shuffle(self._receipts)
                batch = self._receipts[:RECEIPTS_AT_ONCE]
                body = json.dumps([report for report, _ in batch])
                if not await self._posted(f"/sms/{self._wiring.secret}/receipts", body, {}):
                    oldest = min(since for _, since in batch)
                    if time.monotonic() - oldest > PATIENCE_SECONDS:
                        self.book.given_up += len(batch)
                        del self._receipts[: len(batch)]
                    await asyncio.sleep(0.2)
                    continue
                del self._receipts[: len(batch)]
                self.book.reports += len(batch)

    async def _posted(self, path: str, body: str, query: dict[str, str]) -> bool:
        """Whether one of the web processes took it, as behind a proxy that knows them all."""
        for base in self._random.sample(self._wiring.webs, len(self._wiring.webs)):
            try:
                async with self._http.post(base + path, params=query, data=body) as answer:
                    await answer.read()
                    if answer.status == 200:
                        return True
            except (ClientError, OSError):
                continue
        return False


def _tag(data: dict[str, dict[str, str]]) -> str:
    return data["thing1"]["value"]


async def main() -> None:
    wiring = Wiring(**json.loads(sys.stdin.readline()))
    async with ClientSession(
        connector=TCPConnector(limit=0), timeout=ClientTimeout(total=5)
    ) as http:
        provider = Provider(wiring, http)
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/cgi-bin/token", provider.token)
        app.router.add_route("*", "/cgi-bin/stable_token", provider.token)
        app.router.add_post("/cgi-bin/message/template/send", provider.template)
        app.router.add_post("/", provider.sms)
        app.router.add_get("/chaos/tally", provider.tally)
        app.router.add_get("/chaos/progress", provider.progress)
        app.router.add_get("/chaos/texts", provider.texts)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG)
        await site.start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        pushers = [asyncio.create_task(provider.push_events()) for _ in range(EVENTS_AT_ONCE)]
        pushers.append(asyncio.create_task(provider.push_receipts()))
        pushers.append(asyncio.create_task(provider.watch_itself()))
        # It ends with whoever started it.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        for pusher in pushers:
            pusher.cancel()
        await runner.cleanup()


if __name__ == "__main__":
    # Not uvloop: that takes one new connection at a time between all other work, so that calls over
    # new ones would wait for seconds while look-ups over old ones are answered.
    asyncio.run(main())
