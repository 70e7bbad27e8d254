"""The body of a version of one of the seven kinds: its rows, personal values as salted hashes.

A kind says which of its columns are personal (workbooks.records); docs/verify.md has the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from storage.canonical import canonical, new_salt, salted
from storage.ids import new_id
from workbooks.records.fields import RecordKind, Value

FORMAT = 1

Line = tuple[tuple[str, Value | None], ...]
"""A row's values by key, in the order of the kind's fields; None where a value was erased."""


@dataclass(frozen=True, slots=True)
class Written:
    """A row as a version holds it: its public id; salt (None: erased) and hash by personal key."""

    id: str
    line: Line
    salts: Mapping[str, str | None]
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of one disclosure, as it is written down."""

    village: str
    kind: RecordKind
    disclosure_class: str
    book: str
    period: str
    version: int
    reason: str
    entries: tuple[Written, ...]


def line_of(kind: RecordKind, values: Mapping[str, Value | None]) -> Line:
    """The values in the order of the kind's fields."""
    return tuple((field.key, values[field.key]) for field in kind.fields if field.key in values)


def write_down(kind: RecordKind, line: Line, identity: str | None = None) -> Written:
    """A row with fresh salts, and a fresh id unless it takes the place of an earlier one."""
    salts = {key: new_salt() for key, _ in line if key in kind.personal}
    hashes = {key: salted(salts[key], str(value)) for key, value in line if key in salts}
    return Written(identity or new_id(), line, salts, hashes)


def without(line: Line, keys: Iterable[str]) -> Line:
    """The row with the values of these keys erased."""
    gone = frozenset(keys)
    return tuple((key, None if key in gone else value) for key, value in line)


def compose(version: Version) -> tuple[str, str]:
    """The body's canonical bytes (as text), and the personal values beside it as JSON."""
    body = {
        "book": version.book,
        "class": version.disclosure_class,
        "entries": [_body_entry(entry) for entry in version.entries],
        "format": FORMAT,
        "kind": version.kind.code,
        "period": version.period,
        "personal": list(version.kind.personal),
        "reason": version.reason,
        "version": version.version,
        "village": version.village,
    }
    personal = {
        f"{entry.id}.{key}": [entry.salts[key], str(value)]
        for entry in version.entries
        for key, value in entry.line
        if entry.salts.get(key) is not None
    }
    return canonical(body), canonical(personal)


def _body_entry(entry: Written) -> dict[str, Any]:
    return {"id": entry.id} | {key: entry.hashes.get(key, value) for key, value in entry.line}


def parse(kind: RecordKind, body: str, personal: str) -> Version:
    """What `compose` wrote down."""
    content, values = json.loads(body), json.loads(personal)
    hashed = frozenset(content["personal"])
    return Version(
        village=content["village"],
        kind=kind,
        disclosure_class=content["class"],
        book=content["book"],
        period=content["period"],
        version=content["version"],
        reason=content["reason"],
        entries=tuple(_parse_entry(kind, entry, values, hashed) for entry in content["entries"]),
    )


def _parse_entry(
    kind: RecordKind, entry: dict[str, Any], values: Mapping[str, list[str]], hashed: frozenset[str]
) -> Written:
    identity = entry["id"]
    hashes = {key: value for key, value in entry.items() if key in hashed}
    known = {key: values.get(f"{identity}.{key}", (None, None)) for key in hashes}
    told = {key: known[key][1] if key in known else entry[key] for key in entry if key != "id"}
    salts = {key: salt for key, (salt, _) in known.items()}
    return Written(identity, line_of(kind, told), salts, hashes)
