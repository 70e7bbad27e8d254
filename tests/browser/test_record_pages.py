"""Lists, projects, decisions, rules and contacts on an old phone: 375 px, without script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright, expect

from storage import schema
from storage.database import Database
from tests.browser.conftest import SWITCHES
from tests.console import county
from tests.console.records import bring, make_app
from workbooks.records.kinds import KINDS

pytestmark = pytest.mark.browser

_WIDTH = "() => document.documentElement.scrollWidth"


@pytest.fixture
async def base(tmp_path: Path) -> AsyncIterator[str]:
    """The pages with all that the sample has of 听竹村, served."""
    db = await Database.open(f"sqlite://{tmp_path / 'pages.sqlite3'}")
    try:
        await schema.migrate(db)
        await county.save_county(db)
        for kind in KINDS.values():
            await bring(db, kind)
        async with TestServer(make_app(db)) as server:
            yield str(server.make_url(f"/v/{county.TINGZHU}"))
    finally:
        await db.close()


@pytest.fixture
async def phone(chromium_path: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield await chromium.new_page(
            java_script_enabled=False, viewport={"width": 375, "height": 667}
        )
        await chromium.close()


async def test_every_kind_fits_an_old_phone(base: str, phone: Page) -> None:
    for code in KINDS:
        await phone.goto(f"{base}/{code}")
        assert await phone.evaluate(_WIDTH) <= 375, code

        await phone.locator("main .rows a").first.click()

        assert await phone.evaluate(_WIDTH) <= 375, code


async def test_a_resident_finds_who_gets_relief_by_two_taps(base: str, phone: Page) -> None:
    await phone.goto(base)

    await phone.get_by_role("link", name="补贴救助名单").click()
    await phone.get_by_role("link", name="2026年10月 5户 2,940元").click()

    await expect(phone.get_by_role("heading", name="最低生活保障 2026年10月")).to_be_visible()
    await expect(phone.get_by_text("陈*国")).to_be_visible()


async def test_a_row_of_a_register_leads_to_its_own_place(base: str, phone: Page) -> None:
    await phone.goto(f"{base}/assets")

    await phone.get_by_role("link", name="八号铺面").first.click()

    await expect(phone.get_by_role("heading", name="八号铺面")).to_be_in_viewport()
