"""What a sheet shows without values: red ink, crossed-out figures, hidden rows and columns.

python-calamine gives values only, and openpyxl needs twenty times the memory and knows no ODS, so
the few marks that matter are picked out of the XML as it streams by. The same pass bounds the
size of a sheet before anything allocates it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from workbooks.cells import Merge

MAX_CELLS = 6_000_000
_CHUNK = 2**18

Attributes = dict[str, str]


@dataclass(slots=True)
class Marks:
    """The marks of one sheet: rows numbered from 1, columns from 0.

    `last_row` and `last_column` bound the cells that hold something.
    """

    last_row: int = 0
    last_column: int = -1
    red: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    struck: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    is_hidden: bool = False

    def reach(self, row: int, column: int) -> None:
        """Counts a cell that holds something."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    @property
    def cells(self) -> int:
        """How many cells a reader would have to allocate."""
        return self.last_row * (self.last_column + 1)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a cell style writes."""

    is_red: bool = False
    is_struck: bool = False


NO_INK = Ink()


def is_red(color: str) -> bool:
    """Whether RRGGBB or AARRGGBB is a red that an accountant would call red."""
    try:
        red, green, blue = bytes.fromhex(color[-6:])
    except ValueError:
        return False
    return red >= 0xB0 and green <= 0x55 and blue <= 0x55


def walk(
    opened: IO[bytes],
    on_start: Callable[[str, Attributes], None],
    on_end: Callable[[str], None] | None = None,
) -> None:
    """Calls back for each element of an XML stream, by its local name.

    Raises ValueError where the stream is not well-formed or brings entities.
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: Attributes) -> None:
        on_start(name.rpartition(" ")[2], attributes)

    def end(name: str) -> None:
        if on_end:
            on_end(name.rpartition(" ")[2])

    def refuse(*_: object) -> None:
        raise ValueError("entities in a workbook")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    if on_end:
        parser.EndElementHandler = end
    try:
        while chunk := opened.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as exc:
        raise ValueError("not well-formed") from exc


def local(attributes: Attributes, name: str) -> str:
    """An attribute by its local name, whatever its namespace; empty where it is missing."""
    if name in attributes:
        return attributes[name]
    suffix = " " + name
    return next((value for key, value in attributes.items() if key.endswith(suffix)), "")
