"""Published accounts reach followers once; accounts that are due reach those who owe them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.schedules import Occasion
from notifications.triggers import (
    announce_published,
    announce_template_changed,
    remind,
    reminders,
)
from storage import campaigns, holidays, regions
from storage.database import Row
from storage.holidays import Holiday
from storage.ids import new_id
from tests.conftest import NOW
from tests.notifications.world import (
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    County,
    World,
    openid,
    phone,
    usual_terms,
)

TERMS = usual_terms()
START = date(2026, 10, 20)


async def announce(county: County, *periods: str, sequence: int = 7, now: datetime = NOW) -> str:
    return await announce_published(
        county.db, TERMS, village=VILLAGE, periods=periods, sequence=sequence, now=now
    )


async def test_followers_of_the_village_hear_of_published_accounts(county: County) -> None:
    finance = await county.person(openid=openid(1), village=VILLAGE, follows=("FIN",))
    finer = await county.person(openid=openid(2), village=VILLAGE, follows=("FIN.HOSP",))
    whole = await county.person(openid=openid(3), village=VILLAGE, follows=("*",))
    await county.person(openid=openid(4), village=VILLAGE, follows=("PROJ",))
    await county.person(openid=openid(5), village=VILLAGE)
    await county.person(openid=openid(6), village="990101102201", follows=("FIN",))

    campaign = await announce(county, "2026-10")

    found = {row["person_id"] for row in await county.deliveries(campaign)}
    assert found == {finance, finer, whole}


async def test_all_months_of_one_command_are_one_notice(county: County) -> None:
    first = await announce(county, "2026-09", "2026-10", "2026-08")
    again = await announce(county, "2026-09", "2026-10", "2026-08")
    other = await announce(county, "2026-10", sequence=8, now=NOW + timedelta(minutes=10))

    found = await campaigns.load_many(county.db, [first, other])
    assert first == again
    assert found[first].params["period"] == "2026年8月至10月"
    assert found[first].link == f"/v/{VILLAGE}"
    assert found[other].link == f"/v/{VILLAGE}/accounts/2026-10"
    assert found[first].texts["sms"] == "听竹村的2026年8月至10月账目公开了,财务公开表。回复1看账"


async def test_who_enters_a_villages_list_hears_once_that_the_countys_was_changed(
    county: County,
) -> None:
    enters = await county.person(openid=openid(1), role="录入")
    await county.person(openid=openid(2), role="审核")
    here, there = [await regions.region(county.db, code) for code in (VILLAGE, OTHER_VILLAGE)]
    assert here is not None
    assert there is not None

    made = [
        await announce_template_changed(
            county.db, TERMS, village=village, items=names, codes=codes, sequence=7, now=NOW
        )
        for village, names, codes in (
            (here, ["印章使用管理"], ["A24"]),
            (here, ["印章使用管理"], ["A24"]),
            (there, ["印章使用管理"], ["A24"]),
        )
    ]

    assert (made[0], made[2]) == (made[1], None)
    assert made[0] is not None
    assert [row["person_id"] for row in await county.deliveries(made[0])] == [enters]
    (found,) = (await campaigns.load_many(county.db, [made[0]])).values()
    assert found.link == f"/v/{VILLAGE}/power/A24"
    assert found.texts["sms"] == (
        "县里改了权力清单,印章使用管理等1项。听竹村还照原来的用,请看过差别再定。收到请回9。"
    )


async def test_a_notice_made_before_its_template_is_bound_goes_out_when_it_is(
    world: World,
) -> None:
    await world.county.person(openid=openid(1), village=VILLAGE, follows=("FIN",))
    await announce(world.county, "2026-10")

    async with world.working():
        await world.bind("disclosure_published")
        await world.until_states(sent=1)

    assert await world.counts() == {openid(1): 1}


async def publish(county: County, period: str, book: str = "村委会") -> None:
    await county.db.run(
        "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
        " version, state, body, personal, dossier, author, reason, signatures, created_at,"
        " published_at, withdrawn_reason) VALUES (?, ?, 'accounts', '财务', '每月', ?, ?, 1,"
        " 'published', '{}', '{}', '{}', 'operator', '', '[]', 1, 1, '')",
        new_id(), VILLAGE, book, period,
    )  # fmt: skip


async def on_day(county: County, day: date, *, since: date | None = None) -> list[Row]:
    """The reminders made on the morning of a day; those of the days before were made before."""
    for earlier in range(40, 0, -1):
        morning = day - timedelta(days=earlier)
        if morning >= START and (since is None or morning < since):
            await remind(county.db, TERMS, _at_nine(morning))
    before = {row["id"] for row in await county.db.rows("SELECT id FROM campaigns")}
    nine = _at_nine(day).now
    first = _at_nine(since).now if since else nine
    await remind(county.db, TERMS, Occasion(nine, first, nine))
    rows = await county.db.rows("SELECT * FROM campaigns ORDER BY audience")
    return [row for row in rows if row["id"] not in before]


def _at_nine(day: date) -> Occasion:
    nine = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return Occasion(nine, nine, nine)


def of(rows: list[Row], village: str = VILLAGE) -> list[tuple[str, str]]:
    """Template and audience of the reminders about a village."""
    return [(r["template"], r["audience"]) for r in rows if f"/v/{village}" == r["link"]]


@pytest.fixture
async def office(county: County) -> County:
    """A village whose accounts are due on 2026-11-09, the 8th being a Sunday."""
    county.clerk = await county.person(phone=phone(1), title="会计")  # type: ignore[attr-defined]
    county.typist = await county.person(phone=phone(2), role="录入")  # type: ignore[attr-defined]
    county.chief = await county.person(phone=phone(3), role="管理", region=TOWN)  # type: ignore[attr-defined]
    await county.person(phone=phone(4), role="管理")  # of the village, not of the town
    return county


ENTERS = f"role=录入|post=会计,region={VILLAGE}"


@pytest.mark.parametrize(
    ("day", "template", "audience"),
    [
        (date(2026, 11, 5), None, ""),
        (date(2026, 11, 6), "disclosure_due", ENTERS),
        (date(2026, 11, 7), None, ""),
        (date(2026, 11, 9), "disclosure_due", ENTERS),
        (date(2026, 11, 10), "disclosure_overdue", ENTERS),
        (date(2026, 11, 12), "disclosure_overdue", ENTERS),
        (date(2026, 11, 16), "disclosure_overdue", ENTERS),
        (date(2026, 11, 17), "disclosure_overdue", f"role=管理,region={TOWN}"),
        (date(2026, 11, 18), None, ""),
    ],
)
async def test_who_is_reminded_on_which_day(
    office: County, day: date, template: str | None, audience: str
) -> None:
    made = of(await on_day(office, day))

    assert made == ([(template, audience)] if template else [])


async def test_accountant_and_typist_are_reminded_and_the_town_alone_is_told(
    office: County,
) -> None:
    await on_day(office, date(2026, 11, 9))
    first = {row["person_id"] for row in await office.deliveries()}
    await on_day(office, date(2026, 11, 17))
    all_of_them = {row["person_id"] for row in await office.deliveries()}

    assert first == {office.clerk, office.typist}  # type: ignore[attr-defined]
    assert all_of_them - first == {office.chief}  # type: ignore[attr-defined]


async def test_what_is_said_names_village_months_and_day(office: County) -> None:
    (made,) = [r for r in await on_day(office, date(2026, 11, 6)) if VILLAGE in r["link"]]

    found = await campaigns.load(office.db, made["id"])
    assert found is not None
    assert found.texts["sms"] == (
        "听竹村的2026年10月账目,要在2026年11月9日前公开,还没有公开。收到请回9。"
    )


async def test_a_day_is_reminded_of_once(office: County) -> None:
    first = await on_day(office, date(2026, 11, 9))
    again = await on_day(office, date(2026, 11, 9))

    assert len(of(first)) == 1
    assert again == []


async def test_whoever_has_published_is_left_in_peace(office: County) -> None:
    await publish(office, "2026-10")

    assert of(await on_day(office, date(2026, 11, 9))) == []


async def test_every_book_that_a_village_keeps_must_be_published(office: County) -> None:
    await publish(office, "2026-09", "村委会")
    await publish(office, "2026-09", "集体")
    await publish(office, "2026-10", "村委会")

    assert len(of(await on_day(office, date(2026, 11, 9)))) == 1
    await publish(office, "2026-10", "集体")
    assert of(await on_day(office, date(2026, 11, 10))) == []


async def test_a_quarter_is_due_with_its_three_months(office: County) -> None:
    quarterly = office.village(VILLAGE, "听竹村", rhythm="每季", disclosure_day=20)
    await regions.save_villages(office.db, [quarterly])
    await publish(office, "2026-07")
    await publish(office, "2026-09")

    (made,) = [r for r in await on_day(office, date(2026, 10, 20)) if VILLAGE in r["link"]]
    assert of(await on_day(office, date(2026, 11, 20))) == []
    assert "2026年7月至9月" in made["params"]


async def test_a_holiday_moves_the_day(office: County) -> None:
    await holidays.save(office.db, [Holiday(date(2026, 11, 9), "off", "元旦")])

    assert of(await on_day(office, date(2026, 11, 9))) == []
    assert len(of(await on_day(office, date(2026, 11, 10)))) == 1


async def test_days_without_a_service_are_made_up_by_the_latest_reminder(office: County) -> None:
    made = of(await on_day(office, date(2026, 11, 11), since=date(2026, 11, 8)))

    assert made == [("disclosure_overdue", ENTERS)]
    assert of(await on_day(office, date(2026, 11, 12))) == [("disclosure_overdue", ENTERS)]


async def test_the_clock_brings_reminders_to_the_phone(world: World) -> None:
    await world.county.person(phone=phone(1), title="会计")
    await world.bind("disclosure_due")
    world.county.clock.move(timedelta(days=14))  # 8 December, 09:30: the day itself

    jobs = [reminders(world.db, world.terms)]
    async with world.working(jobs=jobs) as service:
        await world.db.run("UPDATE schedules SET next_run = 0 WHERE next_run > 0")
        await world.db.run(
            "UPDATE schedules SET next_run = ?", int(world.county.clock.now().timestamp() * 1000)
        )
        await service.tick()
        await world.until_states(sent=1)

    (shown,) = await world.screen(phone(1))
    assert "2026年11月账目" in shown
