"""Villages of one name in several towns are told apart in whatever is said of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.home import SAMPLE, Home
from tests.bot.talking import Talk, talking

HERE, THERE = "竹影镇新民村", "白鹭滩镇新民村"
TWO = (
    "990101101209,明禾县,990101101000,竹影镇,新民村,村,400,1000,5,是,每月,15,3,15,未启动,",
    "990101102209,明禾县,990101102000,白鹭滩镇,新民村,村,400,1000,5,是,每月,15,3,15,未启动,",
)


@pytest.fixture
def with_namesakes(county: Home, tmp_path: Path) -> Home:
    home = county.copy(tmp_path / "home")
    header = SAMPLE.read_text("utf-8-sig").splitlines()[0]
    said = home.run("import", "villages", home.write("新民村.csv", [header, *TWO]))
    assert said.status == 0, said.err
    return home


@pytest.fixture
async def talk(with_namesakes: Home) -> AsyncIterator[Talk]:
    async with talking(with_namesakes) as talk:
        yield talk


async def test_answers_say_which_of_the_two_they_are_about(talk: Talk) -> None:
    await talk.say("我是新民村的")
    await talk.say("2")

    own = await talk.say("上个月花了好多")
    await talk.say("新民村上个月花了好多")
    other = await talk.say("1")
    followed = await talk.say("3")

    assert own.startswith(THERE)
    assert other.startswith(HERE)
    assert THERE in followed


async def test_the_phone_says_which_one_it_keeps(talk: Talk) -> None:
    choices = await talk.sms("新民村")

    assert "1 新民村(竹影镇) 2 新民村(白鹭滩镇)" in choices
    assert f"您是{HERE}的" in await talk.sms("1")
