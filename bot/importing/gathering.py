"""What a ledger file says, sorted by village and book, ready to be stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.arguments import SheetRow
from bot.importing.owners import Key, Owner
from bot.importing.places import Places
from bot.importing.stated import Judged, joined, period_of, state
from storage.batches import Batch, Brought
from storage.bodies import Line
from storage.dossiers import Reason, Remark
from storage.regions import Region
from understanding.personal import hide_personal
from workbooks import problems
from workbooks.dates import Month
from workbooks.ledger import LedgerFile, LedgerRow, Statement, Verdict


@dataclass(slots=True)
class Gathered:
    """A file's rows with their verdicts, and its batches by village and book."""

    path: Path
    file: LedgerFile
    rows: list[Judged]
    batches: dict[Key, Batch] = field(default_factory=dict)

    def months(self) -> set[tuple[Key, str]]:
        """The months that its rows are dated in."""
        return {
            (key, brought.line.period)
            for key, batch in self.batches.items()
            for rows in batch.rows.values()
            for brought in rows
        }


def gather(
    path: Path,
    file: LedgerFile,
    places: Places,
    book: str | None,
    settle: frozenset[SheetRow],
) -> Gathered:
    """Sorts a file's rows. `book` is that of rows whose file has no column 账套.

    `settle` are the rows whose doubt is to be accepted, each with the name of its sheet.
    """
    gathered = Gathered(path, file, [])
    for statement in file.statements:
        owner = Owner(statement, places, book)
        judged = [_judge(row, statement, owner) for row in statement.rows]
        gathered.rows += judged
        _fill(gathered, statement, judged, places, settle)
    return gathered


def _judge(row: LedgerRow, statement: Statement, owner: Owner) -> Judged:
    found = owner.of(row)
    place = _statement_of(row, statement.months)
    if isinstance(found, problems.Reason):
        return Judged(row, place, Verdict.REFUSED, (*row.reasons, found), None)
    return Judged(row, place, row.verdict, row.reasons, found)


def _statement_of(row: LedgerRow, months: Sequence[Month]) -> str:
    """The month whose sheet a row stands in; without a title, and without a date, nothing."""
    own = (row.date.year, row.date.month) if row.date else None
    if len(months) == 1 or (months and own not in months):
        return period_of(months[-1])
    return period_of(own) if own else ""


def _fill(
    gathered: Gathered,
    statement: Statement,
    judged: Sequence[Judged],
    places: Places,
    settle: frozenset[SheetRow],
) -> None:
    by_key: dict[Key, list[Judged]] = defaultdict(list)
    for item in judged:
        if item.key:
            by_key[item.key].append(item)
    for key, items in by_key.items():
        batch = gathered.batches.setdefault(key, Batch(*key, rhythm=_rhythm(places, key)))
        for month in statement.months:
            batch.rows.setdefault(period_of(month), [])
        for item in items:
            if item.verdict is not Verdict.REFUSED:
                brought = _bring(gathered.file.file, item, settle)
                batch.rows.setdefault(item.statement, []).append(brought)
        _refuse(batch, gathered.file.file, items)
        state(batch, statement, items, alone=len(by_key) == 1, file=gathered.file.file)


def _rhythm(places: Places, key: Key) -> str:
    village = places.village(key[0])
    return village.rhythm if isinstance(village, Region) else ""


def _bring(file: str, item: Judged, settle: frozenset[SheetRow]) -> Brought:
    row = item.row
    if row.date is None or row.direction is None or row.amount_fen is None:
        raise ValueError("an entry without a date, a direction or an amount is never accepted")
    line = Line(
        row.date.isoformat(), row.voucher_no or "", row.summary or "", row.subject or "",
        row.direction.value, row.amount_fen, row.payee_public or "", row.handler or "",
        row.approver or "", row.supervisors,
    )  # fmt: skip
    if item.verdict is Verdict.ACCEPTED:
        return Brought(line, file, row.sheet, row.row)
    reasons = tuple(_reason(reason) for reason in item.reasons)
    return Brought(line, file, row.sheet, row.row, reasons, SheetRow(row.sheet, row.row) in settle)


def _reason(reason: problems.Reason) -> Reason:
    return Reason(reason.column, hide_personal(reason.found), reason.expected)


def _refuse(batch: Batch, file: str, items: Sequence[Judged]) -> None:
    """Holds every refused row against its sheet's month and its date's.

    A row of a sheet without a month, itself without a date, stands against those around it.
    """
    around = _Neighbours(items)
    for index, item in enumerate(items):
        if item.verdict is not Verdict.REFUSED:
            continue
        row = item.row
        dated = {period_of((row.date.year, row.date.month))} if row.date else set()
        periods = dated | ({item.statement} if item.statement else set()) or around.of(index)
        reasons = tuple(_reason(reason) for reason in item.reasons)
        for period in periods:
            statement = item.statement or period
            remark = Remark(statement, file, row.sheet, row.row, reasons)
            batch.refused.setdefault((statement, period), []).append(remark)


class _Neighbours:
    def __init__(self, items: Sequence[Judged]) -> None:
        self._items = items

    def of(self, index: int) -> set[str]:
        """The months of the nearest dated rows before and after."""
        before = (item.statement for item in reversed(self._items[:index]) if item.statement)
        after = (item.statement for item in self._items[index:] if item.statement)
        return {period for period in (next(before, None), next(after, None)) if period}


# --- several files --------------------------------------------------------------------------------


def combine(batches: Iterable[dict[Key, Batch]]) -> dict[Key, Batch]:
    """The batches of several files in one: a row that two files bring counts once."""
    combined: dict[Key, Batch] = {}
    for found in batches:
        for key, batch in found.items():
            if key in combined:
                _add(combined[key], batch)
            else:
                combined[key] = replace(batch, rows=dict(batch.rows))
    return combined


def _add(batch: Batch, other: Batch) -> None:
    for statement, rows in other.rows.items():
        known = batch.rows.get(statement, [])
        batch.rows[statement] = [*known, *_beyond(known, rows)]
    for place_, remarks in other.refused.items():
        batch.refused[place_] = [*batch.refused.get(place_, []), *remarks]
    for period, stated in other.stated.items():
        batch.stated[period] = joined(batch.stated.get(period), stated)


def _beyond(known: Iterable[Brought], rows: Iterable[Brought]) -> Iterator[Brought]:
    """The rows that are not among the known ones as often."""
    left = Counter(brought.line for brought in known)
    for brought in rows:
        if left[brought.line] > 0:
            left[brought.line] -= 1
        else:
            yield brought
