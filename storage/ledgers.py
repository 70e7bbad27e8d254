"""Bringing in a village's ledger: what its months become, which of them may be published.

One call is one book of one village, in one transaction: all of it or nothing. design.md, section 4
has the rules; `merging` and `balancing` hold them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage import audit, disclosures, texts, wording
from storage.balancing import Balance, Stated, Stray, Verdict, judge
from storage.bodies import (
    Line,
    Version,
    Written,
    compose,
    expense_of,
    in_order,
    income_of,
    parse,
)
from storage.database import Database
from storage.disclosures import Draft, Series, State, Stub
from storage.dossiers import Dossier, Reason, Remark, doubt_of
from storage.ids import new_id
from storage.merging import Difference, Held, difference, merge
from storage.moments import to_ms
from storage.people import holders

REVIEWER = "审核"

_LOCK = 0x6D62_0003


@dataclass(frozen=True, slots=True)
class Brought:
    """A row as a file brings it. `reasons` say why it is doubtful; `settle` asks to accept it."""

    line: Line
    file: str
    sheet: str
    row: int
    reasons: tuple[Reason, ...] = ()
    settle: bool = False


@dataclass(slots=True)
class Batch:
    """What one command brings for one book of one village.

    `rows` are by statement: the month that the sheet is for; `stated` is what the sheet says of
    them. What is refused is by statement and the month that it stands against.
    """

    village: str
    book: str
    rhythm: str = ""
    rows: dict[str, list[Brought]] = field(default_factory=dict)
    refused: dict[tuple[str, str], list[Remark]] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)

    @property
    def covered(self) -> frozenset[str]:
        """The statements that this batch brings in anew."""
        refused = {statement for statement, _ in self.refused}
        return frozenset(refused | self.rows.keys() | self.stated.keys())


class Action(StrEnum):
    """What an import did to a month."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REVERTED = "reverted"  # back to what is published: the draft is gone


@dataclass(frozen=True, slots=True)
class Order:
    """Who brings the batch in, when, and whether what may be published is to be."""

    actor: str
    now: datetime
    today: date
    publish: bool = False


