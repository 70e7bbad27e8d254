"""Words that one person writes and another approves: nobody reads them before."""

from datetime import timedelta

import pytest

from notifications.campaigns import Order, create
from notifications.editing import Overtaken, approve, propose, refuse
from notifications.templates import TemplateError, bind, edit
from notifications.wordings import Wordings
from storage import audit, campaigns, templates
from storage.templates import Version
from tests.conftest import NOW
from tests.notifications.world import County, usual_terms

LATER = NOW + timedelta(hours=1)
WRITER, SECOND = "writer00000000000001", "second00000000000002"
WORDS = "想问账,就说上个月花了多少钱。"


async def proposed(county: County, text: str = WORDS, *, based_on: int = 1) -> int:
    return await propose(
        county.db, "help", "wechat", text, based_on=based_on, actor=WRITER, now=NOW
    )


async def in_use(county: County) -> str:
    return (await templates.wordings_of(county.db, "help"))["wechat"].text


async def newest(county: County) -> Version:
    versions = await templates.versions(county.db, "help")
    return next(one for one in versions if one.channel == "wechat")


async def said(county: County) -> str:
    wordings = Wordings(county.db)
    height, _ = await audit.head(county.db)
    await wordings.refresh(height)
    return wordings.text("help")


async def test_what_nobody_approved_is_not_said(county: County) -> None:
    before = await in_use(county)

    version = await proposed(county)

    assert version == 2
    assert (await newest(county)).state == "waiting"
    assert await in_use(county) == await said(county) == before
    assert [(code, one.version) for code, one in await templates.waiting(county.db)] == [
        ("help", 2)
    ]


async def test_a_second_person_puts_it_into_use(county: County) -> None:
    await proposed(county)

    await approve(county.db, "help", "wechat", 2, actor=SECOND, now=LATER)

    assert await said(county) == WORDS
    decided = await newest(county)
    assert (decided.author, decided.decided_by, decided.decided_at) == (WRITER, SECOND, LATER)
    acts = [(act.actor, act.action) for act in await audit.about(county.db, "help")]
    assert acts == [(WRITER, "words_proposed"), (SECOND, "words_approved")]
    assert await templates.waiting(county.db) == []


async def test_nobody_approves_their_own_words(county: County) -> None:
    await proposed(county)

    with pytest.raises(TemplateError, match="另一个人"):
        await approve(county.db, "help", "wechat", 2, actor=WRITER, now=LATER)

    assert await in_use(county) != WORDS


async def test_words_are_decided_once(county: County) -> None:
    await proposed(county)
    await refuse(county.db, "help", "wechat", 2, actor=SECOND, reason="太短", now=LATER)

    with pytest.raises(TemplateError, match="不等核准"):
        await approve(county.db, "help", "wechat", 2, actor=SECOND, now=LATER)

    assert ((await newest(county)).state, (await newest(county)).reason) == ("refused", "太短")


async def test_a_refusal_needs_a_reason_but_taking_back_does_not(county: County) -> None:
    await proposed(county)

    with pytest.raises(TemplateError, match="为什么"):
        await refuse(county.db, "help", "wechat", 2, actor=SECOND, reason=" ", now=LATER)
    await refuse(county.db, "help", "wechat", 2, actor=WRITER, reason="", now=LATER)

    assert (await newest(county)).state == "refused"


async def test_the_second_of_two_writers_is_told_and_overwrites_nothing(county: County) -> None:
    await proposed(county)

    with pytest.raises(Overtaken, match="第 2 版") as overtaken:
        await proposed(county, "另一种说法", based_on=1)

    assert overtaken.value.newest.text == WORDS
    assert (await newest(county)).version == 2
    assert len(await audit.about(county.db, "help")) == 1


async def test_newer_words_replace_those_that_wait(county: County) -> None:
    await proposed(county)
    await proposed(county, "再改一改", based_on=2)

    with pytest.raises(TemplateError, match="不等核准"):
        await approve(county.db, "help", "wechat", 2, actor=SECOND, now=LATER)
    await approve(county.db, "help", "wechat", 3, actor=SECOND, now=LATER)

    assert await in_use(county) == "再改一改"


