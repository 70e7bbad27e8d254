"""Accounts as a resident reads them: months, filters, entries and what became of them."""

from __future__ import annotations

import pytest

from console.account_pages import ENTRIES_AT_ONCE
from storage import disclosures
from storage.database import Database
from storage.published import PublishedAccounts
from tests.conftest import NOW
from tests.console.conftest import Browse
from tests.console.county import (
    CORRECTED,
    LONGEST,
    TINGZHU,
    WITHDRAWN_REASON,
    many_lines,
    publish,
    save_county,
)
from tests.storage.making import make_line, on_sqlite

OCTOBER = f"/v/{TINGZHU}/accounts/2026-10"


async def test_month_says_whose_it_is_how_fresh_and_the_three_numbers(
    filled: Database, browse: Browse
) -> None:
    page = await browse(OCTOBER)

    assert page.one("h1").text == page.one("title").text == "听竹村 2026年10月"
    assert page.one(cls="updated").text == "更新于 2026年11月8日 09:10"
    assert page.one(cls="figures").pairs() == {
        "收入": "46,010元",
        "支出": "27,327元",
        "结余": "609,836.04元",
    }


@on_sqlite
async def test_month_lists_every_entry_each_line_a_link(filled: Database, browse: Browse) -> None:
    page = await browse(OCTOBER)

    (rows,) = page.find("ul", cls="rows")
    lines = rows.find("li")
    (grant,) = [line for line in lines if "运转经费拨款" in line.text]
    assert len(lines) == 44
    assert grant.text == "10月村级运转经费拨款 10月9日 · 竹影镇财政所 收入 9,800元"
    assert all(line.find("a")[0].text == line.text for line in lines)


@on_sqlite
async def test_figure_of_the_picture_stands_in_a_table_that_needs_no_script(
    filled: Database, browse: Browse
) -> None:
    page = await browse(OCTOBER)

    bars, months = page.find("table")
    figures = [row.one("data").attributes["value"] for row in bars.find("tr")]
    assert figures[:2] == ["951000", "568472"]
    assert sum(map(int, figures)) == 27_327_00
    assert len(months.find("tr")) == 12
    assert months.one("tr", cls="asked").text == "2026年10月 27,327元"
    assert all("open" in details.attributes for details in page.find("details")[:1])


@on_sqlite
async def test_category_leads_to_its_entries(filled: Database, browse: Browse) -> None:
    page = await browse(OCTOBER)

    cleaning = await browse(page.one("table", **{"data-chart": "bars"}).links["公益支出-环境卫生"])

    assert len(cleaning.one("ul", cls="rows").find("li")) == 7
    assert cleaning.one(cls="found").text == (
        "支出，公益支出-环境卫生：找到 7 笔，支出 9,510元。看全部44笔"
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("direction=收入", 12),
        ("direction=支出&least=1000&words=保洁", 6),
        ("least=1,000&most=1200", 6),
        ("least=0.1万&most=１２００元", 6),
        ("about=ENV", 7),
        ("about=PROJ", 3),
        ("words=竹韵 垃圾", 1),
        ("words=记-202610-001", 1),
        ("direction=别的&about=&words=", 44),
    ],
)
@on_sqlite
async def test_filter_picks_by_direction_sum_topic_and_words(
    filled: Database, browse: Browse, query: str, count: int
) -> None:
    page = await browse(f"{OCTOBER}?{query}")

    assert len(page.one("ul", cls="rows").find("li")) == count


@on_sqlite
async def test_form_keeps_what_was_typed_and_names_what_it_cannot_read(
    filled: Database, browse: Browse
) -> None:
    page = await browse(f"{OCTOBER}?direction=支出&least=很多&words=保洁")

    form = page.one("form")
    assert form.one("input", name="least").attributes["value"] == "很多"
    assert form.one("input", name="words").attributes["value"] == "保洁"
    assert "checked" in form.one("input", value="支出").attributes
    assert form.one(cls="marked").text == "“很多”不是数字，请写成 500 这样。"
    assert "open" in page.find("details", cls="filter")[0].attributes


@on_sqlite
async def test_nothing_found_says_so(filled: Database, browse: Browse) -> None:
    page = await browse(f"{OCTOBER}?words=直升机")

    assert page.find("ul", cls="rows") == []
    assert "没有这样的一笔" in page.one("main").text


@on_sqlite
async def test_what_is_hidden_cannot_be_searched_for(db: Database, browse: Browse) -> None:
    await save_county(db)
    lines = [make_line("2026-10-02", summary="电话13812345678的修理费")]
    await publish(db, TINGZHU, lines, "2026-10")

    page = await browse(f"{OCTOBER}?words=13812345678")

    assert "没有这样的一笔" in page.one("main").text
    assert "***的修理费" in (await browse(OCTOBER)).text


@on_sqlite
async def test_longer_month_has_pages_that_keep_the_filter(db: Database, browse: Browse) -> None:
    await save_county(db)
    await publish(db, TINGZHU, many_lines(ENTRIES_AT_ONCE + 20), "2026-10")

    first = await browse(f"{OCTOBER}?words=沟渠")
    second = await browse(first.links["下一页"])

    assert len(first.one("ul", cls="rows").find("li")) == ENTRIES_AT_ONCE
    assert len(second.one("ul", cls="rows").find("li")) == 20
    assert "words=" in second.links["上一页"]
    assert "第2页，共2页" in second.one(cls="pages").text
    for odd in ("0", "-1", "x", "9" * 30):
        shown = (await browse(f"{OCTOBER}?page={odd}")).one("ul", cls="rows").find("li")
        assert len(shown) in (20, ENTRIES_AT_ONCE)


