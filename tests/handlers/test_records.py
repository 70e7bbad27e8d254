"""Answers from lists, projects, decisions, rules and contacts: the sample county's own."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from handlers import texts
from handlers.records import Records
from handlers.turn import Conversation, Inbound, Kind, Reply, Turn
from storage.disclosures import State
from storage.published_records import Disclosure, Record, VillageRecords
from storage.residents import Resident
from understanding import Intent, Meaning, Period, Slots, Village
from understanding.topics import Topics
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import KINDS, SUBSIDIES
from workbooks.records.reader import read_kind

VILLAGE = Village("990101101200", "听竹村", "竹影镇")
SAMPLE = Path(__file__).resolve().parents[2] / "bot/sample"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
LAST_YEAR_ENDS = date(2025, 12, 31)
MAY_ENDS = date(2026, 5, 31)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


@cache
def sample(village: str) -> VillageRecords:
    """What a village of the sample county has published."""
    found = [one for kind in KINDS.values() for one in _disclosures(kind, village)]
    return VillageRecords(village, tuple(found))


def _disclosures(kind: RecordKind, village: str) -> list[Disclosure]:
    lists: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in read_kind(SAMPLE / f"{kind.code}.csv", kind).rows:
        if row.code == village:
            record = Record(f"{kind.code}{row.row}", dict(row.values))
            lists[row.period, row.book].append(record)
    return [
        Disclosure(
            id=f"{kind.code}{number}", village=village, kind=kind, rhythm="", book=book,
            disclosure_class=kind.disclosure_class, period=period, version=1,
            state=State.PUBLISHED, published_at=NOW, reason="", withdrawn_reason="",
            records=tuple(records),
        )
        for number, ((period, book), records) in enumerate(sorted(lists.items()))
    ]  # fmt: skip


class Sample:
    """The sample county as a reader of what is published."""

    async def village(self, code: str, head: int) -> VillageRecords:
        return sample(code)


class Asker:
    """One resident; the conversation goes on from question to question."""

    def __init__(self, channel: str = "wechat", village: Village = VILLAGE) -> None:
        self.conversation = Conversation()
        self.records = Records(Sample(), Topics())
        self.channel = channel
        self.village = village
        self.today = TODAY

    def turn(self, intent: Intent, text: str, slots: Slots) -> Turn:
        return Turn(
            inbound=Inbound(self.channel, "key", Kind.TEXT, "oPerson", text=text),
            resident=Resident("person", self.village.code, None, known=True),
            meaning=Meaning(intent, slots),
            conversation=self.conversation,
            now=NOW,
            today=self.today,
            village=self.village,
            chain_head=1,
        )

    async def ask(self, intent: Intent, text: str = "", **slots: object) -> Reply:
        turn = self.turn(intent, text, Slots(**slots))  # type: ignore[arg-type]
        return await self.records.answer(turn) or await self.records.nothing(turn)

    async def subsidy(self, text: str = "", **slots: object) -> Reply:
        return await self.ask(Intent.QUERY_SUBSIDY, text, **slots)

    async def disclosure(self, text: str = "", **slots: object) -> Reply:
        return await self.ask(Intent.QUERY_DISCLOSURE, text, **slots)


def total_of(item: str, *periods: str) -> int:
    """What the sample's lists of a policy come to, in fen, added up on another way."""
    rows = read_kind(SAMPLE / "subsidies.csv", SUBSIDIES).rows
    return sum(
        amount
        for row in rows
        if row.code == VILLAGE.code and row.book == item and row.period in periods
        and isinstance(amount := row.values["amount"], int)
    )  # fmt: skip


# --- subsidies ------------------------------------------------------------------------------------


async def test_who_gets_relief_this_year_is_the_newest_approved_list() -> None:
    reply = await Asker().subsidy("今年低保有哪些人", topic="AID.DIBAO", period=YEAR, ask="list")

    assert reply.text.startswith("听竹村 最低生活保障名单 2026年10月,共5户,共 2,940元")
    year = total_of("最低生活保障", *(f"2026-{month:02d}" for month in range(1, 11)))
    assert f"这段时间公开了10份名单,一共 {year // 100:,}元。" in reply.text
    assert "最低生活保障名单 2026年11月还在公示(4户),没有算在里面。" in reply.text
    assert "\n1. 陈*国 8组 2人 840元" in reply.text
    assert "来源:最低生活保障名单 2026年10月(2026年11月24日公开,第1版)" in reply.text


