"""Rows and batches for the tests of disclosures."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest

from storage import disclosures
from storage.balancing import Balance, Stated
from storage.batches import Batch, Brought, Month, Order
from storage.bodies import Line
from storage.canonical import canonical, salted
from storage.database import Database
from storage.disclosures import Draft
from storage.dossiers import Reason
from storage.ids import new_id
from storage.ledgers import bring_in
from tests.conftest import NOW

VILLAGE = "990101101200"
BOOK = "村委会"
CHECKED = Stated(is_checked=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For rules that lie in our own code: one database is enough to show them."""
RED = (Reason("金额", "88.80(像是红字)", "红字冲账请写成负数-88.80"),)


def make_line(
    day: str = "2026-03-05",
    voucher: str = "记1",
    amount: int = 68_000,
    direction: str = "支出",
    summary: str | None = "打印纸、硒鼓",
    payee: str | None = "稻香印务部",
) -> Line:
    return Line(
        day, voucher, summary, "管理费用", direction, amount, payee, "柏青松", "骆启明", ("靳三",)
    )


def make_batch(
    *lines: Line,
    statement: str = "",
    stated: Stated | None = CHECKED,
    balances: dict[str, Balance] | None = None,
    village: str = VILLAGE,
    book: str = BOOK,
) -> Batch:
    """A sheet for the month `statement`; without one, each line stands in its own month's."""
    batch = Batch(village, book, balances=balances or {})
    for number, line in enumerate(lines, 6):
        place = statement or line.period
        batch.rows.setdefault(place, []).append(Brought(line, "三月.csv", "", number))
    for place in [statement] if statement else sorted({line.period for line in lines}):
        batch.rows.setdefault(place, [])
        if stated:
            batch.stated[place] = stated
    return batch


def make_order(
    actor: str = "operator",
    *,
    publish: bool = False,
    now: datetime = NOW,
    today: date | None = None,
) -> Order:
    return Order(actor, now, today or now.date(), publish)


async def bring(db: Database, batch: Batch, actor: str = "operator") -> list[Month]:
    return list((await bring_in(db, batch, make_order(actor))).months)


async def publish(db: Database, batch: Batch, actor: str = "operator") -> list[Month]:
    return list((await bring_in(db, batch, make_order(actor, publish=True))).months)


def states(months: Iterable[Month]) -> dict[str, str]:
    return {month.period: month.state.value for month in months}


async def publish_other(
    db: Database,
    *entries: dict[str, Any],
    kind: str = "contacts",
    personal: dict[str, list[str]] | None = None,
    version: int = 1,
) -> str:
    """Publishes a version of another kind than accounts, each entry with its `name` personal."""
    personal = personal or {}
    hashed = [dict(entry) for entry in entries]
    for entry in hashed:
        if value := personal.get(f"{entry['id']}.name"):
            entry["name"] = salted(*value)
    facts: dict[str, Any] = {
        "village": VILLAGE, "kind": kind, "book": "村干部", "period": "2026-11",
        "version": version, "reason": "",
    }  # fmt: skip
    body = {**facts, "class": "村务", "entries": hashed, "personal": ["name"]}
    draft = Draft(
        **facts, disclosure_class="村务", rhythm="长期", body=canonical(body),
        personal=canonical(personal), dossier="{}", author="operator",
    )  # fmt: skip
    identity = new_id()
    async with db.transaction():
        await disclosures.add_drafts(db, [(identity, draft)], NOW)
        await disclosures.publish(db, [identity], "operator", NOW)
    return identity
