"""Regions: the tree of county, towns and villages, by 12-digit code (contract.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.canonical import canonical
from storage.database import Database, Row

COUNTY, TOWN, VILLAGE = "county", "town", "village"
_COLUMNS = (
    "code", "level", "name", "parent", "kind", "groups", "rhythm", "disclosure_day", "details",
)  # fmt: skip
_UPSERT = f"""
    INSERT INTO regions ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" for _ in _COLUMNS)})
    ON CONFLICT (code) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Region:
    """A county, a town or a village (村 or 社区). `town` is the name of a village's town."""

    code: str
    level: str
    name: str
    parent: str | None
    town: str = ""
    kind: str = ""
    rhythm: str = ""  # 每月 or 每季
    disclosure_day: int | None = None


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """A village as a villages file tells it; `details` are the columns that only pages show."""

    code: str
    name: str
    kind: str
    county_code: str
    county: str
    town_code: str
    town: str
    groups: int | None = None
    rhythm: str = ""
    disclosure_day: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many were new, and how many were changed."""

    added: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def publishing_for(village: str) -> tuple[str, str, str]:
    """The codes of a village, its town and its county: each lays down what the village shows."""
    return village, f"{village[:9]}000", f"{village[:6]}000000"


def prefix_of(code: str) -> str:
    """The digits that all codes of a region begin with (contract.md, section 5).

    >>> prefix_of("990101000000"), prefix_of("990101101000"), prefix_of("990101101200")
    ('990101', '990101101', '990101101200')
    """
    if len(code) == 12 and code.endswith("000000"):
        return code[:6]
    return code[:9] if len(code) == 12 and code.endswith("000") else code


class UnknownRegion(LookupError):
    """No region has this name or code."""


class SeveralRegions(LookupError):
    """Several villages bear the name: `candidates` says in which town each lies."""

    def __init__(self, candidates: tuple[Region, ...]) -> None:
        super().__init__(f"{len(candidates)} villages bear the name")
        self.candidates = candidates


async def save_villages(db: Database, villages: Iterable[VillageFacts]) -> Changes:
    """Adds villages, their towns and counties, or brings them up to date; none is ever removed."""
    wanted: dict[str, tuple[Any, ...]] = {}
    for village in villages:
        county, town = village.county_code, village.town_code
        wanted[county] = _values(county, COUNTY, village.county, None)
        wanted[town] = _values(town, TOWN, village.town, county)
        wanted[village.code] = (
            village.code, VILLAGE, village.name, town, village.kind, village.groups,
            village.rhythm, village.disclosure_day, canonical(village.details),
        )  # fmt: skip
    async with db.transaction():
        rows = await db.rows("SELECT * FROM regions")
        known = {row["code"]: tuple(row[column] for column in _COLUMNS) for row in rows}
        new = [values for code, values in wanted.items() if known.get(code) != values]
        await db.run_many(_UPSERT, new)
    villages_only = [values for values in new if values[1] == VILLAGE]
    added = sum(values[0] not in known for values in villages_only)
    return Changes(added, len(villages_only) - added)


def _values(code: str, level: str, name: str, parent: str | None) -> tuple[Any, ...]:
    return code, level, name, parent, "", None, "", None, "{}"


_VILLAGES = (
    "SELECT village.*, town.name AS town FROM regions village"
    " LEFT JOIN regions town ON town.code = village.parent"
)


async def villages(db: Database) -> list[Region]:
    """Every village, by code: what the understanding of messages is made from."""
    rows = await db.rows(f"{_VILLAGES} WHERE village.level = 'village' ORDER BY village.code")
    return [_region(row) for row in rows]


async def counties(db: Database) -> list[Region]:
    """Every county, by code."""
    rows = await db.rows(f"{_VILLAGES} WHERE village.level = 'county' ORDER BY village.code")
    return [_region(row) for row in rows]


async def region(db: Database, code: str) -> Region | None:
    """The region of a 12-digit code."""
    row = await db.row(f"{_VILLAGES} WHERE village.code = ?", code)
    return _region(row) if row else None


async def names(db: Database) -> dict[str, str]:
    """What every region is called, by code."""
    rows = await db.rows("SELECT code, name FROM regions")
    return {row["code"]: row["name"] for row in rows}


async def of_level(db: Database, level: str) -> list[Region]:
    """Every county, town or village, by code."""
    rows = await db.rows(f"{_VILLAGES} WHERE village.level = ? ORDER BY village.code", level)
    return [_region(row) for row in rows]


async def children(db: Database, code: str) -> list[Region]:
    """The regions right below one, by code."""
    rows = await db.rows(f"{_VILLAGES} WHERE village.parent = ? ORDER BY village.code", code)
    return [_region(row) for row in rows]


async def set_rhythm(db: Database, code: str, rhythm: str, day: int) -> bool:
    """Lets a village publish its accounts in another rhythm (每月 or 每季), by another day."""
    changed = await db.rows(
        "UPDATE regions SET rhythm = ?, disclosure_day = ? WHERE code = ? AND level = ?"
        " RETURNING code",
        rhythm, day, code, VILLAGE,
    )  # fmt: skip
    return bool(changed)


async def find_village(db: Database, name: str) -> Region:
    """The village of that official name, perhaps after its town's, or of that 12-digit code.

    Raises UnknownRegion and SeveralRegions.
    """
    return choose_village(await villages(db), name)


def choose_village(among: Iterable[Region], name: str) -> Region:
    """`find_village` among villages that are loaded already."""
    name = "".join(name.split())
    fitting = [v for v in among if name in (v.code, v.name, v.town + v.name)]
    if not fitting:
        raise UnknownRegion(name)
    if len(fitting) > 1:
        raise SeveralRegions(tuple(fitting))
    return fitting[0]


def _region(row: Row) -> Region:
    is_village = row["level"] == VILLAGE
    return Region(
        code=row["code"],
        level=row["level"],
        name=row["name"],
        parent=row["parent"],
        town=(row["town"] or "") if is_village else "",
        kind=row["kind"],
        rhythm=row["rhythm"],
        disclosure_day=row["disclosure_day"],
    )
