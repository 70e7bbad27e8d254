"""Which village, and which book, a row of a file belongs to (contract.md, section 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.texts import NO_SUCH_VILLAGE, ONE_OF_THE_VILLAGES, SEVERAL_VILLAGES
from bot.errors import Refused
from storage.regions import Region, SeveralRegions, UnknownRegion, choose_village
from workbooks.numerals import read_cardinal

COMMITTEE, COLLECTIVE = "村委会", "集体"

_COMMITTEE = re.compile(r".*(?:村委会|村民委员会|居委会|居民委员会|村级|村账)")
_COLLECTIVE = re.compile(r".*(?:集体|合作社|合作联社|经联社|联合社)(?:经济组织)?.*")
_GROUP = re.compile(
    r".*?第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:村民)?(?:小组|组|社|队)(?:账|账套)?"
)


def read_book(text: str) -> str | None:
    """村委会, 集体 or N组, in any of the ways in which they are written; None for anything else.

    >>> read_book("第三村民小组")
    '3组'
    """
    name = "".join(text.split())
    if match := _GROUP.fullmatch(name):
        number = int(match[1]) if match[1].isdecimal() else read_cardinal(match[1])
        return f"{number}组" if number else None
    if _COMMITTEE.fullmatch(name):
        return COMMITTEE
    return COLLECTIVE if _COLLECTIVE.fullmatch(name) else None


class Places:
    """The villages that there are, and the one that the command names."""

    def __init__(self, villages: Sequence[Region], named: Region | None = None) -> None:
        self.named = named
        self._villages = villages
        self._found: dict[str, Region | SeveralRegions | None] = {}

    def village(self, name: str) -> Region | SeveralRegions | None:
        """The village of a name or code; all that bear it, or None where none does."""
        if name not in self._found:
            try:
                self._found[name] = choose_village(self._villages, name)
            except UnknownRegion:
                self._found[name] = None
            except SeveralRegions as several:
                self._found[name] = several
        return self._found[name]


def named_village(villages: Sequence[Region], name: str) -> Region:
    """The village that `--village` names; refuses one that is unknown or not the only one."""
    try:
        return choose_village(villages, name)
    except UnknownRegion:
        raise Refused(NO_SUCH_VILLAGE.format(name=name)) from None
    except SeveralRegions as several:
        raise Refused(SEVERAL_VILLAGES.format(name=name, villages=listed(several))) from None


def listed(several: SeveralRegions) -> str:
    """The villages that bear a name, a line each with its code and town."""
    return "\n".join(
        ONE_OF_THE_VILLAGES.format(code=region.code, name=region.name, town=region.town)
        for region in several.candidates
    )
