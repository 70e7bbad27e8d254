"""The words of a row that come again and again: subject, parties, duty-bearers, village, book."""

import re
from dataclasses import dataclass
from operator import itemgetter

from workbooks import texts
from workbooks.cells import Row, Value, as_text, is_blank, is_ditto
from workbooks.characters import one_line, squeeze
from workbooks.drafts import Note, notes_on
from workbooks.headers import Role
from workbooks.layout import Columns
from workbooks.ledger import Direction
from workbooks.parties import duty_bearer, duty_bearers, public_party
from workbooks.privacy import PublicText, hide_numbers, quoted
from workbooks.titles import book_in_cell, village_named

_ROLES = (
    Role.SUBJECT, Role.PARTY, Role.PAYEE, Role.PAYER, Role.HANDLER, Role.APPROVER,
    Role.SUPERVISORS, Role.VILLAGE, Role.CODE, Role.BOOK,
)  # fmt: skip
_PARTIES = {
    Direction.INCOME: (Role.PAYER, Role.PARTY, Role.PAYEE),
    Direction.EXPENSE: (Role.PAYEE, Role.PARTY, Role.PAYER),
}
_CODE = re.compile(r"\d{12}")
_MOST_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Party:
    """The other side of an entry: as the file names it, and as it may be shown."""

    named: str = ""
    public: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a row say, and what must be noted about them."""

    subject: str | None
    parties: dict[Direction, Party]
    handler: str | None
    approver: str | None
    supervisors: tuple[str, ...]
    village: str | None
    code: str | None
    book: str | None
    notes: tuple[Note, ...]

    def party(self, direction: Direction | None) -> Party:
        """Who paid, or who was paid."""
        return self.parties[direction or Direction.EXPENSE]


class WordReader:
    """Reads the words of one table's rows; what was read once is remembered."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._roles = tuple(role for role in _ROLES if role in columns.at)
        self._id_number = columns.at.get(Role.ID_NUMBER)
        self._above: tuple[Value, ...] = ()
        self._remembered: dict[tuple[object, ...], Words] = {}
        places = [columns.at[role] for role in self._roles]
        self._width = max(places, default=-1) + 1
        # A second place makes itemgetter give a tuple whatever the number of columns.
        self._pick = itemgetter(*places, *places[:1]) if places else None

    def read(self, row: Row) -> Words:
        """The words of a row; a ditto mark stands for the text above it."""
        cells = self._cells(row)
        has_id = self.has_id_number(row)
        key = (*cells, has_id)
        words = self._remembered.get(key)
        if words is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            by_role = {
                role: one_line(as_text(v)) for role, v in zip(self._roles, cells, strict=False)
            }
            words = self._remembered[key] = self._understand(by_role, has_id)
        return words

    def has_id_number(self, row: Row) -> bool:
        """Whether the row gives an identity number, so that its party is a person."""
        return self._id_number is not None and not is_blank(row.at(self._id_number))

    def _cells(self, row: Row) -> tuple[Value, ...]:
        if self._pick is None:
            return ()
        values = row.values
        if len(values) < self._width:
            values = [*values, *[None] * (self._width - len(values))]
        cells: tuple[Value, ...] = self._pick(values)
        if any(is_ditto(cell) for cell in cells):
            above = self._above or (None,) * len(cells)
            cells = tuple(
                old if is_ditto(cell) else cell for cell, old in zip(cells, above, strict=True)
            )
        self._above = cells
        return cells

    def _understand(self, words: dict[Role, str], has_id: bool) -> Words:
        notes: list[Note] = []
        handler = self._clean(duty_bearer(words.get(Role.HANDLER, "")), Role.HANDLER, notes)
        approver = self._clean(duty_bearer(words.get(Role.APPROVER, "")), Role.APPROVER, notes)
        supervisors = self._clean(
            duty_bearers(words.get(Role.SUPERVISORS, "")), Role.SUPERVISORS, notes
        )
        subject = self._clean(
            hide_numbers(squeeze(words.get(Role.SUBJECT, ""))), Role.SUBJECT, notes
        )
        code = squeeze(words.get(Role.CODE, ""))
        if code and not _CODE.fullmatch(code):
            label = self._columns.label(Role.CODE)
            notes.append(Note("error:invalid_code", label, quoted(code), texts.CODE_12))
            code = ""
        village, book = words.get(Role.VILLAGE, ""), words.get(Role.BOOK, "")
        return Words(
            subject=subject or None,
            parties={way: self._party(words, roles, has_id) for way, roles in _PARTIES.items()},
            handler=handler or None,
            approver=approver or None,
            supervisors=tuple(name for name in supervisors.split("、") if name),
            village=village_named(village) if village else None,
            code=code or None,
            book=book_in_cell(book) if book else None,
            notes=tuple(notes),
        )

    def _party(self, words: dict[Role, str], roles: tuple[Role, ...], has_id: bool) -> Party:
        role = next((role for role in roles if words.get(role)), None)
        if role is None:
            return Party()
        public = public_party(words[role], has_id_number=has_id)
        notes = notes_on(public, self._columns.label(role))
        return Party(words[role], public.text or None, notes)

    def _clean(self, public: PublicText, role: Role, notes: list[Note]) -> str:
        notes.extend(notes_on(public, self._columns.label(role)))
        return public.text
