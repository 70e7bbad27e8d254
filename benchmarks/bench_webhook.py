"""Messages through the webhook in safe mode, beside a bare handler that only opens the envelope.

    .venv/bin/python benchmarks/bench_webhook.py

Server and sender are processes of their own, each on a core where there are two. 40 villages with
100,000 published entries, 5,000 bound residents. The yardstick runs on the same loop with the same
crypto library, and does nothing but open and close the AES envelope around a constant reply.
Figures per second of the server's own CPU time stand beside those per second by the clock: the
sender's speed does not blur them.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import os
import random
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import uvloop
from bench_import import VILLAGES, write_ledger
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROOT = Path(__file__).resolve().parent.parent
APP, TOKEN = "wx0123456789abcdef", "benchmarktoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
ACCOUNT = "gh_benchmark"
RESIDENTS, MESSAGES, CONNECTIONS = 5_000, 12_000, 32
SAMPLE = ROOT / "bot/sample"
BARS = {"rotation": 0.5, "random": 0.3, "p99_ms": 20.0}

_YARDSTICK = """
import sys, time, os
from base64 import b64encode, b64decode
import uvloop
from aiohttp import web
sys.path.insert(0, sys.argv[3])
from bot.wechat.envelope import Envelope, Opened
from notifications.settings import WeChatSettings
app_id, token, aes_key = sys.argv[4:7]
envelope = Envelope(WeChatSettings(app_id=app_id, token=token, encoding_aes_key=aes_key))
REPLY = ("<xml><ToUserName>o</ToUserName><Content>" + "账" * 200 + "</Content></xml>").encode()
async def push(request):
    opened = envelope.open(envelope.admit(request.query), await request.read())
    assert isinstance(opened, Opened)
    return web.Response(body=envelope.seal(opened, REPLY), content_type="application/xml")
async def ready(_):
    return web.Response(text="ok")
app = web.Application()
app.router.add_post("/wechat", push)
app.router.add_get("/readyz", ready)
async def main():
    import asyncio
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()
uvloop.run(main())
"""

_BIND = """
import asyncio, sys
from pathlib import Path
from bot.config import load_config
from bot.commands.keys import load
from storage import regions
from storage.clock import SystemClock
from storage.database import Database
from storage.residents import Residents
from storage.sealing import Sealer
async def main():
    config = load_config(Path(sys.argv[1]))
    db = await Database.open(config.database.url)
    residents = Residents(db, Sealer(load(config)))
    villages = await regions.villages(db)
    now = SystemClock().now()
    for n in range(int(sys.argv[2])):
        openid = f"oBench{n:022d}"
        met = await residents.meet("wechat", openid, audit_head=None, now=now)
        await residents.bind("wechat", openid, met, villages[n % len(villages)].code, None)
    await db.close()
