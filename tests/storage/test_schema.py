"""The schema: made from nothing, recognised, and refused when it is of a later release."""

from storage import schema
from storage.database import Database
from storage.schema import Schema


async def test_a_migrated_database_is_current_and_a_second_migration_changes_nothing(
    db: Database,
) -> None:
    again = await schema.migrate(db)

    assert again == []
    assert await schema.inspect(db) is Schema.CURRENT


async def test_an_empty_database_is_told_from_one_of_ours(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    try:
        assert await schema.inspect(database) is Schema.EMPTY
    finally:
        await database.close()


async def test_a_schema_of_a_later_release_is_recognised(db: Database) -> None:
    await db.run(
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "SELECT 'storage', '9999_later', applied_at FROM tortoise_migrations"
    )

    assert await schema.inspect(db) is Schema.NEWER


async def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    insert = "INSERT INTO holidays (day, kind, name) VALUES (?, ?, ?)"
    try:
        async with db.transaction():
            await db.run(insert, "2026-10-01", "off", "国庆")
            raise RuntimeError
    except RuntimeError:
        pass

    assert await db.rows("SELECT day FROM holidays") == []


async def test_the_longest_code_of_a_provider_can_be_kept(db: Database) -> None:
    code = "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE"
    await db.run(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered,"
        " code, at, folded) VALUES ('r', 'k', 'aliyun', '', '', '', ?, ?, 0, ?)",
        False,
        code,
        False,
    )

    assert await db.row("SELECT code FROM receipts") == {"code": code}
