"""Danger calls whoever is on duty nearest above, at once and once, and never says what was said."""

from datetime import UTC, datetime
from typing import Any

from notifications.channels.rate import Lane
from notifications.duty import DutyCalls
from storage import campaigns
from tests.conftest import NOW
from tests.notifications.world import COUNTY, TOWN, VILLAGE, County, openid, usual_terms


def calls(county: County) -> DutyCalls:
    return DutyCalls(county.db, usual_terms())


async def called(county: County) -> set[Any]:
    return {row["person_id"] for row in await county.deliveries()}


async def test_the_towns_officer_is_called_and_nobody_else(county: County) -> None:
    town = await county.person(openid=openid(1), role="值班", region=TOWN)
    await county.person(openid=openid(2), role="值班", region=COUNTY)
    await county.person(openid=openid(3), role="管理", region=TOWN)

    assert await calls(county).call(VILLAGE, "m1", NOW)

    assert await called(county) == {town}


async def test_nobody_being_on_duty_there_the_level_above_is_called(county: County) -> None:
    await county.person(openid=openid(1), role="值班", region=TOWN, ends_on="2020-01-01")
    above = await county.person(openid=openid(2), role="值班", region=COUNTY)

    assert await calls(county).call(VILLAGE, "m1", NOW)

    assert await called(county) == {above}


async def test_somebody_whose_village_is_unknown_is_the_countys(county: County) -> None:
    above = await county.person(openid=openid(2), role="值班", region=COUNTY)

    assert await calls(county).call(None, "m1", NOW)

    assert await called(county) == {above}


async def test_with_nobody_on_duty_none_is_said_to_be_called(county: County) -> None:
    assert not await calls(county).call(VILLAGE, "m1", NOW)


async def test_a_repeat_calls_nobody_again_and_another_message_does(county: County) -> None:
    await county.person(openid=openid(1), role="值班", region=TOWN)

    for key in ("m1", "m1", "m2"):
        await calls(county).call(VILLAGE, key, NOW)

    assert len(await county.deliveries()) == 2


async def test_the_call_passes_the_night_and_says_where_and_when(county: County) -> None:
    await county.person(openid=openid(1), role="值班", region=TOWN)
    night = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)

    await calls(county).call(VILLAGE, "m1", night)

    (row,) = await county.deliveries()
    campaign = (await campaigns.load_many(county.db, [row["campaign_id"]]))[row["campaign_id"]]
    assert campaign.lane == Lane.URGENT
    assert campaign.params == {"village": "听竹村", "time": "11月24日23点05分"}
