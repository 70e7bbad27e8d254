"""A yes, a number, a name answer what was asked last, and nothing else (queries.md, which wins)."""

from datetime import timedelta

import pytest

from bot.pipeline import CONVERSATION_KEPT
from handlers import texts
from handlers.turn import Kind
from tests.bot.talking import OWN, Talk

MENU_1 = "最近公开的一个月"  # what the menu's 1 leads to says so


async def requests(talk: Talk) -> list[tuple[str, str]]:
    rows = await talk.db.rows("SELECT kind, subject FROM requests ORDER BY created_at, id")
    return [(row["kind"], row["subject"]) for row in rows]


# --- a yes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meanwhile", ["书记吃回扣", "会计把钱揣自己包包了", "有人要跳楼", "低保怎么办", "哪个举报的"]
)
async def test_a_yes_after_something_else_hands_nothing_on(talk: Talk, meanwhile: str) -> None:
    await talk.at_home()
    await talk.say("2019年的账")
    await talk.say(meanwhile)

    assert await talk.say("是") == texts.NOTHING_TO_CONFIRM
    assert await requests(talk) == []


async def test_a_yes_after_half_an_hour_is_told_that_it_is_too_late(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("2019年的账")
    talk.clock.move(CONVERSATION_KEPT + timedelta(minutes=1))

    assert await talk.say("是") == texts.NOTHING_TO_CONFIRM
    assert await requests(talk) == []


async def test_what_is_not_understood_has_the_open_question_asked_again(talk: Talk) -> None:
    await talk.at_home()
    asked = (await talk.say("2019年的账")).splitlines()[-1]

    assert await talk.say("啊啊啊") == f"{texts.NOT_CLEAR}{asked}"
    await talk.say("是")
    assert await requests(talk) == [("question", "")]


async def test_thanks_close_no_question_and_show_no_menu(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("2019年的账")

    assert await talk.say("谢谢哈") == texts.THANKED
    await talk.say("要得")
    assert await requests(talk) == [("question", "")]


async def test_no_is_taken_for_what_it_answers(talk: Talk) -> None:
    assert "吗?" in await talk.say("我是亭竹村的")

    assert await talk.say("不是") == texts.WHICH_VILLAGE
    assert OWN in await talk.say(OWN)
    assert await talk.say("不用了") != texts.DENIED


# --- a village ------------------------------------------------------------------------------------


async def test_a_guessed_village_is_taken_by_the_digit_that_the_phone_shows(talk: Talk) -> None:
    shown = await talk.sms("我是亭竹村的")

    assert f"1 {OWN}" in shown
    assert f"您是{OWN}的" in await talk.sms("1")


async def test_a_village_of_several_alike_in_a_question_stays_another_village(talk: Talk) -> None:
    await talk.at_home()
    choices = await talk.say("泉村上个月花了多少钱")

    answer = await talk.say("2")
    own = await talk.say("上个月花了多少钱")

    assert "1 上泉村" in choices
    assert answer.startswith("下泉村")
    assert own.startswith(OWN)


async def test_none_of_several_alike_is_asked_for_again_and_not_for_ones_own(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("泉村上个月花了多少钱")

    assert await talk.say("不是") == texts.ANOTHER_VILLAGE
    assert (await talk.say("上个月花了多少钱")).startswith(OWN)


async def test_what_waited_for_the_village_is_answered_as_it_was_asked(talk: Talk) -> None:
    await talk.say("我的补贴")

    assert texts.WHICH_PHONE in await talk.say(OWN)


async def test_a_key_of_the_menu_waits_for_the_village_too(talk: Talk) -> None:
    await talk.say("power", kind=Kind.MENU)

    assert "权力清单" in await talk.say(OWN)


async def test_an_unknown_village_in_a_question_invites_nobody_to_move(talk: Talk) -> None:
    await talk.at_home()

    assert "再问一次" in await talk.say("火星村上个月花了多少钱")


# --- a number -------------------------------------------------------------------------------------


@pytest.mark.parametrize("meanwhile", ["帮助", "你好", "啊啊啊"])
async def test_a_digit_below_the_menu_is_one_of_its_keys(talk: Talk, meanwhile: str) -> None:
    await talk.at_home()
    await talk.say("上个月花了多少钱")
    await talk.say(meanwhile)

    assert MENU_1 in await talk.say("1")


async def test_a_number_above_the_menu_is_still_one_on_screen(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("上个月花了多少钱")
    await talk.say("帮助")

    assert "凭证:" in await talk.say("7")


@pytest.mark.parametrize(
    "meanwhile", ["2019年的账", "今年10月比去年10月花得多不多", "公益林补贴名单"]
)
async def test_a_number_after_an_answer_without_any_is_a_key(talk: Talk, meanwhile: str) -> None:
    await talk.at_home()
    await talk.say("上个月花了多少钱")
    await talk.say(meanwhile)

    assert MENU_1 in await talk.say("1")
    await talk.say(meanwhile)
    assert await talk.say("第3笔") == texts.NO_LIST


async def test_a_digit_below_a_thing_shown_alone_is_a_key(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("书记是哪个")

    assert await talk.say("第3个") == texts.ONLY_ONE
    assert "办公电话" in await talk.say("6")


async def test_go_on_is_the_next_page_where_nothing_was_left_out(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("上个月的账")

    assert "第9到16笔" in await talk.say("继续")
    assert await talk.say("0") == texts.NOTHING_LATE


# --- one of the things on screen ------------------------------------------------------------------


async def test_doubt_is_about_the_number_that_is_said(talk: Talk) -> None:
    await talk.at_home()
    listed = (await talk.say("上个月花了多少钱")).splitlines()
    third = next(line for line in listed if line.startswith("3. ")).split()[1]
    await talk.say("1")

    assert f"您对“{third}" in await talk.say("第3笔有疑问")
    await talk.say("是")
    ((kind, subject),) = await requests(talk)
    accounts = await talk.parts.published.newest("990101101200")
    called = {entry.id: entry.summary for month in accounts.months for entry in month.entries}
    assert (kind, called[subject]) == ("objection", third)


async def test_doubt_about_nothing_is_asked_what_it_is_about(talk: Talk) -> None:
    await talk.at_home()

    assert await talk.say("有疑问") == texts.DOUBT_WHAT
    await talk.say("上个月花了多少钱")
    assert await talk.say("有疑问") == texts.WHICH_DOUBT
    await talk.say("是")
    assert await requests(talk) == []


async def test_more_is_asked_of_the_entry_that_was_opened(talk: Talk) -> None:
    await talk.at_home()
    await talk.say("上个月花了多少钱")

    assert await talk.say("这笔是哪个批的") == texts.WHICH_ITEM
    opened = await talk.say("2")
    assert await talk.say("这笔是哪个批的") == opened


async def test_a_tip_is_no_attempt_to_show_who_one_is(talk: Talk) -> None:
    await talk.at_home("sms")
    await talk.sms("我的补贴")

    assert "12388" in await talk.sms("庞树青吃了回扣5000元")
    assert "没有对上" in await talk.sms("乔木兰 1234")
    row = await talk.db.row("SELECT COUNT(*) AS n FROM requests")
    assert row == {"n": 0}


async def test_whoever_has_heard_is_not_told_that_nothing_was_understood(talk: Talk) -> None:
    await talk.at_home()

    assert await talk.say("晓得了") == texts.GO_ON_ASKING


async def test_a_rating_that_nobody_asked_for_is_not_said_to_be_kept(talk: Talk) -> None:
    await talk.at_home()

    assert "没有要您评价的事" in await talk.say("我很满意")
