"""The ways within WeChat, one after another: template, subscription, customer service, then SMS."""

from datetime import timedelta

import pytest

from notifications.channels.rate import Lane
from notifications.templates import bind
from storage import halts
from storage.moments import to_ms
from tests.conftest import NOW
from tests.notifications.world import World, openid, phone

WHO, NUMBER = openid(1), phone(1)


async def prepare(world: World, *, by_phone: bool = True, subscribed: bool = False) -> None:
    """Somebody who refuses the template message."""
    await world.county.person(openid=WHO, phone=NUMBER if by_phone else "", role="干部")
    await world.bind("notice")
    await world.sim("person", who=WHO, refuses=["wx-notice"])
    if subscribed:
        await bind_subscription(world)
        await world.sim("consent", who=WHO, id="sub-notice")


async def bind_subscription(world: World) -> None:
    fields = {"thing1": "title", "thing2": "text"}
    await world.sim(
        "templates", gateway="subscribe", id="sub-notice", fields=dict.fromkeys(fields, "thing")
    )
    await bind(
        world.db, "notice", gateway="subscribe", external_id="sub-notice", fields=fields, now=NOW
    )


async def open_window(world: World, *, left: int = 5, hours: float = 48) -> None:
    """The person wrote to us: the platform knows it, and so do we."""
    await world.sim("person", who=WHO, wrote=True)
    await world.db.run(
        "UPDATE addresses SET window_until = ?, window_left = ? WHERE channel = 'wechat'",
        to_ms(world.real() + timedelta(hours=hours)),
        left,
    )


async def gateways(world: World) -> list[tuple[str, str, str]]:
    found = await world.county.attempts()
    return [(a["gateway"], a["state"], a["code"]) for a in found]


async def test_a_refused_template_is_followed_by_the_subscription_notice(world: World) -> None:
    await prepare(world, subscribed=True)
    await open_window(world)
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert await gateways(world) == [("wechat", "refused", "43101"), ("subscribe", "taken", "")]
    assert await world.county.states(campaign) == {("wechat", "sent"): 1}
    assert await world.counts("sms") == {}


async def test_without_consent_the_customer_service_text_is_next(world: World) -> None:
    await prepare(world)
    await bind_subscription(world)
    await open_window(world)
    await world.notice("明天上午九点开会,请带上账本")

    async with world.working():
        await world.until_states(sent=1)

    assert await gateways(world) == [
        ("wechat", "refused", "43101"),
        ("subscribe", "refused", "43101"),
        ("custom", "taken", ""),
    ]
    assert "明天上午九点开会,请带上账本" in (await world.screen(WHO))[-1]
    row = await world.db.row("SELECT window_left FROM addresses WHERE channel = 'wechat'")
    assert row == {"window_left": 4}


@pytest.mark.parametrize(("left", "hours"), [(0, 48.0), (5, -1.0)])
async def test_a_closed_window_leaves_the_text_by_sms(
    world: World, left: int, hours: float
) -> None:
    await prepare(world)
    await open_window(world, left=left, hours=hours)
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert await world.county.states(campaign) == {("sms", "sent"): 1}
    assert [way for way, *_ in await gateways(world)] == ["wechat", "aliyun"]


async def test_a_window_that_the_platform_has_closed_ends_in_a_text(world: World) -> None:
    await prepare(world)
    await open_window(world)
    await world.sim("faults", api_errors={"message/custom/send": 45015})
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert await gateways(world) == [
        ("wechat", "refused", "43101"),
        ("custom", "refused", "45015"),
        ("aliyun", "taken", ""),
    ]
    assert await world.county.states(campaign) == {("sms", "sent"): 1}


async def test_whoever_does_not_follow_gets_no_other_wechat_message(world: World) -> None:
    await prepare(world, subscribed=True)
    await open_window(world)
    await world.sim("person", who=WHO, following=False)
    await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert [way for way, *_ in await gateways(world)] == ["wechat", "aliyun"]


async def test_an_answer_lost_on_another_way_is_not_asked_for_again(world: World) -> None:
    await prepare(world, by_phone=False)
    await open_window(world)
    await world.notice()
    async with world.working():  # brings the token
        await world.until_states(sent=1)
    await world.notice()
    await world.db.run("UPDATE deliveries SET way = 'custom' WHERE state = 'new'")
    await world.sim("faults", next_wechat_lost_502=1)

    async with world.working() as service:
        await world.until_states(unknown=1)
        world.real.ahead += timedelta(minutes=5)
        service.wake()
        await world.until_states(unknown=1)

    assert [way for way, state, _ in await gateways(world) if state == "unknown"] == ["custom"]
    assert await world.counts() == {WHO: 2}


async def test_a_day_without_calls_takes_the_subscription_notice(world: World) -> None:
    await prepare(world, subscribed=True)
    await world.sim("faults", api_errors={"message/template/send": 45009})
    await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert await gateways(world) == [("wechat", "refused", "45009"), ("subscribe", "taken", "")]
    assert [(h.channel, h.code) for h in await halts.halts(world.db)] == [("wechat", "45009")]


async def test_a_day_without_calls_waits_rather_than_costs_a_text(world: World) -> None:
    await prepare(world)
    await world.sim("faults", api_errors={"message/template/send": 45009})
    await world.notice()

    async def halted() -> bool:
        return bool(await halts.halts(world.db))

    async with world.working():
        await world.until(halted)
        await world.until_states(new=1)

    assert await world.counts() == {}


async def test_what_is_urgent_does_not_wait_for_midnight(world: World) -> None:
    await prepare(world)
    await world.sim("faults", api_errors={"message/template/send": 45009})
    await world.notice()

    async def halted() -> bool:
        return bool(await halts.halts(world.db))

    async with world.working() as service:
        await world.until(halted)
        urgent = await world.notice("大坝有险情,马上转移", lane=Lane.URGENT)
        service.wake()
        await world.until_states(sent=1, new=1)

    assert await world.county.states(urgent) == {("sms", "sent"): 1}


async def test_an_unbound_template_reaches_whoever_has_just_written(world: World) -> None:
    await prepare(world, by_phone=False)
    campaign = await world.notice()
    await world.db.run("DELETE FROM template_bindings WHERE gateway = 'wechat'")
    await open_window(world)

    async with world.working():
        await world.until_states(sent=1)

    assert await world.county.states(campaign) == {("wechat", "sent"): 1}
    assert [way for way, *_ in await gateways(world)][-1] == "custom"


async def test_nothing_is_put_on_an_urgent_customer_service_text_for_silence(world: World) -> None:
    await prepare(world)
    await open_window(world)
    await world.notice(lane=Lane.URGENT)

    async with world.working() as service:
        await world.until_states(sent=1)
        world.real.ahead += timedelta(minutes=6)
        service.wake()
        await world.until_states(sent=1)

    assert await world.counts() == {WHO: 1}
