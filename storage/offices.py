"""Who holds the posts that power items name: by the register of that day (domain.md, M14)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from storage.database import Database
from storage.people import Officer, officers
from understanding.posts import post_of

_AND = re.compile(r"[、,,;/兼]+")
_SUPERVISES = "监委会"
_TOWN, _COUNTY = "乡镇", "县"


class Offices:
    """The holders of posts, by the post under whatever name."""

    def __init__(self, found: Iterable[Officer]) -> None:
        self._names: dict[str, list[str]] = {}
        for officer in found:
            for title in _titles(officer):
                names = self._names.setdefault(post_of(title), [])
                if officer.name not in names:
                    names.append(officer.name)

    def holders(self, post: str) -> tuple[str, ...]:
        """The names of whoever holds a post; none where the register knows nobody."""
        return tuple(self._names.get(post_of(post), ()))


async def offices(db: Database, unit: str, on: date) -> Offices:
    """Whoever is in office in a unit, its town and its county on a day."""
    regions = (unit, unit[:9].ljust(12, "0"), unit[:6].ljust(12, "0"))
    return Offices(await officers(db, regions, on))


def _titles(officer: Officer) -> list[str]:
    """The posts that a title stands for: 书记、主任 are two, the 主任 of a 监委会 is its."""
    titles = [title for title in _AND.split(officer.title) if title]
    if officer.region.endswith("000"):
        above = _COUNTY if officer.region.endswith("000000") else _TOWN
        bare = [title.removeprefix(_TOWN).removeprefix("镇").removeprefix("县") for title in titles]
        return [above + title for title in bare]
    if officer.role != _SUPERVISES:
        return titles
    return [title if "监" in title else _SUPERVISES + title for title in titles]
