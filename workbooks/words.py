"""The words of a row: subject, parties, duty-bearers, village, book.

They come again and again, so what was understood once is remembered.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from workbooks import texts
from workbooks.cells import Row, Value, as_text, is_blank, is_ditto
from workbooks.characters import one_line, squeeze
from workbooks.drafts import Note, notes_on
from workbooks.headers import Role
from workbooks.layout import Columns
from workbooks.ledger import Direction
from workbooks.parties import duty_bearer, duty_bearers, public_party
from workbooks.privacy import PublicText, hide_numbers
from workbooks.problems import shown
from workbooks.titles import book_in_cell, village_named

_STANDING = (
    Role.HANDLER, Role.APPROVER, Role.SUPERVISORS, Role.VILLAGE, Role.CODE, Role.BOOK,
)  # fmt: skip
_PARTIES = {
    Direction.INCOME: (Role.PAYER, Role.PARTY, Role.PAYEE),
    Direction.EXPENSE: (Role.PAYEE, Role.PARTY, Role.PAYER),
}
_CODE = re.compile(r"\d{12}")
_MOST_REMEMBERED = 4096


class Party(NamedTuple):
    """The other side of an entry: as the file names it, and as it may be shown."""

    named: str = ""
    public: str | None = None
    notes: tuple[Note, ...] = ()


class Standing(NamedTuple):
    """What one row shares with many others, and what must be noted about it."""

    handler: str | None
    approver: str | None
    supervisors: tuple[str, ...]
    village: str | None
    code: str | None
    book: str | None
    notes: tuple[Note, ...]


class Subject(NamedTuple):
    """What kind of income or expense an entry is, as the file calls it."""

    name: str | None = None
    notes: tuple[Note, ...] = ()


_NOBODY = Party()
_NO_SUBJECT = Subject()


class WordReader:
    """Reads the words of one table's rows, in order. A ditto mark stands for the text above."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._id_number = columns.at.get(Role.ID_NUMBER)
        self._above: dict[Role, Value] = {}
        self._standing_columns = tuple(columns.at.get(role) for role in _STANDING)
        self._last: tuple[Value, ...] = ()
        self._standings: dict[tuple[Value, ...], Standing] = {}
        self._party = lru_cache(maxsize=_MOST_REMEMBERED)(self._read_party)
        self._subject = lru_cache(maxsize=_MOST_REMEMBERED)(self._read_subject)
        self._parties = {
            way: tuple(role for role in roles if role in columns.at)
            for way, roles in _PARTIES.items()
        }

    def text(self, row: Row, role: Role) -> str:
        """A cell's text on one line, as the file has it."""
        column = self._columns.at.get(role)
        if column is None:
            return ""
        value = row.at(column)
        if is_ditto(value):
            value = self._above.get(role)
        self._above[role] = value
        return one_line(value if isinstance(value, str) else as_text(value))

    def subject(self, row: Row) -> Subject:
        """The subject of a row."""
        text = self.text(row, Role.SUBJECT)
        return self._subject(text) if text else _NO_SUBJECT

    def standing(self, row: Row) -> Standing:
        """Duty-bearers, village and book of a row."""
        values, width = row.values, len(row.values)
        cells = tuple(
            [None if c is None or c >= width else values[c] for c in self._standing_columns]
        )
        if cells not in self._standings:
            above = self._last or cells
            pairs = zip(cells, above, strict=True)
            cells = tuple([old if is_ditto(cell) else cell for cell, old in pairs])
            if len(self._standings) >= _MOST_REMEMBERED:
                self._standings.clear()
            self._standings[cells] = self._understand(cells)
        self._last = cells
        return self._standings[cells]

    def has_id_number(self, row: Row) -> bool:
        """Whether the row gives an identity number, so that its party is a person."""
        return self._id_number is not None and not is_blank(row.at(self._id_number))

    def party(self, row: Row, direction: Direction | None) -> Party:
        """Who paid, or who was paid: the first of the columns that names anybody."""
        for role in self._parties[direction or Direction.EXPENSE]:
            if text := self.text(row, role):
                return self._party(role, text, self.has_id_number(row))
        return _NOBODY

    def _read_party(self, role: Role, text: str, has_id: bool) -> Party:
        public = public_party(text, has_id_number=has_id)
        return Party(text, public.text or None, notes_on(public, self._columns.label(role)))

    def _read_subject(self, text: str) -> Subject:
        public = hide_numbers(squeeze(text))
        return Subject(public.text or None, notes_on(public, self._columns.label(Role.SUBJECT)))

    def _understand(self, cells: tuple[Value, ...]) -> Standing:
        handler, approver, supervisors, village, code, book = (
            one_line(as_text(cell)) for cell in cells
        )
        public = {
            Role.HANDLER: duty_bearer(handler),
            Role.APPROVER: duty_bearer(approver),
            Role.SUPERVISORS: duty_bearers(supervisors),
        }
        names = public[Role.SUPERVISORS].text
        is_code = _CODE.fullmatch(squeeze(code)) is not None
        notes = self._notes(public)
        if code and not is_code:
            label = self._columns.label(Role.CODE)
            notes.append(Note("error:invalid_code", label, shown(code), texts.CODE_12))
        return Standing(
            handler=public[Role.HANDLER].text or None,
            approver=public[Role.APPROVER].text or None,
            supervisors=tuple(names.split("、")) if names else (),
            village=village_named(village) if village else None,
            code=squeeze(code) if is_code else None,
            book=book_in_cell(book) if book else None,
            notes=tuple(notes),
        )

    def _notes(self, public: dict[Role, PublicText]) -> list[Note]:
        return [
            note
            for role, text in public.items()
            for note in notes_on(text, self._columns.label(role))
        ]
