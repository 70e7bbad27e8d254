"""Bringing in ledgers: drafts, versions, doubts, who may sign."""

import json
from datetime import timedelta

import pytest

from storage import chain, disclosures
from storage.balancing import Balance, Stated
from storage.batches import Action, Batch, Brought
from storage.bodies import parse
from storage.database import Database
from storage.disclosures import State
from storage.dossiers import Reason, Remark, doubt_of
from storage.enrolling import Facts, enrol
from storage.ledgers import bring_in
from storage.people import find_person
from storage.published import PublishedAccounts
from storage.regions import VillageFacts, save_villages
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.storage.making import (
    BOOK,
    RED,
    VILLAGE,
    bring,
    make_batch,
    make_line,
    make_order,
    on_sqlite,
    publish,
    states,
)

FACTS = VillageFacts(
    VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇", rhythm="每月"
)


async def reviewer(db: Database, sealer: Sealer, phone: str = "13900000001") -> str:
    await save_villages(db, [FACTS])
    await enrol(db, sealer, [Facts(f"审{phone}", ("审核",), VILLAGE, phone=phone)], NOW)
    return (await find_person(db, sealer, phone)).id


@on_sqlite
async def test_month_that_balances_is_published_when_asked(db: Database) -> None:
    drafted = await bring(db, make_batch(make_line()))
    published = await publish(db, make_batch(make_line()))

    assert states(drafted) == {"2026-03": "draft"}
    assert states(published) == {"2026-03": "published"}
    assert published[0].id == drafted[0].id
    accounts = (await PublishedAccounts(db).newest(VILLAGE)).months[0]
    assert (accounts.expense_fen, accounts.version, accounts.published_at) == (68_000, 1, NOW)
    assert [entry.summary for entry in accounts.entries] == ["打印纸、硒鼓"]


@on_sqlite
async def test_same_content_again_stores_nothing(db: Database) -> None:
    lines = [make_line(voucher=f"记{n}") for n in range(12)]
    await publish(db, make_batch(*lines))
    before = await db.rows("SELECT * FROM disclosures ORDER BY id")

    again = await publish(db, make_batch(*reversed(lines)))

    assert [month.action for month in again] == [Action.UNCHANGED]
    assert await db.rows("SELECT * FROM disclosures ORDER BY id") == before


@on_sqlite
async def test_month_without_any_stated_figure_stays_a_draft_and_says_why(db: Database) -> None:
    months = await publish(db, make_batch(make_line(), stated=None))

    assert states(months) == {"2026-03": "draft"}
    assert months[0].hindrances == ("没有合计,也没有余额,没法核对",)


async def test_correction_is_a_new_version_and_the_earlier_one_stays_visible(db: Database) -> None:
    await publish(db, make_batch(make_line(amount=68_000)))

    months = await publish(db, make_batch(make_line(amount=86_000)))

    history = await PublishedAccounts(db).history(VILLAGE, "2026-03")
    assert months[0].version == 2
    assert [(v.version, v.state) for v in history] == [(2, "published"), (1, "corrected")]
    assert history[0].reason == "改动1笔:3月5日 记1 支出680元,金额改为860元"
    assert [v.accounts.expense_fen for v in history if v.accounts] == [86_000, 68_000]


