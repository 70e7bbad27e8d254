"""How long each picture takes, how heavy it is, and what it does to the loop meanwhile.

    .venv/bin/python benchmarks/bench_pictures.py [--rounds 10]

No round draws what another drew, so nothing is remembered from it. The yardstick is an almost
empty page through the same compiler. `loop late` is the longest that a sleep of 1 ms on the
event loop came late while pictures were drawn in a thread.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
import typst
from pylopdf_fonts_zh_cn import sans_path

from pictures import FlowChart, RiskChart, pdf, png
from tests.pictures.samples import make_account_card, make_education_card, make_item, make_notice

BARS = {"first_ms": 3000, "kilobytes": 300}
Draw = Callable[[str], list[bytes]]


def empty(words: str) -> list[bytes]:
    """An A4 page with nothing but a few words on it."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[sans_path().parent])
    page = typst.Compiler(words.encode(), font_paths=fonts).compile(format="png", ppi=72)
    return [page] if isinstance(page, bytes) else page or []


def drawings() -> dict[str, Draw]:
    """Each draws a picture that differs from the last by the words given."""
    item, card, education, notice = (
        make_item(),
        make_account_card(),
        make_education_card(),
        make_notice(),
    )
    return {
        "empty page (yardstick)": empty,
        "flow chart, 6 steps": lambda words: png(FlowChart(replace(item, unit=words))),
        "risk chart, 6 steps": lambda words: png(RiskChart(replace(item, unit=words))),
        "account card": lambda words: png(replace(card, village=words)),
        "education card": lambda words: png(replace(education, sender=words)),
        "board notice, PDF": lambda words: [pdf(replace(notice, village=words))],
    }


async def longest_delay(draw: Draw, rounds: int) -> float:
    """Milliseconds by which the loop woke late while a thread was drawing."""
    late = 0.0
    drawing = asyncio.ensure_future(
        asyncio.to_thread(lambda: [draw(f"线程{number}") for number in range(rounds)])
    )
    while not drawing.done():
        due = time.perf_counter() + 0.001
        await asyncio.sleep(0.001)
        late = max(late, time.perf_counter() - due)
    return late * 1e3


def timed(draw: Draw, words: str) -> tuple[float, int]:
    """Milliseconds, and the bytes of the heaviest page."""
    began = time.perf_counter()
    pages = draw(words)
    return (time.perf_counter() - began) * 1e3, max(map(len, pages))


def main(rounds: int) -> int:
    print(f"{'':24}{'first ms':>10}{'median ms':>11}{'KB':>7}{'loop late ms':>14}")
    is_fine = True
    for name, draw in drawings().items():
        first, weight = timed(draw, "首次")
        following = [timed(draw, f"第{number}次")[0] for number in range(rounds)]
        late = asyncio.run(longest_delay(draw, rounds))
        print(
            f"{name:24}{first:10.1f}{statistics.median(following):11.1f}"
            f"{weight / 1024:7.0f}{late:14.1f}"
        )
        is_fine &= first <= BARS["first_ms"] and weight <= BARS["kilobytes"] * 1024
    print(f"{psutil.Process().memory_info().rss / 2**20:.0f} MB of memory afterwards")
    print("within 3 s and 300 KB each" if is_fine else "NOT within 3 s and 300 KB each")
    return 0 if is_fine else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    sys.exit(main(parser.parse_args().rounds))
