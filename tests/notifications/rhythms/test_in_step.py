"""同步 (M42): those whom a decision concerns hear of it before the public does."""

from datetime import date, timedelta

from notifications.campaigns import start_planned
from notifications.news import PUBLIC_AFTER
from notifications.triggers import announce_records
from storage.batches import Order
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, RecordBatch, bring_in
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, openid, usual_terms
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import DECISIONS, PROJECTS

TERMS = usual_terms()


async def publish(
    county: County, kind: RecordKind, key: tuple[str, str], row: dict[str, str]
) -> None:
    rows = [BroughtRow(line_of(kind, row), "表.xlsx", "", 2)]
    order = Order(actor="operator", now=NOW, today=date(2026, 11, 24), publish=True)
    batch = RecordBatch(VILLAGE, kind, {key: BroughtList(rows)})
    (listed,) = (await bring_in(county.db, batch, order)).lists
    await announce_records(county.db, TERMS, [listed.id], village=VILLAGE, sequence=1, now=NOW)


async def told(county: County) -> set[str]:
    return {row["person_id"] for row in await county.deliveries()}


async def test_officers_hear_of_a_decision_first_and_then_everybody_who_follows(
    county: County,
) -> None:
    officer = await county.person(openid=openid(1), role="监委会", follows=("*",))
    resident = await county.person(openid=openid(2), village=VILLAGE, follows=("*",))
    row = {
        "date": "2026-11-24", "meeting": "村民代表会议", "title": "果园续包", "content": "不续包",
        "result": "通过", "major": "是",
    }  # fmt: skip

    await publish(county, DECISIONS, ("村民代表会议", "2026-11-24"), row)
    at_once = await told(county)
    await start_planned(county.db, TERMS, NOW + PUBLIC_AFTER - timedelta(seconds=1))
    before = await told(county)
    await start_planned(county.db, TERMS, NOW + PUBLIC_AFTER)

    assert at_once == before == {officer}
    assert await told(county) == {officer, resident}


async def test_of_everything_else_all_hear_at_once(county: County) -> None:
    officer = await county.person(openid=openid(1), role="监委会", follows=("*",))
    resident = await county.person(openid=openid(2), village=VILLAGE, follows=("*",))
    row = {"name": "道路", "started": "2026-11-01", "stage": "立项"}

    await publish(county, PROJECTS, ("道路", "2026"), row)

    assert await told(county) == {officer, resident}