asyncio.run(main())
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Platform:
    """Seals messages as the platform does."""

    def __init__(self) -> None:
        key = b64decode(AES_KEY + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._last = time.time_ns()

    def request(self, person: int, text: str) -> bytes:
        self._last += 1
        now = int(time.time())
        xml = (
            f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
            f"<FromUserName><![CDATA[oBench{person:022d}]]></FromUserName>"
            f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{self._last}</MsgId></xml>"
        ).encode()
        plain = os.urandom(16) + struct.pack(">I", len(xml)) + xml + APP.encode()
        pad = 32 - len(plain) % 32
        coder = self._cipher.encryptor()
        sealed = b64encode(coder.update(plain + bytes([pad]) * pad) + coder.finalize()).decode()
        stamp, nonce = str(now), str(self._last)
        query = (
            f"signature={_sign(stamp, nonce)}&timestamp={stamp}&nonce={nonce}&encrypt_type=aes"
            f"&msg_signature={_sign(stamp, nonce, sealed)}"
        )
        body = (
            f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        )
        head = (
            f"POST /wechat?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


def _sign(*parts: str) -> str:
    return hashlib.sha1(
        "".join(sorted((TOKEN, *parts))).encode(), usedforsecurity=False
    ).hexdigest()


def rotation(chance: random.Random) -> list[str]:
    """200 different questions, over and over."""
    months = [f"{year}年{month}月" for year in (2024, 2025) for month in range(1, 13)]
    asked = ["支出合计多少元", "收入总共有多少钱", "花得最多的一笔", "支出清单", "最大的三笔",
             "一万以上的支出", "路灯花了多少", "垃圾清运费用了多少", "收了多少租金"]  # fmt: skip
    questions = [month + what for month in months for what in asked][:200]
    assert len(set(questions)) == 200
    return [questions[n % 200] for n in range(MESSAGES)]


def village_names() -> list[str]:
    with VILLAGES.open(encoding="utf-8", newline="") as file:
        return [row["名称"] for row in csv.DictReader(file)]


def drawn(chance: random.Random) -> list[str]:
    """Questions drawn over villages, periods, topics, amounts and payees, and over the other kinds
    of disclosure: one in four asks for powers, lists, assets, projects, decisions or rules."""
    names = village_names()
    topics = ["路灯", "垃圾清运", "沟渠清淤", "误工补贴", "打印纸", "租金", "拨款", ""]
    payees = ["青溪电器维修店", "稻香印务部", "双泉劳务队", "竹影镇财政所"]

    matters = ["盖章", "低保", "宅基地", "临时救助", "党员发展", "工程招标", "土地流转"]
    posts = ["村主任", "村书记", "会计", "监委会主任"]
    lists = [
        "低保名单",
        "耕地补贴名单",
        "集体资产有哪些",
        "工程项目进度",
        "开会决定了啥",
        "村规民约",
    ]

    ends = ["怎么办", "要哪些材料", "找哪个", "几天办得好"]

    def other() -> str:
        village = chance.choice(["", chance.choice(names)])
        year = chance.choice(["今年", "去年", f"2026年{chance.randrange(1, 13)}月"])
        return chance.choice([
            f"{village}{chance.choice(matters)}{chance.choice(ends)}",
            f"{village}{chance.choice(posts)}有哪些权力",
            f"{village}{year}{chance.choice(lists)}",
        ])  # fmt: skip

    def one() -> str:
        if chance.random() < 0.25:
            return other()
        first = date(2024 + chance.randrange(3), chance.randrange(1, 13), 1)
        period = chance.choice([
            f"{first.year}年{first.month}月", f"{first.year}年",
            f"{first.year}年{first.month}月到{min(12, first.month + chance.randrange(1, 6))}月",
            f"{first.year}年{chance.choice('一二三四')}季度",
        ])  # fmt: skip
        village = chance.choice(["", chance.choice(names)])
        amount = chance.choice(["", f"{chance.randrange(100, 9000)}元以上的"])
        asked = chance.choice(
            [
                "支出合计",
                "收入总共多少",
                "花得最多的一笔",
                "有哪些支出",
                f"付给{chance.choice(payees)}多少钱",
            ]
        )
        return f"{village}{period}{amount}{chance.choice(topics)}{asked}"

    return [one() for _ in range(MESSAGES)]


@contextmanager
def server(words: Sequence[str], port: int, folder: Path):  # type: ignore[no-untyped-def]
    process = subprocess.Popen(
        [sys.executable, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        os.sched_setaffinity(process.pid, {os.cpu_count() - 1 if os.cpu_count() else 0})
        began = time.monotonic()
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as one:
                    one.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    if b"200" in one.recv(100):
                        break
            except OSError:
                pass
            if time.monotonic() - began > 30 or process.poll() is not None:
                raise SystemExit(f"no server: {process.stderr.read1().decode()}")
            time.sleep(0.05)
        yield psutil.Process(process.pid), time.monotonic() - began
    finally:
        process.terminate()
        process.wait(10)


async def send(port: int, requests: Sequence[bytes], per_second: float = 0) -> list[float]:
    """Sends all requests over kept connections; the seconds each took. `per_second` paces them."""
    queue = list(enumerate(requests))[::-1]
    took: list[float] = []
    began = time.perf_counter()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while queue:
            number, request = queue.pop()
            if per_second:
                await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            start = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            took.append(time.perf_counter() - start)
            if not head.startswith(b"HTTP/1.1 200") or b"<Encrypt>" not in body:
                raise SystemExit(f"not answered: {head[:60]!r} {body[:80]!r}")
        writer.close()

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    return took


def measure(
    process: psutil.Process, port: int, texts: Sequence[str], pace: float = 0
) -> dict[str, Any]:
    platform = Platform()
    requests = [platform.request(n * 7 % RESIDENTS, text) for n, text in enumerate(texts)]
    before, began = process.cpu_times(), time.perf_counter()
    took = uvloop.run(send(port, requests, pace))
    wall, after = time.perf_counter() - began, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return {
        "per_second": len(took) / wall,
        "per_cpu_second": len(took) / cpu,
        "p50_ms": statistics.median(took) * 1000,
        "p99_ms": sorted(took)[len(took) * 99 // 100] * 1000,
        "megabytes": process.memory_info().rss / 1e6,
    }


def prepare(folder: Path, port: int) -> None:
    config = folder / "config.toml"
    config.write_text(
        f'[server]\nport = {port}\n[wechat]\napp_id = "{APP}"\napp_secret = "benchmark"\n'
        f'token = "{TOKEN}"\nencoding_aes_key = "{AES_KEY}"\napi_base = "http://127.0.0.1:9"\n'
        '[sms]\ngateway = "none"\n',
        "utf-8",
    )
    config.chmod(0o600)
    write_ledger(folder / "ledger.csv")
    for words in (
        ["-m", "bot", "migrate"],
        ["-m", "bot", "import", "villages", str(VILLAGES)],
        ["-m", "bot", "import", "ledger", "ledger.csv", "--publish", "--json"],
        ["-m", "bot", "import", "power-items", str(SAMPLE / "power_items.json"), "--publish"],
        *(
            ["-m", "bot", "import", kind, str(SAMPLE / f"{kind}.csv"), "--publish"]
            for kind in ("subsidies", "assets", "projects", "decisions", "rules")
        ),
        ["-c", _BIND, "config.toml", str(RESIDENTS)],
    ):
        subprocess.run([sys.executable, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def show(label: str, figures: dict[str, Any], yardstick: dict[str, Any] | None = None) -> None:
    ratio = ""
    if yardstick:
        by_clock = figures["per_second"] / yardstick["per_second"]
        by_cpu = figures["per_cpu_second"] / yardstick["per_cpu_second"]
        ratio = f"   {by_clock:.2f} x by the clock, {by_cpu:.2f} x by CPU"
    print(
        f"{label:34}{figures['per_second']:8,.0f}/s {figures['per_cpu_second']:8,.0f}/cpu-s"
        f"{figures['p50_ms']:8.2f} ms p50{figures['p99_ms']:8.2f} ms p99"
        f"{figures['megabytes']:7.0f} MB{ratio}"
    )


def main() -> int:
    os.sched_setaffinity(0, {0})
    chance = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder, port = Path(name), free_port()
        prepare(folder, port)
        other = free_port()
        words = ["-c", _YARDSTICK, str(other), "x", str(ROOT), APP, TOKEN, AES_KEY]
        with server(words, other, folder) as (bare, _):
            measure(bare, other, rotation(chance)[:2000])
            yardstick = measure(bare, other, rotation(chance))
        with server(["-m", "bot", "serve"], port, folder) as (product, ready):
            idle = product.memory_info().rss / 1e6
            # Until each village has been asked about once, its accounts are read, not remembered.
            measure(product, port, [f"{v}今年支出合计" for v in village_names()])
            measure(product, port, rotation(chance)[:2000])
            same = measure(product, port, rotation(chance))
            anew = measure(product, port, drawn(chance))
            paced = measure(product, port, drawn(chance)[:2000], pace=200)
    show("bare envelope (yardstick)", yardstick)
    show("200 questions in rotation", same, yardstick)
    show("questions drawn at random", anew, yardstick)
    show("drawn, at 200 a second", paced)
    print(f"idle service: {idle:.0f} MB resident, ready after {ready:.1f} s")
    print(f"bars: {json.dumps(BARS)}, idle 200 MB and 3 s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
