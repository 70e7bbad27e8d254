"""Audiences are resolved in the database: posts of the day, places, followers, refusals."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notifications.audience import read_audience
from storage import audience
from storage.audience import Audience, Day, FanOut, Group, Selection
from storage.database import Database
from storage.follows import WEEKLY, Follow, follow
from storage.ids import new_id
from tests.conftest import NOW
from tests.notifications.world import (
    COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    County,
    openid,
    phone,
)

TODAY = date(2026, 11, 24)


@pytest.fixture
async def county(db: Database, sealer: object, clock: object) -> County:
    county = County(db, sealer, clock)  # type: ignore[arg-type]
    await county.build()
    return county


def selection(*groups: Group, **changes: object) -> Selection:
    usual = Selection(
        audience=Audience(groups=groups, on=TODAY),
        notice_class="news",
        may_refuse=True,
        channels=("wechat", "sms"),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def rows(campaign_id: str, **changes: object) -> FanOut:
    usual = FanOut(
        campaign_id=campaign_id,
        revision=1,
        lane=2,
        not_before=NOW,
        expires_at=NOW + timedelta(days=3),
        now=NOW,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


async def chosen(county: County, expression: str) -> set[str]:
    """Who is meant by an expression, as the deliveries tell."""
    whom = await read_audience(county.db, expression, TODAY)
    campaign = new_id()
    wanted = replace(selection(Group(people=("x",))), audience=whom)
    await audience.fan_out(county.db, wanted, rows(campaign))
    return {row["person_id"] for row in await county.deliveries(campaign)}


async def test_roles_regions_and_posts_are_of_one_post(county: County) -> None:
    clerk = await county.person(phone=phone(1), role="干部", title="会计")
    chair = await county.person(phone=phone(2), role="干部", title="主任")
    other = await county.person(phone=phone(3), role="干部", region=OTHER_VILLAGE, title="会计")
    watcher = await county.person(phone=phone(4), role="监委会")

    assert await chosen(county, "role=干部") == {clerk, chair, other}
    assert await chosen(county, "role=干部|监委会,village=听竹村") == {clerk, chair, watcher}
    assert await chosen(county, f"post=会计,region={VILLAGE}") == {clerk}
    assert await chosen(county, "role=监委会,post=会计") == set()


async def test_two_titles_in_one_field_are_both(county: County) -> None:
    both = await county.person(phone=phone(1), title="会计、出纳")
    await county.person(phone=phone(2), title="副会计长")

    assert await chosen(county, "post=会计") == {both}
    assert await chosen(county, "post=出纳") == {both}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (COUNTY, {"county", "town", "village"}),
        ("990101", {"county", "town", "village"}),
        (TOWN, {"town", "village"}),
        ("990101102", {"town", "village"}),
        (VILLAGE, {"village"}),
        (OTHER_VILLAGE, set()),
    ],
)
async def test_a_region_is_all_that_lies_in_it(county: County, code: str, found: set[str]) -> None:
    places = {"county": COUNTY, "town": TOWN, "village": VILLAGE}
    who = {
        name: await county.person(phone=phone(n), role="管理", region=region)
        for n, (name, region) in enumerate(places.items())
    }

    assert await chosen(county, f"role=管理,region={code}") == {who[name] for name in found}


async def test_only_posts_of_the_day_count(county: County) -> None:
    today = TODAY.isoformat()
    last_day = await county.person(phone=phone(1), role="干部", ends_on=today)
    first_day = await county.person(phone=phone(2), role="干部", starts_on=today)
    await county.person(phone=phone(3), role="干部", ends_on="2026-11-23")
    await county.person(phone=phone(4), role="干部", starts_on="2026-11-25")

    assert await chosen(county, "role=干部") == {last_day, first_day}


async def test_whoever_bound_a_village_is_one_of_its_residents(county: County) -> None:
    bound = await county.person(openid=openid(1), village=VILLAGE)
    listed = await county.person(phone=phone(2), role="居民")
    cadre = await county.person(phone=phone(3), role="干部")
    await county.person(phone=phone(4), village=OTHER_VILLAGE)

    assert await chosen(county, "role=居民,village=听竹村") == {bound, listed}
    assert await chosen(county, "village=听竹村") == {bound, listed, cadre}


async def test_followers_of_a_topic_get_what_is_filed_under_finer_codes(county: County) -> None:
    finance = await county.person(phone=phone(1), follows=("FIN",))
    hospitality = await county.person(phone=phone(2), follows=("FIN.HOSP",))
    everything = await county.person(phone=phone(3), follows=("*",))
    await county.person(phone=phone(4), follows=("PROJ",))

    assert await chosen(county, "topic=FIN.HOSP") == {finance, hospitality, everything}
    assert await chosen(county, "topic=FIN") == {finance, everything}
    assert await chosen(county, "topic=FIN,village=听竹村") == set()


async def test_people_can_be_named(county: County) -> None:
    one = await county.person(phone=phone(1))
    two = await county.person(phone=phone(2))
    await county.person(phone=phone(3))

    assert await chosen(county, f"person={one}|{two}") == {one, two}


async def test_several_groups_are_one_audience_without_doubles(county: County) -> None:
    both = await county.person(phone=phone(1), role="录入", title="会计")
    clerk = await county.person(phone=phone(2), title="会计")
    wanted = selection(Group(roles=("录入",)), Group(titles=("会计",)))

    made = await audience.fan_out(county.db, wanted, rows("c"))

    assert made == 2
    assert {row["person_id"] for row in await county.deliveries("c")} == {both, clerk}


@pytest.mark.parametrize(
    "expression",
    ["topic=FIN,region=990101102", "region=990101102", "role=居民|干部,village=听竹村"],
)
async def test_page_by_page_chooses_as_at_once(county: County, expression: str) -> None:
    chance = random.Random(expression)  # noqa: S311
    for n in range(40):
        person = await county.person(
            openid=openid(n) if chance.random() < 0.5 else "",
            phone=phone(chance.randrange(20)) if chance.random() < 0.8 else "",
            role=chance.choice(["", "", "干部"]),
            village=chance.choice([VILLAGE, OTHER_VILLAGE, None]),
        )
        wish = Follow(
            topic=chance.choice(["FIN", "*", "PROJ"]),
            village=chance.choice(["", VILLAGE]),
            channel=chance.choice(["", "sms", "wechat"]),
        )
        await follow(county.db, person, wish, NOW)
        if chance.random() < 0.2:
            await refuse(county, person, chance.choice(["", "sms", "wechat"]))
    whom = await read_audience(county.db, expression, TODAY)
    wanted = replace(selection(Group(people=("x",))), audience=whom)

    reach = await audience.reach(county.db, wanted)
    await audience.fan_out(county.db, wanted, rows("whole"))
    after, last = "", False
    while not last:
        found = await audience.next_page(county.db, after, 7)
        assert found is not None
        page, last = found
        await audience.fan_out(county.db, wanted, rows("paged"), page)
        after = page.upto

    whole, paged = [
        {row["person_id"]: row["channel"] for row in await county.deliveries(campaign)}
        for campaign in ("whole", "paged")
    ]
    assert len(whole) > 5
    assert paged == whole
    assert reach.by_channel == {"wechat": 0, "sms": 0} | Counter(whole.values())


async def test_a_second_fan_out_adds_nothing(county: County) -> None:
    await county.cadres(wechat=2, sms=1)
    wanted = selection(Group(roles=("干部",)))

    counts = [await audience.fan_out(county.db, wanted, rows("c")) for _ in range(2)]

    assert counts == [3, 3]
    ids = {row["id"] for row in await county.deliveries("c")}
    assert len(ids) == 3
    assert all(len(identity) == 20 for identity in ids)


async def test_each_person_goes_by_the_first_channel_that_they_have(county: County) -> None:
    await county.cadres(wechat=1, both=1, sms=1)
    await county.person(role="干部")  # neither
    wanted = selection(Group(roles=("干部",)))

    reach = await audience.reach(county.db, wanted)
    await audience.fan_out(county.db, wanted, rows("c"))

    assert reach.people == 4
    assert reach.by_channel == {"wechat": 2, "sms": 1}
    assert reach.without_channel == 1
    assert sorted(r["channel"] for r in await county.deliveries("c")) == ["sms", "wechat", "wechat"]


async def test_an_address_that_is_not_active_reaches_nobody(county: County) -> None:
    await county.cadres(both=1)
    await county.db.run("UPDATE addresses SET state = 'unfollowed' WHERE channel = 'wechat'")

    reach = await audience.reach(county.db, selection(Group(roles=("干部",))))

    assert reach.by_channel == {"wechat": 0, "sms": 1}


async def test_a_number_that_a_household_shares_gets_one_message(county: County) -> None:
    for _ in range(3):
        await county.person(phone=phone(1), role="干部")
    wanted = selection(Group(roles=("干部",)))

    reach = await audience.reach(county.db, wanted)

    assert (reach.people, reach.by_channel["sms"], reach.without_channel) == (3, 1, 0)
    assert await audience.fan_out(county.db, wanted, rows("c")) == 1


async def test_followers_of_a_village_are_those_who_follow_that_one(county: County) -> None:
    own = await county.person(phone=phone(1), village=VILLAGE, follows=("FIN",))
    there = await county.person(phone=phone(2), village=OTHER_VILLAGE)
    await county.person(phone=phone(3), village=OTHER_VILLAGE, follows=("FIN",))
    await follow(county.db, there, Follow(topic="FIN", village=VILLAGE), NOW)

    assert await chosen(county, f"topic=FIN,region={VILLAGE}") == {own, there}
    assert await chosen(county, f"topic=FIN,region={COUNTY}") > {own, there}


async def test_a_rhythm_chooses_among_followers(county: County) -> None:
    weekly = await county.person(phone=phone(1), village=VILLAGE)
    await county.person(phone=phone(2), village=VILLAGE, follows=("FIN",))
    await follow(county.db, weekly, Follow(topic="FIN", rhythm=WEEKLY), NOW)
    wanted = selection(Group(topics=("FIN",), regions=(VILLAGE,), rhythm=WEEKLY))

    await audience.fan_out(county.db, wanted, rows("c"))

    assert [row["person_id"] for row in await county.deliveries("c")] == [weekly]


async def test_followers_get_it_by_the_channel_that_they_asked_for(county: County) -> None:
    by_sms = await county.person(openid=openid(1), phone=phone(1))
    usual = await county.person(openid=openid(2), phone=phone(2), follows=("FIN",))
    without = await county.person(openid=openid(3))
    refused = await county.person(openid=openid(4), phone=phone(4))
    for person in (by_sms, without, refused):
        await follow(county.db, person, Follow(topic="FIN", channel="sms"), NOW)
    await refuse(county, refused, "sms")
    wanted = selection(Group(topics=("FIN",)))

    reach = await audience.reach(county.db, wanted)
    await audience.fan_out(county.db, wanted, rows("c"))

    assert reach.by_channel == {"wechat": 3, "sms": 1}
    assert {r["person_id"]: r["channel"] for r in await county.deliveries("c")} == {
        by_sms: "sms",
        usual: "wechat",
        without: "wechat",
        refused: "wechat",
    }


async def refuse(county: County, person: str, channel: str, notice_class: str = "news") -> None:
    await county.db.run(
        "INSERT INTO opt_outs (id, person_id, notice_class, channel, created_at)"
        " VALUES (?, ?, ?, ?, 1)",
        new_id(), person, notice_class, channel,
    )  # fmt: skip


async def test_whoever_refused_a_class_is_left_in_peace(county: County) -> None:
    (everywhere, by_sms, only_sms, reminders) = [
        *await county.cadres(both=2),
        *await county.cadres(sms=2),
    ]
    await refuse(county, everywhere, "")
    await refuse(county, by_sms, "sms")
    await refuse(county, only_sms, "sms")
    await refuse(county, reminders, "", "reminder")
    wanted = selection(Group(roles=("干部",)))

    reach = await audience.reach(county.db, wanted)
    await audience.fan_out(county.db, wanted, rows("c"))

    assert {r["person_id"]: r["channel"] for r in await county.deliveries("c")} == {
        by_sms: "wechat",
        reminders: "sms",
    }
    assert reach.people == 3
    assert reach.without_channel == 1


async def test_whoever_shares_a_number_that_refused_is_left_in_peace_too(county: County) -> None:
    refused = await county.person(phone=phone(1))
    await county.person(phone=phone(1), role="干部")  # of the same household, perhaps later
    await refuse(county, refused, "sms")
    wanted = selection(Group(roles=("干部",)))

    assert (await audience.reach(county.db, wanted)).without_channel == 1
    assert await audience.fan_out(county.db, wanted, rows("c")) == 0


async def test_a_duty_cannot_be_refused(county: County) -> None:
    (cadre,) = await county.cadres(sms=1)
    await refuse(county, cadre, "", "duty")
    wanted = selection(Group(roles=("干部",)), notice_class="duty", may_refuse=False)

    assert await audience.fan_out(county.db, wanted, rows("c")) == 1


async def test_whoever_had_enough_that_day_waits_for_the_next(county: County) -> None:
    first, second = await county.cadres(sms=2)
    await county.db.run(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, created_by, created_at) VALUES ('old', 'old', 't',"
        " 'news', 2, '', '{}', '{}', '', 'done', 1, 1, 'system', 1)"
    )
    person = selection(Group(people=(first,)))
    await audience.fan_out(county.db, person, rows("old"))
    day_start = NOW - timedelta(hours=9, minutes=30)
    tomorrow = day_start + timedelta(days=1, hours=8)
    capped = rows(
        "new",
        per_day=1,
        days=(
            Day(day_start, day_start + timedelta(days=1), NOW),
            Day(day_start + timedelta(days=1), day_start + timedelta(days=2), tomorrow),
        ),
    )

    await audience.fan_out(county.db, selection(Group(roles=("干部",))), capped)

    due = {row["person_id"]: row["not_before"] for row in await county.deliveries("new")}
    assert due[first] == int(tomorrow.timestamp() * 1000)
    assert due[second] == int(NOW.timestamp() * 1000)


async def test_a_group_without_conditions_is_refused(county: County) -> None:
    with pytest.raises(ValueError, match="everybody"):
        await audience.reach(county.db, selection(Group()))
