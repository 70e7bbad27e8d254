"""A provider that takes its time: the second question comes a whole rest after the first."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import pytest

from notifications.judging import Moments
from notifications.settling import Settler
from storage.moments import to_ms
from storage.settling import Unsettled
from tests.conftest import NOW


class Store:
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        yield


async def test_the_rest_counts_from_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    put_off: list[int] = []

    async def note_absent(*_: object) -> int:
        return 1

    async def note(_db: object, _id: str, _attempt: str, until: int) -> None:
        put_off.append(until)

    monkeypatch.setattr("notifications.settling.settling.note_absent", note_absent)
    monkeypatch.setattr("notifications.settling.settling.put_off", note)
    nothing = cast("Any", None)
    settler = Settler(
        cast("Any", Store()), nothing, {}, nothing, repeat_within=timedelta(minutes=9)
    )
    row = Unsettled(
        id="d", person_id="p", lane=2, channel="sms", attempt_id="a", looked_up=0,
        started_at=NOW, expires_at=None,
    )  # fmt: skip
    at = Moments(business=NOW, real=NOW, sms_rest=timedelta(seconds=3))

    await settler._absent(row, at, time.monotonic() - 10)  # the round began ten seconds ago

    assert put_off[0] >= to_ms(NOW + timedelta(seconds=13))
