"""A month while an import works on it: loaded, compared, written down as a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storage import audit, disclosures, doubts, texts, wording
from storage.balancing import Stray, Verdict, judge
from storage.batches import Action, Batch, Brought, Month, Order
from storage.bodies import (
    CLASS,
    KIND,
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
from storage.dossiers import Dossier
from storage.ids import new_id
from storage.merging import Held, difference, merge
from storage.panels import Concern, Panel, named


@dataclass(slots=True)
class Work:
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


async def load(
    db: Database,
    period: str,
    series: dict[str, Series],
    incoming: dict[str, list[Brought]],
) -> Work:
    versions = series.setdefault(period, Series())
    published, draft, head = versions.published, versions.draft, versions.head
    before = parse(*await disclosures.content(db, published.id)) if published else None
    stored = await disclosures.content(db, draft.id) if draft else ("", "")
    latest = parse(*stored) if draft else before
    dossier = Dossier.from_json(head.dossier) if head else Dossier()
    held = dossier.held(latest.entries, period, head.author) if latest and head else []
    if draft is None:
        dossier.note = ""  # it told of the version before
    return Work(period, versions, dossier, before, latest, stored, held, incoming)


def take_in(batch: Batch, work: Work, order: Order) -> None:
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


def weigh(work: Work, before_fen: int | None, strays: Iterable[Stray]) -> Verdict:
    return judge(
        work.period,
        [entry.line for entry in work.held],
        stated=work.dossier.stated,
        balance=work.dossier.balance,
        before_fen=before_fen,
        strays=strays,
    )


Fresh = list[tuple[str, Draft]]
"""New drafts by their ids, to be written down together."""


async def store(db: Database, batch: Batch, work: Work, order: Order, fresh: Fresh) -> Month | None:
    """Writes the month down as far as it changed; None where nothing is left of it.

    A new draft is only added to `fresh`.
    """
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
        fresh.append((month.id, content))
    elif (content.body, content.personal, content.dossier) == (*work.stored, draft.dossier):
        month.state, month.signers = draft.state, draft.signers
    else:
        month.action = Action.CHANGED if month.difference else Action.UNCHANGED
        await disclosures.rewrite_draft(db, month.id, content)
    return month


def _differs(work: Work, written: tuple[Written, ...]) -> bool:
    """Whether the month is another than the one published: in a row, or in its opening balance.

    An opening balance that only the month before tells is no reason for a new version.
    """
    if work.before is None or difference(work.before.entries, written):
        return True
    opening = work.dossier.stated.opening_fen
    is_stated = work.dossier.balance is not None or opening is not None
    return is_stated and work.verdict.opening_fen != work.before.opening_fen


async def _keep_published(
    db: Database, work: Work, published: Stub, month: Month, order: Order
) -> Month:
    """The month is what is published: a draft above it is dropped."""
    if work.series.draft:
        month.action = Action.REVERTED
        await _drop(db, work.series.draft, order)
    work.dossier.doubts, work.dossier.refused, work.dossier.removers = [], [], []
    work.dossier.note = ""
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
    batch: Batch, work: Work, written: tuple[Written, ...], number: int, author: str
) -> Draft:
    before = work.before
    reason = ""
    if before:
        openings = (before.opening_fen, work.verdict.opening_fen)
        changes = wording.reason(difference(before.entries, written), openings)
        reason = wording.with_note(work.dossier.note, changes)
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
        kind=KIND,
        disclosure_class=CLASS,
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


def hindrances(work: Work) -> tuple[str, ...]:
    """Every reason that lies in the month itself why it may not be published."""
    unsettled = doubts.in_words(work.dossier.doubts, texts.OPEN_DOUBTS)
    return (*work.verdict.problems, *unsettled, *refusals(work))


def refusals(work: Work) -> tuple[str, ...]:
    """That rows could not be read, in words."""
    return doubts.in_words(work.dossier.refused, texts.REFUSED_ROWS)


def against(work: Work, panel: Panel, actor: str, signers: tuple[str, ...]) -> tuple[str, ...]:
    """Every reason why this actor may not make the month public."""
    return panel.against(actor, concern(work, signers))


def concern(work: Work, signers: tuple[str, ...]) -> Concern:
    """What of a month bears on who may sign it."""
    acting: dict[str, str] = {}
    for line in _fresh_lines(work):
        acting |= dict.fromkeys(named(line.approver), texts.APPROVED)
        acting |= dict.fromkeys(named(line.handler), texts.HANDLED)
    return Concern(frozenset(_importers(work)), acting, signers)


def _fresh_lines(work: Work) -> list[Line]:
    """The lines that are not published yet."""
    known = {entry.id: entry.line for entry in work.before.entries} if work.before else {}
    held = [entry.written for entry in work.held]
    return [entry.line for entry in held if known.get(entry.id) != entry.line]


def _importers(work: Work) -> set[str]:
    """Who brought in, or took out, what is not published yet."""
    known = {entry.id: entry.line for entry in work.before.entries} if work.before else {}
    fresh = {entry.importer for entry in work.held if known.get(entry.written.id) != entry.line}
    return fresh | set(work.dossier.removers)
