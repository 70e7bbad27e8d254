"""Photographs people's inbox, the calendar and the overview anew, at an office and on a phone.

.venv/bin/python docs/screens/make_inbox.py

Needs Chromium and a Chinese font (Debian: chromium, fonts-noto-cjk). The county is the demo's.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.async_api import async_playwright

from docs.screens.make_pushes import shoot
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.test_console_inbox import ACCOUNTANT, DAY, QUESTION, Demo
from tests.browser.test_console_pushes import log_in
from tests.demo import running_demo


async def main() -> None:
    folder = tempfile.TemporaryDirectory()
    with folder as home:
        async with (
            running_demo(Path(home) / "demo") as (http, port),
            async_playwright() as playwright,
        ):
            demo = Demo(http, port)
            await demo.say(QUESTION)
            await demo.say("是")
            await demo.say("是")
            chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            cadre = await log_in(chromium, demo.base, "jiguangtian")
            await cadre.goto(f"{demo.base}/console/inbox")
            await shoot(cadre, "inbox")
            await cadre.click(".rows a")
            await shoot(cadre, "inbox-one")
            clerk = await log_in(chromium, demo.base, "hongrui")
            await clerk.goto(f"{demo.base}/console/counter")
            await clerk.fill("#question", "2026年10月花了多少钱")
            await clerk.get_by_role("button", name="问", exact=True).click()
            await shoot(clerk, "counter")
            await clerk.get_by_role("button", name="留编号,打印答复").click()
            await shoot(clerk, "counter-sheet")
            await demo.later(18 * DAY)
            await demo.shown("2026年11月账目", who=ACCOUNTANT)
            await demo.later(4 * DAY)
            await asyncio.sleep(6)
            county = await log_in(chromium, demo.base, "qinlan")
            for name, path in (
                ("calendar", "calendar"),
                ("calendar-village", "calendar/990101101200"),
                ("rhythms", "calendar/rhythms"),
                ("overview", "overview"),
            ):
                await county.goto(f"{demo.base}/console/{path}")
                await county.wait_for_timeout(800)
                await shoot(county, name)
            await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
