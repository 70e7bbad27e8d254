"""Power items files into drafts, versions and publications of one unit's list."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from bot.importing.undo import Undo
from notifications.terms import Terms
from notifications.triggers import announce_template_changed
from storage import audit, chain, regions
from storage.batches import Order
from storage.database import Database
from storage.power_items import Brought, Outcome, bring_in
from storage.power_lists import PublishedPowerItems
from storage.regions import COUNTY, Region
from workbooks.forms import Reading
from workbooks.power_item_reader import PowerItemRow, read_power_items


@dataclass(frozen=True, slots=True)
class Behind:
    """Units that go on with what they had, and how the county's new version differs from it."""

    code: str
    name: str
    differences: tuple[str, ...]
    units: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file gave, what became of it, and which units a changed template leaves behind."""

    reading: Reading[PowerItemRow]
    unit: Region
    outcomes: tuple[Outcome, ...]
    behind: tuple[Behind, ...]


async def bring(
    db: Database, path: Path, unit: Region, order: Order, terms: Terms, *, dry_run: bool
) -> Stored:
    """Reads a file and stores its items in one transaction; a dry run stores nothing.

    Whoever enters the list of a village that a changed template leaves behind is told. Raises
    WorkbookError where nothing in the file can be read.
    """
    reading = read_power_items(path)
    brought = [Brought(row.item, row.effective_from) for row in reading.accepted]
    stored = Stored(reading, unit, (), ())
    with contextlib.suppress(Undo):
        async with db.transaction():
            outcomes = await bring_in(db, unit.code, brought, order)
            stored = Stored(reading, unit, outcomes, await _behind(db, unit, outcomes, order))
            await _tell(db, terms, stored.behind, order)
            changed = sum(outcome.is_news for outcome in outcomes)
            if changed:
                counts = {"items": changed}
                await audit.record(db, order.actor, "imported", unit.code, counts, now=order.now)
            if dry_run:
                raise Undo
    return stored


async def _behind(
    db: Database, unit: Region, outcomes: tuple[Outcome, ...], order: Order
) -> tuple[Behind, ...]:
    """Which villages go on with what they had of the items that their county has just changed."""
    changed = {o.code: o.name for o in outcomes if o.was_published and o.difference}
    if unit.level != COUNTY or not changed:
        return ()
    lists = PublishedPowerItems(db)
    found: dict[tuple[str, tuple[str, ...]], list[Region]] = {}
    for village in await regions.villages(db):
        if village.code[:6] != unit.code[:6]:
            continue
        for listed in (await lists.newest(village.code, order.today)).items:
            if listed.item.code in changed and listed.pending:
                found.setdefault((listed.item.code, listed.pending), []).append(village)
    return tuple(
        Behind(code, changed[code], differences, tuple(units))
        for (code, differences), units in sorted(found.items())
    )


async def _tell(db: Database, terms: Terms, behind: tuple[Behind, ...], order: Order) -> None:
    """One notice a village, whatever the number of its items."""
    items: dict[str, list[Behind]] = {}
    villages = {village.code: village for one in behind for village in one.units}
    for one in behind:
        for village in one.units:
            items.setdefault(village.code, []).append(one)
    sequence = await chain.height(db)
    for code, own in items.items():
        await announce_template_changed(
            db,
            terms,
            village=villages[code],
            items=[one.name for one in own],
            codes=[one.code for one in own],
            sequence=sequence,
            now=order.now,
        )
