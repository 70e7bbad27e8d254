"""Photographs the demo's phones: a reminder, its confirmation, and who hears of one without.

.venv/bin/python docs/screens/make_phones.py

Needs Chromium and a Chinese font, as make_pages.py does. The demo is a real one of its own, whose
clock is moved; it takes about a minute.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.async_api import Page, async_playwright

from docs.screens.make_pages import in_few_colours
from tests.bot.test_demo_reminders import (
    ACCOUNTANT,
    ACCOUNTANTS_PHONE,
    DAY,
    HOUR,
    TOWN,
    Phones,
)
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.demo import running_demo

HERE = Path(__file__).resolve().parent
NAME = "村会计"
WORDS = "2026年11月账目"


async def photograph(page: Page, owner: str, name: str) -> None:
    phone = page.locator("section.place").filter(has=page.locator("h2", has_text=owner))
    await phone.scroll_into_view_if_needed()
    await asyncio.sleep(1)
    (HERE / f"{name}.png").write_bytes(in_few_colours(await phone.screenshot()))


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_demo(Path(folder) / "demo") as (http, port), async_playwright() as play:
            chromium = await play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            page = await chromium.new_page(viewport={"width": 1366, "height": 820})
            await page.goto(f"http://127.0.0.1:{port + 1}/?also={TOWN}")
            demo, phone = Phones(http, port), page.get_by_role("region", name=NAME)
            await demo.later(18 * DAY)  # three days before the accounts are due
            await demo.shown(ACCOUNTANT, WORDS)
            await photograph(page, NAME, "phone-reminder")
            await phone.get_by_role("button", name="服务").click()
            await phone.get_by_role("button", name="收到提醒").click()
            await demo.shown(ACCOUNTANT, "记下了")
            await photograph(page, NAME, "phone-confirmed")
            await demo.later(3 * DAY)
            await demo.shown(ACCOUNTANT, WORDS, 3)  # with the thanks for the first
            await demo.later(HOUR)
            await demo.later(DAY + HOUR)
            await demo.shown(ACCOUNTANT, WORDS, 4)
            await demo.later(DAY + HOUR)
            await demo.shown(ACCOUNTANTS_PHONE, WORDS)
            await demo.later(2 * DAY + HOUR)
            await demo.shown(TOWN, "一直没有回话")
            await photograph(page, TOWN, "phone-escalated")
            await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
