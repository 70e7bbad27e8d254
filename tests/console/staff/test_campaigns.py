"""Pushes on the console: composed, approved, watched, steered, reported."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from console.staff.campaigns import texts
from notifications.templates import bind, edit, ensure_templates
from storage import audit, campaigns
from storage.database import Database
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.county import TINGZHU
from tests.console.staff.kit import COUNTY, TOWN, Browser, Console, Page, officer

CAMPAIGNS = "/console/campaigns"
FIELDS = {"thing1": "title", "thing2": "text"}


@pytest.fixture
async def sender(desk: Console, db: Database, sealer: Sealer) -> Browser:
    """The town's, with three cadres whom a text reaches, and templates that may be sent."""
    await ensure_templates(db, NOW)
    await bind(db, "notice", gateway="wechat", external_id="w", fields=FIELDS, now=NOW)
    await bind(db, "notice", gateway="aliyun", external_id="SMS_9", fields={}, now=NOW)
    for number in range(3):
        await officer(db, sealer, "干部", TINGZHU, name=f"许{number}", phone=f"1660001008{number}")
    return await desk.log_in("管理", TOWN, name="穆远")


def form(do: str = "place", **changes: Any) -> dict[str, Any]:
    return {
        "do": do,
        "id": "form0000000000000001",
        "template": "notice",
        "versions": "wechat:1,sms:1",
        "region": TOWN,
        "village": "",
        "role": "干部",
        "post": "",
        "topic": "",
        "value_title": "村民会议",
        "value_text": "明天上午九点开会。",
        "at": "",
        "people": "3",
    } | changes


async def placed(sender: Browser, **changes: Any) -> Page:
    return await sender.post(f"{CAMPAIGNS}/new", form(**changes))


def identity(page: Page) -> str:
    return page.location.rpartition("/")[2]


async def many(db: Database, sealer: Sealer, count: int = 201) -> None:
    for number in range(count):
        await officer(db, sealer, "监督员", TINGZHU, phone=f"1660002{number:04d}")


async def settle(db: Database, campaign_id: str, *states: str) -> None:
    """Deliveries in these states, as outcomes leave them."""
    rows = await db.rows("SELECT id FROM deliveries WHERE campaign_id = ? ORDER BY id", campaign_id)
    for row, state in zip(rows, states, strict=True):
        reason = "isv.MOBILE_NUMBER_ILLEGAL" if state == "refused" else ""
        await db.run(
            "UPDATE deliveries SET state = ?, reason = ? WHERE id = ?", state, reason, row["id"]
        )
    reached = sum(state in ("sent", "delivered") for state in states)
    counted = ", ".join(f"{state} = {states.count(state)}" for state in set(states))
    await db.run(
        f"UPDATE tallies SET new = 0, {counted}, sms = {reached} WHERE campaign_id = ?",  # noqa: S608
        campaign_id,
    )
    await db.run("UPDATE campaigns SET state = 'done' WHERE id = ?", campaign_id)


async def test_the_form_offers_only_ones_own_region(sender: Browser, desk: Console) -> None:
    page = await sender.get(f"{CAMPAIGNS}/new")
    county = await (await desk.log_in("管理", COUNTY)).get(f"{CAMPAIGNS}/new")

    assert f'value="{TOWN}"' in page.text
    assert f'value="{COUNTY}"' not in page.text
    assert f'value="{COUNTY}"' in county.text


async def test_an_audience_is_counted_and_a_few_are_shown_masked(
    sender: Browser, db: Database
) -> None:
    page = await sender.post(f"{CAMPAIGNS}/new", form("look", value_text=""))

    assert page.status == 200
    assert "<strong>3人</strong>" in page.text
    assert "许*" in page.text
    assert "166****0080" in page.text
    assert "16600010080" not in page.text
    assert await db.rows("SELECT * FROM campaigns") == []


async def test_its_price_stands_there_before_it_starts(sender: Browser) -> None:
    page = await sender.post(f"{CAMPAIGNS}/new", form("look"))

    assert "约 0.15元" in page.text
    assert "微信今天" in page.text
    assert "【明禾公开】村民会议:明天上午九点开会" in page.text


async def test_a_small_one_begins_when_its_number_is_written_down(
    sender: Browser, db: Database
) -> None:
    wrong = await placed(sender, people="300")
    page = await placed(sender)

    assert wrong.status == 422
    assert texts.BAD_PEOPLE.format(people=3) in wrong.text
    shown = await sender.follow(page)
    assert texts.PLACED in shown.text
    assert "明天上午九点开会" in shown.text
    assert len(await db.rows("SELECT * FROM deliveries")) == 3
    acts = [act.action for act in await audit.about(db, identity(page))]
    assert acts == ["created"]


