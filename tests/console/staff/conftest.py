"""The console over the sample county's places, and whoever is logged in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.console import county
from tests.console.staff.kit import Console


@pytest.fixture
async def desk(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Console]:
    """The console, started. `await desk.log_in("管理")` gives a browser of somebody logged in."""
    await county.save_county(db)
    console = Console(db, sealer, clock)
    await console.start()
    yield console
    await console.stop()
