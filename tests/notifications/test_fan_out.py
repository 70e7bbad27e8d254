"""Large audiences: page by page, by whoever has time, each person once."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notifications import campaigns as planning
from notifications.campaigns import Order, create, create_duty, fan_out_more, start_planned
from notifications.templates import bind
from storage import campaigns, steering, tallies
from storage.audience import Audience, Group
from storage.campaigns import Campaign
from storage.database import Database
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, openid, phone, usual_terms

TERMS = usual_terms(wechat=False, sms_gateway="http")
ORDER = Order(
    template="notice", audience="role=居民,region=990101", params={"title": "通知", "text": "开会"}
)


@pytest.fixture(autouse=True)
def _every_audience_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SMALL", 0)


async def residents(county: County, count: int) -> list[str]:
    """So many with a phone of their own."""
    return [await county.person(phone=f"1380000{n:04d}", village=VILLAGE) for n in range(count)]


async def loaded(db: Database, identity: str) -> Campaign:
    campaign = await campaigns.load(db, identity)
    assert campaign is not None
    return campaign


async def reached(db: Database, revision: int = 1) -> list[str]:
    rows = await db.rows(
        "SELECT person_id FROM deliveries WHERE revision = ? ORDER BY person_id", revision
    )
    return [row["person_id"] for row in rows]


async def test_pages_reach_everybody_once_and_are_not_done_before(county: County) -> None:
    db, everybody = county.db, sorted(await residents(county, 7))
    identity = await create(db, TERMS, ORDER, now=NOW, actor="operator")
    assert await reached(db) == []

    left = [await fan_out_more(db, TERMS, NOW, page=3)]
    assert len(await reached(db)) == 3
    await db.run("UPDATE deliveries SET state = 'cancelled'")
    await tallies.recount(db)
    early = await campaigns.close_finished(db)
    left += [await fan_out_more(db, TERMS, NOW, page=3) for _ in range(2)]

    assert (left, early) == ([True, True, False], [])
    assert await reached(db) == everybody
    assert (await campaigns.progress(db, identity)).total == 7
    assert not await fan_out_more(db, TERMS, NOW, page=3)
    assert await reached(db) == everybody


async def test_a_number_that_people_of_two_pages_share_gets_one_message(county: County) -> None:
    db = county.db
    family = sorted([await county.person(phone="13900000001", village=VILLAGE) for _ in range(4)])
    alone = await county.person(phone="13900000002", village=VILLAGE)
    await create(db, TERMS, ORDER, now=NOW, actor="operator")

    while await fan_out_more(db, TERMS, NOW, page=2):
        pass

    assert await reached(db) == sorted([family[0], alone])


async def test_channels_that_were_chosen_hold_on_every_page(county: County) -> None:
    db = county.db
    for n in range(4):
        await county.person(phone=phone(n), openid=openid(n), village=VILLAGE)
    fields = {"thing1": "title", "thing2": "text"}
    await bind(db, "notice", gateway="wechat", external_id="wx", fields=fields, now=NOW)
    by_sms = replace(ORDER, channels=("sms",))
    await create(db, usual_terms(sms_gateway="http"), by_sms, now=NOW, actor="operator")
    # Nothing but WeChat is open: the text waits for its binding and does not go another way.
    await create_duty(db, usual_terms(sms_gateway=""), by_sms, now=NOW, actor="system")

    while await fan_out_more(db, usual_terms(sms_gateway=""), NOW, page=3):
        pass

    rows = await db.rows("SELECT channel, COUNT(*) AS n FROM deliveries GROUP BY channel")
    assert [(row["channel"], row["n"]) for row in rows] == [("sms", 8)]


async def test_whom_code_chose_survives_on_the_campaign(county: County) -> None:
    db = county.db
    chosen, other = await residents(county, 2)
    whom = Audience(groups=(Group(people=(chosen,)),), on=date(2026, 11, 24))
    later = NOW + timedelta(hours=1)
    order = Order(template="notice", audience="role=居民", params=ORDER.params, whom=whom, at=later)
    identity = await create(db, TERMS, order, now=NOW, actor="operator")

    await start_planned(db, TERMS, later)
    await fan_out_more(db, TERMS, later)

    assert await reached(db) == [chosen]
    assert other not in await reached(db)
    assert Audience.from_json((await loaded(db, identity)).whom) == whom


async def test_the_version_of_the_wording_is_frozen(county: County) -> None:
    await residents(county, 1)
    identity = await create(county.db, TERMS, ORDER, now=NOW, actor="operator")

    versions = (await loaded(county.db, identity)).versions
    assert versions
    assert set(versions.values()) == {1}


async def test_a_paused_fan_out_goes_on_where_it_was(county: County) -> None:
    db, everybody = county.db, sorted(await residents(county, 6))
    identity = await create(db, TERMS, ORDER, now=NOW, actor="operator")
    await fan_out_more(db, TERMS, NOW, page=2)

    assert await steering.pause(db, identity)
    await fan_out_more(db, TERMS, NOW, page=2)
    assert len(await reached(db)) == 2

    assert await steering.go_on(db, identity)
    while await fan_out_more(db, TERMS, NOW, page=2):
        pass
    assert await reached(db) == everybody


_WORKER = """
import asyncio, sys
from notifications.campaigns import fan_out_more
from storage.database import Database
from tests.conftest import NOW
from tests.notifications.world import usual_terms

async def main():
    db = await Database.open(sys.argv[1])
    print("ready", flush=True)
    while await fan_out_more(db, usual_terms(wechat=False, sms_gateway="http"), NOW, page=5):
        pass
    print("whole", flush=True)
    await db.close()

asyncio.run(main())
"""


async def _worker(db: Database) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, db.url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_killed_in_the_middle_misses_nobody_and_doubles_nobody(county: County) -> None:
    db, everybody = county.db, sorted(await residents(county, 300))
    identity = await create(db, TERMS, ORDER, now=NOW, actor="operator")

    kills = 0
    for enough in (20, 160):
        process = await _worker(db)
        while len(await reached(db)) < enough and process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        await process.wait()
    unfinished = not (await loaded(db, identity)).fanned_out
    workers = [await _worker(db), await _worker(db)]  # and two at once
    await asyncio.gather(*(worker.communicate() for worker in workers))

    assert kills
    assert unfinished
    assert await reached(db) == everybody
    assert (await campaigns.progress(db, identity)).total == 300
