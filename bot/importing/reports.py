"""The report on an import: for programs as JSON (contract.md 2), for people in short lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.importing import texts
from bot.importing.gathering import Gathered
from bot.importing.ledger import Result
from bot.importing.lists import Stored
from bot.importing.owners import Key
from bot.importing.places import Places
from bot.importing.stated import Judged
from storage import wording
from storage.batches import Action, Month
from storage.bodies import Line
from storage.disclosures import State
from storage.dossiers import Reason, doubt_of
from storage.ledgers import shifted
from storage.regions import Region
from understanding.personal import hide_personal
from workbooks.ledger import Verdict
from workbooks.problems import Reason as Problem

MOST_ROWS = 2_000
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Report:
    """One file's report: as an object for `--json`, and as lines to read."""

    counts: dict[str, int]
    content: dict[str, Any]
    lines: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the file could be read."""
        return not (self.counts["accepted"] or self.counts["doubtful"])

    def as_json(self) -> str:
        return json.dumps(self.content, ensure_ascii=False)


# --- lists ----------------------------------------------------------------------------------------


def report_list(kind: str, stored: Stored, *, dry_run: bool) -> Report:
    """Villages, people or holidays."""
    reading, changes = stored.reading, stored.changes
    counts = {
        "accepted": len(reading.accepted),
        "doubtful": 0,
        "refused": len(reading.refused),
        "ignored": len(reading.ignored),
    }
    refused = [
        {"sheet": row.sheet, "row": row.row, "reasons": reasons_as_json(row.reasons)}
        for row in reading.refused
    ]
    content = {
        "file": reading.file,
        "kind": kind,
        "counts": counts,
        "accepted": few_rows([row.as_json() for row in reading.accepted]),
        "doubtful": [],
        "refused": refused,
        "ignored": [item.as_json() for item in reading.ignored],
        "totals": [],
        "disclosures": [],
    }
    sentences = [text for row in reading.refused for text in row.sentences(reading.file)]
    lines = [texts.LIST_COUNTS.format(file=reading.file, **counts)]
    lines += section(texts.REFUSED_ROWS, map(hide_personal, sentences))
    if changes:
        lines.append(texts.LIST_CHANGES.format(added=changes.added, changed=changes.changed))
    elif reading.accepted:
        lines.append(texts.NOTHING_NEW)
    if dry_run:
        lines.append(texts.DRY_RUN)
    return Report(counts, content, tuple(lines))


def few_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All of them; none where they are too many to print (contract.md 2)."""
    return rows if len(rows) <= MOST_ROWS else []


def reasons_as_json(reasons: Iterable[Problem]) -> list[dict[str, str]]:
    """Column, found and expected of each; nothing personal."""
    return [reason.as_json() | {"found": hide_personal(reason.found)} for reason in reasons]


# --- ledgers --------------------------------------------------------------------------------------


def report_ledger(result: Result, gathered: Gathered, places: Places, *, dry_run: bool) -> Report:
    """A ledger file: its rows, and what became of its months."""
    rows: dict[Verdict, list[Judged]] = {verdict: [] for verdict in Verdict}
    accepted = {doubt for outcome in result.outcomes.values() for doubt in outcome.accepted}
    for item in gathered.rows:
        rows[_final(item, accepted)].append(item)
    counts = {verdict.value: len(items) for verdict, items in rows.items()}
    counts["ignored"] = len(gathered.file.ignored)
    months = result.months_of(gathered)
    content = {
        "file": gathered.file.file,
        "kind": "ledger",
        "counts": counts,
        "accepted": _accepted(rows[Verdict.ACCEPTED]),
        "doubtful": [_row(item) for item in rows[Verdict.DOUBTFUL]],
        "refused": [_row(item) for item in rows[Verdict.REFUSED]],
        "ignored": [item.as_json() for item in gathered.file.ignored],
        "totals": [total.as_json() for total in gathered.file.totals],
        "disclosures": [
            {
                "id": month.id,
                "village": _name(places, key[0]),
                "book": key[1],
                "period": month.period,
                "state": month.state.value,
            }
            for key, month in months
        ],
    }
    lines = _Lines(gathered, places).of(rows, counts, months, result)
    if dry_run:
        lines.append(texts.DRY_RUN)
    return Report(counts, content, tuple(lines))


