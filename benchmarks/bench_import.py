"""Import and publish 100,000 CSV ledger rows of 40 villages on SQLite, beside a yardstick.

    .venv/bin/python benchmarks/bench_import.py

The yardstick, in the same run: csv.reader and a plain INSERT of the same rows into one table, in a
child process as well. Memory is the peak of the resident set (ru_maxrss), each in its own process.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VILLAGES = ROOT / "bot/sample/villages.csv"
ROWS = 100_000
MONTHS = [f"{2024 + index // 12}-{index % 12 + 1:02d}" for index in range(34)]
HEAD = "日期,村名,区划代码,方向,科目,金额,摘要,对方(脱敏),经手人,审批人,监委会审核,凭证号,余额"
BARS = {"seconds": 20.0, "megabytes": 400.0}

_SUBJECTS = {
    "支出": ("管理费用-办公费", "公益支出-道路水利", "公益支出-环境卫生", "经营支出-资产维护"),
    "收入": ("补助收入-运转经费", "经营收入-出租", "经营收入-发包", "其他收入"),
}
_PARTIES = ("青溪电器维修店", "稻香印务部", "双泉劳务队", "竹影镇财政所", "郑*秀", "王*", "欧**贵")
_WORDS = (
    "路灯维修",
    "打印纸、硒鼓",
    "沟渠清淤",
    "垃圾清运费",
    "铺面租金",
    "运转经费拨款",
    "会议误工补贴",
)
_NAMES = ("庞树青", "洪蕊", "纪广田", "靳老栓", "宁小禾", "班秀英")

_YARDSTICK = """
import csv, resource, sqlite3, sys, time
began = time.perf_counter()
db = sqlite3.connect(sys.argv[2])
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE entries (a, b, c, d, e, f, g, h, i, j, k, l, m)")
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    next(rows)
    db.executemany("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
db.commit()
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_PRODUCT = """
import resource, sys, time
from bot.cli import main
began = time.perf_counter()
status = main(sys.argv[1:])
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(status)
"""


def make_rows() -> Iterator[list[str]]:
    """The same rows every time: per village and month, balanced, with a running balance."""
    chance = random.Random(2026)
    with VILLAGES.open(encoding="utf-8", newline="") as file:
        villages = [(row["名称"], row["区划代码"]) for row in csv.DictReader(file)]
    share, extra = divmod(ROWS, len(villages) * len(MONTHS))
    for place, (name, code) in enumerate(villages):
        balance = 300_000_00 + place
        for index, month in enumerate(MONTHS):
            count = share + (place * len(MONTHS) + index < extra)
            for number in range(1, count + 1):
                day = 1 + number * 27 // count
                direction = "收入" if chance.random() < 0.3 else "支出"
                fen = chance.randrange(20_00, 9_000_00)
                balance += fen if direction == "收入" else -fen
                yield [
                    f"{month}-{day:02d}", name, code, direction,
                    chance.choice(_SUBJECTS[direction]), f"{fen / 100:.2f}",
                    f"{chance.choice(_WORDS)}{chance.randrange(100)}号", chance.choice(_PARTIES),
                    _NAMES[number % 2], _NAMES[2], "、".join(_NAMES[3:]),
                    f"记-{month.replace('-', '')}-{number:03d}", f"{balance / 100:.2f}",
                ]  # fmt: skip


def write_ledger(file: Path) -> int:
    with file.open("w", encoding="utf-8", newline="") as opened:
        opened.write(HEAD + "\n")
        writer = csv.writer(opened)
        count = 0
        for row in make_rows():
            writer.writerow(row)
            count += 1
    return count


def run(script: str, *words: str | Path, folder: Path) -> tuple[float, float, str]:
    """Seconds and peak megabytes of a child process, and what it printed before them."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:2]])},
    )
    *said, figures = done.stdout.splitlines()
    seconds, kilobytes = map(float, figures.split())
    return seconds, kilobytes / 1024, "\n".join(said)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text('[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n', "utf-8")
        config.chmod(0o600)
        count = write_ledger(folder / "ledger.csv")
        run(_PRODUCT, "migrate", folder=folder)
        run(_PRODUCT, "import", "villages", VILLAGES, folder=folder)
        plain = run(_YARDSTICK, folder / "ledger.csv", folder / "plain.sqlite3", folder=folder)
        words = ("import", "ledger", folder / "ledger.csv", "--json")
        product = run(_PRODUCT, *words, "--publish", folder=folder)
        again = run(_PRODUCT, *words, "--publish", folder=folder)
        report = json.loads(product[2])
    states = [month["state"] for month in report["disclosures"]]
    print(f"{count} rows, {len(states)} months, {states.count('published')} published")
    for label, (seconds, megabytes, _) in (
        ("csv.reader + INSERT (yardstick)", plain),
        ("import --publish", product),
        ("the same file again", again),
    ):
        rate = f"{count / seconds:10,.0f} rows/s"
        print(f"{label:34}{seconds:8.2f} s {rate} {megabytes:8.0f} MB peak")
    is_fine = (
        report["counts"]["accepted"] == count
        and states.count("published") == len(states)
        and product[0] <= BARS["seconds"]
        and product[1] <= BARS["megabytes"]
    )
    print(
        "within 20 s and 400 MB" if is_fine else "NOT within 20 s and 400 MB, or not all published"
    )
    return 0 if is_fine else 1


if __name__ == "__main__":
    began = time.perf_counter()
    status = main()
    print(f"{time.perf_counter() - began:.0f} s in all", file=sys.stderr)
    sys.exit(status)
