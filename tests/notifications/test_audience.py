"""The audience expression, and errors that name the piece."""

import pytest

from notifications.audience import AudienceError, by_ids, parse, read_audience
from storage import regions
from storage.regions import prefix_of
from tests.conftest import NOW
from tests.notifications.world import COUNTY, VILLAGE, County, openid, phone


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("role=干部", {"role": ("干部",)}),
        (" role = 干部 | 监委会 ", {"role": ("干部", "监委会")}),
        ("role=干部,region=990101", {"role": ("干部",), "region": ("990101",)}),
        ("role=干部，topic=PROJ.ROAD", {"role": ("干部",), "topic": ("PROJ.ROAD",)}),
        ("person=abc|def", {"person": ("abc", "def")}),
    ],
)
def test_conditions_and_alternatives(expression: str, found: dict[str, tuple[str, ...]]) -> None:
    assert parse(expression) == found


@pytest.mark.parametrize(
    ("expression", "piece"),
    [
        ("", "空的"),
        ("role=干部,", "空的"),
        ("干部", "“干部”"),
        ("rolle=干部", "“rolle=干部”"),
        ("role=", "“role=”"),
        ("role=干部|", "“role=干部|”"),
        ("role=村长", "“村长”"),
        ("region=99010", "“99010”"),
        ("region=听竹村", "“听竹村”"),
        ("topic=fin", "“fin”"),
        ("role=干部,role=监委会", "“role”"),
    ],
)
def test_an_error_names_the_piece(expression: str, piece: str) -> None:
    with pytest.raises(AudienceError, match=piece.replace("|", r"\|")):
        parse(expression)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("990101", "990101"),
        ("990101000000", "990101"),
        ("990101102", "990101102"),
        ("990101102000", "990101102"),
        ("990101102200", "990101102200"),
        ("990101100200", "990101100200"),
    ],
)
def test_zeros_are_not_stripped_from_a_village(code: str, prefix: str) -> None:
    assert prefix_of(code) == prefix


async def test_a_village_is_found_by_name_and_by_code(county: County) -> None:
    by_name = await read_audience(county.db, "village=听竹村", NOW.date())
    by_code = await read_audience(county.db, f"village={VILLAGE}", NOW.date())

    assert by_name.groups[0].regions == by_code.groups[0].regions == (VILLAGE,)


async def test_a_name_that_several_villages_bear_is_refused_with_the_town_of_each(
    county: County,
) -> None:
    twin = county.village("990101103200", "听竹村", town_code="990101103000", town="稻香镇")
    await regions.save_villages(county.db, [twin])

    with pytest.raises(AudienceError, match=r"竹影镇.*稻香镇"):
        await read_audience(county.db, "village=听竹村", NOW.date())
    found = await read_audience(county.db, "village=稻香镇听竹村", NOW.date())
    assert found.groups[0].regions == ("990101103200",)


async def test_an_unknown_village_is_named(county: County) -> None:
    with pytest.raises(AudienceError, match="没有叫“无此村”"):
        await read_audience(county.db, "village=无此村", NOW.date())


async def test_a_village_outside_the_region_is_nobody(county: County) -> None:
    inside = await read_audience(county.db, f"village=听竹村,region={COUNTY}", NOW.date())
    outside = await read_audience(county.db, "village=听竹村,region=880101", NOW.date())

    assert inside.groups[0].regions == (VILLAGE,)
    assert outside.groups[0].regions == ("000000000000",)


async def test_people_are_meant_by_id_and_by_address(county: County) -> None:
    first = await county.person(phone=phone(1))
    second = await county.person(openid=openid(2))
    third = await county.person()
    expression = f"role=干部, person= {phone(1)} | {openid(2)} | {third} | {phone(9)}"

    named = await by_ids(county.db, county.sealer, expression)

    assert named == f"role=干部,person={first}|{second}|{third}|?4"


async def test_a_shared_number_means_the_household(county: County) -> None:
    household = [await county.person(phone=phone(1)) for _ in range(2)]

    named = parse(await by_ids(county.db, county.sealer, f"person={phone(1)}"))

    assert sorted(named["person"]) == sorted(household)
