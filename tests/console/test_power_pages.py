"""Pages, pictures and open data of power items, as a reader and a program find them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from console.drawings import Drawings
from console.home import Home
from console.open_data import OpenData
from console.power_data import PowerData
from console.power_pages import PowerPages
from console.power_pictures import PowerPictures
from console.power_requests import PowerRequests
from console.site import Site
from storage import disclosures
from storage.clock import HeldClock
from storage.database import Database
from storage.enrolling import Facts, enrol
from storage.power_lists import PublishedPowerItems
from storage.published import PublishedAccounts
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.reading import Element, read
from tests.power import (
    ACCEPT,
    COUNTY,
    OTHER,
    TOWN,
    VILLAGE,
    bring,
    changed_step,
    make_item,
    make_order,
    make_places,
)
from workbooks.power_items import PowerItem, Step

HERE = f"/v/{VILLAGE}/power"
LATER = make_order(now=NOW + timedelta(minutes=1))
Client = TestClient[Any, Any]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def client(db: Database) -> AsyncIterator[Client]:
    await make_places(db)
    site = Site(db)
    requests = PowerRequests(db, PublishedPowerItems(db), HeldClock(NOW))
    pages = PowerPages(site, requests)
    app = web.Application(middlewares=[site.politely])
    for part in (
        site,
        Home(site, db, PublishedAccounts(db), [pages]),
        pages,
        PowerPictures(requests, Drawings()),
        PowerData(requests),
        OpenData(db, PublishedAccounts(db)),
    ):
        part.add_to(app)
    async with TestClient(TestServer(app)) as running:
        yield running


async def page(client: Client, path: str, status: int = 200) -> Element:
    async with client.get(path) as response:
        assert response.status == status
        return read(await response.text())


async def data(client: Client, path: str) -> Any:
    async with client.get(f"/api/v1/{path}") as response:
        assert response.status == 200
        return await response.json()


def office(name: str, title: str, ends: date | None = None) -> Facts:
    return Facts(
        name=name, roles=("干部",), region=VILLAGE, title=title, starts_on=None, ends_on=ends,
        phone=None, openid=f"o{name.encode().hex()}",
    )  # fmt: skip


async def test_home_leads_to_the_list_and_the_list_to_every_item(
    client: Client, db: Database
) -> None:
    await bring(db, make_item(), make_item("B14", name="开证明", category="便民服务"))

    home = await page(client, f"/v/{VILLAGE}")
    listed = await page(client, HERE)

    assert home.links["权力清单 2项：怎么办、谁来办、谁监督"] == HERE
    assert [heading.text for heading in listed.find("h2")] == ["便民服务", "集体事务", "按岗位看"]
    assert listed.links["印章使用管理 A24 内部管理 1个工作日"] == f"{HERE}/A24"
    assert listed.links["村务专干 2项"].startswith(f"{HERE}?post=")


async def test_item_shows_power_beside_duties_and_its_steps_in_order(
    client: Client, db: Database
) -> None:
    await bring(db, make_item(is_example=True))

    shown = await page(client, f"{HERE}/a24")

    facts = shown.one("dl", cls="facts").pairs()
    assert (facts["管什么"], facts["谁监督"]) == ("村级公章的保管和使用", "村务监督委员会")
    assert (facts["要做到"], facts["做不到"]) == ("当日办好 不收费", "盖空白章的，追究责任")
    steps = [step.one("b").text for step in shown.one("ol", cls="steps").find("li")]
    assert steps == ["受理登记", "审批盖章"]
    risks = [risk.text for risk in shown.find("li") if risk.find(cls="amount")]
    assert risks[1] == "2. 审批盖章 盖人情章 防控：先登记后盖章 防控：每月抽查 ▲ 高"
    assert "这一项是示例" in shown.text
    assert "县里的清单，2026年1月1日起用，2026年11月24日公开，第1版。" in shown.text


async def test_new_holder_of_a_post_stands_on_every_item_the_same_day(
    client: Client, db: Database, sealer: Sealer
) -> None:
    await bring(db, make_item(), make_item("A25", name="别的事"))
    await enrol(db, sealer, [office("纪广田", "村主任", NOW.date() - timedelta(days=1))], NOW)
    await enrol(db, sealer, [office("骆启明", "村委会主任")], NOW)

    for code in ("A24", "A25"):
        matrix = [row.text for row in (await page(client, f"{HERE}/{code}")).find("tr")]
        assert matrix == [
            "村务专干 第1步",
            "村民委员会主任 骆启明 第2步",
            "印章保管人 不单独办一步",
        ]
    post = await page(client, f"{HERE}?post=村长")
    assert post.one("h1").text == "听竹村 村民委员会主任"
    assert "今天是谁：骆启明" in post.text
    assert post.links["别的事 第2步 审批盖章（审批权）"] == f"{HERE}/A25"


async def test_changed_template_is_shown_as_a_difference_and_not_applied(
    client: Client, db: Database
) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=5), order=LATER)

    here = await page(client, f"{HERE}/A24")
    county = await page(client, f"/v/{COUNTY}/power/A24")
    town = await page(client, f"/v/{TOWN}/power")

    assert here.one(cls="figures").pairs()["多久办完"] == "1个工作日"
    assert "听竹村还没有采用" in here.text
    assert here.find("section")[0].one("li").text == "办理时限改为5个工作日"
    assert county.one(cls="figures").pairs()["多久办完"] == "5个工作日"
    assert "县里改过，这里还没有采用" in town.text


async def test_old_version_is_read_by_its_day(client: Client, db: Database) -> None:
    await bring(db, make_item())
    (own,) = await bring(
        db, make_item(limit_days=9), unit=VILLAGE, effective=date(2026, 11, 1), order=LATER
    )
    await bring(db, make_item("Z01", name="本村自己的"), unit=VILLAGE)

    now = await page(client, f"{HERE}/A24")
    then = await page(client, f"{HERE}/A24?on=2026-10-31")
    listed = await page(client, HERE)
    await page(client, f"{HERE}/A24?on=2025-10-31", 404)
    told = await data(client, f"{VILLAGE}/power/A24.json?on=2026-10-31")

    assert now.one(cls="figures").pairs()["多久办完"] == "9个工作日"
    assert then.one(cls="figures").pairs()["多久办完"] == "1个工作日"
    assert "这是2026年10月31日那一天用的" in then.text
    assert now.links["2026年1月1日起用"] == f"{HERE}/A24?on=2026-01-01"
    assert "本地改过" in listed.text
    assert "本地事项" in listed.text
    assert (told["effective_from"], told["owner"]) == ("2026-01-01", COUNTY)
    assert told["versions"][0]["id"] == own.id


async def test_withdrawn_version_is_hidden_and_says_why(client: Client, db: Database) -> None:
    (first,) = await bring(db, make_item())
    await bring(db, make_item(limit_days=2), effective=date(2026, 2, 1))
    await disclosures.withdraw(db, first.id, "写错了", "operator", NOW)

    shown = await page(client, f"{HERE}/A24")

    assert "撤下了，原因：写错了" in shown.text


async def test_internal_fields_are_on_no_page_and_in_no_data(client: Client, db: Database) -> None:
    hidden = changed_step(make_item(), 2, internal=frozenset({"risk_point", "boundary"}))
    (outcome,) = await bring(db, hidden)

    async with client.get(f"{HERE}/A24") as response:
        html = await response.text()
    told = await data(client, f"{VILLAGE}/power/A24.json")
    raw = await data(client, f"{COUNTY}/disclosures/{outcome.id}.json")

    for text in (html, str(told), str(raw)):
        assert "盖人情章" not in text
        assert "不盖空白章" not in text
    assert "风险点不公开" in html
    assert told["item"]["steps"][1]["internal"] == ["boundary", "risk_point"]


async def test_data_is_in_the_form_in_which_items_are_imported(
    client: Client, db: Database, sealer: Sealer
) -> None:
    await bring(db, make_item(), make_item("B14"))
    await enrol(db, sealer, [office("骆启明", "村委会主任")], NOW)

    listed = await data(client, f"{VILLAGE}/power.json")
    told = await data(client, f"{VILLAGE}/power/A24.json")

    assert (listed["village"], listed["code"]) == ("听竹村", VILLAGE)
    assert [item["code"] for item in listed["items"]] == ["A24", "B14"]
    steps = tuple(Step.from_json(step) for step in told["item"]["steps"])
    assert PowerItem.from_json(told["item"], steps) == make_item()
    assert told["holders"]["村民委员会主任"] == ["骆启明"]
    raw = await data(client, f"{told['owner']}/disclosures/{told['id']}.json")
    assert raw["body"]["entries"][0]["id"] == told["item"]["steps"][0]["id"]


async def test_charts_are_pictures_of_the_public_version(client: Client, db: Database) -> None:
    many = tuple(replace(ACCEPT, name=f"第{number}件事") for number in range(9))
    await bring(db, make_item(), make_item("A99", steps=many))

    sizes = {}
    for path in ("A24/flow.png", "A24/risk.png", "A99/flow.png", "A99/flow.png?page=2"):
        async with client.get(f"{HERE}/{path}") as response:
            assert (response.status, response.content_type) == (200, "image/png"), path
            sizes[path] = Image.open(io.BytesIO(await response.read())).size
    await page(client, f"{HERE}/A24/flow.png?page=2", 404)

    assert {width for width, _ in sizes.values()} == {1080}


@pytest.mark.parametrize(
    "path",
    [f"{HERE}/Z99", f"/v/{OTHER[:6]}999999/power", f"{HERE}?post=宇航员", f"{HERE}?on=2020-01-01"],
)
async def test_what_is_not_there_is_said_politely(client: Client, db: Database, path: str) -> None:
    await bring(db, make_item())

    assert (await page(client, path, 404)).one("h1").text == "没有这一页"


async def test_village_without_a_list_has_no_line_for_it(client: Client) -> None:
    assert "权力清单" not in (await page(client, f"/v/{VILLAGE}")).text
