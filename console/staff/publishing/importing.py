"""What the pages ask of whatever reads files: bot/importing answers (design.md, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from storage.batches import Order
from workbooks.mending import Cell, Mend


class Verdict(StrEnum):
    """How a row was understood."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: the column, what stands there, what should."""

    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A row as it was understood; `cells` of one that may be mended, as they stand in the file."""

    sheet: str
    row: int
    verdict: Verdict
    values: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A version that the file makes or changes. `hindrances` keep it from being signed."""

    id: str
    name: str
    version: int
    is_news: bool
    is_open: bool
    rows: int
    income_fen: int | None = None
    expense_fen: int | None = None
    hindrances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood: rows, complaints about whole sheets, and what comes of it."""

    columns: tuple[str, ...]
    rows: tuple[Understood, ...]
    complaints: tuple[str, ...]
    ignored: int
    made: tuple[Made, ...]

    def count(self, verdict: Verdict) -> int:
        """How many rows were understood so."""
        return sum(row.verdict is verdict for row in self.rows)


@dataclass(frozen=True, slots=True)
class File:
    """A file as somebody sent it in, for one place, with the cells that were mended since."""

    name: str
    content: bytes
    kind: str
    region: str
    mends: tuple[Mend, ...] = ()


class Unreadable(Exception):
    """Nothing in the file can be read; the text says why, and what to do."""


class Importing(Protocol):
    """Reads files into drafts."""

    async def look(self, file: File, order: Order) -> Reading:
        """What would come of a file; stores nothing. Raises Unreadable."""
        ...

    async def store(self, file: File, order: Order) -> Reading:
        """Makes or changes drafts, in the caller's transaction. Raises Unreadable."""
        ...
