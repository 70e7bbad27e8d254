"""What the service may send by itself, to whom, when, and how often (wechat.md 2.2 to 2.4)."""

from typing import Any

import pytest
from wechatpy import parse_message

from tests.simulator.conftest import OPENID, World

DATA = {"thing1": {"value": "账目已公开"}}
SENT = {"touser": OPENID, "template_id": "notice", "data": DATA}


async def send(world: World, **change: Any) -> dict[str, Any]:
    return await world.call("message/template/send", **(SENT | change))


async def custom(world: World, content: str = "您好") -> int:
    answer = await world.call(
        "message/custom/send", touser=OPENID, msgtype="text", text={"content": content}
    )
    return int(answer["errcode"])


def texts_of(world: World) -> list[str]:
    return [b.text for b in world.platforms.screens.of(OPENID) if b.source == "service"]


def last_event(world: World) -> dict[str, str]:
    query = world.service.wechat[-1].query
    plain = world.crypto().decrypt_message(
        world.service.bodies[-1], query["msg_signature"], query["timestamp"], query["nonce"]
    )
    return dict(parse_message(plain)._data)


# Customer-service messages


async def test_five_messages_in_the_48_hours_after_the_person_wrote(world: World) -> None:
    await world.platforms.say(OPENID, "看账")

    codes = [await custom(world) for _ in range(6)]

    assert codes == [0] * 5 + [45047]
    await world.platforms.say(OPENID, "看账")
    await world.platforms.advance(48 * 3600 - 1)
    assert await custom(world) == 0
    await world.platforms.advance(1)
    assert await custom(world) == 45015


async def test_nothing_before_the_person_has_done_anything(world: World) -> None:
    assert await custom(world) == 45015


@pytest.mark.parametrize("trigger", ["press", "scan", "follow"])
async def test_three_messages_in_the_minute_after_a_tap(world: World, trigger: str) -> None:
    wechat = world.platforms.wechat
    world.platforms.wechat.followers.of(OPENID)
    does = {
        "press": lambda: wechat.press(OPENID, "accounts"),
        "scan": lambda: wechat.scan(OPENID, "v_990101101200"),
        "follow": lambda: wechat.follow(OPENID),
    }

    await does[trigger]()

    assert [await custom(world) for _ in range(4)] == [0, 0, 0, 45047]
    await does[trigger]()
    await world.platforms.advance(60)
    assert await custom(world) == 45015


async def test_a_link_in_the_menu_opens_no_window(world: World) -> None:
    await world.call("menu/create", button=[{"type": "view", "name": "公开栏", "url": "http://a/"}])

    await world.platforms.wechat.press(OPENID, "http://a/")

    assert await custom(world) == 45015


async def test_allowances_do_not_add_up_the_larger_one_counts(world: World) -> None:
    await world.platforms.say(OPENID, "看账")
    for _ in range(3):
        assert await custom(world) == 0

    await world.platforms.wechat.press(OPENID, "accounts")

    assert [await custom(world) for _ in range(4)] == [0, 0, 0, 45047]
    await world.platforms.advance(61)
    assert await custom(world) == 45047


async def test_an_option_of_a_msgmenu_counts_as_a_tap(world: World) -> None:
    fields = {"MsgType": "text", "Content": "满意", "bizmsgmenuid": "101"}

    await world.platforms.wechat.push(OPENID, fields)

    assert [await custom(world) for _ in range(4)] == [0, 0, 0, 45047]


async def test_who_has_left_gets_nothing(world: World) -> None:
    await world.platforms.say(OPENID, "看账")
    await world.platforms.wechat.unfollow(OPENID)

    assert await custom(world) == 45015
    assert (await send(world))["errcode"] == 43004


CUSTOM: dict[str, tuple[dict[str, Any], int]] = {
    "text": ({"msgtype": "text", "text": {"content": "账" * 682 + "ok"}}, 0),
    "text too long": ({"msgtype": "text", "text": {"content": "账" * 683}}, 45002),
    "empty": ({"msgtype": "text", "text": {"content": " "}}, 44004),
    "nothing": ({"msgtype": "text"}, 44004),
    "kind": ({"msgtype": "poem", "poem": {}}, 40008),
    "image": ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
    "no image": ({"msgtype": "image", "image": {}}, 41006),
    "news": ({"msgtype": "news", "news": {"articles": [{"title": "账", "url": "http://a/"}]}}, 0),
    "two news": ({"msgtype": "news", "news": {"articles": [{"title": "账"}] * 2}}, 45008),
    "no news": ({"msgtype": "news", "news": {"articles": []}}, 44004),
    "menu": ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满意"}]}}, 0),
    "long menu": ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1"}] * 11}}, 45098),
    "no menu": ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 44004),
}


