"""What the rows of a table inherit from the lines above them."""

from dataclasses import dataclass

from workbooks.dates import Month
from workbooks.ledger import Direction


@dataclass(frozen=True, slots=True)
class Context:
    """What completes a row: `months` and `year` its date, `unit_fen` its amount.

    `unit_fen` is what 1 stands for: 100 for 元, 1,000,000 for 万元. `side` is None where the title
    does not say that all rows are income or all are expense.
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
