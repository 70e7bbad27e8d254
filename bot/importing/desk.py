"""Files that come by the console's pages, read and stored as `mingbai import` does it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from bot.importing import ledger, power, texts
from bot.importing.ledger import Wanted
from bot.importing.places import Places
from bot.importing.records import RecordsWanted, read_record_files, store_records
from bot.importing.units import named_unit
from console.staff.publishing.importing import File, Made, Problem, Reading, Understood, Unreadable
from console.staff.publishing.importing import Verdict as Shown
from notifications.terms import Terms
from storage import imports, record_wording, regions, wording
from storage.batches import Order
from storage.database import Database
from storage.power_bodies import KIND as POWER_ITEMS
from storage.records import Listed
from storage.sealing import Sealer
from understanding.personal import hide_personal
from workbooks import problems
from workbooks.ledger import Verdict
from workbooks.mending import Cell, cells_of, mended
from workbooks.problems import WorkbookError
from workbooks.records.fields import UNKEPT, RecordKind, Type
from workbooks.records.kinds import KINDS
from workbooks.tables import read_tables

_SHOWN = {
    Verdict.ACCEPTED: Shown.GOOD,
    Verdict.DOUBTFUL: Shown.DOUBTFUL,
    Verdict.REFUSED: Shown.REFUSED,
}
Cells = Mapping[tuple[str, int], list[Cell]]


class DeskImports:
    """Stands behind the pages that files are brought in by."""

    def __init__(self, db: Database, sealer: Sealer, terms: Terms) -> None:
        self._db = db
        self._sealer = sealer
        self._terms = terms

    async def look(self, file: File, order: Order) -> Reading:
        return await self._bring(file, order, dry_run=True)

    async def store(self, file: File, order: Order) -> Reading:
        return await self._bring(file, order, dry_run=False)

    async def _bring(self, file: File, order: Order, *, dry_run: bool) -> Reading:
        with tempfile.TemporaryDirectory() as folder:
            # Only the last part of what a browser calls a file, so that it stays in the folder.
            path = Path(folder, PurePath(file.name.replace("\\", "/")).name or "file")
            await asyncio.to_thread(path.write_bytes, file.content)
            try:
                if file.kind == "ledger":
                    reading = await self._ledger(path, file, order, dry_run=dry_run)
                elif file.kind == POWER_ITEMS:
                    reading = await self._power(path, file, order, dry_run=dry_run)
                else:
                    reading = await self._records(path, file, order, dry_run=dry_run)
            except WorkbookError as error:
                raise Unreadable(str(error)) from None
            if not dry_run:
                counts = {shown.value: reading.count(shown) for shown in Shown}
                digest = await asyncio.to_thread(imports.file_digest, path)
                await imports.note(self._db, file.kind, digest, order.actor, counts, order.now)
        return reading

    async def _places(self, file: File) -> Places:
        found = await regions.villages(self._db)
        named = next((village for village in found if village.code == file.region), None)
        return Places(found, named)

    async def _ledger(self, path: Path, file: File, order: Order, *, dry_run: bool) -> Reading:
        places = await self._places(file)
        wanted = Wanted(order, self._terms, dry_run=dry_run, mends=file.mends)
        result = await asyncio.to_thread(ledger.read_files, [path], places, wanted)
        if result.errors:
            raise result.errors[0]
        await ledger.store(self._db, result, {}, wanted)
        (gathered,) = result.files
        wrong = [item.row for item in gathered.rows if item.verdict is not Verdict.ACCEPTED]
        cells = await _cells(path, file, [(row.sheet, row.row) for row in wrong])
        rows = tuple(
            Understood(
                item.row.sheet, item.row.row, _SHOWN[item.verdict],
                (
                    item.row.date.isoformat() if item.row.date else "",
                    item.row.voucher_no or "",
                    item.row.summary or "",
                    item.row.subject or "",
                    item.row.direction.value if item.row.direction else "",
                    "" if item.row.amount_fen is None else wording.yuan(item.row.amount_fen),
                    item.row.payee_public or "",
                    item.row.handler or "",
                    item.row.approver or "",
                ),
                _problems(item.reasons),
                tuple(cells.get((item.row.sheet, item.row.row), ())),
            )
            for item in gathered.rows
        )  # fmt: skip
        made = tuple(
            Made(
                id=month.id,
                name=f"{wording.month(month.period)} {book}",
                version=month.version,
                is_news=month.is_news,
                is_open=month.state.is_open,
                rows=month.entries,
                income_fen=month.income_fen,
                expense_fen=month.expense_fen,
                hindrances=month.hindrances,
            )
            for (_, book), month in result.months_of(gathered)
        )
        complaints = tuple(str(error) for error in gathered.file.sheet_errors)
        return Reading(texts.LEDGER_COLUMNS, rows, complaints, len(gathered.file.ignored), made)

    async def _records(self, path: Path, file: File, order: Order, *, dry_run: bool) -> Reading:
        kind, places = KINDS[file.kind], await self._places(file)
        wanted = RecordsWanted(order, self._terms, dry_run=dry_run, mends=file.mends)
        result = await asyncio.to_thread(read_record_files, kind, [path], places, wanted)
        if result.errors:
            raise result.errors[0]
        await store_records(self._db, self._sealer, result, wanted)
        (gathered,) = result.files
        wrong = [item.row for item in gathered.rows if item.verdict is not Verdict.ACCEPTED]
        cells = await _cells(path, file, [(row.sheet, row.row) for row in wrong])
        shown = [field for field in kind.fields if field.type not in UNKEPT]
        rows = tuple(
            Understood(
                item.row.sheet,
                item.row.row,
                _SHOWN[item.verdict],
                tuple(_told(item.row.values.get(field.key), field.type) for field in shown),
                _problems(item.reasons),
                tuple(cells.get((item.row.sheet, item.row.row), ())),
            )
            for item in gathered.rows
        )
        made = tuple(
            Made(
                id=listed.id,
                name=_called(kind, listed),
                version=listed.version,
                is_news=listed.is_news,
                is_open=listed.state.is_open,
                rows=len(listed.entries),
                hindrances=listed.hindrances,
            )
            for outcome in result.outcomes.values()
            for listed in outcome.lists
        )
        complaints = tuple(str(error) for error in gathered.file.sheet_errors)
        names = tuple(field.name for field in shown)
        return Reading(names, rows, complaints, len(gathered.file.ignored), made)

    async def _power(self, path: Path, file: File, order: Order, *, dry_run: bool) -> Reading:
        unit = await named_unit(self._db, file.region)
        stored = await power.bring(self._db, path, unit, order, self._terms, dry_run=dry_run)
        rows = [
            Understood(
                row.sheet,
                row.row,
                Shown.GOOD,
                (row.item.code, row.item.name, "、".join(row.item.basis)),
            )
            for row in stored.reading.accepted
        ]
        rows += [
            Understood(row.sheet, row.row, Shown.REFUSED, ("", "", ""), _problems(row.reasons))
            for row in stored.reading.refused
        ]
        made = tuple(
            Made(
                id=one.id,
                name=f"{one.code} {one.name}",
                version=one.version,
                is_news=one.is_news,
                is_open=one.state.is_open,
                rows=1,
                hindrances=one.hindrances,
            )
            for one in stored.outcomes
        )
        ignored = len(stored.reading.ignored)
        return Reading(texts.ITEM_COLUMNS, tuple(rows), (), ignored, made)


async def _cells(path: Path, file: File, wanted: Sequence[tuple[str, int]]) -> Cells:
    """The cells of the rows that something is wrong with, as they stand in the file by now.

    Numbers of persons stay in the file: a page shows none. Nor is there anything to mend in an
    empty column without a name.
    """
    if not wanted:
        return {}
    found = await asyncio.to_thread(
        lambda: cells_of(mended(read_tables(path, path.name), file.mends), wanted)
    )
    return {
        place: [
            cell
            for cell in cells
            if hide_personal(cell.text) == cell.text and (cell.text or len(cell.label) > 1)
        ]
        for place, cells in found.items()
    }


def _problems(reasons: Iterable[problems.Reason]) -> tuple[Problem, ...]:
    return tuple(Problem(r.column, hide_personal(r.found), r.expected) for r in reasons)


def _told(value: str | int | None, type_: Type) -> str:
    if value is None:
        return ""
    return wording.yuan(value) if type_ is Type.MONEY and isinstance(value, int) else str(value)


def _called(kind: RecordKind, listed: Listed) -> str:
    if kind.is_list:
        return f"{listed.book} {record_wording.period(listed.period)}"
    values = dict(listed.entries[0])
    return " ".join(str(values[key]) for key in kind.head if values.get(key))
