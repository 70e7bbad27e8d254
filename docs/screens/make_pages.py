"""Photographs the resident pages anew, as a phone of 375 px shows them, some at twice the type.

.venv/bin/python docs/screens/make_pages.py

Needs Chromium and a Chinese font (Debian: chromium, fonts-noto-cjk). The county is the tests':
eighteen months of 听竹村 from the sample ledger, and a village with the longest names.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Browser, async_playwright

from storage import schema
from storage.database import Database
from storage.published import PublishedAccounts
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.console import county
from tests.console.county import CORRECTED, LONGEST, TINGZHU

HERE = Path(__file__).resolve().parent
WIDTH = 375
NORMAL, DOUBLE = 16, 32


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: which page, at which type, from what on, and how much of it."""

    name: str
    path: str
    type: int = NORMAL
    height: int = 812
    start: str = "body"  # the element at its top


async def shots(db: Database) -> list[Shot]:
    published = PublishedAccounts(db)
    tingzhu, longest = await published.newest(TINGZHU), await published.newest(LONGEST)
    plain = max(tingzhu.month("2026-10")[0].entries, key=lambda entry: entry.amount_fen)
    changed = tingzhu.month(CORRECTED)[0].entries[0]
    long = longest.months[0].entries[0]
    village, other = f"/v/{TINGZHU}", f"/v/{LONGEST}"
    month = f"{village}/accounts/2026-10"
    return [
        Shot("page-home", village, height=1100),
        Shot("page-month", month, height=1200),
        Shot("page-month-charts", month, height=1000, start="h2:has-text('各月的支出')"),
        Shot("page-month-filtered", f"{month}?direction=支出&least=1000&words=保洁"),
        Shot("page-entry", f"{village}/entries/{plain.id}", height=900),
        Shot("page-entry-corrected", f"{village}/entries/{changed.id}", height=1300),
        Shot("page-check", f"{village}/check", height=1200),
        Shot("page-home-200", village, DOUBLE, height=1200),
        Shot("page-month-200", month, DOUBLE, height=1400),
        Shot("page-month-longest", f"{other}/accounts/2026-10", height=1600),
        Shot("page-entry-longest-200", f"{other}/entries/{long.id}", DOUBLE, height=1900),
        Shot("page-month-withdrawn", f"{other}/accounts/2026-09", height=700),
    ]


async def photograph(browsers: dict[int, Browser], base: str, shot: Shot) -> bytes:
    page = await browsers[shot.type].new_page(
        viewport={"width": WIDTH, "height": 812}, device_scale_factor=2
    )
    await page.goto(base + shot.path)
    await page.wait_for_load_state("networkidle")
    top = await page.locator(shot.start).first.evaluate(
        "e => e.getBoundingClientRect().top - parseFloat(getComputedStyle(e).marginTop)"
    )
    whole = await page.evaluate("document.documentElement.scrollHeight")
    height = min(shot.height, whole - top)
    picture = await page.screenshot(
        full_page=True, clip={"x": 0, "y": top, "width": WIDTH, "height": height}
    )
    await page.close()
    return picture


def in_few_colours(png: bytes) -> bytes:
    """A third of the bytes, and nobody sees it."""
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(small, "PNG", optimize=True)
    return small.getvalue()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = await Database.open(f"sqlite://{folder}/pages.sqlite3")
        await schema.migrate(db)
        await county.fill(db)
        async with TestServer(county.make_app(db)) as server, async_playwright() as playwright:
            browsers = {
                size: await playwright.chromium.launch(
                    executable_path=CHROMIUM,
                    args=[*SWITCHES, f"--blink-settings=defaultFontSize={size}"],
                )
                for size in (NORMAL, DOUBLE)
            }
            for shot in await shots(db):
                picture = await photograph(browsers, str(server.make_url("")), shot)
                (HERE / f"{shot.name}.png").write_bytes(in_few_colours(picture))
            for browser in browsers.values():
                await browser.close()
        await db.close()


if __name__ == "__main__":
    asyncio.run(main())
