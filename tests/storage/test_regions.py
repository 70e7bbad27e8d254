"""Villages, their towns and county; days off."""

from dataclasses import replace
from datetime import date

import pytest

from storage import holidays, regions
from storage.database import Database
from storage.holidays import Holiday
from storage.regions import (
    Changes,
    SeveralRegions,
    UnknownRegion,
    VillageFacts,
    find_village,
    save_villages,
)
from tests.storage.making import on_sqlite

COUNTY, TOWN = "990101000000", "990101101000"
BAMBOO = VillageFacts(
    "990101101200",
    "听竹村",
    "村",
    COUNTY,
    "明禾县",
    TOWN,
    "竹影镇",
    11,
    "每月",
    15,
    {"households": 444},
)
SPRING = replace(BAMBOO, code="990101101201", name="上泉村")
OTHER_SPRING = replace(SPRING, code="990101102201", town_code="990101102000", town="白鹭滩镇")


@on_sqlite
async def test_town_and_county_come_with_their_villages(db: Database) -> None:
    changes = await save_villages(db, [BAMBOO, SPRING])

    village = await regions.region(db, BAMBOO.code)
    town = await regions.region(db, TOWN)
    assert changes == Changes(added=2)
    assert village is not None
    assert (village.name, village.town, village.rhythm, village.disclosure_day) == (
        "听竹村",
        "竹影镇",
        "每月",
        15,
    )
    assert town is not None
    assert (town.level, town.name, town.parent) == ("town", "竹影镇", COUNTY)
    assert [v.name for v in await regions.villages(db)] == ["听竹村", "上泉村"]


async def test_same_file_changes_nothing_and_a_new_name_one_village(db: Database) -> None:
    await save_villages(db, [BAMBOO, SPRING])

    again = await save_villages(db, [BAMBOO, SPRING])
    renamed = await save_villages(db, [replace(BAMBOO, name="听松村", disclosure_day=8)])

    assert not again
    assert renamed == Changes(changed=1)
    assert (await find_village(db, "听松村")).disclosure_day == 8


@on_sqlite
async def test_village_is_found_by_name_by_town_and_name_and_by_code(db: Database) -> None:
    await save_villages(db, [BAMBOO, SPRING, OTHER_SPRING])

    found = [
        (await find_village(db, name)).code
        for name in ("听竹村", "竹影镇听竹村", "990101101200", "白鹭滩镇上泉村")
    ]

    assert found == [BAMBOO.code] * 3 + [OTHER_SPRING.code]


@on_sqlite
async def test_name_that_several_villages_bear_is_refused_with_their_towns(db: Database) -> None:
    await save_villages(db, [BAMBOO, SPRING, OTHER_SPRING])

    with pytest.raises(SeveralRegions) as several:
        await find_village(db, "上泉村")

    assert [region.town for region in several.value.candidates] == ["竹影镇", "白鹭滩镇"]


@on_sqlite
@pytest.mark.parametrize("name", ["听竹", "990101101000", "", "竹影镇"])
async def test_anything_else_is_unknown(db: Database, name: str) -> None:
    await save_villages(db, [BAMBOO])

    with pytest.raises(UnknownRegion):
        await find_village(db, name)


async def test_days_off_are_added_and_put_right(db: Database) -> None:
    first, second = date(2026, 10, 1), date(2026, 10, 10)
    await holidays.save(db, [Holiday(first, "off", "国庆节"), Holiday(second, "off")])

    again = await holidays.save(db, [Holiday(first, "off", "国庆节")])
    right = await holidays.save(db, [Holiday(second, "work", "调休")])

    assert (again, right) == (Changes(), Changes(changed=1))
    assert await holidays.between(db, first, second) == {first: "off", second: "work"}
    assert await holidays.between(db, first, first) == {first: "off"}
    assert await holidays.years(db) == {2026}
