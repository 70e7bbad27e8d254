from collections.abc import AsyncIterator

import pytest

from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.notifications.world import County, World, open_world


@pytest.fixture
async def county(db: Database, sealer: Sealer, clock: HeldClock) -> County:
    county = County(db, sealer, clock)
    await county.build()
    return county


@pytest.fixture
async def world(county: County) -> AsyncIterator[World]:
    async with open_world(county) as world:
        yield world
