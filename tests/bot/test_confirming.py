"""收到: confirming a reminder in a conversation, and the quiz after a lesson."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.app import Parts, answering
from bot.pipeline import Outcome
from handlers.turn import Inbound, Kind
from notifications.campaigns import Order, create_duty
from notifications.confirming import follow_up
from storage import education
from storage.audience import Audience, Group
from storage.clock import HeldClock
from storage.database import Database
from storage.education import EducationItem, Question
from storage.ids import new_id
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, openid, phone, usual_terms

TERMS = usual_terms()
ITEM = EducationItem(
    id="E1",
    kind="festival",
    tag="春节",
    risk_area="作风建设",
    audience="干部",
    education_type="正面示范教育",
    text="干净过年,家人心安。",
    forms=("微信",),
)


def question(number: int, answer: int) -> Question:
    return Question(
        id=f"E1-{number}",
        item_id="E1",
        question=f"第{number}问",
        options=("能", "不能"),
        answer=answer,
        explanation="退回去。",
    )


@dataclass
class Talk:
    county: County
    parts: Parts

    async def say(self, text: str, channel: str = "wechat") -> str:
        address = openid(1) if channel == "wechat" else phone(1)
        inbound = Inbound(channel, new_id(), Kind.TEXT, address, text=text)
        answer = await self.parts.pipeline.handle(inbound, new_id())
        assert answer.outcome is not Outcome.FAILED
        return answer.reply.text if answer.reply else ""

    async def press(self, key: str) -> str:
        inbound = Inbound("wechat", new_id(), Kind.MENU, openid(1), menu_key=key)
        answer = await self.parts.pipeline.handle(inbound, new_id())
        assert answer.outcome is not Outcome.FAILED
        return answer.reply.text if answer.reply else ""

    async def remind(self, template: str = "disclosure_due", **params: str) -> None:
        """The message is on the phone."""
        given = params or {"village": "听竹村", "period": "2026年10月账目", "due": "11月9日"}
        order = Order(
            template=template,
            audience="post=会计",
            whom=Audience(
                groups=(Group(titles=("会计",), regions=(VILLAGE,)),), on=self.county.clock.today()
            ),
            params=given,
            key=f"due:{new_id()}:0",
        )
        now = self.county.clock.now()
        await create_duty(self.county.db, TERMS, order, now=now, actor="system")
        await self.county.db.run("UPDATE deliveries SET state = 'sent' WHERE state = 'new'")


@pytest.fixture
async def talk(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Talk]:
    county = County(db, sealer, clock)
    await county.build()
    await county.person(openid=openid(1), phone=phone(1), role="干部", title="会计")
    async with answering(db, sealer, clock) as parts:
        yield Talk(county, parts)


@pytest.mark.parametrize("word", ["收到", "9", "好的,收到了", "知道了。", "确认"])
@pytest.mark.parametrize("channel", ["wechat", "sms"])
async def test_a_word_or_the_digit_confirms(talk: Talk, word: str, channel: str) -> None:
    await talk.remind()

    assert await talk.say(word, channel) == "收到,谢谢。记下了:听竹村2026年10月账目。"
    assert "记下了" not in await talk.say(word, channel)


async def test_the_menus_key_confirms_whatever_is_on_screen(talk: Talk) -> None:
    await talk.remind()
    await talk.say("帮助")

    assert await talk.press("confirm") == "收到,谢谢。记下了:听竹村2026年10月账目。"
    assert await talk.press("confirm") == "现在没有要您确认的提醒。"
    rows = await talk.county.db.rows("SELECT state, how FROM confirmations")
    assert [(row["state"], row["how"]) for row in rows] == [("confirmed", "menu")]


async def test_the_menus_key_leaves_a_talk_that_goes_on_open(talk: Talk) -> None:
    await education.save(talk.county.db, [ITEM], [question(1, 2)], NOW)
    await talk.remind("integrity_reminder", text="干净过年,家人心安")
    assert "第1问" in await talk.press("confirm")
    await talk.remind("integrity_reminder", text="干净过年,家人心安")

    again = await talk.press("confirm")

    assert "记下了" in again
    assert "第1问" not in again
    assert "退回去" in await talk.say("2")


async def test_one_answer_is_enough_for_several(talk: Talk) -> None:
    await talk.remind()
    await talk.remind(village="听竹村", period="2026年11月账目", due="12月9日")

    said = await talk.say("9")

    assert "听竹村2026年10月账目" in said
    assert "听竹村2026年11月账目" in said
    assert "记下了" not in await talk.say("9")


async def test_nothing_is_confirmed_where_nothing_was_asked(talk: Talk) -> None:
    assert "记下了" not in await talk.say("9")
    assert await talk.county.db.rows("SELECT * FROM confirmations") == []


async def test_a_late_answer_is_answered_once(talk: Talk) -> None:
    await talk.remind()
    async with talk.county.db.transaction():
        await follow_up(talk.county.db, TERMS, NOW)
    await talk.county.db.run("UPDATE confirmations SET state = 'escalated'")

    assert "已经先跟上级说了一声" in await talk.say("收到")
    assert "上级" not in await talk.say("收到")


async def test_a_lesson_ends_in_questions_whose_first_answer_counts(talk: Talk) -> None:
    db = talk.county.db
    await education.save(db, [ITEM], [question(1, 2), question(2, 1)], NOW)
    await talk.remind("integrity_reminder", text="干净过年,家人心安")

    first = await talk.say("收到")
    wrong_number = await talk.say("5")
    second = await talk.say("2")
    end = await talk.say("2")
    await talk.remind("integrity_reminder", text="干净过年,家人心安")
    again = await talk.say("收到")

    assert first.endswith("考考您(1/2):第1问\n1. 能\n2. 不能\n回复数字就行,不想答就回“算了”。")
    assert wrong_number == "请回1到2里的一个数字。不想答就回“算了”。"
    assert second.startswith("答对了!退回去。\n考考您(2/2):第2问")
    assert end == "不对,该选1:能。退回去。\n答完了,2题对了1题。谢谢您。"
    assert "考考您" not in again
    rows = await db.rows("SELECT question_id, chosen FROM quiz_answers ORDER BY question_id")
    assert [tuple(row.values()) for row in rows] == [("E1-1", 2), ("E1-2", 2)]


async def test_a_quiz_can_be_left(talk: Talk) -> None:
    await education.save(talk.county.db, [ITEM], [question(1, 2)], NOW)
    await talk.remind("integrity_reminder", text="干净过年,家人心安")
    await talk.say("收到")
    await talk.say("算了")

    assert "对" not in (await talk.say("2"))[:3]
    assert await talk.county.db.rows("SELECT * FROM quiz_answers") == []
