"""The report on an import of power items: as JSON (contract.md 2), and in short lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.importing import texts
from bot.importing.power import Behind, Stored
from bot.importing.reports import Report, few_rows, reasons_as_json, section
from storage.batches import Action
from storage.disclosures import State
from storage.power_items import Outcome
from storage.regions import COUNTY
from storage.wording import few
from understanding.personal import hide_personal


def report_power_items(stored: Stored, *, dry_run: bool) -> Report:
    """The items read and refused, and what became of each."""
    reading = stored.reading
    counts = {
        "accepted": len(reading.accepted),
        "doubtful": 0,
        "refused": len(reading.refused),
        "ignored": len(reading.ignored),
    }
    content = {
        "file": reading.file,
        "kind": "power-items",
        "counts": counts,
        "accepted": few_rows([row.as_json() for row in reading.accepted]),
        "doubtful": [],
        "refused": [
            {"sheet": row.sheet, "row": row.row, "reasons": reasons_as_json(row.reasons)}
            for row in reading.refused
        ],
        "ignored": [item.as_json() for item in reading.ignored],
        "totals": [],
        "disclosures": [_as_json(outcome, stored) for outcome in stored.outcomes],
    }
    lines = [*_lines(stored, counts)]
    if dry_run:
        lines.append(texts.DRY_RUN)
    return Report(counts, content, tuple(lines))


def _as_json(outcome: Outcome, stored: Stored) -> dict[str, object]:
    return {
        "id": outcome.id,
        "village": stored.unit.name,
        "book": outcome.code,
        "period": outcome.effective_from,
        "state": outcome.state.value,
        "hindrances": list(outcome.hindrances),
    }


def _lines(stored: Stored, counts: dict[str, int]) -> Iterator[str]:
    reading, outcomes = stored.reading, stored.outcomes
    yield texts.ITEM_COUNTS.format(file=reading.file, **counts)
    sentences = [text for row in reading.refused for text in row.sentences(reading.file)]
    yield from section(texts.REFUSED_ITEMS, map(hide_personal, sentences))
    if not outcomes:
        return
    if not any(outcome.is_news for outcome in outcomes):
        yield texts.NOTHING_NEW
    steps = sum(len(row.item.steps) for row in reading.accepted)
    yield texts.COVERAGE.format(items=len(reading.accepted), steps=steps)
    is_county = stored.unit.level == COUNTY
    yield (texts.TEMPLATE_OF if is_county else texts.LIST_OF).format(unit=stored.unit.name)
    yield from _states(outcomes)
    yield from _held_back(outcomes)
    for outcome in outcomes:
        yield from _change(outcome)
    if _ready(outcomes):
        yield texts.TO_PUBLISH
    yield from section(texts.UNITS_BEHIND, [line for one in stored.behind for line in _behind(one)])


def _states(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    """How many items became what."""
    old = [one for one in outcomes if one.state is State.PUBLISHED and not one.is_news]
    for found, text in (
        ([one for one in outcomes if one.was_published], texts.ITEMS_PUBLISHED),
        ([one for one in outcomes if one.was_signed], texts.ITEMS_SIGNED),
        ([one for one in old if one.inherits], texts.ITEMS_INHERITED),
        ([one for one in old if not one.inherits], texts.ITEMS_UNCHANGED),
        (_ready(outcomes), texts.ITEMS_READY),
    ):
        if found:
            yield text.format(count=len(found))


def _ready(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Drafts that may be published."""
    open_ones = [one for one in outcomes if one.state.is_open and not one.was_signed]
    return [one for one in open_ones if not one.hindrances]


def _held_back(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The items that may not be published, those for the same reasons together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for outcome in outcomes:
        if outcome.hindrances:
            alike.setdefault(outcome.hindrances, []).append(_named(outcome))
    for hindrances, items in alike.items():
        yield texts.ITEMS_HELD_BACK.format(items=few(items, 3), count=len(items))
        yield from (texts.MONTH_WHY.format(reason=reason) for reason in hindrances)


def _change(outcome: Outcome) -> Iterator[str]:
    if outcome.action is Action.REVERTED:
        yield texts.ITEM_REVERTED.format(item=_named(outcome))
    elif outcome.action is Action.CHANGED and outcome.difference:
        yield texts.ITEM_CHANGED.format(item=_named(outcome))
        yield from (texts.MONTH_WHY.format(reason=line) for line in outcome.difference)


def _named(one: Outcome | Behind) -> str:
    return f"{one.code} {one.name}"


def _behind(one: Behind) -> Iterator[str]:
    units = few([unit.name for unit in one.units], 3)
    yield texts.ITEM_BEHIND.format(item=_named(one), units=units, count=len(one.units))
    yield from (f"  {difference}" for difference in one.differences)
