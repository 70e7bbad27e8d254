"""我的补贴: own rows, after one has shown who one is; by SMS, by WeChat with a code."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import Parts, answering
from bot.commands.keys import load
from bot.config import load_config
from handlers import texts
from handlers.turn import Inbound, Kind, Reply
from notifications.answers import open_answer
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.bot.home import SAMPLE, Home
from tests.conftest import NOW

PHONE = "16600010071"
LIST = [
    "村名,补贴项目,月份,姓名,组别,金额,发放日期,状态,身份证号",
    "听竹村,最低生活保障,2026年10月,乔木兰,3组,840.00,2026年10月26日,已发放,99010119500101123X",
    "听竹村,最低生活保障,2026年10月,靳大山,3组,420.00,2026年10月26日,已发放,990101195001015678",
    "鹭洲村,最低生活保障,2026年10月,庞小河,1组,630.00,2026年10月26日,已发放,990101195001019999",
]


@dataclass
class Village:
    """The service over a list of subsidies; `say` writes to it."""

    db: Database
    sealer: Sealer
    parts: Parts
    said: int = 0

    async def say(self, text: str, channel: str = "sms", who: str = PHONE) -> Reply:
        self.said += 1
        inbound = Inbound(channel, f"key{self.said}", Kind.TEXT, who, text=text)
        answer = await self.parts.pipeline.handle(inbound, text)
        assert answer.reply
        return answer.reply

    async def code_sent(self) -> str:
        row = await self.db.row(
            "SELECT sealed FROM deliveries WHERE sealed IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
        assert row
        return open_answer(self.sealer, bytes(row["sealed"])).params["code"]


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("money"))
    file = home.write("低保名单.csv", LIST)
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "subsidies", file, "--publish"),
    ):
        said = home.run(*words)
        assert said.status == 0, said.err
    return home


@pytest.fixture
async def village(listed: Home, tmp_path: Path) -> AsyncIterator[Village]:
    home = listed.copy(tmp_path / "home")
    sealer = Sealer(load(load_config(home.config)))
    db = await Database.open(f"sqlite://{home.database}")
    async with answering(db, sealer, HeldClock(NOW)) as parts:
        village = Village(db, sealer, parts)
        await village.say("我是听竹村的")
        yield village
    await db.close()


async def test_an_elder_finds_her_own_rows_by_name_and_four_digits(village: Village) -> None:
    asked = await village.say("我的补贴发了没有")
    rows = await village.say("乔木兰 123x")
    again = await village.say("我的低保好多钱")

    assert "姓名和身份证后四位" in asked.text
    assert "840元" in rows.text
    assert "2026年10月26日发放" in rows.text
    assert "乔*兰" in rows.text
    for others in ("420", "靳", "乔木兰", "123"):
        assert others not in rows.text
    assert "840元" in again.text


async def test_a_neighbour_who_guesses_is_locked_out(village: Village) -> None:
    await village.say("我的补贴")
    said = [(await village.say(f"靳大山 000{n}")).text for n in range(5)]
    after = await village.say("靳大山 5678")

    assert said[:4] == [texts.NOT_ON_A_LIST] * 4
    assert said[4] == texts.IDENTITY_LOCKED
    assert "420" not in after.text


async def test_a_list_of_another_village_is_not_to_be_tried(village: Village) -> None:
    await village.say("我的补贴")

    assert (await village.say("庞小河 9999")).text == texts.NOT_ON_A_LIST


async def test_by_wechat_the_phone_is_proved_by_a_code(village: Village) -> None:
    me = ("wechat", "oPerson")
    await village.say("我是听竹村的", *me)
    await village.say("我家的低保到账没得", *me)
    sent = await village.say(PHONE, *me)
    code = await village.code_sent()
    wrong = await village.say("000000" if code != "000000" else "111111", *me)
    asked = await village.say(code, *me)
    rows = await village.say("我叫乔木兰,123X", *me)

    assert sent.text == texts.CODE_SENT
    assert re.fullmatch(r"\d{6}", code)
    assert wrong.text == texts.CODE_WRONG
    assert asked.text == texts.WHO_ARE_YOU
    assert "840元" in rows.text


async def test_a_code_is_tried_three_times_only(village: Village) -> None:
    me = ("wechat", "oPerson")
    await village.say("我是听竹村的", *me)
    await village.say("我的补贴", *me)
    await village.say(PHONE, *me)
    code = await village.code_sent()
    for _ in range(3):
        last = await village.say("000000" if code != "000000" else "111111", *me)
    late = await village.say(code, *me)

    assert last.text == texts.CODE_TOO_OFTEN
    assert texts.WHO_ARE_YOU not in late.text


async def test_somebody_elses_phone_is_not_flooded_with_codes(village: Village) -> None:
    me = ("wechat", "oPerson")
    await village.say("我是听竹村的", *me)
    for _ in range(4):
        await village.say("我的补贴", *me)
        last = await village.say(PHONE, *me)

    assert last.text == texts.CODES_USED_UP


def test_the_village_vouches_once_and_nothing_more_is_asked(listed: Home, tmp_path: Path) -> None:
    home = listed.copy(tmp_path / "vouched")
    ask = ("ask", "我的补贴", "--as", PHONE, "--channel", "sms", "--now", "2026-11-24T10:00")
    home.run("import", "people", SAMPLE.with_name("people.csv"))
    refused = home.run(
        "vouch", PHONE, "--name", "靳大山", "--last-four", "12", "--note", "当面核对"
    )
    vouched = home.run(
        "vouch", PHONE, "--name", "靳大山", "--last-four", "5678", "--note", "当面核对"
    )

    assert refused.status == 1
    assert vouched.status == 0, vouched.err
    assert "420元" in home.run(*ask).out


async def test_another_question_ends_the_talk(village: Village) -> None:
    await village.say("我的补贴")
    other = await village.say("上个月花了好多钱")
    cancelled = await village.say("我的补贴") and await village.say("算了")

    assert "姓名" not in other.text
    assert cancelled.text == texts.CANCELLED


async def test_who_gets_what_at_large_needs_no_identity(village: Village) -> None:
    assert "身份证" not in (await village.say("今年低保有哪些人")).text
