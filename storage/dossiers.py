"""What is known about a version besides its content: for those who prepare it, never published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.balancing import Balance, Stated, Stray
from storage.bodies import Written
from storage.canonical import canonical, digest
from storage.merging import Held


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is doubtful or refused; nothing personal in it."""

    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubtful or refused row: where it stood, and why. `doubt` names it once it is accepted."""

    statement: str
    file: str
    sheet: str
    row: int
    reasons: tuple[Reason, ...]
    doubt: str = ""

    def as_json(self) -> dict[str, Any]:
        reasons = [[reason.column, reason.found, reason.expected] for reason in self.reasons]
        return {
            "statement": self.statement, "file": self.file, "sheet": self.sheet, "row": self.row,
            "reasons": reasons, "doubt": self.doubt,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Remark:
        reasons = tuple(Reason(*reason) for reason in value["reasons"])
        return cls(
            value["statement"], value["file"], value["sheet"], value["row"], reasons,
            value["doubt"],
        )  # fmt: skip


@dataclass(slots=True)
class Dossier:
    """Where a month's entries came from, who brought them in, and what stands against it.

    What a statement said goes when it is brought in again; `stated` is by the sheets for this very
    month. `removers` took something out since the version before was published.
    """

    statements: dict[str, list[str]] = field(default_factory=dict)  # entry -> not just its month
    away: dict[str, int] = field(default_factory=dict)  # entry of other months' sheets -> its fen
    importers: dict[str, str] = field(default_factory=dict)  # entry -> not the version's author
    removers: list[str] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    stated: Stated = field(default_factory=Stated)
    balance: Balance | None = None
    note: str = ""  # why it is corrected, in the words of whoever does it
    given_back: str = ""  # why a reviewer gave it back

    def as_json(self) -> str:
        told: dict[str, Any] = {
            "statements": self.statements,
            "away": self.away,
            "importers": self.importers,
            "removers": self.removers,
            "doubts": [remark.as_json() for remark in self.doubts],
            "refused": [remark.as_json() for remark in self.refused],
            "stated": None if self.stated == Stated() else self.stated.as_json(),
            "balance": self.balance.as_json() if self.balance else None,
            "note": self.note,
            "given_back": self.given_back,
        }
        return canonical({name: value for name, value in told.items() if value})

    @classmethod
    def from_json(cls, text: str) -> Dossier:
        value = json.loads(text)
        balance = value.get("balance")
        return cls(
            statements=value.get("statements", {}),
            away=value.get("away", {}),
            importers=value.get("importers", {}),
            removers=value.get("removers", []),
            doubts=[Remark.from_json(remark) for remark in value.get("doubts", [])],
            refused=[Remark.from_json(remark) for remark in value.get("refused", [])],
            stated=Stated.from_json(value["stated"]) if "stated" in value else Stated(),
            balance=Balance.from_json(balance) if balance else None,
            note=value.get("note", ""),
            given_back=value.get("given_back", ""),
        )

    def mentions(self, statements: Iterable[str]) -> bool:
        """Whether anything here is noted as from the sheets of one of these statements."""
        names = set(statements)
        remarks = {remark.statement for remark in (*self.doubts, *self.refused)}
        placed = {name for places in self.statements.values() for name in places}
        return bool(names & (placed | remarks))

    def forget(self, statements: frozenset[str], period: str) -> None:
        """Drops what these statements said of this month before they are brought in again."""
        self.doubts = [remark for remark in self.doubts if remark.statement not in statements]
        self.refused = [remark for remark in self.refused if remark.statement not in statements]
        if period in statements:
            self.stated = Stated()

    def held(self, entries: Iterable[Written], period: str, author: str) -> list[Held]:
        """The entries with what is known of where they came from."""
        own = frozenset((period,))
        return [
            Held(
                entry,
                frozenset(self.statements[entry.id]) if entry.id in self.statements else own,
                self.importers.get(entry.id, author),
            )
            for entry in entries
        ]

    def place(self, held: Iterable[Held], period: str, author: str) -> None:
        """Notes where the entries came from."""
        own = frozenset((period,))
        self.statements, self.away, self.importers = {}, {}, {}
        for entry in held:
            identity = entry.written.id
            if entry.statements != own:
                self.statements[identity] = sorted(entry.statements)
            if period not in entry.statements:
                self.away[identity] = entry.line.signed_fen
            if entry.importer != author:
                self.importers[identity] = entry.importer

    def strays(self, period: str) -> list[Stray]:
        """The entries of this month that stood in the sheets of other months only."""
        return [
            Stray(self.statements[identity][0], period, fen) for identity, fen in self.away.items()
        ]


def doubt_of(line: Iterable[Any], reasons: Iterable[Reason]) -> str:
    """What a doubt is known by: the row as it reads, and what of it is in doubt, in any file.

    Whether a file has one column for amounts or two makes no difference.
    """
    columns = {"" if _AMOUNT.fullmatch(reason.column) else reason.column for reason in reasons}
    return digest(canonical([list(line), sorted(columns)]))


_AMOUNT = re.compile(r"(?:收入|支出|[收付借贷]方?|发生|本[月期])*(?:金?额)?")