@on_sqlite
async def test_draft_that_goes_back_to_what_is_published_is_dropped(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    await bring(db, make_batch(make_line(amount=1)))

    months = await bring(db, make_batch(make_line()))

    assert [(m.action, m.state) for m in months] == [(Action.REVERTED, State.PUBLISHED)]
    assert len(await db.rows("SELECT id FROM disclosures")) == 1


@on_sqlite
async def test_row_dated_in_another_month_follows_its_sheet(db: Database) -> None:
    march, stray = make_line(), make_line("2026-04-02", "记2")
    await publish(db, make_batch(make_line("2026-04-09", "记9")))
    await publish(db, make_batch(march, stray, statement="2026-03"))

    months = await publish(db, make_batch(march, statement="2026-03"))

    assert {m.period: m.entries for m in months} == {"2026-03": 1, "2026-04": 1}
    april = parse(*await disclosures.content(db, months[1].id))
    assert [entry.line.voucher_no for entry in april.entries] == ["记9"]
    assert april.version == 3


@on_sqlite
async def test_opening_must_be_what_was_published_for_the_month_before(db: Database) -> None:
    await publish(db, make_batch(make_line(), stated=Stated(1000_00, 320_00)))

    wrong = await publish(db, make_batch(make_line("2026-04-01"), stated=Stated(321_00, -359_00)))
    right = await publish(db, make_batch(make_line("2026-04-01"), stated=Stated(320_00, -360_00)))

    assert states(wrong) == {"2026-04": "draft"}
    assert wrong[0].hindrances == ("月初余额对不上:账表是321元;已公开的上个月是320元",)
    assert states(right) == {"2026-04": "published"}


@on_sqlite
async def test_months_published_together_are_checked_against_each_other(db: Database) -> None:
    balances = {
        "2026-03": Balance(1000_00, 0, 680_00, 320_00),
        "2026-04": Balance(320_00, 0, 680_00, -360_00),
        "2026-05": Balance(0, 0, 680_00, -680_00),
    }
    lines = [make_line(f"2026-0{month}-01") for month in (3, 4, 5)]

    months = await publish(db, make_batch(*lines, balances=balances, stated=None))

    assert list(states(months).values()) == ["published", "published", "draft"]


@on_sqlite
async def test_new_opening_balance_is_a_new_version(db: Database) -> None:
    await publish(db, make_batch(make_line(), stated=Stated(1000_00, 320_00)))

    months = await publish(db, make_batch(make_line(), stated=Stated(2000_00, 1320_00)))

    assert [(m.version, m.state) for m in months] == [(2, State.PUBLISHED)]
    history = await PublishedAccounts(db).history(VILLAGE, "2026-03")
    assert history[0].reason == "月初余额由1,000元改为2,000元"


@on_sqlite
async def test_books_are_apart(db: Database) -> None:
    await publish(db, make_batch(make_line(), book="村委会"))

    await publish(db, make_batch(make_line(amount=5), book="3组"))

    accounts = await PublishedAccounts(db).newest(VILLAGE)
    assert [(m.book, m.expense_fen) for m in accounts.month("2026-03")] == [
        ("3组", 5),
        ("村委会", 68_000),
    ]


def doubtful(*, settle: bool = False, row: int = 17) -> Brought:
    return Brought(make_line(amount=-88_80), "三月.xlsx", "3月收支", row, RED, settle)


def doubt_batch(*, settle: bool = False, row: int = 17) -> Batch:
    batch = make_batch(make_line(voucher="记2"))
    batch.rows["2026-03"].append(doubtful(settle=settle, row=row))
    return batch


@on_sqlite
async def test_open_doubt_keeps_a_month_back_until_it_is_accepted(db: Database) -> None:
    held_back = await publish(db, doubt_batch())
    outcome = await bring_in(db, doubt_batch(settle=True), make_order(publish=True))

    assert states(held_back) == {"2026-03": "draft"}
    assert held_back[0].hindrances == ("有1行要先确认:“3月收支”第17行",)
    assert len(outcome.settled) == 1
    assert states(outcome.months) == {"2026-03": "published"}


async def test_accepted_row_needs_no_second_word_wherever_it_stands(db: Database) -> None:
    await bring_in(db, doubt_batch(settle=True), make_order())

    months = await publish(db, doubt_batch(row=40))

    assert states(months) == {"2026-03": "published"}


def test_accepted_row_is_the_same_in_a_file_with_one_column_for_amounts() -> None:
    line = make_line(amount=-88_80)

    doubts = [
        doubt_of(line, [Reason(column, "88.80", "-88.80")])
        for column in ("支出", "金额", "付方金额", "收入", "收款人", "日期")
    ]

    assert len(set(doubts[:4])) == 1
    assert len(set(doubts[3:])) == 3


@on_sqlite
async def test_refused_row_keeps_its_month_back_and_no_other(db: Database) -> None:
    batch = make_batch(make_line(), make_line("2026-04-01"))
    remark = Remark("2026-03", "三月.xlsx", "", 28, RED)
    batch.refused["2026-03", "2026-03"] = [remark]

    months = await publish(db, batch)

    assert states(months) == {"2026-03": "draft", "2026-04": "published"}
    assert months[0].hindrances == ("有1行读不懂,要改好再导:第28行",)


@on_sqlite
async def test_village_with_reviewers_needs_two_who_did_not_import(
    db: Database, sealer: Sealer
) -> None:
    first, second = await reviewer(db, sealer), await reviewer(db, sealer, "13900000002")
    third = await reviewer(db, sealer, "13900000003")

    by_operator = await publish(db, make_batch(make_line()))
    by_importer = await publish(db, make_batch(make_line(voucher="记7")), first)
    by_same = await publish(db, make_batch(make_line(voucher="记7")), first)
    by_other = await publish(db, make_batch(make_line(voucher="记7")), second)
    by_other_again = await publish(db, make_batch(make_line(voucher="记7")), second)
    by_third = await publish(db, make_batch(make_line(voucher="记7")), third)

    assert [list(states(months).values()) for months in (by_operator, by_importer, by_same)] == [
        ["draft"],
        ["draft"],
        ["draft"],
    ]
    assert by_same[0].hindrances == ("谁导入谁不审核:里面有本人导入的,要由别人来签",)
    assert (states(by_other), by_other[0].was_signed) == ({"2026-03": "submitted"}, True)
    assert by_other_again[0].hindrances == ("已经签过了,还要别人签",)
    assert (states(by_third), by_third[0].was_published) == ({"2026-03": "published"}, True)
    row = await db.row("SELECT signatures FROM disclosures")
    assert row
    assert [one["actor"] for one in json.loads(row["signatures"])] == [second, third]


@on_sqlite
async def test_reviewer_who_took_a_row_out_may_not_sign(db: Database, sealer: Sealer) -> None:
    signer = await reviewer(db, sealer)
    await bring(db, make_batch(make_line(), make_line(voucher="记2")))

    months = await publish(db, make_batch(make_line()), signer)

    assert states(months) == {"2026-03": "draft"}


@on_sqlite
async def test_correction_of_published_rows_binds_only_who_corrected(
    db: Database, sealer: Sealer
) -> None:
    first, second = await reviewer(db, sealer), await reviewer(db, sealer, "13900000002")
    third = await reviewer(db, sealer, "13900000003")
    await bring(db, make_batch(make_line(), make_line(voucher="记2")), first)
    for signer in (second, third):
        await publish(db, make_batch(make_line(), make_line(voucher="记2")), signer)
    corrected = make_batch(make_line(), make_line(voucher="记2", amount=7))
    await bring(db, corrected, second)

    own = await publish(db, corrected, second)
    others = [await publish(db, corrected, signer) for signer in (first, third)]

    assert states(own) == {"2026-03": "draft"}
    assert [states(months) for months in others] == [
        {"2026-03": "submitted"},
        {"2026-03": "published"},
    ]


@on_sqlite
async def test_a_change_makes_signatures_fall(db: Database, sealer: Sealer) -> None:
    first, second = await reviewer(db, sealer), await reviewer(db, sealer, "13900000002")
    await bring(db, make_batch(make_line()))
    await publish(db, make_batch(make_line()), first)

    await bring(db, make_batch(make_line(amount=7)))
    months = await publish(db, make_batch(make_line(amount=7)), second)

    assert (states(months), months[0].signers) == ({"2026-03": "submitted"}, (second,))


@on_sqlite
async def test_doubt_is_settled_by_a_reviewer_who_did_not_bring_the_row(
    db: Database, sealer: Sealer
) -> None:
    signer = await reviewer(db, sealer)

    by_operator = await bring_in(db, doubt_batch(settle=True), make_order())
    by_signer = await bring_in(db, doubt_batch(settle=True), make_order(signer, publish=True))

    assert (len(by_operator.settled), len(by_operator.unsettled)) == (0, 1)
    assert (len(by_signer.settled), len(by_signer.unsettled)) == (1, 0)
    assert states(by_signer.months) == {"2026-03": "submitted"}


@on_sqlite
async def test_reviewer_whose_term_is_over_does_not_count(db: Database, sealer: Sealer) -> None:
    await save_villages(db, [FACTS])
    ended = Facts(
        "审某", ("审核",), VILLAGE, phone="13900000001", ends_on=(NOW - timedelta(days=1)).date()
    )
    await enrol(db, sealer, [ended], NOW)

    months = await publish(db, make_batch(make_line()))

    assert states(months) == {"2026-03": "published"}


async def test_failure_in_the_middle_leaves_nothing_behind(db: Database) -> None:
    async def fail_after_it() -> None:
        async with db.transaction():
            await bring_in(db, make_batch(make_line()), make_order(publish=True))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_it()

    for table in ("disclosures", "chain", "audit", "accepted_doubts"):
        assert await db.rows(f"SELECT * FROM {table}") == []  # noqa: S608


@on_sqlite
async def test_same_book_name_in_another_village_is_another_book(db: Database) -> None:
    await publish(db, make_batch(make_line()))

    await publish(db, make_batch(make_line(amount=3), village="990101101201"))

    assert (await PublishedAccounts(db).newest(VILLAGE)).months[0].expense_fen == 68_000
    assert BOOK == "村委会"


@on_sqlite
async def test_a_correction_after_an_erasure_can_still_be_checked(db: Database) -> None:
    (month,) = await publish(db, make_batch(make_line(), make_line(voucher="记2")))
    first = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries[0]
    await disclosures.erase_personal(db, month.id, [f"{first.id}.payee"], "operator", NOW)

    await publish(db, make_batch(make_line(), make_line(voucher="记2", amount=3)))

    assert await chain.verify(db) is None
    shown = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries[0]
    assert (shown.id, shown.payee) == (first.id, "已隐去")
