"""What a row below a ledger's header is: an entry, or the word for what else."""

import re
from typing import NamedTuple

from workbooks.cells import Row, is_blank
from workbooks.characters import squeeze
from workbooks.dates import Month
from workbooks.evidence import subject_direction
from workbooks.headers import Role
from workbooks.labels import Kind, Label, month_of_balance, read_label, remark_kind, sums_up_a_span
from workbooks.layout import AMOUNTS, Columns
from workbooks.money import is_nothing
from workbooks.titles import is_unit_line

# Only a text with one of these can be the label of a row that is no entry.
_HINT = re.compile(r"[计结余额存页初末转累空接承]|收入|支出|作废|现金|其中|差额|亏损")
_PARTIES = (Role.PARTY, Role.PAYEE, Role.PAYER)
_BEARERS = (Role.VOUCHER, *_PARTIES)
SIGNS_OF_ENTRY = (Role.DATE, Role.DAY, Role.VOUCHER, *_PARTIES, Role.HANDLER)
_LONGEST_HEADING = 12


def lead_of(row: Row) -> str:
    """The first words of a row."""
    for value in row.values:
        if isinstance(value, str) and value and not value.isdigit() and (text := squeeze(value)):
            return text
    return ""


def has_any(row: Row, columns: Columns, roles: tuple[Role, ...]) -> bool:
    """Whether anything stands in one of the roles' columns."""
    return any(not is_blank(row.at(columns.at[role])) for role in roles if role in columns.at)


def label_of(row: Row, columns: Columns) -> Label | None:
    """The label of a row that is no entry; whatever bears a voucher or names a party is one."""
    summary = columns.text(row, Role.SUMMARY)
    for candidate in (summary or columns.text(row, Role.SUBJECT), lead_of(row)):
        if not _HINT.search(candidate):
            continue
        text = squeeze(candidate)
        label = read_label(text)
        if label and (label.kind is Kind.VOID or not _says_more(row, columns, _BEARERS, text)):
            return label
    return None


def stands_alone(row: Row, columns: Columns, text: str) -> bool:
    """Whether nothing that belongs to an entry stands beside a heading's text."""
    return not _says_more(row, columns, SIGNS_OF_ENTRY, text)


def _says_more(row: Row, columns: Columns, roles: tuple[Role, ...], text: str) -> bool:
    return any(squeeze(columns.text(row, role)) not in ("", text) for role in roles)


def in_context(label: Label, text: str, months: tuple[Month, ...], *, is_first: bool) -> Label:
    """What a label means in this month's table: 2月结余 opens March, 本季合计 covers more."""
    if label.kind is Kind.CLOSING and months and is_first:
        named = month_of_balance(text)
        if named and named != months[-1][1]:
            return Label(Kind.OPENING, label.figure)
    is_total = label.kind in (Kind.TOTAL, Kind.SUBTOTAL)
    if is_total and len(months) == 1 and sums_up_a_span(text):
        return Label(Kind.CUMULATIVE, label.figure)
    return label


def kind_of_words(row: Row, columns: Columns) -> str | None:
    """What a row without figures is; None for an entry whose amount is missing."""
    lead = lead_of(row)
    if is_unit_line(lead):
        return "unit_line"
    if remark := remark_kind(lead):
        return remark
    if is_blank(columns.cell(row, Role.SUMMARY)):
        return _heading_or_note(lead, columns)
    own = {columns.at[role] for role in (*SIGNS_OF_ENTRY, Role.SUMMARY) if role in columns.at}
    if sum(not is_blank(row.at(column)) for column in own) >= 2:
        return None
    return _heading_or_note(lead, columns)


def _heading_or_note(lead: str, columns: Columns) -> Kind:
    """The heading of a group of entries names their subject (管理费用)."""
    may_head = Role.SUBJECT not in columns.at and len(lead) <= _LONGEST_HEADING
    return Kind.SECTION if may_head and subject_direction(lead) is not None else Kind.NOTE


class PlainEntry(NamedTuple):
    """Where a table that has nothing peculiar has what makes an entry."""

    date: int
    voucher: int
    summary: int
    amounts: list[int]

    def matches(self, row: Row) -> bool:
        """Whether a row is an entry beyond doubt: dated, numbered, with words and a figure."""
        voucher, summary = row.at(self.voucher), row.at(self.summary)
        if not (isinstance(voucher, str) and isinstance(summary, str)):
            return False
        return (
            voucher[-1:].isdigit()
            and summary not in ("", voucher)
            and not is_blank(row.at(self.date))
            and any(not is_nothing(row.at(column)) for column in self.amounts)
        )


def plain_entry(columns: Columns) -> PlainEntry | None:
    """How a plain entry of these columns is known; None where they lack date or voucher."""
    at = columns.at
    if Role.DATE not in at or Role.VOUCHER not in at:
        return None
    amounts = [at[role] for role in AMOUNTS if role in at]
    return PlainEntry(at[Role.DATE], at[Role.VOUCHER], at[Role.SUMMARY], amounts)
