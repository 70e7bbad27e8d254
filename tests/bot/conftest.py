"""The sample county with all that it publishes, and somebody who writes to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.home import SAMPLE, Home
from tests.bot.talking import Talk, talking
from workbooks.records.kinds import KINDS


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("county"))
    files = {kind: SAMPLE.with_name(f"{kind}.csv") for kind in KINDS}
    balances = ("--balances", SAMPLE.with_name("ledger_balances.csv"))
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "people", SAMPLE.with_name("people.csv")),
        ("import", "power-items", SAMPLE.with_name("power_items.json"), "--publish"),
        ("import", "ledger", SAMPLE.with_name("ledger_sample.csv"), *balances, "--publish"),
        *(("import", kind, file, "--publish") for kind, file in files.items()),
    ):
        said = home.run(*words)
        assert said.status == 0, said.err
    return home


@pytest.fixture
async def talk(county: Home, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(county.copy(tmp_path / "home")) as talk:
        yield talk
