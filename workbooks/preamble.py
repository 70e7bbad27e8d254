"""The lines above a ledger's header: title, unit, notes, an opening balance."""

from workbooks.cells import Row, as_text, is_blank
from workbooks.characters import squeeze
from workbooks.labels import Kind, read_label, remark_kind, section_side
from workbooks.ledger import Direction
from workbooks.money import UNITS, read_money
from workbooks.titles import Heading, is_title, is_unit_line

_LONGEST_FIRST_LINE = 40


class Preamble:
    """Reads the lines above a header from top to bottom.

    `opening_fen` is the balance that they bring forward, `section` the side whose heading stands
    right above the header.
    """

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.opening_fen: int | None = None
        self.section: Direction | None = None

    def read(self, row: Row) -> tuple[str, int | None]:
        """What a line is, and the balance that it states."""
        cells = [squeeze(as_text(value)) for value in row.values if not is_blank(value)]
        if not cells:
            return "blank", None
        kind = self._kind(cells)
        if kind:
            for cell in cells:
                self.heading.read(cell)
            if kind == "title" and not self.heading.title:
                self.heading.title = cells[0]
            return kind, None
        label = read_label(cells[0])
        if label is None:
            return remark_kind(cells[0]) or Kind.NOTE, None
        if label.kind is Kind.SECTION and (side := section_side(cells[0])):
            self.section = Direction(side)
        if label.kind is Kind.OPENING:
            figure = label.figure or next((cell for cell in cells[1:] if read_money(cell)), "")
            money = read_money(figure, UNITS[self.heading.unit or "元"])
            self.opening_fen = money.fen if money else None
            return label.kind, self.opening_fen
        return label.kind, None

    def _kind(self, cells: list[str]) -> str | None:
        first = cells[0]
        if is_title(first):
            return "title"
        if any(is_unit_line(cell) for cell in cells):
            return "unit_line"
        is_first_line = not self.heading.title and len(first) <= _LONGEST_FIRST_LINE
        if is_first_line and remark_kind(first) is None and read_label(first) is None:
            return "title"
        return None