async def test_a_sum_adds_all_lists_up_and_shows_each() -> None:
    asker = Asker()

    reply = await asker.ask(Intent.ASK_TOTAL, "低保一共发了多少", topic="AID.DIBAO", period=OCTOBER)
    everything = await asker.ask(Intent.ASK_TOTAL, "低保一共发了多少", topic="AID.DIBAO")
    opened = await asker.ask(Intent.DETAIL, "2", item_no=2)
    one = await asker.ask(Intent.DETAIL, "1", item_no=1)

    assert f"公开的1份名单,一共发了 {total_of('最低生活保障', '2026-10') // 100:,}元" in reply.text
    assert "听竹村 2025年5月到2026年10月" in everything.text
    assert opened.text.startswith("听竹村 最低生活保障名单 2026年9月,共5户")
    assert "标准:每人每月420元" in one.text


async def test_what_was_paid_for_land_is_the_list_and_not_what_was_decided_of_it() -> None:
    asker = Asker(village=Village("990101102200", "鹭洲村", "白鹭滩镇"))

    reply = await asker.ask(Intent.ASK_TOTAL, "征地补偿款一共发了好多", topic="LAND.COMP")

    assert "一共发了 463,840元" in reply.text


async def test_of_several_policies_the_newest_list_of_each_can_be_opened() -> None:
    asker = Asker()

    lists = await asker.subsidy("补贴发了哪些")
    opened = await asker.ask(Intent.DETAIL, "4", item_no=4)
    other = await asker.ask(Intent.REFINE, "低保呢", topic="AID.DIBAO")

    assert "听竹村公开的补贴和救助,共7种" in lists.text
    assert "\n4. 高龄津贴名单 2026年9月 8户,共1,140元" in lists.text
    assert opened.text.startswith("听竹村 高龄津贴名单 2026年9月,共8户")
    assert other.text.startswith("听竹村 最低生活保障名单 2026年10月")


async def test_standard_and_day_of_payment_are_told_when_asked_for() -> None:
    paid = await Asker().subsidy("高龄津贴发了没", topic="PEN.AGE", ask="status")
    rate = await Asker().subsidy("低保一个月好多钱", topic="AID.DIBAO", ask="standard")
    several = await Asker().subsidy("高龄津贴标准", topic="PEN.AGE", ask="standard")

    assert "最近一次2026年9月28日发的" in paid.text
    assert "标准:每人每月420元" in rate.text
    assert "标准:90岁以上每季300元;80到89岁每季120元" in several.text


async def test_a_person_is_found_by_the_masked_name_only() -> None:
    found = await Asker().subsidy("马小芳家的低保", topic="AID.DIBAO", keyword="马小芳")
    missing = await Asker().subsidy("张桂芳家的低保", topic="AID.DIBAO", keyword="张桂芳")

    assert "1. 马*芳 3组 2人 840元(最低生活保障名单 2026年10月)" in found.text
    assert "小芳" not in found.text
    assert "里没有“张桂芳”,没有公开记录" in missing.text
    assert "0元" not in missing.text


async def test_a_group_of_a_list() -> None:
    reply = await Asker().subsidy("3组有哪些低保户", topic="AID.DIBAO", group=3, ask="list")

    assert "共1户" in reply.text


async def test_lists_of_two_periods_are_compared() -> None:
    asker = Asker()
    await asker.subsidy("低保名单", topic="AID.DIBAO", ask="list")
    last_year = Period(date(2025, 1, 1), date(2025, 12, 31))
    september = Period(date(2026, 9, 1), date(2026, 9, 30))

    unlike = await asker.records.compared(
        asker.turn(Intent.COMPARE, "比去年呢", Slots(period=YEAR, period2=last_year))
    )
    alike = await Asker().records.compared(
        asker.turn(
            Intent.COMPARE,
            "9月低保比5月多不多",
            Slots(topic="AID.DIBAO", period=september, period2=Period(date(2026, 5, 1), MAY_ENDS)),
        )
    )
    not_listed = await Asker().records.compared(
        asker.turn(
            Intent.COMPARE, "修路今年比去年", Slots(topic="PROJ", period=YEAR, period2=last_year)
        )
    )

    this, other = total_of("最低生活保障", "2026-09"), total_of("最低生活保障", "2026-05")
    assert unlike is not None
    assert unlike.text.startswith("听竹村 最低生活保障\n2026年 一共发了 34,440元(公开的10份名单)")
    assert texts.UNEVEN_LISTS in unlike.text
    assert alike is not None
    assert f"比2026年5月少{(other - this) // 100:,}元。" in alike.text
    assert not_listed is None