@on_sqlite
async def test_books_stand_apart_and_what_nobody_stated_is_not_nought(
    filled: Database, browse: Browse
) -> None:
    page = await browse(f"/v/{LONGEST}/accounts/2026-10")

    figures = [figures.pairs()["结余"] for figures in page.find(cls="figures")]
    headings = [heading.text for heading in page.find("h2")]
    assert figures == ["186,420,054.01元", "没有公开记录"]
    assert [heading for heading in headings if "账" in heading] == [
        "村委会账",
        "集体账",
        "村委会账：每一笔（共3笔）",
        "集体账：每一笔（共2笔）",
    ]
    assert "支出 -300元 红字冲回" in page.one("main").text


@on_sqlite
async def test_withdrawn_month_says_why_and_shows_nothing_of_it(
    filled: Database, browse: Browse
) -> None:
    page = await browse(f"/v/{LONGEST}/accounts/2026-09")

    assert page.find(cls="figures") == page.find("ul", cls="rows") == []
    assert page.one(cls="marked").text == f"这个月的账撤下了，原因：{WITHDRAWN_REASON}"
    assert page.one(cls="updated").text == "更新于 2026年11月24日 09:30"


@on_sqlite
async def test_month_not_published_says_so_and_leads_back(filled: Database, browse: Browse) -> None:
    page = await browse(f"/v/{TINGZHU}/accounts/2026-11", 404)

    assert page.one("h1").text == "2026年11月的账还没有公开"
    assert page.links["看听竹村已公开的账"] == f"/v/{TINGZHU}"


async def _ids(db: Database, period: str) -> list[str]:
    accounts = await PublishedAccounts(db).newest(TINGZHU)
    (month,) = accounts.month(period)
    return [entry.id for entry in month.entries]


async def test_entry_shows_its_way_from_hand_to_hand(filled: Database, browse: Browse) -> None:
    identity = (await _ids(filled, "2026-10"))[1]

    page = await browse(f"/v/{TINGZHU}/entries/{identity}")

    assert page.one("h1").text == "10月村级运转经费拨款"
    assert page.one(cls="figures").pairs() == {"收入": "9,800元"}
    assert page.one(cls="facts").pairs()["对方"] == "竹影镇财政所"
    assert [step.text for step in page.one(cls="steps").find("li")] == [
        "经手人 洪蕊",
        "审批人 纪广田",
        "监委会审核 靳老栓、宁小禾、班秀英",
        "公开 2026年11月8日，第1版",
    ]


async def test_corrected_entry_shows_before_and_after_with_the_reason(
    filled: Database, browse: Browse
) -> None:
    identity = (await _ids(filled, CORRECTED))[0]

    page = await browse(f"/v/{TINGZHU}/entries/{identity}")

    changes = [change.text for change in page.find(cls="change")]
    assert page.one(cls="figures").pairs() == {"支出": "2,190元"}
    assert changes == [
        "金额 原来 2,070元 现在 2,190元",
        "对方 原来 竹韵保洁服务部 现在 青溪电器维修店",
    ]
    assert "第2版 2026年10月20日公开" in page.one("main").text
    assert "更正说明：改动2笔：9月2日 记-202609-001 支出2,070元，金额改为2,190元" in page.text


@on_sqlite
async def test_entry_that_a_correction_took_out_is_still_told(db: Database, browse: Browse) -> None:
    await save_county(db)
    kept, gone = make_line("2026-10-02", "记1"), make_line("2026-10-03", "记2", summary="会议补贴")
    await publish(db, TINGZHU, [kept, gone], "2026-10")
    identity = (await _ids(db, "2026-10"))[1]
    await publish(db, TINGZHU, [kept], "2026-10", now=NOW)

    page = await browse(f"/v/{TINGZHU}/entries/{identity}")

    assert page.one("h1").text == "会议补贴"
    assert "这一笔在第2版里删去了" in page.one(cls="marked").text


@on_sqlite
async def test_entry_of_a_withdrawn_month_says_why_and_nothing_else(
    db: Database, browse: Browse
) -> None:
    await save_county(db)
    version = await publish(db, TINGZHU, [make_line("2026-10-02", summary="会议补贴")], "2026-10")
    (identity,) = await _ids(db, "2026-10")
    await disclosures.withdraw(db, version, WITHDRAWN_REASON, "operator", NOW)

    page = await browse(f"/v/{TINGZHU}/entries/{identity}")

    assert page.one(cls="marked").text == f"2026年11月24日撤下了，原因：{WITHDRAWN_REASON}"
    assert "会议补贴" not in page.text
    assert page.find(cls="figures") == []


@pytest.mark.parametrize("identity", ["nobody", "%", "..", "%25%27"])
@on_sqlite
async def test_entry_that_nobody_published_is_no_page(
    filled: Database, browse: Browse, identity: str
) -> None:
    page = await browse(f"/v/{TINGZHU}/entries/{identity}", 404)

    assert page.one("h1").text in ("没有这一页",)
