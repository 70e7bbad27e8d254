"""Everybody gets it, once: the outbox against the pretend platforms and their faults."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from notifications.answers import SmsAnswer, answer_by_sms
from notifications.carriers import Carrier
from notifications.channels.outcome import Outcome
from notifications.channels.rate import Lane
from notifications.messages import Message
from notifications.settings import ScheduleSettings, TimeWindow
from notifications.templates import bind
from storage import campaigns, halts
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.notifications.world import County, World, open_world, openid, phone, usual_terms


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


async def test_the_phone_shows_what_was_written(world: World) -> None:
    await world.county.person(phone=phone(1), role="干部")
    await world.county.person(openid=openid(2), role="干部")
    await world.bind("notice")
    await world.notice(text="明天上午九点开会")

    async with world.working():
        await world.until_states(sent=2)

    assert await world.screen(phone(1)) == [f"【{world.terms.sign_name}】通知:明天上午九点开会。"]
    assert "明天上午九点开会" in (await world.screen(openid(2)))[0]


async def test_a_campaign_is_done_when_nothing_is_left_to_do(world: World) -> None:
    await world.county.cadres(wechat=2)
    await world.bind("notice")
    campaign = await world.notice()

    async def done() -> bool:
        found = await campaigns.load(world.db, campaign)
        return found is not None and found.state == "done"

    async with world.working():
        await world.until(done)


async def test_a_planned_campaign_begins_when_its_time_comes(world: World) -> None:
    await world.county.cadres(wechat=1)
    await world.bind("notice")
    await world.notice(at=NOW + timedelta(hours=2))

    async with world.working():
        await asyncio.sleep(0.3)
        before = await world.county.deliveries()
        await world.county.cadres(wechat=1)  # is in office by then
        world.county.clock.move(timedelta(hours=2, minutes=1))
        await world.until_states(sent=2)

    assert before == []


async def test_an_answer_lost_on_the_way_is_asked_for_again_with_the_same_id(world: World) -> None:
    await world.county.cadres(wechat=1)
    await world.bind("notice")
    await world.notice()  # brings the token

    async with world.working():
        await world.until_states(sent=1)
        await world.sim("faults", next_wechat_lost_502=1)
        await world.notice()
        await world.until_states(sent=1, unknown=1)
        world.real.ahead += timedelta(seconds=5)
        await world.until_states(sent=2)

    assert await world.counts() == {openid(0): 2}
    attempts = await world.county.attempts()
    assert [a["state"] for a in attempts] == ["taken", "taken"]
    assert all(a["reference"] for a in attempts)


async def test_a_busy_platform_is_tried_again_with_the_same_id(world: World) -> None:
    await world.county.cadres(wechat=1)
    await world.bind("notice")
    await world.sim("faults", api_errors={"message/template/send": -1})
    await world.notice()

    async with world.working():

        async def refused() -> bool:
            return [a["state"] for a in await world.county.attempts()] == ["refused"]

        await world.until(refused)
        await world.sim("faults", api_errors={})
        world.county.clock.move(timedelta(seconds=5))
        await world.until_states(sent=1)

    assert len(await world.county.attempts()) == 1


async def test_whoever_does_not_follow_is_reached_by_sms(world: World) -> None:
    await world.county.person(openid=openid(1), phone=phone(1), role="干部")
    await world.bind("notice")
    await world.sim("person", who=openid(1), following=False)
    campaign = await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert await world.counts() == {phone(1): 1}
    assert await world.county.states(campaign) == {("sms", "sent"): 1}
    address = await world.db.row("SELECT state FROM addresses WHERE channel = 'wechat'")
    assert address == {"state": "unfollowed"}
    assert [a["code"] for a in await world.county.attempts()] == ["43004", ""]


async def test_whoever_can_be_reached_by_no_other_channel_is_counted_as_refused(
    world: World,
) -> None:
    (person,) = await world.county.cadres(wechat=1)
    await world.bind("notice")
    await world.sim("person", who=openid(0), refuses=["wx-notice"])
    await world.notice()

    async with world.working():
        await world.until_states(refused=1)

    (row,) = await world.county.deliveries()
    assert (row["person_id"], row["reason"]) == (person, "43101")


async def test_whoever_refused_by_sms_is_not_reached_by_a_fallback(world: World) -> None:
    await world.county.person(openid=openid(1), phone=phone(1), role="干部")
    await world.db.run(
        "INSERT INTO opt_outs (id, person_id, notice_class, channel, created_at)"
        " SELECT 'o', id, 'news', 'sms', 1 FROM people"
    )
    await world.bind("notice")
    await world.sim("person", who=openid(1), following=False)
    await world.notice()

    async with world.working():
        await world.until_states(refused=1)

    assert await world.counts() == {}


async def test_an_illegal_number_is_marked_and_not_tried_again(world: World) -> None:
    await world.county.person(phone="16600", role="干部")
    await world.bind("notice")
    await world.notice()

    async with world.working():
        await world.until_states(refused=1)

    assert await world.db.row("SELECT state FROM addresses") == {"state": "dead"}
    assert len(await world.county.attempts()) == 1


async def test_an_account_without_money_halts_the_channel_and_keeps_every_row(
    world: World,
) -> None:
    await world.county.cadres(sms=150)
    await world.bind("notice")
    await world.sim("faults", balance_fen=0)
    await world.notice()

    async with world.working():

        async def halted() -> bool:
            return bool(await halts.halts(world.db))

        await world.until(halted)
        await world.until_states(new=150)
        (halt,) = await halts.halts(world.db)
        await world.sim("faults", balance_fen=None)
        world.real.ahead += timedelta(minutes=6)
        await world.until_states(sent=150)

    assert (halt.channel, halt.template) == ("sms", "")
    assert halt.code == "isv.AMOUNT_NOT_ENOUGH"
    assert "充值" in halt.detail
    assert set((await world.counts()).values()) == {1}
    assert await halts.halts(world.db) == []


async def test_a_wrong_template_id_halts_that_template_until_it_is_bound_anew(
    world: World,
) -> None:
    await world.county.cadres(wechat=3)
    await world.bind("notice", "integrity_reminder")
    await bind(
        world.db,
        "notice",
        gateway="wechat",
        external_id="nowhere",
        fields={"thing1": "title", "thing2": "text"},
        now=NOW,
    )
    wrong = await world.notice()
    right = await world.notice(template="integrity_reminder", params={"text": "不收礼"})

    async with world.working():
        await world.until_states(sent=3, new=3)
        waiting = await world.county.states(wrong)
        (halt,) = await halts.halts(world.db)
        await world.bind("notice")
        await world.until_states(sent=6)

    assert waiting == {("wechat", "new"): 3}
    assert await world.county.states(right) == {("wechat", "sent"): 3}
    assert (halt.template, halt.code) == ("notice", "40037")


async def test_what_is_bound_for_sms_only_goes_by_sms(world: World) -> None:
    await world.county.cadres(both=1)
    await world.bind("notice")
    await world.db.run("DELETE FROM template_bindings WHERE gateway = 'wechat'")
    await world.notice()

    async with world.working():
        await world.until_states(sent=1)

    assert len(await world.counts("sms")) == 1


async def test_a_binding_that_was_taken_away_holds_rows_back(world: World) -> None:
    await world.county.cadres(sms=2)
    await world.bind("notice")
    await world.notice()
    await world.db.run("DELETE FROM template_bindings")

    async with world.working():

        async def halted() -> bool:
            return [h.code for h in await halts.halts(world.db)] == ["unbound"]

        await world.until(halted)
        await world.bind("notice")
        await world.until_states(sent=2)

    assert set((await world.counts()).values()) == {1}


async def test_what_came_too_late_is_not_sent(world: World) -> None:
    await world.county.cadres(wechat=2)
    await world.bind("notice")
    await world.notice()
    world.county.clock.move(timedelta(days=4))

    async with world.working():
        await world.until_states(dead=2)

    assert await world.counts() == {}
    assert {row["reason"] for row in await world.county.deliveries()} == {"expired"}


async def test_nobody_is_woken_at_night(county: County) -> None:
    terms = usual_terms(schedule=ScheduleSettings(noon_rest=TimeWindow.parse("00:00-00:00")))
    await county.cadres(wechat=2)
    async with open_world(county, terms) as world:
        await world.bind("notice")
        county.clock.move(timedelta(hours=11))  # 20:30
        await world.notice()

        async with world.working():
            await asyncio.sleep(0.3)
            at_night = await county.states()
            await world.notice(lane=Lane.URGENT, key="fire")
            await world.until_states(sent=2)
            county.clock.move(timedelta(hours=11, minutes=30))  # 08:00
            await world.until_states(sent=4)

    assert at_night == {("wechat", "new"): 2}


async def test_a_push_that_runs_into_the_night_stops_and_goes_on_in_the_morning(
    county: County,
) -> None:
    terms = usual_terms(
        schedule=ScheduleSettings(noon_rest=TimeWindow.parse("00:00-00:00")),
        wechat_per_second=5,
    )
    await county.cadres(wechat=12)
    async with open_world(county, terms) as world:
        await world.bind("notice")
        await world.notice()

        async with world.working():

            async def begun() -> bool:
                return len(await world.counts()) >= 1

            await world.until(begun)
            county.clock.move(timedelta(hours=11))
            await asyncio.sleep(1.5)  # what was claimed already is sent
            waiting = (await county.states())["wechat", "new"]
            county.clock.move(timedelta(hours=12))
            await world.until_states(sent=12)

    assert waiting > 0


async def test_an_answer_overtakes_a_push_under_way(county: County, sealer: Sealer) -> None:
    terms = usual_terms(sms_per_second=20)
    await county.cadres(sms=100)
    asker = await county.person(phone=phone(999))
    async with open_world(county, terms) as world:
        await world.bind("notice", "answer_text")
        await world.notice(lane=Lane.BULK)

        async with world.working() as service:

            async def begun() -> bool:
                return len(await world.counts()) >= 5

            await world.until(begun)
            answer = SmsAnswer("answer_text", {"text": "10月支出38420.50元"})
            await answer_by_sms(
                world.db,
                sealer,
                person_id=asker,
                message_key="m1",
                answer=answer,
                now=county.clock.now(),
            )
            service.wake()

            async def answered() -> bool:
                return phone(999) in await world.counts()

            await world.until(answered, seconds=2)
            reached = len(await world.counts())
        shown = await world.screen(phone(999))

    assert reached < 60
    assert shown[0].endswith("答:10月支出38420.50元")


async def test_a_message_is_answered_once_however_often_it_is_handled(
    world: World, sealer: Sealer
) -> None:
    asker = await world.county.person(phone=phone(1))
    await world.bind("answer_text")
    answer = SmsAnswer("answer_text", {"text": "好"})

    new = [
        await answer_by_sms(
            world.db, sealer, person_id=asker, message_key="m1", answer=answer, now=NOW
        )
        for _ in range(2)
    ]
    before = await world.county.deliveries()
    async with world.working():
        await world.until_states(sent=1)

    assert new == [True, False]
    assert before[0]["sealed"] is not None
    assert await world.counts() == {phone(1): 1}
    assert (await world.county.deliveries())[0]["sealed"] is None


async def test_a_government_port_carries_the_whole_text(county: County) -> None:
    text = "明天上午九点在村委会开会,讨论修路的钱怎么用。" * 4
    await county.person(phone=phone(1), role="干部")
    async with open_world(county, usual_terms(wechat=False, sms_gateway="http")) as world:
        await world.notice(text=text)
        async with world.working():
            await world.until_states(sent=1)
        shown = await world.screen(phone(1))

    assert text in shown[0]


async def test_the_months_money_is_not_overspent(county: County) -> None:
    terms = usual_terms(price_fen=100, budget_fen=500)
    await county.cadres(sms=5)
    async with open_world(county, terms) as world:
        await world.bind("notice")
        await world.notice(key="first")
        async with world.working():
            await world.until_states(sent=5)
            world.terms = replace(terms, budget_fen=0)
            await world.notice(key="second")  # as if another process knew of no budget
            await asyncio.sleep(0.5)
            noted = await halts.halts(world.db)

    assert (await county.states())["sms", "sent"] == 5
    assert [halt.channel for halt in noted] == ["budget"]


async def test_two_workers_share_the_work_without_doubles(world: World) -> None:
    await world.county.cadres(wechat=60, sms=60)
    await world.bind("notice")
    await world.notice()

    async with world.working(), world.working():
        await world.until_states(sent=120)

    assert set((await world.counts()).values()) == {1}
    assert len(await world.counts()) == 120


async def test_stopping_leaves_nothing_unknown(world: World) -> None:
    await world.county.cadres(wechat=150)
    await world.bind("notice")
    await world.sim("faults", wechat_delay_seconds=0.2)
    await world.notice()

    async with world.working():

        async def begun() -> bool:
            return (await world.county.states())["wechat", "sending"] > 0

        await world.until(begun)

    states = await world.county.states()
    assert set(states) <= {("wechat", "sent"), ("wechat", "new")}
    assert states["wechat", "sent"] == len(await world.counts())


class Watched:
    """A carrier, and the most calls that it had under way at once."""

    channel = "wechat"

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._under_way = 0
        self.most = 0

    async def send(self, address: str, message: Message, attempt_id: str) -> Outcome:
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        try:
            return await self._carrier.send(address, message, attempt_id)
        finally:
            self._under_way -= 1

    async def look_up(self, address: str, attempt_id: str, sent_at: datetime) -> Outcome | None:
        return await self._carrier.look_up(address, attempt_id, sent_at)


async def test_the_next_rows_are_claimed_while_others_are_called(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.outbox.CALLS", dict.fromkeys(Lane, 3))
    carrier = Watched(world.carriers["wechat"])
    world.carriers = {"wechat": carrier}
    await world.county.cadres(wechat=20)
    await world.bind("notice")
    await world.sim("faults", wechat_delay_seconds=0.3)
    await world.notice()

    async with world.working():
        await world.until_states(sending=6, new=14)
        await world.until_states(sent=20)

    assert carrier.most == 3
    assert set((await world.counts()).values()) == {1}


async def test_what_was_to_be_called_next_is_handed_back_at_a_stop(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.outbox.CALLS", dict.fromkeys(Lane, 3))
    await world.county.cadres(wechat=20)
    await world.bind("notice")
    await world.sim("faults", wechat_delay_seconds=0.5)
    await world.notice()

    async with world.working():
        await world.until_states(sending=6)

    states = await world.county.states()
    assert states["wechat", "new"] >= 8
    assert states["wechat", "sent"] == len(await world.counts())
    assert states.total() == states["wechat", "new"] + states["wechat", "sent"]


@pytest.mark.parametrize("code", ["notice"])
async def test_a_personal_number_in_a_notice_is_hidden(world: World, code: str) -> None:
    await world.county.person(openid=openid(1), role="干部")
    await world.bind(code)
    await world.notice(text="联系13800138000")

    async with world.working():
        await world.until_states(sent=1)

    assert "13800138000" not in str(await world.screen(openid(1)))
