"""Open data under /api/v1/: the published accounts and the chain, for anybody's program."""

from __future__ import annotations

import csv
import io
from typing import Any

from aiohttp import web

from console.money import plain
from storage import chain, regions
from storage.accounts import Accounts
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import Region

_COLUMNS = (
    "账套", "日期", "凭证号", "摘要", "科目", "方向", "金额", "对方", "经手人", "审批人",
    "监委会审核",
)  # fmt: skip


class OpenData:
    def __init__(self, db: Database, published: PublishedAccounts) -> None:
        self._db = db
        self._published = published

    def add_to(self, app: web.Application) -> None:
        month = "/api/v1/{code:\\d{12}}/accounts/{period:\\d{4}-\\d{2}}"
        app.router.add_get("/api/v1/villages.json", self.villages)
        app.router.add_get(month + ".json", self.month)
        app.router.add_get(month + ".csv", self.month_csv)
        app.router.add_get("/api/v1/head.json", self.head)

    async def villages(self, _: web.Request) -> web.Response:
        found = await regions.villages(self._db)
        return web.json_response([{"code": v.code, "name": v.name, "town": v.town} for v in found])

    async def month(self, request: web.Request) -> web.Response:
        village, books = await self._books(request)
        return web.json_response({
            "village": village.name,
            "code": village.code,
            "period": request.match_info["period"],
            "books": [_book(book) for book in books],
        })  # fmt: skip

    async def month_csv(self, request: web.Request) -> web.Response:
        _, books = await self._books(request)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for book in books:
            for e in book.entries:
                writer.writerow([
                    book.book, e.date.isoformat(), e.voucher_no, e.summary, e.subject, e.direction,
                    plain(e.amount_fen), e.payee, e.handler, e.approver, "、".join(e.supervisors),
                ])  # fmt: skip
        return web.Response(text="\ufeff" + text.getvalue(), content_type="text/csv")

    async def head(self, _: web.Request) -> web.Response:
        head = await chain.head(self._db)
        return web.json_response(
            {"head": head.hash, "length": head.length, "at": head.at and head.at.isoformat()}
        )

    async def _books(self, request: web.Request) -> tuple[Region, tuple[Accounts, ...]]:
        village = await regions.region(self._db, request.match_info["code"])
        if village is None:
            raise web.HTTPNotFound
        accounts = await self._published.newest(village.code)
        books = accounts.month(request.match_info["period"])
        if not books:
            raise web.HTTPNotFound
        return village, books


def _book(accounts: Accounts) -> dict[str, Any]:
    return {
        "book": accounts.book,
        "version": accounts.version,
        "published_at": accounts.published_at.isoformat(),
        "opening": plain(accounts.opening_fen),
        "income": plain(accounts.income_fen),
        "expense": plain(accounts.expense_fen),
        "closing": plain(accounts.closing_fen),
        "entries": [
            {
                "id": e.id, "date": e.date.isoformat(), "voucher_no": e.voucher_no,
                "summary": e.summary, "subject": e.subject, "direction": e.direction,
                "amount": plain(e.amount_fen), "payee": e.payee, "handler": e.handler,
                "approver": e.approver, "supervisors": list(e.supervisors),
            }
            for e in accounts.entries
        ],
    }  # fmt: skip
