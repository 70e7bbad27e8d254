"""Who holds a post: by the register, of the day that is asked about."""

from __future__ import annotations

from datetime import date, timedelta

from storage.database import Database
from storage.enrolling import Facts, enrol
from storage.offices import offices
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.power import COUNTY, OTHER, TOWN, VILLAGE, make_places

TODAY = NOW.date()


def facts(
    name: str, title: str, *, role: str = "干部", region: str = VILLAGE, ends: date | None = None
) -> Facts:
    openid = f"o{name.encode().hex()}"
    return Facts(
        name=name, roles=(role,), region=region, title=title, starts_on=None, ends_on=ends,
        phone=None, openid=openid,
    )  # fmt: skip


async def test_new_holder_stands_everywhere_the_day_the_old_one_has_left(
    db: Database, sealer: Sealer
) -> None:
    await make_places(db)
    await enrol(db, sealer, [facts("纪广田", "村主任", ends=TODAY - timedelta(days=1))], NOW)
    await enrol(db, sealer, [facts("骆启明", "村委会主任")], NOW)

    yesterday = await offices(db, VILLAGE, TODAY - timedelta(days=1))
    today = await offices(db, VILLAGE, TODAY)

    assert yesterday.holders("村民委员会主任") == ("纪广田", "骆启明")
    assert today.holders("村民委员会主任") == ("骆启明",)


async def test_titles_are_read_as_people_write_them(db: Database, sealer: Sealer) -> None:
    await make_places(db)
    people = [
        facts("一肩挑", "书记、主任"),
        facts("靳老栓", "主任", role="监委会"),
        facts("邻村人", "文书", region=OTHER),
        facts("穆远", "镇农经员", region=TOWN),
        facts("县里人", "民政局", region=COUNTY),
    ]
    await enrol(db, sealer, people, NOW)

    found = await offices(db, VILLAGE, TODAY)

    posts = ("村党组织书记", "村民委员会主任", "村监委会主任", "村务专干", "乡镇农经员", "县民政局")
    assert [found.holders(post) for post in posts] == [
        ("一肩挑",),
        ("一肩挑",),
        ("靳老栓",),
        (),
        ("穆远",),
        ("县里人",),
    ]