async def test_one_household_in_many_lists_is_one_household() -> None:
    slots = {"topic": "AID.DIBAO", "group": 3, "period": Period(date(2025, 1, 1), LAST_YEAR_ENDS)}
    wechat = await Asker().subsidy("3组去年的低保", **slots)
    sms = await Asker("sms").subsidy("3组去年的低保", **slots)

    head = "听竹村 最低生活保障名单 2025年5月到12月,共8笔,共 6,400元"
    assert wechat.text.startswith(head)
    assert sms.brief is not None
    assert (sms.brief.template, sms.brief.values["count"]) == ("answer_total", "8")


async def test_who_is_only_announced_hides_nobody_who_has_it() -> None:
    reply = await Asker().subsidy("9组有哪些低保户", topic="AID.DIBAO", group=9, ask="list")

    assert "共1户,共 420元" in reply.text
    assert "1. 高*英 9组" in reply.text
    assert "最低生活保障名单 2026年11月还在公示(1户),没有算在里面。" in reply.text


async def test_who_was_taken_off_a_list_is_told_as_such() -> None:
    """杨*英 stands in the lists to June 2026, and in none after."""
    wechat = await Asker().subsidy("杨秀英吃低保没有", topic="AID.DIBAO", keyword="杨秀英")
    sms = await Asker("sms").subsidy("杨秀英吃低保没有", topic="AID.DIBAO", keyword="杨秀英")

    assert wechat.text.startswith("最低生活保障名单 2026年10月里没有。以前的名单里有:\n")
    assert "(最低生活保障名单 2026年6月)" in wechat.text
    assert sms.brief is not None
    assert sms.brief.values == {"text": "最低生活保障名单 2026年10月里没有"}


async def test_what_is_asked_of_a_list_comes_by_sms() -> None:
    standard = await Asker("sms").subsidy("低保标准", topic="AID.DIBAO", ask="standard")
    paid = await Asker("sms").subsidy("低保哪天发的", topic="AID.DIBAO", ask="date")

    assert standard.brief is not None
    assert standard.brief.values["second"] == "标准:每人每月420元"
    assert paid.brief is not None
    assert paid.brief.values["second"].startswith("最近一次2026年10月26日发的")


async def test_of_several_policies_each_says_when_it_was_paid() -> None:
    reply = await Asker().subsidy("种粮补贴发了没有", topic="SUB.GRAIN", ask="status")

    assert all("发的" in line for line in reply.text.splitlines() if line[:2] in ("1.", "2."))


async def test_of_several_policies_the_one_that_is_named_is_meant() -> None:
    machines = await Asker().subsidy("农机补贴有哪几家", topic="SUB.GRAIN", ask="list")
    land = await Asker().subsidy("耕地补贴好多钱一亩", topic="SUB.GRAIN", ask="standard")
    grain = await Asker().subsidy("种粮补贴", topic="SUB.GRAIN")

    assert machines.text.startswith("听竹村 农机购置与应用补贴名单 2026年,共3户")
    assert "\n标准:" in land.text
    assert "共2种" in grain.text


async def test_by_sms_the_page_after_a_sum_begins_with_the_first() -> None:
    asker = Asker("sms")
    await asker.ask(Intent.ASK_TOTAL, "今年低保一共发了好多", topic="AID.DIBAO", period=YEAR)

    page = await asker.ask(Intent.PAGE, "下一页", page="next")

    assert page.brief is not None
    listed = "".join(page.brief.values.values())
    assert [number in listed for number in ("1最低", "2最低", "3最低")] == [True] * 3


