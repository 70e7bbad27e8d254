"""`mingbai keys`: made once, and never where something stored needs other keys."""

import asyncio
from pathlib import Path

import pytest

from bot.commands import keys
from bot.config import Config
from bot.errors import Refused
from storage.database import Database
from storage.keys import Keys
from storage.schema import migrate
from tests.bot.commands.conftest import Configure

FINGERPRINT = "1a2b-3c4d-5e6f-7a8b"


def prepare_database(config: Config, *statements: str) -> None:
    """The newest schema, sealed under other keys, and these rows."""

    async def prepare() -> None:
        config.server.data_dir.mkdir()
        db = await Database.open(config.database.url)
        try:
            await migrate(db)
            await db.run(
                "INSERT INTO installation (id, purpose, fingerprint, clock_offset, sample)"
                " VALUES (1, 'live', ?, 0, '')",
                FINGERPRINT,
            )
            for statement in statements:
                await db.run(statement)
        finally:
            await db.close()

    asyncio.run(prepare())


def test_init_makes_the_file_and_says_its_fingerprint(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure()

    keys.init(config)

    made = Keys.load(config.security.key_file)
    assert f"指纹 {made.fingerprint}" in capsys.readouterr().out


def test_init_leaves_an_existing_file_alone(configure: Configure) -> None:
    config = configure()
    made = Keys.create(config.security.key_file)

    with pytest.raises(Refused, match="已经有了"):
        keys.init(config)

    assert Keys.load(config.security.key_file) == made


def test_init_makes_the_file_where_nothing_stored_is_sealed(configure: Configure) -> None:
    config = configure()
    prepare_database(config)

    keys.init(config)

    assert Keys.load(config.security.key_file)


def test_init_refuses_where_something_is_sealed_and_names_the_fingerprint(
    configure: Configure,
) -> None:
    config = configure()
    prepare_database(
        config,
        "INSERT INTO conversations (person_id, sealed, expires_at) VALUES ('p', x'00', 0)",
    )

    with pytest.raises(Refused, match=FINGERPRINT):
        keys.init(config)

    assert not config.security.key_file.exists()


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0"])
def test_init_refuses_where_the_database_cannot_be_read(
    configure: Configure, content: bytes
) -> None:
    config = configure()
    config.server.data_dir.mkdir()
    (config.server.data_dir / "mingbai.sqlite3").write_bytes(content)

    with pytest.raises(Refused, match="数据库打不开"):
        keys.init(config)

    assert not config.security.key_file.exists()


def test_init_refuses_where_the_server_does_not_answer(configure: Configure) -> None:
    config = configure(MINGBAI_DATABASE__URL="postgres://nobody@127.0.0.1:1/mingbai")

    with pytest.raises(Refused, match="数据库打不开"):
        keys.init(config)


def test_fingerprint_prints_it_alone(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure()
    made = Keys.create(config.security.key_file)

    keys.fingerprint(config)

    assert capsys.readouterr().out == f"{made.fingerprint}\n"


def test_fingerprint_says_what_to_do_without_a_file(configure: Configure) -> None:
    with pytest.raises(Refused, match="mingbai keys init"):
        keys.fingerprint(configure())


def test_a_file_open_to_others_is_refused_with_the_remedy(configure: Configure) -> None:
    config = configure()
    Keys.create(config.security.key_file)
    config.security.key_file.chmod(0o644)

    with pytest.raises(Refused, match=f"chmod 600 {config.security.key_file}"):
        keys.load(config)


def test_a_place_that_cannot_be_written_is_named(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    config = configure(MINGBAI_SECURITY__KEY_FILE="file/keys.toml")

    with pytest.raises(Refused, match="写不下来"):
        keys.init(config)
