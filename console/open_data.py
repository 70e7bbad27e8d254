"""Open data under /api/v1/: what was published, and the chain, for anybody's program."""

from __future__ import annotations

import csv
import io

from aiohttp import web

from console.money import plain
from notifications.reporting import harmless
from storage import open_data, regions
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
        app.router.add_get("/api/v1/{code:\\d{12}}/disclosures/{id:\\w+}.json", self.disclosure)
        app.router.add_get("/api/v1/head.json", self.head)
        app.router.add_get("/api/v1/chain.json", self.chain)

    async def villages(self, _: web.Request) -> web.Response:
        return web.json_response(await open_data.villages(self._db))

    async def month(self, request: web.Request) -> web.Response:
        code, period = request.match_info["code"], request.match_info["period"]
        found = await open_data.accounts(self._db, code, period)
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(found)

    async def month_csv(self, request: web.Request) -> web.Response:
        _, books = await self._books(request)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for book in books:
            for e in book.entries:
                texts = (e.payee, e.handler, e.approver, "、".join(e.supervisors))
                writer.writerow([
                    book.book, e.date.isoformat(), harmless(e.voucher_no), harmless(e.summary),
                    harmless(e.subject), e.direction, plain(e.amount_fen), *map(harmless, texts),
                ])  # fmt: skip
        return web.Response(text="\ufeff" + text.getvalue(), content_type="text/csv")

    async def disclosure(self, request: web.Request) -> web.Response:
        code, identity = request.match_info["code"], request.match_info["id"]
        found = await open_data.disclosure(self._db, code, identity)
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(found)

    async def head(self, _: web.Request) -> web.Response:
        return web.json_response(await open_data.head(self._db))

    async def chain(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise web.HTTPBadRequest
        return web.json_response(await open_data.links(self._db, int(after)))

    async def _books(self, request: web.Request) -> tuple[Region, tuple[Accounts, ...]]:
        village = await regions.region(self._db, request.match_info["code"])
        if village is None:
            raise web.HTTPNotFound
        accounts = await self._published.newest(village.code)
        books = accounts.month(request.match_info["period"])
        if not books:
            raise web.HTTPNotFound
        return village, books
