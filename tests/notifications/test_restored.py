"""After a restore nothing unfinished goes out until an operator resumes it."""

import asyncio
from datetime import UTC, datetime, timedelta

from notifications.campaigns import Order, create
from notifications.restored import hold_restored, resume
from notifications.schedules import Job, Occasion
from storage import installation, outbox
from storage.moments import NEVER
from storage.outbox import Worker
from tests.conftest import NOW
from tests.notifications.world import World, phone

RESTORED = NOW + timedelta(hours=1)


async def crashed_in_the_middle(world: World) -> str:
    """A push of which two were sent, one is under way, one of unknown outcome, two not begun."""
    await world.county.cadres(sms=6)
    await world.bind("notice")
    campaign = await world.notice()
    now = datetime.now(UTC)
    worker = Worker(owner="w", now=now, lease_until=now + timedelta(seconds=30))
    claimed = await outbox.claim(
        world.db, worker, channel="sms", gateway="aliyun", lane=2, limit=4, now=NOW,
        repeat_after=now,
    )  # fmt: skip
    done = [
        outbox.Finish(claimed=row, state=state, attempt=attempt, not_before=1)
        for row, (state, attempt) in zip(
            claimed, [("sent", "taken"), ("sent", "taken"), ("unknown", "unknown")], strict=False
        )
    ]
    await outbox.finish(world.db, done, now)
    return campaign


async def resumed(world: World, campaign: str | None) -> object:
    return await resume(world.db, campaign, now=RESTORED, real=world.real())


async def test_nothing_goes_out_before_somebody_resumes_it(world: World) -> None:
    campaign = await crashed_in_the_middle(world)
    await installation.mark_restored(world.db, RESTORED)
    world.county.clock.move(timedelta(hours=1))

    async with world.working():
        await asyncio.sleep(0.3)

    assert await world.counts() == {}
    assert await world.county.states(campaign) == {("sms", "sent"): 2, ("sms", "held"): 4}


async def test_resuming_says_how_many_may_have_gone_out(world: World) -> None:
    campaign = await crashed_in_the_middle(world)
    await create(
        world.db,
        world.terms,
        Order(
            template="notice",
            audience="role=干部",
            params={"title": "一", "text": "二"},
            at=NOW + timedelta(days=1),
        ),
        now=NOW,
        actor="operator",
    )
    await installation.mark_restored(world.db, RESTORED)

    told = await resume(world.db, campaign, now=RESTORED, real=world.real())
    others = await resume(world.db, None, now=RESTORED, real=world.real())

    assert (told.campaigns, told.deliveries, told.may_have_gone_out) == (1, 4, 4)
    assert (others.campaigns, others.deliveries, others.not_begun) == (1, 0, 0)
    assert await world.db.row("SELECT restored_at FROM installation") == {"restored_at": None}
    states = {r["state"] for r in await world.db.rows("SELECT state FROM campaigns")}
    assert states == {"running", "planned"}


async def test_what_was_under_way_is_asked_about_before_it_is_sent(world: World) -> None:
    await crashed_in_the_middle(world)
    await installation.mark_restored(world.db, RESTORED)
    await resumed(world, None)

    async with world.working():
        await world.until_states(sent=4, unknown=2)
        for _ in range(2):
            world.real.ahead += timedelta(minutes=10, seconds=1)
            await asyncio.sleep(0.3)
        await world.until_states(sent=6)

    assert len(await world.counts()) == 4
    assert set((await world.counts()).values()) == {1}


async def test_what_was_made_after_the_restore_is_not_held_again(world: World) -> None:
    await crashed_in_the_middle(world)
    await installation.mark_restored(world.db, RESTORED)
    held = [await hold_restored(world.db, RESTORED) for _ in range(2)]
    fresh = await world.notice(key="fresh")

    again = await hold_restored(world.db, RESTORED)
    async with world.working():

        async def sent() -> bool:
            return await world.county.states(fresh) == {("sms", "sent"): 6}

        await world.until(sent)

    assert (held, again) == ([True, False], False)


async def test_a_restore_with_nothing_unfinished_holds_nothing(world: World) -> None:
    await installation.mark_restored(world.db, RESTORED)

    assert not await hold_restored(world.db, RESTORED)
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.notice()
    assert not await hold_restored(world.db, RESTORED)

    assert await world.county.states() == {("sms", "new"): 1}


async def test_what_stays_unknown_for_good_is_not_held(world: World) -> None:
    await crashed_in_the_middle(world)
    await world.db.run("UPDATE deliveries SET not_before = ? WHERE state = 'unknown'", NEVER)
    await installation.mark_restored(world.db, RESTORED)

    await hold_restored(world.db, RESTORED)

    assert (await world.county.states())["sms", "unknown"] == 1


async def test_missed_occurrences_wait_and_are_made_up_as_one(world: World) -> None:
    occasions: list[Occasion] = []

    async def run(occasion: Occasion) -> None:
        occasions.append(occasion)

    jobs = [Job(name="daily", cron="0 9 * * *", run=run)]
    service = world.notifications(jobs=jobs)
    await service.start()
    await service.stop()
    await installation.mark_restored(world.db, NOW + timedelta(days=2))
    world.county.clock.move(timedelta(days=2))

    async with world.working(jobs=jobs) as service:
        await service.tick()
        before = list(occasions)
        told = await resume(world.db, None, now=world.county.clock.now(), real=world.real())
        await service.tick()

    assert before == []
    assert told.occurrences == 2
    assert [(o.since.day, o.due_at.day) for o in occasions] == [(25, 26)]


async def test_an_answer_that_was_not_sent_is_held_too(world: World) -> None:
    await world.county.person(phone=phone(1))
    await world.db.run(
        "INSERT INTO deliveries (id, message_key, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at) SELECT 'd', 'm', id, 1, 0,"
        " 'new', 'sms', '', 0, 1, '', '', 1 FROM people"
    )
    await installation.mark_restored(world.db, RESTORED)

    assert await hold_restored(world.db, RESTORED)
    assert await world.county.states() == {("sms", "held"): 1}
