"""Which doubtful rows `--accept` means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.arguments import SheetRow
from bot.errors import Refused
from bot.importing import texts
from storage.wording import place
from workbooks.ledger import Verdict


class JudgedRow(Protocol):
    """A row of a file with its verdict."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def verdict(self) -> Verdict: ...


class JudgedFile(Protocol):
    """A file whose rows have been judged."""

    @property
    def file(self) -> str: ...
    @property
    def rows(self) -> Iterable[JudgedRow]: ...


def rows_to_settle(file: JudgedFile, accept: Iterable[SheetRow]) -> frozenset[SheetRow]:
    """The doubtful rows that `--accept` names, each with its sheet.

    Refuses a row that is not there, or that cannot be read, and a number that several sheets have.
    """
    return frozenset(found for asked in accept for found in _doubtful(file, asked))


def _doubtful(file: JudgedFile, asked: SheetRow) -> set[SheetRow]:
    rows = [row for row in file.rows if row.row == asked.row and asked.sheet in (None, row.sheet)]
    where = {"file": file.file, "place": place(asked.sheet or "", asked.row)}
    if not rows:
        raise Refused(texts.NO_SUCH_ROW.format(**where))
    found = {SheetRow(row.sheet, row.row) for row in rows if row.verdict is Verdict.DOUBTFUL}
    if not found and any(row.verdict is Verdict.REFUSED for row in rows):
        raise Refused(texts.REFUSED_ROW.format(**where))
    if len(found) > 1:
        sheet = rows[0].sheet
        raise Refused(texts.WHICH_SHEET.format(file=file.file, row=asked.row, sheet=sheet))
    return found
