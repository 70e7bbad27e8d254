"""Where the config's values come from: the environment, the file, a secret also from its own file.

Nothing stops at the first complaint: what is wrong is collected, so that the operator sees all of
it at once. No complaint ever shows a secret.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from bot import texts

PREFIX = "MINGBAI_"
_NESTED = "__"
_SHOWN = 40

Value = TypeVar("Value")
Tables = dict[str, dict[str, object]]


class Source:
    """All that was written, in the file and in the environment, and what is wrong with it."""

    def __init__(
        self, document: Mapping[str, object], environ: Mapping[str, str], folder: Path
    ) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.file_holds_secret = False
        self._file: Tables = {}
        self._environment = _from_environment(environ)
        self._known: dict[str, set[str]] = {}
        self._document = document

    def section(self, name: str) -> Section:
        """The section of that name; `sms.http` lies inside `sms`."""
        parent, _, inner = name.rpartition(".")
        around = self._file.get(parent, {}) if parent else self._document
        written = around.get(inner, {})
        if not isinstance(written, dict):
            self.problems.append(texts.NOT_A_SECTION.format(section=name))
            written = {}
        self._file[name] = written
        self._known[name] = set()
        if parent:
            self._known[parent].add(inner)
        return Section(name, self)

    def find(self, section: str, key: str, *, secret: bool) -> object | None:
        """What was written for this key; None where nothing was, or only an empty text."""
        self._known[section].add(key)
        if secret:
            self._known[section].add(f"{key}_file")
        for layer in (self._environment, self._file):
            given = layer.get(section, {})
            value, name = given.get(key), given.get(f"{key}_file") if secret else None
            value, name = (None if found == "" else found for found in (value, name))
            if value is not None and name is not None:
                self.problems.append(texts.TWICE.format(section=section, key=key))
            if value is not None:
                if secret and layer is self._file:
                    self.file_holds_secret |= _is_sensitive(value)
                return value
            if name is not None:
                return self._in_a_file(section, key, str(name))
        return None

    def _in_a_file(self, section: str, key: str, name: str) -> str | None:
        file = self.folder / name
        try:
            content = file.read_text("utf-8").strip()
            self.note_if_open(file)
        except (OSError, UnicodeDecodeError) as cause:
            where = self.written_in(section, key)
            text = texts.OWN_FILE.format(section=section, key=key, where=where, file=file)
            raise _Unreadable(text) from cause
        return content or None

    def note_if_open(self, file: Path) -> None:
        if readable_by_others(file):
            self.notes.append(texts.OPEN_TO_OTHERS.format(file=file))

    def written_in(self, section: str, key: str) -> str:
        """The variable, when the value came from the environment."""
        given = self._environment.get(section, {})
        for name in (key, f"{key}_file"):
            if name in given:
                variable = PREFIX + _NESTED.join([*section.split("."), name]).upper()
                return texts.FROM_ENVIRONMENT.format(variable=variable)
        return ""

    def complain_of_the_rest(self) -> None:
        """Whatever nobody asked for is a mistake: a wrong key must not be silently ineffective."""
        for name, value in self._document.items():
            if not isinstance(value, dict):
                self.problems.append(texts.OUTSIDE.format(key=name))
            elif name not in self._known:
                self._complain_of_section(name, "")
        for section, values in self._file.items():
            for key in sorted(values.keys() - self._known[section]):
                self._complain_of_key(section, key, "")
        for section, values in self._environment.items():
            for key in sorted(values.keys() - self._known.get(section, set())):
                where = self.written_in(section, key)
                if section in self._known:
                    self._complain_of_key(section, key, where)
                else:
                    self._complain_of_section(section, where)

    def _complain_of_section(self, name: str, where: str) -> None:
        hint = _closest(name, self._known)
        self.problems.append(texts.NO_SECTION.format(section=name, where=where, hint=hint))

    def _complain_of_key(self, section: str, key: str, where: str) -> None:
        hint = _closest(key, self._known[section])
        text = texts.NO_KEY.format(section=section, key=key, where=where, hint=hint)
        self.problems.append(text)


class _Unreadable(Exception):
    """A secret's own file cannot be read."""


class Section:
    """One section, read key by key."""

    def __init__(self, name: str, source: Source) -> None:
        self.name = name
        self._source = source

    def read(
        self,
        key: str,
        default: Value,
        convert: Callable[[object], Value],
        *,
        secret: bool = False,
        required: bool = False,
    ) -> Value:
        """The key's value, else the default; what is wrong or missing is complained of."""
        try:
            found = self._source.find(self.name, key, secret=secret)
        except _Unreadable as unreadable:
            self._source.problems.append(str(unreadable))
            return default
        if found is None:
            if required:
                self.complain(key, texts.NOT_WRITTEN)
            return default
        try:
            return convert(found)
        except ValueError:
            self.complain(
                key, _hidden(found) if secret else texts.FOUND.format(found=_shown(found))
            )
            return default

    def complain(self, key: str, found: str) -> None:
        """Says what was found for this key, and what is expected."""
        self._source.problems.append(
            texts.WRONG.format(
                section=self.name,
                key=key,
                where=self._source.written_in(self.name, key),
                found=found,
                expected=texts.EXPECTED[f"{self.name}.{key}"],
            )
        )

    def note(self, key: str, remark: str) -> None:
        """Something that works, but that the operator should know of."""
        self._source.notes.append(f"[{self.name}] {key}:{remark}")


def readable_by_others(file: Path) -> bool:
    """Whether anybody but the owner may read or change it (POSIX; elsewhere nobody can tell)."""
    return os.name == "posix" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def _from_environment(environ: Mapping[str, str]) -> Tables:
    """MINGBAI_SMS__HTTP__URL is `url` in `[sms.http]`; an empty variable is as good as none."""
    tables: Tables = {}
    for name, value in environ.items():
        *sections, key = name.removeprefix(PREFIX).lower().split(_NESTED)
        if name.startswith(PREFIX) and sections and value:
            tables.setdefault(".".join(sections), {})[key] = value
    return tables


def _is_sensitive(value: object) -> bool:
    """Whether a secret key's value in the file is one to protect: a file's name is not."""
    return bool(value) and not str(value).startswith("sqlite://")


def _hidden(found: object) -> str:
    length = len(found) if isinstance(found, str) else 0
    return texts.HIDDEN.format(length=length) if length else texts.HIDDEN_OTHER


def _shown(found: object) -> str:
    line = "".join(c if c.isprintable() else " " for c in str(found))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _closest(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, sorted(known), n=1)
    return texts.CLOSEST.format(word=close[0]) if close else ""
