"""A ledger file into statements: tables, headers and rows are found by rule, not by position."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from workbooks import texts
from workbooks.cells import Row, Sheet, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.headers import NAMES, Role
from workbooks.layout import Layout, ledger_likeness, missing_role, read_layout
from workbooks.ledger import LedgerFile, LedgerRow, Statement, Verdict
from workbooks.mending import Mend, mended
from workbooks.problems import Ignored, Reason, WorkbookError
from workbooks.statements import StatementReader
from workbooks.tables import read_tables
from workbooks.titles import Heading
from workbooks.walking import Counter, Cursor, Progress, header_lines

_LOOK_AHEAD = 400
_INSTRUCTIONS = ("说明", "须知", "填表", "封面", "目录", "要求", "模板")


def read_ledger(
    path: Path,
    *,
    source_name: str | None = None,
    progress: Progress | None = None,
    mends: Iterable[Mend] = (),
) -> LedgerFile:
    """The statements of a CSV, XLSX, XLS or ODS file, every row with its verdict.

    `source_name` is the name under which people know the file, `progress(done_rows)` is called now
    and then; `mends` are cells that say something else by now. Raises WorkbookError where nothing
    can be read: those of `read_tables`, and missing_column, hidden_column, nothing_to_read.
    """
    tables = mended(read_tables(path, source_name), mends)
    counter = Counter(progress)
    statements: list[Statement] = []
    ignored: list[Ignored] = []
    errors: list[WorkbookError] = []
    for sheet in tables.sheets:
        try:
            found = _read_sheet(tables.file, sheet, counter)
        except WorkbookError as error:
            if error.code not in ("missing_column", "hidden_column"):
                raise
            errors.append(error)
            found = error.code
        if isinstance(found, str):
            ignored.append(Ignored(sheet.name, None, found))
        else:
            statements.extend(found)
    counter.finish()
    if not any(s.rows or s.totals or s.opening_fen is not None for s in statements):
        raise errors[0] if errors else _nothing(tables.file, has_header=bool(statements))
    _doubt_copies(statements)
    return LedgerFile(tables.file, tuple(statements), tuple(ignored), tuple(errors))


def _nothing(file: str, *, has_header: bool) -> WorkbookError:
    found = texts.NO_ROWS if has_header else texts.NO_TABLE
    return WorkbookError("nothing_to_read", file=file, found=found, expected=texts.A_LEDGER)


def _read_sheet(file: str, sheet: Sheet, counter: Counter) -> list[Statement] | str:
    """The statements of a sheet, or the word for why it is ignored whole."""
    if sheet.is_hidden:
        return "hidden_draft"
    cursor = Cursor(sheet.rows, counter)
    head = cursor.peek(_LOOK_AHEAD)
    if all(is_blank(value) for row in head for value in row.values):
        return "empty"
    start = _find_table(file, sheet, head)
    heading = Heading()
    heading.read(sheet.name)
    for row in head[: 5 if start is None else start]:
        for value in row.values:
            heading.read(as_text(value))
    if heading.is_draft:
        return "draft"
    if start is None:
        return _kind_of_other(sheet, head)
    statements: list[Statement] = []
    before: Heading | None = None
    while cursor.peek(1):
        reader = StatementReader(file, sheet, cursor, before)
        statements.append(reader.read())
        before = reader.heading
    return statements


def _find_table(file: str, sheet: Sheet, head: list[Row]) -> int | None:
    """Where in the first rows the header of a ledger stands.

    Raises WorkbookError where a table means to be a ledger and lacks a column.
    """
    error: WorkbookError | None = None
    for index in range(len(head)):
        lines = header_lines(head[index : index + 4])
        if not lines:
            continue
        layout = read_layout(lines, sheet.merges, sheet.hidden_columns)
        missing = missing_role(layout)
        if missing is None:
            return index
        if error is None and ledger_likeness(layout) >= 2 and not _is_list_of_people(layout):
            error = _missing(file, sheet, layout, missing, lines)
    if error:
        raise error
    return None


def _is_list_of_people(layout: Layout) -> bool:
    """A list of payments to persons has no summary but names and numbers."""
    columns = layout.halves[0].at
    cells = {cell for line in layout.lines for cell in line}
    is_personal = Role.ID_NUMBER in columns or Role.PRIVATE in columns
    return Role.SUMMARY not in columns and (
        is_personal or bool(cells & {"姓名", "户主", "户主姓名"})
    )


def _missing(
    file: str, sheet: Sheet, layout: Layout, role: Role, lines: list[Row]
) -> WorkbookError:
    name = NAMES[role][0]
    hidden = {Role.AMOUNT: (Role.AMOUNT, Role.INCOME, Role.EXPENSE)}.get(role, (role,))
    for candidate in hidden:
        if candidate in layout.hidden:
            label = layout.hidden[candidate]
            return WorkbookError(
                "hidden_column",
                file=file,
                sheet=sheet.name,
                column=label,
                found=texts.COLUMN_HIDDEN,
                expected=texts.THE_COLUMN_SHOWN.format(column=label),
            )
    labels = [squeeze(as_text(v)) for line in lines for v in line.values if not is_blank(v)]
    return WorkbookError(
        "missing_column",
        file=file,
        sheet=sheet.name,
        column=name,
        found=texts.COLUMNS_FOUND.format(columns="、".join(labels)),
        expected=texts.the_column(name, _other_names(role)),
    )


def _other_names(role: Role) -> tuple[str, ...]:
    if role is Role.AMOUNT:
        return ("收入金额", "支出金额")
    return NAMES[role][1:4]


def _kind_of_other(sheet: Sheet, head: list[Row]) -> str:
    """Why a sheet without a ledger is ignored: mere words are instructions."""
    if any(word in sheet.name for word in _INSTRUCTIONS):
        return "instructions"
    filled = [[value for value in row.values if not is_blank(value)] for row in head]
    has_table = any(len(values) > 2 for values in filled)
    return "other_kind" if has_table else "instructions"


def _doubt_copies(statements: list[Statement]) -> None:
    """An entry that an earlier table of the file already holds word for word is doubtful."""
    if len(statements) < 2:
        return
    seen: dict[tuple[str, ...], LedgerRow] = {}
    for index, statement in enumerate(statements):
        rows = tuple(_doubt_copy(row, seen) for row in statement.rows)
        if rows != statement.rows:
            statements[index] = replace(statement, rows=rows)
        for row in rows:
            if row.voucher_no and row.verdict is not Verdict.REFUSED:
                seen.setdefault((*row.content_key(), row.village or "", row.book or ""), row)


def _doubt_copy(row: LedgerRow, seen: dict[tuple[str, ...], LedgerRow]) -> LedgerRow:
    first = seen.get((*row.content_key(), row.village or "", row.book or ""))
    if first is None or row.verdict is Verdict.REFUSED:
        return row
    reason = Reason(
        "",
        row.voucher_no or "",
        texts.ANOTHER_ROW.format(place=texts.in_file(first.sheet, first.row)),
    )
    flags = [flag for flag in row.flags if flag not in ("confirm", "duplicate_voucher")]
    return row._replace(
        flags=(*flags, "duplicate_voucher", "confirm"),
        reasons=(*row.reasons, reason),
        verdict=Verdict.DOUBTFUL,
    )