async def test_a_list_that_was_published_in_between_renumbers() -> None:
    asker = Asker()
    await asker.subsidy("补贴发了哪些")
    asker.conversation.basis = "of another day"

    renewed = await asker.ask(Intent.DETAIL, "4", item_no=4)
    opened = await asker.ask(Intent.DETAIL, "4", item_no=4)

    assert renewed.text.startswith(texts.RENUMBERED)
    assert opened.text.startswith("听竹村 高龄津贴名单")


async def test_nothing_of_another_time_is_still_about_the_same() -> None:
    asker = Asker()
    await asker.subsidy("低保名单", topic="AID.DIBAO", ask="list")

    reply = await asker.ask(
        Intent.REFINE, "那2024年的呢", period=Period(date(2024, 1, 1), date(2024, 12, 31))
    )

    assert "听竹村 2024年没有公开最低生活保障" in reply.text


async def test_nothing_published_says_what_there_is_and_how_to_apply() -> None:
    asker = Asker()

    reply = await asker.subsidy("危房改造名单", topic="AID.HOUSE", ask="list")

    assert "听竹村没有公开过危房改造,没有公开记录。" in reply.text
    assert "已经公开的有:最低生活保障" in reply.text
    assert texts.TO_APPLY in reply.text
    assert asker.conversation.pending == "confirm"
    assert reply.brief is not None
    assert reply.brief.template == "answer_none"
    assert reply.brief.values["period"] == "危房改造"


async def test_another_time_is_told_where_there_is_one() -> None:
    reply = await Asker().disclosure(
        "去年10月开会决定了啥", topic="DECIDE", period=Period(date(2025, 10, 1), date(2025, 10, 31))
    )

    assert "听竹村 2025年10月没有公开民主决策事项,没有公开记录。" in reply.text
    assert "最近的一份是2026年10月25日的" in reply.text


# --- the other kinds ------------------------------------------------------------------------------


async def test_assets_of_the_newest_register_page_by_page() -> None:
    asker = Asker()

    first = await asker.disclosure("村里有哪些集体资产", topic="ASSET", ask="list")
    second = await asker.ask(Intent.PAGE, "下一页", page="next")
    beyond = await asker.ask(Intent.PAGE, "下一页", page="next")
    detail = await asker.ask(Intent.DETAIL, "3", item_no=3)

    assert "听竹村 集体资产台账,共14项\n资产 10项\n资源 4项" in first.text
    assert "\n3. 三号铺面 48平方米:" in first.text
    assert "欠缴3,500元" in first.text
    assert "\n9. " in second.text
    assert beyond.text == texts.LAST_PAGE
    assert "编号:TZ-003" in detail.text
    assert asker.conversation.offer["entry"]  # what an objection would be about


async def test_debts_come_to_a_sum_by_either_channel() -> None:
    wechat = await Asker().ask(Intent.ASK_TOTAL, "村里欠了多少账", topic="FIN.DEBT")
    sms = await Asker("sms").ask(Intent.ASK_TOTAL, "村里欠了多少账", topic="FIN.DEBT")

    assert "债务 3项,共 14,953元" in wechat.text
    assert "债权 2项,共 12,500元" in wechat.text
    assert "欠双泉劳务队 5,946元(便民路硬化工程质保金)" in wechat.text
    assert sms.brief is not None
    assert sms.brief.template == "answer_total"
    assert (sms.brief.values["direction"], sms.brief.values["amount"]) == ("债务", "14953")


async def test_who_won_the_tender_for_the_road() -> None:
    reply = await Asker().disclosure(
        "修路是哪个公司中标的", topic="BID", keyword="修路", ask="payee"
    )

    assert "便民路硬化工程:结算,双泉劳务队中标115,000元,已付111,554元" in reply.text
    assert "饮水" not in reply.text


async def test_payments_for_works_are_told_with_how_they_stand() -> None:
    asker = Asker()
    slots = Slots(topic="PROJ.ROAD", direction="expense")

    works = await asker.records.works(asker.turn(Intent.ASK_TOTAL, "修路花了多少", slots))
    others = await asker.records.works(
        asker.turn(Intent.ASK_TOTAL, "接待费花了多少", Slots(topic="FIN.HOSP"))
    )

    assert "工程:便民路硬化工程:结算,双泉劳务队中标115,000元" in works
    assert others == ""


