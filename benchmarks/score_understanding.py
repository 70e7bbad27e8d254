"""How many messages are understood, how fast, and what a reader of a whole county costs.

    .venv/bin/python benchmarks/score_understanding.py [FILE.jsonl ...]

A message counts as exact where intent and all slots are those of the label or of one of its other
readings. The sets are those of tests/understanding/data unless files are given. The last part, a
reader for 3,000 villages with namesakes, runs in a process of its own: its memory is then its own.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from understanding import Context, Understanding, Village, context_from_json
from understanding.topics import is_under

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests/understanding/data"
SETS = (
    "queries_dev.jsonl",
    "heldout.jsonl",
    *(f"blind{number}.jsonl" for number in ("", 2, 3, 4, 5, 6)),
)
TODAY = date(2026, 11, 24)
MANY_VILLAGES, NAMES, ROUNDS = 3_000, 2_400, 5
LONGEST = 1_024  # characters of a message that are read
_REPEATED = (
    *("上个月", "去年", "9月15号到20号", "付给李四的", "上泉", "查张", "低宝"),
    *("3月和", "公司", "1.5万到", "前", "2025-", "把我们的"),
)
_FIRSTS = "青红白黄金银龙凤石沙清古柏松竹桃李杏梨梅兰荷云星月望向朝新双高长大小上下东西南北"
_SECONDS = "山水泉溪河沟湾坝坪岭坡林塘桥井田庙寺岗堰滩洞岩峰垭梁坎湖"
_THIRDS = ("", *"湾坝坪岭坡沟口头")


class Scored(NamedTuple):
    """What one labelled message came to."""

    tags: Sequence[str]
    intent: bool
    exact: bool


def sample_villages() -> tuple[Village, ...]:
    with (ROOT / "bot/sample/villages.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple(Village(row["区划代码"], row["名称"], row["乡镇"]) for row in rows)


def read_rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def score(rows: Iterable[dict[str, Any]], reader: Understanding) -> list[Scored]:
    villages = sample_villages()
    scored = []
    for row in rows:
        wanted = [row["expect"], *row.get("alt", [])]
        meaning = reader.read(
            row["text"],
            today=date.fromisoformat(row["today"]),
            context=context_from_json(row["context"], villages),
        ).as_json()
        right = meaning["intent"] in [label["intent"] for label in wanted]
        scored.append(Scored(row.get("tags", ()), right, meaning in wanted))
    return scored


def show_by_tag(scored: Iterable[Scored]) -> None:
    said: Counter[str] = Counter()
    intents: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for one in scored:
        said.update(one.tags)
        intents.update(one.tags if one.intent else ())
        exact.update(one.tags if one.exact else ())
    print(f"\n{'tag':<18}{'rows':>6}{'intent':>9}{'exact':>9}")
    for tag, rows in said.most_common():
        print(f"{tag:<18}{rows:>6}{intents[tag] / rows:>9.1%}{exact[tag] / rows:>9.1%}")


def score_topics(reader: Understanding) -> tuple[int, int]:
    """How many of the utterances get the topic of their label, a finer one, or its equal."""
    with (DATA / "utterances.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["topic_code"] in reader.topics.names
            and row["topic_code"] != "RIGHT"
            and row["intent"] != "rate"
        ]
    bound = Context(bound_village=sample_villages()[0])
    found = [
        (row["topic_code"], reader.read(row["text"], today=TODAY, context=bound).slots.topic)
        for row in rows
    ]
    return sum(_fits(label, topic) for label, topic in found), len(rows)


def _fits(label: str, topic: str | None) -> bool:
    if topic is None:
        return label == "FIN"
    return is_under(topic, label) or (label, topic) == ("AID.POOR", "AID.STUDENT")


def time_messages(rows: Sequence[dict[str, Any]]) -> list[float]:
    """Microseconds of each message, the fastest of some rounds, nothing remembered of it."""
    villages = sample_villages()
    fastest = [float("inf")] * len(rows)
    for _ in range(ROUNDS):
        reader = Understanding(villages)
        reader.read("上个月花了好多", today=TODAY)
        for at, row in enumerate(rows):
            context = context_from_json(row["context"], villages)
            today = date.fromisoformat(row["today"])
            start = time.perf_counter()
            reader.read(row["text"], today=today, context=context)
            fastest[at] = min(fastest[at], (time.perf_counter() - start) * 1e6)
    return fastest


def slowest_repeated(reader: Understanding) -> float:
    """Microseconds of the costliest phrase, said over and over as far as a message is read."""
    times = []
    for phrase in _REPEATED:
        text = (phrase * LONGEST)[:LONGEST]
        fastest = float("inf")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            reader.read(text, today=TODAY)
            fastest = min(fastest, time.perf_counter() - start)
        times.append(fastest * 1e6)
    return max(times)


def many_villages() -> list[Village]:
    """A prefecture's worth of villages, in 100 towns, of which every fifth has a namesake."""
    names = ["".join(parts) + "村" for parts in itertools.product(_FIRSTS, _SECONDS, _THIRDS)]
    dice = random.Random(7)
    names = dice.sample(names, NAMES)
    names += dice.sample(names, MANY_VILLAGES - NAMES)
    return [
        Village(f"9902{at:08d}", name, f"{_FIRSTS[at % 40]}{_SECONDS[at % 25]}镇")
        for at, name in enumerate(names)
    ]


def show_reader() -> None:
    """Run in a process of its own: what a reader of many villages costs."""
    villages = many_villages()
    start = time.perf_counter()
    reader = Understanding(villages)
    reader.read(f"{villages[0].name}上个月花了好多", today=TODAY)
    seconds = time.perf_counter() - start
    resident = psutil.Process().memory_info().rss / 2**20
    print(f"reader for {len(villages):,} villages ready in {seconds:.2f} s, {resident:.0f} MB")


def main(files: Sequence[Path]) -> None:
    reader = Understanding(sample_villages())
    everything: list[Scored] = []
    every_row: list[dict[str, Any]] = []
    print(f"{'set':<22}{'rows':>6}{'intent':>9}{'exact':>9}")
    for file in files:
        rows = read_rows(file)
        scored = score(rows, reader)
        intents, exact = sum(one.intent for one in scored), sum(one.exact for one in scored)
        print(f"{file.name:<22}{len(rows):>6}{intents / len(rows):>9.1%}{exact / len(rows):>9.1%}")
        every_row += rows
        everything += scored
    show_by_tag(everything)
    right, said = score_topics(reader)
    print(f"\ntopics of utterances.csv: {right} of {said} right")
    micros = time_messages(every_row)
    p99 = statistics.quantiles(micros, n=100)[98]
    print(f"a message: median {statistics.median(micros):.0f} us, p99 {p99:.0f} us")
    print(
        f"one phrase repeated to {LONGEST:,} characters: {slowest_repeated(reader):,.0f} us at most"
    )
    sys.stdout.flush()
    subprocess.run([sys.executable, __file__, "--reader"], check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--reader"]:
        show_reader()
    else:
        main([Path(name) for name in sys.argv[1:]] or [DATA / name for name in SETS])
