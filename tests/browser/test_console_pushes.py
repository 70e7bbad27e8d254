"""An admin's day in a real browser, over the demo: words changed, approved, sent, watched."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.demo.staff import CODES, PASSWORD
from tests.browser.conftest import SWITCHES
from tests.demo import running_demo

pytestmark = pytest.mark.browser

OFFICE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 667}
WORDS = "通知:${title},${text}。不明白就回6"


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    async with running_demo(tmp_path / "demo") as (_, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield chromium
        await chromium.close()


async def log_in(browser: Browser, demo: str, login: str, *, script: bool = True) -> Page:
    """Somebody of the demo's staff, in a browser of their own."""
    context = await browser.new_context(viewport=OFFICE, java_script_enabled=script)
    page = await context.new_page()
    await page.goto(f"{demo}{CODES}")
    row = page.locator("tr", has_text=login)
    code = await row.locator("td").last.inner_text()
    await page.goto(f"{demo}/console/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.click("main button.btn-primary")
    await page.fill("#code", code.strip())
    await page.click("main button.btn-primary")
    await expect(page.locator("h1")).to_have_text("待办")
    return page


async def test_words_are_changed_approved_sent_and_watched(demo: str, browser: Browser) -> None:
    writer = await log_in(browser, demo, "qinlan")
    second = await log_in(browser, demo, "xiangwei")
    said: list[str] = []
    for page in (writer, second):
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)

    # The phone beside the words follows what is typed, and nothing is stored by that.
    await writer.goto(f"{demo}/console/templates/notice/edit")
    await writer.fill("#words_sms", WORDS)
    phone = writer.locator(".phone.sms .bubble")
    await expect(phone).to_have_text(re.compile("通知:村民会议,.*不明白就回6"))
    await expect(writer.locator("#words_sms ~ .counter")).to_contain_text("条")
    await writer.fill("#value_title", "某" * 30)
    await expect(writer.locator("#value_title ~ .counter")).to_have_class(re.compile("over"))
    await writer.click("text=交给另一个人核准")
    await expect(writer.get_by_text("等核准:短信第2版")).to_be_visible()

    await second.goto(f"{demo}/console/")
    await second.click("text=核准新说法:一般通知")
    await expect(second.locator("ins").first).to_be_visible()
    await second.get_by_role("button", name="核准", exact=True).click()
    await expect(second.get_by_role("status")).to_contain_text("核准了")

    # Five people are more than the demo lets one person send to.
    await writer.goto(f"{demo}/console/campaigns/new")
    await writer.select_option("#region", "990101101000")
    for role in ("干部", "监委会"):
        await writer.get_by_label(role, exact=True).check()
    await writer.fill("#value_title", "村民会议")
    await writer.fill("#value_text", "明天上午九点在文化广场开会")
    looking = writer.locator("#looking")
    await expect(looking.get_by_text("5人", exact=True)).to_be_visible()
    await expect(looking.get_by_text(re.compile(r"166\*{4}\d{4}")).first).to_be_visible()
    await expect(looking).to_contain_text("通知:村民会议")
    await looking.get_by_role("button", name="交给另一个人核准").click()
    await expect(writer.locator("h1")).to_have_text("等核准的推送")

    await second.goto(f"{demo}/console/")
    await second.click("text=核准推送:一般通知")
    await second.get_by_role("button", name="核准,发出").click()
    progress = second.locator("#progress")
    # Told by the server while the page stands still.
    await expect(progress).to_contain_text("发完了", timeout=30_000)
    await expect(progress).to_contain_text("5 / 5 人")

    await second.click("text=看报告")
    await expect(second.locator(".chart canvas").first).to_be_visible()
    await expect(second.locator("main")).to_contain_text("一共 5 人,收到的 5 人,占 100%")
    async with second.expect_download() as taken:
        await second.click("text=存成表格")
    file = await (await taken.value).path()
    assert "听竹村" in file.read_text("utf-8-sig")
    assert said == []


async def test_without_script_words_are_tried_and_a_push_is_sent(
    demo: str, browser: Browser
) -> None:
    page = await log_in(browser, demo, "qinlan", script=False)
    await page.goto(f"{demo}/console/templates/notice/edit")
    await page.fill("#words_sms", WORDS)
    await page.get_by_role("button", name="看效果").click()
    await expect(page.locator(".phone.sms .bubble")).to_contain_text("不明白就回6")

    await page.set_viewport_size(PHONE)
    await page.goto(f"{demo}/console/campaigns/new")
    await page.fill("#village", "听竹村")
    await page.get_by_label("监委会", exact=True).check()
    await page.fill("#value_title", "村民会议")
    await page.fill("#value_text", "明天上午九点开会")
    await page.get_by_role("button", name="看人数、价钱和样子").click()
    await expect(page.locator("#looking").get_by_text("2人", exact=True)).to_be_visible()
    await page.fill("#people", "2")
    await page.get_by_role("button", name="发出", exact=True).click()
    await expect(page.locator("#progress")).to_be_visible()
    for _ in range(20):
        if "发完了" in await page.locator("#progress").inner_text():
            break
        await page.wait_for_timeout(500)
        await page.click("text=看最新的")
    await expect(page.locator("#progress")).to_contain_text("2 / 2 人")
