"""Ledger files into drafts, versions and publications."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.arguments import SheetRow
from bot.errors import Refused
from bot.importing import texts
from bot.importing.gathering import Gathered, combine, gather
from bot.importing.owners import Key
from bot.importing.places import COMMITTEE, Places, listed, read_book
from bot.importing.progress import reading, storing
from bot.importing.settling import rows_to_settle
from bot.importing.stated import period_of
from bot.importing.undo import Undo
from notifications.terms import Terms
from notifications.triggers import announce_published
from storage import audit, chain
from storage.balancing import Balance
from storage.batches import Action, Batch, Month, Order, Outcome
from storage.database import Database
from storage.ledgers import bring_in
from storage.regions import SeveralRegions
from workbooks.balances import BalanceRow, read_balances
from workbooks.ledger_reader import read_ledger
from workbooks.mending import Mend
from workbooks.problems import Reason, WorkbookError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command asks for besides its files."""

    order: Order
    terms: Terms
    book: str | None = None
    accept: tuple[SheetRow, ...] = ()
    dry_run: bool = False
    shown: bool = False  # a progress bar
    mends: tuple[Mend, ...] = ()


@dataclass(slots=True)
class Result:
    """The files that could be read, the errors of the others, and what became of the months."""

    files: list[Gathered] = field(default_factory=list)
    errors: list[WorkbookError] = field(default_factory=list)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)

    def months_of(self, gathered: Gathered) -> list[tuple[Key, Month]]:
        """The months that a file has rows in, by village, book and month."""
        touched = gathered.months()
        return [
            (key, month)
            for key, outcome in sorted(self.outcomes.items())
            for month in outcome.months
            if (key, month.period) in touched
        ]


def read_files(paths: Sequence[Path], places: Places, wanted: Wanted) -> Result:
    """Reads every file; one that cannot be read stops no other."""
    if wanted.accept and len(paths) > 1:
        raise Refused(texts.ONE_FILE_TO_ACCEPT)
    result = Result()
    for path in paths:
        try:
            with reading(path, shown=wanted.shown) as reach:
                file = read_ledger(path, progress=reach, mends=wanted.mends)
        except WorkbookError as error:
            result.errors.append(error)
            continue
        settle = rows_to_settle(file, wanted.accept)
        result.files.append(gather(path, file, places, wanted.book, settle))
    return result


# --- balances -------------------------------------------------------------------------------------


def read_stated_balances(
    path: Path, places: Places, book: str | None
) -> dict[Key, dict[str, Balance]]:
    """The balances file by village, book and month; refuses one of which any row is unclear.

    A balance left out would let a month pass that it speaks against.
    """
    found = read_balances(path)
    unclear = [text for row in found.refused for text in row.sentences(found.file)]
    balances: dict[Key, dict[str, Balance]] = {}
    for row in found.accepted:
        key = _key_of(row, places, book)
        if isinstance(key, Reason):
            unclear.append(key.sentence(found.file, row.sheet, row.row))
            continue
        balances.setdefault(key, {})[period_of(row.month)] = Balance(
            row.opening_fen, row.income_fen, row.expense_fen, row.closing_fen, row.entries
        )
    if unclear:
        sentences = "\n".join(unclear)
        raise Refused(texts.BALANCES_REFUSED.format(count=len(unclear), sentences=sentences))
    return balances


def _key_of(row: BalanceRow, places: Places, book: str | None) -> Key | Reason:
    village = places.village(row.code or row.village)
    column, name = (texts.CODE, row.code) if row.code else (texts.VILLAGE, row.village)
    if isinstance(village, SeveralRegions):
        return Reason(column, name, texts.WHICH_VILLAGE.format(villages=listed(village)))
    if village is None:
        return Reason(column, name, texts.A_KNOWN_VILLAGE)
    own = read_book(row.book) if row.book else book or COMMITTEE
    return (village.code, own) if own else Reason(texts.BOOK, row.book, texts.A_BOOK)


# --- storing --------------------------------------------------------------------------------------


async def store(
    db: Database, result: Result, balances: dict[Key, dict[str, Balance]], wanted: Wanted
) -> None:
    """Stores all that was read, village by village, each in one transaction of its own."""
    batches = combine(gathered.batches for gathered in result.files)
    for key, batch in batches.items():
        batch.balances = balances.get(key, {})
    villages: dict[str, list[Batch]] = {}
    for key in sorted(batches):
        villages.setdefault(key[0], []).append(batches[key])
    with storing(len(villages), shown=wanted.shown) as update:
        for village, books in villages.items():
            with contextlib.suppress(Undo):
                async with db.transaction():
                    await _store_village(db, village, books, result, wanted)
                    if wanted.dry_run:
                        raise Undo
            update(1)


async def _store_village(
    db: Database, village: str, books: Sequence[Batch], result: Result, wanted: Wanted
) -> None:
    months: list[Month] = []
    for batch in books:
        outcome = await bring_in(db, batch, wanted.order)
        result.outcomes[village, batch.book] = outcome
        months += outcome.months
    changed = [month for month in months if month.action is not Action.UNCHANGED]
    if changed:
        counts = {"months": len(changed), "entries": sum(month.entries for month in changed)}
        order = wanted.order
        await audit.record(db, order.actor, "imported", village, counts, now=order.now)
    public = [month.period for month in months if month.was_published]
    if public:
        await announce_published(
            db,
            wanted.terms,
            village=village,
            periods=public,
            sequence=await chain.height(db),
            now=wanted.order.now,
        )
