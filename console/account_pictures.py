"""A month's accounts as a card for the phone, and as the notice for the village board."""

from __future__ import annotations

from aiohttp import web

from console import texts
from console.charts import twelve_months
from console.drawings import Drawings
from console.site import Site
from pictures import (
    AccountCard,
    BoardNotice,
    LargeEntry,
    MonthSum,
    NoticeBook,
    NoticeEntry,
    pdf,
    png,
)
from storage import chain
from storage.accounts import Accounts, Entry, VillageAccounts
from storage.clock import BEIJING, Clock
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import Region
from understanding.personal import hide_personal

LARGEST = 3
_EXPENSE = "支出"


class AccountPictures:
    """`/v/CODE/accounts/YYYY-MM/card.png?book=BOOK` and `.../notice.pdf`."""

    def __init__(
        self,
        site: Site,
        db: Database,
        published: PublishedAccounts,
        drawings: Drawings,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._site = site
        self._db = db
        self._published = published
        self._drawings = drawings
        self._clock = clock
        self._public_url = public_url

    def add_to(self, app: web.Application) -> None:
        month = "/v/{code:\\d{12}}/accounts/{period:\\d{4}-\\d{2}}"
        app.router.add_get(f"{month}/card.png", self.card)
        app.router.add_get(f"{month}/notice.pdf", self.notice)

    async def card(self, request: web.Request) -> web.Response:
        village, accounts, books = await self._month(request)
        wanted = request.query.get("book", books[0].book)
        book = next((one for one in books if one.book == wanted), None)
        if book is None:
            raise web.HTTPNotFound
        key = ("card", village, book.id, tuple(one.id for one in accounts.months))
        drawn = await self._drawings.get(key, lambda: png(_card(village, accounts, book))[0])
        return web.Response(body=drawn, content_type="image/png")

    async def notice(self, request: web.Request) -> web.Response:
        village, _, books = await self._month(request)
        head = (await chain.head(self._db)).hash
        today = self._clock.now().astimezone(BEIJING).date()
        notice = BoardNotice(
            village=village.name,
            period=books[0].period,
            books=tuple(map(_notice_book, books)),
            address=f"{self._public_url}/v/{village.code}/accounts/{books[0].period}",
            chain_head=head,
            printed_on=today,
        )
        key = ("notice", village, head, today, books[0].period)
        drawn = await self._drawings.get(key, lambda: pdf(notice))
        name = f"{village.code}-{books[0].period}.pdf"
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return web.Response(body=drawn, content_type="application/pdf", headers=disposition)

    async def _month(
        self, request: web.Request
    ) -> tuple[Region, VillageAccounts, tuple[Accounts, ...]]:
        """Raises HTTPNotFound for a month with nothing published."""
        village = await self._site.village(request)
        accounts = await self._published.newest(village.code)
        books = accounts.month(request.match_info["period"])
        if not books:
            raise web.HTTPNotFound
        return village, accounts, books


def _card(village: Region, accounts: VillageAccounts, book: Accounts) -> AccountCard:
    spent = [entry for entry in book.entries if entry.direction == _EXPENSE]
    largest = sorted(spent, key=lambda entry: -entry.amount_fen)[:LARGEST]
    return AccountCard(
        village=village.name,
        book=book.book,
        period=book.period,
        income_fen=book.income_fen,
        expense_fen=book.expense_fen,
        balance_fen=book.closing_fen,
        spending=tuple(
            MonthSum(month.period, month.fen)
            for month in twelve_months(accounts, book.book, book.period, _EXPENSE)
        ),
        expense_count=len(spent),
        largest=tuple(
            LargeEntry(hide_personal(entry.summary), entry.amount_fen, entry.date)
            for entry in largest
        ),
        source=_source(book),
    )


def _source(book: Accounts) -> str:
    day = book.published_at.astimezone(BEIJING)
    return texts.CARD_SOURCE.format(
        month=int(book.period[5:]), at=f"{day.month}月{day.day}日", version=book.version
    )


def _notice_book(book: Accounts) -> NoticeBook:
    entries = [(_notice_entry(entry), entry.direction) for entry in book.entries]
    return NoticeBook(
        name=book.book,
        version=book.version,
        published_on=book.published_at.astimezone(BEIJING).date(),
        opening_fen=book.opening_fen,
        income_fen=book.income_fen,
        expense_fen=book.expense_fen,
        closing_fen=book.closing_fen,
        income=tuple(entry for entry, direction in entries if direction != _EXPENSE),
        expense=tuple(entry for entry, direction in entries if direction == _EXPENSE),
        correction=hide_personal(book.reason),
    )


def _notice_entry(entry: Entry) -> NoticeEntry:
    return NoticeEntry(
        day=entry.date,
        voucher=entry.voucher_no,
        summary=hide_personal(entry.summary),
        subject=entry.subject,
        fen=entry.amount_fen,
        payee=hide_personal(entry.payee),
        handler=entry.handler,
        approver=entry.approver,
        supervisors=entry.supervisors,
    )
