"""What a person says of a campaign: at once, audited, and right beside workers that claim."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from notifications import reporting, steering
from notifications.campaigns import CampaignError, Order, create, fan_out_more, start_planned
from notifications.steering import Hand
from storage import audit, campaigns, outbox, reports, tallies
from storage import steering as stored
from storage.campaigns import Campaign
from storage.database import Database
from storage.moments import NEVER
from storage.outbox import Claimed, Finish, Worker
from storage.reports import Outcomes
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, usual_terms

TERMS = usual_terms(wechat=False, sms_gateway="http")
REAL = datetime(2031, 5, 1, tzinfo=UTC)
HAND = Hand(actor="operator", now=NOW, real=REAL)


async def pushed(county: County, people: int, at: datetime | None = None) -> str:
    for n in range(people):
        await county.person(phone=f"1380000{n:04d}", village=VILLAGE)
    order = Order(
        template="notice", audience="role=居民", params={"title": "通知", "text": "开会"}, at=at
    )
    return await create(county.db, TERMS, order, now=NOW, actor="operator")


async def claim(db: Database, limit: int = 100) -> list[Claimed]:
    worker = Worker(owner="w", now=REAL, lease_until=REAL + timedelta(seconds=30))
    return await outbox.claim(
        db, worker, channel="sms", gateway="http", lane=3, limit=limit,
        now=NOW + timedelta(hours=2), repeat_after=REAL,
    ) + await outbox.claim(
        db, worker, channel="sms", gateway="http", lane=2, limit=limit,
        now=NOW + timedelta(hours=2), repeat_after=REAL,
    )  # fmt: skip


async def finish(db: Database, rows: list[Claimed], state: str, code: str = "") -> None:
    attempt = "taken" if state == "sent" else "refused"
    await outbox.finish(
        db, [Finish(claimed=r, state=state, attempt=attempt, code=code) for r in rows], REAL
    )


async def states(db: Database, identity: str) -> dict[str, int]:
    return (await campaigns.progress(db, identity)).by_state


async def loaded(db: Database, identity: str) -> Campaign:
    campaign = await campaigns.load(db, identity)
    assert campaign is not None
    return campaign


async def resent(db: Database, identity: str, *, unknown: bool = False) -> int:
    """To how many."""
    made = await steering.resend(db, TERMS, identity, HAND, unknown=unknown)
    return sum(made.forecast.by_channel.values())


async def test_what_is_paused_is_not_claimed_and_goes_on_without_a_warning(
    county: County,
) -> None:
    db, identity = county.db, await pushed(county, 5)
    under_way = await claim(db, 2)

    await steering.pause(db, identity, HAND)
    assert await claim(db) == []
    await finish(db, under_way, "sent")
    assert await states(db, identity) == {"held": 3, "sent": len(under_way)}
    assert await campaigns.close_finished(db) == []
    assert not await campaigns.anything_held(db)  # nothing that a restore holds

    assert await steering.go_on(db, identity, HAND)
    await finish(db, await claim(db), "sent")
    assert await states(db, identity) == {"sent": 5}
    assert await campaigns.close_finished(db) == [identity]
    assert [act.action for act in await audit.about(db, identity)][-2:] == ["paused", "resumed"]


async def test_a_word_takes_effect_before_its_rows_have_moved(county: County) -> None:
    db, identity = county.db, await pushed(county, 3)

    assert await stored.pause(db, identity)  # and the process dies here
    assert await claim(db) == []
    await stored.follow_up(db, REAL)
    assert await states(db, identity) == {"held": 3}

    assert await stored.go_on(db, identity)  # and here
    await stored.follow_up(db, REAL)
    assert await states(db, identity) == {"new": 3}
    assert len(await claim(db)) == 3


async def test_cancelled_for_good_while_what_is_under_way_ends(county: County) -> None:
    db, identity = county.db, await pushed(county, 4)
    under_way = await claim(db, 1)

    await steering.cancel(db, identity, HAND)
    await finish(db, under_way, "new", "busy")  # would have been tried again
    await stored.follow_up(db, REAL)

    assert await states(db, identity) == {"cancelled": 4}
    assert (await loaded(db, identity)).state == "cancelled"
    for again in (steering.pause, steering.cancel):
        with pytest.raises(CampaignError, match="取消"):
            await again(db, identity, HAND)
    assert not await steering.go_on(db, identity, HAND)


async def test_a_planned_one_that_is_cancelled_never_begins(county: County) -> None:
    db, later = county.db, NOW + timedelta(hours=1)
    identity = await pushed(county, 2, at=later)

    await steering.cancel(db, identity, HAND)

    assert await start_planned(db, TERMS, later) == 0
    assert not await fan_out_more(db, TERMS, later)
    assert await states(db, identity) == {}


async def test_a_planned_one_that_was_paused_is_planned_again(county: County) -> None:
    db, later = county.db, NOW + timedelta(hours=1)
    identity = await pushed(county, 2, at=later)

    await steering.pause(db, identity, HAND)
    assert await start_planned(db, TERMS, later) == 0
    await steering.go_on(db, identity, HAND)

    assert await start_planned(db, TERMS, later) == 1
    assert await states(db, identity) == {"new": 2}


async def test_only_who_was_missed_gets_it_again_and_only_once(county: County) -> None:
    db, identity = county.db, await pushed(county, 6)
    rows = await claim(db)
    await finish(db, rows[:2], "sent")
    await finish(db, rows[2:4], "refused", "isv.MOBILE_NUMBER_ILLEGAL")
    await finish(db, rows[4:5], "dead")
    await outbox.finish(
        db,
        [Finish(claimed=rows[5], state="unknown", attempt="unknown", not_before=NEVER)],
        REAL,
    )
    assert await campaigns.close_finished(db) == [identity]

    assert await resent(db, identity) == 3
    with pytest.raises(CampaignError, match="没有要补发的"):
        await steering.resend(db, TERMS, identity, HAND)
    again = await claim(db)

    assert {row.person_id for row in again} == {row.person_id for row in rows[2:5]}
    assert (await loaded(db, identity)).revision == 2
    await finish(db, again[:1], "refused")
    await finish(db, again[1:], "sent")
    assert await resent(db, identity, unknown=True) == 2
    assert {r.person_id for r in await claim(db)} == {again[0].person_id, rows[5].person_id}


async def test_pausing_beside_workers_that_claim_loses_and_doubles_nothing(
    county: County,
) -> None:
    db, identity = county.db, await pushed(county, 40)
    sent: list[str] = []

    async def work() -> None:
        for _ in range(12):
            rows = await claim(db, 3)
            sent.extend(row.id for row in rows)
            await finish(db, rows, "sent")

    async def waver() -> None:
        for _ in range(4):
            await steering.pause(db, identity, HAND)
            await steering.go_on(db, identity, HAND)

    await asyncio.gather(work(), work(), waver())
    while rows := await claim(db):
        sent.extend(row.id for row in rows)
        await finish(db, rows, "sent")

    assert len(sent) == len(set(sent)) == 40
    assert await states(db, identity) == {"sent": 40}
    counts = dict((await tallies.load(db, identity)).counts)
    await tallies.recount(db)
    assert dict((await tallies.load(db, identity)).counts) == counts


async def test_a_report_tells_village_channel_and_why(county: County) -> None:
    db, identity = county.db, await pushed(county, 3)
    rows = await claim(db)
    await finish(db, rows[:2], "sent")
    await finish(db, rows[2:], "refused", "isv.MOBILE_NUMBER_ILLEGAL")

    lines = await reports.outcomes(db, identity)
    table = list(csv.reader(io.StringIO(reporting.as_csv(lines).removeprefix("\ufeff"))))

    assert [row[:6] for row in table[1:]] == [
        ["1", VILLAGE, "听竹村", "短信", "没收", "1"],
        ["1", VILLAGE, "听竹村", "短信", "平台收下了", "2"],
    ]
    assert table[1][6] == "isv.MOBILE_NUMBER_ILLEGAL"
    assert table[1][7]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(name: str) -> None:
    line = Outcomes(1, "", name, "sms", "sent", "", 1)
    written = list(csv.reader(io.StringIO(reporting.as_csv([line]))))[1]

    assert written[2] == f"'{name}"
