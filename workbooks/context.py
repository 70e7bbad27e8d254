"""What the rows of a table inherit from the lines above them."""

from dataclasses import dataclass

from workbooks.dates import Month
from workbooks.ledger import Direction


@dataclass(frozen=True, slots=True)
class Context:
    """`months` and `year` complete dates, `unit_fen` is what 1 stands for.

    `side` says what all rows are; None where the title does not say that they are alike.
    """

    sheet: str
    months: tuple[Month, ...]
    year: int | None
    unit_fen: int
    side: Direction | None

    @property
    def month(self) -> int | None:
        """The month that a bare day belongs to, where the title leaves no choice."""
        return self.months[0][1] if len(self.months) == 1 else None