@dataclass(slots=True)
class Month:
    """What became of one month. `hindrances` say why it was not published, in words."""

    period: str
    id: str = ""
    version: int = 0
    state: State = State.DRAFT
    action: Action = Action.UNCHANGED
    difference: Difference = field(default_factory=Difference)
    opening: tuple[int | None, int | None] = (None, None)
    entries: int = 0
    income_fen: int = 0
    expense_fen: int = 0
    hindrances: tuple[str, ...] = ()
    was_published: bool = False  # by this command
    link: int = 0

    @property
    def is_news(self) -> bool:
        """Whether anything became of it."""
        return self.was_published or self.action is not Action.UNCHANGED


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. `unsettled` are rows whose doubt this actor may not settle.

    `accepted` are the doubts that somebody has accepted, now or earlier (`dossiers.doubt_of`).
    """

    months: tuple[Month, ...]
    accepted: frozenset[str] = frozenset()
    settled: tuple[Brought, ...] = ()
    unsettled: tuple[Brought, ...] = ()


@dataclass(slots=True)
class _Work:
    """A month while it is worked on."""

    period: str
    series: Series
    dossier: Dossier
    before: Version | None  # what is published
    head: Version | None  # the draft where there is one, else what is published
    stored: tuple[str, str]  # body and personal values of the draft
    held: list[Held]
    incoming: dict[str, list[Brought]]  # by statement
    verdict: Verdict = field(default_factory=lambda: Verdict(None, None))

    def written(self) -> tuple[Written, ...]:
        """The entries in the order in which they are published."""
        return in_order(entry.written for entry in self.held)


async def bring_in(db: Database, batch: Batch, order: Order) -> Outcome:
    """Stores a batch and publishes what may be published, in the caller's transaction or its own.

    Doubts are settled and months published only by whoever may sign: where the village has people
    with the role 审核, by one of them who did not bring the rows in.
    """
    async with db.transaction():
        await audit.serialise(db, _LOCK)
        series = await disclosures.series_of(db, batch.village, batch.book)
        people = await holders(db, REVIEWER, batch.village, order.today)
        reviewers = {person.id for person in people}
        works = await _works(db, batch, series)
        for work in works:
            _merge(batch, work, order)
        settled, unsettled = await _settle(db, batch, works, reviewers, order)
        accepted = await _accepted(db, batch)
        for work in works:
            _remark(work, accepted)
        strays = _strays(series, works)
        closings: dict[str, int | None] = {}
        months = []
        for work in works:
            before = await _closing_before(db, work.period, series, closings)
            work.verdict = _judge(work, before, strays)
            month = await _store(db, batch, work, order)
            if month is None:
                continue
            if month.state is State.DRAFT:
                month.hindrances = _hindrances(work, reviewers, order)
                if order.publish and not month.hindrances:
                    month.link = await disclosures.publish(db, month.id, order.actor, order.now)
                    month.state, month.was_published = State.PUBLISHED, True
                    closings[work.period] = work.verdict.closing_fen
            elif work.before:
                closings[work.period] = work.before.closing_fen
            months.append(month)
    return Outcome(tuple(months), accepted, settled, unsettled)


async def _works(db: Database, batch: Batch, series: dict[str, Series]) -> list[_Work]:
    """The months in which something may change, in order."""
    covered = batch.covered
    incoming: dict[str, dict[str, list[Brought]]] = defaultdict(lambda: defaultdict(list))
    for statement, rows in batch.rows.items():
        for brought in rows:
            incoming[brought.line.period][statement].append(brought)
    periods = set(incoming)
    told = covered | {period for _, period in batch.refused}
    for period, versions in series.items():
        head = versions.head
        if head and (period in told or Dossier.from_json(head.dossier).mentions(covered)):
            periods.add(period)
    return [await _work(db, period, series, incoming[period]) for period in sorted(periods)]


async def _work(
    db: Database,
    period: str,
    series: dict[str, Series],
    incoming: dict[str, list[Brought]],
) -> _Work:
    versions = series.setdefault(period, Series())
    published, draft, head = versions.published, versions.draft, versions.head
    before = parse(*await disclosures.content(db, published.id)) if published else None
    stored = await disclosures.content(db, draft.id) if draft else ("", "")
    latest = parse(*stored) if draft else before
    dossier = Dossier.from_json(head.dossier) if head else Dossier()
    held = dossier.held(latest.entries, period, head.author) if latest and head else []
    return _Work(period, versions, dossier, before, latest, stored, held, incoming)


def _merge(batch: Batch, work: _Work, order: Order) -> None:
    incoming = {
        statement: [brought.line for brought in rows] for statement, rows in work.incoming.items()
    }
    earlier = work.before.entries if work.before else ()
    work.held = merge(work.held, incoming, batch.covered, order.actor, earlier)
    work.dossier.forget(batch.covered, work.period)
    if work.period in batch.stated:
        work.dossier.stated = batch.stated[work.period]
    for (_, period), remarks in batch.refused.items():
        if period == work.period:
            work.dossier.refused += remarks
    if work.period in batch.balances:
        work.dossier.balance = batch.balances[work.period]


# --- doubts ---------------------------------------------------------------------------------------


async def _settle(
    db: Database, batch: Batch, works: Iterable[_Work], reviewers: set[str], order: Order
) -> tuple[tuple[Brought, ...], tuple[Brought, ...]]:
    """Accepts the doubts that were asked for; gives those that were, and those that may not be."""
    importers = {entry.line: entry.importer for work in works for entry in work.held}
    asked = [row for rows in batch.rows.values() for row in rows if row.settle and row.reasons]
    settled, unsettled = [], []
    for row in asked:
        may = order.actor in reviewers and importers.get(row.line) != order.actor
        if reviewers and not may:
            unsettled.append(row)
            continue
        settled.append(row)
        await db.run(
            "INSERT INTO accepted_doubts (id, village, book, doubt, actor, at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (village, book, doubt) DO NOTHING",
            new_id(), batch.village, batch.book, doubt_of(row.line, row.reasons), order.actor,
            to_ms(order.now),
        )  # fmt: skip
    if settled:
        await audit.record(
            db, order.actor, "accepted", f"{batch.village}/{batch.book}",
            {"rows": [f"{row.sheet}!{row.row}" for row in settled]}, now=order.now,
        )  # fmt: skip
    return tuple(settled), tuple(unsettled)


async def _accepted(db: Database, batch: Batch) -> frozenset[str]:
    rows = await db.rows(
        "SELECT doubt FROM accepted_doubts WHERE village = ? AND book = ?",
        batch.village,
        batch.book,
    )
    return frozenset(row["doubt"] for row in rows)


def _remark(work: _Work, accepted: frozenset[str]) -> None:
    """Notes the doubts that are open; what was accepted once needs no second word."""
    for statement, rows in work.incoming.items():
        for row in rows:
            if row.reasons:
                doubt = doubt_of(row.line, row.reasons)
                remark = Remark(statement, row.file, row.sheet, row.row, row.reasons, doubt)
                work.dossier.doubts.append(remark)
    work.dossier.doubts = [remark for remark in work.dossier.doubts if remark.doubt not in accepted]


# --- figures --------------------------------------------------------------------------------------


def _strays(series: Mapping[str, Series], works: Iterable[_Work]) -> list[Stray]:
    """Every entry of the book that stood in another month's sheet only."""
    found = [
        Stray(min(entry.statements), work.period, entry.line.signed_fen)
        for work in works
        for entry in work.held
        if work.period not in entry.statements
    ]
    worked = {work.period for work in works}
    for period, versions in series.items():
        if versions.head and period not in worked:
            found += Dossier.from_json(versions.head.dossier).strays(period)
    return found


async def _closing_before(
    db: Database, period: str, series: Mapping[str, Series], closings: Mapping[str, int | None]
) -> int | None:
    """The closing balance that is published for the month before."""
    year, month = int(period[:4]), int(period[5:7])
    before = f"{year:04d}-{month - 1:02d}" if month > 1 else f"{year - 1:04d}-12"
    if before in closings:
        return closings[before]
    published = series[before].published if before in series else None
    if published is None:
        return None
    return parse(*await disclosures.content(db, published.id)).closing_fen


