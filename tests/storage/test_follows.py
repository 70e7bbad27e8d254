"""What people follow: once each, in one rhythm, of their own village or another."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from storage import follows, refusals
from storage.clock import HeldClock
from storage.database import Database
from storage.follows import AT_ONCE, WEEKLY, Follow
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.notifications.world import OTHER_VILLAGE, VILLAGE, County, openid, phone

TODAY = date(2026, 11, 24)
ACCOUNTS = Follow(topic="FIN")


@pytest.fixture
async def county(db: Database, sealer: Sealer, clock: HeldClock) -> County:
    county = County(db, sealer, clock)
    await county.build()
    return county


async def test_the_same_wish_again_changes_nothing(county: County) -> None:
    person = await county.person()

    first = await follows.follow(county.db, person, ACCOUNTS, NOW)
    again = await follows.follow(county.db, person, ACCOUNTS, NOW + timedelta(days=1))

    assert (first, again) == (True, False)
    assert await follows.of_person(county.db, person) == [ACCOUNTS]


async def test_another_rhythm_begins_then_another_channel_does_not(county: County) -> None:
    person = await county.person(village=VILLAGE)
    weekly = replace(ACCOUNTS, rhythm=WEEKLY)
    await follows.follow(county.db, person, ACCOUNTS, NOW)

    await follows.follow(county.db, person, weekly, NOW + timedelta(days=1))
    await follows.follow(county.db, person, replace(weekly, channel="sms"), NOW + timedelta(days=2))

    (found,) = await follows.of_people_with(county.db, WEEKLY, [VILLAGE], TODAY)
    assert (found.rhythm, found.since) == (WEEKLY, NOW + timedelta(days=1))


async def test_a_topic_is_left_with_its_finer_ones_and_of_the_villages_named(
    county: County,
) -> None:
    person = await county.person()
    there = Follow(topic="FIN", village=OTHER_VILLAGE)
    for wanted in (ACCOUNTS, Follow(topic="FIN.HOSP"), Follow(topic="PROJ"), there):
        await follows.follow(county.db, person, wanted, NOW)

    of_there = await follows.unfollow(county.db, person, villages=[OTHER_VILLAGE])
    accounts = await follows.unfollow(county.db, person, topic="FIN")
    rest = await follows.unfollow(county.db, person)

    assert of_there == [there]
    assert {one.topic for one in accounts} == {"FIN", "FIN.HOSP"}
    assert [one.topic for one in rest] == ["PROJ"]


async def test_weekly_people_are_found_by_bound_village_post_and_village_named(
    county: County,
) -> None:
    bound = await county.person(village=VILLAGE)
    clerk = await county.person(role="干部", region=VILLAGE)
    former = await county.person(role="干部", region=VILLAGE, ends_on="2026-10-31")
    neighbour = await county.person(village=OTHER_VILLAGE)
    at_once = await county.person(village=VILLAGE)
    for person in (bound, clerk, former):
        await follows.follow(county.db, person, replace(ACCOUNTS, rhythm=WEEKLY), NOW)
    await follows.follow(
        county.db, neighbour, Follow(topic="FIN", village=VILLAGE, rhythm=WEEKLY), NOW
    )
    await follows.follow(county.db, neighbour, Follow(topic="PROJ", village=VILLAGE), NOW)
    await follows.follow(county.db, at_once, ACCOUNTS, NOW)

    found = await follows.of_people_with(county.db, WEEKLY, [VILLAGE], TODAY)

    assert {(one.person_id, one.topic, one.rhythm) for one in found} == {
        (bound, "FIN", WEEKLY),
        (clerk, "FIN", WEEKLY),
        (neighbour, "FIN", WEEKLY),
        (neighbour, "PROJ", AT_ONCE),
    }
    assert {one.village for one in found} == {VILLAGE}


async def outbox(county: County, person: str, notice_class: str, channel: str) -> str:
    """A notice that waits to be sent; its campaign's id."""
    identity = f"{notice_class}-{channel}"
    await county.db.run(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, created_by, created_at) VALUES (?, ?, 't',"
        " ?, 2, '', '{}', '{}', '', 'running', 1, 1, 'system', 1)",
        identity, identity, notice_class,
    )  # fmt: skip
    await county.db.run(
        "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at)"
        " VALUES (?, ?, ?, 1, 2, 'new', ?, '', 0, 1, '', '', 1)",
        identity, identity, person, channel,
    )  # fmt: skip
    return identity


async def test_what_waits_for_a_number_that_left_is_not_sent_any_more(county: County) -> None:
    first = await county.person(phone=phone(1))
    other = await county.person(phone=phone(1), openid=openid(1))
    stopped = await outbox(county, other, "news", "sms")
    kept = [
        await outbox(county, other, "duty", "sms"),
        await outbox(county, other, "news", "wechat"),
        await outbox(county, await county.person(phone=phone(2)), "reminder", "sms"),
    ]

    await refusals.leave(county.db, first, ["news", "reminder"], "sms", NOW)

    states = {row["id"]: row["state"] for row in await county.deliveries()}
    assert states == {stopped: "cancelled", **dict.fromkeys(kept, "new")}


async def test_leaving_everywhere_stops_every_channel(county: County) -> None:
    person = await county.person(phone=phone(1), openid=openid(1))
    for channel in ("wechat", "sms"):
        await outbox(county, person, "news", channel)

    await refusals.leave(county.db, person, ["news"], refusals.EVERYWHERE, NOW)

    assert {row["state"] for row in await county.deliveries()} == {"cancelled"}


async def test_what_was_refused_by_anybody_of_a_number_is_accepted_by_it_again(
    county: County,
) -> None:
    first, other = [await county.person(phone=phone(1)) for _ in "12"]
    third = await county.person(phone=phone(2))
    for person in (other, third):
        await refusals.refuse(county.db, person, ["news", "reminder"], "sms", NOW)
    await refusals.refuse(county.db, first, ["news"], refusals.EVERYWHERE, NOW)

    await refusals.accept(county.db, first, ["news", "reminder"], "sms")

    left = await county.db.rows("SELECT DISTINCT person_id FROM opt_outs")
    assert [row["person_id"] for row in left] == [third]
