"""From a question that nothing answers to a rating, in a conversation, on both channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.app import Parts, answering
from bot.pipeline import Outcome
from handlers.turn import Inbound, Kind
from notifications.inbox import Reply, answer
from notifications.satisfaction import ask
from storage import questions, requests
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.requests import Request, State
from storage.sealing import Sealer
from tests.notifications.world import TOWN, VILLAGE, County, openid, phone, usual_terms

TERMS = usual_terms()
QUESTION = "听竹村上个月花了多少钱"


@dataclass
class Talk:
    county: County
    parts: Parts
    clock: HeldClock

    @property
    def db(self) -> Database:
        return self.county.db

    async def say(self, text: str, channel: str = "wechat", key: str = "") -> str:
        address = openid(1) if channel == "wechat" else phone(1)
        inbound = Inbound(channel, key or new_id(), Kind.TEXT, address, text=text)
        answer = await self.parts.pipeline.handle(inbound, text)
        assert answer.outcome is not Outcome.FAILED
        return answer.reply.text if answer.reply else ""

    async def request(self) -> Request:
        (row,) = await self.db.rows("SELECT id FROM requests")
        return await requests.by_id(self.db, row["id"])

    async def answered(self, text: str = "十月的账后天公开") -> Request:
        """The cadre answers; the message is on the phone, and an hour goes by."""
        now = self.clock.now()
        request = await self.request()
        sealer = self.county.sealer
        await answer(self.db, sealer, TERMS, request, Reply(text), author="cadre", now=now)
        await self.db.run("UPDATE deliveries SET state = 'sent' WHERE state = 'new'")
        self.clock.move(timedelta(hours=1))
        async with self.db.transaction():
            await ask(self.db, TERMS, self.clock.now())
        return await self.request()


@pytest.fixture
async def talk(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Talk]:
    county = County(db, sealer, clock)
    await county.build()
    await county.person(openid=openid(1), phone=phone(1), village=VILLAGE)
    async with answering(db, sealer, clock) as parts:
        yield Talk(county, parts, clock)


@pytest.mark.parametrize("channel", ["wechat", "sms"])
async def test_a_question_is_handed_on_answered_and_rated(talk: Talk, channel: str) -> None:
    assert "要不要把您的问题转给村委会?" in await talk.say(QUESTION, channel)
    kept = await talk.say("是", channel)
    request = await talk.request()

    assert f"已经转给村委会,编号{request.number}。11月27日前给您回话。" in kept
    assert "不写您的名字" in await talk.say("是", channel)
    assert (await talk.request()).may_publish
    await talk.answered()
    assert await talk.say("1", channel) == "谢谢您,记下了。"
    (row,) = await talk.db.rows("SELECT score, said, state FROM ratings")
    assert tuple(row.values()) == (1, "1", "rated")


async def test_an_answer_is_read_again_by_its_number_and_by_nobody_else(talk: Talk) -> None:
    await talk.say(QUESTION)
    await talk.say("是")
    request = await talk.request()
    before = await talk.say(request.number)
    await talk.answered()
    await talk.county.person(openid=openid(77), village=VILLAGE)
    inbound = Inbound("wechat", new_id(), Kind.TEXT, openid(77), text=request.number)
    others = await talk.parts.pipeline.handle(inbound, "other")

    assert "还没有回话,最晚11月27日答复" in before
    assert "十月的账后天公开" in await talk.say(request.number)
    assert "十月的账后天公开" in await talk.say("我问的有回话没得")
    assert others.reply is not None
    assert "没有查到" in others.reply.text


async def test_a_digit_belongs_to_the_numbers_on_screen_and_words_rate(talk: Talk) -> None:
    await talk.say(QUESTION)
    await talk.say("是")
    await talk.answered()
    await talk.say("你好")  # and now the menu is on screen

    await talk.say("1")
    unrated = await talk.db.rows("SELECT id FROM ratings WHERE state = 'asked'")
    said = await talk.say("基本满意")

    assert len(unrated) == 1
    assert said == "谢谢您,记下了。"


async def test_who_is_not_content_may_have_it_looked_at_above(talk: Talk) -> None:
    await talk.county.person(openid=openid(5), role="管理", region=TOWN)
    await talk.say(QUESTION)
    await talk.say("是")
    await talk.answered("不晓得")

    offered = await talk.say("3")
    passed = await talk.say("是")

    assert "要请竹影镇再看一遍吗?" in offered
    assert "已经请竹影镇再看" in passed
    request = await talk.request()
    assert (request.state, request.office, request.level) == (State.OPEN, TOWN, 1)


async def test_the_same_yes_twice_makes_one_request(talk: Talk) -> None:
    await talk.say(QUESTION)
    await talk.say("是", key="k1")
    await talk.say("是", key="k1")

    assert len(await talk.db.rows("SELECT id FROM requests")) == 1


async def test_an_application_is_one_by_its_name(talk: Talk) -> None:
    offered = await talk.say("我要申请公开2024年的工程合同")
    said = await talk.say("是")

    request = await talk.request()
    assert "公开申请" in offered
    assert request.kind is requests.Kind.APPLICATION
    assert "12月22日前" in said
    assert "公开给大家看" not in said


@pytest.mark.parametrize(
    "text", ["我要举报村主任吃回扣", "主任收了老板的红包", "申请公开之前先举报会计贪污"]
)
async def test_an_allegation_never_becomes_a_request(talk: Talk, text: str) -> None:
    await talk.say(text)
    await talk.say("是")

    assert await talk.db.rows("SELECT id FROM requests") == []
    await talk.parts.pipeline.stop()
    assert await talk.db.rows("SELECT * FROM question_counts WHERE topic LIKE '%TIP%'") == []


async def test_what_nothing_answers_is_counted_by_topic_and_not_by_person(talk: Talk) -> None:
    await talk.say("低保名单在哪里看")
    await talk.say(QUESTION)
    await talk.say("我要举报村主任吃回扣")
    await talk.say("你好")  # what was left before is written with it

    found = await questions.by_topic(talk.db, "990101", "2026-11", "2026-11")

    assert sum(one.asked for one in found) == 2
    assert {one.topic for one in found if one.unanswered} >= {"AID.DIBAO"}
    columns = (await talk.db.rows("SELECT * FROM question_counts"))[0].keys()
    assert "person_id" not in columns
