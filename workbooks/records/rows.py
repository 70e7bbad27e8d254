"""What a file of one of the seven kinds says, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbooks.ledger import Verdict
from workbooks.money import format_fen
from workbooks.problems import Ignored, Reason, WorkbookError
from workbooks.records.fields import UNKEPT, RecordKind, Type, Value


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row as understood; of a refused one, what could be read.

    `values` are by key, in the order of the kind's fields. `book` and `period` are empty where the
    row does not tell them. `village` and `code` come from the row, `titled` (village, town) from
    the lines above its table.
    """

    sheet: str
    row: int
    values: Mapping[str, Value]
    book: str
    period: str
    village: str | None
    code: str | None
    titled: tuple[str | None, str | None]
    reasons: tuple[Reason, ...]
    verdict: Verdict
    claimant: tuple[str, str] | None = field(default=None, repr=False)
    """Whose row it is: the name in full and the last four of the identity number. Never shown and
    never kept: a keyed hash of them lets that person find the row."""

    def as_json(self, kind: RecordKind) -> dict[str, Any]:
        """The row as `import --json` prints it: money as yuan, what was not said as null."""
        shown: dict[str, Any] = {"sheet": self.sheet, "row": self.row}
        shown |= {
            column.key: self._shown(column.key, column.type)
            for column in kind.fields
            if column.type not in UNKEPT
        }
        if self.verdict is not Verdict.ACCEPTED:
            shown["reasons"] = [reason.as_json() for reason in self.reasons]
        return shown

    def _shown(self, key: str, type_: Type) -> Value | None:
        value = self.values.get(key)
        return format_fen(value) if type_ is Type.MONEY and isinstance(value, int) else value


@dataclass(frozen=True, slots=True)
class RecordTotal:
    """A total that a sheet states, beside what the rows above it add up to, in fen."""

    sheet: str
    row: int
    stated_fen: int
    parsed_fen: int
    lists: frozenset[tuple[str, str]]
    """Book and period of the rows that it adds up."""

    @property
    def agrees(self) -> bool:
        return self.stated_fen == self.parsed_fen

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "stated": format_fen(self.stated_fen),
            "parsed": format_fen(self.parsed_fen),
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One file: its rows in order, totals, what was left out, and sheets with a column missing."""

    file: str
    kind: RecordKind
    rows: tuple[RecordRow, ...]
    totals: tuple[RecordTotal, ...]
    ignored: tuple[Ignored, ...]
    sheet_errors: tuple[WorkbookError, ...]
