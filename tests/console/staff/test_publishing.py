"""From a file to what everybody reads, on the pages: brought in, mended, signed, published."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from aiohttp import FormData
from PIL import Image

from notifications.templates import ensure_templates
from storage import ad_hoc, attachments, relatives, uploads
from storage.database import Database
from storage.published import PublishedAccounts
from storage.published_records import PublishedRecords
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.staff.kit import TOWN, VILLAGE, Browser, Console, Page, officer

HOME = "/console/publishing"
MESSY = Path(__file__).resolve().parents[2] / "data/ledger_messy.xlsx"
MESSY_VILLAGE = "990101101201"
SAMPLE = Path(__file__).resolve().parents[3] / "bot/sample"
HEAD = "日期,凭证号,摘要,科目,收入,支出,对方,经手人,审批人,监委会"
ROW = "2026-03-05,记1,打印纸,管理费用,,680.00,稻香印务部,柏青松,骆启明,靳三"
RENT = "2026-03-09,记2,铺面租金,经营收入,3500.00,,祝*梅,柏青松,骆启明,靳三"


def ledger(
    *rows: str, total: str = "3500.00,680.00", title: str = "听竹村2026年3月收支明细表"
) -> bytes:
    return "\n".join([title, HEAD, *rows, f",,合计,,{total},,,,"]).encode()


async def send(
    browser: Browser, content: bytes, *, kind: str = "ledger", place: str = VILLAGE,
    name: str = "三月账.csv",
) -> Page:  # fmt: skip
    page = await browser.get("/console/account")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    form = FormData()
    for key, value in (("csrf", token[1]), ("kind", kind), ("place", place)):
        form.add_field(key, value)
    form.add_field(
        "file", io.BytesIO(content), filename=name, content_type="application/octet-stream"
    )
    return await browser.send(f"{HOME}/upload", form)


async def attach(browser: Browser, href: str, content: bytes, kind: str = "sheet") -> Page:
    page = await browser.get("/console/account")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    form = FormData()
    for key, value in (("csrf", token[1]), ("kind", kind), ("title", "记1")):
        form.add_field(key, value)
    form.add_field("photo", content, filename="IMG_1.jpg", content_type="image/jpeg")
    return await browser.send(f"{href}/attach", form)


def seen(page: Page) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def step(browser: Browser, href: str, way: str, **fields: str) -> Page:
    """Takes a step upon a version as whoever looks at its page now."""
    page = await browser.get(href)
    return await browser.post(f"{href}/{way}", {"seen": seen(page), **fields})


class Story:
    """A clerk, two of the committee, a reviewer of the town, and one month on its way."""

    def __init__(self, desk: Console) -> None:
        self.desk = desk

    async def begin(self) -> Story:
        self.clerk = await self.desk.log_in("录入", VILLAGE, name="洪蕊", title="会计")
        self.first = await self.desk.log_in("监委会", VILLAGE, name="班秀英")
        self.second = await self.desk.log_in("审核", TOWN, name="卢青")
        return self

    async def drafted(self, content: bytes | None = None) -> str:
        file = await send(self.clerk, content or ledger(ROW, RENT))
        assert file.status == 303, file.text
        stored = await self.clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})
        return stored.location

    async def signed(self, content: bytes | None = None, reason: str = "") -> str:
        href = await self.drafted(content)
        told = await step(self.clerk, href, "prepare", do="submit", reason=reason)
        assert told.status == 303, told.text
        for browser in (self.first, self.second):
            told = await step(browser, href, "review", do="sign")
            assert told.status == 303, told.text
        return href


@pytest.fixture
async def story(desk: Console) -> Story:
    await ensure_templates(desk.db, NOW)
    return await Story(desk).begin()


# --- the way of a file ----------------------------------------------------------------------------


async def test_upload_rows_submit_two_sign_published_residents_see_it(
    story: Story, db: Database
) -> None:
    file = await send(story.clerk, ledger(ROW, RENT))
    rows = await story.clerk.follow(file)
    before = await db.rows("SELECT id FROM disclosures WHERE village = ?", VILLAGE)
    stored = await story.clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})
    href = stored.location
    draft = await story.clerk.follow(stored)
    submitted = await step(story.clerk, href, "prepare", do="submit")
    waiting = await story.first.get("/console/")
    one = await step(story.first, href, "review", do="sign")
    two = await step(story.second, href, "review", do="sign")
    signed = await story.clerk.get(href)
    published = await step(story.clerk, href, "publish")

    assert "读好 2 行,要确认 0 行,读不懂 0 行" in rows.text
    assert before == []
    assert "稻香印务部" in draft.text
    assert "提交给审核的人" in draft.text
    assert "签:听竹村 2026年3月村委会财务收支账" in waiting.text
    assert [page.status for page in (submitted, one, two, published)] == [303] * 4
    assert "签齐了,等公开" in signed.text
    (month,) = (await PublishedAccounts(db).newest(VILLAGE)).months
    assert (month.period, month.income_fen, month.expense_fen) == ("2026-03", 350_000, 68_000)
    assert "公开了,大家现在就看得到" in (await story.clerk.follow(published)).text


async def test_messy_workbook_shows_each_row_and_is_mended_in_place(
    story: Story, db: Database, sealer: Sealer
) -> None:
    clerk = await story.desk.log_in("录入", MESSY_VILLAGE)
    file = await send(clerk, MESSY.read_bytes(), name="三月账.xlsx", place=MESSY_VILLAGE)
    rows = await clerk.follow(file)
    refused = _card(rows.text, "一千二")
    amount = next(n for n, value in refused.items() if value == "一千二" and n.startswith("cell_"))
    mended = await clerk.post(f"{file.location}/mend", {**refused, amount: "1200"})
    after = await clerk.follow(mended)
    (upload,) = await uploads.newest(db, [MESSY_VILLAGE], 5)

    assert "读好 24 行,要确认 3 行,读不懂 3 行" in rows.text
    assert "990101199001070000" not in rows.text
    assert "读不懂 2 行" in after.text
    assert [(one.text, upload.revision) for one in upload.mends] == [("1200", 1)]


def _card(text: str, word: str) -> dict[str, str]:
    """The fields of the form of the card that holds this value."""
    for card in text.split('<section class="card')[1:]:
        if f'value="{word}"' in card:
            return dict(re.findall(r'name="(\w+)" value="([^"]*)"', card.split("</form>")[0]))
    raise AssertionError(text)


async def test_two_who_mend_one_file_see_each_other(story: Story) -> None:
    bad = ROW.replace("680.00", "待定")
    file = await send(story.clerk, ledger(bad, RENT))
    card = _card((await story.clerk.follow(file)).text, "待定")
    amount = next(n for n, value in card.items() if value == "待定" and n.startswith("cell_"))
    other = await story.desk.log_in("录入", VILLAGE)

    first = await other.post(f"{file.location}/mend", {**card, amount: "681"})
    second = await story.clerk.post(f"{file.location}/mend", {**card, amount: "680"})

    assert (first.status, second.status) == (303, 422)
    assert "别人刚才也改过这份文件" in second.text


async def test_what_cannot_be_read_says_why_and_keeps_what_was_chosen(story: Story) -> None:
    page = await send(story.clerk, b"PK\x03\x04 no workbook", name="账.xlsx")

    assert page.status == 422
    assert 'value="ledger" selected' in page.text
    assert 'id="file-problem"' in page.text


async def test_a_file_that_is_too_large_is_told_so(story: Story) -> None:
    page = await send(story.clerk, b"x" * (17 << 20))

    assert page.status == 422
    assert "文件最多 16 MB" in page.text


async def test_a_file_of_several_megabytes_is_taken(story: Story) -> None:
    rows = [ROW.replace("记1,", f"记{n},").replace("680.00", "1.00") for n in range(1, 12_001)]
    page = await send(story.clerk, ledger(*rows, total="0.00,12000.00"))

    assert page.status == 303, page.text


async def test_rows_of_another_village_are_not_brought_in(story: Story, db: Database) -> None:
    page = await send(story.clerk, ledger(ROW, RENT, title="上泉村2026年3月收支明细表"))
    rows = await story.clerk.follow(page)

    assert "读好 0 行" in rows.text
    assert "存成草稿" not in rows.text.split("会成为")[1]


async def test_a_file_is_thrown_away_and_stores_nothing(story: Story, db: Database) -> None:
    file = await send(story.clerk, ledger(ROW, RENT))
    gone = await story.clerk.post(f"{file.location}/finish", {"do": "drop"})
    again = await story.clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})

    assert gone.status == 303
    assert (again.status, "已经办完" in again.text) == (422, True)
    assert await db.rows("SELECT id FROM disclosures WHERE village = ?", VILLAGE) == []


async def test_a_file_sent_in_twice_changes_nothing(story: Story) -> None:
    await story.drafted()
    file = await send(story.clerk, ledger(ROW, RENT))
    stored = await story.clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})

    assert "什么也没有变" in (await story.clerk.follow(stored)).text


@pytest.mark.parametrize("kind", ["subsidies", "projects", "assets", "decisions", "documents",
                                  "rules", "contacts", "power-items"])  # fmt: skip
async def test_every_kind_goes_the_same_way(story: Story, kind: str, db: Database) -> None:
    name = "power_items.json" if kind == "power-items" else f"{kind}.csv"
    content = (SAMPLE / name).read_bytes()
    if kind != "power-items":
        head, *lines = content.decode().splitlines()
        content = "\n".join(
            [head, *(one for one in lines if VILLAGE in one or "听竹村" in one)]
        ).encode()
    file = await send(story.clerk, content, kind=kind, name=name)
    assert file.status == 303, file.text
    rows = await story.clerk.follow(file)
    stored = await story.clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})
    made = json.loads((await db.rows("SELECT drafts FROM uploads"))[0]["drafts"])
    href = f"{HOME}/versions/{made[0]}"

    assert (rows.status, stored.status) == (200, 303)
    assert (await story.clerk.get(HOME)).status == 200
    assert (await step(story.clerk, href, "prepare", do="submit")).status == 303
    for browser in (story.first, story.second):
        told = await step(browser, href, "review", do="sign")
        assert told.status == 303, told.text
    assert (await step(story.clerk, href, "publish")).status == 303
    state = await db.row("SELECT state FROM disclosures WHERE id = ?", made[0])
    assert state == {"state": "published"}


# --- who may, and who may not ---------------------------------------------------------------------


async def test_the_clerk_who_brought_it_in_signs_nothing(story: Story, sealer: Sealer) -> None:
    both = await officer(story.desk.db, sealer, ["录入", "监委会"], VILLAGE)
    clerk = await story.desk.enter(both)
    file = await send(clerk, ledger(ROW, RENT))
    stored = await clerk.post(f"{file.location}/finish", {"do": "store", "revision": "0"})
    await step(clerk, stored.location, "prepare", do="submit")

    told = await step(clerk, stored.location, "review", do="sign")

    assert told.status == 422
    assert "谁导入谁不审核" in told.text


async def test_a_declared_relative_of_a_cadre_signs_nothing(
    story: Story, db: Database, sealer: Sealer
) -> None:
    cadre = await officer(db, sealer, "干部", VILLAGE, name="纪广田", title="主任")
    third = await officer(db, sealer, "监委会", VILLAGE, name="靳老栓")
    await relatives.declare(db, third, cadre, "姻亲", "operator", NOW)
    href = await story.drafted()
    await step(story.clerk, href, "prepare", do="submit")
    kin = await story.desk.enter(third)

    shown = await kin.get(href)
    told = await step(kin, href, "review", do="sign")

    assert "您现在不能签" in shown.text
    assert told.status == 422
    assert "近亲属回避:签的人和纪广田(主任)登记为姻亲" in told.text


async def test_others_villages_and_roles_see_nothing(story: Story) -> None:
    href = await story.drafted()
    neighbour = await story.desk.log_in("监委会", "990101101201")
    clerk = await story.desk.log_in("录入", "990101101201")

    assert (await neighbour.get(href)).status == 404
    assert (await clerk.get(href)).status == 404
    assert (await story.first.post(f"{href}/prepare", {"do": "submit", "seen": "x"})).status == 404
    assert (await story.clerk.post(f"{href}/review", {"do": "sign", "seen": "x"})).status == 404


async def test_whoever_looked_at_an_older_content_signs_nothing(story: Story) -> None:
    href = await story.drafted()
    await step(story.clerk, href, "prepare", do="submit")
    old = seen(await story.first.get(href))
    await step(story.clerk, href, "prepare", do="recall")
    await story.drafted(ledger(ROW.replace("680.00", "690.00"), RENT, total="3500.00,690.00"))
    await step(story.clerk, href, "prepare", do="submit")

    told = await story.first.post(f"{href}/review", {"do": "sign", "seen": old})

    assert told.status == 422
    assert "别人刚才动过这一份" in told.text
    assert "690元" in told.text


# --- corrections, withdrawals, what belongs to a version ------------------------------------------


async def test_a_correction_needs_a_reason_and_residents_read_it(
    story: Story, db: Database
) -> None:
    href = await story.signed()
    await step(story.clerk, href, "publish")
    corrected = ledger(ROW.replace("680.00", "690.00"), RENT, total="3500.00,690.00")
    second = await story.drafted(corrected)

    silent = await step(story.clerk, second, "prepare", do="submit")
    told = await step(story.clerk, second, "prepare", do="submit", reason="少写了10元")
    for browser in (story.first, story.second):
        await step(browser, second, "review", do="sign")
    await step(story.clerk, second, "publish")

    assert (silent.status, told.status) == (422, 303)
    assert "这是更正,写明为什么改" in silent.text
    (month,) = (await PublishedAccounts(db).newest(VILLAGE)).months
    assert (month.version, month.expense_fen) == (2, 69_000)
    assert month.reason.startswith("少写了10元(")


async def test_a_reviewer_gives_it_back_and_the_clerk_sees_why(story: Story) -> None:
    href = await story.drafted()
    await step(story.clerk, href, "prepare", do="submit")

    silent = await step(story.first, href, "review", do="back", back="")
    back = await step(story.first, href, "review", do="back", back="记1没有附发票")

    assert (silent.status, back.status) == (422, 303)
    assert "审核的人退回了:记1没有附发票" in (await story.clerk.get(href)).text
    assert "改好再交:听竹村" in (await story.clerk.get("/console/")).text


async def test_a_withdrawal_needs_a_reason(story: Story, db: Database) -> None:
    href = await story.signed()
    await step(story.second, href, "publish")

    silent = await step(story.second, href, "withdraw", withdrawal="")
    told = await step(story.second, href, "withdraw", withdrawal="放错了村")

    assert (silent.status, told.status) == (422, 303)
    assert (await PublishedAccounts(db).newest(VILLAGE)).months == ()
    assert "放错了村" in (await story.clerk.get(href)).text


async def test_photos_lose_what_the_camera_noted(
    story: Story, db: Database, sealer: Sealer
) -> None:
    href = await story.drafted()
    taken = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-OF-SOMEBODY"
    Image.new("RGB", (60, 40), "white").save(taken, "JPEG", exif=exif)
    assert b"CAMERA-OF-SOMEBODY" in taken.getvalue()

    page = await attach(story.clerk, href, taken.getvalue())
    no_photo = await attach(story.clerk, href, b"not a picture")
    (kept,) = await attachments.of(db, href.rpartition("/")[2])
    content = await attachments.content(db, sealer, kept.id)
    shown = await story.first.get(f"{HOME}/attachments/{kept.id}")

    assert (page.status, no_photo.status) == (303, 422)
    assert b"CAMERA-OF-SOMEBODY" not in content
    assert Image.open(io.BytesIO(content)).size == (60, 40)
    assert shown.headers["Content-Type"] == "image/jpeg"


async def test_the_sheet_to_sign_is_printed_and_noted(story: Story, db: Database) -> None:
    href = await story.drafted()

    page = await story.clerk.get(f"{href}/sheet")

    assert page.headers["Content-Type"] == "application/pdf"
    assert await db.rows("SELECT seq FROM audit WHERE action = 'export'")


# --- the register ---------------------------------------------------------------------------------


async def test_the_register_shows_posts_terms_and_conflicts(
    story: Story, db: Database, sealer: Sealer
) -> None:
    cadre = await officer(db, sealer, ["干部", "监委会"], VILLAGE, name="纪广田", title="主任")
    await db.run("UPDATE posts SET ends_on = '2026-12-10' WHERE person_id = ?", cadre)
    third = await officer(db, sealer, "监委会", VILLAGE, name="靳老栓")
    manager = await story.desk.log_in("管理", TOWN)
    href = f"{HOME}/register/{VILLAGE}"

    first = await manager.get(href)
    told = await manager.post(
        f"{href}/relatives", {"person": third, "other": cadre, "relation": "姻亲"}
    )
    oneself = await manager.post(
        f"{href}/relatives", {"person": third, "other": third, "relation": "姻亲"}
    )
    second = await manager.get(href)

    assert "纪广田又执行又监督:是主任,又是监委会" in first.text
    assert "任期到2026年12月10日为止" in first.text
    assert (told.status, oneself.status) == (303, 422)
    assert "靳老栓(监委会)和纪广田(主任)登记为姻亲" in second.text
    assert (await story.clerk.post(f"{href}/relatives", {})).status == 404


# --- what is public at once -----------------------------------------------------------------------


async def test_what_a_cadre_sends_in_is_public_once_a_reviewer_approves(
    story: Story, db: Database, sealer: Sealer
) -> None:
    cadre = await officer(db, sealer, "干部", VILLAGE, name="纪广田")
    text = "明天上午停水\n因为换水管,三组、五组明天8点到12点停水。"
    for _ in range(2):
        await ad_hoc.receive(
            db, sealer, village=VILLAGE, person_id=cadre, text=text, key="m1", now=NOW
        )
    (sent,) = await ad_hoc.waiting(db, sealer, [VILLAGE], 5)
    waiting = await story.first.get("/console/")
    shown = await story.first.get(f"{HOME}/ad-hoc")

    silent = await story.first.post(f"{HOME}/ad-hoc/{sent.id}", {"do": "refuse", "reason": ""})
    told = await story.first.post(f"{HOME}/ad-hoc/{sent.id}", {"do": "approve"})
    again = await story.second.post(f"{HOME}/ad-hoc/{sent.id}", {"do": "approve"})

    assert "要马上公开的,有1条等您看" in waiting.text
    assert "三组、五组明天8点到12点停水" in shown.text
    assert (silent.status, told.status, again.status) == (422, 303, 303)
    found = (await PublishedRecords(db).newest(VILLAGE)).disclosures
    assert [record.text("title") for one in found for record in one.records] == ["明天上午停水"]
    assert "别人已经办过" in (await story.second.follow(again)).text


async def test_who_sent_it_in_does_not_approve_it(
    story: Story, db: Database, sealer: Sealer
) -> None:
    both = await officer(db, sealer, ["录入", "审核"], VILLAGE)
    await ad_hoc.receive(
        db, sealer, village=VILLAGE, person_id=both, text="明天停水", key="m1", now=NOW
    )
    (sent,) = await ad_hoc.waiting(db, sealer, [VILLAGE], 5)

    own = await (await story.desk.enter(both)).post(f"{HOME}/ad-hoc/{sent.id}", {"do": "approve"})

    assert own.status == 422
    assert "谁导入谁不审核" in own.text
    assert (await PublishedRecords(db).newest(VILLAGE)).disclosures == ()
