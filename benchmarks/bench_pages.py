"""The page of a month with 500 entries, from the real service: milliseconds and kilobytes.

    .venv/bin/python benchmarks/bench_pages.py

A village with 24 months, the newest with 500 entries, beside 39 villages that publish as much; one
reader at a time, over HTTP on the same machine, so the times hold both ends. The yardstick sends
the same finished bytes, zipped alike, and makes no page.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from aiohttp import ClientSession
from bench_import import HEAD, VILLAGES
from bench_webhook import free_port, server

VILLAGE, NAME, MONTH = "990101101200", "听竹村", "2026-10"
ENTRIES, MONTHS, TIMES = 500, 24, 100
BARS = {"milliseconds": 50.0, "kilobytes": 200.0}

_WORDS = (
    "路灯维修",
    "沟渠清淤",
    "垃圾清运费",
    "铺面租金",
    "会议误工补贴",
    "打印纸、硒鼓",
    "慰问高龄老人",
)
_PLACES = ("三组", "文化广场", "老支书院坝", "村委会", "堰塘边", "学堂湾", "五组机耕道", "水库")
_PARTIES = (
    "青溪电器维修店",
    "稻香印务部",
    "双泉劳务队",
    "郑*秀",
    "王*",
    "欧**贵",
    "竹韵保洁服务部",
)
_SUBJECTS = ("公益支出-环境卫生", "公益支出-道路水利", "管理费用-办公费", "管理费用-误工补贴")
_NAMES = ("庞树青", "洪蕊", "纪广田", "靳老栓", "宁小禾", "班秀英")

_YARDSTICK = """
import sys
from pathlib import Path
from aiohttp import web
page = Path(sys.argv[2]).read_bytes()
async def answer(request):
    response = web.Response(body=page, content_type="text/html", charset="utf-8")
    response.enable_compression(web.ContentCoding.gzip)
    return response
app = web.Application()
app.router.add_get("/readyz", answer)
app.router.add_get("/", answer)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


def write_ledger(file: Path) -> None:
    """The same rows every time."""
    chance = random.Random(2026)
    with VILLAGES.open(encoding="utf-8", newline="") as opened:
        villages = [(row["名称"], row["区划代码"]) for row in csv.DictReader(opened)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        opened.write(HEAD + "\n")
        writer = csv.writer(opened)
        for name, code in villages:
            balance = 900_000_00
            for index in range(MONTHS):
                month = f"{2024 + (index + 10) // 12}-{(index + 10) % 12 + 1:02d}"
                count = ENTRIES if (code, month) == (VILLAGE, MONTH) else 40
                for number in range(count):
                    fen = chance.randrange(20_00, 900_00)
                    balance -= fen
                    writer.writerow([
                        f"{month}-{1 + number * 27 // count:02d}", name, code, "支出",
                        chance.choice(_SUBJECTS), f"{fen / 100:.2f}",
                        chance.choice(_PLACES) + chance.choice(_WORDS), chance.choice(_PARTIES),
                        chance.choice(_NAMES[:2]), _NAMES[2], "、".join(_NAMES[3:]),
                        f"记-{month.replace('-', '')}-{number:03d}", f"{balance / 100:.2f}",
                    ])  # fmt: skip


async def measure(base: str, path: str, process: psutil.Process) -> dict[str, float]:
    """One after another: the first, which finds nothing in memory, and the median of the others."""
    times, body, tag = [], b"", ""
    async with ClientSession(base, auto_decompress=False) as session:
        marks = [_cpu(process)]
        for turn in range(TIMES + 1):
            if turn == 1:
                marks.append(_cpu(process))
            began = time.perf_counter()
            async with session.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
                assert answer.status == 200, path
                body, tag = await answer.read(), answer.headers.get("ETag", "")
            times.append((time.perf_counter() - began) * 1000)
        marks.append(_cpu(process))
        began = time.perf_counter()
        async with session.get(path, headers={"If-None-Match": tag}) as answer:
            again = (time.perf_counter() - began) * 1000 if answer.status == 304 else 0.0
    rest, text = times[1:], gzip.decompress(body).decode()
    return {
        "first": times[0],
        "first_cpu": marks[1] - marks[0],
        "p50": statistics.median(rest),
        "cpu": (marks[2] - marks[1]) / TIMES,
        "again": again,
        "zipped": len(body) / 1024,
        "plain": len(text.encode()) / 1024,
        "rows": len(re.findall(r'href="/v/\d{12}/entries/', text)),
    }


def _cpu(process: psutil.Process) -> float:
    """Milliseconds that the server worked; the machine counts them in tens."""
    return float(sum(process.cpu_times()[:2])) * 1000


async def entry_path(base: str, month: str) -> str:
    async with ClientSession(base) as session, session.get(month) as answer:
        found = re.search(r'"(/v/\d{12}/entries/\w+)"', await answer.text())
    assert found is not None
    return found[1]


def report(label: str, found: dict[str, float]) -> None:
    print(
        f"{label:34}{found['first']:8.1f}{found['first_cpu']:8.0f}"
        f"{found['p50']:8.1f}{found['cpu']:8.1f}{found['again']:8.1f}{found['zipped']:10.1f}{found['plain']:10.1f}"
    )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder, port, other = Path(name), free_port(), free_port()
        config = folder / "config.toml"
        config.write_text(
            f'[server]\nport = {port}\n[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n', "utf-8"
        )
        config.chmod(0o600)
        write_ledger(folder / "ledger.csv")
        for words in (
            ["migrate"],
            ["import", "villages", str(VILLAGES)],
            ["import", "ledger", "ledger.csv", "--publish", "--json"],
        ):
            subprocess.run(
                [sys.executable, "-m", "bot", *words],
                cwd=folder, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        home, base = f"/v/{VILLAGE}", f"http://127.0.0.1:{port}"
        month = f"{home}/accounts/{MONTH}"
        print(f"{'':34}   first     CPU     p50     CPU     304    KB zip    KB all")
        with server(["-m", "bot", "serve"], port, folder) as (process, _):
            whole = asyncio.run(measure(base, month, process))
            pages = {
                "filtered": f"{month}?words=路灯&least=100",
                "entry": asyncio.run(entry_path(base, month)),
                "home": home,
                "check": f"{home}/check",
            }
            others = {
                what: asyncio.run(measure(base, path, process)) for what, path in pages.items()
            }
            (folder / "page.html").write_bytes(_page(base, month))
        with server(["-c", _YARDSTICK, str(other), "page.html"], other, folder) as (process, _):
            bare = asyncio.run(measure(f"http://127.0.0.1:{other}", "/", process))
    report("the same bytes, zipped (yardstick)", bare)
    report(f"month with {whole['rows']:.0f} entries", whole)
    for what, found in others.items():
        report(what, found)
    is_fine = (
        whole["rows"] == ENTRIES
        and whole["p50"] < BARS["milliseconds"]
        and whole["zipped"] < BARS["kilobytes"]
    )
    print("under 50 ms and 200 KB" if is_fine else "NOT under 50 ms and 200 KB, or not 500 entries")
    return 0 if is_fine else 1


def _page(base: str, path: str) -> bytes:
    async def fetched() -> bytes:
        async with ClientSession(base) as session, session.get(path) as answer:
            return await answer.read()

    return asyncio.run(fetched())


if __name__ == "__main__":
    sys.exit(main())
