"""What nobody knows yet: settled with the provider, never simply sent again."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from notifications.carriers import Carrier
from notifications.channels.outcome import Outcome, Verdict
from notifications.channels.rate import Lane
from notifications.messages import Message
from notifications.progress import show
from notifications.settings import DeliverySettings
from storage import outbox, settling
from storage.moments import NEVER
from storage.outbox import Worker
from tests.conftest import NOW
from tests.notifications.world import County, World, open_world, openid, phone, usual_terms

REST = timedelta(minutes=10, seconds=1)


async def crash_before_the_call(
    world: World, channel: str = "sms", *, lease: timedelta = timedelta(milliseconds=1)
) -> None:
    """What kill -9 leaves between the intent and the call: a lease that nobody holds any more."""
    now = datetime.now(UTC)
    worker = Worker(owner="killed", now=now, lease_until=now + lease)
    claimed = await outbox.claim(
        world.db,
        worker,
        channel=channel,
        gateway="aliyun" if channel == "sms" else "wechat",
        lane=Lane.NORMAL,
        limit=100,
        now=NOW,
        repeat_after=now - timedelta(minutes=9),
    )
    assert claimed


async def looked_up(world: World, times: int) -> bool:
    return [a["looked_up"] for a in await world.county.attempts()][:1] == [times]


async def test_a_text_that_was_taken_before_the_connection_broke_is_found_and_not_sent_again(
    world: World,
) -> None:
    await world.county.cadres(sms=3)
    await world.bind("notice")
    await world.sim("faults", next_sms_lost_reset=1, next_sms_lost_500=1, next_sms_lost_hanging=1)
    await world.notice()

    async with world.working():
        await world.until_states(unknown=3)
        world.real.ahead += REST
        await world.until_states(unknown=0)

    assert set((await world.counts()).values()) == {1}
    states = await world.county.states()
    assert states["sms", "sent"] + states["sms", "delivered"] == 3


async def test_a_text_that_was_never_called_is_sent_after_two_look_ups_found_nothing(
    world: World,
) -> None:
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.notice()
    await crash_before_the_call(world)

    async with world.working():
        await world.until_states(unknown=1)
        world.real.ahead += REST
        await world.until(lambda: looked_up(world, 1))
        unknown_still = await world.county.states()
        world.real.ahead += REST
        await world.until_states(sent=1)

    assert unknown_still == {("sms", "unknown"): 1}
    assert await world.counts() == {phone(0): 1}
    first, second = await world.county.attempts()
    assert (first["state"], first["code"], first["looked_up"]) == ("refused", "absent", 2)
    assert (second["state"], second["id"] != first["id"]) == ("taken", True)


async def test_with_the_usual_lease_and_rest_half_a_minute_and_twice_ten_minutes_pass(
    county: County,
) -> None:
    usual = DeliverySettings(poll_seconds=0.05)
    assert (usual.lease_seconds, usual.unknown_rest_seconds) == (30, 600)
    async with open_world(county, usual_terms(delivery=usual)) as world:
        await county.cadres(sms=1)
        await world.bind("notice")
        await world.notice()
        await crash_before_the_call(world, lease=timedelta(seconds=usual.lease_seconds))

        async def stands(seconds: float) -> tuple[str, int]:
            """Its state, and how often it was asked about, when so much time has gone by."""
            world.real.ahead += timedelta(seconds=seconds)
            await asyncio.sleep(0.3)  # several polls
            (row,), (attempt, *_) = await county.deliveries(), await county.attempts()
            return row["state"], attempt["looked_up"]

        async with world.working():
            seen = [await stands(seconds) for seconds in (25, 6, 590, 12, 590)]
            world.real.ahead += timedelta(seconds=12)
            await world.until_states(sent=1)

    assert seen == [
        ("sending", 0), ("unknown", 0), ("unknown", 0), ("unknown", 1), ("unknown", 1)
    ]  # fmt: skip


async def test_books_that_lag_cause_no_double(world: World) -> None:
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.sim("faults", next_sms_lost_500=1, details_lag_seconds=3600)
    await world.notice()

    async with world.working():
        await world.until_states(unknown=1)
        world.real.ahead += REST
        await world.until(lambda: looked_up(world, 1))
        await world.sim("faults", details_lag_seconds=0.0)
        world.real.ahead += REST
        await world.until_states(unknown=0)

    assert await world.counts() == {phone(0): 1}


async def test_a_provider_that_cannot_be_asked_leaves_it_unknown(world: World) -> None:
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.sim("faults", next_sms_lost_500=1)
    await world.notice()

    async with world.working():
        await world.until_states(unknown=1)
        await world.sim("faults", next_sms_503=1000)
        world.real.ahead += REST

        async def put_off() -> bool:
            (row,) = await world.county.deliveries()
            real = int(world.real().timestamp() * 1000)
            return bool(row["state"] == "unknown" and real < row["not_before"] <= real + 61_000)

        await world.until(put_off)
        await world.sim("faults", reset=True)
        world.real.ahead += timedelta(seconds=61)
        await world.until_states(unknown=0)

    assert await world.counts() == {phone(0): 1}


async def test_a_port_that_nobody_can_ask_leaves_it_unknown_for_good(county: County) -> None:
    await county.cadres(sms=1)
    async with open_world(county, usual_terms(wechat=False, sms_gateway="http")) as world:
        await world.sim("faults", next_sms_lost_500=1)
        campaign = await world.notice()

        async with world.working():
            await world.until_states(unknown=1)
            world.real.ahead += REST

            async def done() -> bool:
                shown = await show(world.db, campaign)
                return shown is not None and shown.campaign.state == "done"

            await world.until(done)

        assert await world.counts() == {phone(0): 1}
    (row,) = await county.deliveries()
    assert (row["state"], row["not_before"]) == ("unknown", NEVER)


async def test_a_wechat_message_that_was_never_called_is_repeated_within_its_window(
    world: World,
) -> None:
    await world.county.cadres(wechat=1)
    await world.bind("notice")
    await world.notice()
    await crash_before_the_call(world, "wechat")

    async with world.working():
        await world.until_states(sent=1)

    assert await world.counts() == {openid(0): 1}
    assert len(await world.county.attempts()) == 1


async def test_beyond_its_window_a_wechat_message_stays_unknown(world: World) -> None:
    await world.county.cadres(both=1)
    await world.bind("notice")
    await world.notice()
    await crash_before_the_call(world, "wechat")
    world.real.ahead += timedelta(minutes=11)

    async with world.working():

        async def left() -> bool:
            (row,) = await world.county.deliveries()
            return bool(row["state"] == "unknown" and row["not_before"] == NEVER)

        await world.until(left)

    assert await world.counts() == {}


async def claim_urgent(world: World) -> None:
    now = datetime.now(UTC)
    worker = Worker(owner="killed", now=now, lease_until=now + timedelta(milliseconds=1))
    await outbox.claim(
        world.db, worker, channel="wechat", gateway="wechat", lane=Lane.URGENT, limit=1, now=NOW,
        repeat_after=now,
    )  # fmt: skip


async def test_an_urgent_message_of_unknown_outcome_goes_by_sms_and_counts_as_repeated(
    world: World,
) -> None:
    await world.county.cadres(both=1)
    await world.bind("notice")
    campaign = await world.notice(lane=Lane.URGENT)
    await claim_urgent(world)
    world.real.ahead += timedelta(minutes=11)

    async with world.working():
        await world.until_states(sent=1)
        shown = await show(world.db, campaign)

    assert list(await world.counts()) == [phone(0)]
    assert shown is not None
    assert (shown.progress.repeated, shown.progress.by_channel) == (1, {"sms": 1})


async def test_silence_about_an_urgent_message_sends_it_over_the_next_channel(
    world: World,
) -> None:
    await world.county.cadres(both=1)
    await world.bind("notice")
    campaign = await world.notice(lane=Lane.URGENT)

    async with world.working():
        await world.until_states(sent=1)
        world.real.ahead += timedelta(minutes=5, seconds=1)

        async def by_sms_too() -> bool:
            return len(await world.counts()) == 2

        await world.until(by_sms_too)
        await world.until_states(sent=1)
        shown = await show(world.db, campaign)

    assert shown is not None
    assert shown.progress.repeated == 1


async def test_silence_about_an_ordinary_message_changes_nothing(world: World) -> None:
    await world.county.cadres(both=1)
    await world.bind("notice")
    await world.notice()

    async with world.working():
        await world.until_states(sent=1)
        world.real.ahead += timedelta(hours=1)
        await world.until_states(sent=1)

    assert await world.counts() == {openid(0): 1}


@pytest.mark.parametrize("late", ["taken", "refused"])
async def test_a_worker_thawed_too_late_changes_nothing_but_what_was_taken(
    world: World, late: str
) -> None:
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.notice()
    now = datetime.now(UTC)
    frozen = Worker(owner="frozen", now=now, lease_until=now + timedelta(seconds=1))
    (row,) = await outbox.claim(
        world.db, frozen, channel="sms", gateway="aliyun", lane=Lane.NORMAL, limit=1, now=NOW,
        repeat_after=now,
    )  # fmt: skip
    await outbox.sweep(world.db, now + timedelta(seconds=2), sms_rests_until=now + REST)

    state = {"taken": "sent", "refused": "new"}[late]
    thawed = outbox.Finish(claimed=row, state=state, attempt=late, reference="biz")
    await outbox.finish(world.db, [thawed], now)

    (after,) = await world.county.deliveries()
    assert after["state"] == ("sent" if late == "taken" else "unknown")


async def test_a_settled_delivery_does_not_move_again(world: World) -> None:
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.notice()
    await crash_before_the_call(world)
    now = datetime.now(UTC)
    await outbox.sweep(world.db, now + timedelta(seconds=9), sms_rests_until=now)
    (row,) = await world.county.deliveries()

    async def settle(state: str, attempt: str) -> bool:
        told: dict[str, Any] = {"state": state, "attempt": attempt, "code": "", "now": now}
        return await settling.settle(world.db, row["id"], row["attempt_id"], **told)

    moved = [
        await settle("delivered", "delivered"),
        await settle("sent", "taken"),
        await settle("refused", "failed"),
    ]

    assert moved == [True, False, False]
    assert await world.county.states() == {("sms", "delivered"): 1}
    assert [a["state"] for a in await world.county.attempts()] == ["delivered"]


class Asked:
    """The SMS carrier, of which only the answers to look-ups are made up."""

    channel = "sms"

    def __init__(self, carrier: Carrier, answers: list[Outcome | None]) -> None:
        self._carrier = carrier
        self._answers = answers
        self.asked = 0

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        return await self._carrier.send(address, message, attempt_id)

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        self.asked += 1
        return self._answers.pop(0)


TAKEN_BY_CARRIER = Outcome(verdict=Verdict.TAKEN, code="DELIVERED")
NO_WORD = Outcome(verdict=Verdict.TAKEN, code="WAITING")


@pytest.mark.parametrize(
    ("answers", "state", "asked"),
    [
        ([TAKEN_BY_CARRIER], "delivered", 1),
        ([NO_WORD, TAKEN_BY_CARRIER], "delivered", 2),  # a day after it was sent
        ([NO_WORD, NO_WORD], "sent", 2),
        ([None], "sent", 1),  # what was taken is not sent again
        ([Outcome(verdict=Verdict.FALL_BACK, code="USER_REJECT")], "refused", 1),
    ],
)
async def test_the_receipt_of_a_text_is_asked_for_where_none_came(
    world: World, answers: list[Outcome | None], state: str, asked: int
) -> None:
    carrier = Asked(world.carriers["sms"], list(answers))
    world = replace(world, carriers={**world.carriers, "sms": carrier})
    await world.county.cadres(sms=1)
    await world.bind("notice")
    await world.notice()

    async with world.working():
        await world.until_states(sent=1)
        await asyncio.sleep(0.2)
        early = carrier.asked
        for _ in answers:
            count = carrier.asked
            world.real.ahead += timedelta(hours=26) if count else timedelta(hours=2, minutes=1)
            await world.until(partial(_has_asked, carrier, count))
        world.real.ahead += timedelta(days=3)
        await asyncio.sleep(0.3)
        await world.until_states(**{state: 1})

    assert early == 0
    assert carrier.asked == asked
    assert await world.counts() == {phone(0): 1}


async def _has_asked(carrier: Asked, before: int) -> bool:
    return carrier.asked > before
