"""Photographs the console's calendar and overview anew, on an office screen and on a phone.

.venv/bin/python docs/screens/make_calendar.py

Needs Chromium and a Chinese font (Debian: chromium, fonts-noto-cjk). The county is the demo's, with
its clock a month on, so that some of what was due is late.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.test_console_pushes import log_in
from tests.demo import running_demo

HERE = Path(__file__).resolve().parent
SIZES: tuple[tuple[str, ViewportSize], ...] = (
    ("", {"width": 1440, "height": 900}),
    ("-375", {"width": 375, "height": 812}),
)
TALLEST = 2400
A_MONTH_SECONDS = 31 * 86_400
VILLAGE, TOWN = "990101101200", "990101101000"
PAGES = {
    "calendar": "/console/calendar",
    "calendar-town": f"/console/calendar/{TOWN}",
    "calendar-village": f"/console/calendar/{VILLAGE}",
    "rhythms": "/console/calendar/rhythms",
    "rhythm-rule": "/console/calendar/rhythms/及时/rule?number=5&stages=-2,0,4",
    "overview": "/console/overview",
    "overview-town": f"/console/overview/{TOWN}",
}


async def shoot(page: Page, name: str) -> None:
    for suffix, size in SIZES:
        await page.set_viewport_size(size)
        await page.wait_for_timeout(400)
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            sys.stderr.write(f"{name}{suffix}: {wide} px too wide\n")
        picture = Image.open(io.BytesIO(await page.screenshot(full_page=True)))
        picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
        picture.quantize(128).save(HERE / f"console-{name}{suffix}.png", optimize=True)
    await page.set_viewport_size(SIZES[0][1])


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_demo(Path(folder) / "demo") as (http, port), async_playwright() as play:
            demo = f"http://127.0.0.1:{port}"
            moved = {"seconds": A_MONTH_SECONDS}
            async with http.post(f"http://127.0.0.1:{port + 1}/sim/clock", json=moved) as answer:
                answer.raise_for_status()
            await asyncio.sleep(20)  # the clock's jobs have their turn
            browser = await play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            page = await log_in(browser, demo, "xiangwei")
            for name, path in PAGES.items():
                await page.goto(f"{demo}{path}")
                await shoot(page, name)
            await page.goto(f"{demo}/console/overview")
            async with page.expect_download() as download:
                await page.click("text=下载打印")
            await (await download.value).save_as(HERE / "monthly-report.pdf")
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
