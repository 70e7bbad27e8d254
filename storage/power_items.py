"""Bringing in a unit's power items: what becomes of each, and which may be published.

A unit is a county (whose list is the template of all units in it), a town or a village. An item of
one effective day is one disclosure with versions; `power_versions` says which applies when.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage import audit, disclosures, power_versions, signatures, wording
from storage.batches import Action, Order
from storage.canonical import canonical
from storage.database import Database
from storage.disclosures import Draft, NotPossible, State
from storage.ids import new_id
from storage.panels import Concern, Panel, panel
from storage.power_bodies import CLASS, KIND, Version, compose, kept_of, with_ids
from storage.power_versions import Stored, applying, county_of
from storage.power_wording import difference, reason
from storage.signatures import Standing
from workbooks.power_items import PowerItem

_LOCK = 0x6D62_0007
_FAR = "9999"  # after every day


@dataclass(frozen=True, slots=True)
class Brought:
    """An item as a file brings it; without a date it is to apply from the day of the import."""

    item: PowerItem
    effective_from: date | None


@dataclass(slots=True)
class Outcome:
    """What became of one item. `hindrances` say in words why it was not published.

    `difference` is from what applied before; `inherits` where the unit goes on with the county's
    and nothing of its own was stored.
    """

    code: str
    name: str
    effective_from: str
    id: str = ""
    version: int = 0
    state: State = State.DRAFT
    action: Action = Action.UNCHANGED
    difference: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()  # whose signatures it bears
    was_signed: bool = False  # by this command, which was not the last signature needed
    was_published: bool = False  # by this command
    inherits: bool = False

    @property
    def is_news(self) -> bool:
        """Whether anything became of it."""
        return self.was_published or self.was_signed or self.action is not Action.UNCHANGED


async def bring_in(
    db: Database, unit: str, brought: Iterable[Brought], order: Order
) -> tuple[Outcome, ...]:
    """Stores items and publishes what may be, in the caller's transaction or its own.

    Items are signed only by whoever may (storage.panels). The last signature that is needed
    publishes.
    """
    async with db.transaction():
        await audit.serialise(db, _LOCK)
        reviewing = await panel(db, unit, order.today)
        outcomes: list[Outcome] = []
        for part in _in_turn(brought):
            outcomes += await _bring_in(db, unit, part, reviewing, order)
    return tuple(outcomes)


def _in_turn(brought: Iterable[Brought]) -> list[list[Brought]]:
    """The items, each once a round: what is to apply later builds upon what applies before."""
    rounds: list[list[Brought]] = []
    seen: Counter[str] = Counter()
    for one in sorted(brought, key=lambda one: (one.effective_from or date.max, one.item.code)):
        number = seen[one.item.code]
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(one)
        seen[one.item.code] += 1
    return rounds


async def _bring_in(
    db: Database, unit: str, brought: Iterable[Brought], reviewing: Panel, order: Order
) -> list[Outcome]:
    known = await _known(db, unit)
    outcomes, wanted = [], []
    for one in brought:
        outcome, importers = await _take(db, known[one.item.code], unit, one, order)
        if outcome.state.is_open and order.publish:
            concern = Concern(frozenset(importers), signers=outcome.signers)
            outcome.hindrances += reviewing.against(order.actor, concern)
            wanted += [] if outcome.hindrances else [outcome]
        outcomes.append(outcome)
    await signatures.sign_or_publish(db, wanted, reviewing, order)
    return outcomes


async def standing(db: Database, identity: str) -> Standing:
    """What stands for and against an open version of an item, as of now."""
    row = await db.row("SELECT * FROM disclosures WHERE id = ?", identity)
    if row is None:
        raise NotPossible(identity)
    stored = power_versions.full(row)
    concern = Concern(frozenset(stored.importers), signers=stored.signers)
    return Standing(problems=stored.item.gaps(), doubts=(), concern=concern)


async def _known(db: Database, unit: str) -> defaultdict[str, list[Stored]]:
    """All that the unit and its county have stored, by the item's code."""
    rows = await db.rows(
        "SELECT * FROM disclosures WHERE kind = ? AND village IN (?, ?)"
        " ORDER BY book, period, version",
        KIND, unit, county_of(unit),
    )  # fmt: skip
    found: defaultdict[str, list[Stored]] = defaultdict(list)
    for row in rows:
        found[row["book"]].append(power_versions.full(row))
    return found


