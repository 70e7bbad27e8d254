"""What is wrong with a file or with one of its rows, in one shape for people and for programs."""

from dataclasses import dataclass

from workbooks import texts

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
    """What a report may quote of a cell: short, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[:_QUOTED] + "…"
