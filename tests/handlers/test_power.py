"""Answers from the list of powers: by topic, post and code; what is on screen; by SMS."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.sms.replying import as_sms
from handlers import texts
from handlers.power import Power
from handlers.turn import Conversation, Inbound, Kind, Reply, Turn
from notifications.segments import length
from notifications.wordings import Wordings
from storage import chain
from storage.database import Database
from storage.enrolling import Facts, enrol
from storage.people import find_person
from storage.power_lists import PublishedPowerItems
from storage.residents import Resident
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.power import VILLAGE, bring, changed_step, make_item, make_order, make_places
from understanding import Context, Understanding, Village

TODAY = NOW.date()
PLACE = Village(VILLAGE, "听竹村", "竹影镇")
DIBAO = make_item(
    "B01", name="最低生活保障申请", topics=("AID.DIBAO",), documents=("申请书", "身份证件"),
    supervised_by=("村务监督委员会", "县民政局"), duties=("有人申请就受理",),
)  # fmt: skip
TENDER = make_item("A11", name="工程和采购招标投标", topics=("BID",))
BUYING = make_item("A13", name="物资和服务采购", topics=("BID",), exercised_by=("经手人",))
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding([PLACE, Village("990101101201", "观溪村", "竹影镇")])


class Asker:
    """A resident who asks one thing after another."""

    def __init__(self, db: Database, understanding: Understanding, person: str = "person") -> None:
        self.conversation = Conversation()
        self._db = db
        self._understanding = understanding
        self._power = Power(db, PublishedPowerItems(db), understanding.topics)
        self._person = person

    async def ask(self, text: str, channel: str = "wechat") -> Reply | None:
        turn = Turn(
            inbound=Inbound(channel, "key", Kind.TEXT, "oPerson", text=text),
            resident=Resident(self._person, VILLAGE, None, known=True),
            meaning=self._understanding.read(text, today=TODAY, context=self._context()),
            conversation=self.conversation,
            now=NOW,
            today=TODAY,
            village=PLACE,
            chain_head=await chain.height(self._db),
        )
        if turn.meaning.slots.village:
            turn.village = turn.meaning.slots.village
        return await self._power.answer(turn)

    def _context(self) -> Context:
        return Context(PLACE, self.conversation.last_query)

    async def said(self, text: str) -> str:
        reply = await self.ask(text)
        assert reply is not None
        return reply.text

    async def sms(self, text: str) -> tuple[str, str]:
        """The template, and what the phone shows."""
        reply = await self.ask(text, "sms")
        assert reply is not None
        answer = as_sms(reply, Wordings(self._db))
        return answer.template, answer.text


@pytest.fixture
async def asker(db: Database, understanding: Understanding) -> Asker:
    await make_places(db)
    await bring(db, make_item(), DIBAO, TENDER, BUYING)
    return Asker(db, understanding)


async def test_item_is_had_by_its_topic_and_says_where_it_is_from(asker: Asker) -> None:
    reply = await asker.ask("低保咋个办")

    assert reply is not None
    lines = reply.text.splitlines()
    assert lines[:4] == [
        "听竹村 最低生活保障申请(B01)",
        "一共2步,1个工作日内办完:",
        "1. 受理登记(村务专干)",
        "2. 审批盖章(村民委员会主任)",
    ]
    for line in (
        "谁监督:村务监督委员会、县民政局",
        "要做到:有人申请就受理",
        "做不到:盖空白章的,追究责任",
        "依据:《村民委员会组织法》第三十二条",
        "来源:县里的权力清单B01(2026年1月1日起用,2026年11月24日公开,第1版)",
    ):
        assert line in lines
    assert reply.link == f"/v/{VILLAGE}/power/B01"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("办低保要带啥子", "要带:申请书、身份证件"),
        ("低保几天办得好", "一共2步,1个工作日内办完:"),
        ("盖章找哪个", "谁来办:印章保管人、村民委员会主任"),
        ("申请低保要啥条件", "办给谁:本村居民和单位"),
        ("盖个章在哪点办", "到哪里:清单里没有写地点,先找村务专干。"),
        ("低保哪个监督", "谁监督:村务监督委员会、县民政局"),
        ("盖章收不收钱", "收不收钱:清单里写的是“不收费”"),
    ],
)
async def test_what_is_asked_for_is_said_first(asker: Asker, text: str, first: str) -> None:
    assert (await asker.said(text)).splitlines()[1] == first


async def test_fee_that_the_list_does_not_mention_is_no_guess(asker: Asker, db: Database) -> None:
    await bring(db, make_item("B05", name="宅基地申请", topics=("LAND.HOUSE",), duties=("公示",)))

    said = await asker.said("办宅基地收不收钱")

    assert said.splitlines()[1] == "收多少钱:清单里没有写,没有公开记录。"


async def test_of_several_items_the_one_that_is_named_is_meant(asker: Asker) -> None:
    named = await asker.said("工程招标要走哪些步骤")
    either = await asker.said("BID招标采购怎么办")

    assert named.splitlines()[0] == "听竹村 工程和采购招标投标(A11)"
    assert "也可能是物资和服务采购(A13),回复A13看。" in named
    assert "A11" in either
    assert "A13" in either


async def test_item_is_had_by_its_code_whatever_way_it_is_typed(asker: Asker) -> None:
    for text in ("A24", "看下a24", "A24"):
        assert (await asker.said(text)).startswith("听竹村 印章使用管理(A24)")


async def test_nothing_on_record_is_said_and_asked_on_never_guessed(asker: Asker) -> None:
    unknown = await asker.said("Z99")
    assert unknown.startswith("听竹村的权力清单里没有编号Z99,没有公开记录。")
    assert asker.conversation.pending == "confirm"

    post = await asker.said("妇女主任有哪些权力")
    assert "没有“妇女主任”,没有公开记录" in post
    assert await asker.ask("入党要咋个申请") is None


async def test_village_without_a_list_has_no_answer(
    db: Database, understanding: Understanding
) -> None:
    await make_places(db)

    assert await Asker(db, understanding).ask("低保咋个办") is None


async def test_powers_of_a_post_are_its_steps_with_who_holds_it_today(
    asker: Asker, db: Database, sealer: Sealer
) -> None:
    nobody = await asker.said("村主任有哪些权力")
    await enrol(db, sealer, [office("骆启明", "村委会主任")], NOW)
    held = await asker.said("村长管些啥子")

    assert nobody.splitlines()[0] == "听竹村 村民委员会主任参加办的,共4项:"
    assert held.splitlines()[:2] == [
        "听竹村 村民委员会主任(骆启明)参加办的,共4项:",
        "1. 工程和采购招标投标:第2步审批盖章(审批权)",
    ]
    assert (await asker.said("4")).startswith("听竹村 最低生活保障申请(B01)")


def office(name: str, title: str, *, role: str = "干部") -> Facts:
    return Facts(
        name=name, roles=(role,), region=VILLAGE, title=title, starts_on=None, ends_on=None,
        phone=None, openid="oHolder000000000001",
    )  # fmt: skip


async def test_number_leads_from_list_to_item_to_step(asker: Asker) -> None:
    listed = await asker.said("权力清单")
    item = await asker.said("4")
    step = await asker.said("2")
    beyond = await asker.said("3")

    assert listed.splitlines()[:2] == ["听竹村的权力清单,共4项:", "1. 工程和采购招标投标(A11)"]
    assert item.startswith("听竹村 最低生活保障申请(B01)")
    assert step.splitlines()[:6] == [
        "听竹村 最低生活保障申请(B01)",
        "第2步(一共2步):审批盖章",
        "谁来办:村民委员会主任,审批权",
        "权限:不盖空白章",
        "风险:高,盖人情章",
        "防控:先登记后盖章;每月抽查",
    ]
    assert beyond.startswith("最低生活保障申请一共2步,没有第3步")


async def test_more_is_asked_of_the_item_on_screen(asker: Asker) -> None:
    await asker.said("低保咋个办")

    materials = await asker.said("要带啥子")
    risks = await asker.said("有啥风险")
    step = await asker.said("第2步有啥风险")
    other = await asker.said("那招标呢")

    assert materials.splitlines()[:2] == ["听竹村 最低生活保障申请(B01)", "要带:申请书、身份证件"]
    assert "2. 审批盖章,风险:高,盖人情章\n防控:先登记后盖章;每月抽查" in risks
    assert "风险:高,盖人情章" in step
    assert other.splitlines()[0].endswith("(A11)")


async def test_another_thing_is_not_taken_for_the_item_on_screen(asker: Asker) -> None:
    await asker.said("低保怎么办")
    other = await asker.said("结婚证怎么办")
    template, shown = await asker.sms("结婚证怎么办")
    _, page = await asker.sms("下一页")

    assert other.startswith(texts.POWER_NOT_FOUND)
    assert (template, texts.POWER_NOT_FOUND_BRIEF in shown) == ("answer_text", True)
    assert "1" in page


async def test_after_an_item_there_is_no_page_but_a_way_on(asker: Asker) -> None:
    await asker.said("低保怎么办")

    assert await asker.said("下一页") == texts.POWER_ITEM_ENDS


async def test_long_list_is_read_page_by_page(asker: Asker, db: Database) -> None:
    await bring(db, *(make_item(f"C{n:02d}", name=f"事项{n}") for n in range(1, 16)))

    first = await asker.said("权力清单")
    second = await asker.said("下一页")
    third = await asker.said("下一页")
    fourth = await asker.said("下一页")
    item = await asker.said("第10项")

    assert "回复“下一页”看其余11项。" in first
    assert second.splitlines()[1].startswith("9. ")
    assert third.splitlines()[1].startswith("17. ")
    assert fourth == texts.LAST_PAGE
    assert item.startswith("听竹村 事项6(C06)")


async def test_version_of_a_day_is_had_by_naming_it(asker: Asker, db: Database) -> None:
    await bring(db, make_item(limit_days=9), unit=VILLAGE, effective=TODAY)

    now = await asker.said("A24")
    then = await asker.said("A24 2026年3月的")
    before = await asker.said("A24 2025年的")

    assert ("9个工作日内" in now, "来源:本村的" in now) == (True, True)
    assert "一共2步,1个工作日内办完" in then
    assert before.startswith("听竹村 2025年12月31日还没有权力清单,没有公开记录。")


async def test_change_that_the_village_has_not_made_its_own_is_pointed_out(
    asker: Asker, db: Database
) -> None:
    later = make_order(now=NOW + timedelta(minutes=1))
    await bring(db, make_item(limit_days=9, is_example=True), order=later)

    said = await asker.said("A24")

    assert "1个工作日内办完" in said
    assert "县里后来改过这一项,本村还没有采用。" in said
    assert "示例" not in said


async def test_example_says_that_it_is_one(asker: Asker, db: Database) -> None:
    await bring(db, make_item("X01", name="示例事项", is_example=True))

    assert "这一项是示例,还没有核定。" in await asker.said("X01")


async def test_internal_fields_are_for_those_who_supervise(
    asker: Asker, db: Database, sealer: Sealer, understanding: Understanding
) -> None:
    hidden = changed_step(make_item("X01", name="内部的"), 2, internal=frozenset({"risk_point"}))
    await bring(db, hidden)
    await enrol(db, sealer, [office("班秀英", "委员", role="监委会")], NOW)
    person = await find_person(db, sealer, "oHolder000000000001")
    supervisor = Asker(db, understanding, person.id)

    public = await asker.said("X01第2步")
    full = await supervisor.said("X01第2步")
    _, by_sms = await supervisor.sms("X01第2步")

    assert "风险:高,不公开" in public
    assert "风险:高,盖人情章" in full
    assert "盖人情章" not in by_sms
    assert set(full.splitlines()) ^ set(public.splitlines()) == {
        "风险:高,盖人情章", "风险:高,不公开",
    }  # fmt: skip


SIGN = "明禾公开"


async def test_steps_come_by_sms_in_one_text_or_two_parts(asker: Asker, db: Database) -> None:
    long = make_item(
        "X01",
        name="长事项",
        steps=tuple(
            replace(make_item().steps[0], name=f"这一步的名称一共十二个字{n}") for n in range(9)
        ),
    )
    await bring(db, long)

    short = await asker.sms("低保咋个办")
    many = await asker.sms("X01")
    step = await asker.sms("2")
    listed = await asker.sms("权力清单")

    assert short == ("answer_list", "最低生活保障申请:1受理登记2审批盖章。回复编号细看")
    assert many[0] == "answer_steps"
    assert "等9步" in many[1]
    assert step[0] == "answer_step"
    assert listed[1] == "权力清单:1工程和采购招标投标2物资和服务采购3印章使用管理。回复编号细看"
    assert [length(text, SIGN) <= 70 for _, text in (short, listed)] == [True, True]
    assert [length(text, SIGN) <= 134 for _, text in (many, step)] == [True, True]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("办低保要带啥子", "答:最低生活保障申请,要带:申请书、身份证件"),
        ("低保几天办得好", "答:最低生活保障申请,一共2步,1个工作日内办完"),
        ("低保哪个监督", "答:最低生活保障申请,谁监督:村务监督委员会、县民政局"),
        ("低保有啥风险", "最低生活保障申请的风险:1受理登记低2审批盖章高。回复编号细看"),
    ],
)
async def test_what_is_asked_for_comes_by_sms_alone(asker: Asker, text: str, shown: str) -> None:
    _, said = await asker.sms(text)

    assert said == shown


async def test_nobody_is_sent_to_themselves(asker: Asker, db: Database) -> None:
    own = replace(make_item().steps[0], name="提出申请", post="申请人")
    await bring(db, make_item("X01", name="交申请的事", steps=(own, *make_item().steps)))

    said = await asker.said("X01在哪点办")

    assert "先找村务专干" in said


async def test_other_village_is_asked_about_by_name(asker: Asker, db: Database) -> None:
    await bring(db, make_item(limit_days=9), unit="990101101201", effective=date(2026, 2, 1))

    assert "9个工作日内" in await asker.said("观溪村盖章要好久")
    assert "1个工作日内" in await asker.said("盖章要好久")
