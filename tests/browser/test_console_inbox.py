"""A question nobody could answer, from one phone to an office and back, in a real browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.conftest import SWITCHES
from tests.browser.test_console_pushes import log_in
from tests.demo import running_demo

pytestmark = pytest.mark.browser

LI, ACCOUNTANT = "16600010071", "oSimCunKuaiji000000000000002"
QUESTION = "我们村2019年3月花了多少钱"
ANSWER = "那年的账在镇上档案室,带身份证可以查"
HOUR, DAY = 3600, 86400


@dataclass
class Demo:
    """A demo that runs, and its phones."""

    http: ClientSession
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def say(self, text: str) -> str:
        said = {"channel": "sms", "who": LI, "text": text}
        url = f"http://127.0.0.1:{self.port + 1}/sim/say"
        async with self.http.post(url, json=said) as response:
            return "\n".join(json.loads(await response.text())["seen"])

    async def later(self, seconds: int) -> None:
        url = f"{self.base}/demo/clock"
        async with self.http.post(url, json={"seconds": seconds}) as response:
            assert response.status == 200

    async def shown(self, words: str, who: str = LI) -> str:
        """What a phone shows with these words, as soon as it does."""
        for _ in range(300):
            url = f"http://127.0.0.1:{self.port + 1}/sim/screen"
            async with self.http.get(url, params={"who": who}) as response:
                texts = [str(one["text"]) for one in json.loads(await response.text())]
            found = [text for text in texts if words in text]
            if found:
                return found[-1]
            await asyncio.sleep(0.1)
        raise AssertionError(f"{words} is on no screen")


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with running_demo(tmp_path / "demo") as (http, port):
        yield Demo(http, port)


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield chromium
        await chromium.close()


async def test_a_question_is_answered_on_the_phone_and_rated(demo: Demo, browser: Browser) -> None:
    assert "要转给村里问,请回复是" in await demo.say(QUESTION)
    kept = await demo.say("是")
    assert "已经转给村委会" in kept

    cadre = await log_in(browser, demo.base, "jiguangtian")
    await cadre.click("text=听竹村的提问")
    await expect(cadre.locator("main")).to_contain_text(QUESTION)
    await cadre.get_by_role("button", name="答复", exact=True).click()
    await expect(cadre.get_by_text("还没有写答复。").first).to_be_visible()
    await cadre.fill("#text", ANSWER)
    await cadre.get_by_role("button", name="答复", exact=True).click()
    await expect(cadre.get_by_role("status")).to_contain_text("马上用短信发给本人")

    assert ANSWER in await demo.shown("有回话了")
    await demo.later(HOUR)
    assert "满意回1,基本满意回2,不满意回3" in await demo.shown("办得您满意吗")
    assert "记下了" in await demo.say("1")

    county = await log_in(browser, demo.base, "qinlan")
    await county.goto(f"{demo.base}/console/overview/990101101200")
    await expect(county.locator("main")).to_contain_text("群众满意")
    # One reply tells who it was: nothing is shown of fewer than five.
    await expect(county.locator(".card", has_text="群众满意")).to_contain_text("少于5,不写")


async def test_at_the_counter_an_answer_is_printed_with_its_number(
    demo: Demo, browser: Browser
) -> None:
    clerk = await log_in(browser, demo.base, "hongrui", script=False)
    await clerk.goto(f"{demo.base}/console/counter")
    await expect(clerk.locator("#village")).to_have_value("听竹村")
    await clerk.fill("#question", "2026年10月花了多少钱")
    await clerk.get_by_role("button", name="问", exact=True).click()
    await expect(clerk.locator("main")).to_contain_text("支出")
    await clerk.get_by_role("button", name="留编号,打印答复").click()
    await expect(clerk.locator(".sheet")).to_contain_text("编号")
    await expect(clerk.locator(".sheet")).to_contain_text("支出")


async def test_a_town_sees_the_late_village_and_urges_it(demo: Demo, browser: Browser) -> None:
    await demo.later(18 * DAY)  # three days before the accounts are due
    await demo.shown("2026年11月账目", who=ACCOUNTANT)
    await demo.later(4 * DAY)
    town = await log_in(browser, demo.base, "muyuan")
    await town.goto(f"{demo.base}/console/calendar")
    for _ in range(20):  # until the calendar has noticed
        if await town.locator(".heat-overdue").count():
            break
        await asyncio.sleep(0.5)
        await town.reload()
    await town.click("text=听竹村")
    late = town.locator(".card", has_text="过期没公开").first
    await late.get_by_role("button", name="催一下").click()
    await expect(town.get_by_role("status")).to_contain_text("催了")
    await expect(town.locator("main")).to_contain_text("催办:发给1人")
