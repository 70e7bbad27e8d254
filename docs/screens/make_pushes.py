"""Photographs the console's templates and pushes anew, on an office screen and on a phone.

.venv/bin/python docs/screens/make_pushes.py

Needs Chromium and a Chinese font (Debian: chromium, fonts-noto-cjk). The county is the demo's.
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
from tests.browser.test_console_pushes import WORDS, log_in
from tests.demo import running_demo

HERE = Path(__file__).resolve().parent
SIZES: tuple[tuple[str, ViewportSize], ...] = (
    ("", {"width": 1440, "height": 900}),
    ("-375", {"width": 375, "height": 812}),
)
TALLEST = 2400


async def shoot(page: Page, name: str) -> None:
    for suffix, size in SIZES:
        await page.set_viewport_size(size)
        await page.wait_for_timeout(400)
        whole = Image.open(io.BytesIO(await page.screenshot(full_page=True)))
        seen = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
        seen.quantize(128).save(HERE / f"console-{name}{suffix}.png", optimize=True)
    await page.set_viewport_size(SIZES[0][1])


async def walk(writer: Page, second: Page, demo: str) -> None:
    await writer.goto(f"{demo}/console/templates")
    await shoot(writer, "templates")
    await writer.goto(f"{demo}/console/templates/notice/edit")
    await writer.fill("#words_sms", WORDS)
    await writer.wait_for_timeout(1000)
    await shoot(writer, "template-edit")
    await writer.click("text=交给另一个人核准")
    await second.goto(f"{demo}/console/templates/notice")
    await shoot(second, "template-waiting")
    await second.get_by_role("button", name="核准", exact=True).click()
    await writer.goto(f"{demo}/console/campaigns/new")
    await writer.select_option("#region", "990101101000")
    for role in ("干部", "监委会"):
        await writer.get_by_label(role, exact=True).check()
    await writer.fill("#value_title", "村民会议")
    await writer.fill("#value_text", "明天上午九点在文化广场开会")
    await writer.wait_for_timeout(1500)
    await shoot(writer, "push-compose")
    await writer.get_by_role("button", name="交给另一个人核准").click()
    await second.goto(f"{demo}/console/campaigns")
    await second.click("main .rows a")
    await shoot(second, "push-waiting")
    await second.get_by_role("button", name="核准,发出").click()
    await second.locator("#progress", has_text="发完了").wait_for(timeout=30_000)
    await shoot(second, "push")
    await second.click("text=看报告")
    await second.locator(".chart canvas").first.wait_for()
    await shoot(second, "push-report")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_demo(Path(folder) / "demo") as (_, port), async_playwright() as play:
            chromium = await play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            demo = f"http://127.0.0.1:{port}"
            writer = await log_in(chromium, demo, "qinlan")
            second = await log_in(chromium, demo, "xiangwei")
            await walk(writer, second, demo)
            await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
