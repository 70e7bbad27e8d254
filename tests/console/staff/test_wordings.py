"""Message templates on the console: seen, edited, tried, decided on by a second person."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from console.staff.wordings import texts
from notifications.catalogue import CATALOGUE
from notifications.jobs import usual_jobs
from notifications.templates import bind, edit, ensure_templates
from storage import audit, people, templates
from storage.database import Database
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.staff.kit import COUNTY, TOWN, Browser, Console, Page, terms

ONE = "/console/templates/disclosure_due"
WORDS = "${village}的${period},${due}前要公开,还没有公开。收到请回9。"
FIELDS = {"thing1": "village", "thing2": "period", "thing3": "due"}


@pytest.fixture
async def admin(desk: Console, db: Database) -> Browser:
    """The county's, with the templates that a new installation has."""
    await ensure_templates(db, NOW)
    code = "disclosure_due"
    await bind(db, code, gateway="wechat", external_id="w_due", fields=FIELDS, now=NOW)
    await bind(db, code, gateway="aliyun", external_id="SMS_1", fields={}, now=NOW)
    return await desk.log_in("管理", COUNTY, name="穆远")


def form(do: str = "propose", **changes: Any) -> dict[str, Any]:
    """As the page of the reminder sends it."""
    shipped = CATALOGUE["disclosure_due"]
    return {
        "do": do,
        "words_wechat": shipped.wechat,
        "words_sms": shipped.sms,
        "based_wechat": "1",
        "based_sms": "1",
        "value_village": "听竹村",
        "value_period": "2026年10月账目",
        "value_due": "12月8日",
    } | changes


async def proposed(admin: Browser, **changes: Any) -> Page:
    return await admin.post(f"{ONE}/edit", form(words_wechat=WORDS, **changes))


async def words_of(db: Database, channel: str = "wechat") -> str:
    return (await templates.wordings_of(db, "disclosure_due"))[channel].text


async def test_the_list_names_every_template_and_where_it_is_used(admin: Browser) -> None:
    page = await admin.get("/console/templates")

    for code in CATALOGUE:
        assert f'href="/console/templates/{code}"' in page.text
        assert texts.NAMES[code] in page.text
    assert texts.USED["disclosure_due"] in page.text


def test_every_template_and_parameter_has_a_name() -> None:
    assert set(texts.NAMES) == set(CATALOGUE)
    names = {parameter.name for item in CATALOGUE.values() for parameter in item.parameters}
    assert names <= set(texts.PARAMETERS)
    pushed = {item.code for item in CATALOGUE.values() if item.notice_class != "answer"}
    assert pushed <= set(texts.USED)


async def test_the_schedules_that_are_named_exist(db: Database) -> None:
    jobs = {job.name for job in usual_jobs(db, terms())}

    assert set(texts.JOBS.values()) <= jobs
    assert set(texts.JOBS) <= set(CATALOGUE)


async def test_one_shows_both_phones_its_versions_and_the_provider(admin: Browser) -> None:
    page = await admin.get(ONE)

    assert page.text.count('class="phone ') == 2
    assert "【明禾公开】听竹村的2026年10月" in page.text
    assert "w_due" in page.text
    assert "thing1 填“村”" in page.text
    assert "没人回话时" in page.text
    assert "第1版" in page.text


async def test_words_are_tried_without_being_stored(admin: Browser, db: Database) -> None:
    page = await admin.post(f"{ONE}/edit", form("preview", words_sms="${village}${period}"))

    assert page.status == 200
    assert "两个变量挨在一起" in page.text
    assert len(await templates.versions(db, "disclosure_due")) == 2

    page = await admin.post(f"{ONE}/edit", form("preview", value_village="某某村" * 20))
    assert "最多 35 个字" in page.text


async def test_the_price_stands_below_the_phone(admin: Browser) -> None:
    page = await admin.post(f"{ONE}/edit", form("preview"))

    found = re.search(r"连签名 (\d+) 个字,算 1 条,0.05元。变量都最长时 2 条,0.10元", page.text)
    assert found is not None
    shown = "【明禾公开】听竹村的2026年10月账目,要在12月8日前公开,还没有公开。收到请回9。"
    assert int(found[1]) == len(shown)


async def test_what_is_laid_before_a_second_person_is_not_said(
    admin: Browser, db: Database
) -> None:
    before = await words_of(db)

    page = await admin.follow(await proposed(admin))

    assert texts.PROPOSED in page.text
    assert "等核准:微信第2版" in page.text
    assert texts.PROPOSED not in (await admin.get(ONE)).text
    assert await words_of(db) == before
    assert await words_of(db, "sms") == CATALOGUE["disclosure_due"].sms


