"""100 random kill -9 over 100,000 deliveries, on both stores: nobody lost, nobody twice.

    .venv/bin/python benchmarks/chaos.py [--people 100000] [--kills 100] [--store sqlite|postgres]

Needs PostgreSQL's and RabbitMQ's programs, not their services: a run starts its own, on free ports,
in a folder of its own (docs/chaos.md).
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.chaos_run import Plan, Report, run
from benchmarks.chaos_servers import there

NAIVE_PEOPLE, NAIVE_KILLS = 5_000, 3
SHOWN_DOUBLES = 10


async def main(people: int, kills: int, stores: list[str], seed: int) -> int:
    if "postgres" in stores and (missing := there()):
        print(f"not on this machine: {', '.join(missing)}", file=sys.stderr)
        return 1
    reports: dict[str, Report] = {}
    for store in stores:
        plan = Plan(
            store=store, people=people, campaigns=8, kills=kills, seed=seed, freezes=kills // 12
        )
        if store == "sqlite":
            plan = replace(plan, webs=1, clocks=1)
        reports[store] = await run(plan, say)
        print_report(store, reports[store])
        naive = replace(
            plan, naive=True, people=min(people, NAIVE_PEOPLE), kills=NAIVE_KILLS, campaigns=2,
            clocks=0, broker=False, freezes=0, kinds={"worker": NAIVE_KILLS},
        )  # fmt: skip
        reports[f"{store}, lease and retry"] = await run(naive, say)
        print_report(f"{store}, lease and retry", reports[f"{store}, lease and retry"])
    print_table(reports)
    return 0 if all(reports[store].spotless for store in stores) else 1


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def print_report(store: str, report: Report) -> None:
    for name in report.__dataclass_fields__:
        if name != "doubled":
            print(f"{store}: {name} = {getattr(report, name)}", flush=True)
    for double in report.doubled[:SHOWN_DOUBLES]:
        print(f"{store}: twice: {double}", flush=True)


def print_table(reports: dict[str, Report]) -> None:
    print("| | " + " | ".join(reports) + " |")
    print("| --- |" + " ---: |" * len(reports))
    for name in Report.__dataclass_fields__:
        if name == "doubled":
            continue
        cells = [getattr(report, name) for report in reports.values()]
        texts = [
            ", ".join(f"{k} {v:,}" for k, v in sorted(cell.items()))
            if isinstance(cell, dict)
            else f"{cell:,.1f}"
            if isinstance(cell, float)
            else f"{cell:,}"
            for cell in cells
        ]
        print(f"| {name.replace('_', ' ')} | " + " | ".join(texts) + " |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--store", choices=["sqlite", "postgres"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = [options.store] if options.store else ["postgres", "sqlite"]
    # So that what was started is ended, however this is.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(asyncio.run(main(options.people, options.kills, chosen, options.seed)))
