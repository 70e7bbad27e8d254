"""The seam between a village's home page and the modules of pages that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from storage.regions import Region


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """A line of the home page: what is to be found, where, and a few words beside it."""

    title: str
    href: str
    note: str = ""

    @property
    def section(self) -> str:
        """The last word of its address, by which questions that lead there are counted."""
        return self.href.rpartition("/")[2]


class Pages(Protocol):
    """A module of pages."""

    def add_to(self, app: web.Application) -> None:
        """Adds its routes."""
        ...


class Section(Pages, Protocol):
    """One that a home page leads to; bot/app.py lists them in the order they appear in."""

    async def on_home(self, village: Region) -> list[HomeEntry]:
        """Its lines on the village's home page; none where the village has none of it."""
        ...
