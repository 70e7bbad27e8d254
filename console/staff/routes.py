"""What an area of the console declares: its routes, who may use them, its lines of navigation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from aiohttp import web
from multidict import MultiDictProxy

from storage.staff import Staff
from storage.staff_sessions import Session

ANYBODY = frozenset({"*"})
"""Whoever is logged in: the pages that are about oneself."""

OUTSIDE: frozenset[str] = frozenset()
"""Whoever comes: the pages by which one logs in."""

COUNTY_DIGITS = 6
"""How many digits of a region code the prefix of a county's post has."""

Form = MultiDictProxy[Any]  # texts, and web.FileField for files


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody logged in. `form` of a POST has been checked to be from our page."""

    request: web.Request
    session: Session
    staff: Staff
    now: datetime
    """Business time, UTC."""
    today: date
    """The day in Beijing."""
    form: Form
    alarms: tuple[str, ...]
    """What the county's administrators have to mend, a sentence each."""

    def may(self, roles: Iterable[str], region: str) -> bool:
        """Whether a post of one of these roles covers a region, by its 12-digit code."""
        return self.staff.may(roles, region)

    def require(self, roles: Iterable[str], region: str) -> None:
        """Raises HTTPNotFound else: what is forbidden looks like what does not exist."""
        if not self.staff.may(roles, region):
            raise web.HTTPNotFound

    def prefixes(self, roles: Iterable[str]) -> tuple[str, ...]:
        """Beginnings (6, 9, 12 digits) of the region codes that posts of these roles cover."""
        return self.staff.prefixes(roles)

    def text(self, name: str) -> str:
        """A field of the form, without space around it; empty where it is missing or a file."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may be given several times."""
        return [value for value in self.form.getall(name, []) if isinstance(value, str)]


Handle = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` begins with /console/. Of the region nothing is said here: see `Visit.require`."""

    method: str
    path: str
    handle: Handle
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation, seen by those whom one of the roles opens it to."""

    title: str
    href: str
    roles: frozenset[str]


class Area(Protocol):
    """A module of pages."""

    def routes(self) -> Sequence[Route]: ...

    def entries(self) -> Sequence[Entry]: ...


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for somebody: what, where, and when it is due in words."""

    title: str
    href: str
    due: str = ""
    is_late: bool = False


Waiting = Callable[[Visit], Awaitable[Sequence[Todo]]]
"""What waits for whoever visits, from one area; bot/app.py lists them for the first page."""