async def test_what_a_meeting_decided_and_by_how_many() -> None:
    asker = Asker()

    listed = await asker.disclosure("上个月开会决定了啥", topic="DECIDE", period=OCTOBER)
    detail = await asker.ask(Intent.DETAIL, "4", item_no=4)

    assert "听竹村 会议决议,共4项" in listed.text
    assert "4. 村史馆修建:未通过(2026年10月18日村民代表会议)" in listed.text
    assert "应到33人,实到29人,同意9,反对16,弃权4" in detail.text


async def test_the_numbers_on_screen_mean_the_same_after_a_question_by_name() -> None:
    asker = Asker()
    listed = await asker.disclosure("监委会主任和委员是哪些", topic="CADRE")

    detail = await asker.ask(Intent.DETAIL, "2", item_no=2)

    assert "共3位" in listed.text
    assert "监委会 委员 宁小禾" in detail.text


async def test_a_thing_is_called_by_its_number_in_figures_too() -> None:
    reply = await Asker().disclosure("7号铺面租给哪个了", topic="ASSET.RENT", ask="payee")

    assert reply.text.startswith("听竹村\n七号铺面\n")


@pytest.mark.parametrize(
    ("text", "topic", "called"),
    [
        ("村史馆修不修", "PROJ", "村史馆修建"),
        ("便民路修好没有", "PROJ.ROAD", "便民路硬化工程"),
        ("太阳能路灯是哪个公司装的", "PROJ.LIGHT", "太阳能路灯安装"),
        ("饮水管网哪个修的", "PROJ.WATER", "五组饮水管网改造"),
    ],
)
async def test_works_are_called_by_part_of_their_name(text: str, topic: str, called: str) -> None:
    reply = await Asker().disclosure(text, topic=topic)

    assert reply.text.splitlines()[1] == called


async def test_one_row_by_sms_begins_with_what_matters_most() -> None:
    asker = Asker("sms")
    await asker.ask(Intent.ASK_TOTAL, "村里欠了多少账", topic="FIN.DEBT")

    debt = await asker.ask(Intent.DETAIL, "1", item_no=1)

    assert debt.text.splitlines()[1] == "欠双泉劳务队 5,946元(便民路硬化工程质保金)"


async def test_a_fragment_that_names_a_post_is_about_its_holder() -> None:
    asker = Asker()
    await asker.disclosure("书记是哪个", topic="CADRE")

    reply = await asker.ask(Intent.REFINE, "会计是哪个", topic="CADRE")

    assert reply.text.startswith("听竹村\n村委会 会计 洪蕊")


async def test_a_document_by_most_of_its_name_is_no_matter_of_its_topic() -> None:
    reply = await Asker().disclosure("监委会审核报告", topic="SUPER")

    assert "监委会2026年三季度审核报告" in reply.text


async def test_a_rule_by_its_name_is_shown_whole() -> None:
    reply = await Asker().disclosure("村规民约有哪些", topic="RIGHT", ask="list")

    assert reply.text.startswith("听竹村\n村规民约\n红白事不超过20桌")
    assert "版本:第3版" in reply.text


async def test_a_repealed_rule_is_quoted_no_more_from_that_very_day() -> None:
    asker = Asker()
    asker.today = date(2025, 10, 1)
    on_the_day = await asker.disclosure("来客接待标准")
    asker.today = date(2025, 9, 30)
    before = await asker.disclosure("来客接待标准")
    rules = await Asker().disclosure("规定有哪些", topic="RIGHT")

    assert "这项制度2025年10月1日起已经废止。\n现在看《村级财务开支审批制度》。" in on_the_day.text
    assert "每人50元" not in on_the_day.text
    assert "每人50元" in before.text
    assert "来客接待" not in rules.text
    assert "冬季用火" not in rules.text  # not yet in force


async def test_the_contact_of_a_group_and_the_supervisors() -> None:
    group = await Asker().disclosure("我们3组的联系干部是哪个", topic="CADRE", group=3)
    supervisors = await Asker().disclosure("监委会有哪些人", topic="SUPER", ask="list")

    assert "村党支部 书记 纪广田" in group.text
    assert "共3位" in supervisors.text


