"""How commands get at the database: fit to be used, or refused with what to do."""

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import check, texts
from bot.commands.findings import Level
from bot.commands.store import business_clock, opened
from bot.config import Config
from bot.errors import Refused
from storage import installation
from storage.database import Database
from storage.installation import Purpose, Unfit
from storage.keys import Key, Keys
from storage.schema import migrate
from tests.bot.commands.conftest import Configure

KEYS, OTHERS = (Keys(Key.new(), Key.new(), Key.new()) for _ in range(2))
HOUR = timedelta(hours=1)

Prepare = Callable[..., Awaitable[Config]]


@pytest.fixture
def prepare(configure: Configure) -> Prepare:
    """An installation of the newest schema under KEYS."""

    async def prepared(purpose: Purpose = Purpose.LIVE, *statements: str) -> Config:
        config = configure()
        config.server.data_dir.mkdir()
        db = await Database.open(config.database.url)
        try:
            await migrate(db)
            await installation.create(
                db, purpose, KEYS.fingerprint, clock_offset_ms=HOUR // timedelta(milliseconds=1)
            )
            for statement in statements:
                await db.run(statement)
        finally:
            await db.close()
        return config

    return prepared


async def refusal(config: Config, keys: Keys | None = None, *, demo_allowed: bool = True) -> str:
    with pytest.raises(Refused) as refused:
        async with opened(config, keys, demo_allowed=demo_allowed):
            pass
    return str(refused.value)


async def test_a_fit_database_is_opened_and_closed(prepare: Prepare) -> None:
    config = await prepare()

    async with opened(config, KEYS, demo_allowed=False) as db:
        assert await db.row("SELECT purpose FROM installation") == {"purpose": "live"}


async def test_without_a_database_none_is_made(configure: Configure) -> None:
    config = configure()

    said = await refusal(config)

    assert "mingbai migrate" in said
    assert not config.server.data_dir.exists()


async def test_an_empty_database_is_refused(configure: Configure) -> None:
    config = configure()
    config.server.data_dir.mkdir()
    sqlite3.connect(config.server.data_dir / "mingbai.sqlite3").close()

    assert await refusal(config) == texts.UNFIT["empty"]


@pytest.mark.parametrize(
    ("statement", "unfit"),
    [
        ("UPDATE tortoise_migrations SET name = '9999_later'", Unfit.NEWER),
        (
            "INSERT INTO tortoise_migrations (app, name, applied_at)"
            " VALUES ('storage', '9999_later', '2030-01-01')",
            Unfit.NEWER,
        ),
        ("DELETE FROM installation", Unfit.EMPTY),
    ],
)
async def test_another_schema_is_refused(prepare: Prepare, statement: str, unfit: Unfit) -> None:
    config = await prepare(Purpose.LIVE, statement)

    assert await refusal(config) == texts.UNFIT[unfit]


async def test_other_keys_are_refused_with_both_fingerprints(prepare: Prepare) -> None:
    config = await prepare()

    said = await refusal(config, OTHERS)

    assert KEYS.fingerprint in said
    assert OTHERS.fingerprint in said


async def test_a_demos_database_is_refused_to_those_for_real_use(prepare: Prepare) -> None:
    config = await prepare(Purpose.DEMO)

    assert await refusal(config, KEYS, demo_allowed=False) == texts.UNFIT["demo"]
    async with opened(config, KEYS):
        pass


async def test_a_file_that_is_no_database_is_refused(configure: Configure) -> None:
    config = configure()
    config.server.data_dir.mkdir()
    (config.server.data_dir / "mingbai.sqlite3").write_bytes(b"no database" * 1000)

    assert await refusal(config) == texts.DATABASE_CLOSED


async def test_a_server_that_does_not_answer_is_refused(configure: Configure) -> None:
    config = configure(MINGBAI_DATABASE__URL="postgres://nobody:canary@127.0.0.1:1/mingbai")

    said = await refusal(config)

    assert said == texts.DATABASE_CLOSED
    assert "canary" not in said


async def test_a_database_locked_by_another_is_said_to_be_busy(
    prepare: Prepare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.SQLITE_BUSY_MS", 50)
    config = await prepare()
    other = sqlite3.connect(tmp_path / "data/mingbai.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Refused, match="正忙"):
        async with opened(config, KEYS) as db:
            await db.run("DELETE FROM installation")

    other.close()


async def test_a_mistake_of_ours_is_not_called_busy(prepare: Prepare) -> None:
    config = await prepare()

    with pytest.raises(Exception, match="no_such_table"):
        async with opened(config, KEYS) as db:
            await db.run("DELETE FROM no_such_table")


async def test_every_reason_has_its_words() -> None:
    assert set(texts.UNFIT) == {unfit.value for unfit in Unfit}


@pytest.mark.parametrize(("purpose", "ahead"), [(Purpose.LIVE, timedelta(0)), (Purpose.DEMO, HOUR)])
async def test_only_a_demo_has_a_clock_of_its_own(
    prepare: Prepare, purpose: Purpose, ahead: timedelta
) -> None:
    config = await prepare(purpose)

    async with opened(config) as db:
        clock = await business_clock(db, None)

    assert abs(clock.now() - datetime.now(UTC) - ahead) < timedelta(minutes=1)


async def test_the_time_given_comes_before_a_demos_clock(prepare: Prepare) -> None:
    config = await prepare(Purpose.DEMO)
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

    async with opened(config) as db:
        clock = await business_clock(db, moment)

    assert timedelta(0) <= clock.now() - moment < timedelta(minutes=1)


async def test_check_tells_whether_the_database_is_fit(prepare: Prepare) -> None:
    config = await prepare()

    (fit,) = await check.database(config)
    Keys.create(config.security.key_file)
    (other,) = await check.database(config)

    assert (fit.level, other.level) == (Level.GOOD, Level.CHANGE)
    assert KEYS.fingerprint in other.what
    assert "密钥文件" in other.remedy
