"""The console in a real browser: the way in, every page on a phone and at twice the type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from console.staff.routes import OUTSIDE
from notifications.templates import ensure_templates
from storage import schema, staff
from storage.clock import HeldClock
from storage.database import Database
from storage.passwords import Passwords
from storage.sealing import Sealer
from tests.browser.conftest import SWITCHES
from tests.conftest import NOW
from tests.console import county
from tests.console.staff.kit import COUNTY, PASSWORD, Console, officer
from workbooks.people import ROLES

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 375, "height": 667}
OFFICE: ViewportSize = {"width": 1440, "height": 900}
# What reaches over the edge of the screen, unless a box of its own lets it be moved sideways.
_BESIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.body.querySelectorAll('*')].filter(e =>
        e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-responsive')
    ).map(e => e.outerHTML.slice(0, 120))"""
_TWICE = "() => { document.documentElement.style.fontSize = '200%'; }"
AXE = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
# What WCAG 2 asks for at level A and AA, as far as a program can see it; serious and worse.
_FAULTS = """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}))
    .violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`)"""
_NAMELESS = """() => [...document.querySelectorAll('input, select, textarea')].filter(e =>
    e.type !== 'hidden' && !e.labels?.length && !e.getAttribute('aria-label')
).map(e => e.outerHTML)"""


@pytest.fixture
async def desk(tmp_path: Path, sealer: Sealer) -> AsyncIterator[Console]:
    db = await Database.open(f"sqlite://{tmp_path}/console.sqlite3")
    await schema.migrate(db)
    await county.fill(db)
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


async def admin(desk: Console, sealer: Sealer) -> str:
    """Somebody with every post at the county, and an account in use; the authenticator's secret."""
    roles = [role for role in ROLES if role != "居民"]
    person = await officer(desk.db, sealer, roles, COUNTY, name="覃岚")
    made = await staff.add(desk.db, person_id=person, login="qinlan", made_by="operator", now=NOW)
    await staff.start_alone(desk.db, made, "operator", NOW, datetime.now(UTC))
    account = await staff.account(desk.db, made)
    assert account
    await staff.choose_password(desk.db, sealer, account, await Passwords().hash(PASSWORD), NOW)
    await staff.set_second(desk.db, account, "totp", NOW)
    secret = await staff.totp_secret(desk.db, sealer, made)
    assert secret
    return secret


async def enter(page: Page, desk: Console, secret: str) -> None:
    """By keyboard alone."""
    await page.goto(desk.url("/console/account"))
    await page.keyboard.type("qinlan")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#code")).to_be_focused()
    await page.keyboard.type(pyotp.TOTP(secret).now())
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("我的账号")


async def test_the_way_in_by_keyboard_and_every_page_on_any_screen(
    desk: Console, sealer: Sealer, browser: Browser
) -> None:
    page = await browser.new_page(viewport=OFFICE)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    await enter(page, desk, await admin(desk, sealer))
    found: list[tuple[str, list[str]]] = []
    said.clear()  # the icon of a page that needed none

    for (method, path), roles in desk.gate.declared.items():
        if method != "GET" or roles == OUTSIDE or "{" in path:
            continue
        await page.goto(desk.url(path))
        assert await page.locator("h1").count() == 1, path
        for size in (OFFICE, PHONE):
            await page.set_viewport_size(size)
            assert await page.evaluate(_BESIDE) == [], f"{path} at {size['width']}"
        assert await page.evaluate(_NAMELESS) == [], path
        await page.evaluate(AXE.read_text("utf-8"))
        if faults := await page.evaluate(_FAULTS):
            found.append((path, faults))
        await page.evaluate(_TWICE)
        assert await page.evaluate(_BESIDE) == [], f"{path} at twice the type"
    assert found == []
    assert said == []


async def test_without_script_the_way_in_and_the_menu_work(
    desk: Console, sealer: Sealer, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(desk.url("/console/staff"))
    secret = await admin(desk, sealer)
    await page.fill("#login", "qinlan")
    await page.fill("#password", PASSWORD)
    await page.click("button.btn-primary")
    await page.fill("#code", pyotp.TOTP(secret).now())
    await page.click("button.btn-primary")
    await expect(page.locator("h1")).to_have_text("工作账号")
    await page.click("summary >> text=栏目")
    await page.locator(".menu a", has_text="待办").click()
    await expect(page.locator("h1")).to_have_text("待办")
    await context.close()
