"""Campaigns in the store: keys are unique, progress is counted from the rows."""

from dataclasses import replace
from datetime import timedelta

from storage import campaigns, tallies
from storage.campaigns import Campaign
from storage.database import Database
from storage.ids import new_id
from tests.conftest import NOW

CAMPAIGN = Campaign(
    id="c1",
    key="k1",
    template="notice",
    notice_class="news",
    lane=2,
    audience="role=干部",
    params={"title": "开会"},
    texts={"sms": "开会"},
    link="",
    state="running",
    revision=1,
    planned_for=NOW,
    expires_at=NOW + timedelta(days=3),
    created_by="operator",
    created_at=NOW,
    fanned_out=True,
)


async def delivery(
    db: Database, state: str, channel: str = "wechat", *, attempts: int = 1, until: int = 1
) -> None:
    identity = new_id()
    await db.run(
        "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at, begun, repeated)"
        " VALUES (?, 'c1', ?, 1, 2, ?, ?, '', 0, ?, '', '', 1, ?, ?)",
        identity, new_id(), state, channel, until, attempts, attempts > 1,
    )  # fmt: skip
    for _ in range(attempts):
        await db.run(
            "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"
            " looked_up, cost_fen, started_at) VALUES (?, ?, ?, 'g', 'taken', '', '', 0, 5, 1)",
            new_id(), identity, channel,
        )  # fmt: skip


async def test_a_campaign_comes_back_as_it_went_in(db: Database) -> None:
    assert await campaigns.insert(db, CAMPAIGN)

    assert await campaigns.load(db, "c1") == CAMPAIGN
    assert await campaigns.load(db, "c2") is None


async def test_a_key_is_taken_once(db: Database) -> None:
    await campaigns.insert(db, CAMPAIGN)

    assert not await campaigns.insert(db, replace(CAMPAIGN, id="c2"))
    assert await campaigns.id_of_key(db, "k1") == "c1"


async def test_a_planned_campaign_is_taken_up_by_one_worker(db: Database) -> None:
    later = replace(CAMPAIGN, state="planned", planned_for=NOW + timedelta(hours=1))
    await campaigns.insert(db, later)

    early = await campaigns.planned(db, NOW)
    due = await campaigns.planned(db, NOW + timedelta(hours=1))
    taken = [await campaigns.start(db, "c1", "") for _ in range(2)]

    assert (early, [c.id for c in due], taken) == ([], ["c1"], [True, False])


async def test_progress_counts_states_channels_and_what_went_twice(db: Database) -> None:
    await campaigns.insert(db, CAMPAIGN)
    for state, channel, attempts in (
        ("sent", "wechat", 1),
        ("delivered", "sms", 1),
        ("sent", "sms", 2),
        ("refused", "wechat", 1),
        ("new", "wechat", 0),
    ):
        await delivery(db, state, channel, attempts=attempts)

    await tallies.recount(db, "c1")
    counted = await campaigns.progress(db, "c1")

    assert counted.total == 5
    assert counted.by_state == {"delivered": 1, "new": 1, "refused": 1, "sent": 2}
    assert counted.by_channel == {"wechat": 1, "sms": 2}
    assert counted.people_reached == 3
    assert counted.repeated == 1


async def test_a_campaign_is_done_when_every_delivery_is(db: Database) -> None:
    await campaigns.insert(db, CAMPAIGN)
    await delivery(db, "unknown")  # still to be asked about
    await tallies.recount(db)

    first = await campaigns.close_finished(db)
    await db.run("UPDATE deliveries SET not_before = 9999999999999")
    second = await campaigns.close_finished(db)
    third = await campaigns.close_finished(db)

    assert (first, second, third) == ([], ["c1"], [])
