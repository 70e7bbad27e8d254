"""People and their posts, as people files and first messages bring them."""

import asyncio
from datetime import date, timedelta

import pytest

from storage.database import Database
from storage.enrolling import Facts, Outcome, enrol
from storage.follows import Follow, follow
from storage.people import (
    SeveralPeople,
    UnknownPerson,
    add_address,
    ensure_person,
    find_person,
    holders,
    people_at,
    person_by_address,
    posts_of,
)
from storage.regions import VillageFacts, save_villages
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.storage.making import VILLAGE, on_sqlite

TOWN = "990101101000"
PHONE, OTHER_PHONE, OPENID = "13900000001", "13900000002", "oResident000000000000000001"
TODAY = date(2026, 11, 24)
FACTS = VillageFacts(VILLAGE, "听竹村", "村", "990101000000", "明禾县", TOWN, "竹影镇")


def make_facts(name: str = "靳三", **other: object) -> Facts:
    told: dict[str, object] = {"roles": ("干部",), "region": VILLAGE, "phone": PHONE}
    return Facts(name=name, **{**told, **other})  # type: ignore[arg-type]


async def enrolled(db: Database, sealer: Sealer, *rows: Facts) -> list[Outcome]:
    await save_villages(db, [FACTS])
    return await enrol(db, sealer, rows, NOW)


@on_sqlite
async def test_row_is_found_again_by_phone_and_name(db: Database, sealer: Sealer) -> None:
    first = await enrolled(db, sealer, make_facts(), make_facts())
    again = await enrolled(db, sealer, make_facts(phone="+86 139-0000-0001"))

    assert first == [Outcome.ADDED, Outcome.SAME]
    assert again == [Outcome.SAME]
    assert len(await people_at(db, sealer, "sms", PHONE)) == 1


@on_sqlite
async def test_another_name_on_a_number_is_another_person_of_that_household(
    db: Database, sealer: Sealer
) -> None:
    await enrolled(db, sealer, make_facts("靳三"), make_facts("宁兰"))

    found = await people_at(db, sealer, "sms", PHONE)
    with pytest.raises(SeveralPeople) as several:
        await find_person(db, sealer, PHONE)

    assert {person.name for person in found} == {"靳三", "宁兰"}
    assert len(several.value.people) == 2
    assert PHONE not in str(several.value)


@on_sqlite
async def test_row_without_a_phone_is_found_by_openid_even_under_another_name(
    db: Database, sealer: Sealer
) -> None:
    await enrolled(db, sealer, make_facts("靳山", phone=None, openid=OPENID))

    outcomes = await enrolled(db, sealer, make_facts("靳三", openid=OPENID))

    assert outcomes == [Outcome.CHANGED]
    by_phone = await find_person(db, sealer, PHONE)
    by_openid = await find_person(db, sealer, OPENID)
    assert by_phone == by_openid
    assert by_phone.name == "靳三"


@on_sqlite
async def test_several_rows_of_a_person_are_several_posts(db: Database, sealer: Sealer) -> None:
    await enrolled(
        db,
        sealer,
        make_facts(roles=("干部", "录入"), title="会计"),
        make_facts(roles=("管理",), region=TOWN),
    )

    person = await find_person(db, sealer, PHONE)
    posts = await posts_of(db, person.id, TODAY)

    assert {(p.role, p.region, p.title) for p in posts} == {
        ("干部", VILLAGE, "会计"),
        ("录入", VILLAGE, "会计"),
        ("管理", TOWN, ""),
    }
    assert person.village == VILLAGE


async def test_only_a_last_day_ends_an_office_and_that_day_still_counts(
    db: Database, sealer: Sealer
) -> None:
    await enrolled(db, sealer, make_facts("靳三"), make_facts("宁兰", phone=OTHER_PHONE))
    await enrolled(db, sealer, make_facts("靳三", ends_on=TODAY))

    async def in_office(on: date) -> list[str]:
        return [person.name for person in await holders(db, "干部", VILLAGE, on)]

    assert sorted(await in_office(TODAY)) == ["宁兰", "靳三"]
    assert await in_office(TODAY + timedelta(days=1)) == ["宁兰"]


@on_sqlite
async def test_a_file_without_terms_ends_and_reopens_nothing(db: Database, sealer: Sealer) -> None:
    await enrolled(db, sealer, make_facts(starts_on=TODAY, ends_on=TODAY))

    outcomes = await enrolled(db, sealer, make_facts())

    assert outcomes == [Outcome.SAME]
    assert await holders(db, "干部", VILLAGE, TODAY + timedelta(days=1)) == []


@on_sqlite
async def test_new_term_opens_the_post_again(db: Database, sealer: Sealer) -> None:
    await enrolled(db, sealer, make_facts(ends_on=date(2025, 12, 31)))

    await enrolled(db, sealer, make_facts(starts_on=date(2026, 3, 1)))

    assert await holders(db, "干部", VILLAGE, date(2026, 2, 1)) == []
    assert len(await holders(db, "干部", VILLAGE, TODAY)) == 1


