"""The sample's lists of one village, published, and the pages that show them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from console.home import Home
from console.open_data import OpenData
from console.record_pages import RecordPages
from console.site import Site
from storage.batches import Order
from storage.clock import HeldClock
from storage.database import Database
from storage.published import PublishedAccounts
from storage.published_records import PublishedRecords
from storage.record_bodies import line_of
from storage.records import BroughtList, BroughtRow, RecordBatch, bring_in
from tests.conftest import NOW
from tests.console.county import TINGZHU
from workbooks.records.fields import RecordKind
from workbooks.records.reader import read_kind

SAMPLE = Path(__file__).resolve().parents[2] / "bot/sample"


def make_app(db: Database) -> web.Application:
    """The pages, wired as bot/app.py does it."""
    site, published = Site(db), PublishedAccounts(db)
    pages = RecordPages(site, db, PublishedRecords(db), HeldClock(NOW))
    app = web.Application(middlewares=[site.politely])
    for part in (site, Home(site, db, published, [pages]), pages, OpenData(db, published)):
        part.add_to(app)
    return app


async def bring(db: Database, kind: RecordKind, minutes: int = 0, **changed: Any) -> None:
    """Publishes the sample's rows of a kind; `changed` values stand in every row."""
    batch = RecordBatch(TINGZHU, kind, defaultdict(BroughtList))
    for row in read_kind(SAMPLE / f"{kind.code}.csv", kind).rows:
        if row.code == TINGZHU:
            line = line_of(kind, {**row.values, **changed})
            brought = BroughtRow(line, "表.csv", row.sheet, row.row)
            batch.lists[row.book, row.period].rows.append(brought)
    now = NOW + timedelta(minutes=minutes)
    await bring_in(db, batch, Order("operator", now, now.date(), publish=True))
