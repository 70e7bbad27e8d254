"""An entry while it is being read: what is noticed about it gathers here."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbooks import texts
from workbooks.cells import Row, Value, as_text
from workbooks.ledger import Verdict
from workbooks.privacy import PublicText
from workbooks.problems import Reason, shown


@dataclass(frozen=True, slots=True)
class Note:
    """A flag with its reason: `error:...` refuses the row, any other makes it doubtful."""

    flag: str
    column: str
    found: str
    expected: str


def notes_on(public: PublicText, column: str) -> tuple[Note, ...]:
    """Why a text that had to be cleaned must be looked at."""
    wanted = {
        "personal_number": texts.NO_PERSONAL_NUMBERS,
        "private_condition": texts.NO_PRIVATE_CONDITION,
    }
    return tuple(Note(flag, column, shown(public.text), wanted[flag]) for flag in public.flags)


@dataclass(slots=True)
class Draft:
    """One row on its way to an entry."""

    row: Row
    flags: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    is_refused: bool = False
    needs_confirmation: bool = False

    def flag(self, *flags: str) -> None:
        """Notes how something was written, each word once."""
        for name in flags:
            if name not in self.flags and name != "confirm":
                self.flags.append(name)

    def note(self, note: Note) -> None:
        """Takes in a note that was made elsewhere."""
        self.flag(note.flag)
        self.reasons.append(Reason(note.column, note.found, note.expected))
        if note.flag.startswith("error:"):
            self.is_refused = True
        else:
            self.needs_confirmation = True

    def note_all(self, notes: Iterable[Note]) -> None:
        """Takes in several of them."""
        for note in notes:
            self.note(note)

    def refuse(self, error: str, column: str, found: str, expected: str) -> None:
        """The row cannot be entered as it stands."""
        self.note(Note(f"error:{error}", column, found, expected))

    def doubt(self, flag: str, column: str, found: str, expected: str) -> None:
        """The row may be entered once a person has confirmed it."""
        self.note(Note(flag, column, found, expected))

    def quote(self, value: Value) -> str:
        """What a reason may show of a cell."""
        return shown(as_text(value)) or texts.BLANK

    def all_flags(self) -> tuple[str, ...]:
        """The flags in the order in which they were noticed; `confirm` stands last."""
        if self.needs_confirmation and not self.is_refused:
            return (*self.flags, "confirm")
        return tuple(self.flags)

    def verdict(self) -> Verdict:
        if self.is_refused:
            return Verdict.REFUSED
        return Verdict.DOUBTFUL if self.needs_confirmation else Verdict.ACCEPTED
