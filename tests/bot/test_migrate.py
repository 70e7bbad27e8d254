"""`mingbai migrate`: database and keys on the first day, and on every later one."""

import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from storage.keys import Keys
from storage.schema import Schema
from tests.bot.home import SAMPLE, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path / "home")


def enrol(home: Home) -> None:
    """Stores something that is sealed."""
    lines = ["姓名,手机号,角色,区划代码", "靳三,13900000001,干部,990101101200"]
    assert home.run("import", "villages", SAMPLE).status == 0
    assert home.run("import", "people", home.write("people.csv", lines)).status == 0


def test_first_run_makes_database_and_keys_for_their_owner_alone(home: Home) -> None:
    said = home.run("migrate")

    assert said.status == 0
    fingerprint = Keys.load(home.keys).fingerprint
    assert fingerprint in said.out
    assert home.rows("SELECT purpose, fingerprint FROM installation") == [("live", fingerprint)]
    assert [stat.S_IMODE(file.stat().st_mode) for file in (home.database, home.keys)] == [0o600] * 2


def test_second_run_changes_nothing(home: Home) -> None:
    home.run("migrate")
    before, keys = home.counts(), home.keys.read_bytes()

    said = home.run("migrate")

    assert said.status == 0
    assert "没有动它" in said.out
    assert (home.counts(), home.keys.read_bytes()) == (before, keys)
    assert not list(home.database.parent.glob("before-*"))


def test_lost_keys_are_not_replaced_and_their_fingerprint_is_named(home: Home) -> None:
    home.run("migrate")
    enrol(home)
    fingerprint = Keys.load(home.keys).fingerprint
    home.keys.unlink()

    said = home.run("migrate")

    assert said.status == 1
    assert fingerprint in said.err
    assert not home.keys.exists()


def test_other_keys_are_refused_with_both_fingerprints(home: Home) -> None:
    home.run("migrate")
    enrol(home)
    right = Keys.load(home.keys).fingerprint
    home.keys.unlink()
    other = Keys.create(home.keys).fingerprint

    said = home.run("migrate")

    assert said.status == 1
    assert right in said.err
    assert other in said.err


def test_lost_keys_are_made_anew_while_nothing_is_sealed(home: Home) -> None:
    home.run("migrate")
    home.keys.unlink()

    said = home.run("migrate")

    assert said.status == 0
    fingerprint = Keys.load(home.keys).fingerprint
    assert home.rows("SELECT fingerprint FROM installation") == [(fingerprint,)]
    assert home.run("import", "villages", SAMPLE).status == 0


def test_database_of_a_later_release_is_left_alone(home: Home) -> None:
    home.run("migrate")
    with sqlite3.connect(home.database) as db:
        db.execute("UPDATE tortoise_migrations SET name = '9999_later'")

    said = home.run("migrate")

    assert said.status == 1
    assert "新版本的程序" in said.err


async def _older(*_: object) -> Schema:
    return Schema.OLDER


def test_database_with_data_is_backed_up_before_it_is_changed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.run("migrate")
    enrol(home)
    monkeypatch.setattr("storage.schema.inspect", _older)

    said = home.run("migrate")

    assert said.status == 0
    (file,) = home.database.parent.glob("before-migration-*")
    assert str(file) in said.out
    with zipfile.ZipFile(file) as archive:
        assert len(archive.read("tables/people.jsonl").splitlines()) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_server_that_does_not_answer_is_a_plain_refusal(tmp_path: Path) -> None:
    home = Home.make(tmp_path / "home", "postgres://nobody:canary@127.0.0.1:1/mingbai")

    said = home.run("migrate")

    assert said.status == 1
    assert "数据库打不开" in said.err
    assert "canary" not in said.err
    assert not home.keys.exists()


@pytest.mark.postgres
def test_postgres_is_brought_up_the_same_way(tmp_path: Path, postgres_url: str) -> None:
    home = Home.make(tmp_path / "home", postgres_url)

    first, second = home.run("migrate"), home.run("migrate")
    enrol(home)
    home.keys.unlink()
    without_keys = home.run("migrate")

    assert [said.status for said in (first, second, without_keys)] == [0, 0, 1]
    assert "没有动它" in second.out
