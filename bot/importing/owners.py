"""Whose row it is: village and book, by the row's own columns, the title, or the command."""

from __future__ import annotations

from bot.importing import texts
from bot.importing.places import COMMITTEE, Places, listed, read_book
from storage.regions import Region, SeveralRegions
from understanding.personal import hide_personal
from workbooks.ledger import LedgerRow, Statement
from workbooks.problems import Reason

Key = tuple[str, str]
"""Village code and book."""


class Villages:
    """Finds the village of a table's rows; `village` and `town` are those of its title."""

    def __init__(self, village: str | None, town: str | None, places: Places) -> None:
        self._places = places
        self._titled = village
        self._title = _titled_village(village, town, places)

    def of(self, code: str | None, village: str | None) -> Region | Reason:
        """The village that a row's own columns name, else the title's, else the command's."""
        found = self._find(code, village)
        named = self._places.named
        if named and isinstance(found, Region) and found.code != named.code:
            own = texts.VILLAGE_IN_TOWN.format(name=found.name, town=found.town)
            return Reason(texts.VILLAGE, own, texts.NAMED.format(name=named.name))
        return found

    def _find(self, code: str | None, village: str | None) -> Region | Reason:
        column = texts.CODE if code else texts.VILLAGE
        name = code or village
        if name is None:
            return self._title or self._places.named or self._unnamed()
        found = self._places.village(name)
        if isinstance(found, SeveralRegions):
            by_title = self._title
            if by_title in found.candidates and by_title is not None:
                return by_title
            expected = texts.WHICH_VILLAGE.format(villages=listed(found))
            return Reason(column, hide_personal(name), expected)
        return found or Reason(column, hide_personal(name), texts.A_KNOWN_VILLAGE)

    def _unnamed(self) -> Reason:
        """Why rows without a village of their own have none by their title either."""
        name = self._titled
        if name is None:
            return Reason(texts.VILLAGE, texts.NOT_SAID, texts.SAY_VILLAGE)
        found = self._places.village(name)
        if isinstance(found, SeveralRegions):
            expected = texts.WHICH_OF_TITLE.format(villages=listed(found))
            return Reason(texts.TITLE, hide_personal(name), expected)
        return Reason(texts.TITLE, hide_personal(name), texts.A_KNOWN_VILLAGE)


class Owner:
    """Finds village and book of the rows of one statement."""

    def __init__(self, statement: Statement, places: Places, book: str | None) -> None:
        self._villages = Villages(statement.village, statement.town, places)
        self._book = book or _titled_group(statement) or COMMITTEE
        self._known: dict[tuple[str | None, ...], Key | Reason] = {}

    def of(self, row: LedgerRow) -> Key | Reason:
        """Village and book, or the reason why there is none."""
        told = (row.code, row.village, row.book)
        if told not in self._known:
            self._known[told] = self._find(row)
        return self._known[told]

    def _find(self, row: LedgerRow) -> Key | Reason:
        village = self._villages.of(row.code, row.village)
        if isinstance(village, Reason):
            return village
        if row.book is None:
            return village.code, self._book
        book = read_book(row.book)
        if book is None:
            return Reason(texts.BOOK, hide_personal(row.book), texts.A_BOOK)
        return village.code, book


def _titled_village(village: str | None, town: str | None, places: Places) -> Region | None:
    """The village that the title names, if there is exactly one of that name (in that town)."""
    if village is None:
        return None
    for name in ((town or "") + village, village):
        found = places.village(name)
        if isinstance(found, Region):
            return found
        if isinstance(found, SeveralRegions) and places.named in found.candidates:
            return places.named
    return None


def _titled_group(statement: Statement) -> str | None:
    """The villagers' group that the title names: its ledger must not mix with the village's."""
    book = read_book(statement.book) if statement.book else None
    return book if book and book.endswith("组") else None
