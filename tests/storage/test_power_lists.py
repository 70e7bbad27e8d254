"""Which version of an item applies to whom on which day, and what a change of the template does."""

from __future__ import annotations

from datetime import date, timedelta

from storage import disclosures
from storage.database import Database
from storage.disclosures import State
from storage.power_lists import Origin, PublishedPowerItems
from tests.conftest import NOW
from tests.power import (
    COUNTY,
    FROM,
    OTHER,
    TOWN,
    VILLAGE,
    bring,
    changed_step,
    make_item,
    make_order,
)
from tests.storage.making import on_sqlite

TODAY = NOW.date()
NEXT_YEAR = date(2027, 1, 1)
LATER = make_order(now=NOW + timedelta(days=1))


async def applied(db: Database, unit: str, on: date = TODAY, code: str = "A24") -> int | None:
    """The limit in days, by which the tests' versions differ."""
    listed = (await PublishedPowerItems(db).newest(unit, on)).item(code)
    return listed.item.limit_days if listed else None


async def test_every_unit_has_the_list_of_its_county(db: Database) -> None:
    await bring(db, make_item(), make_item("B14"))

    lists = [
        await PublishedPowerItems(db).newest(unit, TODAY) for unit in (COUNTY, TOWN, VILLAGE, OTHER)
    ]

    assert [[one.item.code for one in found.items] for found in lists] == [["A24", "B14"]] * 4
    (first, _) = lists[2].items
    assert (first.owner, first.origin, first.pending) == (COUNTY, Origin.TEMPLATE, ())
    assert (await PublishedPowerItems(db).newest("510101101200", TODAY)).items == ()


async def test_old_version_is_had_by_its_day(db: Database) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=2), effective=NEXT_YEAR)

    days = (FROM - timedelta(days=1), FROM, TODAY, NEXT_YEAR)

    assert [await applied(db, COUNTY, day) for day in days] == [None, 1, 1, 2]


async def test_change_of_the_template_is_shown_to_a_unit_and_not_applied(db: Database) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=2), order=LATER)

    listed = (await PublishedPowerItems(db).newest(VILLAGE, TODAY)).item("A24")

    assert (await applied(db, COUNTY), await applied(db, VILLAGE)) == (2, 1)
    assert listed is not None
    assert listed.pending == ("办理时限改为2个工作日",)


async def test_unit_that_made_the_change_its_own_has_it_and_others_do_not(db: Database) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=2), order=LATER)
    await bring(db, make_item(limit_days=2), unit=VILLAGE, effective=NEXT_YEAR)

    assert [await applied(db, VILLAGE, day) for day in (TODAY, NEXT_YEAR)] == [1, 2]
    assert await applied(db, OTHER, NEXT_YEAR) == 1
    listed = (await PublishedPowerItems(db).newest(VILLAGE, NEXT_YEAR)).item("A24")
    assert listed is not None
    assert (listed.origin, listed.pending, listed.owner) == (Origin.TEMPLATE, (), VILLAGE)


@on_sqlite
async def test_units_own_version_stays_and_is_marked_and_later_changes_are_shown(
    db: Database,
) -> None:
    await bring(db, make_item())
    await bring(db, make_item(limit_days=5), make_item("Z01"), unit=VILLAGE)
    before = await PublishedPowerItems(db).newest(VILLAGE, TODAY)

    await bring(db, make_item(limit_days=3), order=LATER)
    after = await PublishedPowerItems(db).newest(VILLAGE, TODAY)

    assert [(one.origin, one.pending) for one in before.items] == [
        (Origin.ADAPTED, ()),
        (Origin.LOCAL, ()),
    ]
    assert [(one.item.limit_days, one.pending) for one in after.items] == [
        (5, ("办理时限改为3个工作日",)),
        (1, ()),
    ]


@on_sqlite
async def test_list_that_a_county_begins_with_a_history_applies_by_its_days(db: Database) -> None:
    await bring(db, make_item(), effective=date(2025, 1, 1))
    await bring(db, make_item(limit_days=2), effective=FROM)  # at the same time as the first

    assert [await applied(db, VILLAGE, day) for day in (date(2025, 6, 1), TODAY)] == [1, 2]


async def test_snapshot_is_renewed_by_the_chain_and_only_then(db: Database) -> None:
    lists = PublishedPowerItems(db)
    await bring(db, make_item())
    first = await lists.on(VILLAGE, TODAY, 1)
    await bring(db, make_item(limit_days=2), unit=VILLAGE)

    old = await lists.on(VILLAGE, TODAY, 1)
    new = await lists.on(VILLAGE, TODAY, 2)

    assert [found.items[0].item.limit_days for found in (first, old, new)] == [1, 1, 2]
    assert (await lists.on(OTHER, TODAY, 2)).items[0] == first.items[0]


@on_sqlite
async def test_withdrawn_version_is_nobodys_and_history_says_why(db: Database) -> None:
    await bring(db, make_item())
    (own,) = await bring(db, make_item(limit_days=2), unit=VILLAGE, effective=TODAY)
    await disclosures.withdraw(db, own.id, "写错了", "operator", NOW)

    history = await PublishedPowerItems(db).history(VILLAGE, "A24")

    assert await applied(db, VILLAGE) == 1
    assert [(past.owner, past.state, past.withdrawn_reason) for past in history] == [
        (VILLAGE, State.WITHDRAWN, "写错了"),
        (COUNTY, State.PUBLISHED, ""),
    ]
    assert [past.item is None for past in history] == [True, False]


@on_sqlite
async def test_what_only_supervisors_see_is_in_no_list(db: Database) -> None:
    await bring(db, changed_step(make_item(), 2, internal=frozenset({"risk_point"})))

    (listed,) = (await PublishedPowerItems(db).newest(VILLAGE, TODAY)).items

    assert listed.item.steps[1].risk_point == ""
    assert listed.item.steps[1].internal == frozenset({"risk_point"})
    assert listed.item.steps[1].measures


@on_sqlite
async def test_items_of_a_post_come_with_the_steps_that_it_takes(db: Database) -> None:
    await bring(
        db, make_item(), make_item("B14", steps=make_item().steps[:1], exercised_by=("甲",))
    )
    found = await PublishedPowerItems(db).newest(VILLAGE, TODAY)

    by_post = {
        post: [(one.item.code, len(steps)) for one, steps in found.of_posts(frozenset({post}))]
        for post in found.posts
    }

    assert by_post == {
        "村务专干": [("A24", 1), ("B14", 1)],
        "村民委员会主任": [("A24", 1)],
        "印章保管人": [("A24", 0)],
        "甲": [("B14", 0)],
    }