async def test_a_second_admin_sees_the_difference_and_approves(
    desk: Console, admin: Browser, db: Database
) -> None:
    await proposed(admin)
    second = await desk.log_in("管理", COUNTY, name="纪广田")
    todo = await second.get("/console/")
    shown = await second.get(ONE)

    decision = {"channel": "wechat", "version": "2", "do": "approve"}
    page = await second.follow(await second.post(f"{ONE}/decide", decision))

    assert "核准新说法:公开快到期" in todo.text
    assert "<del>" in shown.text
    assert "<ins>" in shown.text
    assert texts.APPROVED in page.text
    assert await words_of(db) == WORDS
    acts = [(act.actor, act.action) for act in await audit.about(db, "disclosure_due")][-2:]
    assert acts == [
        (admin.person_id, "words_proposed"),
        (second.person_id, "words_approved"),
    ]


async def test_nobody_approves_their_own(admin: Browser, db: Database) -> None:
    await proposed(admin)

    page = await admin.post(f"{ONE}/decide", {"channel": "wechat", "version": "2", "do": "approve"})

    assert (page.status, "自己写的要请另一个人核准" in page.text) == (422, True)
    assert await words_of(db) != WORDS
    assert "核准新说法" not in (await admin.get("/console/")).text


async def test_a_refusal_asks_for_a_reason_and_shows_it(
    desk: Console, admin: Browser, db: Database
) -> None:
    await proposed(admin)
    second = await desk.log_in("管理", COUNTY)
    decision = {"channel": "wechat", "version": "2", "do": "refuse"}
    without = await second.post(f"{ONE}/decide", decision)

    page = await second.follow(
        await second.post(f"{ONE}/decide", decision | {"reason_wechat": "少了收到回9"})
    )

    assert (without.status, "为什么不同意" in without.text) == (422, True)
    assert "少了收到回9" in page.text
    assert await words_of(db) != WORDS


async def test_the_second_of_two_editors_sees_the_difference_and_loses_nothing(
    desk: Console, admin: Browser, db: Database
) -> None:
    other = await desk.log_in("管理", COUNTY)
    mine = WORDS.replace("还没有公开", "请尽快公开")
    await proposed(admin)

    page = await other.post(f"{ONE}/edit", form(words_wechat=mine))
    again = await other.post(f"{ONE}/edit", form(words_wechat=mine, based_wechat="2"))

    assert page.status == 422
    assert texts.CHANGED_MEANWHILE in page.text
    assert mine in page.text
    assert 'name="based_wechat" value="2"' in page.text
    assert again.status == 303
    states = [v.state for v in await templates.versions(db, "disclosure_due")]
    assert states.count("waiting") == 1


async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    admin: Browser, db: Database
) -> None:
    typed = "${village}请打13800138000。" + "还没有公开" * 3

    page = await admin.post(f"{ONE}/edit", form(words_wechat=typed, value_village="上泉村"))

    assert page.status == 422
    assert 'id="words_wechat-problem"' in page.text
    assert "手机号" in page.text
    assert typed in page.text
    assert "上泉村" in page.text
    assert await templates.waiting(db) == []


async def test_both_channels_are_laid_before_somebody_or_none(admin: Browser, db: Database) -> None:
    page = await proposed(admin, words_sms="${village}")

    assert page.status == 422
    assert await templates.waiting(db) == []


async def test_no_change_is_said_to_be_none(admin: Browser) -> None:
    page = await admin.post(f"{ONE}/edit", form())

    assert (page.status, texts.NOTHING_CHANGED in page.text) == (422, True)


async def test_an_older_version_is_compared_and_taken_up_again(
    admin: Browser, db: Database
) -> None:
    shipped = CATALOGUE["disclosure_due"].wechat
    later = NOW + timedelta(hours=1)
    await edit(db, "disclosure_due", "wechat", WORDS, actor="operator", now=later)

    compared = await admin.get(f"{ONE}/compare?channel=wechat&a=1&b=2")
    opened = await admin.get(f"{ONE}/edit?wechat=1")
    sent = await admin.post(f"{ONE}/edit", form(words_wechat=shipped, based_wechat="2"))

    assert "<del>" in compared.text
    assert shipped in opened.text
    assert 'name="based_wechat" value="2"' in opened.text
    assert sent.status == 303
    assert (await admin.get(f"{ONE}/compare?channel=wechat&a=1&b=9")).status == 404


