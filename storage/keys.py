"""The key file: what addresses, the inbox and conversations are sealed with (design.md, section 4).

It lies outside the database and its backup, so that neither tells anybody's number without it. It
is made once, never overwritten, and readable by its owner alone (tips.md C3).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import re
import secrets
import stat
import tempfile
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from storage import texts

KEY_BYTES = 32
ID_BYTES = 4
_VERSION = 1
_PURPOSES = ("lookup", "addresses", "inbox")


class KeyFileProblem(StrEnum):
    """Why a key file cannot be used or made."""

    MISSING = "missing"
    EXISTS = "exists"  # making one would overwrite it
    OPEN_TO_OTHERS = "open_to_others"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    UNWRITABLE = "unwritable"


class KeyFileError(Exception):
    """The key file at `path` cannot be used or made; says nothing of what is in it."""

    def __init__(self, problem: KeyFileProblem, path: Path) -> None:
        super().__init__(f"{problem}: {path}")
        self.problem = problem
        self.path = path


@dataclass(frozen=True, slots=True)
class Key:
    """32 secret bytes, and the public id that what they sealed carries."""

    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Key:
        return cls(secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Keys:
    """One key for each purpose: finding an address, sending to it, messages and conversations."""

    lookup: Key
    addresses: Key
    inbox: Key

    @classmethod
    def load(cls, path: Path) -> Keys:
        """Reads the key file. Raises KeyFileError, also when anybody but its owner can read it."""
        try:
            with path.open("rb") as file:
                if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise KeyFileError(KeyFileProblem.OPEN_TO_OTHERS, path)
                content = file.read()
        except FileNotFoundError:
            raise KeyFileError(KeyFileProblem.MISSING, path) from None
        except OSError as closed:
            raise KeyFileError(KeyFileProblem.UNREADABLE, path) from closed
        try:
            return cls(*_parsed(content))
        except (ValueError, LookupError, TypeError):
            # Without the cause: its text could quote the file.
            raise KeyFileError(KeyFileProblem.DAMAGED, path) from None

    @classmethod
    def create(cls, path: Path) -> Keys:
        """Makes new keys and their file, mode 0600, all of it or nothing; folders as needed.

        Raises KeyFileError: where there is a file already, it stays as it is.
        """
        keys = cls(*(Key.new() for _ in _PURPOSES))
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failed:
            raise KeyFileError(KeyFileProblem.UNWRITABLE, path) from failed
        try:
            _write_once(path, keys._content())
        except FileExistsError:
            raise KeyFileError(KeyFileProblem.EXISTS, path) from None
        except OSError as failed:
            raise KeyFileError(KeyFileProblem.UNWRITABLE, path) from failed
        return keys

    @property
    def fingerprint(self) -> str:
        """A short hash that names these keys without telling them: `1a2b-3c4d-5e6f-7a8b`."""
        digest = hashlib.blake2b(digest_size=8, person=b"mingbai keys")
        for key in (self.lookup, self.addresses, self.inbox):
            digest.update(key.id + key.secret)
        return "-".join(re.findall("....", digest.hexdigest()))

    def _content(self) -> bytes:
        lines = [texts.KEY_FILE, f"version = {_VERSION}"]
        for purpose in _PURPOSES:
            key: Key = getattr(self, purpose)
            secret = base64.b64encode(key.secret).decode()
            lines += ["", f"[{purpose}]", f'id = "{key.id.hex()}"', f'key = "{secret}"']
        return ("\n".join(lines) + "\n").encode()


def _parsed(content: bytes) -> list[Key]:
    """The keys in their order; raises ValueError, LookupError or TypeError for anything else."""
    document = tomllib.loads(content.decode())
    if document["version"] != _VERSION:
        raise ValueError
    keys = []
    for purpose in _PURPOSES:
        section = document[purpose]
        try:
            secret = base64.b64decode(section["key"], validate=True)
        except binascii.Error:
            raise ValueError from None
        keys.append(Key(bytes.fromhex(section["id"]), secret))
    distinct = {key.id for key in keys}, {key.secret for key in keys}
    if any(len(key.id) != ID_BYTES or len(key.secret) != KEY_BYTES for key in keys) or any(
        len(values) != len(_PURPOSES) for values in distinct
    ):
        raise ValueError
    return keys


def _write_once(path: Path, content: bytes) -> None:
    """Puts a file of mode 0600 in place at one stroke; FileExistsError where there is one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)  # unlike a rename, it never replaces
    finally:
        os.unlink(name)
    with contextlib.suppress(OSError):  # not every system lets a folder be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
