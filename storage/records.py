"""Bringing in what a village discloses besides accounts: what its lists become, what is published.

One call is one kind of one village, in one transaction: all of it or nothing. A list is what
shares book and period; it is brought in whole (workbooks.records.fields.RecordKind).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage import audit, disclosures, doubts, record_wording, signatures, texts, wording
from storage.batches import Action, Order
from storage.canonical import canonical
from storage.database import Database
from storage.disclosures import Draft, NotPossible, Series, State
from storage.dossiers import Reason, Remark, doubt_of
from storage.ids import new_id
from storage.panels import Concern, named, panel
from storage.record_bodies import Line, Version, Written, compose, parse
from storage.record_merging import Difference, difference, merge
from storage.signatures import Standing
from workbooks.records.fields import RecordKind

_LOCK = 0x6D62_0008
_BEARER = "bearer"  # the column 责任人

Key = tuple[str, str]
"""Book and period."""


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """A row as a file brings it. `reasons` say why it is doubtful; `settle` asks to accept it."""

    line: Line
    file: str
    sheet: str
    row: int
    reasons: tuple[Reason, ...] = ()
    settle: bool = False


@dataclass(slots=True)
class BroughtList:
    """All that a file says of one list. `problems` are totals that do not add up, in words."""

    rows: list[BroughtRow] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RecordBatch:
    """What one command brings of one kind for one village."""

    village: str
    kind: RecordKind
    lists: dict[Key, BroughtList] = field(default_factory=dict)


@dataclass(slots=True)
class Listed:
    """What became of one list. `hindrances` say why it was not published, in words."""

    book: str
    period: str
    id: str
    version: int = 0
    state: State = State.DRAFT
    action: Action = Action.UNCHANGED
    difference: Difference = field(default_factory=Difference)
    entries: tuple[Line, ...] = ()
    hindrances: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()  # whose signatures it bears
    was_signed: bool = False  # by this command, which was not the last signature needed
    was_published: bool = False  # by this command

    @property
    def is_news(self) -> bool:
        """Whether anything became of it."""
        return self.was_published or self.was_signed or self.action is not Action.UNCHANGED


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. `unsettled` are rows whose doubt this actor may not settle.

    `accepted` are the doubts that somebody has accepted, now or earlier (`dossiers.doubt_of`).
    """

    lists: tuple[Listed, ...]
    accepted: frozenset[str] = frozenset()
    settled: tuple[BroughtRow, ...] = ()
    unsettled: tuple[BroughtRow, ...] = ()


@dataclass(slots=True)
class _Work:
    """A list while it is worked on."""

    key: Key
    series: Series
    before: Version | None  # what is published
    head: Version | None  # the draft where there is one, else what is published
    brought: BroughtList
    entries: tuple[Written, ...]
    importers: list[str]  # who brought in what is not published
    note: str  # why it is corrected, in the words of whoever does it


async def bring_in(db: Database, batch: RecordBatch, order: Order) -> Outcome:
    """Stores a batch and publishes what may be published, in the caller's transaction or its own.

    Doubts are settled and lists signed only by whoever may (storage.panels). The last signature
    that is needed publishes.
    """
    async with db.transaction():
        await audit.serialise(db, _LOCK)
        reviewing = await panel(db, batch.village, order.today)
        series = await disclosures.all_series(db, batch.village, batch.kind.code)
        works = [
            await _load(db, batch, key, series.get(key, Series()), order)
            for key in sorted(batch.lists)
            if batch.lists[key].rows
        ]
        asked = [
            (row, work.importers)
            for work in works
            for row in work.brought.rows
            if row.settle and row.reasons
        ]
        book, settlers = batch.kind.code, reviewing.settlers(order.actor)
        settled, unsettled = await doubts.settle(db, batch.village, book, asked, settlers, order)
        accepted = await doubts.accepted(db, batch.village, book)
        fresh: list[tuple[str, Draft]] = []
        wanted: list[Listed] = []
        done = [await _store(db, batch, work, accepted, order, fresh) for work in works]
        for listed, work in zip(done, works, strict=True):
            if listed.state.is_open:
                listed.hindrances = _hindrances(work, accepted)
                if order.publish:
                    about = _concern(batch.kind, work, listed.signers)
                    listed.hindrances += reviewing.against(order.actor, about)
                    wanted += [] if listed.hindrances else [listed]
        await disclosures.add_drafts(db, fresh, order.now)
        await signatures.sign_or_publish(db, wanted, reviewing, order)
    return Outcome(tuple(done), accepted, settled, unsettled)


async def _load(db: Database, batch: RecordBatch, key: Key, series: Series, order: Order) -> _Work:
    """The list as it stands, and as it is to be."""
    kind, brought = batch.kind, batch.lists[key]
    published, draft = series.published, series.draft
    before = parse(kind, *await disclosures.content(db, published.id)) if published else None
    head = parse(kind, *await disclosures.content(db, draft.id)) if draft else before
    held = head.entries if head else ()
    incoming = [row.line for row in brought.rows]
    entries = merge(kind, held, incoming, before.entries if before else ())
    dossier = json.loads(draft.dossier) if draft else {}
    importers: list[str] = dossier.get("importers", [])
    if order.actor not in importers and difference(held, entries):
        importers.append(order.actor)
    note = dossier.get("note", "")
    return _Work(key, series, before, head, brought, entries, importers, note)


