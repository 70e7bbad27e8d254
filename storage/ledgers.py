"""Bringing in a village's ledger: what its months become, which of them may be published.

One call is one book of one village, in one transaction: all of it or nothing. design.md, section 4
has the rules; `merging`, `balancing` and `months` hold them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from storage import audit, disclosures, doubts, months, signatures
from storage.balancing import Stray
from storage.batches import Batch, Brought, Month, Order, Outcome
from storage.bodies import KIND, parse
from storage.database import Database
from storage.disclosures import Series
from storage.dossiers import Dossier, Remark, doubt_of
from storage.months import Work
from storage.panels import Panel, panel
from storage.signatures import Standing

_LOCK = 0x6D62_0003


async def bring_in(db: Database, batch: Batch, order: Order) -> Outcome:
    """Stores a batch and publishes what may be published, in the caller's transaction or its own.

    Doubts are settled and months signed only by whoever may (storage.panels). The last signature
    that is needed publishes.
    """
    async with db.transaction():
        await audit.serialise(db, _LOCK)
        series = await disclosures.series_of(db, batch.village, KIND, batch.book)
        reviewing = await panel(db, batch.village, order.today)
        works = await _works(db, batch, series)
        for work in works:
            months.take_in(batch, work, order)
        settled, unsettled = await _settle(db, batch, works, reviewing, order)
        accepted = await doubts.accepted(db, batch.village, batch.book)
        for work in works:
            _remark(work, accepted)
        strays = _strays(series, works)
        closings = _Closings(db, series, works)
        fresh: months.Fresh = []
        done: list[Month] = []
        wanted: list[Month] = []
        for work in works:
            work.verdict = months.weigh(work, await closings.before(work.period), strays)
            month = await months.store(db, batch, work, order, fresh)
            if month is None:
                continue
            if month.state.is_open:
                month.hindrances = months.hindrances(work)
                if order.publish:
                    month.hindrances += months.against(work, reviewing, order.actor, month.signers)
                    if not month.hindrances:
                        wanted.append(month)
                        closings.note(work)
            done.append(month)
        await disclosures.add_drafts(db, fresh, order.now)
        await signatures.sign_or_publish(db, wanted, reviewing, order)
        for month in done:
            if month.was_published:
                month.next_is_off = await closings.disagree(month.period)
    return Outcome(tuple(done), accepted, settled, unsettled)


async def _works(db: Database, batch: Batch, series: dict[str, Series]) -> list[Work]:
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
    return [await months.load(db, period, series, incoming[period]) for period in sorted(periods)]


# --- doubts ---------------------------------------------------------------------------------------


async def _settle(
    db: Database, batch: Batch, works: Iterable[Work], reviewing: Panel, order: Order
) -> tuple[tuple[Brought, ...], tuple[Brought, ...]]:
    """Accepts the doubts that were asked for; gives those that were, and those that may not be."""
    importers = {entry.line: entry.importer for work in works for entry in work.held}
    asked = [
        (row, (importers.get(row.line, ""),))
        for rows in batch.rows.values()
        for row in rows
        if row.settle and row.reasons
    ]
    settlers = reviewing.settlers(order.actor)
    return await doubts.settle(db, batch.village, batch.book, asked, settlers, order)


async def standing(db: Database, village: str, book: str, period: str) -> Standing:
    """What stands for and against the open version of a month, as of now."""
    series = await disclosures.series_of(db, village, KIND, book)
    work = await months.load(db, period, series, {})
    _remark(work, await doubts.accepted(db, village, book))
    before = await _Closings(db, series, [work]).before(period)
    verdict = months.weigh(work, before, _strays(series, [work]))
    signers = work.series.draft.signers if work.series.draft else ()
    return Standing(
        problems=(*verdict.problems, *months.refusals(work)),
        doubts=tuple(work.dossier.doubts),
        concern=months.concern(work, signers),
        before_fen=before,
    )


def _remark(work: Work, accepted: frozenset[str]) -> None:
    """Notes the doubts that are open; what was accepted once needs no second word."""
    for statement, rows in work.incoming.items():
        for row in rows:
            if row.reasons:
                doubt = doubt_of(row.line, row.reasons)
                remark = Remark(statement, row.file, row.sheet, row.row, row.reasons, doubt)
                work.dossier.doubts.append(remark)
    work.dossier.doubts = [remark for remark in work.dossier.doubts if remark.doubt not in accepted]


# --- figures --------------------------------------------------------------------------------------


def _strays(series: Mapping[str, Series], works: Iterable[Work]) -> list[Stray]:
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


class _Closings:
    """Opening and closing balances of the months that are published, the newest included."""

    def __init__(self, db: Database, series: Mapping[str, Series], works: Iterable[Work]) -> None:
        self._db = db
        self._series = series
        self._known: dict[str, tuple[int | None, int | None]] = {
            work.period: (work.before.opening_fen, work.before.closing_fen)
            for work in works
            if work.before
        }

    def note(self, work: Work) -> None:
        """A month has just been published."""
        self._known[work.period] = (work.verdict.opening_fen, work.verdict.closing_fen)

    async def before(self, period: str) -> int | None:
        """The closing balance of the month before."""
        return (await self._figures(shifted(period, -1)))[1]

    async def disagree(self, period: str) -> bool:
        """Whether the next month was published with another opening than this one's closing."""
        opening = (await self._figures(shifted(period, 1)))[0]
        closing = (await self._figures(period))[1]
        return opening is not None and closing is not None and opening != closing

    async def _figures(self, period: str) -> tuple[int | None, int | None]:
        if period not in self._known:
            published = self._series[period].published if period in self._series else None
            if published is None:
                return None, None
            version = parse(*await disclosures.content(self._db, published.id))
            self._known[period] = (version.opening_fen, version.closing_fen)
        return self._known[period]


def shifted(period: str, months_on: int) -> str:
    """The month so many months on: shifted("2026-01", -1) is "2025-12"."""
    number = int(period[:4]) * 12 + int(period[5:7]) - 1 + months_on
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
