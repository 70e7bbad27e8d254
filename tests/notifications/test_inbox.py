"""People's inbox: kept once, answered once over the asker's own channel, and late ones told of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from notifications import inbox
from notifications.inbox import Asking, Reply, answer, deadline, extend, keep, look, pass_up
from notifications.schedules import Occasion
from storage import erasing, holidays, people, requests
from storage.holidays import Holiday
from storage.people import Post
from storage.requests import Kind, NotOpen, Request, State
from tests.conftest import NOW
from tests.notifications.world import (
    COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    County,
    World,
    openid,
    phone,
    usual_terms,
)

TERMS = usual_terms()
TODAY = date(2026, 11, 24)


async def kept(county: County, **changes: object) -> Request:
    given: dict[str, object] = {
        "kind": Kind.QUESTION,
        "village": VILLAGE,
        "text": "路灯坏了哪个来修",
        "message_key": f"key{county.made}",
        **changes,
    }
    found = await keep(county.db, county.sealer, Asking(**given), NOW)  # type: ignore[arg-type]
    assert found is not None
    return found


def post(role: str, region: str) -> Post:
    return Post("someone", role, region, "", None, None)


async def campaigns(county: County, template: str) -> list[str]:
    rows = await county.db.rows(
        "SELECT d.person_id FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " WHERE c.template = ? ORDER BY d.person_id",
        template,
    )
    return [row["person_id"] for row in rows]


async def test_each_kind_has_a_clock_of_its_own(county: County) -> None:
    table = [Holiday(date(2026, 12, 4), "off", "假"), Holiday(date(2026, 12, 5), "work", "")]
    await holidays.save(county.db, table)

    found = {kind: await deadline(county.db, TODAY, inbox.CLOCKS[kind]) for kind in Kind}

    assert found[Kind.QUESTION].due_on == date(2026, 11, 27)
    assert found[Kind.OBJECTION].limit_on == date(2026, 12, 4)
    assert found[Kind.OBJECTION].due_on == date(2026, 12, 5)  # a Saturday that is worked
    assert found[Kind.APPLICATION].due_on == date(2026, 12, 22)
    assert found[Kind.REQUEST].limit_on == date(2027, 1, 23)
    assert found[Kind.REQUEST].due_on == date(2027, 1, 25)
    assert found[Kind.REQUEST].provisional


async def test_the_same_message_makes_one_request(county: County) -> None:
    await kept(county, message_key="same")

    asking = Asking(kind=Kind.QUESTION, village=VILLAGE, text="又来", message_key="same")

    assert await keep(county.db, county.sealer, asking, NOW) is None
    assert len(await county.db.rows("SELECT id FROM requests")) == 1


async def test_what_was_said_is_nowhere_in_clear(county: County) -> None:
    request = await kept(county, asker="乔木兰")

    row = await county.db.row("SELECT * FROM requests")

    assert row is not None
    assert "路灯" not in repr(row)
    assert "乔木兰" not in repr(row)
    assert requests.text_of(county.sealer, request) == "路灯坏了哪个来修"
    assert requests.asker_of(county.sealer, request) == "乔木兰"


async def test_whoever_is_to_answer_hears_of_it_once(county: County) -> None:
    cadre = await county.person(openid=openid(1), role="干部")
    supervisor = await county.person(openid=openid(2), role="监委会")
    await county.person(openid=openid(3), role="干部", region=OTHER_VILLAGE)
    await kept(county, message_key="one")
    await kept(county, message_key="two", kind=Kind.OBJECTION)

    for _ in range(2):
        async with county.db.transaction():
            await look(county.db, TERMS, Occasion(NOW, NOW, NOW))

    assert await campaigns(county, "request_new") == sorted([cadre, supervisor])


async def test_the_answer_reaches_the_phone_it_came_from_once(world: World) -> None:
    county = world.county
    await world.bind("request_answered")
    asker = await county.person(openid=openid(8), phone=phone(8))
    request = await kept(county, person_id=asker, channel="sms")

    async with world.working():
        assert await answer(
            world.db, county.sealer, TERMS, request, Reply("后天就来修"), author="cadre", now=NOW
        )
        with pytest.raises(NotOpen):
            await answer(
                world.db, county.sealer, TERMS, request, Reply("再说"), author="other", now=NOW
            )
        await world.until_states(sent=1)

    (text,) = await world.screen(phone(8))
    assert f"您提的事有回话了,编号{request.number}:后天就来修" in text
    assert await world.counts() == {phone(8): 1}
    (told,) = await requests.answers(world.db, county.sealer, request)
    assert (told.text, told.author, told.delivery) == ("后天就来修", "cadre", "sent")


async def test_what_was_asked_at_the_counter_is_answered_there(county: County) -> None:
    request = await kept(county, asker="乔木兰", taken_by="clerk")

    sent = await answer(
        county.db, county.sealer, TERMS, request, Reply("好"), author="cadre", now=NOW
    )

    assert not sent
    assert await county.deliveries() == []


async def test_nobody_answers_with_nothing(county: County) -> None:
    request = await kept(county)

    with pytest.raises(inbox.EmptyAnswer):
        await answer(county.db, county.sealer, TERMS, request, Reply("  "), author="cadre", now=NOW)

    assert (await requests.by_id(county.db, request.id)).state is State.OPEN


async def test_what_is_late_is_told_to_the_region_above_once(county: County) -> None:
    town = await county.person(openid=openid(5), role="管理", region=TOWN)
    await county.person(openid=openid(6), role="管理", region=COUNTY)
    request = await kept(county)
    later = NOW + timedelta(days=4)

    for _ in range(2):
        async with county.db.transaction():
            await look(county.db, TERMS, Occasion(later, later, later))

    assert inbox.is_late(request, date(2026, 11, 28))
    assert await campaigns(county, "request_late") == [town]


async def test_what_is_due_today_is_reminded_of(county: County) -> None:
    cadre = await county.person(openid=openid(1), role="干部")
    await kept(county)
    due = NOW + timedelta(days=3)

    async with county.db.transaction():
        await look(county.db, TERMS, Occasion(due, due, due))

    assert await campaigns(county, "request_due") == [cadre]


async def test_whoever_is_not_content_is_heard_by_the_region_above(county: County) -> None:
    await county.person(openid=openid(5), role="管理", region=TOWN)
    asker = await county.person(openid=openid(8))
    request = await kept(county, kind=Kind.OBJECTION, person_id=asker, channel="wechat")
    with pytest.raises(NotOpen):
        await pass_up(county.db, request, actor=asker, now=NOW)
    await answer(county.db, county.sealer, TERMS, request, Reply("账没错"), author="one", now=NOW)

    passed = await pass_up(county.db, request, actor=asker, now=NOW)
    with pytest.raises(NotOpen):
        await pass_up(county.db, request, actor=asker, now=NOW)
    await answer(county.db, county.sealer, TERMS, passed, Reply("查过了"), author="two", now=NOW)

    assert (passed.office, passed.role, passed.level) == (TOWN, "管理", 1)
    assert passed.limit_on == date(2026, 12, 14)
    told = await requests.answers(county.db, county.sealer, passed)
    assert [one.text for one in told] == ["账没错", "查过了"]
    assert await campaigns(county, "request_answered") == [asker, asker]


async def test_more_time_is_granted_once_and_told(county: County) -> None:
    asker = await county.person(openid=openid(8))
    request = await kept(county, kind=Kind.REQUEST, person_id=asker, channel="wechat")

    later = await extend(county.db, TERMS, request, by="town", now=NOW)
    with pytest.raises(NotOpen):
        await extend(county.db, TERMS, later, by="town", now=NOW)
    question = await kept(county, message_key="q")
    with pytest.raises(NotOpen):
        await extend(county.db, TERMS, question, by="town", now=NOW)

    assert later.limit_on == date(2027, 2, 22)
    assert await campaigns(county, "request_extended") == [asker]


async def test_a_question_is_public_only_where_its_asker_agreed(county: County) -> None:
    asker = await county.person(openid=openid(8))
    silent = await kept(county, message_key="one", person_id=asker, channel="wechat")
    agreed = await kept(county, message_key="two", person_id=asker, channel="wechat")
    assert not await requests.agree(county.db, agreed.number, "somebody else")
    assert await requests.agree(county.db, agreed.number, asker)
    reply = Reply("后天来修", public_question="路灯谁修?")

    for request in (silent, await requests.by_id(county.db, agreed.id)):
        await answer(county.db, county.sealer, TERMS, request, reply, author="cadre", now=NOW)

    (shown,) = await requests.published(county.db, VILLAGE)
    assert (shown.number, shown.question, shown.reply) == (agreed.number, "路灯谁修?", "后天来修")


async def test_who_sees_what_and_who_may_answer(county: County) -> None:
    question = await kept(county, message_key="one")
    objection = await kept(county, message_key="two", kind=Kind.OBJECTION)
    cadre, committee = post("干部", VILLAGE), post("监委会", VILLAGE)
    town, county_post = post("管理", TOWN), post("管理", COUNTY)
    elsewhere, observer = post("干部", OTHER_VILLAGE), post("监督员", VILLAGE)

    async def seen(one: Post) -> set[str]:
        found = await requests.listed(county.db, inbox.seen_by([one]), state=State.OPEN, limit=10)
        for request in (question, objection):
            assert inbox.may_see([one], request) == (request.number in {f.number for f in found})
        return {request.number for request in found}

    assert await seen(cadre) == {question.number}
    assert await seen(committee) == {objection.number}
    assert await seen(town) == await seen(county_post) == {question.number, objection.number}
    assert await seen(elsewhere) == await seen(observer) == set()
    assert inbox.may_answer([cadre], question)
    assert inbox.may_answer([committee], objection)
    assert not inbox.may_answer([cadre, town], objection)
    assert inbox.may_oversee([town], question)
    assert not inbox.may_oversee([cadre, elsewhere], question)


async def test_erasing_takes_the_name_and_keeps_the_request(county: County) -> None:
    asker = await county.person(openid=openid(8), village=VILLAGE)
    request = await kept(county, person_id=asker, channel="wechat", asker="乔木兰")

    key = people.lookup(county.sealer, "wechat", openid(8))
    await erasing.erase(county.db, "wechat", key, whole=True, actor="operator", now=NOW)

    found = await requests.by_id(county.db, request.id)
    assert found.person_id != asker
    assert requests.asker_of(county.sealer, found) == ""
