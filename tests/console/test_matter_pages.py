"""Results of applications: those that may be shown, masked, and no others."""

from dataclasses import replace
from datetime import date

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.matter_pages import MatterPages
from console.site import Site
from storage import matters, regions
from storage.database import Database
from storage.matters import Application, Result
from storage.regions import VillageFacts
from storage.sealing import Sealer
from tests.conftest import NOW

VILLAGE = "990101101200"
PLACE = VillageFacts(
    VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇"
)  # fmt: skip
TODAY = date(2026, 11, 24)
APPLICATION = Application(
    village=VILLAGE, item_code="D01", item_name="低保申请初审", steps=(), applicant="乔木兰",
    applicant_masked="乔*兰", applicant_id=None, due_on=TODAY, is_public=True,
)  # fmt: skip


async def page_of(db: Database) -> tuple[int, str]:
    site = Site(db)
    app = web.Application(middlewares=[site.politely])
    for part in (site, MatterPages(site, db)):
        part.add_to(app)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(f"/v/{VILLAGE}/matters")
        return answer.status, await answer.text()


async def close_one(db: Database, sealer: Sealer, application: Application, result: Result) -> None:
    matter = await matters.open_matter(
        db, sealer, application, actor="operator", now=NOW, today=TODAY
    )
    await matters.close(db, matter.number, result, actor="operator", now=NOW)


async def test_a_result_shows_what_when_and_how_much_but_not_who(
    db: Database, sealer: Sealer
) -> None:
    place = VillageFacts(
        VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇"
    )
    await regions.save_villages(db, [place])
    phone = Result("同意,已通知 16600010071", TODAY, 36_000)
    await close_one(db, sealer, APPLICATION, phone)
    secret = replace(APPLICATION, item_name="残疾证", is_public=False)
    await close_one(db, sealer, secret, Result("同意", TODAY))

    status, html = await page_of(db)

    assert status == 200
    for shown in ("低保申请初审", "乔*兰", "2026年11月24日", "同意", "360"):
        assert shown in html
    for hidden in ("乔木兰", "残疾证", "16600010071"):
        assert hidden not in html


async def test_a_village_with_none_says_so(db: Database) -> None:
    place = VillageFacts(
        VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇"
    )
    await regions.save_villages(db, [place])

    assert "还没有可以公开的办理结果" in (await page_of(db))[1]
