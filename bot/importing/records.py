"""Files of the seven kinds into drafts, versions and publications."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.arguments import SheetRow
from bot.errors import Refused
from bot.importing import texts
from bot.importing.owners import Villages
from bot.importing.places import Places
from bot.importing.progress import storing
from bot.importing.settling import rows_to_settle
from bot.importing.undo import Undo
from notifications.terms import Terms
from notifications.triggers import announce_records
from storage import audit, chain
from storage.batches import Order
from storage.database import Database
from storage.dossiers import Reason, Remark
from storage.identities import Claim, key_of, line_digest, save_claims
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, Key, Outcome, RecordBatch, bring_in
from storage.sealing import Sealer
from storage.wording import place, yuan
from understanding.personal import hide_personal
from workbooks import problems
from workbooks.ledger import Verdict
from workbooks.mending import Mend
from workbooks.problems import WorkbookError
from workbooks.records.fields import RecordKind
from workbooks.records.reader import read_kind
from workbooks.records.rows import RecordFile, RecordRow


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """What the command asks for besides its files."""

    order: Order
    terms: Terms
    accept: tuple[SheetRow, ...] = ()
    dry_run: bool = False
    shown: bool = False  # a progress bar
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedRecord:
    """A row with the village it belongs to; `village` is empty where there is none."""

    row: RecordRow
    village: str
    verdict: Verdict
    reasons: tuple[problems.Reason, ...]


@dataclass(slots=True)
class GatheredRecords:
    """A file's rows with their verdicts, and its lists by village."""

    path: Path
    file: RecordFile
    rows: list[JudgedRecord]
    lists: dict[str, dict[Key, BroughtList]] = field(default_factory=dict)


@dataclass(slots=True)
class RecordsResult:
    """The files that could be read, the errors of the others, what became of each village's."""

    kind: RecordKind
    files: list[GatheredRecords] = field(default_factory=list)
    errors: list[WorkbookError] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def read_record_files(
    kind: RecordKind, paths: Sequence[Path], places: Places, wanted: RecordsWanted
) -> RecordsResult:
    """Reads every file; one that cannot be read stops no other."""
    if wanted.accept and len(paths) > 1:
        raise Refused(texts.ONE_FILE_TO_ACCEPT)
    result = RecordsResult(kind)
    for path in paths:
        try:
            file = read_kind(path, kind, mends=wanted.mends)
        except WorkbookError as error:
            result.errors.append(error)
            continue
        settle = rows_to_settle(file, wanted.accept)
        result.files.append(_gather(path, file, places, settle))
    return result


# --- a file's rows, by village and list -----------------------------------------------------------


def _gather(
    path: Path, file: RecordFile, places: Places, settle: frozenset[SheetRow]
) -> GatheredRecords:
    gathered = GatheredRecords(path, file, list(_judged(file, places)))
    for item in gathered.rows:
        if item.verdict is not Verdict.REFUSED:
            _list_of(gathered, item).rows.append(_bring(file, item, settle))
    if file.kind.is_list:
        _hold_refused(gathered)
        _hold_totals(gathered)
    return gathered


def _judged(file: RecordFile, places: Places) -> Iterator[JudgedRecord]:
    finders: dict[tuple[str | None, str | None], Villages] = {}
    for row in file.rows:
        finder = finders.setdefault(row.titled, Villages(*row.titled, places))
        found = finder.of(row.code, row.village)
        if isinstance(found, problems.Reason):
            yield JudgedRecord(row, "", Verdict.REFUSED, (*row.reasons, found))
        else:
            yield JudgedRecord(row, found.code, row.verdict, row.reasons)


def _list_of(gathered: GatheredRecords, item: JudgedRecord) -> BroughtList:
    lists = gathered.lists.setdefault(item.village, {})
    return lists.setdefault((item.row.book, item.row.period), BroughtList())


def _bring(file: RecordFile, item: JudgedRecord, settle: frozenset[SheetRow]) -> BroughtRow:
    row = item.row
    line = line_of(file.kind, row.values)
    if item.verdict is Verdict.ACCEPTED:
        return BroughtRow(line, file.file, row.sheet, row.row)
    is_settled = SheetRow(row.sheet, row.row) in settle
    return BroughtRow(line, file.file, row.sheet, row.row, _reasons(item), is_settled)


def _reasons(item: JudgedRecord) -> tuple[Reason, ...]:
    return tuple(Reason(r.column, hide_personal(r.found), r.expected) for r in item.reasons)