def _final(item: Judged, accepted: set[str]) -> Verdict:
    """The verdict once doubts that somebody accepted are settled."""
    row = item.row
    if item.verdict is not Verdict.DOUBTFUL or not (row.date and row.direction):
        return item.verdict
    line = Line(
        row.date.isoformat(), row.voucher_no or "", row.summary or "", row.subject or "",
        row.direction.value, row.amount_fen or 0, row.payee_public or "", row.handler or "",
        row.approver or "", row.supervisors,
    )  # fmt: skip
    reasons = [Reason(reason.column, "", "") for reason in item.reasons]
    return Verdict.ACCEPTED if doubt_of(line, reasons) in accepted else Verdict.DOUBTFUL


def _accepted(items: Sequence[Judged]) -> list[dict[str, Any]]:
    if len(items) > MOST_ROWS:
        return []
    rows = [_row(item) for item in items]
    for row in rows:
        row.pop("reasons", None)
    return rows


def _row(item: Judged) -> dict[str, Any]:
    row = item.row.as_json()
    if item.reasons:
        row["reasons"] = reasons_as_json(item.reasons)
    return row


def _name(places: Places, code: str) -> str:
    village = places.village(code)
    return village.name if isinstance(village, Region) else code


class _Lines:
    """The readable report on one ledger file."""

    def __init__(self, gathered: Gathered, places: Places) -> None:
        self._file = gathered.file.file
        self._gathered = gathered
        self._places = places

    def of(
        self,
        rows: dict[Verdict, list[Judged]],
        counts: dict[str, int],
        months: Sequence[tuple[Key, Month]],
        result: Result,
    ) -> list[str]:
        doubtful, refused = rows[Verdict.DOUBTFUL], rows[Verdict.REFUSED]
        lines = [texts.LEDGER_COUNTS.format(file=self._file, **counts)]
        lines += section(texts.REFUSED_ROWS, self._sentences(refused))
        lines += section(texts.DOUBTFUL_ROWS, self._sentences(doubtful))
        lines += self._hints()
        lines += self._series(months)
        lines += self._settling(result)
        if doubtful:
            few = [
                f"{i.row.sheet}!{i.row.row}" if i.row.sheet else str(i.row.row) for i in doubtful
            ]
            lines.append(texts.TO_SETTLE.format(rows=",".join(few[:_SHOWN])))
        if any(
            month.state.is_open and not month.was_signed and not month.hindrances
            for _, month in months
        ):
            lines.append(texts.TO_PUBLISH)
        return lines

    def _sentences(self, items: Iterable[Judged]) -> Iterator[str]:
        """A sentence for each reason; one for all rows of a sheet that have it in common."""
        alike: dict[tuple[str, Problem], list[int]] = {}
        for item in items:
            for reason in item.reasons:
                alike.setdefault((item.row.sheet, reason), []).append(item.row.row)
        for (sheet, reason), rows in alike.items():
            sentence = hide_personal(reason.sentence(self._file, sheet, rows[0]))
            if len(rows) > 1:
                sentence = texts.ALIKE.format(sentence=sentence, count=len(rows))
            yield sentence

    def _hints(self) -> Iterator[str]:
        sheets = [item.sheet for item in self._gathered.file.ignored_sheets]
        if sheets:
            yield texts.IGNORED_SHEETS.format(sheets="、".join(sheets))
        for error in self._gathered.file.sheet_errors:
            yield str(error)

    def _settling(self, result: Result) -> Iterator[str]:
        for outcome in result.outcomes.values():
            for rows, text in (
                (outcome.settled, texts.SETTLED),
                (outcome.unsettled, texts.UNSETTLED),
            ):
                places = [wording.place(row.sheet, row.row) for row in rows]
                if places:
                    yield text.format(rows=wording.few(places, _SHOWN))

    def _series(self, months: Sequence[tuple[Key, Month]]) -> Iterator[str]:
        if months and not any(month.is_news for _, month in months):
            yield texts.NOTHING_NEW
        keys = dict.fromkeys(key for key, _ in months)
        for key in keys:
            own = [month for found, month in months if found == key]
            yield texts.SERIES.format(village=_name(self._places, key[0]), book=key[1])
            yield from _months_in_words(own)


