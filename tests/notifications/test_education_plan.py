"""Lessons of the year's plan: each is sent once, made up if missed, and counted without names."""

from datetime import UTC, date, datetime, timedelta

from notifications import reading
from notifications.confirming import open_for
from notifications.education import item_behind
from notifications.lessons import teach
from notifications.reading import NoticeCard
from notifications.schedules import Occasion
from storage import campaigns, confirmations, education, lessons
from storage.education import EducationItem, Question
from storage.lessons import Figures, NewLine, State
from storage.moments import to_ms
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, World, openid, phone, usual_terms

DAY = date(2027, 3, 10)
AT = datetime(2027, 3, 10, 1, 40, tzinfo=UTC)
ITEM = EducationItem(
    id="EDU901",
    kind="risk",
    tag="小金库",
    risk_area="资金管理",
    audience="基层党员干部",
    education_type="反面警示教育",
    text="收入全部进账,不设小金库。",
    forms=("短信", "微信", "卡片"),
)
QUESTION = Question(
    id="EDU901-1",
    item_id="EDU901",
    question="租金能先放抽屉里吗",
    options=("能", "不能"),
    answer=2,
    explanation="当天进账。",
)


async def planned(county: County, audience: str = "role=干部", form: str = "微信") -> str:
    await education.save(county.db, [ITEM], [QUESTION], NOW)
    line = NewLine(day=DAY, item_id=ITEM.id, audience=audience, form=form)
    made = await lessons.add(county.db, line, NOW)
    assert made
    return made


async def on(county: County, day: date) -> int:
    now = datetime(day.year, day.month, day.day, 9, 40, tzinfo=UTC) - timedelta(hours=8)
    async with county.db.transaction():
        return await teach(county.db, usual_terms(), Occasion(now, now, now))


async def state(county: County, line_id: str) -> State:
    found = await lessons.line(county.db, line_id)
    assert found
    return found.state


async def test_a_lesson_is_sent_once_on_its_day_to_whom_it_is_for(county: County) -> None:
    officer = await county.person(openid=openid(1), role="干部")
    await county.person(openid=openid(2), village=VILLAGE)
    line_id = await planned(county)

    sent = [await on(county, DAY + timedelta(days=n)) for n in (-1, 0, 0, 1)]

    assert sent == [0, 1, 0, 0]
    assert [row["person_id"] for row in await county.deliveries()] == [officer]
    found = await lessons.line(county.db, line_id)
    assert found
    assert found.state is State.SENT
    campaign = (await campaigns.load_many(county.db, [found.campaign_id]))[found.campaign_id]
    assert campaign.params["text"] == "收入全部进账,不设小金库"
    assert campaign.key == f"lesson:{line_id}"
    assert await item_behind(county.db, campaign.key, "") == ITEM


async def test_a_lesson_as_a_card_leads_to_its_picture(county: County) -> None:
    await county.person(openid=openid(1), role="干部")
    line_id = await planned(county, form="卡片")

    assert await on(county, DAY) == 1

    (row,) = await county.deliveries()
    campaign = await campaigns.load(county.db, row["campaign_id"])
    assert campaign
    assert (campaign.key, campaign.card) == (f"lesson:{line_id}", "小金库")
    assert campaign.link == f"/v/notices/{campaign.id}"
    assert await reading.card(county.db, campaign.id) == NoticeCard(
        "小金库", "收入全部进账,不设小金库"
    )


async def test_whoever_has_just_written_gets_the_picture_itself(world: World) -> None:
    await world.bind("integrity_reminder")
    await world.county.person(openid=openid(1), phone=phone(1), role="干部")
    await world.county.person(phone=phone(2), role="干部")
    await world.sim("person", who=openid(1), refuses=["wx-integrity_reminder"], wrote=True)
    await world.db.run(
        "UPDATE addresses SET window_until = ?, window_left = 5 WHERE channel = 'wechat'",
        to_ms(world.real() + timedelta(hours=48)),
    )
    await planned(world.county, form="卡片")
    world.county.clock.move(AT - world.county.clock.now())
    assert await on(world.county, DAY) == 1

    async with world.working():
        await world.until_states(sent=2)

    tried = {(a["gateway"], a["state"]) for a in await world.county.attempts()}
    assert tried == {("wechat", "refused"), ("custom", "taken"), ("aliyun", "taken")}
    async with world.http.get(f"{world.base}/sim/screen", params={"who": openid(1)}) as answer:
        shown = (await answer.json())[-1]
    assert shown["kind"] == "news"
    assert shown["text"].startswith("小金库\n廉洁提醒:收入全部进账")
    assert (await world.screen(phone(2)))[-1].count("收入全部进账,不设小金库") == 1


async def test_what_was_missed_is_made_up_within_seven_days_and_then_given_up(
    county: County,
) -> None:
    await county.person(openid=openid(1), role="干部")
    in_time = await planned(county)
    assert await on(county, DAY + timedelta(days=7)) == 1
    too_late = await planned(county, "role=审核")
    assert await on(county, DAY + timedelta(days=8)) == 0

    assert await state(county, in_time) is State.SENT
    assert await state(county, too_late) is State.MISSED


async def test_an_audience_that_cannot_be_read_any_more_keeps_no_other_lesson_back(
    county: County,
) -> None:
    await county.person(openid=openid(1), role="干部")
    bad = await planned(county, "colour=red")
    await planned(county)

    assert await on(county, DAY) == 1
    found = await lessons.line(county.db, bad)
    assert found
    assert (found.state, bool(found.note)) == (State.PLANNED, True)


async def test_a_line_is_planned_once_and_a_removed_one_can_come_back(county: County) -> None:
    line_id = await planned(county)
    again = NewLine(day=DAY, item_id=ITEM.id, audience="role=干部", form="微信")

    assert await lessons.add(county.db, again, NOW) is None
    assert await lessons.remove(county.db, line_id)
    assert not await lessons.remove(county.db, line_id)
    assert not await lessons.mark_sent(county.db, line_id, "0" * 20)
    assert await lessons.of_year(county.db, 2027) == []
    assert await lessons.add(county.db, again, NOW) == line_id


async def test_reading_and_answers_are_counted_and_small_posts_are_not_shown(
    county: County,
) -> None:
    clerks = [await county.person(openid=openid(n), role="干部", title="会计") for n in range(1, 6)]
    await county.person(openid=openid(9), role="干部", title="书记")
    line_id = await planned(county)
    await on(county, DAY)
    await county.db.run("UPDATE deliveries SET state = 'sent'")
    now = datetime(2027, 3, 10, 2, tzinfo=UTC)
    await open_for(county.db, now)
    await confirmations.confirm(county.db, clerks[:3], "reply", now)
    for person, chosen in zip(clerks[:2], (2, 1), strict=True):
        await education.note_answer(county.db, person, QUESTION, chosen, now)

    by_line = await lessons.by_line(county.db, 2027)
    by_post = await lessons.by_post(county.db, 2027, DAY, 5, "其他")

    assert by_line == {line_id: Figures(6, 3, 2, 2, 1)}
    assert by_post == [("会计", Figures(5, 3, 2, 2, 1))]
    assert await lessons.by_post(county.db, 2027, DAY, 6, "其他") == [
        ("其他", Figures(6, 3, 2, 2, 1))
    ]