Taken = tuple[Outcome, tuple[str, ...]]
"""What became of an item, and who brought in what of it is not published."""


async def _take(
    db: Database, known: Sequence[Stored], unit: str, brought: Brought, order: Order
) -> Taken:
    own = [one for one in known if one.version.unit == unit]
    template = [one for one in known if one.version.unit != unit]
    item = brought.item
    drafts = [one for one in own if one.state.is_open]
    current = applying(own, template, _FAR)
    if brought.effective_from is None and current and current.item == item:
        today = order.today.isoformat()
        past = [draft for draft in drafts if draft.effective_from <= today]
        return await _keep(db, current, past, order, inherits=not own)
    period = _period(brought, drafts, order)
    same_day = [one for one in own if one.effective_from == period]
    draft = next((one for one in drafts if one.effective_from == period), None)
    before = applying(own, template, period)
    if before and before.item == item and (before in same_day or not own):
        above = [draft] if draft else []
        if before.effective_from == period:
            return await _keep(db, before, above, order, inherits=not own)
    newest = power_versions.newest(template)
    note = draft.note if draft else ""
    version = Version(
        unit=unit,
        effective_from=period,
        version=draft.version.version if draft else _next_version(same_day),
        reason=wording.with_note(note, reason(before.item, item)) if before else note,
        template=newest.id if newest else "",
        item=with_ids(item, before.item if before else None),
    )
    return await _store(db, before, draft, version, order)


def _period(brought: Brought, drafts: Sequence[Stored], order: Order) -> str:
    """The day from which it is to apply: what the file says, else the waiting draft, else today."""
    if brought.effective_from:
        return brought.effective_from.isoformat()
    return drafts[-1].effective_from if drafts else order.today.isoformat()


def _next_version(same_day: Sequence[Stored]) -> int:
    return max((one.version.version for one in same_day), default=0) + 1


async def _keep(
    db: Database, applied: Stored, drafts: Sequence[Stored], order: Order, *, inherits: bool
) -> Taken:
    """The item says what applies already: drafts of something else are dropped."""
    outcome = Outcome(
        code=applied.item.code,
        name=applied.item.name,
        effective_from=applied.effective_from,
        id=applied.id,
        version=applied.version.version,
        state=State.PUBLISHED,
        action=Action.REVERTED if drafts else Action.UNCHANGED,
        inherits=inherits,
    )
    for draft in drafts:
        await disclosures.drop_draft(db, draft.id)
        await audit.record(db, order.actor, "dropped", draft.id, now=order.now)
    return outcome, ()


async def _store(
    db: Database, before: Stored | None, draft: Stored | None, version: Version, order: Order
) -> Taken:
    """Writes a draft down, as far as it changed."""
    item = version.item
    outcome = Outcome(
        code=item.code,
        name=item.name,
        effective_from=version.effective_from,
        id=draft.id if draft else new_id(),
        version=version.version,
        action=Action.CHANGED if before or draft else Action.NEW,
        difference=difference(before.item, item) if before else (),
        hindrances=item.gaps(),
    )
    if draft and draft.item == item and draft.version.template == version.template:
        outcome.action = Action.UNCHANGED
        outcome.state, outcome.signers = draft.state, draft.signers
        return outcome, draft.importers
    importers = tuple(dict.fromkeys([*(draft.importers if draft else ()), order.actor]))
    content = Draft(
        village=version.unit,
        kind=KIND,
        disclosure_class=CLASS,
        book=item.code,
        rhythm=item.rhythm,
        period=version.effective_from,
        version=version.version,
        body=compose(version),
        personal="{}",
        dossier=canonical(
            {"importers": importers, "internal": kept_of(item), "note": draft.note if draft else ""}
        ),
        author=draft.author if draft else order.actor,
        reason=version.reason,
    )
    if draft:
        await disclosures.rewrite_draft(db, draft.id, content)
    else:
        await disclosures.add_drafts(db, [(outcome.id, content)], order.now)
    return outcome, importers
