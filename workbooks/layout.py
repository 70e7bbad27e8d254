"""Which column of a table means what, and how its amounts are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbooks.cells import Merge, Row, Value, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.dates import year_named
from workbooks.headers import Label, Role, column_labels
from workbooks.ledger import Direction
from workbooks.money import is_nothing

_WHAT_AND_WHERE = (Role.SUMMARY, Role.AMOUNT)
AMOUNTS = (Role.AMOUNT, Role.INCOME, Role.EXPENSE, Role.DEBIT, Role.CREDIT)


@dataclass(slots=True)
class Columns:
    """The columns of one table, or of one half of a T-table (then with its `direction`)."""

    at: dict[Role, int] = field(default_factory=dict)
    labels: dict[Role, str] = field(default_factory=dict)
    units: dict[Role, int | None] = field(default_factory=dict)
    direction: Direction | None = None

    def cell(self, row: Row, role: Role) -> Value:
        """The row's value in the role's column; None where there is no such column."""
        column = self.at.get(role)
        return None if column is None else row.at(column)

    def text(self, row: Row, role: Role) -> str:
        """The same as text."""
        column = self.at.get(role)
        return "" if column is None else as_text(row.at(column))

    def has_amount(self, row: Row) -> bool:
        """Whether any amount stands in the row, readable or not."""
        return any(role in self.at and not is_nothing(row.at(self.at[role])) for role in AMOUNTS)

    def label(self, role: Role) -> str:
        """What the file calls the column."""
        return self.labels.get(role, "")

    def rename(self, old: Role, new: Role) -> None:
        """Gives a column another meaning than its header alone suggests."""
        self.at[new] = self.at.pop(old)
        self.labels[new] = self.labels.pop(old)
        self.units[new] = self.units.pop(old)


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a table as read. `lines` are its cells, by which a repeated header is known."""

    lines: tuple[tuple[str, ...], ...]
    halves: tuple[Columns, ...]
    year: int | None
    hidden: Mapping[Role, str]

    def repeats(self, rows: Sequence[Row]) -> bool:
        """Whether rows further down are this header once more."""
        return tuple(_cells(row) for row in rows) == self.lines


def read_layout(
    lines: Sequence[Row], merges: Iterable[Merge], hidden_columns: frozenset[int]
) -> Layout:
    """The layout that one or more header lines describe. Hidden columns are not part of it."""
    labels = column_labels(lines, merges)
    shown = {c: label for c, label in enumerate(labels) if c not in hidden_columns}
    hidden = {
        label.role: label.text
        for column, label in enumerate(labels)
        if column in hidden_columns and label.role
    }
    # That an identity number is there tells a person from a firm; the number itself goes nowhere.
    for column, label in enumerate(labels):
        if label.role is Role.ID_NUMBER:
            shown[column] = label
    years = (year_named(as_text(value)) for line in lines for value in line.values)
    return Layout(
        tuple(_cells(line) for line in lines),
        _halves(shown),
        next((year for year in years if year), None),
        hidden,
    )


def _cells(row: Row) -> tuple[str, ...]:
    cells = [squeeze(as_text(value)) for value in row.values]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _halves(labels: Mapping[int, Label]) -> tuple[Columns, ...]:
    sides = {
        side: {label.role for label in labels.values() if label.side == side}
        for side in ("收入", "支出")
    }
    has_both_amounts = all(Role.AMOUNT in roles for roles in sides.values())
    if has_both_amounts and all(Role.SUMMARY in roles for roles in sides.values()):
        return tuple(_half(labels, side) for side in ("收入", "支出"))
    columns = _columns(labels.items())
    if has_both_amounts:
        for side, role in (("收入", Role.INCOME), ("支出", Role.EXPENSE)):
            own = ((c, label) for c, label in labels.items() if label.side == side)
            half = _columns(own)
            half.rename(Role.AMOUNT, role)
            columns.at[role] = half.at[role]
            columns.labels[role] = side
            columns.units[role] = half.units[role]
        columns.at.pop(Role.AMOUNT)
    elif Role.AMOUNT in columns.at and Role.SUMMARY in columns.at:
        columns.direction = _only_side(labels)
    _use_subject_as_summary(columns)
    return (columns,)


def _only_side(labels: Mapping[int, Label]) -> Direction | None:
    """The side of a table whose headers speak of one side only (支出项目, 金额)."""
    sides = {label.side for label in labels.values() if label.side}
    return Direction(sides.pop()) if len(sides) == 1 else None


def _half(labels: Mapping[int, Label], side: str) -> Columns:
    columns = _columns(
        (column, label) for column, label in labels.items() if label.side in (side, None)
    )
    own = _columns((column, label) for column, label in labels.items() if label.side == side)
    for role, column in own.at.items():
        columns.at[role] = column
        columns.labels[role] = own.labels[role]
        columns.units[role] = own.units[role]
    columns.direction = Direction(side)
    return columns


def _columns(labels: Iterable[tuple[int, Label]]) -> Columns:
    """One column a role: the one whose name says it best, of equals the leftmost."""
    best: dict[Role, tuple[int, int, Label]] = {}
    for column, label in labels:
        if label.role is None:
            continue
        rank = (label.rank, column, label)
        if label.role not in best or rank[:2] < best[label.role][:2]:
            best[label.role] = rank
    return Columns(
        {role: column for role, (_, column, _) in best.items()},
        {role: label.text for role, (_, _, label) in best.items()},
        {role: label.unit_fen for role, (_, _, label) in best.items()},
    )


def _use_subject_as_summary(columns: Columns) -> None:
    if Role.SUMMARY not in columns.at and "项目" in columns.label(Role.SUBJECT):
        columns.rename(Role.SUBJECT, Role.SUMMARY)


def missing_role(layout: Layout) -> Role | None:
    """The first column that a ledger needs and this table lacks."""
    for columns in layout.halves:
        if not any(role in columns.at for role in AMOUNTS):
            return Role.AMOUNT
        if Role.SUMMARY not in columns.at:
            return Role.SUMMARY
        if Role.DATE not in columns.at and Role.DAY not in columns.at:
            return Role.DATE
    return None


def ledger_likeness(layout: Layout) -> int:
    """How many of date, summary, amount and voucher there are: from two on it means to be one."""
    columns = layout.halves[0].at
    return sum(
        (
            Role.DATE in columns or Role.DAY in columns,
            Role.SUMMARY in columns,
            any(role in columns for role in AMOUNTS),
            Role.VOUCHER in columns,
        )
    )


def has_values(row: Row, columns: Columns, roles: Iterable[Role]) -> bool:
    """Whether the row holds anything in one of the roles' columns."""
    return any(not is_blank(row.at(columns.at[role])) for role in roles if role in columns.at)
