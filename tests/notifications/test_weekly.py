"""The weekly news: all that was published in the week, to each in one message, once."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications import weekly
from notifications.schedules import Occasion
from notifications.triggers import announce_published
from storage import campaigns, follows, refusals
from storage.follows import WEEKLY, Follow
from storage.ids import new_id
from storage.moments import to_ms
from tests.conftest import NOW
from tests.notifications.world import (
    OTHER_VILLAGE,
    VILLAGE,
    County,
    World,
    openid,
    phone,
    usual_terms,
)

TERMS = usual_terms()
MONDAY = datetime(2026, 11, 30, 1, tzinfo=UTC)  # 09:00 in Beijing
DAY = timedelta(days=1)
LONG_AGO = NOW - 30 * DAY
ACCOUNTS = Follow(topic="FIN", rhythm=WEEKLY)


async def publish(
    county: County, period: str, *, village: str = VILLAGE, at: datetime = NOW, book: str = "村委会"
) -> None:
    await county.db.run(
        "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
        " version, state, body, personal, dossier, author, reason, signatures, created_at,"
        " published_at, withdrawn_reason) VALUES (?, ?, 'accounts', '财务', '每月', ?, ?, 1,"
        " 'published', '{}', '{}', '{}', 'operator', '', '[]', 1, ?, '')",
        new_id(), village, book, period, to_ms(at),
    )  # fmt: skip


async def follower(
    county: County, number: int, *wanted: Follow, since: datetime = LONG_AGO, village: str = VILLAGE
) -> str:
    person = await county.person(openid=openid(number), phone=phone(number), village=village)
    for one in wanted or (ACCOUNTS,):
        await follows.follow(county.db, person, one, since)
    return person


async def tell(county: County, due: datetime = MONDAY, since: datetime | None = None) -> int:
    return await weekly.tell_week(county.db, TERMS, Occasion(due, since or due, due))


async def told(county: County) -> dict[str, list[str]]:
    """By person, what the weekly news say."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in await county.deliveries():
        campaign = await campaigns.load(county.db, row["campaign_id"])
        if campaign and campaign.template == "weekly_news":
            found[row["person_id"]].append(campaign.params["text"])
    return dict(found)


async def test_a_week_of_all_villages_followed_is_one_message(county: County) -> None:
    there = replace(ACCOUNTS, village=OTHER_VILLAGE)
    own = await follower(county, 1)
    both = await follower(county, 2, ACCOUNTS, there)
    neighbour = await follower(county, 3, village=OTHER_VILLAGE)
    await publish(county, "2026-09")
    await publish(county, "2026-10")
    await publish(county, "2026-10", book="集体")
    await publish(county, "2026-10", village=OTHER_VILLAGE)

    made = await tell(county)

    mine, theirs = "听竹村2026年9月至10月账目", "鹭洲村2026年10月账目"
    assert await told(county) == {
        own: [mine],
        both: [f"{mine};{theirs}"],
        neighbour: [theirs],
    }
    assert made == 3


async def test_people_who_get_the_same_are_one_campaign(county: County) -> None:
    people = {await follower(county, number) for number in range(4)}
    await publish(county, "2026-10")

    assert await tell(county) == 1
    assert set(await told(county)) == people


async def test_a_week_is_told_of_once(county: County) -> None:
    await follower(county, 1)
    await publish(county, "2026-10")

    await tell(county)
    await tell(county)

    assert len(await county.deliveries()) == 1


async def test_only_the_week_before_counts_and_missed_weeks_are_made_up(county: County) -> None:
    person = await follower(county, 1)
    await publish(county, "2026-08", at=MONDAY - 8 * DAY)
    await publish(county, "2026-09", at=MONDAY - 7 * DAY)
    await publish(county, "2026-10", at=MONDAY)

    await tell(county)
    assert await told(county) == {person: ["听竹村2026年9月账目"]}

    await tell(county, MONDAY + 14 * DAY, since=MONDAY + 7 * DAY)
    assert set((await told(county))[person]) == {"听竹村2026年9月账目", "听竹村2026年10月账目"}


async def test_nothing_is_told_weekly_that_was_told_at_once(county: County) -> None:
    """Nor what was published before somebody followed so."""
    everything = Follow(topic="*", rhythm=WEEKLY)
    at_once = await follower(county, 1, everything, Follow(topic="FIN"))
    changed = await follower(county, 2, since=NOW + DAY)
    await publish(county, "2026-10")

    await announce_published(
        county.db, TERMS, village=VILLAGE, periods=["2026-10"], sequence=1, now=NOW
    )
    await tell(county)

    assert [row["person_id"] for row in await county.deliveries()] == [at_once]
    assert await told(county) == {}
    await publish(county, "2026-11", at=NOW + 2 * DAY)
    await tell(county)
    assert await told(county) == {changed: ["听竹村2026年11月账目"]}


async def test_whoever_follows_weekly_hears_nothing_at_once(county: County) -> None:
    await follower(county, 1)

    await announce_published(
        county.db, TERMS, village=VILLAGE, periods=["2026-10"], sequence=1, now=NOW
    )

    assert await county.deliveries() == []


@pytest.mark.parametrize(
    ("topic", "expected"), [("*", 1), ("FIN", 1), ("FIN.HOSP", 1), ("AID.DIBAO", 0), ("PROJ", 0)]
)
async def test_accounts_concern_who_follows_money(
    county: County, topic: str, expected: int
) -> None:
    await follower(county, 1, Follow(topic=topic, rhythm=WEEKLY))
    await publish(county, "2026-10")

    assert await tell(county) == expected


async def test_refusals_and_channels_asked_for_count(county: County) -> None:
    left = await follower(county, 1)
    by_sms = await follower(county, 2, replace(ACCOUNTS, channel="sms"))
    await refusals.refuse(county.db, left, ["news"], "", NOW)
    await publish(county, "2026-10")

    await tell(county)

    (row,) = await county.deliveries()
    assert (row["person_id"], row["channel"]) == (by_sms, "sms")


async def test_monday_morning_brings_it_to_the_phone_once(world: World) -> None:
    county = world.county
    person = await county.person(phone=phone(1), village=VILLAGE)
    await world.bind("weekly_news")
    jobs = [weekly.weekly_news(world.db, world.terms)]
    async with world.working(jobs=jobs) as service:  # NOW is a Tuesday
        await follows.follow(world.db, person, ACCOUNTS, NOW)
        await publish(county, "2026-10", at=NOW + DAY)
        county.clock.move(timedelta(days=5))
        assert await service.tick() == 0
        county.clock.move(timedelta(days=1))
        assert await service.tick() == 1
        assert await service.tick() == 0
        await world.until_states(sent=1)

    (shown,) = await world.screen(phone(1))
    assert "上周新公开的:听竹村2026年10月账目。想看哪样,直接问我" in shown
