"""A county for the tests of pages: eighteen months of one village, the longest names in another."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from aiohttp import web

from console.account_pages import AccountPages, Topical
from console.check_page import CheckPage
from console.drawings import Drawings
from console.home import Home
from console.notice_page import NoticePage
from console.open_data import OpenData
from console.outward import outward
from console.site import Site
from handlers.topical import by_topic
from storage import disclosures
from storage.balancing import Stated
from storage.batches import Order
from storage.bodies import Line
from storage.clock import HeldClock
from storage.database import Database
from storage.disclosures import State
from storage.ledgers import bring_in
from storage.published import PublishedAccounts
from storage.regions import VillageFacts, save_villages
from tests.conftest import NOW
from tests.storage.making import CHECKED, make_batch
from understanding.topics import Topics

TINGZHU = "990101101200"
LONGEST = "990101299299"
LONG_NAME = "大坪里回族土家族苗族联合村"
CORRECTED = "2026-09"
"""The month of 听竹村 in which two sums were corrected, and a name."""
WITHDRAWN_REASON = "误把还没有审核的账公开了"

_SAMPLE = Path(__file__).resolve().parents[2] / "bot/sample"
_LONG_PAYEE = "明禾县农村生活垃圾分类收集转运服务有限责任公司竹影分公司"
_LONG_SUMMARY = (
    "2026年第三季度农村人居环境整治提升行动村内公共区域保洁及垃圾清运服务费(含节假日加班)"
)
_LONG_NAMES = ("阿卜杜热合曼·买买提明", "欧阳修远", "司马相如意")


def make_app(db: Database) -> web.Application:
    """The pages and open data, wired as bot/app.py does it, without the rest of the service."""
    site, published, topics = Site(db), PublishedAccounts(db), Topics()
    check = CheckPage(site, db, HeldClock(NOW))
    app = web.Application(middlewares=[outward, site.politely])
    for part in (
        site,
        Home(site, db, published, [check]),
        AccountPages(site, db, published, Topical(by_topic(topics), topics.names)),
        check,
        NoticePage(site, db, Drawings()),
        OpenData(db, published),
    ):
        part.add_to(app)
    return app


async def save_county(db: Database) -> None:
    """The villages of the sample county, and one with a long name in a town with a longer one."""
    facts = [
        VillageFacts(
            row["区划代码"], row["名称"], row["类型"], "990101000000", row["县"],
            row["乡镇代码"], row["乡镇"],
        )
        for row in _rows("villages.csv")
    ]  # fmt: skip
    town = "双河口龙门寺回族土家族乡"
    long = VillageFacts(LONGEST, LONG_NAME, "村", "990101000000", "明禾县", "990101299000", town)
    await save_villages(db, [*facts, long])


async def fill(db: Database) -> None:
    """Everything that the pages have to show."""
    await save_county(db)
    months = _sample_months()
    balances = _sample_balances()
    for period, lines in months.items():
        await publish(db, TINGZHU, lines, period, stated=balances[period])
    await publish(
        db, TINGZHU, _corrected(months[CORRECTED]), CORRECTED,
        stated=balances[CORRECTED], now=datetime(2026, 10, 20, 6, 5, tzinfo=UTC),
    )  # fmt: skip
    await _fill_longest(db)


async def publish(
    db: Database,
    village: str,
    lines: list[Line],
    period: str,
    *,
    book: str = "村委会",
    stated: Stated | None = None,
    now: datetime | None = None,
) -> str:
    """Publishes a month, on the eighth of the next at 09:10 unless told; gives the version's id."""
    now = now or _next_eighth(period)
    batch = make_batch(
        *lines, statement=period, village=village, book=book, stated=stated or CHECKED
    )
    order = Order("operator", now, now.date(), publish=True)
    (month,) = (await bring_in(db, batch, order)).months
    assert month.state is State.PUBLISHED, month.hindrances
    return month.id


def many_lines(count: int, period: str = "2026-10") -> list[Line]:
    """As many different entries of one month."""
    return [
        Line(
            f"{period}-{1 + number * 27 // count:02d}", f"记-{number:03d}", f"第{number}段沟渠清淤",
            "公益支出-道路水利", "支出", 1_000 + number, "双泉劳务队", "庞树青", "纪广田",
            ("靳老栓", "宁小禾", "班秀英"),
        )
        for number in range(count)
    ]  # fmt: skip


async def _fill_longest(db: Database) -> None:
    """Two books, red ink, a month that was withdrawn; every text as long as it gets."""
    long = Line(
        "2026-10-31", "记-202610-0001", _LONG_SUMMARY, "公益支出-农村生活垃圾分类收集转运处理",
        "支出", 12_345_678_09, _LONG_PAYEE, _LONG_NAMES[0], _LONG_NAMES[1], _LONG_NAMES,
    )  # fmt: skip
    income = long._replace(direction="收入", amount_fen=98_765_432_10, subject="补助收入-专项资金")
    red = long._replace(
        amount_fen=-30_000, summary="冲回多付的打印纸款", voucher_no="记-202610-0002"
    )
    lines = [income, long, red]
    stated = Stated(100_000_000_00, 100_000_000_00 + sum(line.signed_fen for line in lines), True)
    await publish(db, LONGEST, lines, "2026-10", stated=stated)
    await publish(db, LONGEST, [long, income], "2026-10", book="集体")
    withdrawn = await publish(db, LONGEST, [long._replace(date="2026-09-30")], "2026-09")
    await disclosures.withdraw(db, withdrawn, WITHDRAWN_REASON, "operator", NOW)


def _sample_months() -> dict[str, list[Line]]:
    rows = (row for row in _rows("ledger_sample.csv") if row["区划代码"] == TINGZHU)
    return {
        period: [_line(row) for row in those]
        for period, those in groupby(rows, lambda row: row["日期"][:7])
    }


def _sample_balances() -> dict[str, Stated]:
    return {
        row["月份"]: Stated(_fen(row["期初余额"]), _fen(row["期末余额"]), is_checked=True)
        for row in _rows("ledger_balances.csv")
        if row["区划代码"] == TINGZHU
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_SAMPLE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _line(row: dict[str, str]) -> Line:
    return Line(
        row["日期"], row["凭证号"], row["摘要"], row["科目"], row["方向"], _fen(row["金额"]),
        row["对方(脱敏)"], row["经手人"], row["审批人"], tuple(row["监委会审核"].split("、")),
    )  # fmt: skip


def _corrected(lines: list[Line]) -> list[Line]:
    """Two sums that had been mixed up, and one payee."""
    first, second, *_ = (number for number, line in enumerate(lines) if line.direction == "支出")
    changed = list(lines)
    changed[first] = lines[first]._replace(
        amount_fen=lines[first].amount_fen + 12_000, payee="青溪电器维修店"
    )
    changed[second] = lines[second]._replace(amount_fen=lines[second].amount_fen - 12_000)
    return changed


def _fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def _next_eighth(period: str) -> datetime:
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]), 12)
    return datetime(year, month + 1, 8, 1, 10, tzinfo=UTC)
