"""The overview in the console: drill-down, small numbers, the report as a PDF that is recorded."""

from __future__ import annotations

from datetime import date

from storage import audit
from storage.database import Database
from storage.dues import DueState
from storage.questions import COUNT, Asked, values_of
from tests.console.staff.kit import COUNTY, TOWN, VILLAGE, Console
from tests.console.staff.test_calendar import owed

OVERVIEW = "/console/overview"


async def asked(db: Database, topic: str, count: int) -> None:
    for _ in range(count):
        await db.run(COUNT, *values_of(Asked(VILLAGE, "2026-11", topic, answered=False)))


async def test_the_county_leads_to_its_towns_and_they_to_their_villages(
    desk: Console, db: Database
) -> None:
    await owed(db, VILLAGE, date(2026, 11, 9), DueState.PUBLISHED)
    await owed(db, VILLAGE, date(2026, 10, 9), DueState.OVERDUE)
    admin = await desk.log_in("管理", COUNTY)

    county, town = await admin.get(OVERVIEW), await admin.get(f"{OVERVIEW}/{TOWN}")
    village = await admin.get(f"{OVERVIEW}/{VILLAGE}")

    assert "七项指标" in county.text
    assert "50%(1/2)" in county.text
    assert f"{OVERVIEW}/{TOWN}" in county.text
    assert f"{OVERVIEW}/{VILLAGE}" in town.text
    assert "听竹村总览" in village.text


async def test_a_town_sees_no_other_town(desk: Console) -> None:
    town = await desk.log_in("管理", TOWN)

    assert (await town.get(f"{OVERVIEW}/{COUNTY}")).status == 404
    assert (await town.get(f"{OVERVIEW}/990101102000")).status == 404
    assert "总览" in (await town.get(OVERVIEW)).text


async def test_fewer_than_five_questions_are_not_counted_out(desk: Console, db: Database) -> None:
    await asked(db, "FIN", 7)
    await asked(db, "AID.DIBAO", 4)
    admin = await desk.log_in("管理", COUNTY)

    page = (await admin.get(OVERVIEW)).text

    assert ">7<" in page
    assert ">4<" not in page
    assert "少于5,不写" in page


async def test_the_report_is_a_pdf_and_who_took_it_is_recorded(desk: Console, db: Database) -> None:
    await owed(db, VILLAGE, date(2026, 11, 9), DueState.PUBLISHED)
    admin = await desk.log_in("管理", COUNTY)

    page = await admin.post(f"{OVERVIEW}/{COUNTY}/report", {"month": "2026-11"})
    unknown = await admin.post(f"{OVERVIEW}/{COUNTY}/report", {"month": "2031-01"})

    assert page.status == 200
    assert page.text.startswith("%PDF")
    assert page.headers["Content-Type"] == "application/pdf"
    assert unknown.status == 404
    acts = await audit.about(db, COUNTY)
    assert [act.details["what"] for act in acts if act.action == "export"] == ["monthly_report"]
