"""What is wrong with a file or with one of its rows, in one shape for people and for programs."""

from dataclasses import dataclass

from workbooks import texts
from workbooks.money import format_fen
from workbooks.privacy import hide_numbers

_QUOTED = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is doubtful or refused: the column, what stands there, what should stand there."""

    column: str
    found: str
    expected: str

    def as_json(self) -> dict[str, str]:
        return {"column": self.column, "found": self.found, "expected": self.expected}

    def sentence(self, file: str, sheet: str, row: int | None) -> str:
        """《三月账.xlsx》“3月收支”第28行 金额:写的是“待定”,要填数字。"""
        where = texts.place(file, sheet, row)
        return texts.problem(where, self.column, self.found, self.expected)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no record, or (row None) a sheet ignored whole; the reason is a fixed word.

    `value_fen` is the balance that an opening or closing row states.
    """

    sheet: str
    row: int | None
    reason: str
    value_fen: int | None = None

    def as_json(self) -> dict[str, object]:
        """The line of `import --json`; `value` only where there is one."""
        line: dict[str, object] = {"sheet": self.sheet, "row": self.row, "reason": self.reason}
        if self.value_fen is not None:
            line["value"] = format_fen(self.value_fen)
        return line


class WorkbookError(Exception):
    """A file, or a sheet of it, cannot be read at all.

    `code` is stable: missing, empty, too_large, zip_bomb, encrypted, wrong_kind, damaged,
    undecodable, missing_column, hidden_column, nothing_to_read. `str()` is the sentence for the
    accountant.
    """

    def __init__(
        self,
        code: str,
        *,
        file: str,
        found: str,
        expected: str,
        sheet: str = "",
        column: str = "",
    ) -> None:
        self.code = code
        self.file = file
        self.sheet = sheet
        self.column = column
        self.found = found
        self.expected = expected
        super().__init__(texts.file_problem(file, sheet, column, found, expected))


def shown(text: str) -> str:
    """What a report may quote of a cell: short, on one line, without numbers of persons."""
    line = " ".join(hide_numbers(text).text.split())
    return line if len(line) <= _QUOTED else line[:_QUOTED] + "…"
