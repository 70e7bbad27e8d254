"""A month's card and notice: drawn from what is published, nothing personal on them."""

import io
from datetime import date

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from pypdf import PdfReader

from console.account_pictures import AccountPictures
from console.drawings import Drawings
from console.site import Site
from storage import chain, regions
from storage.clock import HeldClock
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import VillageFacts
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_batch, make_line, publish

PLACE = VillageFacts(
    VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇"
)  # fmt: skip
MONTH = f"/v/{VILLAGE}/accounts/2026-03"


async def get(db: Database, path: str) -> tuple[int, str, bytes]:
    site, published = Site(db), PublishedAccounts(db)
    clock, base = HeldClock(NOW), "https://zhang.example.cn"
    app = web.Application(middlewares=[site.politely])
    AccountPictures(site, db, published, Drawings(), clock, base).add_to(app)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        return answer.status, answer.content_type, await answer.read()


async def publish_one(db: Database, **changes: object) -> None:
    await regions.save_villages(db, [PLACE])
    await publish(db, make_batch(make_line("2026-03-01", "记1", 123_456), **changes))  # type: ignore[arg-type]


async def test_the_card_is_a_picture_for_a_phone(db: Database) -> None:
    await publish_one(db)

    status, kind, content = await get(db, f"{MONTH}/card.png")

    assert (status, kind) == (200, "image/png")
    assert Image.open(io.BytesIO(content)).width == 1080


async def test_the_notice_says_all_that_is_published_and_the_head_of_the_chain(
    db: Database,
) -> None:
    await publish_one(db)

    status, kind, content = await get(db, f"{MONTH}/notice.pdf")

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert (status, kind) == (200, "application/pdf")
    assert "1,234.56" in text
    assert (await chain.head(db)).hash[:8] in text
    assert f"{NOW:%Y}年" in text
    assert date(2026, 3, 1).strftime("%-m月%-d日") in text


async def test_a_month_that_is_not_published_has_neither(db: Database) -> None:
    await regions.save_villages(db, [PLACE])

    assert (await get(db, f"{MONTH}/card.png"))[0] == 404
    assert (await get(db, f"{MONTH}/notice.pdf"))[0] == 404
    assert (await get(db, f"{MONTH}/card.png?book=别的"))[0] == 404
