"""The demo's phones: a reminder arrives, is confirmed, and what is not reaches the superior."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.demo import running_demo

ACCOUNTANT = "oSimCunKuaiji000000000000002"
ACCOUNTANTS_PHONE, TOWN = "16600010072", "16600010074"
HOUR, DAY = 3600, 86400


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator["Phones"]:
    async with running_demo(tmp_path / "demo") as (http, port):
        yield Phones(http, port)


class Phones:
    def __init__(self, http: ClientSession, port: int) -> None:
        self._http = http
        self._service, self._simulator = (f"http://127.0.0.1:{p}" for p in (port, port + 1))

    async def later(self, seconds: int) -> None:
        """Presses the clock's button; the scheduler looks every second."""
        url = f"{self._service}/demo/clock"
        async with self._http.post(url, json={"seconds": seconds}) as response:
            assert response.status == 200
        await asyncio.sleep(2.5)

    async def say(self, who: str, text: str) -> str:
        said = {"channel": "wechat", "who": who, "text": text}
        async with self._http.post(f"{self._simulator}/sim/say", json=said) as response:
            return "\n".join(json.loads(await response.text())["seen"])

    async def shown(self, who: str, words: str, count: int = 1) -> list[str]:
        """What a phone shows with these words, as soon as there are so many."""
        found: list[str] = []
        for _ in range(150):
            url = f"{self._simulator}/sim/screen"
            async with self._http.get(url, params={"who": who}) as response:
                found = [str(one["text"]) for one in json.loads(await response.text())]
            found = [text for text in found if words in text]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"{words}: {len(found)} of {count}")


async def test_confirmed_is_left_in_peace_and_not_confirmed_reaches_the_town(
    demo: Phones,
) -> None:
    await demo.later(18 * DAY)  # three days before the accounts are due
    await demo.shown(ACCOUNTANT, "2026年11月账目")
    assert "记下了:听竹村2026年11月账目" in await demo.say(ACCOUNTANT, "收到")

    await demo.later(3 * DAY)  # the day itself
    await demo.shown(ACCOUNTANT, "2026年11月账目", 2)
    await demo.later(HOUR)  # it has arrived and waits
    await demo.later(DAY + HOUR)
    await demo.shown(ACCOUNTANT, "2026年11月账目", 3)
    await demo.later(DAY + HOUR)
    await demo.shown(ACCOUNTANTS_PHONE, "2026年11月账目")
    await demo.later(2 * DAY + HOUR)
    (told,) = await demo.shown(TOWN, "一直没有回话")

    assert "听竹村的会计一直没有回话:2026年11月账目" in told
