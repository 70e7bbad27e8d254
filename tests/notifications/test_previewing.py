"""What recipients would get, shown or sent to one of them before it goes to all."""

from collections import Counter
from dataclasses import replace

import pytest

from notifications.campaigns import CampaignError, Order
from notifications.previewing import Preview, preview, send_test
from notifications.settings import ScheduleSettings, TimeWindow
from notifications.templates import bind
from storage import audit
from tests.conftest import NOW
from tests.notifications.world import County, openid, usual_terms

PARAMS = {"title": "开会", "text": "明天上午九点开会"}
FIELDS = {"thing1": "title", "thing2": "text"}


@pytest.fixture
async def bound(county: County) -> County:
    await bind(county.db, "notice", gateway="wechat", external_id="w", fields=FIELDS, now=NOW)
    await bind(county.db, "notice", gateway="aliyun", external_id="SMS", fields={}, now=NOW)
    return county


async def previews(
    county: County, audience: str = "role=干部", *, limit: int = 5, **params: str
) -> list[Preview]:
    order = Order(template="notice", audience=audience, params=PARAMS | params)
    return await preview(
        county.db, county.sealer, usual_terms(), order, limit=limit, now=county.clock.now()
    )


async def test_each_is_told_what_they_would_get(bound: County) -> None:
    await bound.person(openid=openid(1), role="干部", title="会计")
    await bound.person(phone="13800000000", role="干部")

    shown = {one.channel: one for one in await previews(bound)}

    assert shown["wechat"].as_json() == {
        "name": "许*",
        "post": "会计",
        "channel": "wechat",
        "gateway": "wechat",
        "address": "",
        "text": "",
        "fields": {"thing1": "开会", "thing2": "明天上午九点开会"},
        "shortened": False,
        "segments": 0,
        "price_fen": 0,
    }
    sms = shown["sms"]
    assert (sms.name, sms.post, sms.gateway) == ("许*", "干部", "aliyun")
    assert (sms.address, sms.text) == ("138****0000", "开会:明天上午九点开会。")
    assert (sms.shortened, sms.segments, sms.price_fen) == (False, 1, 5)


async def test_a_resident_without_a_post_is_one(bound: County) -> None:
    someone = await bound.person(phone="13800000000")

    (shown,) = await previews(bound, f"person={someone}")

    assert shown.post == "居民"


async def test_a_text_is_told_as_short_as_it_would_arrive(bound: County) -> None:
    await bound.person(phone="13800000000", role="干部")
    long = "村委会定于明天上午九点在文化广场召开村民代表会议。请各位代表按时参加。" * 5

    (shown,) = await previews(bound, text=long)

    assert shown.shortened
    assert long not in shown.text
    assert shown.fields["text"] in shown.text
    assert (shown.segments, shown.price_fen) == (1, 5)


async def test_the_first_ones_are_the_same_each_time(bound: County) -> None:
    await bound.cadres(wechat=3, sms=4)

    everybody = await previews(bound, limit=100)

    assert Counter(one.channel for one in everybody) == {"wechat": 3, "sms": 4}
    assert await previews(bound, limit=3) == everybody[:3]


async def test_a_shared_number_is_one_recipient(bound: County) -> None:
    for _ in range(2):
        await bound.person(phone="13800000000", role="干部")

    assert len(await previews(bound)) == 1


async def test_what_could_not_be_sent_is_refused_alike(bound: County) -> None:
    with pytest.raises(CampaignError, match="role=监委会"):
        await previews(bound, "role=监委会")


async def test_a_test_reaches_one_person_at_once_and_is_on_record(bound: County) -> None:
    everyone = await bound.cadres(sms=3)
    asleep = ScheduleSettings(
        quiet_hours=TimeWindow.parse("00:00-23:59"), noon_rest=TimeWindow.parse("00:00-00:00")
    )
    terms = replace(usual_terms(), schedule=asleep)
    now = bound.clock.now()

    made = [
        await send_test(bound.db, terms, "notice", PARAMS, to=everyone[1], now=now, real=NOW)
        for _ in range(4)
    ]

    rows = await bound.deliveries()
    assert {row["campaign_id"] for row in rows} == set(made)
    assert len(set(made)) == 4
    assert {(row["person_id"], row["not_before"]) for row in rows} == {
        (everyone[1], int(now.timestamp() * 1000))
    }
    acts = await audit.about(bound.db, "notice")
    tested = [act.details for act in acts if act.action == "tested"]
    assert tested == [{"campaign": campaign} for campaign in made]


async def test_a_test_that_is_refused_leaves_nothing(bound: County) -> None:
    someone = await bound.person(role="干部")
    now = bound.clock.now()

    with pytest.raises(CampaignError):
        await send_test(bound.db, usual_terms(), "notice", PARAMS, to=someone, now=now, real=NOW)

    assert await bound.deliveries() == []
    assert "tested" not in {act.action for act in await audit.about(bound.db, "notice")}
