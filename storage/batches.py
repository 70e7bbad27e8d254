"""What an import brings for one book of one village, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.balancing import Balance, Stated
from storage.bodies import Line
from storage.disclosures import State
from storage.dossiers import Reason, Remark
from storage.merging import Difference


@dataclass(frozen=True, slots=True)
class Brought:
    """A row as a file brings it. `reasons` say why it is doubtful; `settle` asks to accept it."""

    line: Line
    file: str
    sheet: str
    row: int
    reasons: tuple[Reason, ...] = ()
    settle: bool = False


@dataclass(slots=True)
class Batch:
    """What one command brings for one book of one village.

    `rows` are by statement: the month that the sheet is for; `stated` is what the sheet says of
    them. What is refused is by statement and the month that it stands against.
    """

    village: str
    book: str
    rhythm: str = ""
    rows: dict[str, list[Brought]] = field(default_factory=dict)
    refused: dict[tuple[str, str], list[Remark]] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)

    @property
    def covered(self) -> frozenset[str]:
        """The statements that this batch brings in anew."""
        refused = {statement for statement, _ in self.refused}
        return frozenset(refused | self.rows.keys() | self.stated.keys())


class Action(StrEnum):
    """What an import did to a month."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REVERTED = "reverted"  # back to what is published: the draft is gone


@dataclass(frozen=True, slots=True)
class Order:
    """Who brings the batch in, when, and whether what may be published is to be."""

    actor: str
    now: datetime
    today: date
    publish: bool = False


@dataclass(slots=True)
class Month:
    """What became of one month. `hindrances` say why it was not published, in words."""

    period: str
    id: str = ""
    version: int = 0
    state: State = State.DRAFT
    action: Action = Action.UNCHANGED
    difference: Difference = field(default_factory=Difference)
    opening: tuple[int | None, int | None] = (None, None)
    entries: int = 0
    income_fen: int = 0
    expense_fen: int = 0
    hindrances: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()  # whose signatures it bears
    was_signed: bool = False  # by this command, which was not the last signature needed
    was_published: bool = False  # by this command
    next_is_off: bool = False  # the month after was published with another opening balance

    @property
    def is_news(self) -> bool:
        """Whether anything became of it."""
        return self.was_published or self.was_signed or self.action is not Action.UNCHANGED


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. `unsettled` are rows whose doubt this actor may not settle.

    `accepted` are the doubts that somebody has accepted, now or earlier (`dossiers.doubt_of`).
    """

    months: tuple[Month, ...]
    accepted: frozenset[str] = frozenset()
    settled: tuple[Brought, ...] = ()
    unsettled: tuple[Brought, ...] = ()
