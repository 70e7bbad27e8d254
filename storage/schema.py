"""The schema: is it the one that this release knows, and how it gets there."""

from enum import StrEnum
from pathlib import Path

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor

from storage.database import Database, connection_config

MIGRATIONS = Path(__file__).parent / "migrations"


class Schema(StrEnum):
    EMPTY = "empty"  # no table of ours
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"  # made by a later release: this process must stop


def known() -> list[str]:
    """The names of this release's migrations, oldest first."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


async def applied(db: Database) -> list[str]:
    """The names of the migrations that the database has seen."""
    if not await _has_table(db, "tortoise_migrations"):
        return []
    rows = await db.rows("SELECT name FROM tortoise_migrations WHERE app = 'storage' ORDER BY name")
    return [row["name"] for row in rows]


async def inspect(db: Database) -> Schema:
    seen, here = set(await applied(db)), set(known())
    if not seen:
        return Schema.EMPTY
    if seen - here:
        return Schema.NEWER
    return Schema.CURRENT if seen == here else Schema.OLDER


async def migrate(db: Database) -> list[str]:
    """Brings the database to this release's schema; returns the names of what was applied."""
    before = set(await applied(db))
    apps = connection_config("sqlite://:memory:")["apps"]
    await MigrationExecutor(get_connection("default"), apps).migrate()
    return [name for name in await applied(db) if name not in before]


async def _has_table(db: Database, name: str) -> bool:
    if db.dialect == "sqlite":
        found = await db.row("SELECT 1 AS one FROM sqlite_master WHERE name = ?", name)
    else:
        found = await db.row("SELECT 1 AS one WHERE to_regclass(?) IS NOT NULL", name)
    return found is not None
