"""The resident pages on an old phone: 375 px, with script and without, also at twice the type."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from storage import schema
from storage.database import Database
from storage.published import PublishedAccounts
from tests.browser.conftest import SWITCHES
from tests.console import county
from tests.console.county import CORRECTED, LONGEST, TINGZHU

pytestmark = pytest.mark.browser

OLD_PHONE: ViewportSize = {"width": 375, "height": 667}
TYPE = {"100%": 16, "200%": 32}
"""A browser's own size of type, which every size on our pages is a multiple of."""

# Whatever lies outside the screen, or is cut off by the box that it lies in.
_CUT = """() => [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || e.closest('svg') || e.tagName === 'OPTION') return false;
    const outside = box.right > innerWidth + 1 || box.left < -1;
    const cut = style.overflowX !== 'visible' && e.tagName !== 'SELECT'
        && e.scrollWidth > e.clientWidth + 1;
    return outside || cut;
}).map(e => e.outerHTML.slice(0, 120))"""
_SIZES = """() => [...document.querySelectorAll('a, button, summary, select, input')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.height && box.height < 44 && e.type !== 'radio' && !e.closest('p:not(.back), th');
}).map(e => e.outerHTML)"""


@dataclass(frozen=True, slots=True)
class Place:
    """The pages, served, and the address of each kind of them."""

    base: str
    paths: dict[str, str]


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county in an SQLite file, made once."""
    file = tmp_path_factory.mktemp("county") / "pages.sqlite3"

    async def fill() -> None:
        db = await Database.open(f"sqlite://{file}")
        await schema.migrate(db)
        await county.fill(db)
        await db.close()

    asyncio.run(fill())
    return file


@pytest.fixture
async def place(filled_file: Path) -> AsyncIterator[Place]:
    db = await Database.open(f"sqlite://{filled_file}")
    try:
        async with TestServer(county.make_app(db)) as server:
            yield Place(str(server.make_url("")), await _paths(db))
    finally:
        await db.close()


async def _paths(db: Database) -> dict[str, str]:
    published = PublishedAccounts(db)
    corrected = (await published.newest(TINGZHU)).month(CORRECTED)[0].entries[0].id
    long = (await published.newest(LONGEST)).months[0].entries[0].id
    village, other = f"/v/{TINGZHU}", f"/v/{LONGEST}"
    return {
        "villages": "/v/",
        "home": village,
        "home, long names": other,
        "month": f"{village}/accounts/2026-10",
        "month, corrected": f"{village}/accounts/{CORRECTED}",
        "month, long names": f"{other}/accounts/2026-10",
        "month, withdrawn": f"{other}/accounts/2026-09",
        "month, filtered": f"{village}/accounts/2026-10?direction=支出&least=x&words=保洁",
        "entry, corrected": f"{village}/entries/{corrected}",
        "entry, long names": f"{other}/entries/{long}",
        "check": f"{village}/check?head=12345678",
        "nothing": f"{village}/accounts/2020-01",
    }


@pytest.fixture(params=list(TYPE.values()), ids=list(TYPE))
async def phone(request: pytest.FixtureRequest, chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=[*SWITCHES, f"--blink-settings=defaultFontSize={request.param}"],
        )
        yield chromium
        await chromium.close()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
async def test_nothing_is_cut_and_nothing_scrolls_sideways(
    phone: Browser, place: Place, script: bool
) -> None:
    page, complaints = await _open(phone, script=script)
    for name, path in place.paths.items():
        await page.goto(place.base + path)
        await page.wait_for_load_state("networkidle")

        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= OLD_PHONE["width"], name
        await page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert await page.evaluate(_CUT) == [], name
        assert await page.evaluate("document.documentElement.scrollWidth") <= 375, name
        assert await page.evaluate(_SIZES) == [], name
    assert [told for told in complaints if "404" not in told] == []


async def test_type_is_large_and_grows_with_the_readers(phone: Browser, place: Place) -> None:
    page, _ = await _open(phone, script=False)
    await page.goto(place.base + place.paths["month"])

    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    body = await page.locator("body").evaluate(size)
    figure = await page.locator(".figures dd").first.evaluate(size)
    note = await page.locator(".rows small").first.evaluate(size)
    assert body in (20, 40)
    assert figure >= (28 if body == 20 else 40)
    assert note >= body * 0.9


async def test_everything_is_found_by_links_and_forms_alone(phone: Browser, place: Place) -> None:
    page, _ = await _open(phone, script=False)
    await page.goto(f"{place.base}/v/")

    await page.get_by_role("link", name="听竹村").click()
    await page.get_by_role("link", name="看每一笔").click()
    await expect(page.get_by_role("heading", name="听竹村 2026年10月")).to_be_visible()
    await expect(page.get_by_role("table").first).to_be_visible()

    await page.get_by_text("只看一部分").click()
    await page.get_by_label("有这些字").fill("运转经费")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("status")).to_contain_text("找到 1 笔，收入 9,800元")

    await page.get_by_role("link", name="10月村级运转经费拨款").click()
    await expect(page.get_by_text("经手人 洪蕊")).to_be_visible()

    await page.get_by_role("link", name="查有没有被改动").click()
    await expect(page.get_by_role("img", name="没有被改动")).to_be_visible()


async def test_charts_are_drawn_over_the_same_numbers(phone: Browser, place: Place) -> None:
    page, complaints = await _open(phone, script=True)

    await page.goto(place.base + place.paths["month"])

    await expect(page.locator(".chart canvas")).to_have_count(2)
    for canvas in await page.locator(".chart canvas").all():
        colours = await canvas.evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d')"
            ".getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
        assert colours > 2
    await expect(page.get_by_role("table").first).to_be_hidden()
    await page.get_by_text("看数字").first.click()
    await expect(page.get_by_role("cell", name="9,510元")).to_be_visible()
    assert complaints == []


async def test_paper_shows_the_tables_and_no_buttons(phone: Browser, place: Place) -> None:
    page, _ = await _open(phone, script=True)
    await page.goto(place.base + place.paths["month"])
    await expect(page.locator(".chart canvas")).to_have_count(2)

    await page.emulate_media(media="print")
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")

    await expect(page.get_by_role("table").first).to_be_visible()
    for gone in ("form", ".chart", ".back", ".bottom", ".button"):
        for element in await page.locator(gone).all():
            await expect(element).to_be_hidden()


async def _open(phone: Browser, *, script: bool) -> tuple[Page, list[str]]:
    """A page on the phone, and what the browser complains of, such as a broken policy."""
    page = await phone.new_page(viewport=OLD_PHONE, java_script_enabled=script)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints
