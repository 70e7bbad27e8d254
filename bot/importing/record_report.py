"""The report on an import of one of the seven kinds: as JSON (contract.md 2), and in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.importing import texts
from bot.importing.places import Places
from bot.importing.records import GatheredRecords, JudgedRecord, RecordsResult
from bot.importing.reports import Report, few_rows, reasons_as_json, section
from storage import record_wording, wording
from storage.batches import Action
from storage.disclosures import State
from storage.dossiers import Reason, doubt_of
from storage.record_bodies import line_of
from storage.records import Listed, Outcome
from storage.regions import Region
from understanding.personal import hide_personal
from workbooks.ledger import Verdict
from workbooks.records.fields import RecordKind

_SHOWN = 12


def report_records(
    result: RecordsResult, gathered: GatheredRecords, places: Places, *, dry_run: bool
) -> Report:
    """A file's rows, and what became of its lists."""
    kind, file = result.kind, gathered.file
    rows: dict[Verdict, list[JudgedRecord]] = {verdict: [] for verdict in Verdict}
    accepted = frozenset(doubt for one in result.outcomes.values() for doubt in one.accepted)
    for item in gathered.rows:
        rows[_final(kind, item, accepted)].append(item)
    counts = {verdict.value: len(items) for verdict, items in rows.items()}
    counts["ignored"] = len(file.ignored)
    lists = [*_lists_of(result, gathered)]
    content = {
        "file": file.file,
        "kind": kind.code,
        "counts": counts,
        "accepted": few_rows([item.row.as_json(kind) for item in rows[Verdict.ACCEPTED]]),
        "doubtful": [_row(kind, item) for item in rows[Verdict.DOUBTFUL]],
        "refused": [_row(kind, item) for item in rows[Verdict.REFUSED]],
        "ignored": [item.as_json() for item in file.ignored],
        "totals": [total.as_json() for total in file.totals],
        "disclosures": [
            {
                "id": listed.id,
                "village": _name(places, village),
                "book": listed.book,
                "period": listed.period,
                "state": listed.state.value,
            }
            for village, listed in lists
        ],
    }
    lines = [texts.RECORD_COUNTS.format(file=file.file, **counts)]
    for verdict, heading in (
        (Verdict.REFUSED, texts.REFUSED_ROWS),
        (Verdict.DOUBTFUL, texts.DOUBTFUL_ROWS),
    ):
        lines += section(heading, _sentences(file.file, rows[verdict]))
    lines += map(str, file.sheet_errors)
    lines += _states(kind, lists, places)
    lines += _settling(result.outcomes.values())
    if rows[Verdict.DOUBTFUL]:
        few = [_settled_by(item) for item in rows[Verdict.DOUBTFUL][:_SHOWN]]
        lines.append(texts.TO_SETTLE.format(rows=",".join(few)))
    if any(_is_ready(listed) for _, listed in lists):
        lines.append(texts.TO_PUBLISH)
    if dry_run:
        lines.append(texts.DRY_RUN)
    return Report(counts, content, tuple(lines))


def _final(kind: RecordKind, item: JudgedRecord, accepted: frozenset[str]) -> Verdict:
    """The verdict once doubts that somebody accepted are settled."""
    if item.verdict is not Verdict.DOUBTFUL:
        return item.verdict
    reasons = [Reason(reason.column, "", "") for reason in item.reasons]
    is_settled = doubt_of(line_of(kind, item.row.values), reasons) in accepted
    return Verdict.ACCEPTED if is_settled else Verdict.DOUBTFUL


def _lists_of(result: RecordsResult, gathered: GatheredRecords) -> Iterator[tuple[str, Listed]]:
    """The lists that a file has rows in, by village."""
    for village in sorted(gathered.lists):
        outcome = result.outcomes.get(village)
        for listed in outcome.lists if outcome else ():
            if (listed.book, listed.period) in gathered.lists[village]:
                yield village, listed


def _row(kind: RecordKind, item: JudgedRecord) -> dict[str, Any]:
    return item.row.as_json(kind) | {"reasons": reasons_as_json(item.reasons)}


def _name(places: Places, code: str) -> str:
    village = places.village(code)
    return village.name if isinstance(village, Region) else code


def _settled_by(item: JudgedRecord) -> str:
    row = item.row
    return f"{row.sheet}!{row.row}" if row.sheet else str(row.row)


# --- lines to read --------------------------------------------------------------------------------


def _sentences(file: str, items: Iterable[JudgedRecord]) -> Iterator[str]:
    for item in items:
        for reason in item.reasons:
            yield hide_personal(reason.sentence(file, item.row.sheet, item.row.row))


def _states(kind: RecordKind, lists: Sequence[tuple[str, Listed]], places: Places) -> Iterator[str]:
    if lists and not any(listed.is_news for _, listed in lists):
        yield texts.NOTHING_NEW
    for village in dict.fromkeys(code for code, _ in lists):
        own = [listed for code, listed in lists if code == village]
        yield texts.SERIES.format(village=_name(places, village), book=kind.name)
        yield from _of_village(kind, own)


def _of_village(kind: RecordKind, lists: Sequence[Listed]) -> Iterator[str]:
    """What became of a village's lists: those alike in one line, the others with what and why."""
    old = [one for one in lists if one.state is State.PUBLISHED and not one.is_news]
    for found, text in (
        ([one for one in lists if one.was_published], texts.LISTS_PUBLISHED),
        ([one for one in lists if one.was_signed], texts.LISTS_SIGNED),
        (old, texts.LISTS_UNCHANGED),
        ([one for one in lists if _is_ready(one)], texts.LISTS_READY),
    ):
        if found:
            names = wording.few([_called(kind, one) for one in found], _SHOWN)
            yield text.format(count=len(found), names=names)
    for one in lists:
        if one.hindrances:
            yield texts.LIST_HELD_BACK.format(name=_called(kind, one))
            yield from (texts.MONTH_WHY.format(reason=reason) for reason in one.hindrances)
        if one.action is Action.REVERTED:
            yield texts.LIST_REVERTED.format(name=_called(kind, one))
        elif one.action is Action.CHANGED and one.difference:
            yield texts.LIST_CHANGED.format(name=_called(kind, one))
            yield from _difference(kind, one)


def _is_ready(listed: Listed) -> bool:
    return listed.state.is_open and not listed.was_signed and not listed.hindrances


def _called(kind: RecordKind, listed: Listed) -> str:
    """最低生活保障 2026年10月; a thing by itself by its name."""
    if kind.is_list:
        return f"{listed.book} {record_wording.period(listed.period)}"
    values = dict(listed.entries[0])
    return " ".join(str(values[key]) for key in kind.head if values.get(key))


def _difference(kind: RecordKind, listed: Listed) -> Iterator[str]:
    found = listed.difference
    lines = [
        texts.ROW_CHANGED.format(
            row=record_wording.row_in_words(kind, old), what=record_wording.changes(kind, old, new)
        )
        for old, new in found.changed
    ]
    for rows, text in ((found.added, texts.ADDED), (found.removed, texts.REMOVED)):
        lines += [text.format(line=record_wording.row_in_words(kind, row)) for row in rows]
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield "    " + texts.AND_MORE.format(count=len(lines) - _SHOWN)


def _settling(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        for rows, text in ((outcome.settled, texts.SETTLED), (outcome.unsettled, texts.UNSETTLED)):
            if rows:
                places = [wording.place(row.sheet, row.row) for row in rows]
                yield text.format(rows=wording.few(places, _SHOWN))
