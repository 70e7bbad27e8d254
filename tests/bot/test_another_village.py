"""What concerns the answer on screen concerns the village it is about, whoever asks."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.app import answering
from bot.commands.keys import load
from bot.config import load_config
from handlers.turn import Inbound, Kind
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.bot.home import SAMPLE, Home
from tests.conftest import NOW

Say = Callable[[str], Awaitable[str]]
OWN, OTHER, OTHER_CODE = "听竹村", "鹭洲村", "990101102200"


@pytest.fixture(scope="session")
def two_villages(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("villages"))
    ledger, balances = (SAMPLE.with_name(f"ledger_{n}.csv") for n in ("sample", "balances"))
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "ledger", ledger, "--balances", balances, "--publish"),
    ):
        assert home.run(*words).status == 0
    return home


@pytest.fixture
async def db(
    two_villages: Home, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    home = two_villages.copy(tmp_path_factory.mktemp("copy"))
    db = await Database.open(f"sqlite://{home.database}")
    yield db
    await db.close()


@pytest.fixture
async def say(two_villages: Home, db: Database) -> AsyncIterator[Say]:
    sealer, said = Sealer(load(load_config(two_villages.config))), iter(range(100))
    async with answering(db, sealer, HeldClock(NOW)) as parts:

        async def say(text: str) -> str:
            inbound = Inbound("wechat", f"key{next(said)}", Kind.TEXT, "oPerson", text=text)
            answer = await parts.pipeline.handle(inbound, text)
            assert answer.reply
            return answer.reply.text

        yield say


async def test_a_number_a_page_and_a_fragment_stay_with_the_village_on_screen(say: Say) -> None:
    await say(f"我是{OWN}的")
    first = re.search(r"1\. (\S+) 支([\d,.]+)元", await say(f"{OTHER}上个月花了好多钱"))
    entry = await say("1")
    page = await say("下一页")
    income = await say("只看收入")

    assert first
    assert entry.startswith(OTHER)
    assert first[1] in entry
    assert f"{first[2]}元" in entry
    assert page.startswith(OTHER)
    assert income.startswith(OTHER)


async def test_a_new_question_is_about_ones_own_village_again(say: Say) -> None:
    await say(f"我是{OWN}的")
    await say(f"{OTHER}上个月花了好多钱")

    assert (await say("上个月收了好多钱")).startswith(OWN)
    assert (await say("1")).startswith(OWN)


async def test_whoever_is_of_no_village_yet_may_look_at_an_entry(say: Say) -> None:
    await say(f"{OTHER}上个月花了好多钱")

    assert (await say("1")).startswith(OTHER)


async def test_doubt_goes_to_the_village_that_it_is_about(say: Say, db: Database) -> None:
    await say(f"我是{OWN}的")
    await say(f"{OTHER}上个月花了好多钱")
    await say("1")
    await say("有疑问")
    await say("是")

    row = await db.row("SELECT kind, village FROM requests")
    assert row == {"kind": "objection", "village": OTHER_CODE}
