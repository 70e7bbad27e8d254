"""Backups: the whole database of one moment in one file, the same for SQLite and PostgreSQL.

A ZIP archive: `tables/NAME.jsonl` for each table, its first line the columns, then a line a row
(bytes as {"base64": ...}); and `manifest.json`, which names schema, key fingerprint and time. The
keys are not in it: addresses and messages stay sealed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import sqlite3
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from storage import installation
from storage.database import Database, Row, sqlite_path
from storage.schema import Schema, applied, inspect, known, migrate

FORMAT = 1
_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 200
_NOT_KEPT = frozenset({"tortoise_migrations"})
_SEEDED = frozenset({"installation", "templates", "template_versions"})
"""What a fresh database holds already: a restore replaces it."""


class BackupProblem(StrEnum):
    """Why a file cannot be written, or not be restored from."""

    EXISTS = "exists"  # it is never overwritten
    UNWRITABLE = "unwritable"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"  # cut short, or no backup of ours
    OTHER_SCHEMA = "other_schema"  # of another release
    HOLDS_DATA = "holds_data"  # the database to restore into
    IN_USE = "in_use"


class BackupError(Exception):
    """A backup cannot be made or restored; nothing was changed."""

    def __init__(self, problem: BackupProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    schema: tuple[str, ...]
    fingerprint: str
    made_at: datetime
    tables: dict[str, int]  # rows


# --- writing --------------------------------------------------------------------------------------


async def write(db: Database, file: Path, now: datetime) -> Manifest:
    """Backs the database up into a new file of mode 0600; a service may go on writing meanwhile.

    Raises BackupError: exists, unwritable.
    """
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as opened:
                manifest = await _write(db, opened, now)
                opened.flush()
                os.fsync(opened.fileno())
            os.link(draft, file)  # unlike a rename, it never replaces
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise BackupError(BackupProblem.EXISTS) from None
    except OSError as failed:
        raise BackupError(BackupProblem.UNWRITABLE) from failed
    return manifest


async def _write(db: Database, opened: IO[bytes], now: datetime) -> Manifest:
    tables: dict[str, int] = {}
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        async with db.snapshot():
            found = await db.row("SELECT fingerprint FROM installation WHERE id = 1")
            schema = tuple(await applied(db))
            for table in await _tables(db):
                with archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as member:
                    tables[table] = await _write_table(db, table, member)
        fingerprint = found["fingerprint"] if found else ""
        manifest = Manifest(schema, fingerprint, now, tables)
        told = {
            "format": FORMAT,
            "schema": list(schema),
            "fingerprint": fingerprint,
            "made_at": now.astimezone(UTC).isoformat(),
            "tables": tables,
        }
        archive.writestr(_MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
    return manifest


async def _write_table(db: Database, table: str, member: IO[bytes]) -> int:
    columns = [name for name, _ in await _columns(db, table)]
    member.write(_line(columns))
    count = 0
    async for rows in _pages(db, table, columns):
        member.write(b"".join(_line([_plain(row[name]) for name in columns]) for row in rows))
        count += len(rows)
    return count


async def _pages(db: Database, table: str, columns: list[str]) -> AsyncIterator[list[Row]]:
    """A table's rows, some at a time: by row number on SQLite, by a cursor on PostgreSQL."""
    names = ", ".join(f'"{name}"' for name in columns)
    if db.dialect == "sqlite":
        query = f'SELECT {names}, rowid AS "at row" FROM "{table}" WHERE rowid > ?'  # noqa: S608
        after = -(2**63)
        while rows := await db.rows(f"{query} ORDER BY rowid LIMIT {_ROWS_AT_ONCE}", after):
            yield rows
            after = rows[-1]["at row"]
        return
    # A cursor of its own a table: the driver remembers what the rows of a statement look like.
    await db.run(f'DECLARE "of {table}" CURSOR FOR SELECT {names} FROM "{table}"')  # noqa: S608
    while rows := await db.rows(f'FETCH {_ROWS_AT_ONCE} FROM "of {table}"'):
        yield rows
    await db.run(f'CLOSE "of {table}"')


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode()}
    return value


# --- the tables of either database ----------------------------------------------------------------


async def _tables(db: Database) -> list[str]:
    if db.dialect == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    names = {row["name"] for row in await db.rows(query)}
    return sorted(names - _NOT_KEPT)


