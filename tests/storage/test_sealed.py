"""Which keys the store cannot do without."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise import fields

from storage import models
from storage.database import Database
from storage.schema import migrate
from storage.sealed import SEALED, needed_fingerprint

FINGERPRINT = "1a2b-3c4d-5e6f-7a8b"
ROWS = {
    "addresses": "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
    " VALUES ('a', 'p', 'sms', 'l', x'00', 'active', 0)",
    "conversations": "INSERT INTO conversations (person_id, sealed, expires_at)"
    " VALUES ('p', x'00', 0)",
    "inbox": "INSERT INTO inbox (key, channel, body, sealed, state, received_at)"
    " VALUES ('k', 'sms', 'b', x'00', 'received', 0)",
}


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite://{tmp_path}/test.sqlite3")
    yield database
    await database.close()


async def install(db: Database) -> None:
    await migrate(db)
    await db.run(
        "INSERT INTO installation (id, purpose, fingerprint, clock_offset, sample)"
        " VALUES (1, 'live', ?, 0, '')",
        FINGERPRINT,
    )


async def test_an_empty_database_needs_no_keys(db: Database) -> None:
    assert await needed_fingerprint(db) is None


async def test_a_fresh_installation_needs_no_keys(db: Database) -> None:
    await install(db)

    assert await needed_fingerprint(db) is None


@pytest.mark.parametrize("table", ROWS)
async def test_whatever_is_sealed_needs_its_keys(db: Database, table: str) -> None:
    await install(db)
    await db.run(ROWS[table])

    assert await needed_fingerprint(db) == FINGERPRINT


async def test_a_message_that_was_handled_and_erased_needs_no_keys(db: Database) -> None:
    await install(db)
    await db.run(ROWS["inbox"])
    await db.run("UPDATE inbox SET sealed = NULL")

    assert await needed_fingerprint(db) is None


def test_every_table_with_something_sealed_is_looked_at() -> None:
    sealed = {
        model._meta.db_table
        for model in models.__models__
        if any(isinstance(field, fields.BinaryField) for field in model._meta.fields_map.values())
    }

    assert set(SEALED) == sealed
