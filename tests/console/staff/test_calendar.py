"""The calendar in the console: counted by place and month, urged once a day, rules to be set."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from notifications.rhythms.rules import Rhythm, in_force
from notifications.templates import ensure_templates
from storage import audit, dues, regions, schedules
from storage.database import Database
from storage.dues import DueState, Owed
from storage.ids import new_id
from storage.moments import to_ms
from storage.rhythm_rules import RhythmRule, laid_down
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.county import LONGEST
from tests.console.staff.kit import COUNTY, TOWN, VILLAGE, Console, officer

CALENDAR = "/console/calendar"


async def owed(
    db: Database, village: str, day: date, state: DueState, title: str = "2026年10月账目"
) -> str:
    source = new_id()
    one = Owed(
        source=source, village=village, rhythm="定期", kind="accounts", title=title,
        from_period="2026-10", to_period="2026-10", counted_from=day, due_on=day,
        provisional=False,
    )  # fmt: skip
    await dues.add(db, [one], NOW)
    late = to_ms(NOW) if state in (DueState.OVERDUE, DueState.LATE_PUBLISHED) else None
    await db.run(
        "UPDATE dues SET state = ?, overdue_at = ? WHERE source = ?", state.value, late, source
    )
    row = await db.row("SELECT id FROM dues WHERE source = ?", source)
    assert row is not None
    return str(row["id"])


@pytest.fixture(autouse=True)
async def _templates(db: Database) -> None:
    await ensure_templates(db, NOW)


async def test_the_county_is_counted_by_town_and_the_town_by_village(
    desk: Console, db: Database
) -> None:
    for state in (DueState.OVERDUE, DueState.PUBLISHED, DueState.PUBLISHED):
        await owed(db, VILLAGE, date(2026, 11, 10), state)
    admin = await desk.log_in("管理", COUNTY)

    county, town = await admin.get(CALENDAR), await admin.get(f"{CALENDAR}/{TOWN}")

    assert "▲ 1/3" in county.text
    assert "竹影镇" in county.text or "稻香街道" in county.text
    assert "听竹村" in town.text
    assert "▲ 1/3" in town.text


async def test_a_supervisor_sees_the_late_village_and_urges_it_once_a_day(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    accountant = await officer(db, sealer, "录入", VILLAGE, phone="16600010072")
    late = await owed(db, VILLAGE, date(2026, 11, 10), DueState.OVERDUE)
    town = await desk.log_in("管理", TOWN)

    page = await town.get(f"{CALENDAR}/{VILLAGE}")
    urged = await town.follow(await town.post(f"{CALENDAR}/dues/{late}/urge"))
    again = await town.follow(await town.post(f"{CALENDAR}/dues/{late}/urge"))

    assert "过期没公开" in page.text
    assert "催了" in urged.text
    assert "催办:发给1人" in again.text
    assert "今天已经催过了" in again.text
    rows = await db.rows("SELECT person_id FROM deliveries")
    assert [row["person_id"] for row in rows] == [accountant]


async def test_only_whoever_supervises_urges(desk: Console, db: Database) -> None:
    late = await owed(db, VILLAGE, date(2026, 11, 10), DueState.OVERDUE)

    clerk, elsewhere = await desk.log_in("录入", VILLAGE), await desk.log_in("管理", "990101102000")

    assert "催一下" not in (await clerk.get(f"{CALENDAR}/{VILLAGE}")).text
    assert (await clerk.post(f"{CALENDAR}/dues/{late}/urge")).status == 404
    assert (await elsewhere.post(f"{CALENDAR}/dues/{late}/urge")).status == 404
    assert (await elsewhere.get(f"{CALENDAR}/{VILLAGE}")).status == 404


async def test_another_day_plans_anew_what_waits(desk: Console, db: Database) -> None:
    await regions.set_rhythm(db, VILLAGE, "每月", 8)
    town = await desk.log_in("管理", TOWN)

    wrong = await town.post(f"{CALENDAR}/{VILLAGE}/rhythm", {"rhythm": "每月", "day": "31"})
    done = await town.follow(
        await town.post(f"{CALENDAR}/{VILLAGE}/rhythm", {"rhythm": "每月", "day": "15"})
    )

    assert wrong.status == 422
    assert "写 1 到 28 里的一个数" in wrong.text
    assert "每月15日前公开账目" in done.text
    days = [one.due_on for one in await dues.open_dues(db, VILLAGE) if one.kind == "accounts"]
    assert days == [date(2026, 12, 15)]


async def test_a_schedule_is_set_and_shows_its_next_ten_times(desk: Console, db: Database) -> None:
    admin = await desk.log_in("管理", COUNTY)
    path = f"{CALENDAR}/rhythms/disclosure_reminders"

    done = await admin.follow(await admin.post(path, {"cron": "30 8 * * *"}))
    back = await admin.follow(await admin.post(path, {"cron": ""}))

    assert "每天8:30(改过)" in done.text
    assert done.text.count("08:30") >= 10
    assert "每天9:00" in back.text
    (stored,) = [s for s in await schedules.load_all(db) if s.name == "disclosure_reminders"]
    assert stored.next_run == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["0 9 31 2 *", "0 9", "谁知道", "99 9 * * *"])
async def test_a_schedule_that_never_comes_is_refused_in_words(
    desk: Console, db: Database, cron: str
) -> None:
    admin = await desk.log_in("管理", COUNTY)

    page = await admin.post(f"{CALENDAR}/rhythms/disclosure_reminders", {"cron": cron})

    assert page.status == 422
    assert "这样写排不出日子" in page.text
    assert f'value="{cron}"' in page.text


async def test_a_village_clerk_sets_no_schedule(desk: Console) -> None:
    town = await desk.log_in("管理", TOWN)

    page = await town.post(f"{CALENDAR}/rhythms/disclosure_reminders", {"cron": "0 1 * * *"})

    assert page.status == 404


async def test_days_are_looked_at_before_a_schedule_is_set(desk: Console, db: Database) -> None:
    admin = await desk.log_in("管理", COUNTY)
    path = f"{CALENDAR}/rhythms/disclosure_reminders"

    looked = await admin.post(path, {"cron": "30 8 * * *", "do": "look"})

    assert looked.status == 200
    assert "照写的,接下来十次" in looked.text
    assert looked.text.count("08:30") == 10
    assert "30 8 * * *" not in {one.cron for one in await schedules.load_all(db)}


async def test_a_villages_days_are_looked_at_before_they_are_set(
    desk: Console, db: Database
) -> None:
    await regions.set_rhythm(db, VILLAGE, "每月", 8)
    town = await desk.log_in("管理", TOWN)

    form = {"rhythm": "每季", "day": "20", "do": "look"}
    looked = await town.post(f"{CALENDAR}/{VILLAGE}/rhythm", form)

    assert looked.text.count("月的,") == 10
    assert "2026年10月至12月的,2027年1月20日前" in looked.text
    region = await regions.region(db, VILLAGE)
    assert region is not None
    assert (region.rhythm, region.disclosure_day) == ("每月", 8)


async def test_a_rhythms_rule_is_looked_at_then_laid_down_and_recorded(
    desk: Console, db: Database
) -> None:
    admin = await desk.log_in("管理", COUNTY)
    path = f"{CALENDAR}/rhythms/及时/rule"

    looked = await admin.get(f"{path}?number=5&stages=-2,0,4")
    unchanged = await in_force(db)
    done = await admin.follow(await admin.post(path, {"number": "5", "stages": "4,-2,0"}))

    assert looked.text.count('data-name="到期"') == 10
    assert unchanged[Rhythm.PHASED].number == 3
    assert "签承包租赁以后5个工作日内" in done.text
    assert "提前2天、当天、过4天提醒,过5天告诉镇上" in done.text
    assert (await in_force(db))[Rhythm.PHASED] == RhythmRule(5, (-2, 0, 4))
    (act,) = await audit.about(db, "及时")
    assert (act.actor, act.action) == (admin.person_id, "rhythm_rule")


@pytest.mark.parametrize(
    ("number", "stages", "said"),
    [
        ("3", "", "永远不会发"),
        ("3", "-5,-1", "过期了就没人知道"),
        ("3", "明天", "用逗号隔开"),
        ("31", "0", "写1到30里的一个数"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused_and_what_was_typed_stays(
    desk: Console, db: Database, number: str, stages: str, said: str
) -> None:
    admin = await desk.log_in("管理", COUNTY)

    page = await admin.post(f"{CALENDAR}/rhythms/及时/rule", {"number": number, "stages": stages})

    assert page.status == 422
    assert said in page.text
    assert f'value="{stages}"' in page.text
    assert not await laid_down(db)


async def test_a_towns_administrator_lays_down_no_rhythm(desk: Console, db: Database) -> None:
    town = await desk.log_in("管理", TOWN)

    page = await town.post(f"{CALENDAR}/rhythms/及时/rule", {"number": "5", "stages": "0"})

    assert page.status == 404
    assert not await laid_down(db)


async def test_rows_of_one_name_and_day_share_the_message_that_told_of_them(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    await officer(db, sealer, "录入", VILLAGE, phone="16600010072")
    first = await owed(db, VILLAGE, date(2026, 11, 10), DueState.OVERDUE)
    await owed(db, VILLAGE, date(2026, 11, 10), DueState.OVERDUE)
    town = await desk.log_in("管理", TOWN)

    page = await town.follow(await town.post(f"{CALENDAR}/dues/{first}/urge"))

    assert page.text.count("催办:发给1人") == 2


async def test_what_is_late_is_listed_with_the_longest_on_top(desk: Console, db: Database) -> None:
    await owed(db, VILLAGE, date(2026, 11, 10), DueState.OVERDUE, "十月的账目")
    await owed(db, VILLAGE, date(2026, 10, 10), DueState.OVERDUE, "九月的账目")
    await owed(db, "990101102200", date(2026, 9, 10), DueState.OVERDUE, "别镇的账目")
    town = await desk.log_in("管理", TOWN)

    page = await town.get(CALENDAR)

    assert "过了45天" in page.text
    assert page.text.index("九月的账目") < page.text.index("十月的账目")
    assert "别镇的账目" not in page.text


async def test_whoever_holds_posts_in_two_places_gets_to_both(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    both = await officer(db, sealer, "监督员", VILLAGE)
    await db.run(
        "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, '监督员', ?, '')",
        new_id(), both, LONGEST,
    )  # fmt: skip
    browser = await desk.enter(both)

    for area in (CALENDAR, "/console/overview"):
        first = await browser.get(area)
        assert f'<a href="{area}/{LONGEST}">' in first.text
        assert (await browser.get(f"{area}/{LONGEST}")).status == 200
        assert (await browser.get(f"{area}/{TOWN}")).status == 404
