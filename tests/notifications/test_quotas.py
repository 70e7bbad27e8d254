"""Quotas are planned and reserved before a campaign begins, and given back when it ends."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.campaigns import CampaignError, Order, create, create_duty, forecast
from notifications.channels.rate import Lane
from notifications.quotas import for_campaigns, needed_in
from notifications.steering import Hand, Resent, resend
from notifications.templates import bind
from notifications.terms import Terms
from storage import campaigns, spending, tallies
from storage.clock import day_of
from storage.spending import Reserved, Share
from tests.conftest import NOW
from tests.notifications.world import County, World, usual_terms

NOTICE = Order(
    template="notice", audience="role=干部", params={"title": "开会", "text": "明天九点"}
)


@pytest.fixture
def terms() -> Terms:
    """A hundred template messages a day, of which campaigns may take 95."""
    return usual_terms(wechat_per_day=100)


@pytest.fixture
async def bound(county: County) -> County:
    fields = {"thing1": "title", "thing2": "text"}
    await bind(county.db, "notice", gateway="wechat", external_id="t", fields=fields, now=NOW)
    await bind(county.db, "notice", gateway="aliyun", external_id="s", fields={}, now=NOW)
    return county


async def made(county: County, terms: Terms, order: Order = NOTICE) -> str:
    return await create(county.db, terms, order, now=NOW, actor="operator")


async def left(county: County, terms: Terms, order: Order = NOTICE) -> int | None:
    return (await forecast(county.db, terms, order, NOW)).quota["wechat"]["left"]


def test_a_fixed_part_is_never_for_campaigns() -> None:
    assert for_campaigns(100_000) == 95_000
    assert for_campaigns(100) == 95


async def test_what_a_campaign_needs_is_gone_for_the_next(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=60)

    assert await left(bound, terms) == 95
    await made(bound, terms)
    assert await left(bound, terms) == 35

    with pytest.raises(CampaignError) as error:
        await made(bound, terms)
    assert "60 条" in str(error.value)
    assert "35 条" in str(error.value)
    assert "--spread" in str(error.value)


async def test_what_is_urgent_may_take_what_is_kept(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=60)
    await made(bound, terms)

    urgent = replace(NOTICE, lane=Lane.URGENT)
    assert await left(bound, terms, urgent) == 40
    assert await made(bound, terms, urgent)


async def test_a_trigger_is_kept_back_by_no_quota_but_counts(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=60)
    await create_duty(bound.db, terms, NOTICE, now=NOW, actor="system")

    assert await left(bound, terms) == 35


async def test_two_at_once_cannot_both_take_the_last(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=60)

    results = await asyncio.gather(*(made(bound, terms) for _ in range(4)), return_exceptions=True)

    refused = [result for result in results if isinstance(result, CampaignError)]
    assert len(refused) == 3
    assert len([result for result in results if isinstance(result, str)]) == 1


async def test_an_end_gives_back_what_was_not_needed(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=60)
    campaign = await made(bound, terms)

    await bound.db.run("UPDATE campaigns SET state = 'cancelled' WHERE id = ?", campaign)

    assert await left(bound, terms) == 95


async def test_what_was_sent_stays_used(world: World) -> None:
    terms = replace(world.terms, wechat_per_day=100)
    world.terms = terms
    await world.county.cadres(wechat=20)
    await world.bind("notice")
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=20)

        async def done() -> bool:
            found = await campaigns.load(world.db, campaign)
            return found is not None and found.state == "done"

        await world.until(done)

    assert await spending.calls(world.db, day_of(datetime.now(UTC))) == 20
    assert await left(world.county, terms) == 75


async def test_it_goes_out_over_several_days_when_asked_to(bound: County, terms: Terms) -> None:
    await bound.cadres(wechat=50)
    few = replace(terms, wechat_per_day=20)  # nineteen a day for campaigns

    campaign = await made(bound, few, replace(NOTICE, spread=True))

    shares = [s for s in await spending.shares_of(bound.db, campaign) if s.quota == "wechat"]
    assert [share.amount for share in shares] == [19, 19, 12]
    found = await campaigns.load(bound.db, campaign)
    assert found is not None
    assert found.expires_at == NOW + timedelta(days=3 + 2)
    day_after = replace(NOTICE, at=NOW + timedelta(days=2))
    assert await left(bound, few, day_after) == 7


async def test_bulk_stops_before_what_is_kept_and_urgent_goes_on(world: World) -> None:
    world.terms = replace(world.terms, wechat_per_day=20)
    await world.county.cadres(wechat=10)
    await world.bind("notice")
    await spending.count_calls(world.db, day_of(datetime.now(UTC)), 19)
    await create_duty(
        world.db,
        world.terms,
        Order(template="notice", audience="role=干部", params={"title": "会", "text": "明天"}),
        now=NOW,
        actor="system",
    )

    async with world.working() as service:
        await asyncio.sleep(0.3)
        assert await world.counts() == {}
        urgent = await world.notice("马上转移", lane=Lane.URGENT)
        service.wake()
        await world.until_states(sent=10)

    assert await world.county.states(urgent) == {("wechat", "sent"): 10}


async def test_a_months_money_is_reserved_too(bound: County, terms: Terms) -> None:
    await bound.cadres(sms=10)
    paid = replace(terms, budget_fen=80)  # ten texts at five fen each, and six more

    await made(bound, paid)
    with pytest.raises(CampaignError, match=r"只剩 0\.30 元"):
        await made(bound, paid)


async def failed(county: County, campaign: str, people: list[str]) -> None:
    """All of the campaign is over, and the provider refused these."""
    await county.db.run("UPDATE deliveries SET state = 'sent' WHERE campaign_id = ?", campaign)
    for person in people:
        await county.db.run(
            "UPDATE deliveries SET state = 'refused' WHERE campaign_id = ? AND person_id = ?",
            campaign, person,
        )  # fmt: skip
    await tallies.recount(county.db)
    assert await campaigns.close_finished(county.db) == [campaign]


async def again(
    county: County, terms: Terms, campaign: str, *, spread: bool = False, dry_run: bool = False
) -> Resent:
    hand = Hand(actor="operator", now=NOW, real=datetime.now(UTC))
    return await resend(county.db, terms, campaign, hand, spread=spread, dry_run=dry_run)


async def test_sending_again_sets_aside_what_it_needs_alone(bound: County, terms: Terms) -> None:
    people = await bound.cadres(wechat=60)
    campaign = await made(bound, terms)
    await failed(bound, campaign, people[:20])
    assert await left(bound, terms) == 95

    weighed = await again(bound, terms, campaign, dry_run=True)
    assert weighed.forecast.quota["wechat"] == {"needed": 20, "left": 95}
    assert await left(bound, terms) == 95

    told = await again(bound, terms, campaign)
    assert told == weighed
    assert await left(bound, terms) == 75  # the sixty of the first revision are over

    await bound.db.run("UPDATE deliveries SET state = 'sent' WHERE revision = 2")
    await tallies.recount(bound.db)
    assert await campaigns.close_finished(bound.db) == [campaign]
    assert await left(bound, terms) == 95


async def test_sending_again_beside_what_is_still_to_go_out(bound: County, terms: Terms) -> None:
    people = await bound.cadres(wechat=60)
    campaign = await made(bound, terms)
    for state, some in (("refused", people[:10]), ("sent", people[10:30])):
        for person in some:
            await bound.db.run("UPDATE deliveries SET state = ? WHERE person_id = ?", state, person)
    await tallies.recount(bound.db)
    assert await left(bound, terms) == 65  # thirty are still to go out

    await again(bound, terms, campaign)

    assert await left(bound, terms) == 55


async def test_sending_again_needs_room_as_creating_does(bound: County, terms: Terms) -> None:
    people = await bound.cadres(wechat=60)
    campaign = await made(bound, terms)
    await failed(bound, campaign, people[:40])
    await made(bound, terms)
    assert await left(bound, terms) == 35

    with pytest.raises(CampaignError) as error:
        await again(bound, terms, campaign)
    assert "40 条" in str(error.value)
    found = await campaigns.load(bound.db, campaign)
    assert found is not None
    assert (found.state, found.revision) == ("done", 1)

    await again(bound, terms, campaign, spread=True)
    found = await campaigns.load(bound.db, campaign)
    assert found is not None
    assert (found.state, found.revision) == ("running", 2)
    assert found.expires_at == NOW + timedelta(days=3 + 1)


async def test_sending_again_needs_money_too(bound: County, terms: Terms) -> None:
    people = await bound.cadres(sms=10)
    paid = replace(terms, budget_fen=80)
    campaign = await made(bound, paid)
    await failed(bound, campaign, people)
    spent = Order(template="notice", audience=f"person={people[0]}", params=NOTICE.params)
    for _ in range(7):
        await made(bound, paid, spent)

    with pytest.raises(CampaignError, match=r"要 0\.50 元,本月短信的钱只剩 0\.45 元"):
        await again(bound, paid, campaign)


async def test_two_who_send_again_at_once_make_one_revision(bound: County, terms: Terms) -> None:
    people = await bound.cadres(wechat=60)
    campaign = await made(bound, terms)
    await failed(bound, campaign, people[:30])

    results = await asyncio.gather(
        *(again(bound, terms, campaign) for _ in range(3)), return_exceptions=True
    )

    assert len([result for result in results if isinstance(result, CampaignError)]) == 2
    assert await left(bound, terms) == 65


def reserved(period: str, amount: int, left: int = 0, left_of: int = 0) -> Reserved:
    return Reserved("c", Share("wechat", period, amount), left, left_of)


@pytest.mark.parametrize(
    ("shares", "period", "needed"),
    [
        ([reserved("2026-11-24", 50)], "2026-11-24", 50),
        ([reserved("2026-11-24", 50, 10, 50)], "2026-11-24", 10),
        ([reserved("2026-11-24", 50, 0, 50)], "2026-11-24", 0),
        # What yesterday left undone is needed today.
        ([reserved("2026-11-23", 50, 20, 50)], "2026-11-24", 20),
        ([reserved("2026-11-24", 30), reserved("2026-11-25", 20)], "2026-11-25", 20),
        ([reserved("2026-11-24", 30, 25, 50), reserved("2026-11-25", 20, 25, 50)], "2026-11-24", 5),
    ],
)
def test_what_is_still_needed(shares: list[Reserved], period: str, needed: int) -> None:
    assert needed_in(shares, period, "2026-11-24") == needed