@pytest.mark.parametrize("name", CUSTOM)
async def test_each_kind_of_message_is_judged(world: World, name: str) -> None:
    message, code = CUSTOM[name]
    await world.platforms.say(OPENID, "看账")

    answer = await world.call("message/custom/send", touser=OPENID, **message)

    assert answer["errcode"] == code


async def test_escapes_in_a_text_are_shown_as_they_stand(world: World) -> None:
    await world.platforms.say(OPENID, "看账")
    await world.call("get_api_domain_ip")
    body = b'{"touser":"%s","msgtype":"text","text":{"content":"\\u8d26\\n"}}' % OPENID.encode()

    await world.client.post(f"/cgi-bin/message/custom/send?access_token={world.token}", data=body)

    assert texts_of(world) == ["\\u8d26\n"]


async def test_the_typing_sign_has_its_rules(world: World) -> None:
    async def typing(command: str) -> int:
        answer = await world.call("message/custom/typing", touser=OPENID, command=command)
        return int(answer["errcode"])

    assert await typing("Typing") == 45015
    await world.platforms.say(OPENID, "看账")
    assert [await typing(c) for c in ("Typing", "Typing", "CancelTyping", "Typing")] == [
        0,
        45081,
        0,
        0,
    ]
    assert await typing("Sleeping") == 45072


# Template messages


async def test_the_card_shows_title_rows_and_link(world: World) -> None:
    await world.sim(
        "templates",
        gateway="wechat",
        id="due",
        title="公开提醒",
        fields={"thing1": "thing", "time2": "time", "remark": "remark"},
        labels={"thing1": "村"},
    )

    answer = await send(
        world,
        template_id="due",
        url="http://127.0.0.1/v/",
        data={
            "thing1": {"value": "听竹村"},
            "time2": {"value": "15:01"},
            "remark": {"value": "谢"},
        },
    )

    assert answer["errcode"] == 0
    bubble = world.platforms.screens.of(OPENID)[-1]
    assert (bubble.kind, bubble.text) == ("template", "听竹村\n15:01")
    assert bubble.detail == {
        "title": "公开提醒",
        "rows": [["村", "听竹村"], ["时间", "15:01"]],
        "url": "http://127.0.0.1/v/",
    }


async def test_the_finish_event_comes_later_and_tells_the_truth(world: World) -> None:
    msgid = (await send(world))["msgid"]
    assert world.service.wechat == []

    await world.platforms.advance(2)

    event = last_event(world)
    assert (event["Event"], event["MsgID"], event["Status"]) == (
        "TEMPLATESENDJOBFINISH",
        str(msgid),
        "success",
    )
    assert world.platforms.screens.of(OPENID)[-1].source == "service"


async def test_a_job_can_fail_after_it_was_accepted(world: World) -> None:
    await world.sim("person", who=OPENID, blocks=True)
    assert (await send(world, client_msg_id="a"))["errcode"] == 0
    await world.platforms.advance(2)
    blocked = last_event(world)["Status"]
    await world.sim("person", who=OPENID, blocks=False)
    await world.sim("faults", next_job_failures=1)
    assert (await send(world, client_msg_id="b"))["errcode"] == 0
    await world.platforms.advance(2)

    assert [blocked, last_event(world)["Status"]] == ["failed:user block", "failed: system failed"]
    assert texts_of(world) == []
    counts = {row["key"]: (row["accepted"], row["shown"]) for row in world.platforms.counts.rows()}
    assert counts == {"a": (1, 0), "b": (1, 0)}


async def test_a_client_msg_id_is_remembered_for_ten_minutes_per_person(world: World) -> None:
    first = await send(world, client_msg_id="a")
    world.frozen.at += 599
    second = await send(world, client_msg_id="a")
    other = await send(world, client_msg_id="a", touser="oSomebodyElse")
    world.frozen.at += 1
    third = await send(world, client_msg_id="a")

    assert first["msgid"] == second["msgid"]
    assert len({first["msgid"], other["msgid"], third["msgid"]}) == 3
    assert len(texts_of(world)) == 2


async def test_the_demos_clock_does_not_make_it_forget(world: World) -> None:
    first = await send(world, client_msg_id="a")
    await world.platforms.advance(86_400)

    assert (await send(world, client_msg_id="a"))["msgid"] == first["msgid"]


