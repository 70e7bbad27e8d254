"""The shape of a sheet: rows of plain values, and what the values do not show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Value = str | int | float | date | bool | None
"""What a cell holds; date includes datetime. Nothing at all is None or an empty text."""

NO_COLUMNS: frozenset[int] = frozenset()


class Row(NamedTuple):
    """One row: `number` from 1 as the accountant's program shows it, values from column A on.

    `red` and `struck` are the columns whose figure stands in red ink or is struck out.
    """

    number: int
    values: Sequence[Value]
    red: frozenset[int] = NO_COLUMNS
    struck: frozenset[int] = NO_COLUMNS
    is_hidden: bool = False

    def at(self, column: int) -> Value:
        """The value in a column counted from 0; None beyond the end."""
        return self.values[column] if column < len(self.values) else None


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows numbered from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` is read while it is walked through, and should be walked through once."""

    name: str
    rows: Iterable[Row]
    is_hidden: bool = False
    hidden_columns: frozenset[int] = NO_COLUMNS
    merges: tuple[Merge, ...] = ()


def is_blank(value: Value) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return value is None or (isinstance(value, str) and not value.strip())


_DITTO = frozenset(("〃", '"', "＂", "″", "”", "“", "''", "同上", "同", "“”", "〞", "〝", ",,"))


def is_ditto(value: Value) -> bool:
    """Whether a cell says: as above."""
    return isinstance(value, str) and len(value) < 6 and value.strip() in _DITTO


def as_text(value: Value) -> str:
    """The cell as text, numbers without the .0 that spreadsheets add."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)
