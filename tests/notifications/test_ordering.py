"""Pushes that people compose: a large one begins only when a second person has approved it."""

from dataclasses import replace

import pytest

from notifications.campaigns import CampaignError, Order
from notifications.editing import approve as approve_words
from notifications.editing import propose
from notifications.ordering import Composed, Placed, approve, place, refuse, words_now
from notifications.settings import DeliverySettings
from notifications.sizing import size
from notifications.templates import bind
from storage import audit, campaigns, orders
from tests.conftest import NOW
from tests.notifications.world import TOWN, VILLAGE, County, openid, phone, usual_terms

AUTHOR, SECOND = "author00000000000001", "second00000000000002"
TERMS = usual_terms(delivery=DeliverySettings(second_person_over=2))
FIELDS = {"thing1": "title", "thing2": "text"}


@pytest.fixture
async def bound(county: County) -> County:
    await bind(county.db, "notice", gateway="wechat", external_id="w", fields=FIELDS, now=NOW)
    await bind(county.db, "notice", gateway="aliyun", external_id="SMS", fields={}, now=NOW)
    return county


async def composed(county: County, identity: str = "form0000000000000001") -> Composed:
    order = Order(
        template="notice",
        audience=f"role=干部,region={TOWN}",
        params={"title": "开会", "text": "明天九点"},
    )
    versions = await words_now(county.db, "notice")
    return Composed(id=identity, order=order, region=TOWN, versions=versions)


async def placed(county: County) -> Placed:
    return await place(
        county.db, TERMS, await composed(county), actor=AUTHOR, now=county.clock.now()
    )


async def test_a_small_one_begins_at_once(bound: County) -> None:
    await bound.cadres(wechat=2)

    made = await placed(bound)

    assert made.campaign_id
    assert len(await bound.deliveries(made.campaign_id)) == 2
    campaign = await campaigns.load(bound.db, made.campaign_id)
    assert campaign is not None
    assert (campaign.region, campaign.created_by) == (TOWN, AUTHOR)


async def test_a_large_one_waits_and_sends_nothing(bound: County) -> None:
    await bound.cadres(wechat=2, sms=1)

    made = await placed(bound)

    assert (made.campaign_id, await bound.deliveries()) == ("", [])
    (waiting,) = await orders.waiting(bound.db, ["990101"], 10)
    assert (waiting.id, waiting.people, waiting.price_fen) == (made.order_id, 3, 5)
    assert await orders.waiting(bound.db, ["990102"], 10) == []
    assert await orders.waiting(bound.db, [], 10) == []


async def test_a_second_person_lets_it_begin(bound: County) -> None:
    await bound.cadres(wechat=3)
    made = await placed(bound)

    campaign = await approve(bound.db, TERMS, made.order_id, actor=SECOND, now=bound.clock.now())

    assert len(await bound.deliveries(campaign)) == 3
    order = await orders.of_campaign(bound.db, campaign)
    assert order is not None
    assert (order.state, order.made_by, order.decided_by) == ("approved", AUTHOR, SECOND)
    acts = [(act.actor, act.action) for act in await audit.about(bound.db, made.order_id)]
    assert acts == [(AUTHOR, "campaign_proposed"), (SECOND, "campaign_approved")]


async def test_nobody_approves_their_own(bound: County) -> None:
    await bound.cadres(wechat=3)
    made = await placed(bound)

    with pytest.raises(CampaignError, match="另一个人"):
        await approve(bound.db, TERMS, made.order_id, actor=AUTHOR, now=bound.clock.now())

    assert await bound.deliveries() == []


async def test_a_form_that_is_sent_twice_is_one(bound: County) -> None:
    await bound.cadres(wechat=2)
    first = await placed(bound)
    second = await placed(bound)
    await bound.cadres(wechat=2)
    third = await place(
        bound.db, TERMS, await composed(bound, "form2"), actor=AUTHOR, now=bound.clock.now()
    )
    fourth = await place(
        bound.db, TERMS, await composed(bound, "form2"), actor=AUTHOR, now=bound.clock.now()
    )

    assert first == second
    assert third == fourth == Placed(order_id="form2")
    assert len(await bound.deliveries()) == 2
    assert len(await audit.about(bound.db, "form2")) == 1


async def test_it_is_decided_once(bound: County) -> None:
    await bound.cadres(wechat=3)
    made = await placed(bound)
    now = bound.clock.now()
    with pytest.raises(CampaignError, match="为什么"):
        await refuse(bound.db, made.order_id, actor=SECOND, reason="", now=now)
    await refuse(bound.db, made.order_id, actor=SECOND, reason="写错了日子", now=now)

    with pytest.raises(CampaignError, match="不等核准"):
        await approve(bound.db, TERMS, made.order_id, actor=SECOND, now=now)

    refused = await orders.load(bound.db, made.order_id)
    assert refused is not None
    assert (refused.state, refused.reason) == ("refused", "写错了日子")


async def test_words_that_were_changed_meanwhile_are_to_be_read_first(bound: County) -> None:
    await bound.cadres(wechat=3)
    made = await placed(bound)
    old = await composed(bound)
    words = "通知:${title}\n${text}"
    await propose(bound.db, "notice", "wechat", words, based_on=1, actor=AUTHOR, now=NOW)
    await approve_words(bound.db, "notice", "wechat", 2, actor=SECOND, now=NOW)
    now = bound.clock.now()

    with pytest.raises(CampaignError, match="说法刚才改过"):
        await approve(bound.db, TERMS, made.order_id, actor=SECOND, now=now)
    with pytest.raises(CampaignError, match="说法刚才改过"):
        await place(bound.db, TERMS, replace(old, id="other"), actor=AUTHOR, now=now)

    assert await bound.deliveries() == []


async def test_one_that_cannot_be_created_stays_waiting(bound: County) -> None:
    await bound.cadres(wechat=3)
    made = await placed(bound)
    await bound.db.run("DELETE FROM template_bindings")

    with pytest.raises(CampaignError):
        await approve(bound.db, TERMS, made.order_id, actor=SECOND, now=bound.clock.now())

    order = await orders.load(bound.db, made.order_id)
    assert order is not None
    assert order.state == "waiting"


async def test_an_audience_is_counted_and_shown_masked(bound: County) -> None:
    await bound.person(openid=openid(1), role="干部", title="会计")
    await bound.person(phone=phone(2), role="干部", region=VILLAGE)
    await bound.person(role="干部")

    sized = await size(
        bound.db, bound.sealer, TERMS, "notice", f"role=干部,region={TOWN}",
        now=bound.clock.now(), limit=5,
    )  # fmt: skip

    assert (sized.reach.people, sized.reach.without_channel) == (3, 1)
    assert sized.reach.by_channel == {"wechat": 1, "sms": 1}
    assert {(one.name, one.channel) for one in sized.sample} == {("许*", "wechat"), ("许*", "sms")}
    assert [one.address for one in sized.sample if one.channel == "sms"] == ["166****0002"]


async def test_without_an_open_way_nobody_is_counted(county: County) -> None:
    with pytest.raises(CampaignError, match="对应"):
        await size(
            county.db, county.sealer, TERMS, "notice", "role=干部", now=NOW, limit=5
        )  # fmt: skip
