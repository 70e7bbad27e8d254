"""Campaigns: weighed before they are made, made once, frozen when made."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.audience import AudienceError
from notifications.campaigns import CampaignError, Order, create, forecast
from notifications.channels.rate import Lane
from notifications.progress import show
from notifications.templates import TemplateError, bind
from notifications.terms import Terms
from storage import campaigns, refusals
from tests.conftest import NOW
from tests.notifications.world import County, phone, usual_terms

NOTICE = Order(
    template="notice", audience="role=干部", params={"title": "开会", "text": "明天九点"}
)
LONG = "明天上午九点在村委会开会。会上讨论修路的钱怎么用,大家都来听一听,说一说。带上笔。"


@pytest.fixture
def terms() -> Terms:
    return usual_terms()


@pytest.fixture
async def bound(county: County) -> County:
    for gateway, fields in (
        ("wechat", {"thing1": "title", "thing2": "text"}),
        ("aliyun", {}),
    ):
        await bind(county.db, "notice", gateway=gateway, external_id="t1", fields=fields, now=NOW)
    return county


async def made(county: County, terms: Terms, order: Order) -> str:
    return await create(county.db, terms, order, now=NOW, actor="operator")


async def test_a_forecast_counts_people_channels_and_money(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=20, sms=5)
    await bound.person(role="干部")

    found = await forecast(bound.db, terms, NOTICE, NOW)

    assert found.as_json() == {
        "people": 26,
        "by_channel": {"wechat": 20, "sms": 5},
        "without_channel": 1,
        "shortened": 0,
        "quota": {"wechat": {"needed": 20, "left": 95_000}, "sms": {"needed": 5, "left": None}},
        "price_fen": 25,
    }
    assert await bound.deliveries() == []


async def test_a_forecast_tells_whose_text_is_cut_and_what_long_texts_cost(
    bound: County, terms: Terms
) -> None:
    await bound.cadres(wechat=2, sms=3)
    order = replace(NOTICE, params={"title": "开会", "text": LONG * 2})

    found = await forecast(bound.db, replace(terms, budget_fen=10_000), order, NOW)

    assert found.shortened == 5
    assert found.price_fen == 3 * 2 * 5
    assert found.quota["sms"] == {"needed": 3, "left": 1000}


async def test_the_same_key_makes_one_campaign(bound: County, terms: Terms) -> None:
    await bound.cadres(sms=1)
    keyed = replace(NOTICE, key="k1")

    ids = {await made(bound, terms, keyed) for _ in range(3)}
    other = await made(bound, terms, replace(NOTICE, key="k2"))

    assert len(ids) == 1
    assert other not in ids
    assert len(await bound.deliveries()) == 2


async def test_texts_and_values_are_frozen_when_it_is_made(bound: County, terms: Terms) -> None:
    await bound.cadres(sms=1)
    campaign = await made(bound, terms, NOTICE)
    await bound.db.run("UPDATE template_versions SET text = '改过了'")

    found = await campaigns.load(bound.db, campaign)

    assert found is not None
    assert found.texts == {"wechat": "开会\n明天九点", "sms": "开会:明天九点。"}
    assert found.params == NOTICE.params


async def test_what_a_field_has_no_room_for_is_read_on_the_page(
    bound: County, terms: Terms
) -> None:
    await bound.cadres(wechat=1)
    long = await made(bound, terms, replace(NOTICE, params={"title": "开会", "text": LONG}))
    short = await made(bound, terms, NOTICE)

    links = {i: c.link for i, c in (await campaigns.load_many(bound.db, [long, short])).items()}

    assert links == {long: f"/v/notices/{long}", short: ""}


async def test_a_campaign_for_later_is_planned_and_tells_whom_it_will_reach(
    bound: County, terms: Terms
) -> None:
    await bound.cadres(wechat=2)
    later = replace(NOTICE, at=NOW + timedelta(days=1))

    campaign = await made(bound, terms, later)
    shown = await show(bound.db, campaign)

    assert shown is not None
    assert shown.as_json() == {
        "id": campaign,
        "state": "planned",
        "template": "notice",
        "total": 2,
        "by_state": {},
        "by_channel": {},
        "people_reached": 0,
        "repeated": 0,
    }
    assert await bound.deliveries() == []


async def test_the_lane_is_the_classes_own_unless_somebody_chose_another(
    bound: County, terms: Terms
) -> None:
    await bound.cadres(sms=1)
    await made(bound, terms, NOTICE)
    await made(bound, terms, replace(NOTICE, lane=Lane.URGENT))

    assert sorted(row["lane"] for row in await bound.deliveries()) == [Lane.URGENT, Lane.NORMAL]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"template": "nothing"}, "没有“nothing”这个模板"),
        ({"template": "help", "params": {}}, "回答用的"),
        ({"params": {"title": "开会"}}, "还缺参数:text"),
        ({"params": {"title": "开会", "text": "好", "who": "我"}}, "没有这些参数:who"),
        ({"params": {"title": " ", "text": "好"}}, "“title”是空的"),
        ({"audience": "role=村长"}, "村长"),
        ({"audience": ""}, "受众是空的"),
        ({"template": "integrity_reminder", "params": {"text": "好"}}, "template bind"),
        ({"params": {"title": "开会", "text": "看 www.example.com"}}, "短信平台不收"),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_plain_words(
    bound: County, terms: Terms, changes: dict[str, object], says: str
) -> None:
    order = replace(NOTICE, **changes)  # type: ignore[arg-type]

    with pytest.raises((CampaignError, AudienceError, TemplateError), match=re.escape(says)):
        await made(bound, terms, order)
    assert await bound.db.rows("SELECT id FROM campaigns") == []


async def test_without_any_gateway_nothing_is_promised(bound: County) -> None:
    with pytest.raises(CampaignError, match="没有开"):
        await made(bound, Terms(), NOTICE)


async def test_a_push_beyond_the_months_money_is_refused(bound: County, terms: Terms) -> None:
    await bound.cadres(sms=3)

    with pytest.raises(CampaignError, match=r"要 0\.15 元.*只剩 0\.10 元"):
        await made(bound, replace(terms, budget_fen=10), NOTICE)


async def test_a_reminder_a_day_is_enough(county: County, terms: Terms) -> None:
    await bind(
        county.db, "integrity_reminder", gateway="aliyun", external_id="t", fields={}, now=NOW
    )
    await county.cadres(sms=2)
    reminder = Order(template="integrity_reminder", audience="role=干部", params={"text": "好"})

    first = await made(county, terms, reminder)
    second = await made(county, terms, reminder)

    due = [{r["not_before"] for r in await county.deliveries(c)} for c in (first, second)]
    day = timedelta(days=1) / timedelta(milliseconds=1)
    midnight = int(NOW.timestamp() * 1000) - 9.5 * 3_600_000
    assert due == [{int(NOW.timestamp() * 1000)}, {int(midnight + day)}]


@pytest.mark.parametrize(
    ("audience", "says"),
    [
        ("role=监委会", "“role=监委会”没有人符合"),
        ("role=干部,topic=PROJ", "“topic=PROJ”没有人符合"),
        ("role=干部,topic=FIN", "合起来没有人符合"),
        ("post=会计", "有1人,微信和短信都找不到"),
        ("topic=ENV", "不要这类通知"),
    ],
)
async def test_a_push_to_nobody_is_refused_and_says_who_is_missing(
    bound: County, terms: Terms, audience: str, says: str
) -> None:
    await bound.cadres(sms=1)
    await bound.person(phone=phone(90), follows=("FIN",))
    await bound.person(title="会计")
    refuses = await bound.person(phone=phone(91), follows=("ENV",))
    await refusals.refuse(bound.db, refuses, ["news"], "", NOW)

    with pytest.raises(CampaignError, match=says):
        await made(bound, terms, replace(NOTICE, audience=audience))

    assert (await forecast(bound.db, terms, replace(NOTICE, audience=audience), NOW)).people < 2
    assert await bound.db.rows("SELECT id FROM campaigns") == []
