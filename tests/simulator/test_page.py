"""The page of phones, in a real Chromium."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.conftest import missing
from tests.simulator.conftest import Build, World
from tests.simulator.test_thin_path import replying

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def chromium_path() -> str:
    if not Path(CHROMIUM).exists():
        missing("Chromium at /usr/bin/chromium")
    return CHROMIUM


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield chromium
        await chromium.close()


@pytest.fixture
async def demo(build: Build) -> World:
    world = await build(demo=True)
    replying(world, "收到：")
    await world.sim("templates", gateway="wechat", id="notice", fields={"thing1": "thing"})
    await world.sim("templates", gateway="aliyun", id="SMS_1", fields={"text": "others"})
    return world


async def opened(browser: Browser, world: World, width: int = 1366, height: int = 768) -> Page:
    """The page in a window of that size; whatever goes wrong in it fails the test."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(str(world.client.make_url("/")))
    await expect(page.locator(".handset")).to_have_count(4)
    return page


async def test_a_resident_scans_asks_by_a_click_and_is_answered(
    browser: Browser, demo: World
) -> None:
    async def welcome_then_echo(body: bytes) -> web.StreamResponse:
        query = demo.service.wechat[-1].query
        crypto = demo.crypto()
        plain = crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        if b"qrscene_" in plain.encode():
            return web.Response(text="success")
        assert echo is not None
        return await echo(body)

    echo, demo.service.answer = demo.service.answer, welcome_then_echo
    page = await opened(browser, demo)
    phone = page.get_by_role("region", name="周小满")

    await phone.get_by_role("button", name="扫一扫").click()
    await expect(phone.get_by_text("扫了二维码")).to_be_visible()
    await phone.get_by_role("button", name="上个月花了多少钱").click()

    log = phone.get_by_role("log")
    await expect(log.locator(".mine .bubble")).to_have_text("上个月花了多少钱")
    await expect(log.get_by_text("收到：上个月花了多少钱")).to_be_visible()
    await page.reload()
    await expect(log.get_by_text("收到：上个月花了多少钱")).to_be_visible()
    assert demo.platforms.wechat.followers.of(demo.platforms.keys.phones[0].who).following


async def test_the_menu_opens_by_keyboard_and_presses_its_key(
    browser: Browser, demo: World
) -> None:
    demo.service.answer = None
    page = await opened(browser, demo)
    phone = page.get_by_role("region", name="周小满")

    await phone.get_by_role("button", name="监督").focus()
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("button", name="举报")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(phone.get_by_role("button", name="订阅")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="举报")).to_be_hidden()
    await expect(phone.get_by_role("button", name="监督")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    await expect(phone.get_by_text("点了“举报”")).to_be_visible()


async def test_an_elder_types_on_keys_and_sees_the_length(browser: Browser, demo: World) -> None:
    page = await opened(browser, demo)
    phone = page.get_by_role("region", name="李婆婆")
    box, counter = phone.get_by_role("textbox"), phone.get_by_role("status")

    await expect(counter).to_have_text("0/70")
    await box.fill("账" * 71)
    await expect(counter).to_have_text("71字 分2条")
    await box.fill("")
    for key in ("1", "0", "删除"):
        await phone.get_by_role("button", name=key, exact=True).first.click()
    await expect(counter).to_have_text("1/70")
    await phone.get_by_role("button", name="发送").click()

    await expect(phone.get_by_role("article")).to_contain_text(["1"])
    await demo.platforms.settle()
    assert [item["content"] for item in demo.service.items("uplink")] == ["1"]


async def test_pushes_appear_as_they_happen_and_the_clock_moves(
    browser: Browser, demo: World
) -> None:
    page = await opened(browser, demo)
    who = demo.platforms.keys.phones[2].who
    accountant = page.get_by_role("region", name="村会计")

    await demo.call(
        "message/template/send",
        touser=who,
        template_id="notice",
        url="http://127.0.0.1:1/v/",
        data={"thing1": {"value": "10月账目还没公开"}},
    )
    await demo.text()

    card = accountant.get_by_role("link", name="10月账目还没公开")
    await expect(card).to_have_attribute("href", "http://127.0.0.1:1/v/")
    await expect(page.get_by_role("region", name="李婆婆").get_by_role("article")).to_contain_text(
        ["账目已公开"]
    )
    await expect(page.get_by_role("time").first).to_have_text("2026年11月24日 星期二 09:30")
    await page.get_by_role("button", name="+1 小时").click()
    await expect(page.get_by_role("time").first).to_have_text("2026年11月24日 星期二 10:30")
    assert demo.service.moved == [3600]


async def test_links_work_and_markup_stays_text(browser: Browser, demo: World) -> None:
    page = await opened(browser, demo)
    who = demo.platforms.keys.phones[0].who
    text = (
        '看<a href="http://127.0.0.1:1/v/990101101200">10月账目</a>，'
        "或 http://127.0.0.1:1/v/。\n<img src=x onerror=alert(1)>"
        '<a href="javascript:alert(1)">点我</a>'
    )

    demo.platforms.screens.show(who, "service", "text", text)

    log = page.get_by_role("region", name="周小满").get_by_role("log")
    await expect(log.get_by_role("link")).to_have_text(["10月账目", "http://127.0.0.1:1/v/"])
    await expect(log).to_contain_text("<img src=x onerror=alert(1)>点我")
    assert await page.locator(".log img").count() == 0


async def test_every_size_shows_whole_phones_and_never_scrolls_sideways(
    browser: Browser, demo: World
) -> None:
    for width, height in ((375, 812), (1366, 768), (1920, 1080)):
        page = await opened(browser, demo, width, height)
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        boxes: list[dict[str, Any]] = await page.eval_on_selector_all(
            ".handset", "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )

        assert wide <= width
        assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)
        assert len({round(box["top"]) for box in boxes}) == (4 if width < 680 else 1)
        assert width < 680 or all(box["bottom"] <= height for box in boxes)
