"""Pages of lists, projects, decisions, rules and contacts, as a reader finds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from storage import disclosures
from storage.database import Database
from tests.conftest import NOW
from tests.console import county
from tests.console.reading import Element, read
from tests.console.records import bring, make_app
from workbooks.records.kinds import KINDS, PROJECTS, RULES, SUBSIDIES

TINGZHU, OTHER = county.TINGZHU, "990101201203"
Client = TestClient[Any, Any]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def client(db: Database) -> AsyncIterator[Client]:
    await county.save_county(db)
    async with TestClient(TestServer(make_app(db))) as opened:
        yield opened


async def page(client: Client, path: str, status: int = 200) -> Element:
    async with client.get(path) as response:
        assert response.status == status, path
        return read(await response.text())


async def test_the_home_page_names_every_kind_what_is_missing_too(
    db: Database, client: Client
) -> None:
    await bring(db, SUBSIDIES)
    await bring(db, PROJECTS)

    home = await page(client, f"/v/{TINGZHU}")

    links = home.links
    assert links["补贴救助名单 37份"] == f"/v/{TINGZHU}/subsidies"
    assert links["工程项目 5项"] == f"/v/{TINGZHU}/projects"
    assert links["规章制度 还没有公开"] == f"/v/{TINGZHU}/rules"
    assert len([href for href in links.values() if href.split("/")[-1] in KINDS]) == len(KINDS)


async def test_what_is_asked_for_most_comes_first_and_nothing_goes(
    db: Database, client: Client
) -> None:
    before = list((await page(client, f"/v/{TINGZHU}")).links.values())
    await db.run(
        "INSERT INTO asked (id, village, section, count) VALUES (?, ?, 'rules', 7)",
        f"{TINGZHU}/rules", TINGZHU,
    )  # fmt: skip

    after = list((await page(client, f"/v/{TINGZHU}")).links.values())

    kinds = [href for href in after if href.split("/")[-1] in KINDS]
    assert kinds[0] == f"/v/{TINGZHU}/rules"
    assert sorted(after) == sorted(before)


async def test_every_link_of_every_kind_leads_to_a_page(db: Database, client: Client) -> None:
    for kind in KINDS.values():
        await bring(db, kind)

    for code in KINDS:
        listed = await page(client, f"/v/{TINGZHU}/{code}")
        links = {href for href in listed.links.values() if href.startswith(f"/v/{TINGZHU}/{code}/")}
        assert links, code
        for href in links:
            opened = await page(client, href)
            assert "公开,第1版" in opened.text.replace("，", ",")
            data = next(link for link in opened.links.values() if link.endswith(".json"))
            async with client.get(data) as response:
                assert (await response.json())["kind"] == code


async def test_a_subsidy_list_shows_masked_names_and_its_sum(db: Database, client: Client) -> None:
    await bring(db, SUBSIDIES)
    listed = await page(client, f"/v/{TINGZHU}/subsidies")
    october = next(
        href for words, href in listed.links.items() if words.startswith("2026年10月 5户 2,940元")
    )

    opened = await page(client, october)

    assert opened.one("h1").text == "最低生活保障 2026年10月"
    assert opened.one("dl", cls="figures").pairs() == {"一共": "5户", "金额": "2,940元"}
    assert "陈*国 8组 2人 每人每月420元 840元" in opened.text
    assert "名单上的名字只写姓和末一个字" in listed.text


async def test_a_list_that_is_only_announced_says_so(db: Database, client: Client) -> None:
    await bring(db, SUBSIDIES)
    listed = await page(client, f"/v/{TINGZHU}/subsidies")
    november = next(
        href for words, href in listed.links.items() if words.startswith("2026年11月 4户")
    )

    assert "还在公示，没有定下来" in (await page(client, november)).text


async def test_a_correction_keeps_the_old_address_and_leads_on(
    db: Database, client: Client
) -> None:
    await bring(db, PROJECTS)
    before = (await page(client, f"/v/{TINGZHU}/projects")).links
    await bring(db, PROJECTS, minutes=1, stage="停工")

    href = next(link for words, link in before.items() if words.startswith("便民路硬化工程"))
    old = await page(client, href)
    new = await page(client, old.links["看最新的"])

    assert "这是第1版，后来更正过" in old.text
    assert new.one("dl", cls="facts").pairs()["阶段"] == "停工"
    assert "阶段改为停工" in new.text.replace("，", ",")
    assert href in new.links.values()


async def test_what_is_withdrawn_shows_its_reason_and_nothing_else(
    db: Database, client: Client
) -> None:
    await bring(db, RULES)
    rows = await db.rows("SELECT id FROM disclosures WHERE book = '公章使用管理制度'")
    identity = rows[0]["id"]
    await disclosures.withdraw(db, identity, "版本放错了", "operator", NOW)

    opened = await page(client, f"/v/{TINGZHU}/rules/{identity}")

    assert "撤下了，原因：版本放错了" in opened.text
    assert "用章先登记" not in opened.text
    assert "公章使用管理制度" not in (await page(client, f"/v/{TINGZHU}/rules")).text


async def test_rules_stand_under_whether_they_hold(db: Database, client: Client) -> None:
    await bring(db, RULES)

    listed = await page(client, f"/v/{TINGZHU}/rules")
    repealed = next(link for words, link in listed.links.items() if "来客接待" in words)

    assert [heading.text for heading in listed.find("h2")] == ["还没有施行", "已经废止"]
    assert "2025年10月1日起已经废止" in (await page(client, repealed)).text


async def test_nothing_disclosed_and_no_such_address_are_said_politely(client: Client) -> None:
    nothing = await page(client, f"/v/{OTHER}/decisions", 404)

    assert "会议决议还没有公开" in nothing.text
    assert "书面申请查询" in nothing.text
    await page(client, f"/v/{TINGZHU}/rules/nosuchthing", 404)
    await page(client, f"/v/{TINGZHU}/secrets", 404)


async def test_another_kinds_or_villages_address_is_none(db: Database, client: Client) -> None:
    await bring(db, RULES)
    (row,) = await db.rows("SELECT id FROM disclosures WHERE book = '村规民约'")

    await page(client, f"/v/{TINGZHU}/projects/{row['id']}", 404)
    await page(client, f"/v/{OTHER}/rules/{row['id']}", 404)
