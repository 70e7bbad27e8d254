"""Reports: folded once, never backwards, and what they say leads on."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from notifications.judging import Moments
from notifications.memory import Memory
from notifications.progress import show
from notifications.receipts import (
    Folder,
    Receiver,
    finished_job,
    receive_receipts,
    sent_subscription,
    sms_receipt,
)
from storage import receipts, settling
from storage.database import Database, DatabaseUnavailable
from storage.receipts import NewReceipt
from tests.notifications.world import World, openid, phone


async def sent(world: World, **people: int) -> str:
    """A notice that was taken for all of them; its worker has stopped."""
    await world.county.cadres(**people)
    await world.bind("notice")
    campaign = await world.notice()
    async with world.working():
        await world.until_states(sent=sum(people.values()))
    return campaign


async def report(world: World, code: str, *, success: bool = False) -> NewReceipt:
    """What the gateway reports about the newest attempt by SMS."""
    attempts = [a for a in await world.county.attempts() if a["channel"] == "sms"]
    return sms_receipt(
        "aliyun",
        key=hashlib.blake2b(f"{attempts[-1]['id']}{code}".encode(), digest_size=16).digest(),
        reference=attempts[-1]["reference"],
        out_id=attempts[-1]["id"],
        success=success,
        code=code,
    )


async def job(world: World, status: str) -> NewReceipt:
    attempts = [a for a in await world.county.attempts() if a["channel"] == "wechat"]
    lookup = world.county.sealer.lookup_hash("openid", openid(0))
    return finished_job(reference=attempts[0]["reference"], status=status, lookup=lookup)


async def folded(world: World, *items: NewReceipt) -> None:
    """Takes reports in, and lets a worker fold them."""
    await receive_receipts(world.db, items, world.real())
    async with world.working():

        async def all_folded() -> bool:
            return not await world.db.rows("SELECT id FROM receipts WHERE folded = false")

        await world.until(all_folded)


async def test_a_receipt_says_that_it_arrived(world: World) -> None:
    await sent(world, sms=1, wechat=1)

    await folded(world, await report(world, "DELIVERED", success=True), await job(world, "success"))

    assert await world.county.states() == {("sms", "delivered"): 1, ("wechat", "delivered"): 1}


async def test_a_report_twice_is_kept_once(world: World) -> None:
    await sent(world, sms=1)
    receipt = await report(world, "DELIVERED", success=True)

    kept = [await receive_receipts(world.db, [receipt], world.real()) for _ in range(2)]

    assert kept == [1, 0]


async def test_a_late_failure_does_not_undo_an_arrival(world: World) -> None:
    await sent(world, sms=1)

    await folded(world, await report(world, "DELIVERED", success=True))
    await folded(world, await report(world, "MOBILE_NOT_ON_SERVICE"))

    assert await world.county.states() == {("sms", "delivered"): 1}
    assert [a["state"] for a in await world.county.attempts()] == ["delivered"]


@pytest.mark.parametrize("status", ["failed:user block", "failed:system failed"])
async def test_a_failed_finish_event_lets_sms_carry_it(world: World, status: str) -> None:
    campaign = await sent(world, both=1)

    await folded(world, await job(world, status))
    async with world.working():
        await world.until_states(sent=1)

    assert await world.counts() == {openid(0): 1, phone(0): 1}
    shown = await show(world.db, campaign)
    assert shown is not None
    assert (shown.progress.by_channel, shown.progress.repeated) == ({"sms": 1}, 0)


async def test_a_failed_finish_event_without_another_channel_is_a_refusal(world: World) -> None:
    await sent(world, wechat=1)

    await folded(world, await job(world, "failed:user block"))

    assert await world.county.states() == {("wechat", "refused"): 1}


async def test_a_phone_that_is_off_is_tried_once_more_the_next_day(world: World) -> None:
    await sent(world, sms=1)

    await folded(world, await report(world, "MOBILE_NOT_ON_SERVICE"))
    waiting = await world.county.states()
    world.county.clock.move(timedelta(days=1, minutes=1))
    async with world.working():
        await world.until_states(sent=1)
    await folded(world, await report(world, "MOBILE_NOT_ON_SERVICE"))

    assert waiting == {("sms", "new"): 1}
    assert await world.county.states() == {("sms", "refused"): 1}
    assert await world.counts() == {phone(0): 2}


async def test_whoever_refuses_texts_at_the_carrier_is_opted_out(world: World) -> None:
    await sent(world, sms=1)

    await folded(world, await report(world, "USER_REJECT"))

    assert await world.county.states() == {("sms", "refused"): 1}
    row = await world.db.row("SELECT notice_class, channel FROM opt_outs")
    assert row == {"notice_class": "news", "channel": "sms"}


async def test_a_silent_carrier_is_no_news(world: World) -> None:
    await sent(world, sms=1)

    await folded(world, await report(world, "REQUEST_SUCCESS"))

    assert await world.county.states() == {("sms", "sent"): 1}


async def test_a_finish_event_settles_a_message_whose_id_never_reached_us(world: World) -> None:
    await sent(world, wechat=1)
    event = await job(world, "success")
    await world.db.run("UPDATE attempts SET reference = '', state = 'unknown'")
    await world.db.run("UPDATE deliveries SET state = 'unknown', not_before = 9999999999999")
    await receive_receipts(world.db, [event], world.real())
    world.real.ahead += timedelta(seconds=40)

    async with world.working():
        await world.until_states(delivered=1)


async def test_a_report_of_something_unknown_to_us_is_dropped_after_an_hour(
    world: World,
) -> None:
    stray = sms_receipt(
        "aliyun", key=b"stray", reference="9^9", out_id="", success=True, code="DELIVERED"
    )
    await receive_receipts(world.db, [stray], world.real())
    world.real.ahead += timedelta(hours=1, minutes=1)

    await folded(world)

    assert await world.county.deliveries() == []


async def test_a_subscription_notice_is_reported_by_its_own_event(world: World) -> None:
    await sent(world, wechat=1)
    await world.db.run("UPDATE attempts SET gateway = 'subscribe'")
    (attempt,) = await world.county.attempts()

    await folded(world, sent_subscription(reference=attempt["reference"], code="0", lookup=""))

    assert await world.county.states() == {("wechat", "delivered"): 1}


async def test_many_reports_are_kept_by_one_statement(world: World) -> None:
    many = [
        sms_receipt(
            "aliyun", key=f"{n}".encode(), reference=f"{n}^0", out_id="", success=True, code="OK"
        )
        for n in range(500)
    ]

    assert await receive_receipts(world.db, many, world.real()) == 500
    assert await receive_receipts(world.db, [], world.real()) == 0


async def test_calls_that_come_together_are_kept_together_and_each_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    async def counted(db: Database, items: Sequence[NewReceipt], now: datetime) -> int:
        calls.append(len(items))
        return await keep(db, items, now)

    keep = receipts.keep
    monkeypatch.setattr(receipts, "keep", counted)
    receiver = Receiver(world.db)

    await asyncio.gather(*(receiver.receive([numbered(n)]) for n in range(50)))

    assert len(await world.db.rows("SELECT id FROM receipts")) == 50
    assert len(calls) < 5


async def test_whoever_reports_is_told_that_nothing_was_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(db: Database, items: Sequence[NewReceipt], now: datetime) -> int:
        raise DatabaseUnavailable("closed")

    receiver = Receiver(world.db)
    with monkeypatch.context() as broken:
        broken.setattr(receipts, "keep", closed)
        with pytest.raises(DatabaseUnavailable):
            await receiver.receive([numbered(1)])

    await receiver.receive([numbered(1)])
    assert len(await world.db.rows("SELECT id FROM receipts")) == 1


async def test_an_arrival_and_a_failure_in_one_batch_is_an_arrival(world: World) -> None:
    await sent(world, sms=1)

    await folded(
        world,
        await report(world, "MOBILE_NOT_ON_SERVICE"),
        await report(world, "DELIVERED", success=True),
    )

    assert await world.county.states() == {("sms", "delivered"): 1}


async def test_a_report_before_the_sends_own_answer_waits_for_it(world: World) -> None:
    await sent(world, sms=1)
    await world.db.run("UPDATE attempts SET state = 'sending'")
    await receive_receipts(world.db, [await report(world, "DELIVERED", success=True)], world.real())
    folder = Folder(world.db, Memory(world.db, world.terms))
    at = Moments(
        business=world.county.clock.now(), real=world.real(), sms_rest=timedelta(minutes=10)
    )

    early = await folder.fold(at)
    await world.db.run("UPDATE attempts SET state = 'taken'")
    later = await folder.fold(at)

    assert (early, later) == (0, 1)
    assert await world.county.states() == {("sms", "delivered"): 1}


async def test_a_report_that_breaks_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await sent(world, sms=2)
    first, second = [a for a in await world.county.attempts() if a["channel"] == "sms"]

    async def reported(db: Database, delivery_id: str) -> settling.Reported | None:
        if delivery_id == first["delivery_id"]:
            raise ValueError
        return await known(db, delivery_id)

    known = settling.reported
    monkeypatch.setattr(settling, "reported", reported)
    failures = [
        sms_receipt(
            "aliyun", key=a["id"].encode()[:16], reference=a["reference"], out_id=a["id"],
            success=False, code="CONTENT_ERROR",
        )
        for a in (first, second)
    ]  # fmt: skip

    await folded(world, *failures)

    assert await world.county.states() == {("sms", "sent"): 1, ("sms", "refused"): 1}
    assert "could not be folded: ValueError" in caplog.text


def numbered(number: int) -> NewReceipt:
    return sms_receipt(
        "aliyun", key=f"{number}".encode(), reference=f"{number}^0", out_id="", success=True,
        code="DELIVERED",
    )  # fmt: skip