async def _columns(db: Database, table: str) -> list[tuple[str, bool]]:
    """The columns of a table, and whether each holds a truth value."""
    if db.dialect == "sqlite":
        rows = await db.rows("SELECT name, type FROM pragma_table_info(?)", table)
    else:
        rows = await db.rows(
            "SELECT column_name AS name, data_type AS type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position",
            table,
        )
    return [(row["name"], row["type"].lower().startswith("bool")) for row in rows]


async def holds_data(db: Database) -> bool:
    """Whether a database of ours holds more than a fresh one does."""
    for table in await _tables(db):
        if table not in _SEEDED and await db.row(f'SELECT 1 AS one FROM "{table}" LIMIT 1'):  # noqa: S608
            return True
    return False


# --- restoring ------------------------------------------------------------------------------------


def read_manifest(file: Path) -> Manifest:
    """What a backup says about itself. Raises BackupError: unreadable, damaged."""
    try:
        with _opened(file) as archive:
            told = json.loads(archive.read(_MANIFEST))
        if told["format"] != FORMAT:
            raise BackupError(BackupProblem.OTHER_SCHEMA)
        return Manifest(
            tuple(told["schema"]),
            str(told["fingerprint"]),
            datetime.fromisoformat(told["made_at"]),
            {str(name): int(count) for name, count in told["tables"].items()},
        )
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as wrong:
        raise BackupError(BackupProblem.DAMAGED) from wrong


async def restore(db: Database, file: Path, now: datetime) -> Manifest:
    """Fills an empty database from a backup, all of it or nothing.

    What was unfinished is held until an operator resumes it. Raises BackupError.
    """
    manifest = read_manifest(file)
    if sorted(manifest.schema) != known():
        raise BackupError(BackupProblem.OTHER_SCHEMA)
    state = await inspect(db)
    if state not in (Schema.EMPTY, Schema.CURRENT) or (
        state is Schema.CURRENT and await holds_data(db)
    ):
        raise BackupError(BackupProblem.HOLDS_DATA)
    await migrate(db)
    async with db.transaction():
        if await holds_data(db):
            raise BackupError(BackupProblem.HOLDS_DATA)
        for table in await _tables(db):
            await db.run(f'DELETE FROM "{table}"')  # noqa: S608
        with _opened(file) as archive:
            for table, count in manifest.tables.items():
                if await _restore_table(db, table, archive) != count:
                    raise BackupError(BackupProblem.DAMAGED)
        await installation.mark_restored(db, now)
    return manifest


async def _restore_table(db: Database, table: str, archive: zipfile.ZipFile) -> int:
    is_truth = dict(await _columns(db, table))
    count = 0
    try:
        with archive.open(f"tables/{table}.jsonl") as member:
            columns = json.loads(member.readline())
            if not is_truth or not set(columns) <= is_truth.keys():
                raise BackupError(BackupProblem.DAMAGED)
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join("?" for _ in columns)
            insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608
            truths = [is_truth[name] for name in columns]
            for rows in _read_pages(member):
                await db.run_many(insert, [_values(row, truths) for row in rows])
                count += len(rows)
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as wrong:
        raise BackupError(BackupProblem.DAMAGED) from wrong
    return count


def _read_pages(member: IO[bytes]) -> Iterator[list[list[Any]]]:
    page: list[list[Any]] = []
    for line in member:
        page.append(json.loads(line))
        if len(page) == _ROWS_AT_ONCE:
            yield page
            page = []
    if page:
        yield page


def _values(row: list[Any], truths: list[bool]) -> list[Any]:
    return [
        base64.b64decode(value["base64"])
        if isinstance(value, dict)
        else bool(value)
        if is_truth and value is not None
        else value
        for value, is_truth in zip(row, truths, strict=True)
    ]


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as wrong:
        raise BackupError(BackupProblem.DAMAGED) from wrong
    except OSError as closed:
        raise BackupError(BackupProblem.UNREADABLE) from closed
    with archive:
        yield archive


def refuse_file_in_use(url: str) -> None:
    """Raises BackupError where a SQLite file is open elsewhere; ask before opening it oneself.

    SQLite gives the whole file to one connection only while nobody else has it open.
    """
    file = sqlite_path(url)
    if file is None or not file.exists():
        return
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        raise BackupError(BackupProblem.IN_USE) from None
    finally:
        connection.close()


async def refuse_server_in_use(db: Database) -> None:
    """Raises BackupError where a PostgreSQL database has other connections than this one."""
    if db.dialect != "postgres":
        return
    others = await db.row(
        "SELECT 1 AS one FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
    )
    if others:
        raise BackupError(BackupProblem.IN_USE)