async def test_without_a_client_msg_id_every_call_is_a_message(world: World) -> None:
    await send(world)
    await send(world)

    assert len(texts_of(world)) == 2


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "openid": ({"touser": "村民"}, 40003, "invalid openid"),
    "phone": ({"touser": "16600010071"}, 40003, "invalid openid"),
    "template": ({"template_id": "nowhere"}, 40037, "invalid template_id"),
    "no data": ({"data": None}, 47003, "argument invalid! data is missing"),
    "value": (
        {"data": {"thing1": {"value": "字" * 21}}},
        47003,
        "argument invalid! data.thing1.value invalid",
    ),
    "empty": (
        {"data": {"thing1": {"value": ""}}},
        47003,
        "argument invalid! data.thing1.value is empty",
    ),
    "missing": ({"data": {}}, 47003, "argument invalid! data.thing1.value is empty"),
    "object": (
        {"data": {"thing1": {"value": ["账"]}}},
        47003,
        "argument invalid! data.thing1.value invalid",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refused_template_message_says_why(world: World, name: str) -> None:
    change, code, words = REFUSED[name]

    answer = await send(world, **change)

    assert answer["errcode"] == code
    message, _, rid = answer["errmsg"].partition(" rid: ")
    assert message.startswith(words)
    assert len(rid) == 26
    assert world.platforms.counts.rows() == []


async def test_people_can_refuse_be_strangers_or_have_had_enough(world: World) -> None:
    codes = []
    for change in (
        {"refuses": ["notice"]},
        {"refuses": [], "limited": True},
        {"limited": False, "foreign": True},
        {"foreign": False, "following": False},
    ):
        await world.sim("person", who=OPENID, **change)
        codes.append((await send(world))["errcode"])

    assert codes == [43101, 43117, 40003, 43004]


async def test_a_template_can_be_banned(world: World) -> None:
    world.platforms.wechat.sending.templates.banned.add("notice")

    assert (await send(world))["errcode"] == 43116


async def test_templates_are_listed_and_deleted(world: World) -> None:
    await world.call("get_api_domain_ip")
    listed = await world.client.get(
        f"/cgi-bin/template/get_all_private_template?access_token={world.token}"
    )
    templates = (await listed.json(content_type="text/plain"))["template_list"]

    assert [(t["template_id"], t["content"]) for t in templates] == [
        ("notice", "thing1:{{thing1.DATA}}")
    ]
    assert (await world.call("template/del_private_template", template_id="notice"))["errcode"] == 0
    assert (await world.call("template/del_private_template", template_id="notice"))[
        "errcode"
    ] == 40037
    assert (await send(world))["errcode"] == 40037


# Subscription notices


async def notice(world: World) -> int:
    answer = await world.call("message/subscribe/bizsend", **(SENT | {"template_id": "sub"}))
    return int(answer["errcode"])


@pytest.fixture
async def subscribing(world: World) -> World:
    await world.sim("templates", gateway="subscribe", id="sub", fields={"thing1": "thing"})
    return world


async def test_one_consent_buys_one_notice(subscribing: World) -> None:
    world = subscribing
    assert await notice(world) == 43101
    await world.sim("consent", who=OPENID, id="sub")
    popup = last_event(world)
    assert await notice(world) == 0
    await world.platforms.advance(0.1)
    assert await notice(world) == 43101
    await world.platforms.advance(2)

    assert popup["Event"] == "subscribe_msg_popup_event"
    sent = last_event(world)
    assert sent["Event"] == "subscribe_msg_sent_event"
    assert sent["SubscribeMsgSentEvent"]["List"]["ErrorStatus"] == "success"  # type: ignore[index]
    assert texts_of(world) == ["账目已公开"]


async def test_two_notices_at_once_to_one_person_collide(subscribing: World) -> None:
    world = subscribing
    for _ in range(2):
        await world.sim("consent", who=OPENID, id="sub")

    assert [await notice(world) for _ in range(2)] == [0, 43108]
    await world.platforms.advance(0.1)
    assert await notice(world) == 0


async def test_withdrawn_consent_is_told_and_holds(subscribing: World) -> None:
    world = subscribing
    await world.sim("consent", who=OPENID, id="sub")
    await world.sim("consent", who=OPENID, id="sub", answer="withdraw")

    assert last_event(world)["Event"] == "subscribe_msg_change_event"
    assert await notice(world) == 43101


async def test_refusing_in_the_popup_gives_nothing(subscribing: World) -> None:
    world = subscribing
    answer = await world.sim("consent", who=OPENID, id="sub", answer="reject")

    assert answer == {"consents": 0}
    assert await notice(world) == 43101


async def test_the_wrong_variant_finds_no_consent(subscribing: World) -> None:
    world = subscribing
    await world.sim("consent", who=OPENID, id="sub")

    answer = await world.call("message/subscribe/send", **(SENT | {"template_id": "sub"}))

    assert answer["errcode"] == 43101


async def test_a_notice_is_held_to_its_fields_and_its_page(subscribing: World) -> None:
    world = subscribing
    await world.sim("consent", who=OPENID, id="sub")
    base = SENT | {"template_id": "sub"}

    bad = await world.call("message/subscribe/bizsend", **(base | {"data": {}}))
    page = await world.call("message/subscribe/bizsend", **(base | {"page": 5}))
    unknown = await world.call("message/subscribe/bizsend", **SENT)

    assert [bad["errcode"], page["errcode"], unknown["errcode"]] == [47003, 41030, 40037]
