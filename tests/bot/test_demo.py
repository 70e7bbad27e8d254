"""The demo as a newcomer sees it: one command, a message, an exact answer, its pages."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.demo import running_demo

PERSON = "oDemoPerson0000000000000001"
FOLLOWER, GRANDMOTHER = "oSimZhouXiaoman0000000000001", "16600010071"  # of the sample county


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[tuple[ClientSession, int]]:
    async with running_demo(tmp_path / "demo") as running:
        yield running


async def _say(
    http: ClientSession, port: int, text: str, channel: str = "wechat", who: str = PERSON
) -> str:
    said = {"channel": channel, "who": who, "text": text}
    async with http.post(f"http://127.0.0.1:{port + 1}/sim/say", json=said) as response:
        return "\n".join(json.loads(await response.text())["seen"])


async def test_a_villager_asks_and_the_accounts_answer(demo: tuple[ClientSession, int]) -> None:
    http, port = demo

    asked_back = await _say(http, port, "上个月花了好多钱")
    answer = await _say(http, port, "我是听竹村的")
    entry = await _say(http, port, "2")
    tip = await _say(http, port, "主任吃回扣")

    assert "您是哪个村的" in asked_back
    assert "27,327元,共32笔" in answer  # what ledger_balances.csv says of 2026-10
    assert "凭证:记-202610-" in entry
    assert "12388" in tip


async def test_every_link_of_an_answer_leads_to_a_page(demo: tuple[ClientSession, int]) -> None:
    http, port = demo
    await _say(http, port, "我是鹭洲村的")

    answer = await _say(http, port, "2025年10月支出合计")
    async with http.get(answer.splitlines()[-1]) as response:
        page = re.sub(r"<[^>]+>", "", await response.text())

    assert response.status == 200
    assert "31,674.49元" in answer
    assert "31,674.49元" in page


async def test_a_plain_phone_gets_the_same_figure_in_one_text(
    demo: tuple[ClientSession, int],
) -> None:
    http, port = demo

    sum_text = await _say(http, port, "十月份花了好多钱", "sms", GRANDMOTHER)
    entry = await _say(http, port, "1", "sms", GRANDMOTHER)
    rest = await _say(http, port, "0", "sms", GRANDMOTHER)

    assert sum_text.startswith("【明禾公开】听竹村")
    assert "27327元" in sum_text
    assert "凭证记-202610-" in entry
    assert "监委会审核" in rest or "回复0继续" in rest


async def test_how_a_thing_is_done_is_told_on_both_channels(
    demo: tuple[ClientSession, int],
) -> None:
    http, port = demo
    await _say(http, port, "我是听竹村的")

    item = await _say(http, port, "盖章找哪个")
    step = await _say(http, port, "2")
    by_sms = await _say(http, port, "低保咋个办", "sms", GRANDMOTHER)
    async with http.get(item.splitlines()[-1]) as response:
        page = await response.text()

    assert "谁来办:印章保管人、村民委员会主任(纪广田)" in item
    assert "第2步(一共4步):审核批准" in step
    assert by_sms.startswith("【明禾公开】最低生活保障申请协助办理:1接收申请或代为提出2")
    assert "印章使用管理" in page


async def test_a_notice_reaches_each_resident_once(
    demo: tuple[ClientSession, int], tmp_path: Path
) -> None:
    http, port = demo
    await _say(http, port, "你好", "sms", GRANDMOTHER)  # the pretend providers are ready
    words = ["campaign", "create", "--config", str(tmp_path / "demo/config.toml")]
    words += ["--template", "notice", "--audience", "role=居民,village=听竹村"]
    words += ["--param", "title=停水通知", "--param", "text=明天上午停水两小时"]

    created = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", *words)
    assert await created.wait() == 0
    counts: list[dict[str, object]] = []
    for _ in range(100):
        async with http.get(f"http://127.0.0.1:{port + 1}/sim/counts") as response:
            counts = json.loads(await response.text())
        if any(row["who"] == FOLLOWER for row in counts):
            break
        await asyncio.sleep(0.1)

    told = [row for row in counts if row["who"] == FOLLOWER]
    assert [(row["channel"], row["accepted"], row["shown"]) for row in told] == [("wechat", 1, 1)]


async def test_the_clock_can_be_moved(demo: tuple[ClientSession, int]) -> None:
    http, port = demo

    async with http.get(f"http://127.0.0.1:{port}/demo/clock") as response:
        before = json.loads(await response.text())["now"]
    async with http.post(f"http://127.0.0.1:{port}/demo/clock", json={"seconds": 86400}) as moved:
        after = json.loads(await moved.text())["now"]

    assert before.startswith("2026-11-24")
    assert after.startswith("2026-11-25")