async def test_an_operators_words_need_no_second_person(county: County) -> None:
    await proposed(county)

    await edit(county.db, "help", "wechat", "出了急事先这样说", actor="operator", now=LATER)

    assert await in_use(county) == "出了急事先这样说"
    assert await templates.waiting(county.db) == []


async def test_an_older_wording_comes_back_the_same_way(county: County) -> None:
    shipped = await in_use(county)
    await proposed(county)
    await approve(county.db, "help", "wechat", 2, actor=SECOND, now=LATER)

    version = await proposed(county, shipped, based_on=2)
    await approve(county.db, "help", "wechat", version, actor=SECOND, now=LATER)

    assert await in_use(county) == shipped


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "是空的"), ("有事打13800138000", "手机号"), ("${name}好", "没有的变量")],
)
async def test_what_cannot_be_said_is_not_laid_before_anybody(
    county: County, text: str, says: str
) -> None:
    with pytest.raises(TemplateError, match=says):
        await proposed(county, text)

    assert await audit.about(county.db, "help") == []


async def test_words_as_they_are_are_no_change(county: County) -> None:
    with pytest.raises(TemplateError, match="没有改动"):
        await proposed(county, await in_use(county))


@pytest.mark.parametrize("text", ["1 看账 2 办事流程", "看账 办事 订阅 举报 帮助 人工"])
async def test_a_menu_has_all_its_keys(county: County, text: str) -> None:
    with pytest.raises(TemplateError, match="1 到 6"):
        await propose(county.db, "menu", "wechat", text, based_on=1, actor=WRITER, now=NOW)


async def test_the_provider_has_old_words_only_once_new_ones_are_in_use(county: County) -> None:
    await bind(county.db, "help", gateway="aliyun", external_id="S1", fields={}, now=NOW)
    text = "问一句账"
    await propose(county.db, "help", "sms", text, based_on=1, actor=WRITER, now=LATER)
    waiting = await templates.edited_since_bound(county.db, "aliyun", "sms")

    await approve(county.db, "help", "sms", 2, actor=SECOND, now=LATER)

    assert waiting == frozenset()
    assert await templates.edited_since_bound(county.db, "aliyun", "sms") == {"help"}


async def test_a_campaign_keeps_the_words_that_it_began_with(county: County) -> None:
    fields = {"thing1": "title", "thing2": "text"}
    await bind(county.db, "notice", gateway="wechat", external_id="w", fields=fields, now=NOW)
    await county.person(openid="oTestCadre000000000000000001", role="干部")
    order = Order(
        template="notice", audience="role=干部", params={"title": "开会", "text": "明天九点"}
    )
    made = await create(county.db, usual_terms(), order, now=county.clock.now(), actor="operator")
    words = "通知:${title}\n${text}"
    await propose(county.db, "notice", "wechat", words, based_on=1, actor=WRITER, now=NOW)
    await approve(county.db, "notice", "wechat", 2, actor=SECOND, now=LATER)

    running = await campaigns.load(county.db, made)

    assert running is not None
    assert running.texts["wechat"] == "开会\n明天九点"
    assert running.versions["wechat"] == 1


async def test_uses_are_counted_by_message_and_the_last_is_known(county: County) -> None:
    fields = {"thing1": "title", "thing2": "text"}
    await bind(county.db, "notice", gateway="wechat", external_id="w", fields=fields, now=NOW)
    await county.cadres(wechat=3)
    order = Order(
        template="notice", audience="role=干部", params={"title": "开会", "text": "明天九点"}
    )
    now = county.clock.now()
    await create(county.db, usual_terms(), order, now=now, actor="operator")

    recently = await templates.uses(county.db, now - timedelta(days=1))
    since = await templates.uses(county.db, now + timedelta(days=1))

    assert (recently["notice"].messages, recently["notice"].last) == (3, now)
    assert (since["notice"].messages, since["notice"].last) == (0, now)
    assert (recently["help"].messages, recently["help"].last) == (0, None)
