"""注销 by message on both channels, and the platform's revoke events, through the real pipeline."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.app import Parts, answering
from bot.pipeline import Outcome
from handlers import texts
from handlers.turn import Inbound, Kind
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.sealing import Sealer
from tests.notifications.world import VILLAGE, County, openid, phone


@dataclass
class Talk:
    """A resident with a phone and WeChat, and what answers."""

    db: Database
    parts: Parts

    async def say(self, text: str, channel: str = "wechat", kind: Kind = Kind.TEXT) -> str | None:
        address = openid(1) if channel == "wechat" else phone(1)
        inbound = Inbound(channel, new_id(), kind, address, text=text, menu_key=text)
        answer = await self.parts.pipeline.handle(inbound, new_id())
        assert answer.outcome is not Outcome.FAILED
        return answer.reply.text if answer.reply else None

    async def count(self, table: str) -> int:
        return len(await self.db.rows(f"SELECT * FROM {table}"))  # noqa: S608


@pytest.fixture
async def talk(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Talk]:
    county = County(db, sealer, clock)
    await county.build()
    await county.person(openid=openid(1), phone=phone(1), village=VILLAGE)
    async with answering(db, sealer, clock) as parts:
        yield Talk(db, parts)


async def test_a_digit_confirms_and_nothing_is_left(talk: Talk) -> None:
    assert await talk.say("注销") == texts.ERASE
    assert await talk.count("addresses") == 2
    assert await talk.say("1") == texts.IS_ERASED
    await talk.parts.pipeline.stop()
    assert await talk.count("addresses") == 0
    assert await talk.count("conversations") == 0


async def test_by_sms_the_number_goes_too_and_no_text_follows(talk: Talk) -> None:
    assert await talk.say("把我的号码删了", "sms") == texts.ERASE_SMS
    assert await talk.say("1", "sms") is None
    assert await talk.count("addresses") == 0


@pytest.mark.parametrize("answer", ["2", "这个月花了多少钱", "退订", "取消"])
async def test_anything_but_the_digit_keeps_everything(talk: Talk, answer: str) -> None:
    await talk.say("注销")
    await talk.say(answer)
    await talk.say("1")  # the menu's, not a late yes
    assert await talk.count("addresses") == 2


async def test_a_menu_key_in_between_makes_no_digit_a_yes(talk: Talk) -> None:
    await talk.say("注销")
    await talk.say("help", kind=Kind.MENU)
    await talk.say("1")
    assert await talk.count("addresses") == 2


async def test_whoever_writes_again_is_met_for_the_first_time(talk: Talk) -> None:
    await talk.say("注销")
    await talk.say("1")
    said = await talk.say("你好")
    assert said
    (row,) = await talk.db.rows("SELECT p.village FROM people p JOIN addresses a"
                                " ON a.person_id = p.id")  # fmt: skip
    assert row["village"] is None


async def test_the_platforms_word_erases_without_a_question(talk: Talk) -> None:
    assert await talk.say("", kind=Kind.REVOKED) is None
    assert await talk.count("addresses") == 0


async def test_who_leaves_the_account_is_only_marked(talk: Talk) -> None:
    await talk.say("", kind=Kind.UNFOLLOW)
    rows = await talk.db.rows("SELECT channel, state FROM addresses ORDER BY channel")
    assert [(row["channel"], row["state"]) for row in rows] == [
        ("sms", "active"),
        ("wechat", "unfollowed"),
    ]
