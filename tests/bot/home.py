"""An installation in a folder, worked as an operator does: by commands."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli import main

CONFIG = '[wechat]\nmode = "off"\n[sms]\ngateway = "none"\n'
SAMPLE = Path(__file__).resolve().parents[2] / "bot/sample/villages.csv"
DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        assert self.status == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a config; `database` is where SQLite keeps the data."""

    folder: Path
    name: str = "config.toml"

    @classmethod
    def make(cls, folder: Path, database: str = "", name: str = "config.toml") -> Home:
        folder.mkdir(parents=True, exist_ok=True)
        home = cls(folder, name)
        text = CONFIG + (f'[database]\nurl = "{database}"\n' if database else "")
        home.config.write_text(text, "utf-8")
        home.config.chmod(0o600)
        return home

    def copy(self, folder: Path) -> Home:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Home(folder, self.name)

    @property
    def config(self) -> Path:
        return self.folder / self.name

    @property
    def database(self) -> Path:
        return self.folder / "data/mingbai.sqlite3"

    @property
    def keys(self) -> Path:
        return self.folder / "data/keys.toml"

    def run(self, *words: str | Path) -> Said:
        """One command, in this process."""
        out, err = io.StringIO(), io.StringIO()
        told = [str(word) for word in (*words, "--config", self.config)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(told)
        return Said(status, out.getvalue(), err.getvalue())

    def write(self, name: str, lines: Sequence[str]) -> Path:
        file = self.folder / name
        file.write_text("\n".join(lines) + "\n", "utf-8")
        return file

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.database)) as db:
            return db.execute(query).fetchall()

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: self.rows(f'SELECT COUNT(*) FROM "{name}"')[0][0] for (name,) in tables}  # noqa: S608
