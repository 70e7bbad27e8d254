"""A notice read in full: by its id alone, without numbers of persons."""

from datetime import timedelta

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
    assert (await browse("/v/notices/nobody", 404)).one("h1").text == "没有这一页"
