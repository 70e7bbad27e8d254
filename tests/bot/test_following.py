"""Following and leaving, as residents say it, through the real pipeline."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.app import Parts, answering
from bot.pipeline import Outcome
from handlers import texts
from handlers.turn import Inbound, Kind
from storage import follows, regions
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from tests.notifications.world import OTHER_VILLAGE, VILLAGE, County, openid, phone
from understanding import Understanding

HERE, THERE = "听竹村", "鹭洲村"


@dataclass
class Talk:
    """A resident of 听竹村 with a phone and WeChat, and what answers."""

    db: Database
    county: County
    parts: Parts
    person: str

    async def say(self, text: str, channel: str = "wechat") -> str | None:
        address = openid(1) if channel == "wechat" else phone(1)
        return await self._answer(Inbound(channel, new_id(), Kind.TEXT, address, text=text))

    async def press(self, key: str) -> str | None:
        return await self._answer(Inbound("wechat", new_id(), Kind.MENU, openid(1), menu_key=key))

    async def _answer(self, inbound: Inbound) -> str | None:
        answer = await self.parts.pipeline.handle(inbound, new_id())
        assert answer.outcome is not Outcome.FAILED
        return answer.reply.text if answer.reply else None

    async def follows(self) -> list[tuple[str, str, str, str]]:
        found = await follows.of_person(self.db, self.person)
        return [(one.topic, one.village, one.rhythm, one.channel) for one in found]

    async def refused(self) -> set[tuple[str, str]]:
        rows = await self.db.rows("SELECT notice_class, channel FROM opt_outs")
        return {(row["notice_class"], row["channel"]) for row in rows}


@pytest.fixture
async def talk(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Talk]:
    county = County(db, sealer, clock)
    await county.build()
    person = await county.person(openid=openid(1), phone=phone(1), village=VILLAGE)
    async with answering(db, sealer, clock) as parts:
        yield Talk(db, county, parts, person)


def test_every_topic_has_a_name_that_people_use() -> None:
    assert set(Understanding([]).topics.names) - {"VILLAGE"} <= set(texts.TOPICS)


async def test_a_topic_is_followed_and_its_rhythm_and_channel_changed(talk: Talk) -> None:
    said = await talk.say("订阅低保")
    weekly = await talk.say("每周发一次")
    by_sms = await talk.say("用短信发")

    assert said is not None
    assert said.startswith(f"好。{HERE}有新的低保公开,马上告诉您。")
    assert weekly == f"好,改好了。\n{HERE}的低保,每周一合起来告诉您。"
    assert by_sms == f"好,改好了。\n{HERE}的低保,每周一合起来用短信告诉您。"
    assert await talk.follows() == [("AID.DIBAO", "", "weekly", "sms")]


async def test_all_in_one_sentence(talk: Talk) -> None:
    await talk.say(f"关注{THERE}的账,每周用短信告诉我一次")

    assert await talk.follows() == [("FIN", OTHER_VILLAGE, "weekly", "sms")]


async def test_following_again_is_told_and_changes_nothing(talk: Talk) -> None:
    await talk.say("订阅财务公开,每周一次")

    again = await talk.say("3")

    assert again is not None
    assert again.startswith(f"您订过了。{HERE}有新的账目公开,每周一合起来告诉您。")
    assert await talk.follows() == [("FIN", "", "weekly", "")]


@pytest.mark.parametrize("text", ["订阅", "订阅村务公开", "订阅全部"])
async def test_no_topic_is_every_topic(talk: Talk, text: str) -> None:
    await talk.say(text)

    assert await talk.follows() == [("*", "", "at_once", "")]


async def test_the_own_village_by_name_is_the_own_village(talk: Talk) -> None:
    await talk.say(f"关注{HERE}的账")

    assert await talk.follows() == [("FIN", "", "at_once", "")]


async def test_what_was_followed_just_now_is_changed_else_all(talk: Talk) -> None:
    await talk.say("订阅低保")
    await talk.say("订阅修路")
    await talk.say("每周发一次")
    assert [one[2] for one in await talk.follows()] == ["at_once", "weekly"]

    await talk.say("上个月花了多少钱")
    await talk.say("每周发一次")
    assert [one[2] for one in await talk.follows()] == ["weekly", "weekly"]


async def test_a_manner_alone_follows_nothing(talk: Talk) -> None:
    assert await talk.say("每周发一次") == texts.FOLLOWING_NOTHING
    assert await talk.follows() == []


async def test_what_one_follows_is_listed(talk: Talk) -> None:
    assert await talk.say("我订了哪些") == texts.FOLLOWING_NOTHING
    await talk.say("订阅低保")
    await talk.say(f"关注{THERE}的账,每周发一次")

    listed = await talk.say("我订了哪些")

    assert listed == "\n".join(
        [
            texts.FOLLOWING,
            f"{HERE}的低保,马上告诉您。",
            f"{THERE}的账目,每周一合起来告诉您。",
            texts.FOLLOWING_HINT,
        ]
    )


async def test_a_channel_without_an_address_is_told(talk: Talk) -> None:
    await talk.db.run("DELETE FROM addresses WHERE channel = 'sms'")

    said = await talk.say("订阅低保,用短信发")

    assert said is not None
    assert said.startswith(f"{texts.NO_ADDRESS_THERE['sms']}\n好。")
    assert await talk.follows() == [("AID.DIBAO", "", "at_once", "")]
    assert await talk.say("用短信发") == texts.NO_ADDRESS_THERE["sms"]


@pytest.mark.parametrize(
    ("word", "topic"), [("3", "FIN"), ("订阅低保", "AID.DIBAO"), (Kind.MENU, "FIN")]
)
async def test_whoever_is_bound_nowhere_is_asked_and_then_follows(
    talk: Talk, word: str, topic: str
) -> None:
    await talk.db.run("UPDATE people SET village = NULL")

    asked = await (talk.press("follow") if word is Kind.MENU else talk.say(word))
    answer = await talk.say(f"我是{HERE}的")

    assert asked == texts.WHICH_VILLAGE
    assert answer is not None
    assert answer.startswith(f"好,记住了:您是{HERE}的")
    assert "马上告诉您" in answer
    assert await talk.follows() == [(topic, "", "at_once", "")]


async def test_a_village_that_is_not_there_is_not_followed(talk: Talk) -> None:
    said = await talk.say("关注云雾村的账")

    assert said == texts.FOLLOW_UNKNOWN.format(name="云雾村")
    assert await talk.follows() == []


async def test_taken_back_at_once(talk: Talk) -> None:
    await talk.say("订阅低保")
    await talk.say("订阅修路")

    said = await talk.say("不要了")

    assert said == f"好,{HERE}的修路不再告诉您了。别的照发。"
    assert [one[0] for one in await talk.follows()] == ["AID.DIBAO"]


async def test_one_topic_is_left(talk: Talk) -> None:
    await talk.say("订阅低保")
    await talk.say("3")

    assert await talk.say("退订低保") == f"好,{HERE}的低保不再告诉您了。别的照发。"
    assert await talk.say("退订低保") == texts.NOT_FOLLOWED
    part = await talk.say("不要再发招待费了")

    assert part is not None
    assert "不能单独退" in part
    assert await talk.follows() == [("FIN", "", "at_once", "")]
    assert await talk.refused() == set()


async def test_one_village_is_left(talk: Talk) -> None:
    await talk.say("3")
    await talk.say(f"关注{THERE}的账")

    said = await talk.say(f"取消关注{THERE}")

    assert said == f"好,{THERE}的账目不再告诉您了。别的照发。"
    assert await talk.follows() == [("FIN", "", "at_once", "")]


@pytest.mark.parametrize("word", ["退订", "TD", "退订全部", "取消订阅", "不想收通知了"])
async def test_leaving_on_wechat_is_for_good_on_every_channel(talk: Talk, word: str) -> None:
    await talk.say("3")

    assert await talk.say(word) == texts.UNFOLLOWED_ALL

    assert await talk.follows() == []
    assert await talk.refused() == {("news", ""), ("reminder", "")}


@pytest.mark.parametrize("word", ["T", "td", "Td.", "R", "N", "退订", " “退订”。", "拒收"])
async def test_leaving_by_sms_is_for_the_number_and_answered_once(talk: Talk, word: str) -> None:
    await talk.say("3", "sms")

    first = await talk.say(word, "sms")
    again = await talk.say(word, "sms")

    assert first == texts.OPTED_OUT
    assert again is None
    assert await talk.refused() == {("news", "sms"), ("reminder", "sms")}
    # WeChat still brings what is followed.
    assert await talk.follows() == [("FIN", "", "at_once", "")]


async def test_a_number_without_wechat_follows_nothing_any_more(talk: Talk) -> None:
    await talk.db.run("DELETE FROM addresses WHERE channel = 'wechat'")
    await talk.say("3", "sms")

    await talk.say("TD", "sms")

    assert await talk.follows() == []


@pytest.mark.parametrize("state", ["订阅低保", "有人吃低保的名额", "村上的水费"])
async def test_leaving_goes_before_any_open_question(talk: Talk, state: str) -> None:
    await talk.say(state, "sms")

    assert await talk.say("N", "sms") == texts.OPTED_OUT


async def test_letters_do_not_leave_on_wechat(talk: Talk) -> None:
    await talk.say("低保名单")  # is answered with a question

    await talk.say("N")

    assert await talk.refused() == set()


@pytest.mark.parametrize("word", ["订阅", "3", "订阅低保"])
async def test_following_again_takes_the_refusal_back(talk: Talk, word: str) -> None:
    await talk.say("TD", "sms")

    said = await talk.say(word, "sms")

    assert said is not None
    assert await talk.refused() == set()
    assert await talk.say("TD", "sms") == texts.OPTED_OUT


async def test_what_was_followed_is_had_again_as_it_was(talk: Talk) -> None:
    await talk.say("订阅低保,每周一次")
    await talk.say("TD", "sms")

    said = await talk.say("恢复", "sms")

    assert said == f"{texts.FOLLOW_CHANGED}\n{HERE}的低保,每周一合起来告诉您。"
    assert await talk.refused() == set()
    assert await talk.follows() == [("AID.DIBAO", "", "weekly", "")]


async def test_a_village_that_is_not_there_leaves_nothing(talk: Talk) -> None:
    await talk.say("3")

    said = await talk.say("取消关注云雾村")

    assert said == texts.FOLLOW_UNKNOWN.format(name="云雾村")
    assert await talk.follows() == [("FIN", "", "at_once", "")]


async def test_sms_can_be_refused_from_wechat(talk: Talk) -> None:
    await talk.say("3")

    await talk.say("不要给我发短信了")

    assert await talk.refused() == {("news", "sms"), ("reminder", "sms")}
    assert await talk.follows() == [("FIN", "", "at_once", "")]


async def test_of_several_villages_of_a_name_one_is_chosen_and_nobody_moves(
    db: Database, sealer: Sealer, clock: HeldClock
) -> None:
    county = County(db, sealer, clock)
    await county.build()
    twins = [
        county.village("990101102300", "上泉村", town="竹影镇"),
        county.village("990101103300", "上泉村", town="稻香街道", town_code="990101103000"),
    ]
    await regions.save_villages(db, twins)
    person = await county.person(openid=openid(1), village=VILLAGE)
    async with answering(db, sealer, clock) as parts:
        talk = Talk(db, county, parts, person)
        asked = await talk.say("关注上泉村的账,每周发一次")
        chosen = await talk.say("2")

    assert asked is not None
    assert "1 上泉村" in asked
    assert chosen is not None
    assert "上泉村有新的账目公开,每周一合起来告诉您。" in chosen
    assert chosen.startswith(("好。竹影镇", "好。稻香街道", "好。双泉沟乡"))
    ((topic, village, rhythm, _),) = await talk.follows()
    assert (topic, rhythm) == ("FIN", "weekly")
    assert village in {"990101102300", "990101103300"}
    row = await db.row("SELECT village FROM people WHERE id = ?", person)
    assert row is not None
    assert row["village"] == VILLAGE