def _judge(work: _Work, before_fen: int | None, strays: Iterable[Stray]) -> Verdict:
    return judge(
        work.period,
        [entry.line for entry in work.held],
        stated=work.dossier.stated,
        balance=work.dossier.balance,
        before_fen=before_fen,
        strays=strays,
    )


# --- versions -------------------------------------------------------------------------------------


async def _store(db: Database, batch: Batch, work: _Work, order: Order) -> Month | None:
    """Writes the month down as far as it changed; None where nothing is left of it."""
    written, draft = work.written(), work.series.draft
    if not written and work.before is None:
        if draft:
            await _drop(db, draft, order)
        return None
    lines = [entry.line for entry in written]
    month = Month(
        period=work.period,
        difference=difference(work.head.entries if work.head else (), written),
        opening=(work.head.opening_fen if work.head else None, work.verdict.opening_fen),
        entries=len(lines),
        income_fen=income_of(lines),
        expense_fen=expense_of(lines),
    )
    if work.before and work.series.published and not _differs(work, written):
        return await _keep_published(db, work, work.series.published, month, order)
    if month.difference.removed and order.actor not in work.dossier.removers:
        work.dossier.removers.append(order.actor)
    author = draft.author if draft else order.actor
    work.dossier.place(work.held, work.period, author)
    month.id = draft.id if draft else new_id()
    month.version = draft.version if draft else work.series.last_version + 1
    content = _draft(batch, work, written, month.version, author)
    if draft is None:
        month.action = Action.CHANGED if work.before else Action.NEW
        await disclosures.add_drafts(db, [(month.id, content)], order.now)
    elif (content.body, content.personal, content.dossier) != (*work.stored, draft.dossier):
        month.action = Action.CHANGED if month.difference else Action.UNCHANGED
        await disclosures.rewrite_draft(db, month.id, content)
    return month


def _differs(work: _Work, written: tuple[Written, ...]) -> bool:
    """Whether the month is another than the one published: in a row, or in its opening balance.

    An opening balance that only the month before tells is no reason for a new version.
    """
    if work.before is None or difference(work.before.entries, written):
        return True
    opening = work.dossier.stated.opening_fen
    is_stated = work.dossier.balance is not None or opening is not None
    return is_stated and work.verdict.opening_fen != work.before.opening_fen


async def _keep_published(
    db: Database, work: _Work, published: Stub, month: Month, order: Order
) -> Month:
    """The month is what is published: a draft above it is dropped."""
    if work.series.draft:
        month.action = Action.REVERTED
        await _drop(db, work.series.draft, order)
    work.dossier.doubts, work.dossier.refused, work.dossier.removers = [], [], []
    work.dossier.place(work.held, work.period, published.author)
    told = work.dossier.as_json()
    if told != published.dossier:
        await disclosures.note_dossier(db, published.id, told)
    month.id, month.version, month.state = published.id, published.version, State.PUBLISHED
    return month


async def _drop(db: Database, draft: Stub, order: Order) -> None:
    await disclosures.drop_draft(db, draft.id)
    await audit.record(db, order.actor, "dropped", draft.id, now=order.now)


def _draft(
    batch: Batch, work: _Work, written: tuple[Written, ...], number: int, author: str
) -> Draft:
    before = work.before
    reason = ""
    if before:
        openings = (before.opening_fen, work.verdict.opening_fen)
        reason = wording.reason(difference(before.entries, written), openings)
    body, personal = compose(
        Version(
            village=batch.village,
            book=batch.book,
            period=work.period,
            version=number,
            reason=reason,
            opening_fen=work.verdict.opening_fen,
            closing_fen=work.verdict.closing_fen,
            entries=written,
        )
    )
    return Draft(
        village=batch.village,
        book=batch.book,
        rhythm=batch.rhythm,
        period=work.period,
        version=number,
        body=body,
        personal=personal,
        dossier=work.dossier.as_json(),
        author=author,
        reason=reason,
    )


def _hindrances(work: _Work, reviewers: set[str], order: Order) -> tuple[str, ...]:
    """Every reason why the month may not be published, by this actor or at all."""
    found = list(work.verdict.problems)
    for remarks, text in (
        (work.dossier.doubts, texts.OPEN_DOUBTS),
        (work.dossier.refused, texts.REFUSED_ROWS),
    ):
        if remarks:
            places = [wording.place(remark.sheet, remark.row) for remark in remarks]
            found.append(text.format(count=len(remarks), rows=wording.few(places)))
    if order.publish and reviewers:
        if order.actor not in reviewers:
            found.append(texts.NEEDS_REVIEWER.format(role=REVIEWER))
        elif order.actor in _importers(work):
            found.append(texts.OWN_ROWS)
    return tuple(found)


def _importers(work: _Work) -> set[str]:
    """Who brought in, or took out, what is not published yet."""
    known = {entry.id: entry.line for entry in work.before.entries} if work.before else {}
    fresh = {entry.importer for entry in work.held if known.get(entry.written.id) != entry.line}
    return fresh | set(work.dossier.removers)