async def _store(
    db: Database,
    batch: RecordBatch,
    work: _Work,
    accepted: frozenset[str],
    order: Order,
    fresh: list[tuple[str, Draft]],
) -> Listed:
    """Writes the list down as far as it changed; a new draft is only added to `fresh`."""
    series, before, draft = work.series, work.before, work.series.draft
    listed = Listed(*work.key, id="", entries=tuple(entry.line for entry in work.entries))
    listed.difference = difference(work.head.entries if work.head else (), work.entries)
    if before and series.published and not difference(before.entries, work.entries):
        listed.id, listed.version = series.published.id, series.published.version
        listed.state = State.PUBLISHED
        if draft:
            listed.action = Action.REVERTED
            await disclosures.drop_draft(db, draft.id)
            await audit.record(db, order.actor, "dropped", draft.id, now=order.now)
        return listed
    listed.id = draft.id if draft else new_id()
    listed.version = draft.version if draft else series.last_version + 1
    author = draft.author if draft else order.actor
    content = _draft(batch, work, listed.version, author, accepted)
    if draft is None:
        listed.action = Action.CHANGED if before else Action.NEW
        fresh.append((listed.id, content))
    elif listed.difference or content.dossier != draft.dossier:
        listed.action = Action.CHANGED if listed.difference else Action.UNCHANGED
        await disclosures.rewrite_draft(db, listed.id, content)
    else:
        listed.state, listed.signers = draft.state, draft.signers
    return listed


def _draft(
    batch: RecordBatch, work: _Work, number: int, author: str, accepted: frozenset[str]
) -> Draft:
    kind, before = batch.kind, work.before
    book, period = work.key
    first = dict(work.entries[0].line)
    disclosure_class = kind.classes.get(str(first.get(kind.class_field)), kind.disclosure_class)
    changed = difference(before.entries, work.entries) if before else Difference()
    reason = wording.with_note(work.note, record_wording.reason(kind, changed))
    body, personal = compose(
        Version(
            village=batch.village,
            kind=kind,
            disclosure_class=disclosure_class,
            book=book,
            period=period,
            version=number,
            reason=reason,
            entries=work.entries,
        )
    )
    return Draft(
        village=batch.village,
        kind=kind.code,
        disclosure_class=disclosure_class,
        book=book,
        rhythm=str(first.get(kind.rhythm_field) or kind.rhythm),
        period=period,
        version=number,
        body=body,
        personal=personal,
        dossier=_dossier(work, accepted),
        author=author,
        reason=reason,
    )


def _dossier(work: _Work, accepted: frozenset[str]) -> str:
    """For those who prepare the list: who brought it in, and what stands against it."""
    return canonical(
        {
            "importers": work.importers,
            "doubts": [remark.as_json() for remark in _open_doubts(work, accepted)],
            "refused": [remark.as_json() for remark in work.brought.refused],
            "problems": work.brought.problems,
            "note": work.note,
        }
    )


def _open_doubts(work: _Work, accepted: frozenset[str]) -> list[Remark]:
    return [
        Remark(work.key[1], row.file, row.sheet, row.row, row.reasons, doubt)
        for row in work.brought.rows
        if row.reasons and (doubt := doubt_of(row.line, row.reasons)) not in accepted
    ]


def _hindrances(work: _Work, accepted: frozenset[str]) -> tuple[str, ...]:
    """Every reason that lies in the list itself why it may not be published."""
    unsettled = doubts.in_words(_open_doubts(work, accepted), texts.OPEN_DOUBTS)
    refused = doubts.in_words(work.brought.refused, texts.REFUSED_ROWS)
    return (*work.brought.problems, *unsettled, *refused)


def _concern(kind: RecordKind, work: _Work, signers: tuple[str, ...]) -> Concern:
    """What of a list bears on who may sign it."""
    before = work.before.entries if work.before else ()
    fresh = _fresh(before, work.entries)
    return Concern(frozenset(work.importers), _acting(kind, fresh), signers)


def _fresh(before: Iterable[Written], entries: Iterable[Written]) -> list[Line]:
    """The rows that are not published yet."""
    known = {entry.id: entry.line for entry in before}
    return [entry.line for entry in entries if known.get(entry.id) != entry.line]


def _acting(kind: RecordKind, lines: Iterable[Line]) -> dict[str, str]:
    """The names of those who answer for the execution of something in these rows."""
    if all(field.key != _BEARER for field in kind.fields):
        return {}
    told = (str(dict(line).get(_BEARER) or "") for line in lines)
    return {name: texts.BEARS for text in told for name in named(text)}


async def standing(
    db: Database, kind: RecordKind, village: str, book: str, period: str
) -> Standing:
    """What stands for and against the open version of a list, as of now."""
    series = (await disclosures.all_series(db, village, kind.code))[book, period]
    if series.draft is None:
        raise NotPossible(book)
    entries = parse(kind, *await disclosures.content(db, series.draft.id)).entries
    before = (
        parse(kind, *await disclosures.content(db, series.published.id)).entries
        if series.published
        else ()
    )
    dossier = json.loads(series.draft.dossier)
    accepted = await doubts.accepted(db, village, kind.code)
    refused = map(Remark.from_json, dossier["refused"])
    remarks = map(Remark.from_json, dossier["doubts"])
    return Standing(
        problems=(*dossier["problems"], *doubts.in_words(refused, texts.REFUSED_ROWS)),
        doubts=tuple(remark for remark in remarks if remark.doubt not in accepted),
        concern=Concern(
            frozenset(dossier["importers"]),
            _acting(kind, _fresh(before, entries)),
            series.draft.signers,
        ),
    )
