"""A notice that was cut is read in full, on its page and by a zero."""

from datetime import timedelta

from notifications.reading import last_notice, notice
from tests.notifications.world import World, phone

LONG = "明天上午九点在村委会开会。会上讨论修路的钱怎么用,大家都来听一听,说一说。带上笔。"


async def test_a_text_that_was_cut_is_read_in_full(world: World) -> None:
    person = await world.county.person(phone=phone(1), role="干部")
    await world.bind("notice")
    campaign = await world.notice(text=LONG)
    before = await last_notice(world.db, person, world.real())

    async with world.working():
        await world.until_states(sent=1)

    (shown,) = await world.screen(phone(1))
    assert shown.endswith("回复0看全文。")
    assert LONG not in shown
    assert before is None
    assert LONG in (await last_notice(world.db, person, world.real()) or "")
    assert LONG in (await notice(world.db, campaign) or "")


async def test_an_old_notice_and_one_of_nobody_are_not_read(world: World) -> None:
    person = await world.county.person(phone=phone(1), role="干部")
    await world.bind("notice")
    await world.notice(text=LONG)
    async with world.working():
        await world.until_states(sent=1)

    assert await last_notice(world.db, person, world.real() + timedelta(days=8)) is None
    assert await last_notice(world.db, "nobody", world.real()) is None
    assert await notice(world.db, "nothing") is None