def section(heading: str, sentences: Iterable[str]) -> list[str]:
    """A heading and some of the sentences under it; nothing where there are none."""
    found = list(sentences)
    if not found:
        return []
    more = [texts.AND_MORE.format(count=len(found) - _SHOWN)] if len(found) > _SHOWN else []
    return [heading, *(f"  {sentence}" for sentence in found[:_SHOWN]), *more]


def _months_in_words(months: Sequence[Month]) -> Iterator[str]:
    """What became of a book's months: those alike in one line, the others with what and why."""
    unchanged = [m for m in months if m.state is State.PUBLISHED and m.action is Action.UNCHANGED]
    published = [m for m in months if m.was_published]
    ready = [m for m in months if m.state.is_open and not m.was_signed and not m.hindrances]
    signed = [m for m in months if m.was_signed]
    if signed:
        yield texts.MONTHS_SIGNED.format(months=_span(signed))
    for found, text in (
        (published, texts.MONTHS_PUBLISHED),
        ([m for m in unchanged if not m.was_published], texts.MONTHS_UNCHANGED),
        (ready, texts.MONTHS_READY),
    ):
        if found:
            yield text.format(months=_span(found))
    for month in months:
        name = _month(month.period)
        if month.state.is_open and month.hindrances:
            yield texts.MONTH_HELD_BACK.format(month=name)
            yield from (texts.MONTH_WHY.format(reason=reason) for reason in month.hindrances)
        if month.next_is_off:
            after = _month(shifted(month.period, 1))
            yield texts.NEXT_MONTH_OFF.format(month=after, before=name)
        if month.action is Action.REVERTED:
            yield texts.MONTH_REVERTED.format(month=name)
        elif month.action is Action.CHANGED:
            yield from _difference(month)


def _difference(month: Month) -> Iterator[str]:
    found, (before, after) = month.difference, month.opening
    openings = before != after and after is not None and month.version > 1
    if not found and not openings:
        return
    lines = [texts.CHANGED.format(old=_line(old), new=_line(new)) for old, new in found.changed]
    lines += [texts.ADDED.format(line=_line(line)) for line in found.added]
    lines += [texts.REMOVED.format(line=_line(line)) for line in found.removed]
    if openings and after is not None:
        was = texts.UNSTATED if before is None else wording.yuan(before)
        lines.append(texts.OPENING.format(before=was, after=wording.yuan(after)))
    yield texts.DIFFERENCE.format(month=_month(month.period))
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield "    " + texts.AND_MORE.format(count=len(lines) - _SHOWN)


def _line(line: Line) -> str:
    return texts.LINE.format(
        day=wording.day(line.date),
        voucher=f" {line.voucher_no}" if line.voucher_no else "",
        direction=line.direction,
        yuan=wording.yuan(line.amount_fen),
        summary=line.summary or "",
        payee=line.payee or "",
    )


def _month(period: str) -> str:
    return wording.month(period)


def _span(months: Sequence[Month]) -> str:
    """2025年5月到2026年10月,共18个月"""
    periods = [month.period for month in months]
    if len(periods) == 1:
        return _month(periods[0])
    runs: list[list[str]] = []
    for period in periods:
        if runs and period == shifted(runs[-1][-1], 1):
            runs[-1].append(period)
        else:
            runs.append([period])
    words = [
        texts.SPAN.format(first=_month(run[0]), last=_month(run[-1]))
        if len(run) > 1
        else _month(run[0])
        for run in runs
    ]
    return texts.COUNTED.format(months="、".join(words), count=len(periods))