async def test_first_message_makes_one_person_however_often_it_comes(
    db: Database, sealer: Sealer
) -> None:
    met = await asyncio.gather(
        *(ensure_person(db, sealer, "wechat", OPENID, NOW) for _ in range(6))
    )

    assert len({person.id for person, _ in met}) == 1
    assert sum(made for _, made in met) == 1
    assert len(await db.rows("SELECT id FROM people")) == 1
    assert len(await db.rows("SELECT id FROM addresses")) == 1


@on_sqlite
async def test_who_wrote_first_gets_the_name_from_the_file(db: Database, sealer: Sealer) -> None:
    nameless, _ = await ensure_person(db, sealer, "sms", PHONE, NOW)

    await enrolled(db, sealer, make_facts("靳三"), make_facts("宁兰"))

    first = await person_by_address(db, sealer, "sms", PHONE)
    assert first is not None
    assert (first.id, first.name, first.known) == (nameless.id, "靳三", True)


async def test_who_wrote_by_wechat_is_joined_with_the_row_of_both_addresses(
    db: Database, sealer: Sealer
) -> None:
    await enrolled(db, sealer, make_facts())
    nameless, _ = await ensure_person(db, sealer, "wechat", OPENID, NOW)
    await follow(db, nameless.id, Follow(topic="FIN"), NOW)

    await enrolled(db, sealer, make_facts(openid=OPENID))

    person = await find_person(db, sealer, OPENID)
    assert person.name == "靳三"
    followers = await db.rows("SELECT person_id FROM follows")
    assert [row["person_id"] for row in followers] == [person.id]


@on_sqlite
async def test_openid_of_another_named_person_is_refused(db: Database, sealer: Sealer) -> None:
    await enrolled(db, sealer, make_facts("宁兰", phone=OTHER_PHONE, openid=OPENID))
    await enrolled(db, sealer, make_facts("靳三"))

    outcomes = await enrolled(db, sealer, make_facts("靳三", openid=OPENID))

    assert outcomes == [Outcome.OPENID_TAKEN]


@on_sqlite
async def test_unknown_region_is_refused_and_stops_no_other_row(
    db: Database, sealer: Sealer
) -> None:
    outcomes = await enrolled(
        db, sealer, make_facts(region="990101999999"), make_facts("宁兰", phone=OTHER_PHONE)
    )

    assert outcomes == [Outcome.UNKNOWN_REGION, Outcome.ADDED]


@on_sqlite
async def test_village_that_a_person_chose_stays(db: Database, sealer: Sealer) -> None:
    person, _ = await ensure_person(db, sealer, "sms", PHONE, NOW)
    await db.run("UPDATE people SET village = '990101101201' WHERE id = ?", person.id)

    await enrolled(db, sealer, make_facts())

    assert (await find_person(db, sealer, PHONE)).village == "990101101201"


async def test_database_tells_no_address_without_the_keys(db: Database, sealer: Sealer) -> None:
    await enrolled(db, sealer, make_facts(openid=OPENID))

    rows = await db.rows("SELECT * FROM addresses")
    opened = {sealer.open_address(bytes(row["sealed"])).decode() for row in rows}

    assert opened == {PHONE, OPENID}
    shown = repr([{k: v for k, v in row.items() if k != "sealed"} for row in rows])
    assert PHONE not in shown
    assert OPENID not in shown
    assert all(PHONE.encode() not in bytes(row["sealed"]) for row in rows)


@on_sqlite
async def test_person_is_found_by_id_phone_or_openid_and_nothing_else(
    db: Database, sealer: Sealer
) -> None:
    await enrolled(db, sealer, make_facts(openid=OPENID))
    person = await find_person(db, sealer, PHONE)

    found = [await find_person(db, sealer, text) for text in (person.id, " 139 0000 0001", OPENID)]

    assert {p.id for p in found} == {person.id}
    with pytest.raises(UnknownPerson):
        await find_person(db, sealer, "13900000009")


async def test_those_who_get_the_same_number_at_once_know_of_each_other(
    db: Database, sealer: Sealer
) -> None:
    people = [f"p{n}" for n in range(6)]

    made = await asyncio.gather(
        *(add_address(db, sealer, person, "sms", PHONE, NOW) for person in people)
    )
    again = await add_address(db, sealer, people[0], "sms", PHONE, NOW)
    await add_address(db, sealer, "alone", "sms", OTHER_PHONE, NOW)

    rows = await db.rows("SELECT person_id, holder, shared FROM addresses ORDER BY holder")
    shared = {row["person_id"] for row in rows if row["shared"]}
    assert (made, again) == ([True] * 6, False)
    assert sorted(row["holder"] for row in rows) == [0, 0, 1, 2, 3, 4, 5]
    assert shared == set(people)