async def test_offices_tell_numbers_and_who_is_on_duty() -> None:
    asker = Asker()
    turn = asker.turn(Intent.HUMAN, "村委会电话", Slots())

    reply = await asker.records.offices(turn)

    assert reply is not None
    assert "村委会办公室 000-55501200,周一至周五9:00-17:00" in reply.text
    assert "今天(周二)值班:庞树青(副主任)" in reply.text


async def test_a_number_goes_out_by_sms_only_in_the_field_that_is_made_for_it() -> None:
    asker = Asker("sms")
    turn = asker.turn(Intent.HUMAN, "村委会电话", Slots())

    reply = await asker.records.offices(turn)

    assert reply is not None
    assert reply.brief is not None
    assert (reply.brief.template, reply.brief.values["phone"]) == ("answer_contact", "000-55501200")
    assert "000-5550" not in reply.text


async def test_a_village_without_numbers_has_the_usual_answer() -> None:
    other = Asker(village=Village("990101201203", "云盘村", "双泉沟乡"))

    assert await other.records.offices(other.turn(Intent.HUMAN, "村委会电话", Slots())) is None


async def test_news_of_every_kind_the_newest_first() -> None:
    asker = Asker()

    reply = await asker.disclosure("村务公开有啥新的", topic="VILLAGE")
    opened = await asker.ask(Intent.DETAIL, "6", item_no=6)

    lines = reply.text.splitlines()
    assert lines[0] == "听竹村最近公开的:"
    assert lines[1] == "1. 11月停水通知(2026年11月20日)"
    assert "最低生活保障名单 2026年11月" in reply.text
    assert opened.text.startswith("听竹村 最低生活保障名单 2026年11月")
    assert texts.ONLY_ANNOUNCED in opened.text


async def test_party_affairs_are_those_of_their_class() -> None:
    reply = await Asker().disclosure("党务公开", topic="PARTY")

    assert "预备党员公示(1名)" in reply.text
    assert "宅基地" not in reply.text


@pytest.mark.parametrize(
    ("intent", "text", "slots", "is_ours"),
    [
        (Intent.ASK_TOTAL, "村里欠了多少账", Slots(topic="FIN.DEBT"), True),
        (Intent.QUERY_FINANCE, "村里还有哪些债", Slots(topic="FIN.DEBT"), True),
        (Intent.ASK_TOTAL, "低保一共发了多少", Slots(topic="AID.DIBAO"), True),
        (Intent.ASK_TOTAL, "慰问花了多少", Slots(topic="AID.DISASTER", direction="expense"), False),
        (Intent.QUERY_FINANCE, "财务开支审批制度", Slots(), True),
        (Intent.QUERY_FINANCE, "来客接待标准", Slots(topic="FIN.HOSP"), True),
        (Intent.QUERY_FINANCE, "财务审批制度", Slots(), True),
        (Intent.ASK_TOTAL, "便民路硬化工程花了好多钱", Slots(topic="PROJ.ROAD"), True),
        (Intent.ASK_TOTAL, "便民路花了好多钱", Slots(topic="PROJ.ROAD"), True),
        (Intent.ASK_TOTAL, "修路花了好多钱", Slots(topic="PROJ.ROAD", direction="expense"), False),
        (
            Intent.ASK_TOTAL,
            "北坡果园承包费收了好多",
            Slots(topic="ASSET.CONTRACT", keyword="果园", direction="income"),
            False,
        ),
        (
            Intent.ASK_TOTAL,
            "上个月便民路硬化工程花了好多钱",
            Slots(topic="PROJ.ROAD", period=OCTOBER),
            False,
        ),
        (Intent.QUERY_FINANCE, "上个月的账", Slots(period=OCTOBER), False),
        (
            Intent.ASK_TOTAL,
            "铺面租金收了多少",
            Slots(topic="ASSET.RENT", direction="income"),
            False,
        ),
    ],
)
async def test_questions_that_only_read_like_ones_about_accounts(
    intent: Intent, text: str, slots: Slots, is_ours: bool
) -> None:
    asker = Asker()

    assert await asker.records.answers_instead(asker.turn(intent, text, slots)) is is_ours
