"""Ten novices with plain phones, none of whom has written before: an answer in three messages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.demo import running_demo

MOST = 3
# What each writes, and what the last text that comes back must hold.
SESSIONS = (
    (("听竹村上个月花了好多钱",), "27327元"),
    (("上个月花了好多钱", "听竹村"), "27327元"),
    (("你好", "听竹村", "1"), "27327元"),
    (("听竹村的账", "1"), "凭证记-202610-"),
    (("你们这个咋个用哦", "我是听竹村的", "1"), "27327元"),
    (("哈哈哈", "嘿嘿", "听竹村上个月收了好多钱"), "46010元"),
    (("尚泉村", "是", "4"), "12388"),
    (("我是听竹村的", "盖章找哪个"), "印章"),
    (("我是听竹村的", "2", "1"), "四议两公开"),
    (("救命有人打人",), "110"),
)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[tuple[ClientSession, int]]:
    async with running_demo(tmp_path / "demo") as running:
        yield running


async def test_a_novice_has_an_answer_in_three_messages(demo: tuple[ClientSession, int]) -> None:
    http, port = demo
    for number, (messages, wanted) in enumerate(SESSIONS):
        phone = f"1662000{number:04d}"
        seen = ""
        for text in messages:
            said = {"channel": "sms", "who": phone, "text": text}
            async with http.post(f"http://127.0.0.1:{port + 1}/sim/say", json=said) as response:
                seen = "\n".join((await response.json())["seen"])

        assert len(messages) <= MOST
        assert wanted in seen, (messages, seen)


def test_there_are_ten() -> None:
    assert len(SESSIONS) == 10
