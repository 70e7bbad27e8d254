"""The body of a version of a village's accounts: what is published, hashed and never changed again.

It holds every figure, and a salted hash in place of each personal value; values and salts lie
beside it, where they can be erased (docs/verify.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from storage import texts
from storage.accounts import Accounts, Entry
from storage.canonical import canonical, new_salt, salted
from storage.ids import new_id
from storage.personal import ACCOUNTS_FIELDS

KIND = "accounts"
CLASS = "财务"
FORMAT = 1
INCOME, EXPENSE = "收入", "支出"

_DIGITS = re.compile(r"(\d+)")


class Line(NamedTuple):
    """What a ledger says in one line; two equal lines are the same entry. Money in fen.

    `date` is ISO text. `summary` and `payee` are None where they were erased.
    """

    date: str
    voucher_no: str
    summary: str | None
    subject: str
    direction: str
    amount_fen: int
    payee: str | None
    handler: str
    approver: str
    supervisors: tuple[str, ...]

    @property
    def signed_fen(self) -> int:
        return -self.amount_fen if self.direction == EXPENSE else self.amount_fen

    @property
    def period(self) -> str:
        """The month that it belongs to: YYYY-MM."""
        return self.date[:7]


@dataclass(frozen=True, slots=True)
class Written:
    """A line as a version holds it: its public id, and salt and hash of each personal field."""

    id: str
    line: Line
    salts: tuple[str | None, str | None]  # of payee and summary; None where erased
    hashes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one book's month, as it is written down."""

    village: str
    book: str
    period: str
    version: int
    reason: str
    opening_fen: int | None
    closing_fen: int | None
    entries: tuple[Written, ...]  # by date, then voucher


def write_down(line: Line, identity: str | None = None) -> Written:
    """A line with fresh salts, and a fresh id unless it takes the place of an earlier entry."""
    salts = new_salt(), new_salt()
    hashes = (salted(salts[0], line.payee or ""), salted(salts[1], line.summary or ""))
    return Written(identity or new_id(), line, salts, hashes)


def income_of(lines: Iterable[Line]) -> int:
    return sum(line.amount_fen for line in lines if line.direction == INCOME)


def expense_of(lines: Iterable[Line]) -> int:
    return sum(line.amount_fen for line in lines if line.direction == EXPENSE)


def in_order(entries: Iterable[Written]) -> tuple[Written, ...]:
    """By date, then voucher, its numbers counted as numbers (记2 before 记10)."""
    return tuple(sorted(entries, key=_order))


def _order(entry: Written) -> tuple[Any, ...]:
    line = entry.line
    return line.date, _natural(line.voucher_no), line.direction, line.amount_fen, entry.id


def _natural(text: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text) if part
    ]


def compose(version: Version) -> tuple[str, str]:
    """The body's canonical bytes (as text), and the personal values beside it as JSON."""
    lines = [entry.line for entry in version.entries]
    body = {
        "book": version.book,
        "class": CLASS,
        "closing": version.closing_fen,
        "entries": [_body_entry(entry) for entry in version.entries],
        "expense": expense_of(lines),
        "format": FORMAT,
        "income": income_of(lines),
        "kind": KIND,
        "opening": version.opening_fen,
        "period": version.period,
        "reason": version.reason,
        "version": version.version,
        "village": version.village,
    }
    personal: dict[str, list[str]] = {}
    for entry in version.entries:
        values = (entry.line.payee, entry.line.summary)
        for name, salt, value in zip(ACCOUNTS_FIELDS, entry.salts, values, strict=True):
            if salt is not None:
                personal[f"{entry.id}.{name}"] = [salt, value or ""]
    return canonical(body), canonical(personal)


def _body_entry(entry: Written) -> dict[str, Any]:
    line = entry.line
    return {
        "amount": line.amount_fen,
        "approver": line.approver,
        "date": line.date,
        "direction": line.direction,
        "handler": line.handler,
        "id": entry.id,
        "payee": entry.hashes[0],
        "subject": line.subject,
        "summary": entry.hashes[1],
        "supervisors": list(line.supervisors),
        "voucher_no": line.voucher_no,
    }


def parse(body: str, personal: str) -> Version:
    """What `compose` wrote down."""
    content, values = json.loads(body), json.loads(personal)
    return Version(
        village=content["village"],
        book=content["book"],
        period=content["period"],
        version=content["version"],
        reason=content["reason"],
        opening_fen=content["opening"],
        closing_fen=content["closing"],
        entries=tuple(_parse_entry(entry, values) for entry in content["entries"]),
    )


def _parse_entry(entry: dict[str, Any], values: dict[str, list[str]]) -> Written:
    payee_salt, payee = values.get(f"{entry['id']}.payee", (None, None))
    summary_salt, summary = values.get(f"{entry['id']}.summary", (None, None))
    line = Line(
        entry["date"], entry["voucher_no"], summary, entry["subject"], entry["direction"],
        entry["amount"], payee, entry["handler"], entry["approver"], tuple(entry["supervisors"]),
    )  # fmt: skip
    return Written(
        entry["id"], line, (payee_salt, summary_salt), (entry["payee"], entry["summary"])
    )


@dataclass(slots=True)
class Shared:
    """Names, subjects and dates come again and again in a village's accounts: each is kept once."""

    values: dict[Any, Any] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)

    def once(self, value: Any) -> Any:
        return self.values.setdefault(value, value)

    def day(self, iso: str) -> date:
        found = self.days.get(iso)
        if found is None:
            found = self.days[iso] = date.fromisoformat(iso)
        return found


def as_accounts(
    identity: str, body: str, personal: str, published_at: datetime, shared: Shared
) -> Accounts:
    """A version as readers see it; what was erased says so."""
    content, values = json.loads(body), json.loads(personal)
    return Accounts(
        id=identity,
        village=content["village"],
        book=content["book"],
        period=content["period"],
        version=content["version"],
        published_at=published_at,
        opening_fen=content["opening"],
        income_fen=content["income"],
        expense_fen=content["expense"],
        closing_fen=content["closing"],
        entries=tuple(_read_entry(entry, values, shared) for entry in content["entries"]),
        reason=content["reason"],
    )


def _read_entry(entry: dict[str, Any], values: dict[str, list[str]], shared: Shared) -> Entry:
    identity, once = entry["id"], shared.once
    payee, summary = (
        values.get(f"{identity}.{name}", ("", texts.ERASED))[1] for name in ACCOUNTS_FIELDS
    )
    return Entry(
        identity,
        shared.day(entry["date"]),
        entry["voucher_no"],
        once(summary),
        once(entry["subject"]),
        once(entry["direction"]),
        entry["amount"],
        once(payee),
        once(entry["handler"]),
        once(entry["approver"]),
        once(tuple(once(name) for name in entry["supervisors"])),
    )
