"""Every figure of an answer is the sum of the file, added up in another way."""

import csv
import itertools
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.app import Parts, answering
from bot.commands.keys import load
from bot.config import load_config
from handlers.turn import Inbound, Kind
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.bot.home import SAMPLE, Home
from tests.conftest import NOW

LEDGER = SAMPLE.with_name("ledger_sample.csv")
PERIODS = {
    "2025年6月": ("2025-06", "2025-06"),
    "2026年一季度": ("2026-01", "2026-03"),
    "2025年下半年": ("2025-07", "2025-12"),
    "2025年11月到2026年2月": ("2025-11", "2026-02"),
    "上个月": ("2026-10", "2026-10"),
    "今年": ("2026-01", "2026-12"),
    "去年": ("2025-01", "2025-12"),
}
VILLAGES = ("听竹村", "鹭洲村", "向阳坪村")
DIRECTIONS = {"支出": "支出合计多少", "收入": "收入总共多少"}
AMOUNTS = {"": Decimal(0), "一千元以上的": Decimal(1000), "五千以上的": Decimal(5000)}


@pytest.fixture(scope="session")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("exact"))
    balances = SAMPLE.with_name("ledger_balances.csv")
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "ledger", LEDGER, "--balances", balances, "--publish"),
    ):
        assert home.run(*words).status == 0
    return home


@pytest.fixture
async def parts(_published: Home) -> AsyncIterator[Parts]:
    config = load_config(_published.config)
    db = await Database.open(f"sqlite://{_published.database}")
    async with answering(db, Sealer(load(config)), HeldClock(NOW)) as parts:
        yield parts
    await db.close()


def rows() -> list[dict[str, Any]]:
    with LEDGER.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def expected(village: str, period: str, direction: str, least: Decimal) -> tuple[str, int]:
    first, last = PERIODS[period]
    amounts = [
        Decimal(row["金额"])
        for row in rows()
        if row["村名"] == village
        and first <= row["日期"][:7] <= last
        and row["方向"] == direction
        and abs(Decimal(row["金额"])) >= least
    ]
    text = f"{sum(amounts, Decimal(0)):,.2f}".removesuffix(".00")
    return text, len(amounts)


async def ask(parts: Parts, text: str, number: int) -> str:
    inbound = Inbound("wechat", f"key{number}", Kind.TEXT, f"oPerson{number}", text=text)
    answer = await parts.pipeline.handle(inbound, text)
    assert answer.reply
    return answer.reply.text


async def test_sums_and_counts_are_those_of_the_file(parts: Parts) -> None:
    questions = itertools.product(VILLAGES, PERIODS, DIRECTIONS, AMOUNTS)

    for number, (village, period, direction, amount) in enumerate(questions):
        text = f"{village}{period}{amount}{DIRECTIONS[direction]}"
        total, count = expected(village, period, direction, AMOUNTS[amount])
        said = await ask(parts, text, number)
        if count:
            assert f"{direction} {total}元,共{count}笔" in said, text
        else:
            assert "没有" in said, text


async def test_the_largest_entries_are_those_of_the_file(parts: Parts) -> None:
    for number, (village, period) in enumerate(itertools.product(VILLAGES, PERIODS)):
        first, last = PERIODS[period]
        spent = [
            Decimal(row["金额"])
            for row in rows()
            if row["村名"] == village and first <= row["日期"][:7] <= last and row["方向"] == "支出"
        ]
        said = await ask(parts, f"{village}{period}最大的三笔支出", 1000 + number)
        for amount in sorted(spent, reverse=True)[:3]:
            assert f"{amount:,.2f}".removesuffix(".00") in said, (village, period)


def test_the_file_covers_what_is_asked() -> None:
    days = [date.fromisoformat(row["日期"]) for row in rows()]

    assert min(days) < date(2025, 6, 1)
    assert max(days) > date(2026, 10, 1)
    assert Path(LEDGER).exists()
