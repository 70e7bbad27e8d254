"""A month on its way to everybody, in a real browser: a clerk, two who sign, the residents' page.

With MINGBAI_SCREENS set to a folder its pages are photographed there, on a desk and on a phone.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from notifications.templates import ensure_templates
from storage import schema, staff, staff_sessions
from storage.clock import HeldClock
from storage.database import Database
from storage.published import PublishedAccounts
from storage.sealing import Sealer
from storage.staff_sessions import Stage
from tests.browser.conftest import SWITCHES
from tests.conftest import NOW
from tests.console import county
from tests.console.staff.kit import COUNTY, TOWN, VILLAGE, Console, officer

pytestmark = pytest.mark.browser

OFFICE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
MESSY_VILLAGE = "990101101201"
MESSY = Path(__file__).resolve().parents[1] / "data/ledger_messy.xlsx"
MARCH = """听竹村2026年3月收支明细表
日期,凭证号,摘要,科目,收入,支出,对方,经手人,审批人,监委会
2026-03-05,记1,打印纸,管理费用,,680.00,稻香印务部,柏青松,骆启明,靳三
2026-03-09,记2,铺面租金,经营收入,3500.00,,祝*梅,柏青松,骆启明,靳三
,,合计,,3500.00,680.00,,,,
"""
_BESIDE = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
async def desk(tmp_path: Path, sealer: Sealer) -> AsyncIterator[Console]:
    db = await Database.open(f"sqlite://{tmp_path}/console.sqlite3")
    await schema.migrate(db)
    await county.save_county(db)
    await ensure_templates(db, NOW)
    console = Console(db, sealer, HeldClock(NOW))
    await console.start()
    yield console
    await console.stop()
    await db.close()


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield browser
        await browser.close()


async def entered(browser: Browser, desk: Console, sealer: Sealer, who: dict[str, str]) -> Page:
    """A page of somebody new who holds this post, logged in."""
    person = await officer(
        desk.db, sealer, who["role"], who["region"], name=who["name"], title=who.get("title", "")
    )
    account = await staff.add(
        desk.db, person_id=person, login=f"u{person[:12]}", made_by="operator", now=NOW
    )
    token = await staff_sessions.begin(desk.db, account, Stage.IN, datetime.now(UTC))
    context = await browser.new_context(viewport=OFFICE)
    await context.add_cookies([{"name": desk.gate.cookie, "value": token, "url": desk.url("/")}])
    return await context.new_page()


async def looked_at(page: Page, name: str) -> None:
    """Nothing reaches over the edge on a desk or a phone; photographed where that is asked for."""
    folder = os.environ.get("MINGBAI_SCREENS")
    for size, suffix in ((PHONE, "-375"), (OFFICE, "")):
        await page.set_viewport_size(size)
        assert await page.evaluate(_BESIDE), f"{name} at {size['width']}"
        if folder:
            file = Path(folder, f"console-publishing-{name}{suffix}.png")
            await page.screenshot(path=file, full_page=True)


async def test_a_clerk_mends_and_submits_two_sign_and_everybody_reads(
    desk: Console, sealer: Sealer, browser: Browser, tmp_path: Path
) -> None:
    clerk = await entered(
        browser, desk, sealer,
        {"role": "录入", "region": COUNTY, "name": "洪蕊", "title": "会计"},
    )  # fmt: skip
    first = await entered(
        browser, desk, sealer, {"role": "监委会", "region": VILLAGE, "name": "班秀英"}
    )
    second = await entered(browser, desk, sealer, {"role": "审核", "region": TOWN, "name": "卢青"})

    # The messy workbook: each row as it was understood, one mended in place.
    await clerk.goto(desk.url("/console/publishing/upload"))
    await looked_at(clerk, "upload")
    await clerk.select_option("#kind", "ledger")
    await clerk.select_option("#place", MESSY_VILLAGE)
    await clerk.set_input_files("#file", MESSY)
    await clerk.click("button:has-text('上传,先看一遍')")
    await expect(clerk.locator("main")).to_contain_text("读不懂 3 行")
    await looked_at(clerk, "rows")
    cell = clerk.locator("input[name^=cell_][value='一千二']")
    await cell.fill("1200")
    await cell.press("Enter")
    await expect(clerk.locator("main")).to_contain_text("读不懂 2 行")
    await clerk.click("button:has-text('扔掉这份文件')")
    await expect(clerk.locator("[role=status]")).to_contain_text("什么也没有存")

    # A month that balances: submitted, signed by two, published.
    (tmp_path / "三月账.csv").write_text(MARCH, "utf-8")
    await clerk.goto(desk.url("/console/publishing/upload"))
    await clerk.select_option("#kind", "ledger")
    await clerk.select_option("#place", VILLAGE)
    await clerk.set_input_files("#file", tmp_path / "三月账.csv")
    await clerk.click("button:has-text('上传,先看一遍')")
    await clerk.click("button:has-text('存成草稿')")
    await expect(clerk.locator("h1")).to_have_text("2026年3月村委会财务收支账")
    await looked_at(clerk, "draft")
    await clerk.click("button:has-text('提交给审核的人')")
    version = clerk.url
    for signer in (first, second):
        await signer.goto(desk.url("/console/"))
        await signer.click("a:has-text('签:听竹村')")
        if signer is first:
            await looked_at(signer, "sign")
        await signer.click("button:has-text('看过凭证,签字')")
        await expect(signer.locator("[role=status]")).to_contain_text("签好了")
    await clerk.goto(version)
    await clerk.click("button:has-text('公开')")
    await expect(clerk.locator("[role=status]")).to_contain_text("大家现在就看得到")
    await looked_at(clerk, "published")

    (month,) = (await PublishedAccounts(desk.db).newest(VILLAGE)).months
    assert (month.period, month.expense_fen) == ("2026-03", 68_000)


async def test_the_register_and_the_list_on_any_screen(
    desk: Console, sealer: Sealer, browser: Browser
) -> None:
    manager = await entered(browser, desk, sealer, {"role": "管理", "region": TOWN, "name": "穆远"})
    both = await officer(desk.db, sealer, ["干部", "监委会"], VILLAGE, name="纪广田", title="主任")
    await desk.db.run("UPDATE posts SET ends_on = '2026-12-10' WHERE person_id = ?", both)

    await manager.goto(desk.url(f"/console/publishing/register/{VILLAGE}"))
    await expect(manager.locator("main")).to_contain_text("纪广田又执行又监督")
    await looked_at(manager, "register")
    await manager.goto(desk.url("/console/publishing"))
    await looked_at(manager, "list")
