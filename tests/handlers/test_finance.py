"""Answers from accounts: exact sums, sources, pages, comparisons that compare like with like."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import texts, wording
from handlers.finance import Finance
from handlers.topical import by_topic
from handlers.turn import Answerable, Conversation, Inbound, Kind, Reply, Turn
from storage.accounts import Accounts, Entry, VillageAccounts
from storage.residents import Resident
from understanding import Amount, Intent, LastQuery, Meaning, Period, Slots, Village
from understanding.topics import Topics

VILLAGE = Village("990101101200", "听竹村", "竹影镇")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def make_entry(
    number: int, day: date, fen: int, summary: str = "路灯维修", direction: str = "支出"
) -> Entry:
    return Entry(
        id=f"entry{number}",
        date=day,
        voucher_no=f"记{number}",
        summary=summary,
        subject="公益支出",
        direction=direction,
        amount_fen=fen,
        payee="郑*秀",
        handler="洪蕊",
        approver="纪广田",
        supervisors=("班秀英",),
    )


def make_month(period: str, *entries: Entry, book: str = "村委会", version: int = 1) -> Accounts:
    income = sum(e.amount_fen for e in entries if e.direction == "收入")
    expense = sum(e.amount_fen for e in entries if e.direction == "支出")
    return Accounts(
        id=f"{period}{book}", village=VILLAGE.code, book=book, period=period, version=version,
        published_at=NOW, opening_fen=None, income_fen=income, expense_fen=expense,
        closing_fen=None, entries=entries, reason="",
    )  # fmt: skip


OCTOBER = make_month(
    "2026-10",
    make_entry(1, date(2026, 10, 8), 123_450),
    make_entry(2, date(2026, 10, 9), 980_000, "村级运转经费拨款", "收入"),
    make_entry(3, date(2026, 10, 20), 30_005, "垃圾清运费"),
    make_entry(4, date(2026, 10, 21), -5_000, "冲回多付路灯款"),
)
LAST_OCTOBER = make_month("2025-10", make_entry(5, date(2025, 10, 8), 100_000))


def make_turn(
    intent: Intent,
    text: str = "",
    conversation: Conversation | None = None,
    channel: str = "wechat",
    **slots: object,
) -> Turn:
    return Turn(
        inbound=Inbound(channel, "key", Kind.TEXT, "oPerson", text=text),
        resident=Resident("person", VILLAGE.code, None, known=True),
        meaning=Meaning(intent, Slots(**slots)),  # type: ignore[arg-type]
        conversation=conversation or Conversation(),
        now=NOW,
        today=TODAY,
        village=VILLAGE,
        chain_head=1,
    )


def ask(
    intent: Intent,
    *months: Accounts,
    text: str = "",
    conversation: Conversation | None = None,
    channel: str = "wechat",
    **slots: object,
) -> tuple[Reply, Conversation]:
    turn = make_turn(intent, text, conversation, channel, **slots)
    accounts = VillageAccounts(VILLAGE.code, months)
    return Finance(by_topic(Topics())).answer(turn, accounts), turn.conversation


def test_a_sum_is_exact_and_says_where_it_is_from() -> None:
    reply, _ = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")

    assert "支出 1,484.55元,共3笔" in reply.text  # red ink takes back what it takes back
    assert "来源:2026年10月村委会财务公开表(2026年11月24日公开,第1版)" in reply.text
    assert texts.NEWEST in reply.text
    assert reply.link == f"/v/{VILLAGE.code}/accounts/2026-10"


def test_nothing_published_is_never_a_zero() -> None:
    september = Period(date(2026, 9, 1), date(2026, 9, 30))

    reply, conversation = ask(Intent.ASK_TOTAL, OCTOBER, period=september)

    assert "还没公开,没有公开记录" in reply.text
    assert "0元" not in reply.text
    assert conversation.pending == "confirm"


def test_a_number_leads_to_the_entry_that_bears_it() -> None:
    _, conversation = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")

    reply, _ = ask(Intent.DETAIL, OCTOBER, conversation=conversation, item_no=2)
    beyond, _ = ask(Intent.DETAIL, OCTOBER, conversation=conversation, item_no=9)

    assert "垃圾清运费" in reply.text
    assert "凭证:记3" in reply.text
    assert "没有第9笔" in beyond.text


def test_items_are_numbered_through_all_pages() -> None:
    entries = [make_entry(n, date(2026, 10, 1), n * 100) for n in range(1, 21)]
    month = make_month("2026-10", *entries)
    _, conversation = ask(Intent.QUERY_FINANCE, month, direction="expense")

    second, _ = ask(Intent.PAGE, month, conversation=conversation, page="next")
    last, _ = ask(Intent.PAGE, month, conversation=conversation, page="last")
    after, _ = ask(Intent.PAGE, month, conversation=conversation, page="next")

    assert "第9到16笔,共20笔" in second.text
    assert "\n9. " in second.text
    assert "第17到20笔,共20笔" in last.text
    assert after.text == texts.LAST_PAGE


def test_books_are_told_apart() -> None:
    collective = make_month("2026-10", make_entry(9, date(2026, 10, 3), 700), book="集体")

    reply, _ = ask(Intent.ASK_TOTAL, OCTOBER, collective, direction="expense")

    assert "村委会账:支出 1,484.55元" in reply.text
    assert "集体账:支出 7元" in reply.text


def test_amounts_topics_and_payees_single_entries_out() -> None:
    by_amount, _ = ask(Intent.ASK_TOTAL, OCTOBER, amount=Amount(100_000, None), direction="expense")
    by_payee, _ = ask(Intent.QUERY_FINANCE, OCTOBER, keyword="郑文秀", direction="income")

    assert "支出 1,234.50元,共1笔" in by_amount.text
    assert "收入 9,800元,共1笔" in by_payee.text


def test_a_comparison_of_like_months_tells_the_difference() -> None:
    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, direction="expense",
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    assert "2026年10月比2025年10月多484.55元。" in reply.text


def test_sums_of_unlike_months_are_not_taken_from_each_other() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))

    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, direction="expense",
        period=year, period2=wording.a_year_before(year),
    )  # fmt: skip

    assert texts.UNEVEN in reply.text
    assert "比2025年多" not in reply.text


def test_a_bare_comparison_keeps_what_is_on_screen() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    asked = Slots(period=wording.whole_month("2026-10"), direction="expense", keyword="路灯")
    conversation = Conversation(last_query=LastQuery(Intent.ASK_TOTAL, asked, results=2))

    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, text="比去年同期呢", conversation=conversation,
        period=year, period2=wording.a_year_before(year),
    )  # fmt: skip

    assert "2026年10月 支出 1,184.50元,共2笔" in reply.text
    assert "2025年10月 支出 1,000元,共1笔" in reply.text


def test_what_lies_beside_a_topic_is_not_counted_with_it() -> None:
    """A wider account of the entry makes a ditch no road: sums are of the topic alone."""
    road = make_entry(1, date(2026, 10, 8), 100, "三组道路坑槽修补")
    ditch = make_entry(2, date(2026, 10, 9), 200, "支渠清淤")
    works = "公益支出-道路水利"
    month = make_month("2026-10", replace(road, subject=works), replace(ditch, subject=works))

    roads, _ = ask(Intent.ASK_TOTAL, month, topic="PROJ.ROAD", direction="expense")
    works_at_all, _ = ask(Intent.ASK_TOTAL, month, topic="PROJ", direction="expense")
    lamps, _ = ask(Intent.ASK_TOTAL, month, topic="PROJ.LIGHT", direction="expense")

    assert "支出 1元,共1笔" in roads.text
    assert "支出 3元,共2笔" in works_at_all.text
    assert "公开的账里没有“路灯照明”,没有公开记录。" in lamps.text


def test_an_account_of_another_kind_makes_a_word_mean_another_thing() -> None:
    notice = replace(
        make_entry(1, date(2026, 10, 8), 100, "森林防火宣传牌"), subject="公益支出-防灾安全"
    )
    paper = replace(
        make_entry(2, date(2026, 10, 9), 200, "打印纸和硒鼓"), subject="管理费用-办公费"
    )
    month = make_month("2026-10", notice, paper)

    reply, _ = ask(Intent.ASK_TOTAL, month, topic="FIN.OFFICE", direction="expense")

    assert "支出 2元,共1笔" in reply.text


def test_by_sms_a_year_that_runs_is_told_as_far_as_it_is_published() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))

    reply, _ = ask(Intent.ASK_TOTAL, OCTOBER, period=year, direction="expense", channel="sms")

    assert reply.brief is not None
    assert reply.brief.values["period"] == "2026年10月"
    assert "2026年1月到9月、2026年11月的账还没公开" in reply.text


def test_red_ink_is_said_to_take_back() -> None:
    reply, _ = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")

    assert "3. 冲回多付路灯款 冲减支出50元(10月21日)" in reply.text


def test_an_answer_names_what_it_is_narrowed_to() -> None:
    by_topic, _ = ask(Intent.ASK_TOTAL, OCTOBER, topic="ENV", direction="expense")
    by_size, _ = ask(Intent.ASK_TOTAL, OCTOBER, amount=Amount(100_000, None))
    without, _ = ask(Intent.ASK_TOTAL, OCTOBER, exclude_topic="ENV", direction="expense")
    everything, _ = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")

    assert by_topic.text.startswith("听竹村 2026年10月 环境卫生和保洁\n")
    assert by_topic.brief is not None
    assert by_topic.brief.values["period"] == "2026年10月,环境卫生和保洁"
    assert by_size.text.startswith("听竹村 2026年10月 1,000元以上\n")
    assert without.text.startswith("听竹村 2026年10月 除了环境卫生和保洁\n")
    assert everything.text.startswith("听竹村 2026年10月\n")


def test_a_fragment_may_leave_a_topic_out() -> None:
    _, conversation = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")

    reply, _ = ask(Intent.REFINE, OCTOBER, conversation=conversation, exclude_topic="ENV")

    assert "支出 1,184.50元,共2笔" in reply.text


def test_after_nothing_the_question_can_be_asked_of_another_time() -> None:
    september = wording.whole_month("2026-09")
    _, conversation = ask(
        Intent.ASK_TOTAL, OCTOBER, topic="ENV", period=september, direction="expense"
    )

    reply, _ = ask(
        Intent.REFINE, OCTOBER, conversation=conversation, period=wording.whole_month("2026-10")
    )

    assert "支出 300.05元,共1笔" in reply.text


def test_of_no_time_the_newest_month_that_has_any_is_told() -> None:
    """That the newest of all has none is said; nobody takes an old sum for a new one."""
    september = make_month("2026-09", make_entry(7, date(2026, 9, 3), 700, "办公用品"))

    reply, _ = ask(Intent.ASK_TOTAL, september, OCTOBER, keyword="办公", direction="expense")

    assert reply.text.startswith("听竹村 2026年9月 办公\n")
    assert "最近公开的2026年10月没有" in reply.text


def test_what_is_left_is_told_where_it_was_stated() -> None:
    stated = replace(OCTOBER, closing_fen=60_983_604)

    asked, _ = ask(Intent.ASK_TOTAL, stated, text="村里还剩好多钱")
    by_sms, _ = ask(Intent.ASK_TOTAL, stated, text="账上有多少钱", channel="sms")
    beside, _ = ask(Intent.QUERY_FINANCE, stated, text="上个月的账")
    a_part, _ = ask(Intent.QUERY_FINANCE, stated, text="上个月的支出", direction="expense")
    unstated, _ = ask(Intent.ASK_TOTAL, OCTOBER, text="余额还有好多")

    assert asked.text.splitlines()[2] == "2026年10月底账上结余 609,836.04元。"
    assert by_sms.brief is not None
    assert by_sms.brief.values == {"text": "听竹村2026年10月底账上结余 609836.04元。"}
    assert "账上结余 609,836.04元" in beside.text
    assert "结余" not in a_part.text
    assert texts.NO_BALANCE in unstated.text


def test_both_directions_come_by_sms_with_the_numbers_of_the_list() -> None:
    sums, conversation = ask(Intent.QUERY_FINANCE, OCTOBER, channel="sms")
    page, _ = ask(Intent.PAGE, OCTOBER, conversation=conversation, channel="sms", page="next")
    first, _ = ask(Intent.DETAIL, OCTOBER, conversation=conversation, channel="sms", item_no=1)

    assert sums.brief is not None
    assert sums.brief.template == "answer_both"
    assert (sums.brief.values["income"], sums.brief.values["expense"]) == ("9800", "1484.55")
    assert page.brief is not None
    shown = "".join(page.brief.values.values())
    assert all(part in shown for part in ("1村级运转经费拨款收9800元", "2路灯维修支1234.50元", "3"))
    assert "村级运转经费拨款" in first.text


def test_a_correction_in_between_makes_no_number_mean_another_entry() -> None:
    _, conversation = ask(Intent.ASK_TOTAL, OCTOBER, direction="expense")
    corrected = replace(
        make_month("2026-10", make_entry(9, date(2026, 10, 2), 900_000, "水泵"), *OCTOBER.entries),
        id="corrected", version=2,
    )  # fmt: skip

    reply, _ = ask(Intent.DETAIL, corrected, conversation=conversation, item_no=1)
    again, _ = ask(Intent.DETAIL, corrected, conversation=conversation, item_no=1)

    assert reply.text.startswith(texts.RENUMBERED)
    assert "\n1. 水泵 支9,000元" in reply.text
    assert "水泵\n支出 9,000元" in again.text


def test_more_than_a_message_holds_goes_on_the_next_page() -> None:
    entries = [make_entry(n, date(2026, 10, 1), n * 100) for n in range(1, 41)]
    month = make_month("2026-10", *entries)

    reply, conversation = ask(Intent.ASK_LARGEST, month, n=30)
    page, _ = ask(Intent.PAGE, month, conversation=conversation, page="next")

    assert "最大的10笔" in reply.text
    assert "第11到20笔,共40笔" in page.text


def test_a_comparison_never_says_zero_where_nothing_is_recorded() -> None:
    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, topic="ENV", direction="expense",
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    assert "2026年10月 支出 300.05元,共1笔" in reply.text
    assert "2025年10月 支出:公开的账里没有这样的记录" in reply.text
    assert "0元,共0笔" not in reply.text
    assert "比2025年10月" not in reply.text


@pytest.mark.parametrize("intent", [Intent.QUERY_SUBSIDY, Intent.QUERY_POWER_ITEM])
def test_a_comparison_keeps_nothing_of_what_is_no_account(intent: Intent) -> None:
    conversation = Conversation(last_query=LastQuery(intent, Slots(keyword="item:B01"), results=6))

    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, text="比去年10月呢", conversation=conversation,
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    assert "2026年10月 支出 1,484.55元,共3笔" in reply.text


def test_a_whole_question_keeps_nothing_of_what_is_on_screen() -> None:
    _, conversation = ask(Intent.ASK_TOTAL, OCTOBER, topic="ENV", direction="expense")

    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, text="10月比去年10月", conversation=conversation,
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    assert "2026年10月 支出 1,484.55元,共3笔" in reply.text
    assert "2026年10月 收入 9,800元,共1笔" in reply.text


def test_a_fragment_changes_the_comparison_on_screen() -> None:
    _, conversation = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, direction="income",
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    reply, _ = ask(
        Intent.REFINE, LAST_OCTOBER, OCTOBER, conversation=conversation, direction="expense"
    )

    assert "2026年10月比2025年10月多484.55元。" in reply.text


def test_a_comparison_comes_by_sms_with_both_sums_and_the_difference() -> None:
    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, direction="expense", channel="sms",
        period=wording.whole_month("2026-10"), period2=wording.whole_month("2025-10"),
    )  # fmt: skip

    assert reply.brief is not None
    assert reply.brief.template == "answer_compare"
    assert reply.brief.values["first"] == "2026年10月1484.55"
    assert reply.brief.values["difference"] == "2026年10月比2025年10月多484.55元"


def test_by_sms_unlike_months_are_told_as_such() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))

    reply, _ = ask(
        Intent.COMPARE, LAST_OCTOBER, OCTOBER, direction="expense", channel="sms",
        period=year, period2=wording.a_year_before(year),
    )  # fmt: skip

    assert reply.brief is not None
    assert reply.brief.values["difference"] == texts.UNEVEN_BRIEF


def test_two_villages_are_compared_over_the_newest_month_of_both() -> None:
    other = Village("990101102200", "鹭洲村", "白鹭滩镇")
    turn = make_turn(Intent.COMPARE, village=other, direction="expense")
    theirs = VillageAccounts(other.code, (LAST_OCTOBER, make_month("2026-11")))
    ours = VillageAccounts(VILLAGE.code, (LAST_OCTOBER, OCTOBER))

    reply = Finance(by_topic(Topics())).compare_villages(
        turn, (Answerable(VILLAGE, ours), Answerable(other, theirs))
    )

    assert reply.text.startswith("2025年10月\n")
    assert "听竹村 支出 1,000元,共1笔" in reply.text
    assert "鹭洲村 支出 1,000元,共1笔" in reply.text
    assert texts.EQUAL in reply.text


def test_a_new_version_is_answered_from_at_once() -> None:
    finance = Finance(by_topic(Topics()))
    corrected = make_month("2026-10", make_entry(1, date(2026, 10, 8), 200), version=2)

    def total(month: Accounts) -> str:
        turn = Turn(
            inbound=Inbound("wechat", "key", Kind.TEXT, "oPerson"),
            resident=Resident("person", VILLAGE.code, None, known=True),
            meaning=Meaning(Intent.ASK_TOTAL, Slots(direction="expense")),
            conversation=Conversation(), now=NOW, today=TODAY, village=VILLAGE, chain_head=1,
        )  # fmt: skip
        return finance.answer(turn, VillageAccounts(VILLAGE.code, (month,))).text

    before, after = total(OCTOBER), total(corrected)

    assert "1,484.55元" in before
    assert "支出 2元,共1笔" in after


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_money_is_worded_exactly(fen: int) -> None:
    worded = wording.yuan(fen).replace(",", "")
    whole, _, cents = worded.lstrip("-").partition(".")

    size = int(whole) * 100 + int(cents or 0)
    assert (-size if worded.startswith("-") else size) == fen


@pytest.mark.parametrize(
    ("first", "last", "worded"),
    [
        ("2026-10-01", "2026-10-31", "2026年10月"),
        ("2026-01-01", "2026-12-31", "2026年"),
        ("2026-01-01", "2026-03-31", "2026年1月到3月"),
        ("2024-01-01", "2025-12-31", "2024年到2025年"),
        ("2026-10-08", "2026-10-08", "2026年10月8日"),
        ("2026-08-25", "2026-11-24", "2026年8月25日到11月24日"),
    ],
)
def test_periods_are_worded_as_people_say_them(first: str, last: str, worded: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))

    assert wording.period(period) == worded
