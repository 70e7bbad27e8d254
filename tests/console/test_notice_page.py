"""A notice read in full: by its id alone, without numbers of persons."""

from datetime import timedelta
from typing import Any

from aiohttp.test_utils import TestClient

from storage import campaigns
from storage.campaigns import Campaign
from storage.database import Database
from tests.conftest import NOW
from tests.console.conftest import Browse
from tests.storage.making import on_sqlite

LONG = "开会\n明天上午九点在村委会开会。有事打13812345678。"


@on_sqlite
async def test_notice_is_read_in_full_by_its_id(db: Database, browse: Browse) -> None:
    told = Campaign(
        id="c0ffee", key="c0ffee", template="notice", notice_class="news", lane=2, audience="",
        params={}, texts={"wechat": LONG}, link="", state="done", revision=1, planned_for=NOW,
        expires_at=NOW + timedelta(days=1), created_by="operator", created_at=NOW,
    )  # fmt: skip
    await campaigns.insert(db, told)

    page = await browse("/v/notices/c0ffee")

    assert [line.text for line in page.one("main").find("p")] == [
        "开会",
        "明天上午九点在村委会开会。有事打***。",
    ]
    assert page.one("main").find("img") == []
    assert (await browse("/v/notices/nobody", 404)).one("h1").text == "没有这一页"
    await browse("/v/notices/c0ffee/card.png", 404)


@on_sqlite
async def test_what_goes_out_as_a_card_is_drawn_without_numbers_of_persons(
    db: Database, browse: Browse, web_client: TestClient[Any, Any]
) -> None:
    for identity, said in (("card1", "有事打13812345678"), ("card2", "有事打***")):
        told = Campaign(
            id=identity, key=identity, template="integrity_reminder", notice_class="reminder",
            lane=3, audience="", params={"text": said}, texts={"wechat": f"廉洁提醒:{said}"},
            link=f"/v/notices/{identity}", card="元旦", state="done", revision=1, planned_for=NOW,
            expires_at=NOW + timedelta(days=1), created_by="system", created_at=NOW,
        )  # fmt: skip
        await campaigns.insert(db, told)

    page = await browse("/v/notices/card1")
    drawn = []
    for identity in ("card1", "card2"):
        async with web_client.get(f"/v/notices/{identity}/card.png") as response:
            assert (response.status, response.content_type) == (200, "image/png")
            drawn.append(await response.read())

    image = page.one("main").one("img")
    assert image.attributes["src"] == "/v/notices/card1/card.png"
    assert image.attributes["alt"] == "廉洁提醒:有事打***"
    assert drawn[0].startswith(b"\x89PNG")
    assert drawn[0] == drawn[1]
