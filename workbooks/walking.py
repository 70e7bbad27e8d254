"""The rows of a sheet, one after another, with a look ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from workbooks.cells import Merge, Row, Value, is_blank
from workbooks.headers import is_column_numbers, is_header, is_second_line
from workbooks.money import read_money

Progress = Callable[[int], None]
"""Called now and then with the number of rows done so far in the file."""

_TELL_EVERY = 1000


class Counter:
    """Tells whoever waits how far the reading has come."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0

    def step(self) -> None:
        self._done += 1
        if self._progress and self._done % _TELL_EVERY == 0:
            self._progress(self._done)

    def finish(self) -> None:
        if self._progress:
            self._progress(self._done)


class Cursor:
    """Walks through rows once; `peek` looks ahead without passing them."""

    def __init__(self, rows: Iterable[Row], counter: Counter) -> None:
        self._rows: Iterator[Row] = iter(rows)
        self._ahead: deque[Row] = deque()
        self._counter = counter

    def take(self) -> Row | None:
        """The next row; None at the end."""
        self._counter.step()
        if self._ahead:
            return self._ahead.popleft()
        return next(self._rows, None)

    def put_back(self, row: Row) -> None:
        """Makes a row that was taken the next one again."""
        self._ahead.appendleft(row)

    def peek(self, count: int) -> list[Row]:
        """Up to `count` rows that come next."""
        while len(self._ahead) < count:
            row = next(self._rows, None)
            if row is None:
                break
            self._ahead.append(row)
        return [self._ahead[index] for index in range(min(count, len(self._ahead)))]


def header_lines(rows: list[Row]) -> list[Row]:
    """The header that begins with the first of `rows`: one to three lines, or none."""
    if not rows or not is_header(rows[0]):
        return []
    lines = [rows[0]]
    for row in rows[1:3]:
        if not is_second_line(row, lines[-1]):
            break
        lines.append(row)
    following = rows[len(lines) : len(lines) + 1]
    if following and is_column_numbers(following[0]):
        lines.append(following[0])
    return lines


class MergedCells:
    """Gives every row under a cell merged downwards its text; a figure is never repeated."""

    def __init__(self, merges: Iterable[Merge]) -> None:
        self._at: dict[int, list[Merge]] = {}
        self._values: dict[Merge, Value] = {}
        for merge in merges:
            if merge.last_row > merge.first_row and merge.last_row - merge.first_row < 1000:
                for number in range(merge.first_row, merge.last_row + 1):
                    self._at.setdefault(number, []).append(merge)

    def fill(self, row: Row) -> Row:
        """The row with the texts of the merged cells that reach down into it."""
        merges = self._at.get(row.number)
        if not merges:
            return row
        values = list(row.values)
        for merge in merges:
            column = merge.first_column
            if merge.first_row == row.number:
                self._values[merge] = row.at(column)
            elif column < len(values) and is_blank(values[column]):
                above = self._values.get(merge)
                if isinstance(above, str) and read_money(above) is None:
                    values[column] = above
        return Row(row.number, values, row.red, row.struck, row.is_hidden)
