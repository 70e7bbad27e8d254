"""`mingbai import`: villages, people, holidays, and all that villages disclose, from files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bot.arguments import SheetRow
from bot.commands import keys
from bot.commands.acting import actor
from bot.commands.store import business_clock, opened
from bot.config import Config
from bot.errors import Refused
from bot.importing import ledger, power, texts
from bot.importing.ledger import Result, Wanted
from bot.importing.lists import BRINGERS
from bot.importing.places import Places, named_village, read_book
from bot.importing.power_report import report_power_items
from bot.importing.record_report import report_records
from bot.importing.records import RecordsWanted, read_record_files, store_records
from bot.importing.reports import Report, report_ledger, report_list
from bot.importing.undo import Undo
from bot.importing.units import named_unit
from notifications.terms import Terms
from storage import audit, imports, regions
from storage.batches import Order
from storage.clock import Clock
from storage.database import Database
from storage.sealing import Sealer
from workbooks.problems import WorkbookError
from workbooks.records.kinds import KINDS


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stands on the command line."""

    kind: str
    files: tuple[Path, ...]
    village: str | None
    book: str | None
    balances: Path | None
    publish: bool
    accept: tuple[SheetRow, ...]
    person: str | None
    dry_run: bool
    as_json: bool


def run(
    config: Config,
    kind: str,
    files: tuple[Path, ...],
    *,
    village: str | None,
    book: str | None,
    balances: Path | None,
    publish: bool,
    accept: tuple[SheetRow, ...],
    person: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Imports each file and prints a report on it; a file in which nothing can be read is refused.

    `kind` is one of contract.md, section 2; `person` is who does this step (`--as`). What of the
    options there a kind does not take is refused.
    """
    asked = _Asked(kind, files, village, book, balances, publish, accept, person, dry_run, as_json)
    _refuse_other_options(asked)
    asyncio.run(_import(config, asked))


_TAKES = {
    "ledger": frozenset(("--village", "--book", "--balances", "--publish", "--accept")),
    "power-items": frozenset(("--village", "--publish")),
    **dict.fromkeys(KINDS, frozenset(("--village", "--publish", "--accept"))),
}


def _refuse_other_options(asked: _Asked) -> None:
    given = {
        "--village": asked.village,
        "--book": asked.book,
        "--balances": asked.balances,
        "--publish": asked.publish,
        "--accept": asked.accept,
    }
    for option, value in given.items():
        if value and option not in _TAKES.get(asked.kind, ()):
            raise Refused(texts.NOT_FOR_KIND.format(kind=asked.kind, option=option))


async def _import(config: Config, asked: _Asked) -> None:
    loaded = keys.load(config)
    sealer = Sealer(loaded)
    async with opened(config, loaded) as db:
        clock = await business_clock(db, None)
        doing = await actor(db, sealer, asked.person)
        if asked.kind == "ledger":
            failed = await _import_ledgers(db, asked, doing, clock, _terms(config))
        elif asked.kind == "power-items":
            failed = await _import_power_items(db, asked, doing, clock, _terms(config))
        elif asked.kind in KINDS:
            failed = await _import_records(db, sealer, asked, doing, clock, _terms(config))
        else:
            failed = await _import_lists(db, sealer, asked, doing, clock.now())
    if failed:
        raise Refused(texts.FILES_UNREADABLE.format(count=failed))


def _print(report: Report, *, as_json: bool) -> None:
    click.echo(report.as_json() if as_json else "\n".join(report.lines))


def _complain(error: WorkbookError) -> None:
    click.echo(str(error), err=True)


# --- lists ----------------------------------------------------------------------------------------


async def _import_lists(
    db: Database, sealer: Sealer, asked: _Asked, actor: str, now: datetime
) -> int:
    """Imports every file; gives the number of those of which nothing could be used."""
    failed = 0
    for path in asked.files:
        try:
            report = await _import_list(db, sealer, asked, path, actor, now)
        except WorkbookError as error:
            _complain(error)
            failed += 1
            continue
        _print(report, as_json=asked.as_json)
        failed += report.is_empty
    return failed


async def _import_list(
    db: Database, sealer: Sealer, asked: _Asked, path: Path, actor: str, now: datetime
) -> Report:
    report: Report | None = None
    bring = BRINGERS[asked.kind]
    try:
        if asked.dry_run:
            async with db.transaction():
                stored = await bring(db, sealer, path, now, shown=False)
                report = report_list(asked.kind, stored, dry_run=True)
                raise Undo
        stored = await bring(db, sealer, path, now, shown=not asked.as_json)
    except Undo:
        if report is None:
            raise
        return report
    report = report_list(asked.kind, stored, dry_run=False)
    async with db.transaction():
        if stored.changes:
            counts = {"added": stored.changes.added, "changed": stored.changes.changed}
            await audit.record(db, actor, "imported", asked.kind, counts, now=now)
        digest = imports.file_digest(path)
        await imports.note(db, asked.kind, digest, actor, report.counts, now)
    return report


# --- power items ----------------------------------------------------------------------------------


async def _import_power_items(
    db: Database, asked: _Asked, actor: str, clock: Clock, terms: Terms
) -> int:
    """Imports every file; gives the number of those of which nothing could be used."""
    unit = await named_unit(db, asked.village)
    order = Order(actor, clock.now(), clock.today(), publish=asked.publish)
    failed = 0
    for path in asked.files:
        try:
            stored = await power.bring(db, path, unit, order, terms, dry_run=asked.dry_run)
        except WorkbookError as error:
            _complain(error)
            failed += 1
            continue
        report = report_power_items(stored, dry_run=asked.dry_run)
        _print(report, as_json=asked.as_json)
        failed += report.is_empty
        if not asked.dry_run:
            digest = imports.file_digest(path)
            await imports.note(db, asked.kind, digest, actor, report.counts, order.now)
    return failed


# --- the seven kinds ------------------------------------------------------------------------------


async def _import_records(
    db: Database, sealer: Sealer, asked: _Asked, actor: str, clock: Clock, terms: Terms
) -> int:
    """Imports all files together; gives the number of those of which nothing could be used."""
    places = await _places(db, asked)
    order = Order(actor, clock.now(), clock.today(), publish=asked.publish)
    wanted = RecordsWanted(order, terms, asked.accept, asked.dry_run, shown=not asked.as_json)
    result = read_record_files(KINDS[asked.kind], asked.files, places, wanted)
    for problem in result.errors:
        _complain(problem)
    await store_records(db, sealer, result, wanted)
    failed = len(result.errors)
    for gathered in result.files:
        report = report_records(result, gathered, places, dry_run=asked.dry_run)
        _print(report, as_json=asked.as_json)
        failed += report.is_empty
        if not asked.dry_run:
            digest = imports.file_digest(gathered.path)
            await imports.note(db, asked.kind, digest, actor, report.counts, order.now)
    return failed


# --- ledgers --------------------------------------------------------------------------------------


async def _places(db: Database, asked: _Asked) -> Places:
    """The villages that there are, and the one that `--village` names."""
    villages = await regions.villages(db)
    return Places(villages, named_village(villages, asked.village) if asked.village else None)


def _terms(config: Config) -> Terms:
    """What the notice to a village's followers depends on."""
    return Terms.of(
        config.wechat,
        config.sms,
        delivery=config.delivery,
        schedule=config.schedule,
        public_url=config.server.public_url,
    )


async def _import_ledgers(
    db: Database, asked: _Asked, actor: str, clock: Clock, terms: Terms
) -> int:
    places = await _places(db, asked)
    wanted = Wanted(
        order=Order(actor, clock.now(), clock.today(), publish=asked.publish),
        terms=terms,
        book=_book(asked.book),
        accept=asked.accept,
        dry_run=asked.dry_run,
        shown=not asked.as_json,
    )
    result = ledger.read_files(asked.files, places, wanted)
    balances = {}
    if asked.balances:
        try:
            balances = ledger.read_stated_balances(asked.balances, places, wanted.book)
        except WorkbookError as error:
            raise Refused(str(error)) from None
    for problem in result.errors:
        _complain(problem)
    await ledger.store(db, result, balances, wanted)
    return len(result.errors) + await _report(db, result, places, asked, wanted)


async def _report(
    db: Database, result: Result, places: Places, asked: _Asked, wanted: Wanted
) -> int:
    """Prints a report a file, and notes it; gives the number of those that held nothing."""
    failed = 0
    for gathered in result.files:
        report = report_ledger(result, gathered, places, dry_run=asked.dry_run)
        _print(report, as_json=asked.as_json)
        failed += report.is_empty
        if not asked.dry_run:
            order = wanted.order
            digest = imports.file_digest(gathered.path)
            await imports.note(db, "ledger", digest, order.actor, report.counts, order.now)
    return failed


def _book(text: str | None) -> str | None:
    if text is None:
        return None
    book = read_book(text)
    if book is None:
        raise Refused(texts.NOT_A_BOOK.format(found=text))
    return book