async def test_a_form_that_is_sent_twice_sends_once(sender: Browser, db: Database) -> None:
    first = await placed(sender)
    second = await placed(sender)

    assert first.location == second.location
    assert len(await db.rows("SELECT * FROM deliveries")) == 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"region": COUNTY}, texts.NOT_YOURS),
        ({"region": ""}, texts.NO_REGION),
        ({"village": "没有的村"}, "没有找到“没有的村”"),
        ({"value_text": ""}, texts.VALUE_MISSING),
        ({"post": "会计|role=居民"}, texts.UNREADABLE_POST),
        ({"at": "2020-01-01T08:00"}, texts.PAST_TIME),
        ({"at": "明天"}, texts.BAD_TIME),
        ({"value_text": "看www.a.cn"}, "短信平台不收"),
        ({"versions": "wechat:9,sms:1"}, "说法刚才改过"),
        ({"role": "审计", "people": "0"}, "没有人符合"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_sent(
    sender: Browser, db: Database, changes: dict[str, str], says: str
) -> None:
    page = await placed(sender, **changes)

    assert page.status == 422
    assert says in page.text
    assert "村民会议" in page.text
    assert await db.rows("SELECT * FROM campaigns") == []


async def test_a_village_of_ones_own_stands_before_the_region(
    sender: Browser, db: Database
) -> None:
    page = await placed(sender, village="听竹村", region="")

    campaign = await campaigns.load(db, identity(page))
    assert campaign is not None
    assert campaign.audience == f"role=干部,region={TINGZHU}"
    assert (campaign.region, campaign.created_by) == (TINGZHU, sender.person_id)


async def test_one_for_later_waits_for_its_time(sender: Browser, db: Database) -> None:
    page = await placed(sender, at="2026-11-25T10:00")

    shown = await sender.follow(page)
    assert texts.PLANNED in shown.text
    campaign = await campaigns.load(db, identity(page))
    assert campaign is not None
    assert campaign.state == "planned"
    assert campaign.planned_for == datetime.fromisoformat("2026-11-25T10:00+08:00")


async def test_a_large_one_begins_when_a_second_person_approves(
    desk: Console, sender: Browser, db: Database, sealer: Sealer
) -> None:
    await many(db, sealer)
    page = await placed(sender, role="监督员", people="")
    mine = await sender.follow(page)
    own = await sender.post(f"{page.location}/decide", {"do": "approve"})
    second = await desk.log_in("管理", COUNTY)
    todo = await second.get("/console/")
    shown = await second.get(page.location)

    decided = await second.post(f"{page.location}/decide", {"do": "approve"})

    assert texts.HANDED_OVER in mine.text
    assert (own.status, "自己拟的推送要请另一个人核准" in own.text) == (422, True)
    assert texts.TODO.format(name="一般通知", people=201) in todo.text
    assert "201人" in shown.text
    assert texts.APPROVED in (await second.follow(decided)).text
    assert len(await db.rows("SELECT * FROM deliveries")) == 201
    assert "核准的人" in (await sender.get(decided.location)).text


async def test_a_large_one_that_is_refused_sends_nothing(
    desk: Console, sender: Browser, db: Database, sealer: Sealer
) -> None:
    await many(db, sealer)
    page = await placed(sender, role="监督员")
    second = await desk.log_in("管理", COUNTY)
    without = await second.post(f"{page.location}/decide", {"do": "refuse"})

    refused = await second.post(f"{page.location}/decide", {"do": "refuse", "reason": "日子不对"})

    assert without.status == 422
    assert texts.REFUSED in (await second.follow(refused)).text
    assert "日子不对" in (await sender.get(page.location)).text
    assert await db.rows("SELECT * FROM deliveries") == []


async def test_it_is_paused_goes_on_and_is_cancelled(sender: Browser, db: Database) -> None:
    page = await placed(sender)
    steer = f"{page.location}/steer"

    paused = await sender.follow(await sender.post(steer, {"do": "pause"}))
    went_on = await sender.follow(await sender.post(steer, {"do": "resume"}))
    unsure = await sender.post(steer, {"do": "cancel"})
    cancelled = await sender.follow(await sender.post(steer, {"do": "cancel", "sure": "yes"}))
    again = await sender.post(steer, {"do": "pause"})

    assert texts.PAUSED in paused.text
    assert "停着" in paused.text
    assert texts.WENT_ON in went_on.text
    assert (unsure.status, texts.SURE in unsure.text) == (422, True)
    assert texts.CANCELLED in cancelled.text
    assert (again.status, "不能暂停" in again.text) == (422, True)
    rows = await db.rows("SELECT state FROM deliveries")
    assert {row["state"] for row in rows} == {"cancelled"}


async def test_whom_it_missed_gets_it_once_more(sender: Browser, db: Database) -> None:
    page = await placed(sender)
    await settle(db, identity(page), "delivered", "refused", "sent")

    weighed = await sender.get(f"{page.location}/resend")
    resent = await sender.follow(await sender.post(f"{page.location}/steer", {"do": "resend"}))

    assert "补发给 <strong>1人</strong>" in weighed.text
    assert texts.RESENT.format(people=1) in resent.text
    rows = await db.rows("SELECT revision FROM deliveries WHERE revision = 2")
    assert len(rows) == 1


async def test_progress_comes_as_it_changes_until_it_is_over(sender: Browser, db: Database) -> None:
    page = await placed(sender)
    shown = await sender.get(page.location)
    await settle(db, identity(page), "delivered", "refused", "sent")

    stream = await sender.get(f"{page.location}/events")

    assert f'sse-connect="{page.location}/events"' in shown.text
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert stream.text.startswith("event: progress\ndata: ")
    assert "发完了" in stream.text
    assert stream.text.endswith("event: over\ndata: \n\n")


async def test_a_report_tells_how_many_where_and_why(sender: Browser, db: Database) -> None:
    page = await placed(sender)
    await settle(db, identity(page), "delivered", "refused", "sent")

    report = await sender.get(f"{page.location}/report")
    export = await sender.post(f"{page.location}/report")

    assert "收到的 2 人,占 66%" in report.text
    assert 'data-chart="bars"' in report.text
    assert "号码" in report.text
    assert export.headers["Content-Type"].startswith("text/csv")
    assert export.text.startswith("\ufeff第几轮,")
    acts = await audit.about(db, identity(page))
    assert acts[-1].action == "export"
    assert acts[-1].actor == sender.person_id


async def test_the_words_of_a_push_stay_when_the_template_changes(
    sender: Browser, db: Database
) -> None:
    page = await placed(sender)
    await edit(db, "notice", "sms", "新说法:${title},${text}。", actor="operator", now=NOW)

    shown = await sender.get(page.location)
    template = await sender.get("/console/templates/notice")

    assert "短信第1版" in shown.text
    assert "模板后来又改过,这一次不变" in shown.text
    assert "新说法" not in shown.text
    assert f'href="{page.location}"' in template.text


async def test_others_see_nothing_of_it(desk: Console, sender: Browser, db: Database) -> None:
    page = await placed(sender)
    elsewhere = await desk.log_in("管理", "990102000000")
    auditor = await desk.log_in("审计", COUNTY)

    for path in ("", "/report", "/events", "/resend"):
        assert (await elsewhere.get(page.location + path)).status == 404, path
    assert (await elsewhere.post(f"{page.location}/steer", {"do": "pause"})).status == 404
    assert identity(page) not in (await elsewhere.get(CAMPAIGNS)).text
    assert identity(page) in (await auditor.get(CAMPAIGNS)).text
    assert (await auditor.get(page.location)).status == 200
    assert (await auditor.post(f"{page.location}/steer", {"do": "pause"})).status == 404
    campaign = await campaigns.load(db, identity(page))
    assert campaign is not None
    assert campaign.state == "running"


async def test_what_goes_to_one_person_is_nobody_elses_to_read(
    desk: Console, sender: Browser, db: Database
) -> None:
    page = await placed(sender)
    await db.run("UPDATE campaigns SET audience = 'person=abc', region = '', created_by = 'system'")
    county = await desk.log_in("管理", COUNTY)

    assert (await county.get(page.location)).status == 404
    assert identity(page) not in (await county.get(f"{CAMPAIGNS}?by=all")).text


async def test_what_the_program_sends_is_listed_apart(
    desk: Console, sender: Browser, db: Database
) -> None:
    page = await placed(sender)
    await db.run("UPDATE campaigns SET created_by = 'system', of_people = false")
    county = await desk.log_in("管理", COUNTY)

    people = await county.get(CAMPAIGNS)
    everything = await county.get(f"{CAMPAIGNS}?by=all")

    assert identity(page) not in people.text
    assert identity(page) in everything.text


async def test_only_what_people_send_by_themselves_can_be_composed(sender: Browser) -> None:
    for code in texts.COMPOSED:
        assert (await sender.get(f"{CAMPAIGNS}/new?template={code}")).status == 200
    assert (await sender.get(f"{CAMPAIGNS}/new?template=answer_total")).status == 404
    assert (await placed(sender, template="request_answered")).status == 404


async def test_no_page_has_code_or_style_inside(sender: Browser) -> None:
    made = await placed(sender)
    for path in (CAMPAIGNS, f"{CAMPAIGNS}/new", made.location, f"{made.location}/report"):
        page = await sender.get(path)
        assert page.status == 200
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
        assert not re.search(r"\son\w+=", page.text)
