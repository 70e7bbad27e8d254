"""A matter that reaches its limit alerts on that day, once; its result reaches the applicant."""

from dataclasses import replace
from datetime import UTC, date, datetime

from notifications.matters import alert, limit_of, tell_result
from notifications.schedules import Occasion
from storage import holidays, matters
from storage.holidays import Holiday
from storage.matters import Application, Matter, Result, Step
from tests.conftest import NOW
from tests.notifications.world import TOWN, VILLAGE, County, openid, usual_terms

TERMS = usual_terms()
DUE = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


async def open_one(county: County, **changes: object) -> Matter:
    application = Application(
        village=VILLAGE,
        item_code="D01",
        item_name="低保申请初审",
        steps=(Step("受理", "村务专干"), Step("评议", "村主任")),
        applicant="乔木兰",
        applicant_masked="乔*兰",
        applicant_id=None,
        due_on=DUE,
    )
    return await matters.open_matter(
        county.db,
        county.sealer,
        replace(application, **changes),  # type: ignore[arg-type]
        actor="operator",
        now=NOW,
        today=date(2026, 11, 1),
    )


async def alerted(county: County, since: datetime = NINE) -> list[tuple[str, str]]:
    await alert(county.db, TERMS, Occasion(NINE, since, NINE))
    rows = await county.deliveries()
    return sorted((row["person_id"], row["campaign_id"]) for row in rows)


async def test_the_limit_day_alerts_whoever_has_the_step_the_supervisors_and_the_town(
    county: County,
) -> None:
    clerk = await county.person(openid=openid(1), title="村务专干")
    supervisor = await county.person(openid=openid(2), role="监委会")
    town = await county.person(openid=openid(3), role="管理", region=TOWN)
    await county.person(openid=openid(4), title="村主任")
    await open_one(county)

    found = await alerted(county)
    again = await alerted(county)

    assert {person for person, _ in found} == {clerk, supervisor, town}
    assert again == found


async def test_a_matter_within_its_limit_alerts_nobody(county: County) -> None:
    await county.person(openid=openid(2), role="监委会")
    await open_one(county, due_on=date(2026, 11, 25))

    assert await alerted(county) == []


async def test_days_without_a_service_are_made_up_for(county: County) -> None:
    await county.person(openid=openid(2), role="监委会")
    await open_one(county, due_on=date(2026, 11, 22))

    assert await alerted(county, datetime(2026, 11, 21, 1, 30, tzinfo=UTC))


async def test_the_applicant_hears_of_the_result(county: County) -> None:
    applicant = await county.person(openid=openid(1))
    matter = await open_one(county, steps=(), applicant_id=applicant)
    done = await matters.close(
        county.db, matter.number, Result("同意", DUE), actor="operator", now=NOW
    )

    assert await tell_result(county.db, TERMS, done, NOW)

    (row,) = await county.deliveries()
    assert row["person_id"] == applicant


async def test_a_limit_of_working_days_leaves_out_what_is_not_worked(county: County) -> None:
    await holidays.save(county.db, [Holiday(date(2026, 11, 25), "off", "假")])

    opened = date(2026, 11, 24)  # a Tuesday

    assert await limit_of(county.db, opened, 3, working=True) == date(2026, 11, 30)
    assert await limit_of(county.db, opened, 3, working=False) == date(2026, 11, 27)