async def test_a_test_goes_to_oneself_in_the_words_that_were_typed(
    admin: Browser, db: Database, sealer: Sealer
) -> None:
    nobody = await admin.post(f"{ONE}/edit", form("test", words_wechat=WORDS))
    await people.add_address(db, sealer, admin.person_id, "sms", "16600010074", NOW)

    page = await admin.post(f"{ONE}/edit", form("test", words_sms=WORDS))

    assert nobody.status == 422
    assert (page.status, texts.TESTED in page.text) == (200, True)
    assert "words_sms" in page.text
    (made,) = await db.rows(
        "SELECT d.person_id, c.texts FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
    )
    assert made["person_id"] == admin.person_id
    assert "12月8日前要公开" in made["texts"]
    assert await templates.waiting(db) == []


async def test_the_providers_id_and_word_are_noted(admin: Browser, db: Database) -> None:
    bound = await admin.post(
        "/console/templates/notice/bind",
        {"gateway": "wechat", "external_id": "w_7", "fields": "thing1=title\r\nthing2 = text"},
    )
    after = await admin.follow(bound)
    noted = await admin.post(
        "/console/templates/notice/approval",
        {"gateway": "wechat", "approval": "refused", "reason": "变量写得太少"},
    )

    binding = (await templates.bindings(db))["notice", "wechat"]
    assert texts.BOUND in after.text
    assert noted.status == 303
    assert binding.fields == (("thing1", "title"), ("thing2", "text"))
    assert (binding.external_id, binding.approval) == ("w_7", "refused")
    assert "平台没有通过,先不发:变量写得太少" in (await admin.get("/console/templates/notice")).text
    acts = [(act.actor, act.action) for act in await audit.about(db, "notice")]
    assert acts == [(admin.person_id, "bound"), (admin.person_id, "approval")]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"gateway": ""}, texts.GATEWAY_MISSING),
        ({"external_id": ""}, "写上平台上的编号"),
        ({"fields": "thing1"}, texts.FIELDS_UNREADABLE),
        ({"fields": "thing1=headline"}, "没有“headline”"),
    ],
)
async def test_a_binding_that_makes_no_sense_is_refused_and_stays_typed(
    admin: Browser, db: Database, changes: dict[str, str], says: str
) -> None:
    sent = {"gateway": "wechat", "external_id": "w_7", "fields": "thing1=title"} | changes

    page = await admin.post("/console/templates/notice/bind", sent)

    assert (page.status, says in page.text) == (422, True)
    assert sent["fields"] in page.text
    assert ("notice", "wechat") not in await templates.bindings(db)


async def test_figures_are_nobodys_to_edit(admin: Browser) -> None:
    page = await admin.get("/console/templates/answer_total")
    opened = await admin.get("/console/templates/answer_total/edit")
    sent = await admin.post("/console/templates/answer_total/edit", {"do": "propose"})

    assert page.status == 200
    assert "改说法" not in page.text
    assert (opened.status, sent.status) == (404, 404)


async def test_a_town_reads_and_changes_nothing(
    desk: Console, admin: Browser, db: Database
) -> None:
    town = await desk.log_in("管理", TOWN)
    await proposed(admin)

    page = await town.get(ONE)
    sent = await town.post(f"{ONE}/edit", form(words_wechat=WORDS + "。"))
    decided = await town.post(
        f"{ONE}/decide", {"channel": "wechat", "version": "2", "do": "approve"}
    )

    assert page.status == 200
    assert 'href="/console/templates/disclosure_due/edit"' not in page.text
    assert (sent.status, decided.status) == (404, 404)
    assert await words_of(db) != WORDS


async def test_every_template_can_be_shown_and_every_editable_one_opened(
    admin: Browser,
) -> None:
    for item in CATALOGUE.values():
        shown = await admin.get(f"/console/templates/{item.code}")
        assert shown.status == 200, item.code
        if item.editable:
            opened = await admin.get(f"/console/templates/{item.code}/edit")
            assert opened.status == 200, item.code


async def test_the_greeting_is_shown_with_the_menu_below_it(admin: Browser) -> None:
    page = await admin.get("/console/templates/welcome")

    assert "1 看账 2 办事流程" in page.text


async def test_no_page_has_code_or_style_inside(admin: Browser) -> None:
    for path in ("/console/templates", ONE, f"{ONE}/edit"):
        page = await admin.get(path)
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
        assert not re.search(r"\son\w+=", page.text)
