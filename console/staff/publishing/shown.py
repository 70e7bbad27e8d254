"""A version as residents will read it, and what it is called."""

from __future__ import annotations

import json
from dataclasses import dataclass

from console.staff.publishing import texts
from storage import record_wording, wording
from storage.bodies import KIND as ACCOUNTS
from storage.bodies import parse as parse_accounts
from storage.power_bodies import KIND as POWER_ITEMS
from storage.power_bodies import parse as parse_item
from storage.preparing import Prepared
from storage.record_bodies import parse as parse_records
from storage.signing import Version
from workbooks.records.fields import Type
from workbooks.records.kinds import DECISIONS, KINDS

_ERASED = "已隐去"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that will be public; `figures` are the numbers of columns of figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says: sums of accounts by name, its rows, and sentences to mind."""

    name: str
    table: Table
    sums: tuple[tuple[str, int | None], ...] = ()
    notes: tuple[str, ...] = ()


def named(one: Prepared) -> str:
    """2026年10月 村委会 财务收支账; a thing by itself by its own name."""
    return _name(one.kind, one.book, one.period, one.head)


def content(version: Version) -> Content:
    """What residents will read, masked as it is stored."""
    if version.kind == ACCOUNTS:
        return _accounts(version)
    if version.kind == POWER_ITEMS:
        return _item(version)
    return _records(version)


def _name(kind: str, book: str, period: str, head: str) -> str:
    what = texts.KIND_OF_VERSION[kind]
    if kind == ACCOUNTS:
        return f"{wording.month(period)}{book}{what}"
    if head:
        return f"{what}“{head}”"
    if kind in KINDS and book == KINDS[kind].name:
        return what
    return f"{what} {book} {record_wording.period(period)}"


def _accounts(version: Version) -> Content:
    parsed = parse_accounts(version.body, version.personal)
    lines = [entry.line for entry in parsed.entries]
    told = json.loads(version.body)
    rows = tuple(
        (
            wording.day(line.date),
            line.voucher_no,
            _ERASED if line.summary is None else line.summary,
            line.subject,
            line.direction,
            wording.yuan(line.amount_fen),
            _ERASED if line.payee is None else line.payee,
            line.handler,
            line.approver,
            "、".join(line.supervisors),
        )
        for line in lines
    )
    fens = (parsed.opening_fen, told["income"], told["expense"], parsed.closing_fen)
    return Content(
        _name(version.kind, version.book, version.period, ""),
        Table(texts.ENTRY_COLUMNS, rows, frozenset({5})),
        tuple(zip(texts.FIELD_SUMS, fens, strict=True)),
    )


def _records(version: Version) -> Content:
    kind = KINDS[version.kind]
    parsed = parse_records(kind, version.body, version.personal)
    lines = [dict(entry.line) for entry in parsed.entries]
    shown = [field for field in kind.fields if any(field.key in line for line in lines)]
    rows = tuple(
        tuple(
            record_wording.value_in_words(field, line[field.key]) if field.key in line else ""
            for field in shown
        )
        for line in lines
    )
    figures = frozenset(
        at for at, field in enumerate(shown) if field.type in (Type.MONEY, Type.COUNT)
    )
    head = ""
    if not kind.is_list and lines:
        head = " ".join(str(lines[0][key]) for key in kind.head if lines[0].get(key))
    notes = tuple(_quorum(line) for line in lines) if kind is DECISIONS else ()
    return Content(
        _name(version.kind, version.book, version.period, head),
        Table(tuple(field.name for field in shown), rows, figures),
        notes=tuple(note for note in notes if note),
    )


def _quorum(line: dict[str, str | int | None]) -> str:
    """The arithmetic of a vote, so that a reviewer can follow it (domain.md, section 5)."""
    invited, present, agree = (line.get(key) for key in ("invited", "present", "agree"))
    if not (isinstance(invited, int) and isinstance(present, int) and isinstance(agree, int)):
        return ""
    return texts.QUORUM.format(
        title=line.get("title") or _ERASED,
        invited=invited,
        present=present,
        least=-(-invited * 2 // 3),
        agree=agree,
        more=present // 2 + 1,
        result=line.get("result"),
    )


def _item(version: Version) -> Content:
    item = parse_item(version.body).item
    rows = tuple((str(number), step.name, step.post) for number, step in enumerate(item.steps, 1))
    return Content(
        f"{texts.KINDS[POWER_ITEMS]} {item.code} {item.name}", Table(texts.STEP_COLUMNS, rows)
    )
