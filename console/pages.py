"""Resident pages under /v/: without log-in, readable without script (contract.md, section 4)."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from console import texts
from console.money import yuan
from storage import regions
from storage.accounts import Accounts
from storage.clock import BEIJING
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import Region
from understanding.personal import hide_personal

log = logging.getLogger(__name__)


class Pages:
    def __init__(self, db: Database, published: PublishedAccounts) -> None:
        self._db = db
        self._published = published
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("console"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v/", self.villages)
        app.router.add_get("/v/{code:\\d{12}}", self.village)
        app.router.add_get("/v/{code:\\d{12}}/accounts/{period:\\d{4}-\\d{2}}", self.month)
        app.router.add_get("/v/{code:\\d{12}}/entries/{id}", self.entry)

    @web.middleware
    async def politely(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A resident never sees an error of ours: a page says what is so, and where to go."""
        if not request.path.startswith("/v/"):
            return await handler(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._nothing(404, texts.NO_PAGE_TITLE, texts.NO_PAGE)
        except web.HTTPException:
            raise
        except Exception as failure:
            log.error("a page failed: %s", type(failure).__name__)
            return self._nothing(500, texts.LATER_TITLE, texts.LATER)

    def _nothing(self, status: int, title: str, text: str) -> web.Response:
        page = self._page("nothing.html", title=title, text=text)
        page.set_status(status)
        return page

    async def villages(self, _: web.Request) -> web.Response:
        items = [
            {"href": f"/v/{village.code}", "name": village.name, "note": village.town}
            for village in await regions.villages(self._db)
        ]
        return self._page("villages.html", title=texts.TITLE, heading=texts.TITLE, items=items)

    async def village(self, request: web.Request) -> web.Response:
        village = await self._village(request)
        accounts = await self._published.newest(village.code)
        months = sorted({month.period for month in accounts.months}, reverse=True)
        items = [
            {
                "href": f"/v/{village.code}/accounts/{period}",
                "name": _month(period),
                "note": "",
            }
            for period in months
        ]
        return self._page("villages.html", title=village.name, heading=village.name, items=items)

    async def month(self, request: web.Request) -> web.Response:
        village, period = await self._village(request), request.match_info["period"]
        books = (await self._published.newest(village.code)).month(period)
        if not books:
            raise web.HTTPNotFound
        return self._page(
            "month.html",
            title=f"{village.name} {_month(period)}",
            village=village.name,
            code=village.code,
            period=_month(period),
            books=[_book(book) for book in books],
        )

    async def entry(self, request: web.Request) -> web.Response:
        village = await self._village(request)
        found = await self._published.entry(village.code, request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        entry, accounts = found.entry, found.accounts
        unknown = texts.UNKNOWN
        facts = [
            ("日期", _day(entry.date)),
            ("对方", hide_personal(entry.payee) or unknown),
            ("经手", entry.handler or unknown),
            ("审批", entry.approver or unknown),
            ("监委会审核", "、".join(entry.supervisors) or unknown),
            ("凭证", entry.voucher_no or unknown),
            ("科目", entry.subject or unknown),
            ("公开", f"{_published(accounts.published_at)},第{accounts.version}版"),
        ]
        return self._page(
            "entry.html",
            title=hide_personal(entry.summary),
            village=village.name,
            code=village.code,
            month=accounts.period,
            period=_month(accounts.period),
            summary=hide_personal(entry.summary),
            direction=entry.direction,
            amount=yuan(entry.amount_fen, unknown),
            facts=facts,
            is_current=found.is_current,
        )

    async def _village(self, request: web.Request) -> Region:
        village = await regions.region(self._db, request.match_info["code"])
        if village is None or village.level != "village":
            raise web.HTTPNotFound
        return village

    def _page(self, template: str, **values: Any) -> web.Response:
        html = self._templates.get_template(template).render(**values)
        return web.Response(text=html, content_type="text/html")


def _book(accounts: Accounts) -> dict[str, Any]:
    return {
        "name": accounts.book,
        "income": yuan(accounts.income_fen, ""),
        "expense": yuan(accounts.expense_fen, ""),
        "closing": yuan(accounts.closing_fen, texts.NO_OPENING),
        "has_closing": accounts.closing_fen is not None,
        "published": _published(accounts.published_at),
        "version": accounts.version,
        "reason": hide_personal(accounts.reason),
        "entries": [
            {
                "id": entry.id,
                "summary": hide_personal(entry.summary),
                "day": _day(entry.date),
                "direction": entry.direction,
                "amount": yuan(entry.amount_fen, ""),
            }
            for entry in accounts.entries
        ],
    }


def _month(period: str) -> str:
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _published(at: datetime) -> str:
    return _day(at.astimezone(BEIJING).date())
