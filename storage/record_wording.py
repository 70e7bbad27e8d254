"""Rows of the seven kinds, and how two versions of them differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storage import texts
from storage.record_bodies import Line
from storage.record_merging import Difference
from storage.wording import yuan
from workbooks.records.fields import LONG_TERM, Field, RecordKind, Type, Value

_SHOWN = 20
_LONGEST = 40
"""A value longer than this is not quoted: that it changed is said, the page shows it."""


def value_in_words(field: Field, value: Value | None) -> str:
    """1,200元, 2026年3月5日, 2026年10月; what was erased says so."""
    if value is None:
        return texts.ERASED
    if isinstance(value, int):
        return yuan(value) if field.type is Type.MONEY else str(value)
    if field.type in (Type.DAY, Type.PERIOD):
        return period(value)
    return texts.RULE_STATES.get(value, value) if field.type is Type.CHOICE else value


def period(told: str) -> str:
    """2026 -> 2026年, 2026-10 -> 2026年10月, 2026-10-18 -> 2026年10月18日; 长期 as it is."""
    if told == LONG_TERM:
        return told
    units = (texts.YEAR, texts.MONTH, texts.DAY)
    return "".join(f"{int(part)}{unit}" for part, unit in zip(told.split("-"), units, strict=False))


def row_in_words(kind: RecordKind, line: Line) -> str:
    """A row for those who prepare it: what it is called, and by what it is told from others."""
    return _joined(kind, line, (*kind.head, *(key for key in kind.told if key not in kind.head)))


def changes(kind: RecordKind, old: Line, new: Line) -> str:
    """阶段改为完工,已付改为119,800元; of what is personal only that it changed."""
    before, after = dict(old), dict(new)
    return ",".join(
        _change(kind, field, after.get(field.key))
        for field in kind.fields
        if before.get(field.key) != after.get(field.key)
        and not (field.key in before and before[field.key] is None)
    )


def _change(kind: RecordKind, field: Field, value: Value | None) -> str:
    words = texts.NOTHING if value is None else value_in_words(field, value)
    if field.key in kind.personal or len(words) > _LONGEST:
        return texts.OTHERS_CHANGED.format(labels=field.name)
    return texts.BECAME.format(label=field.name, value=words)


def reason(kind: RecordKind, found: Difference) -> str:
    """Why a version differs from the one published before: nothing personal, it stays for good."""
    parts = [
        _listed(texts.ROWS_CHANGED, kind, _changed(kind, found.changed), len(found.changed)),
        _listed(texts.ROWS_ADDED, kind, _told(kind, found.added), len(found.added)),
        _listed(texts.ROWS_REMOVED, kind, _told(kind, found.removed), len(found.removed)),
    ]
    return "。".join(part for part in parts if part)


def _changed(kind: RecordKind, pairs: Iterable[tuple[Line, Line]]) -> Iterator[str]:
    for old, new in pairs:
        label, what = _joined(kind, old, kind.told), changes(kind, old, new)
        yield f"{label},{what}" if label else what


def _told(kind: RecordKind, lines: Iterable[Line]) -> Iterator[str]:
    return (label for line in lines if (label := _joined(kind, line, kind.told)))


def _joined(kind: RecordKind, line: Line, keys: Iterable[str]) -> str:
    values = dict(line)
    return " ".join(value_in_words(kind.field(key), values[key]) for key in keys if key in values)


def _listed(heading: str, kind: RecordKind, items: Iterable[str], count: int) -> str:
    if not count:
        return ""
    words = list(items)
    more = texts.AND_MORE if len(words) > _SHOWN else ""
    head = heading.format(count=count, measure=kind.measure)
    return f"{head}:{';'.join(words[:_SHOWN])}{more}" if words else head
