"""Whose list of power items a file is: a village's, a town's, or the county's, a template."""

from __future__ import annotations

from bot.errors import Refused
from bot.importing import texts
from bot.importing.places import named_village
from storage import regions
from storage.database import Database
from storage.regions import Region


async def named_unit(db: Database, name: str | None) -> Region:
    """The unit that `--village` names, a county or town by its code; without it the one county.

    Refuses a name that is unknown or not the only one, and to choose among several counties.
    """
    if name is None:
        return await _only_county(db)
    by_code = await regions.region(db, name.strip())
    return by_code or named_village(await regions.villages(db), name)


async def _only_county(db: Database) -> Region:
    counties = await regions.counties(db)
    if not counties:
        raise Refused(texts.NO_COUNTY)
    if len(counties) > 1:
        listed = "\n".join(texts.ONE_COUNTY.format(code=c.code, name=c.name) for c in counties)
        raise Refused(texts.WHICH_COUNTY.format(counties=listed))
    return counties[0]
