"""`mingbai backup` and `restore`: everything of one moment, on either database, or nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage.database import Database
from storage.ids import new_id
from storage.keys import Keys
from storage.sealing import Sealer
from tests.bot.home import SAMPLE, Home

LEDGER = ("ledger_sample.csv", "ledger_balances.csv")
PEOPLE = [
    "姓名,手机号,角色,区划代码,职务,openid",
    "靳三,13900000001,干部、录入,990101101200,会计,",
    "宁兰,,居民,990101101200,,oResident000000000000000001",
]


def fill(home: Home) -> Home:
    """Real content: villages, people with sealed addresses, published accounts, an outbox."""
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    assert home.run("import", "people", home.write("people.csv", PEOPLE)).status == 0
    ledger, balances = (SAMPLE.with_name(name) for name in LEDGER)
    words = ("import", "ledger", ledger, "--balances", balances, "--publish")
    assert home.run(*words).status == 0
    return home


@pytest.fixture(scope="module")
def _full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    home = fill(Home.make(tmp_path_factory.mktemp("full")))
    with contextlib.closing(sqlite3.connect(home.database)) as db, db:
        db.execute(
            "INSERT INTO deliveries (id, person_id, revision, lane, state, channel, tries,"
            " not_before, owner, sealed, reason, updated_at, attempt_id)"
            " VALUES (?, ?, 1, 0, 'new', '', 0, 5, '', ?, '', 5, '')",
            (new_id(), new_id(), b"\x00\xff sealed"),
        )
    file = home.folder / "all.mingbai"
    said = home.run("backup", file)
    assert said.status == 0, said.err
    return home, file


@pytest.fixture
def full(_full: tuple[Home, Path]) -> Home:
    return _full[0]


@pytest.fixture
def file(_full: tuple[Home, Path]) -> Path:
    return _full[1]


@pytest.fixture
def empty(full: Home, tmp_path: Path) -> Home:
    """A new installation with the keys of the full one, and no database."""
    home = Home.make(tmp_path / "empty")
    home.keys.parent.mkdir(mode=0o700)
    shutil.copy2(full.keys, home.keys)
    return home


async def _contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    db = await Database.open(url)
    try:
        found = {}
        for table in ("regions", "people", "addresses", "posts", "disclosures", "chain", "audit",
                      "imports", "deliveries", "installation"):  # fmt: skip
            rows = await db.rows(f"SELECT * FROM {table}")  # noqa: S608
            plain = (
                tuple(bytes(v) if isinstance(v, memoryview) else v for _, v in sorted(row.items()))
                for row in rows
            )
            found[table] = sorted(plain, key=repr)
        return found
    finally:
        await db.close()


def contents(home: Home, url: str = "") -> dict[str, list[tuple[Any, ...]]]:
    found = asyncio.run(_contents(url or f"sqlite://{home.database}"))
    restored = found.pop("installation")[0]
    return found | {"installation": [restored[:-1]]}


def without_restore(told: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows for table, rows in told.items() if table != "installation"}


def test_restored_database_holds_the_same_and_verifies(full: Home, file: Path, empty: Home) -> None:
    said = empty.run("restore", file)

    assert said.status == 0, said.err
    assert without_restore(contents(empty)) == without_restore(contents(full))
    assert empty.run("verify").status == 0
    assert stat.S_IMODE(empty.database.stat().st_mode) == 0o600


def test_restore_holds_what_was_unfinished(full: Home, file: Path, empty: Home) -> None:
    before = full.rows("SELECT restored_at FROM installation")

    said = empty.run("restore", file)

    ((restored_at,),) = empty.rows("SELECT restored_at FROM installation")
    assert before == [(None,)]
    assert restored_at > 1_000_000_000_000
    assert "campaign resume" in said.out


@pytest.mark.postgres
def test_backup_moves_between_databases_of_either_kind(
    full: Home, file: Path, empty: Home, tmp_path: Path, postgres_url: str
) -> None:
    there = Home.make(tmp_path / "there", postgres_url)
    there.keys.parent.mkdir(mode=0o700)
    shutil.copy2(full.keys, there.keys)

    moved = there.run("restore", file)
    verified = there.run("verify")
    back = there.run("backup", there.folder / "back.mingbai")
    home_again = empty.run("restore", there.folder / "back.mingbai")

    assert [said.status for said in (moved, verified, back, home_again)] == [0] * 4
    expected = without_restore(contents(full))
    on_postgres = without_restore(contents(there, postgres_url))
    assert _without_truths(on_postgres) == _without_truths(expected)
    assert without_restore(contents(empty)) == expected


def _without_truths(told: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[str]]:
    """SQLite holds truth values as 0 and 1."""
    return {
        table: sorted(
            repr(tuple(int(v) if isinstance(v, bool) else v for v in row)) for row in rows
        )
        for table, rows in told.items()
    }


def test_backup_names_schema_time_and_fingerprint_and_holds_no_address(
    full: Home, file: Path
) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())

    assert manifest["fingerprint"] == Keys.load(full.keys).fingerprint
    assert manifest["schema"] == ["0001_initial"]
    assert manifest["made_at"].endswith("+00:00")
    assert manifest["tables"]["people"] == 2
    assert b"13900000001" not in everything
    assert b"oResident" not in everything
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_backup_never_overwrites(full: Home, file: Path) -> None:
    before = file.read_bytes()

    said = full.run("backup", file)

    assert said.status == 1
    assert file.read_bytes() == before
    assert [path.name for path in full.folder.iterdir() if path.name.startswith(".")] == []


def test_backup_where_nothing_can_be_written_is_refused(full: Home) -> None:
    said = full.run("backup", full.folder / "nowhere/all.mingbai")

    assert said.status == 1
    assert "写不下来" in said.err


def test_backup_waits_for_no_writer_and_sees_one_moment(full: Home, tmp_path: Path) -> None:
    home = full.copy(tmp_path / "busy")
    with contextlib.closing(sqlite3.connect(home.database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM people")

        said = home.run("backup", home.folder / "during.mingbai")

        writer.execute("ROLLBACK")
    assert said.status == 0
    with zipfile.ZipFile(home.folder / "during.mingbai") as archive:
        assert len(archive.read("tables/people.jsonl").splitlines()) == 3


# --- what restore refuses -------------------------------------------------------------------------


def test_database_that_holds_data_is_left_alone(full: Home, file: Path, tmp_path: Path) -> None:
    home = full.copy(tmp_path / "other")
    before = contents(home)

    said = home.run("restore", file)

    assert said.status == 1
    assert "已经有数据" in said.err
    assert contents(home) == before


def test_database_that_was_only_migrated_is_empty_enough(file: Path, empty: Home) -> None:
    assert empty.run("migrate").status == 0

    assert empty.run("restore", file).status == 0


def test_database_in_use_is_left_alone(file: Path, empty: Home) -> None:
    assert empty.run("migrate").status == 0
    with contextlib.closing(sqlite3.connect(empty.database)) as service:
        service.execute("SELECT * FROM people").fetchall()

        said = empty.run("restore", file)

    assert said.status == 1
    assert "正在用" in said.err
    assert empty.rows("SELECT * FROM people") == []


@pytest.mark.postgres
def test_postgres_in_use_is_left_alone(
    full: Home, file: Path, tmp_path: Path, postgres_url: str
) -> None:
    home = Home.make(tmp_path / "there", postgres_url)
    home.keys.parent.mkdir(mode=0o700)
    shutil.copy2(full.keys, home.keys)

    async def while_connected() -> int:
        service = await asyncpg.connect(postgres_url)
        try:
            said = await asyncio.to_thread(home.run, "restore", file)
            return said.status
        finally:
            await service.close()

    assert asyncio.run(while_connected()) == 1
    assert home.run("restore", file).status == 0


def test_other_or_missing_keys_are_refused_by_fingerprint(
    full: Home, file: Path, empty: Home
) -> None:
    needed = Keys.load(full.keys).fingerprint
    empty.keys.unlink()

    missing = empty.run("restore", file)
    other = Keys.create(empty.keys).fingerprint
    wrong = empty.run("restore", file)

    assert (missing.status, wrong.status) == (1, 1)
    assert needed in missing.err
    assert needed in wrong.err
    assert other in wrong.err
    assert not empty.database.exists()


def damaged(file: Path, folder: Path) -> Iterator[Path]:
    """The backup cut short, with a byte changed, with a row left out, and something else."""
    content = file.read_bytes()
    yield _written(folder / "cut", content[: len(content) // 2])
    middle = len(content) // 3
    yield _written(folder / "bit", content[:middle] + b"\x5a\xa5" + content[middle + 2 :])
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(folder / "row", "w") as new:
        for name in old.namelist():
            lines = old.read(name).splitlines(keepends=True)
            new.writestr(name, b"".join(lines[:-1] if name == "tables/people.jsonl" else lines))
    yield folder / "row"
    with zipfile.ZipFile(folder / "zip", "w") as other:
        other.writestr("letter.txt", "hello")
    yield folder / "zip"
    yield _written(folder / "text", "不是备份".encode())


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def test_damaged_backup_restores_nothing(file: Path, empty: Home, tmp_path: Path) -> None:
    for broken in damaged(file, tmp_path):
        said = empty.run("restore", broken)

        assert said.status == 1, broken.name
        assert "不完整" in said.err, broken.name
        if empty.database.exists():
            assert empty.counts().get("people", 0) == 0, broken.name
    assert empty.run("restore", file).status == 0


def test_backup_of_another_release_is_refused(file: Path, empty: Home, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "later", "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b'"0001_initial"', b'"0001_initial", "0002_later"')
            new.writestr(name, content)

    said = empty.run("restore", tmp_path / "later")

    assert said.status == 1
    assert "另一个版本" in said.err


def test_missing_backup_is_refused(empty: Home) -> None:
    said = empty.run("restore", empty.folder / "nowhere")

    assert said.status == 1
    assert "打不开" in said.err


def test_sealed_addresses_open_after_a_restore(file: Path, empty: Home) -> None:
    empty.run("restore", file)

    sealer = Sealer(Keys.load(empty.keys))
    opened = {sealer.open_address(s) for (s,) in empty.rows("SELECT sealed FROM addresses")}
    assert opened == {b"13900000001", b"oResident000000000000000001"}


# --- verify ---------------------------------------------------------------------------------------


def test_verify_tells_the_heads_and_knows_them_again(full: Home) -> None:
    said = full.run("verify")
    heads = [word for word in said.out.split() if len(word) == 64]

    again = [full.run("verify", "--head", head) for head in (*heads, heads[0][:16].upper())]
    unknown = full.run("verify", "--head", "ab" * 32)
    short = full.run("verify", "--head", "abc")

    assert said.status == 0
    assert len(heads) == 2
    assert [each.status for each in again] == [0, 0, 0]
    assert (unknown.status, short.status) == (1, 1)
    assert "重做过" in unknown.err


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "UPDATE disclosures SET body = replace(body, '\"income\":', '\"income\":1')"
            " WHERE period = '2026-03'",
            "内容被改过",
        ),
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 2", "操作记录从第 2 条起对不上"),
    ],
)
def test_verify_refuses_what_was_changed_and_names_it(
    full: Home, tmp_path: Path, statement: str, text: str
) -> None:
    home = full.copy(tmp_path / "changed")
    with contextlib.closing(sqlite3.connect(home.database)) as db, db:
        db.execute(statement)

    said = home.run("verify")

    assert said.status == 1
    assert text in said.err