def _hold_refused(gathered: GatheredRecords) -> None:
    """Holds every refused row against its list: one that does not tell it, against those around."""
    rows = gathered.rows
    for place_, item in enumerate(rows):
        if item.verdict is not Verdict.REFUSED:
            continue
        remark = Remark("", gathered.file.file, item.row.sheet, item.row.row, _reasons(item))
        around = (_nearest(rows[:place_][::-1]), _nearest(rows[place_ + 1 :]))
        whole = item if item.village and item.row.book and item.row.period else None
        against = [whole] if whole else [near for near in around if near]
        for key in dict.fromkeys(
            (near.village, near.row.book, near.row.period) for near in against
        ):
            village, *own = key
            lists = gathered.lists.setdefault(village, {})
            lists.setdefault((own[0], own[1]), BroughtList()).refused.append(remark)


def _nearest(rows: Iterable[JudgedRecord]) -> JudgedRecord | None:
    return next((row for row in rows if row.verdict is not Verdict.REFUSED), None)


def _hold_totals(gathered: GatheredRecords) -> None:
    """Holds a total that does not add up against the lists that it adds up."""
    for total in gathered.file.totals:
        if total.agrees:
            continue
        told = texts.OTHER_SUM.format(
            place=place(total.sheet, total.row),
            stated=yuan(total.stated_fen),
            parsed=yuan(total.parsed_fen),
        )
        for lists in gathered.lists.values():
            for key in total.lists & lists.keys():
                lists[key].problems.append(told)


# --- several files --------------------------------------------------------------------------------


def _combined(files: Iterable[GatheredRecords], kind: RecordKind) -> dict[str, RecordBatch]:
    """The files' lists by village: a row that two files bring counts once, the later one wins."""
    batches: dict[str, RecordBatch] = {}
    for gathered in files:
        for village, lists in gathered.lists.items():
            batch = batches.setdefault(village, RecordBatch(village, kind))
            for key, brought in lists.items():
                known = batch.lists.get(key) if kind.is_list else None
                batch.lists[key] = _added(known, brought) if known else brought
    return batches


def _added(known: BroughtList, brought: BroughtList) -> BroughtList:
    left = Counter(row.line for row in known.rows)
    rows = list(known.rows)
    for row in brought.rows:
        if left[row.line] > 0:
            left[row.line] -= 1
        else:
            rows.append(row)
    return BroughtList(
        rows, [*known.refused, *brought.refused], [*known.problems, *brought.problems]
    )


# --- storing --------------------------------------------------------------------------------------


async def store_records(
    db: Database, sealer: Sealer, result: RecordsResult, wanted: RecordsWanted
) -> None:
    """Stores all that was read, village by village, each in one transaction of its own."""
    claims = _claims(sealer, result)
    batches: Mapping[str, RecordBatch] = _combined(result.files, result.kind)
    with storing(len(batches), shown=wanted.shown) as update:
        for village in sorted(batches):
            with contextlib.suppress(Undo):
                async with db.transaction():
                    outcome = await _store_village(db, batches[village], wanted)
                    await save_claims(db, claims[village])
                    result.outcomes[village] = outcome
                    if wanted.dry_run:
                        raise Undo
            update(1)


def _claims(sealer: Sealer, result: RecordsResult) -> Mapping[str, list[Claim]]:
    """Whose rows they are, as keyed hashes: what the file said of that ends here."""
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for item in (item for gathered in result.files for item in gathered.rows):
        row = item.row
        if item.village and row.claimant and item.verdict is not Verdict.REFUSED:
            line = line_digest(line_of(result.kind, row.values))
            key = key_of(sealer, *row.claimant)
            found[item.village].append(Claim(item.village, row.book, row.period, line, key))
    return found


async def _store_village(db: Database, batch: RecordBatch, wanted: RecordsWanted) -> Outcome:
    order = wanted.order
    outcome = await bring_in(db, batch, order)
    changed = [listed for listed in outcome.lists if listed.is_news]
    if changed:
        counts = {"lists": len(changed), "rows": sum(len(one.entries) for one in changed)}
        subject = f"{batch.village}/{batch.kind.code}"
        await audit.record(db, order.actor, "imported", subject, counts, now=order.now)
    if public := [listed.id for listed in outcome.lists if listed.was_published]:
        height = await chain.height(db)
        await announce_records(
            db, wanted.terms, public, village=batch.village, sequence=height, now=order.now
        )
    return outcome
