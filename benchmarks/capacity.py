"""A capacity plan for a city, from the figures of `capacity.toml`: what one process carries, what
gives out next, what machines, what a day costs.

    python benchmarks/capacity.py [FILE.toml]
"""

from __future__ import annotations

import math
import sys
import tomllib
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_suffix(".toml")
HEADROOM = 2
"""What is bought beyond the peak that is expected."""


def plan(given: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """What is asked, and what the figures answer."""
    city, provider = given["city"], given["provider"]
    measured, estimated = given["measured"], given["estimated"]
    hour = 3_600

    pushes = city["followers"] * city["pushes_a_month"]
    peak = pushes * city["peak_share"]
    duties = city["cadres"] * city["duties_a_week"] / 7
    texts_usual = (pushes - peak) / 29 * city["by_sms"] + duties * city["duties_by_sms"]
    texts_peak = peak * city["by_sms"] + duties * city["duties_by_sms"]
    wechat_peak = peak * (1 - city["by_sms"]) + duties * (1 - city["duties_by_sms"])
    questions = city["followers"] * city["questions_a_day"]
    questions_a_second = questions * city["peak_hour_share"] / hour

    worker = measured["sends_per_second"]
    wechat_hours = wechat_peak / provider["wechat_per_second"] / hour
    texts_hours = texts_peak / provider["sms_per_second"] / hour
    needed = (wechat_peak + texts_peak) / city["hours_a_day"] / hour
    full = provider["wechat_per_second"] + provider["sms_per_second"]
    workers = math.ceil(full / worker)
    everybody = city["followers"] * (1 - city["by_sms"])
    month = texts_usual * 29 + texts_peak
    each = provider["price_fen"] * provider["segments"] / 100
    # A report comes back for each message: a webhook too, lighter than a question.
    web = (questions_a_second + full) / measured["questions_per_core"]
    network = full * estimated["kilobytes_per_send"] + questions_a_second * (
        estimated["pages_per_question"] * estimated["kilobytes_per_page"]
    )
    rows = (pushes + duties * 30) * 24
    return [
        ("pushes on the busiest day", f"{peak + duties:,.0f}"),
        ("of them by WeChat", f"{wechat_peak:,.0f}"),
        ("of them by SMS", f"{texts_peak:,.0f}"),
        ("a second, spread over the hours allowed", f"{needed:,.0f}"),
        ("hours at our WeChat pace", f"{wechat_hours:,.1f} of {city['hours_a_day']}"),
        ("hours at our SMS pace", f"{texts_hours:,.1f} of {city['hours_a_day']}"),
        ("share of the day's WeChat quota", f"{wechat_peak / provider['wechat_per_day']:.0%}"),
        (
            "days to reach every follower by template message",
            f"{math.ceil(everybody / provider['wechat_per_day'])}",
        ),
        (
            "fan-out to every follower",
            f"{city['followers'] / measured['fan_out_per_second']:,.0f} s",
        ),
        ("one worker sends a second", f"{worker:,.0f}"),
        ("workers for both paces in full", f"{workers}, {workers * HEADROOM} with headroom"),
        ("questions a day", f"{questions:,.0f}"),
        ("questions a second in the busiest hour", f"{questions_a_second:,.1f}"),
        ("cores of web for them and all reports", f"{web:.2f}"),
        ("network at full pace", f"{network * 8 / 1000:,.1f} Mbit/s"),
        ("deliveries kept for two years", f"{rows:,.0f}"),
        ("on disk", f"{rows * estimated['bytes_per_delivery'] / 1e9:,.0f} GB"),
        ("texts on a usual day", f"{texts_usual:,.0f}: {texts_usual * each:,.0f} yuan"),
        ("texts on the busiest day", f"{texts_peak:,.0f}: {texts_peak * each:,.0f} yuan"),
        (
            "texts in a month",
            f"{month:,.0f}: {month * each:,.0f} yuan",
        ),
        (
            "the same if every push were a text",
            f"{pushes + duties * 30:,.0f}: {(pushes + duties * 30) * each:,.0f} yuan a month",
        ),
    ]


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FIGURES
    print("| | |\n| --- | ---: |")
    for asked, answer in plan(tomllib.loads(file.read_text("utf-8"))):
        print(f"| {asked} | {answer} |")


if __name__ == "__main__":
    main()
