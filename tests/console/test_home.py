"""Where residents come in: the list of villages, a village's home, and what leads on from it."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.home import Home
from console.sections import HomeEntry
from console.site import Site
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import Region
from tests.console.conftest import Browse
from tests.console.county import LONG_NAME, LONGEST, TINGZHU, save_county
from tests.console.reading import read
from tests.storage.making import on_sqlite

HOME = f"/v/{TINGZHU}"


async def test_villages_stand_under_their_towns(filled: Database, browse: Browse) -> None:
    page = await browse("/v/")

    towns = [heading.text for heading in page.find("h2")]
    assert (len(towns), len(set(towns))) == (7, 7)
    assert len(page.find("li")) == 41
    assert page.links["听竹村"] == HOME
    assert page.links[LONG_NAME] == f"/v/{LONGEST}"


async def test_home_shows_the_newest_month_and_leads_to_every_other(
    filled: Database, browse: Browse
) -> None:
    page = await browse(HOME)

    assert page.one("h1").text == "听竹村"
    assert page.one(cls="updated").text == "更新于 2026年11月8日 09:10"
    assert page.one(cls="figures").pairs()["支出"] == "27,327元"
    assert page.links["看每一笔"] == f"{HOME}/accounts/2026-10"
    months = [link for link in page.find("a") if link.find(cls="short")]
    assert len(months) == 18
    assert months[0].text == "10月 支出 27,327元"
    assert months[-1].attributes["href"] == f"{HOME}/accounts/2025-05"


@on_sqlite
async def test_home_shows_each_book_apart(filled: Database, browse: Browse) -> None:
    page = await browse(f"/v/{LONGEST}")

    assert [heading.text for heading in page.find("h3")] == ["村委会账", "集体账"]
    (october,) = [link for link in page.find("a") if link.find(cls="short")]
    assert october.text == "10月 村委会 支出 12,345,378.09元 集体 支出 12,345,678.09元"


@on_sqlite
async def test_village_that_published_nothing_says_so(db: Database, browse: Browse) -> None:
    await save_county(db)

    page = await browse(HOME)

    assert "听竹村的账还没有公开记录" in page.one("main").text
    assert page.find(cls="updated") == []


@on_sqlite
async def test_town_and_unknown_codes_have_no_home(db: Database, browse: Browse) -> None:
    await save_county(db)

    for path in ("/v/990101101000", "/v/000000000000", "/v/1"):
        assert (await browse(path, 404)).one("h1").text == "没有这一页"


class _Offers:
    """A module of pages that has something for one village only."""

    def add_to(self, app: web.Application) -> None:
        raise AssertionError("the roof adds it, not the home page")

    async def on_home(self, village: Region) -> list[HomeEntry]:
        href = f"/v/{village.code}/power"
        return [HomeEntry("办事流程", href, "42项")] if village.code == TINGZHU else []


@on_sqlite
async def test_other_modules_lines_stand_on_the_home_page(db: Database) -> None:
    await save_county(db)
    site = Site(db)
    app = web.Application()
    Home(site, db, PublishedAccounts(db), [_Offers()]).add_to(app)

    async with TestClient(TestServer(app)) as client:
        here = read(await (await client.get(HOME)).text())
        there = read(await (await client.get(f"/v/{LONGEST}")).text())

    assert here.links["办事流程 42项"] == f"{HOME}/power"
    assert "村里公开的" not in there.text
