"""The demo as a visitor sees it: four phones in a real Chromium, the real service behind them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser.conftest import SWITCHES
from tests.demo import running_demo

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(chromium_path: str, tmp_path: Path) -> AsyncIterator[Page]:
    async with running_demo(tmp_path / "demo") as (_, port), async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        page = await chromium.new_page(viewport={"width": 1366, "height": 820})
        await page.goto(f"http://127.0.0.1:{port}/")
        yield page
        await chromium.close()


async def test_a_visitor_asks_follows_the_link_and_reads_the_same_figure(page: Page) -> None:
    phone = page.get_by_role("region", name="周小满")
    log = phone.get_by_role("log")
    await phone.get_by_role("button", name="上个月花了多少钱").click()
    await expect(log.get_by_text("支出 27,327元,共32笔")).to_be_visible(timeout=10_000)

    link = log.get_by_role("link").last
    await page.goto(str(await link.get_attribute("href")))

    await expect(page.get_by_role("heading", name="听竹村 2026年10月")).to_be_visible()
    await expect(page.get_by_role("definition").get_by_text("27,327元")).to_be_visible()


async def test_an_elder_is_answered_on_a_plain_phone(page: Page) -> None:
    phone = page.get_by_role("region", name="李婆婆")
    await phone.get_by_role("textbox").fill("十月份花了好多钱")

    await phone.get_by_role("button", name="发送").click()

    await expect(phone.get_by_text("支出共27327元,32笔")).to_be_visible(timeout=10_000)


async def test_the_clock_moves_for_the_whole_service(page: Page) -> None:
    await page.get_by_role("button", name="+1 天").click()

    await expect(page.get_by_role("time").first).to_contain_text("2026年11月25日")


async def test_a_resident_page_needs_no_script_and_never_scrolls_sideways(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    plain = await browser.new_page(
        java_script_enabled=False, viewport={"width": 375, "height": 700}
    )
    await plain.goto(page.url.rsplit(":", 1)[0] + f":{int(page.url.rsplit(':', 1)[1][:-1]) - 1}/v/")

    await plain.get_by_role("link", name="听竹村").click()
    await plain.get_by_role("link", name="10月 支出 27,327元").click()

    await expect(plain.get_by_role("heading", name="听竹村 2026年10月")).to_be_visible()
    box = await plain.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= 375


async def test_a_wrong_address_says_so_in_plain_words(page: Page) -> None:
    board = await page.get_by_role("link", name="网上公开栏").get_attribute("href")

    answer = await page.goto(f"{board}990101101200/entries/nobody")

    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", name="没有这一页")).to_be_visible()
