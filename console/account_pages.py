"""Pages of accounts: a month with its filter, an entry with its history (contract.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from console import charts, texts
from console.charts import Category, Month
from console.corrections import turns
from console.filtering import Filter, TopicsOf, subjects, topics
from console.site import Site
from storage import chain, wording
from storage.accounts import Accounts, Entry, VillageAccounts
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import Region
from understanding.personal import hide_personal

ENTRIES_AT_ONCE = 500
"""A village's month is read, searched and printed in one piece; only beyond that it has pages."""


@dataclass(frozen=True, slots=True)
class Topical:
    """Which topics an entry belongs to, and what people call them, by code."""

    of: TopicsOf
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """A book of a month as its page shows it: what the filter picks, and of that this page's."""

    accounts: Accounts
    picked: tuple[Entry, ...]
    shown: tuple[Entry, ...]
    months: tuple[Month, ...]
    categories: tuple[Category, ...]

    def sum_of(self, direction: str) -> int:
        """Of what was picked, in fen."""
        return sum(entry.amount_fen for entry in self.picked if entry.direction == direction)


@dataclass(frozen=True, slots=True)
class Sheets:
    """Which page of how many."""

    at: int
    count: int


class AccountPages:
    def __init__(
        self, site: Site, db: Database, published: PublishedAccounts, topical: Topical
    ) -> None:
        self._site = site
        self._db = db
        self._published = published
        self._topical = topical

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/{code:\\d{12}}/accounts/{period:\\d{4}-\\d{2}}", self.month)
        app.router.add_get("/v/{code:\\d{12}}/entries/{id}", self.entry)

    async def month(self, request: web.Request) -> web.Response:
        village, period = await self._site.village(request), request.match_info["period"]
        height = await chain.height(self._db)
        accounts = await self._published.village(village.code, height)
        versions = await self._published.versions(village.code, period)
        if not versions:
            return self._unpublished(village, period)
        chosen = Filter.read(request.query)
        entries = [entry for book in accounts.month(period) for entry in book.entries]
        books, sheets = self._books(accounts, period, chosen, request.query.get("page", ""))
        periods = sorted({month.period for month in accounts.months})
        return self._site.page(
            request,
            "month.html",
            made_of=(village, height),
            changed_at=max(version.withdrawn_at or version.published_at for version in versions),
            title=f"{village.name} {wording.month(period)}",
            village=village,
            period=period,
            books=books,
            count=len(entries),
            filter=chosen,
            direction=_direction(chosen),
            other=texts.EXPENSE if _direction(chosen) == texts.INCOME else texts.INCOME,
            topics=topics(entries, self._topical.of, self._topical.names),
            subjects=subjects(entries),
            about=self._topical.names.get(chosen.about, chosen.about),
            sheets=sheets,
            versions=versions,
            before=max((other for other in periods if other < period), default=None),
            after=min((other for other in periods if other > period), default=None),
        )

    async def entry(self, request: web.Request) -> web.Response:
        village, identity = await self._site.village(request), request.match_info["id"]
        height = await chain.height(self._db)
        history = await self._published.entry_history(village.code, identity)
        if not history:
            raise web.HTTPNotFound
        told = turns(history, identity)
        seen = next((turn for turn in reversed(told) if turn.entry), None)
        return self._site.page(
            request,
            "entry.html",
            made_of=(village, height),
            changed_at=told[-1].withdrawn_at or told[-1].published_at,
            title=hide_personal(seen.entry.summary) if seen and seen.entry else texts.ENTRY,
            village=village,
            newest=history[0],
            entry=seen.entry if seen else None,
            turns=told,
            unknown=texts.UNKNOWN,
        )

    def _unpublished(self, village: Region, period: str) -> web.Response:
        return self._site.nothing(
            texts.UNPUBLISHED_TITLE.format(month=wording.month(period)),
            texts.UNPUBLISHED,
            back=(f"/v/{village.code}", texts.TO_VILLAGE.format(village=village.name)),
        )

    def _books(
        self, accounts: VillageAccounts, period: str, chosen: Filter, page: str
    ) -> tuple[list[Book], Sheets]:
        """The books of a month, each with its share of the page."""
        months = accounts.month(period)
        picked = [self._picked(month.entries, chosen) for month in months]
        count = max(1, -(-sum(map(len, picked)) // ENTRIES_AT_ONCE))
        at = _page_number(page, count)
        shares = _shares(picked, (at - 1) * ENTRIES_AT_ONCE, ENTRIES_AT_ONCE)
        direction = _direction(chosen)
        books = [
            Book(
                month,
                own,
                shown,
                charts.twelve_months(accounts, month.book, period, direction),
                charts.categories(month.entries, direction),
            )
            for month, own, shown in zip(months, picked, shares, strict=True)
        ]
        return books, Sheets(at, count)

    def _picked(self, entries: Iterable[Entry], chosen: Filter) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if chosen.picks(entry, self._topical.of))


def _direction(chosen: Filter) -> str:
    """What the charts are of: spending is what people ask for first."""
    return chosen.direction or texts.EXPENSE


def _shares(lists: Sequence[tuple[Entry, ...]], start: int, size: int) -> list[tuple[Entry, ...]]:
    """What of each list lies between `start` and `start + size`, were they one."""
    shares = []
    for entries in lists:
        shares.append(entries[max(0, start) : max(0, start + size)])
        start -= len(entries)
    return shares


def _page_number(typed: str, count: int) -> int:
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
    return max(1, min(int(typed), count)) if is_number else 1
