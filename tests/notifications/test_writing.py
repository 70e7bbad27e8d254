"""Outcomes on their way into the database, where one of them cannot be written."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import pytest

from notifications.outbox import real_now
from notifications.writing import Writer
from storage.outbox import Claimed, Finish
from tests.conftest import NOW


def finish(identity: str) -> Finish:
    claimed = Claimed(
        id=identity, campaign_id=None, person_id="p", lane=2, channel="sms", attempt_id="a",
        tries=1, not_before=NOW, expires_at=None, owner="w",
    )  # fmt: skip
    return Finish(claimed=claimed, state="sent", attempt="taken")


async def test_one_bad_outcome_keeps_back_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    async def store(_db: object, results: Iterable[Finish], _now: datetime) -> None:
        ids = [result.claimed.id for result in results]
        if "bad" in ids:
            raise ValueError
        written.extend(ids)

    monkeypatch.setattr("notifications.writing.outbox.finish", store)
    writer = Writer(cast("Any", None), real_now)
    writer.start()
    async with asyncio.timeout(5):
        await asyncio.gather(*(writer.write(finish(i)) for i in ("one", "bad", "two")))
        await writer.write(finish("three"))
    await writer.stop()

    assert written == ["one", "two", "three"]


async def test_outcomes_of_a_moment_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    async def store(_db: object, results: Iterable[Finish], _now: datetime) -> None:
        batches.append(len(list(results)))

    monkeypatch.setattr("notifications.writing.outbox.finish", store)
    writer = Writer(cast("Any", None), real_now)
    writer.start()

    async def soon(identity: str) -> None:
        await asyncio.sleep(0.001)
        await writer.write(finish(identity))

    async with asyncio.timeout(5):
        await asyncio.gather(writer.write(finish("one")), soon("two"), soon("three"))
    await writer.stop()

    assert batches == [3]
