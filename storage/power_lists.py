"""Units' lists of power items as readers see them: what applies on a day, and what applied before.

Read once and kept until the chain has a newer link of the unit or its county; nothing here looks
at a clock.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from storage import chain, power_versions
from storage.database import Database
from storage.disclosures import NotPossible, State
from storage.moments import from_ms
from storage.power_bodies import KIND
from storage.power_versions import Stored, applying, county_of
from storage.power_wording import difference
from storage.snapshots import Snapshot, Snapshots
from workbooks.power_items import PowerItem, Step

KEPT_VERSIONS = 50_000
KEPT_LISTS = 2_000


class Origin(StrEnum):
    """Where a unit has an item from (M12)."""

    TEMPLATE = "template"  # the county's own, or had of the county
    ADAPTED = "adapted"  # the unit's own version of an item of the county
    LOCAL = "local"  # an item that the county does not have


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as it applies to a unit: the public version, and which one it is.

    `owner` is the unit whose version it is: its own code, or the county's.
    """

    id: str
    owner: str
    item: PowerItem
    effective_from: date
    version: int
    published_at: datetime
    reason: str
    origin: Origin
    newer: PowerItem | None = None
    """What the county says by now, where the unit has not made it its own."""

    @property
    def pending(self) -> tuple[str, ...]:
        """How that differs from what applies, in words."""
        return difference(self.item, self.newer) if self.newer else ()


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version that was published at some time, as the history of an item tells it.

    `item` is None for what was withdrawn; `withdrawn_reason` says why.
    """

    id: str
    owner: str
    effective_from: date
    version: int
    state: State
    published_at: datetime
    reason: str
    withdrawn_reason: str
    item: PowerItem | None


@dataclass(frozen=True, eq=False)
class PowerList:
    """All items that apply to a unit on a day, by code."""

    unit: str
    on: date
    items: tuple[Listed, ...]

    def item(self, code: str) -> Listed | None:
        return next((one for one in self.items if one.item.code == code), None)

    @cached_property
    def posts(self) -> tuple[str, ...]:
        """Every post that takes part in any of them."""
        return tuple(dict.fromkeys(post for one in self.items for post in one.item.posts))

    def of_posts(self, posts: frozenset[str]) -> tuple[tuple[Listed, tuple[Step, ...]], ...]:
        """The items in which one of these posts takes part, each with the steps that it takes."""
        found = []
        for one in self.items:
            steps = tuple(step for step in one.item.steps if step.post in posts)
            if steps or posts & set(one.item.exercised_by):
                found.append((one, steps))
        return tuple(found)


_Owned = dict[str, list[Stored]]
"""All that one unit has published, by the item's code."""
_NOTHING: _Owned = {}


class PublishedPowerItems:
    """The lists of all units: one for a process, for all readers."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._owned = Snapshots(db, self._load, KEPT_VERSIONS)
        self._listed: OrderedDict[tuple[str, date], tuple[_Owned, _Owned, PowerList]] = (
            OrderedDict()
        )

    async def on(self, unit: str, on: date, head: int) -> PowerList:
        """What applies to a unit on a day, by all that the chain's first `head` links say.

        `unit` is a 12-digit code: a village's, a town's, or a county's for the template itself.
        """
        county = county_of(unit)
        own = await self._owned.at(unit, head)
        template = await self._owned.at(county, head) if unit != county else _NOTHING
        *made_of, listed = self._listed.get((unit, on), (None, None, None))
        if listed is None or made_of[0] is not own or made_of[1] is not template:
            listed = _list(unit, on, own, template)
            self._listed[unit, on] = own, template, listed
            if len(self._listed) > KEPT_LISTS:
                self._listed.popitem(last=False)
        return listed

    async def newest(self, unit: str, on: date) -> PowerList:
        """The same by all that is published now."""
        return await self.on(unit, on, await chain.height(self._db))

    async def _load(self, owner: str) -> Snapshot[_Owned]:
        rows = await self._db.rows(
            "SELECT *, (SELECT COALESCE(MAX(seq), 0) FROM chain) AS head FROM disclosures"
            " WHERE village = ? AND kind = ? AND state IN ('published', 'corrected')"
            " ORDER BY book, period, version",
            owner, KIND,
        )  # fmt: skip
        by_code: defaultdict[str, list[Stored]] = defaultdict(list)
        for row in rows:
            by_code[row["book"]].append(power_versions.public(row))
        return Snapshot(dict(by_code), rows[0]["head"] if rows else None, 1 + len(rows))

    async def full(self, identity: str) -> PowerItem:
        """A version with its internal fields, for those who supervise (M10)."""
        row = await self._db.row(
            "SELECT * FROM disclosures WHERE id = ? AND kind = ?", identity, KIND
        )
        if row is None:
            raise NotPossible(identity)
        return power_versions.full(row).item

    async def history(self, unit: str, code: str) -> list[PastVersion]:
        """Every version of an item that the unit or its county ever published, the newest first."""
        rows = await self._db.rows(
            "SELECT * FROM disclosures WHERE kind = ? AND book = ? AND village IN (?, ?)"
            " AND state IN ('published', 'corrected', 'withdrawn')"
            " ORDER BY period DESC, village DESC, version DESC",
            KIND, code, unit, county_of(unit),
        )  # fmt: skip
        return [
            PastVersion(
                id=row["id"],
                owner=row["village"],
                effective_from=date.fromisoformat(row["period"]),
                version=row["version"],
                state=State(row["state"]),
                published_at=from_ms(row["published_at"]),
                reason=row["reason"],
                withdrawn_reason=row["withdrawn_reason"],
                item=None if row["state"] == State.WITHDRAWN else power_versions.public(row).item,
            )
            for row in rows
        ]


def _list(unit: str, on: date, own: _Owned, template: _Owned) -> PowerList:
    found = (
        _listed(own.get(code, ()), template.get(code, ()), on)
        for code in sorted(own.keys() | template.keys())
    )
    return PowerList(unit, on, tuple(one for one in found if one))


def _listed(own: Sequence[Stored], template: Sequence[Stored], on: date) -> Listed | None:
    applied = applying(own, template, on.isoformat())
    if applied is None or applied.published_at is None:
        return None
    newest = power_versions.newest(template)
    version = applied.version
    is_own = applied in own
    says_the_same = newest is None or newest.item == applied.item
    is_known = newest is None or newest.id in (applied.id, version.template)
    return Listed(
        id=applied.id,
        owner=version.unit,
        item=applied.item,
        effective_from=date.fromisoformat(version.effective_from),
        version=version.version,
        published_at=from_ms(applied.published_at),
        reason=version.reason,
        origin=_origin(applied, template, is_own=is_own),
        newer=None if newest is None or says_the_same or is_known else newest.item,
    )


def _origin(applied: Stored, template: Sequence[Stored], *, is_own: bool) -> Origin:
    if not is_own or applied.version.unit == county_of(applied.version.unit):
        return Origin.TEMPLATE
    if not template:
        return Origin.LOCAL
    same = any(one.item == applied.item for one in template)
    return Origin.TEMPLATE if same else Origin.ADAPTED
