"""Everybody gets it, once: the outbox against the pretend platforms."""

from collections import Counter

from tests.notifications.world import World


async def test_everybody_of_an_audience_is_reached_once(world: World) -> None:
    await world.county.cadres(wechat=20, sms=5)
    await world.bind("notice")
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=25)

    assert set((await world.counts()).values()) == {1}
    assert len(await world.counts("wechat")) == 20
    assert len(await world.counts("sms")) == 5
    assert await world.county.states(campaign) == Counter(
        {("wechat", "sent"): 20, ("sms", "sent"): 5}
    )
