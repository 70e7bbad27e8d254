"""What is published close together reaches a follower as one message."""

import asyncio
from datetime import datetime, timedelta

from notifications.digest import tell_waiting
from notifications.settings import ScheduleSettings
from notifications.triggers import announce_published
from storage import campaigns
from storage.follows import Follow
from tests.conftest import NOW
from tests.notifications.test_weekly import follower, publish
from tests.notifications.world import OTHER_VILLAGE, VILLAGE, County, usual_terms

TERMS = usual_terms(schedule=ScheduleSettings())
AT_ONCE = Follow(topic="FIN")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def announce(
    county: County, period: str, sequence: int, at: datetime, village: str = VILLAGE
) -> None:
    await publish(county, period, at=at, village=village)
    await announce_published(
        county.db, TERMS, village=village, periods=[period], sequence=sequence, now=at
    )


async def said(county: County) -> dict[str, list[str]]:
    """By person, what was put together for them."""
    found: dict[str, list[str]] = {}
    for row in await county.deliveries():
        campaign = await campaigns.load(county.db, row["campaign_id"])
        assert campaign is not None
        text = campaign.params.get("text") or campaign.params["period"]
        found.setdefault(row["person_id"], []).append(text)
    return {person: sorted(texts) for person, texts in found.items()}


async def test_the_first_is_told_at_once_and_the_rest_together(county: County) -> None:
    person = await follower(county, 1, AT_ONCE, Follow(topic="FIN", village=OTHER_VILLAGE))
    await announce(county, "2026-08", 1, NOW)
    await announce(county, "2026-09", 2, NOW + MINUTE)
    await announce(county, "2026-10", 3, NOW + 2 * MINUTE)
    assert await said(county) == {person: ["2026年8月"]}

    assert await tell_waiting(county.db, TERMS, NOW + 5 * MINUTE) == 1

    assert await said(county) == {person: ["2026年8月", "听竹村2026年9月至10月账目"]}
    assert await tell_waiting(county.db, TERMS, NOW + 10 * MINUTE) == 0


async def test_what_a_night_gathers_is_one_message_in_the_morning(county: County) -> None:
    person = await follower(county, 1, AT_ONCE, Follow(topic="FIN", village=OTHER_VILLAGE))
    night = NOW + 13 * HOUR  # 22:30
    await announce(county, "2026-09", 1, night)
    await announce(county, "2026-10", 2, night + HOUR, OTHER_VILLAGE)

    assert await tell_waiting(county.db, TERMS, night + 2 * HOUR) == 0
    morning = NOW + 22 * HOUR + 30 * MINUTE  # 8:00
    assert await tell_waiting(county.db, TERMS, morning) == 1

    assert await said(county) == {person: ["听竹村2026年9月账目;鹭洲村2026年10月账目"]}


async def test_ten_minutes_later_it_is_told_at_once_again(county: County) -> None:
    person = await follower(county, 1, AT_ONCE)
    await announce(county, "2026-08", 1, NOW)
    await announce(county, "2026-09", 2, NOW + 10 * MINUTE)

    assert await said(county) == {person: ["2026年8月", "2026年9月"]}


async def test_two_who_tell_at_once_tell_once(county: County) -> None:
    await follower(county, 1, AT_ONCE)
    await announce(county, "2026-08", 1, NOW)
    await announce(county, "2026-09", 2, NOW + MINUTE)

    made = await asyncio.gather(
        *(tell_waiting(county.db, TERMS, NOW + 5 * MINUTE) for _ in range(3))
    )

    assert sorted(made) == [0, 0, 1]
    assert len(await county.deliveries()) == 2


async def test_a_failure_on_the_way_loses_nothing(county: County) -> None:
    person = await follower(county, 1, AT_ONCE)
    await announce(county, "2026-08", 1, NOW)
    await announce(county, "2026-09", 2, NOW + MINUTE)

    try:
        async with county.db.transaction():
            await tell_waiting(county.db, TERMS, NOW + 5 * MINUTE)
            raise OSError
    except OSError:
        pass
    assert await said(county) == {person: ["2026年8月"]}

    assert await tell_waiting(county.db, TERMS, NOW + 10 * MINUTE) == 1
