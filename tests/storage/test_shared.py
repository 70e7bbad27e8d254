"""What processes remember together: sealed, for a while, and never waited for."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.keys import Keys
from storage.sealing import Sealer
from storage.shared import Shared
from tests.conftest import missing

REDIS = os.environ.get("MINGBAI_TEST_REDIS", "redis://127.0.0.1:6379/0")
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Sealer]:
    """Keys of an installation of its own, whose values are gone afterwards."""
    sealer = Sealer(Keys.create(tmp_path / "own.toml"))
    redis = Redis.from_url(REDIS, socket_connect_timeout=2)
    try:
        await redis.ping()
    except (RedisError, OSError):
        await redis.aclose()
        missing("Redis (MINGBAI_TEST_REDIS says where)")
    yield sealer
    async for name in redis.scan_iter(f"mingbai:{sealer.fingerprint}:*"):
        await redis.delete(name)
    await redis.aclose()


async def test_one_process_finds_what_another_has_put_there(own: Sealer) -> None:
    first, second = Shared(REDIS, own), Shared(REDIS, own)

    await first.put("reply:key", b"the bytes", 60)

    assert await second.get("reply:key") == b"the bytes"
    assert await second.get("reply:other") is None
    await first.close()
    await second.close()


async def test_it_is_sealed_and_gone_after_its_time(own: Sealer) -> None:
    shared, redis = Shared(REDIS, own), Redis.from_url(REDIS)

    await shared.put("reply:key", "村里的账".encode(), 0.2)
    kept = await redis.get(f"mingbai:{own.fingerprint}:reply:key")
    await asyncio.sleep(0.3)

    assert isinstance(kept, bytes)
    assert "账".encode() not in kept
    assert await shared.get("reply:key") is None
    await shared.close()
    await redis.aclose()


async def test_installations_on_one_server_do_not_see_each_other(
    own: Sealer, sealer: Sealer
) -> None:
    ours, theirs = Shared(REDIS, own), Shared(REDIS, sealer)

    await ours.put("token:wx1", b"secret", 60)

    assert await theirs.get("token:wx1") is None
    await ours.close()
    await theirs.close()


async def test_a_server_that_is_gone_costs_nearly_nothing(
    sealer: Sealer, caplog: pytest.LogCaptureFixture
) -> None:
    shared = Shared(NOBODY, sealer)
    began = time.monotonic()

    for _ in range(100):
        await shared.put("reply:key", b"the bytes", 60)
        assert await shared.get("reply:key") is None

    assert time.monotonic() - began < 1
    assert not shared.answers
    assert len(caplog.records) == 1
    await shared.close()
