"""Pages over a filled county, asked for as a browser does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from storage.database import Database
from tests.console import county
from tests.console.reading import Element, read

Browse = Callable[..., Awaitable[Element]]


@pytest.fixture
async def filled(db: Database) -> Database:
    """The county of tests.console.county, complete."""
    await county.fill(db)
    return db


@pytest.fixture
async def web_client(db: Database) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(county.make_app(db))) as client:
        yield client


@pytest.fixture
def browse(web_client: TestClient[Any, Any]) -> Browse:
    """Opens a page, and gives it parsed."""

    async def opened(path: str, status: int = 200) -> Element:
        async with web_client.get(path) as response:
            assert response.status == status
            return read(await response.text())

    return opened
