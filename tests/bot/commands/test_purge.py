"""`mingbai purge`: counted, then deleted, and what stays is said."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from tests.bot.home import Home


def full(folder: Path) -> Home:
    home = Home.make(folder)
    assert home.run("migrate").status == 0
    with contextlib.closing(sqlite3.connect(home.database)) as db, db:
        db.execute(
            "INSERT INTO inbox (key, channel, body, state, received_at)"
            " VALUES ('old', 'sms', '', 'done', 5)"
        )
    return home


def test_a_dry_run_only_counts(tmp_path: Path) -> None:
    home = full(tmp_path)
    said = home.run("purge", "--dry-run", "--json").json()
    assert said["dry_run"] is True
    assert said["counts"]["inbox"] == 1
    assert home.rows("SELECT key FROM inbox") == [("old",)]


def test_what_is_due_goes_and_the_operator_reads_what_stays(tmp_path: Path) -> None:
    home = full(tmp_path)
    said = home.run("purge")
    assert said.status == 0, said.err
    assert "收到消息的登记:1 条" in said.out
    assert "操作记录" in said.out
    assert "VACUUM" in said.out
    assert home.rows("SELECT key FROM inbox") == []
    assert home.run("verify").status == 0
